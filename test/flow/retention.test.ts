import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tell } from '../../src/core/record/ledger-story.ts';
import { ERASED } from '../../src/core/record/personal.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { retirement } from '../../src/flow/record/retire.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { alertOf } from '../support/cases.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller } from './telling.ts';

/** Old incidents are let go of. The record stays, and says so. */

const DAY = 86_400_000;
const HEARD = 'what alerts said, who asked for it or what was taken in differs from the record';
const POLICY = policyWith([ruleFor(['purge', 'undo', 'flag'], { approver: 1 })], { retention: { days: 30 } });

let night: Night;
const { lands, report, press, becomes, incident, runs, entries, refusals, votes, cardsShow } = storyteller(() => night);

beforeAll(async () => {
  night = await startNight({ policy: POLICY, intruded: true });
});
afterAll(() => night.close());
beforeEach(() => night.govern(POLICY));

const retire = () => retirement(night.flow)();
const pass = (days: number) => {
  night.clock.now += days * DAY;
};

async function purged(names?: readonly string[]) {
  const told = await lands(names);
  await press(told.id, inSlack('dana'), 'purge');
  await becomes(told.id, 'purged');
  await cardsShow(told.id, 'its end', ({ canUndo }) => canUndo);
  return told;
}

describe('a closed incident', () => {
  it('stays for as long as the policy says, and goes after that', async () => {
    const { id } = await purged();
    pass(29);
    await retire();
    expect(await incident(id)).not.toBeNull();
    pass(2);
    await retire();
    expect([await incident(id), await runs(id), await votes(id)]).toEqual([null, [], []]);
  });

  it('leaves the digests of its lists, its runs, and what became of its copies in the record', async () => {
    const { id } = await purged(['ann', 'bob', 'cas']);
    const [{ planDigest } = { planDigest: null }] = await entries(id, 'plan.made');
    const [run] = await runs(id);
    pass(31);
    // Two processes at once.
    await Promise.all([retire(), retire()]);
    const [retired, ...more] = await entries(id, 'incident.retired');
    expect(more).toEqual([]);
    expect(retired).toMatchObject({
      planDigest,
      outcome: 'purged',
      detail: { plans: [planDigest], runs: [run?.id], items: 3, decisions: 1, alerts: 1 },
    });
    expect(retired?.detail.outcomes).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is still told from the record', async () => {
    const { id } = await purged();
    pass(31);
    await retire();
    const record = await night.entries(id);
    const story = record.map(tell);
    expect(story.at(-1)).toBe('retired: what was stored of it was deleted (copies: 2, votes: 1), this record stays');
    expect(story.join('\n')).toContain('reported a phishing mail');
    const why = explainIncident(record);
    expect(why.join('\n')).toContain('Approved by Dana');
    expect(why.at(-1)).toMatch(/^Retired .*: only this record of it is kept\.$/);
  });

  it('answers a press on its card, and does nothing', async () => {
    const { id, copies } = await purged();
    pass(31);
    await retire();
    const answers = [await press(id, inSlack('dana'), 'undo'), await press(id, inTeams('omar'), 'details')];
    expect(answers).toEqual([{ code: 'unknown-incident' }, { code: 'unknown-incident' }]);
    expect(await refusals(id)).toContain('unknown-incident');
    expect(copies.every(({ folderId }) => folderId !== 'inbox')).toBe(true);
    expect(await night.audit()).toMatchObject({ ok: true });
  });

  it('is opened anew when its mail is reported again', async () => {
    const { id, mail } = await purged();
    pass(31);
    await retire();
    const again = await night.alert({ message: { ...mail, subject: 'Invoice overdue' }, recipients: [] });
    expect(again).not.toBe(id);
    expect(await incident(again)).toMatchObject({ alerts: 1, previous: null });
  });

  it('that changed since is not old', async () => {
    const { id, mail } = await purged();
    pass(29);
    const again = await night.alert({ message: { ...mail, subject: 'Invoice overdue' }, recipients: [] });
    pass(2);
    await retire();
    expect([again, (await incident(id))?.stands]).toEqual([id, 'purged']);
  });
});

