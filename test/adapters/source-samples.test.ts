import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VENDOR_NAMES, type VendorName, vendorOf } from '../../src/adapters/sources/vendors.ts';
import { Alert } from '../../src/core/find/alert.ts';
import * as generic from '../support/payloads/generic.ts';
import { KNOWN } from '../support/payloads/read.ts';
import * as vendors from '../support/payloads/vendors.ts';

/** Whatever a vendor's payload is: alerts come of it, or words that say why not. Public samples are read where they lie beside. */

const SAMPLES = `${import.meta.dirname}/../../../shared/samples/alerts`;
const PUBLIC = existsSync(SAMPLES)
  ? readdirSync(SAMPLES).flatMap((folder) =>
      readdirSync(join(SAMPLES, folder)).map((name) => ({
        name: `${folder}/${name}`,
        text: readFileSync(join(SAMPLES, folder, name), 'utf8'),
      })),
    )
  : [];
const OWN = Object.entries({ ...generic, ...vendors }).flatMap(([name, payload]) =>
  typeof payload === 'function' ? [] : [{ name, text: JSON.stringify(payload) }],
);

function readAs(vendor: VendorName, text: string) {
  const { read, push } = vendorOf(vendor);
  const bytes = Buffer.from(text);
  return read
    ? read(bytes, KNOWN, {}).map(({ understood }) => understood)
    : push
      ? [push.toAlert(bytes, KNOWN, {})]
      : [];
}

describe.each(VENDOR_NAMES)('%s', (vendor) => {
  it.each([...PUBLIC, ...OWN])('makes alerts of $name, or says why not', ({ text }) => {
    const read = readAs(vendor, text);
    expect(read.length).toBeGreaterThan(0);
    for (const understood of read) {
      if ('alert' in understood) {
        const { row, unreadablePeople, leftOut, delivered, ...alert } = understood.alert;
        expect(Alert.safeParse(alert).success).toBe(true);
      } else {
        expect(understood.why).toBe('invalid-alert');
        if (understood.why === 'invalid-alert') expect(understood.problems[0]?.field).not.toBe('');
      }
    }
  });
});

/** Which samples tell of a mail, by their vendor. */
const TELL: Readonly<Record<string, VendorName>> = {
  'panther-proofpoint_rules': 'proofpoint',
  'chronicle-abnormal_security/GetThreat_': 'abnormal',
  'chronicle-abnormal_security/ListThreats_': 'abnormal',
  'chronicle-abnormal_security/SearchMessages_': 'abnormal',
};

it('each public sample that tells of a mail is an alert', () => {
  const told = PUBLIC.flatMap(({ name, text }) => {
    const vendor = Object.entries(TELL).find(([start]) => name.startsWith(start))?.[1];
    return vendor ? [{ name, understood: readAs(vendor, text) }] : [];
  });
  const without = told.filter(({ understood }) => !understood.every((one) => 'alert' in one));
  expect(without.map(({ name }) => name)).toEqual([]);
  expect(told.length).toBe(existsSync(SAMPLES) ? 23 : 0);
});
