import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Night, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { holding } from './holding.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** The same work is begun twice at one moment, or a press meets it: both are past their first look, and it is done once. */

let night: Night;
let quiet: Night;
beforeAll(async () => {
  night = await startNight();
  quiet = await startNight({ workers: false });
});
afterAll(() => Promise.all([night.close(), quiet.close()]));
beforeEach(async () => {
  night.clock.now += 180 * MINUTE;
  await night.govern(twoOfThree());
});
const { lands, press, runs, stands, entries, incident, becomes } = storyteller(() => night);
const { whileHeld, theRecord } = holding(() => night);

/** Both begin while somebody writes to the record. */
const both = (...works: readonly (() => Promise<unknown>)[]) => whileHeld(theRecord, works);

describe('one incident', () => {
  it('that the last approval and a refusal reach together runs or is rejected, never both', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await both(
      () => press(id, inTeams('omar'), 'purge'),
      () => press(id, inTeams('lena'), 'reject', { reason: 'A newsletter' }),
    );
    expect((await runs(id)).length + (await entries(id, 'decision.rejected')).length).toBe(1);
  });

  it('that two approve together starts once', async () => {
    const { id } = await lands();
    await both(
      () => press(id, inSlack('dana'), 'purge'),
      () => press(id, inTeams('omar'), 'purge'),
    );
    expect(await entries(id, 'run.started')).toHaveLength(1);
    await becomes(id, 'purged');
  });

  it('whose time is over expires once, however often that is looked at', async () => {
    const { id } = await lands();
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '');
    const expire = () => night.run({ queue: 'expire', incident: id });
    await both(expire, expire);
    expect([await stands(id), (await entries(id, 'incident.expired')).length]).toEqual(['expired', 1]);
  });

  it('that is opened again by two together is opened once', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason: 'A newsletter' });
    await both(
      () => press(id, inSlack('dana'), 'reopen', { reason: 'it is none' }),
      () => press(id, inTeams('omar'), 'reopen', { reason: 'it is none' }),
    );
    expect(await entries(id, 'incident.reopened')).toHaveLength(1);
  });

  it('calls for people once at each of its times', async () => {
    const escalation = [{ afterMinutes: 10, remind: 'approver' }];
    await night.govern(policyWith([ruleFor(['purge'], { approver: 2 }, { escalation })]));
    const { id } = await lands();
    night.clock.now += 10 * MINUTE;
    const remind = () => night.run({ queue: 'remind', incident: id });
    await both(remind, remind);
    expect(await entries(id, 'decision.reminded')).toHaveLength(1);
  });
});

describe('before there is a plan', () => {
  const held = holding(() => quiet);

  it('two that look for the copies make one', async () => {
    quiet.mail.put('ann@contoso.example', { internetMessageId: '<held-1@mailer.example>', sender: 'a@x.example' });
    const message = { internetMessageId: '<held-1@mailer.example>', sender: 'a@x.example', subject: 'x' };
    const id = await quiet.alert({ message, recipients: ['ann@contoso.example'] });
    const scope = () => quiet.run({ queue: 'scope', incident: id });
    await held.whileHeld(held.theRecord, [scope, scope]);
    expect((await quiet.entries(id)).filter(({ type }) => type === 'plan.made')).toHaveLength(1);
  });

  it('two alerts about one mail are one incident, and both are counted', async () => {
    const message = { internetMessageId: '<held-2@mailer.example>', sender: 'a@x.example', subject: 'x' };
    const told = () => quiet.alert({ message, recipients: ['ann@contoso.example'] });
    const ids = await held.whileHeld(held.theRecord, [told, told]);
    expect(new Set(ids).size).toBe(1);
    const filed = await quiet.flow.store.transact((tx) => tx.incidents.get(String(ids[0])));
    expect(filed?.alerts).toBe(2);
  });
});
