import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { VENDOR_NAMES, type VendorName, vendorOf } from '../adapters/sources/vendors.ts';
import { parseConfig } from '../config/load.ts';
import { textOf } from '../config/text-file.ts';
import { ClawbackError } from '../core/error.ts';
import { inert } from '../core/text.ts';
import type { ReadMail, SentHeaders } from '../ports/source.ts';
import { detailsOf, summaryOf } from './own-alert.ts';
import { ownConfig } from './place.ts';
import type { Arguments, Shell } from './shell.ts';
import { showRows } from './source-rows.ts';

const USAGE =
  'clawback source try <name> <file> [--json]: what a payload of a vendor becomes, nothing is sent; or clawback source rows <incident> [--json]: what vendors sent of it';
/** As much as the intake takes. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * `clawback source try NAME FILE`: what a vendor's payload becomes, mail by mail, with nobody asked and nothing sent. Exit
 * code 0: alerts came of it; 1: none, and why; 2: called wrongly, or no such vendor or source.
 */
export async function source(shell: Shell, args: Arguments): Promise<number> {
  const [verb, name, file, ...more] = args.words;
  if (verb === 'rows' && name !== undefined && file === undefined) return showRows(shell, args, name.toUpperCase());
  if (verb !== 'try' || name === undefined || file === undefined || more.length > 0) {
    shell.err(`say what to try: ${USAGE}`);
    return 2;
  }
  const vendor = vendorNamed(shell, args, name);
  if (vendor === null) {
    shell.err(`there is no vendor or source ${inert(name)}; vendors are: ${VENDOR_NAMES.join(', ')}`);
    return 2;
  }
  const bytes = bytesOf(resolve(shell.folder, file));
  const known = { now: new Date().toISOString(), id: createHash('sha256').update(bytes).digest('hex') };
  const mails = readAs(vendor, bytes, known);
  const alerts = mails.filter(({ understood }) => 'alert' in understood);
  if (args.json) shell.out(JSON.stringify(told(name, vendor, mails), null, 2));
  else for (const line of mails.flatMap(linesOf)) shell.out(line);
  if (!args.json) shell.out(`${alerts.length} of ${mails.length} became an alert. Nothing was sent.`);
  if (alerts.length === 0) for (const { understood } of mails.slice(0, 1)) shell.err(`clawback: ${whyNot(understood)}`);
  return alerts.length > 0 ? 0 : 1;
}

/** A vendor, or a source of the configuration by its own name; its secrets are not needed. */
function vendorNamed(shell: Shell, args: Arguments, name: string): VendorName | null {
  const vendor = VENDOR_NAMES.find((one) => one === name);
  if (vendor) return vendor;
  const config = ownConfig(shell, args);
  if (config === null) return null;
  const { tenants } = parseConfig(textOf(config, 'the configuration'), config);
  return tenants.flatMap(({ sources }) => sources).find((one) => one.name === name)?.vendor ?? null;
}

function bytesOf(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ClawbackError('invalid', `the file ${path} cannot be read`, { cause, field: 'file' });
  }
  if (bytes.length > MOST_BYTES)
    throw new ClawbackError('invalid', `the file is larger than ${MOST_BYTES} bytes`, { field: 'file' });
  return bytes;
}

type Known = Parameters<NonNullable<ReturnType<typeof vendorOf>['read']>>[1];

/** A body alone, or a request as it came: its headers, a blank line, and the body. Lines of JSON are a payload each. */
function readAs(name: VendorName, bytes: Buffer, known: Known): readonly ReadMail[] {
  const { headers, body } = partsOf(bytes);
  const read = readerOf(name);
  const whole = read(body, known, headers);
  if (whole.some(({ understood }) => !('why' in understood) || understood.why !== 'not-json')) return whole;
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length < 2) return whole;
  return lines.flatMap((line, n) => read(Buffer.from(line), { ...known, id: `${known.id}#${n + 1}` }, headers));
}

function readerOf(name: VendorName): NonNullable<ReturnType<typeof vendorOf>['read']> {
  const { read, push } = vendorOf(name);
  if (read) return read;
  if (push) return (bytes, known, headers) => [{ id: known.id, understood: push.toAlert(bytes, known, headers) }];
  throw new ClawbackError('invalid', `what ${name} sends cannot be tried`, { field: 'name' });
}

const HEADERS = /^(?:[A-Z]+ \S+ HTTP\/[\d.]+\r?\n)?((?:[A-Za-z0-9-]+:[^\n]*\n)+)\r?\n/;

function partsOf(bytes: Buffer): { readonly headers: SentHeaders; readonly body: Buffer } {
  const found = HEADERS.exec(bytes.toString('latin1'));
  if (!found) return { headers: {}, body: bytes };
  const lines = (found[1] ?? '').split('\n').filter((line) => line.includes(':'));
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { headers: Object.fromEntries(headers), body: bytes.subarray(found[0].length) };
}

function told(name: string, vendor: VendorName, mails: readonly ReadMail[]) {
  const alerts = mails.flatMap(({ id, understood }) => {
    if (!('alert' in understood)) return [];
    const { row, delivered, unreadablePeople = false, leftOut = 0, ...alert } = understood.alert;
    return [{ id, alert, unreadablePeople, leftOut, row: row ? { bytes: row.bytes, kept: row.text.length } : null }];
  });
  const refused = mails.flatMap(({ id, understood }) =>
    'why' in understood
      ? [{ id, why: understood.why, problems: 'problems' in understood ? understood.problems : [] }]
      : [],
  );
  return { name, vendor, usable: alerts.length > 0, alerts, refused };
}

function linesOf({ id, understood }: ReadMail): readonly string[] {
  if (!('alert' in understood)) return [`${inert(id)}: no alert: ${inert(whyNot(understood), 600)}`, ''];
  const { alert } = understood;
  return [`${inert(id)}:`, ...summaryOf(alert), ...detailsOf(alert), ...furtherOf(alert), ''];
}

type Told = Extract<ReadMail['understood'], { readonly alert: unknown }>['alert'];

function furtherOf({ confidence, campaign, vendorAction, link, simulation, row }: Told): readonly string[] {
  return [
    ...(confidence === null ? [] : [`confidence: ${confidence}`]),
    ...(campaign ? [`campaign: ${inert(campaign.id)} (${inert(campaign.source)})`] : []),
    ...(vendorAction
      ? [`done there: ${vendorAction.state}${vendorAction.says ? ` (${inert(vendorAction.says)})` : ''}`]
      : []),
    ...(link ? [`page there: ${inert(link, 300)}`] : []),
    ...(simulation ? ['marked as an exercise'] : []),
    ...(row ? [`kept as evidence: ${row.bytes} bytes as they came`] : []),
  ];
}

function whyNot(understood: ReadMail['understood']): string {
  if (!('why' in understood)) return '';
  if (understood.why === 'not-json') return 'the payload is not JSON';
  return understood.problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
}