describe('what is kept although it is old', () => {
  it('is whatever somebody can still decide', async () => {
    const { id } = await lands();
    pass(31);
    await retire();
    expect((await incident(id))?.stands).toBe('open');
  });

  it('is what an open one grew out of: whoever is part of it has no say there', async () => {
    const { id, mail } = await lands(['ann', 'bob']);
    night.mail.put('ann@contoso.example', mail);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    await night.until('copies more were found', async () => (await entries(id, 'plan.grown')).length > 0);
    const child = String((await entries(id, 'plan.grown'))[0]?.detail.child);
    await cardsShow(child, 'its question', ({ canPurge }) => canPurge);
    pass(31);
    await retire();
    expect([(await incident(id))?.stands, (await incident(child))?.stands]).toEqual(['purged', 'open']);
    night.clock.now -= 31 * DAY;
    await press(child, inSlack('dana'), 'reject', { reason: 'a harmless newsletter' });
    await becomes(child, 'rejected');
    pass(31);
    await retire();
    await retire();
    expect([await incident(child), await incident(id)]).toEqual([null, null]);
  });

  it('is everything, while Clawback is stopped: people look at what happened', async () => {
    const { id } = await purged();
    pass(31);
    await night.flow.store.transact(async (tx) => {
      await tx.brake.stop(await tx.brake.lock(), 'Dana', 'an inquiry', night.flow.clock.now());
    });
    await retire();
    const kept = await incident(id);
    await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
    await retire();
    expect([kept?.stands, await incident(id)]).toEqual(['purged', null]);
  });
});

it('what is personal in its record can be erased, and every proof stays', async () => {
  const { id } = await purged();
  pass(31);
  await retire();
  const before = await night.audit();
  await night.intrude('update ledger set opened = null where incident = $1', id);
  const copies = await entries(id, 'copy.outcome');
  expect(copies.length).toBeGreaterThan(0);
  for (const { mailbox, detail } of copies) expect([mailbox, detail.address]).toEqual([ERASED, ERASED]);
  expect((await entries(id, 'decision.approved'))[0]?.actor).toMatchObject({
    kind: 'person',
    id: ERASED,
    name: ERASED,
  });
  const { ok, fault, differences } = await night.audit();
  expect({ ok, fault, differences }).toEqual({ ok: before.ok, fault: null, differences: before.differences });
});

it('many go page by page, turn by turn, each with its entry, and the audit counts them', async () => {
  const told = await Promise.all(Array.from({ length: 5 }, () => report(['ann'])));
  for (const { id } of told) await becomes(id, 'open');
  pass(1);
  await sweep(night.flow, 'later');
  for (const { id } of told) await becomes(id, 'expired');
  // One that cannot go is passed by, not waited for.
  const [first] = told;
  await night.flow.store.transact((tx) => tx.incidents.saveAlert(first?.id ?? '', alertOf(), []));
  pass(31);
  const stored = async () => (await Promise.all(told.map(({ id }) => incident(id)))).filter(Boolean).length;
  const turn = retirement(night.flow, { atOnce: 2, pages: 1 });
  const left: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    await turn();
    left.push(await stored());
  }
  expect([left.at(-1), left.filter((count, n) => n > 0 && (left[n - 1] ?? 0) - count > 2)]).toEqual([1, []]);
  for (const { id } of told.slice(1)) expect(await entries(id, 'incident.retired')).toHaveLength(1);
  const audit = await night.audit();
  expect(audit.differences).toEqual([`${first?.id}: ${HEARD}`]);
  expect(audit.retired).toBeGreaterThanOrEqual(4);
});

it('what is large goes alone, and a turn that takes long ends: others want the database too', async () => {
  const ids = [(await purged(['ann', 'bob'])).id, (await purged(['ann', 'bob'])).id, (await purged(['ann'])).id];
  pass(31);
  const stored = async () => (await Promise.all(ids.map((id) => incident(id)))).filter(Boolean).length;
  // What was found to differ above comes first, and is passed by.
  await retirement(night.flow, { copies: 2, pages: 1 })();
  const large = await stored();
  let hours = 0;
  const slow = { ...night.flow, elapsed: () => (hours += 3_600_000) };
  const turn = retirement(slow);
  await turn();
  const looked = await stored();
  await turn();
  expect([large, looked, await stored()]).toEqual([2, 2, 1]);
});
