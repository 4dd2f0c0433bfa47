import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, seal } from '../../src/adapters/store/ledger.ts';
import { record } from '../../src/flow/record/record.ts';
import { retirement } from '../../src/flow/record/retire.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { entryOf } from '../support/entries.ts';
import { intruder, POLICY } from './intruder.ts';
import { inSlack, storyteller } from './telling.ts';

/** What a newer version of Clawback has written is left for that one: said, never acted on, and not called tampered with. */

let night: Night;
const { press, card, incident } = storyteller(() => night);
const { open, draw, edit } = intruder(() => night);
beforeEach(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterEach(() => night.close());

async function expectLeft(id: string, words: string): Promise<void> {
  await draw(id);
  expect(card(id)).toMatchObject({ status: expect.stringContaining('newer version of Clawback'), asks: 'nothing' });
  await expect(press(id, inSlack('dana'), 'purge')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(words),
  });
  night.clock.now += 2 * 3_600_000;
  await expect(sweep(night.flow, 'later')).rejects.toThrow(words);
  expect([(await incident(id))?.breach, night.mail.effects]).toEqual([null, []]);
}

describe('of a newer version', () => {
  it('a plan is left, kept, and said not to be checked', async () => {
    const { id, digest } = await open();
    const other = await open();
    const [row] = await night.intrude('select body from plan where digest = $1', digest);
    await night.intrude('delete from plan where digest = $1', digest);
    const plan = { ...JSON.parse(String(row?.['body'])), version: 5 };
    const newer = digestOf(plan);
    await night.intrude('insert into plan values ($1, $2, $3, $4)', TENANT, newer, id, seal.canonical(plan));
    const { detail } = entryOf('plan.made', { copies: 2, mode: 'live' });
    const made = { type: 'plan.made', incident: id, planDigest: newer, detail } as const;
    await night.flow.store.transact((tx) => record(night.flow, tx, [made]));
    await night.intrude('update incident set plan_digest = $2, revision = revision + 1 where id = $1', id, newer);
    await expectLeft(id, 'is of a newer version of Clawback: left for that one');
    expect((await night.audit()).differences.join('\n')).toContain('this one cannot check its rows');
    // It keeps no other from its end.
    expect((await incident(other.id))?.state).toBe('closed');
    await night.intrude(`update incident set state = 'closed' where id = $1`, id);
    night.clock.now += 500 * 86_400_000;
    await retirement(night.flow)();
    expect([(await incident(id))?.id, await incident(other.id)]).toEqual([id, null]);
  });

  it('what alerts said is left', async () => {
    const { id } = await open();
    await edit('incident', 'alert', 'id', id, () => '{"v":2,"mails":[]}');
    await night.intrude('update incident set revision = revision + 1 where id = $1', id);
    await expectLeft(id, `the stored alert of ${id}`);
    expect((await night.audit()).differences.join('\n')).toContain(`${id}: the stored alert of ${id}`);
  });

  it('a vote is left', async () => {
    const { id } = await open();
    await press(id, inSlack('dana'), 'purge');
    await edit('decision', 'roles', 'incident', id, () => '{"v":2}');
    await night.intrude('update incident set revision = revision + 1 where id = $1', id);
    await expectLeft(id, 'the stored roles of a vote');
  });
});
