import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAlert, type ToldAlert } from '../../src/core/find/alert-reader.ts';
import { linesOf } from '../../src/core/tell/answer.ts';
import { receive } from '../../src/flow/find/intake.ts';
import { story } from '../../src/flow/tell/look.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { GOOD, KNOWN } from '../support/detector-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** What the reader of an alert has seen is kept with the incident: the policy and the card need it. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());

async function stored(change: Record<string, unknown>, more: Partial<ToldAlert> = {}) {
  const id = `delivery of ${JSON.stringify(change)}`;
  const read = readAlert({ ...GOOD, message: { subject: 'x' }, id, ...change }, KNOWN);
  if ('problems' in read) throw new Error('nothing was read');
  const { alert, unreadablePeople, leftOut } = read;
  const told = { ...alert, unreadablePeople, leftOut, ...more };
  const { incident } = await receive(night.flow, told, { source: SOURCE, id, body: id });
  const all = await night.flow.store.transact((tx) => tx.incidents.list(1_000));
  return all.find((one) => one.id === incident)?.alert;
}

describe('an incident keeps of its alert', () => {
  it('that the reporter could not be read', async () => {
    expect(await stored({ reporter: 'Emma' })).toMatchObject({ reporter: null, unreadablePeople: true, leftOut: 0 });
  });

  it('how many recipients are in no list', async () => {
    expect(await stored({}, { leftOut: 3 })).toMatchObject({ unreadablePeople: false, leftOut: 3 });
  });

  it('addresses with an apostrophe, and what was found odd', async () => {
    expect(await stored({ recipients: ["mary.o'neil@contoso.example", 'nobody'] })).toMatchObject({
      recipients: ["mary.o'neil@contoso.example"],
      findings: [expect.stringContaining('recipients'), ...GOOD.findings],
    });
  });

  it('every finding, which the command for an incident lists with nothing to act on', async () => {
    const findings = ['see https://evil.example', ...Array.from({ length: 48 }, (_none, n) => `finding ${n + 2}`)];
    await stored({ findings });
    const all = await night.flow.store.transact((tx) => tx.incidents.list(1_000));
    const told = all.find(({ alert }) => alert.findings.includes('finding 49'));
    const reply = await story(night.flow, told?.id ?? '');
    const listed = linesOf(reply).filter((line) => line.startsWith('Finding: '));
    expect([listed.length, listed.at(-1), listed.join().includes('https://')]).toEqual([
      told?.alert.findings.length,
      'Finding: finding 49',
      false,
    ]);
  });
});
