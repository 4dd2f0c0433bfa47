import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shortDigest } from '../../src/core/find/plan.ts';
import { record } from '../../src/flow/record/record.ts';
import { retirement } from '../../src/flow/record/retire.ts';
import { afterRestore, hear, type Since } from '../../src/flow/restored.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { entryOf } from '../support/entries.ts';
import { intruder, POLICY, TAMPERED } from './intruder.ts';
import { inSlack, storyteller } from './telling.ts';

/** Retirement deletes rows: nobody may hide behind it. Each story has an incident of its own, because what differs stays. */

let night: Night;
const { incident, press, runs, entries } = storyteller(() => night);
const { open, carryOut, approve, draw, editRows } = intruder(() => night);

let id: string;
let digest: string;
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());
beforeEach(async () => {
  ({ id, digest } = await open());
  await approve(id);
  await carryOut(id);
  await draw(id);
  expect((await incident(id))?.stands).toBe('purged');
  night.clock.now += 401 * 86_400_000;
});

// A busy machine must not end a turn before it has come to anything.
const retire = () => retirement(night.flow, { forMs: 60_000 })();
const found = async () => (await night.audit()).differences.filter((line) => line.startsWith(`${id}: `));

describe('what differs from the record is evidence, and stays', () => {
  const stays = async (words: string) => {
    await retire();
    expect([(await incident(id))?.id, (await entries(id, 'incident.retired')).length]).toEqual([id, 0]);
    expect((await found()).join('\n')).toContain(words);
  };

  it('a plan', async () => {
    await editRows(digest, 'address', 'ann@', 'eve@');
    await stays('is not as it was made');
  });

  it('what became of a copy', async () => {
    const [run] = await runs(id);
    await night.intrude(`update work_item set outcome = 'alreadyGone' where run = $1 and seq = 0`, run?.id);
    await stays('what became of its copies differs from the record');
  });

  it('a vote that is gone', async () => {
    await night.intrude('delete from decision where incident = $1', id);
    await stays('is not stored any more');
  });

  it('a mark, also where somebody wiped it', async () => {
    await night.intrude(`update decision set person = 'nobody' where incident = $1 and platform = 'slack'`, id);
    expect(await press(id, inSlack('dana'), 'undo')).toMatchObject({ code: 'tampered' });
    await draw(id);
    night.clock.now += 401 * 86_400_000;
    await retire();
    await night.intrude('update incident set breach = null where id = $1', id);
    await stays('marked at entry');
  });
});

describe('after an incident is retired', () => {
  it('rows that were put back are found, and nothing is done with them', async () => {
    for (const table of ['incident', 'plan', 'card'])
      await night.intrude(
        `create table kept_${table} as select * from ${table} where ${table === 'incident' ? 'id' : 'incident'} = $1`,
        id,
      );
    await retire();
    expect(await found()).toEqual([]);
    for (const table of ['incident', 'plan', 'card'])
      await night.intrude(`insert into ${table} select * from kept_${table}`);
    const [retired] = await entries(id, 'incident.retired');
    expect(await found()).toEqual(
      ['the incident', 'a plan', 'a card'].map(
        (what) => `${id}: it was retired at entry ${retired?.seq}, and ${what} is stored`,
      ),
    );
    await press(id, inSlack('dana'), 'undo');
    await draw(id);
    expect((await incident(id))?.breach).toContain('it was retired at entry');
    expect(night.slack.cards.findLast(({ view }) => view.incident === id)?.view.status).toContain(TAMPERED);
  });

  it('an entry that names less than there was hides nothing', async () => {
    const { detail: trace } = entryOf('incident.retired', { outcomes: 'f'.repeat(64) });
    await night.flow.store.transact(async (tx) => {
      await record(night.flow, tx, [{ type: 'incident.retired', incident: id, detail: trace }]);
      await tx.retention.remove(id);
    });
    expect((await found()).map((line) => line.replace(/entry \d+/, 'entry n'))).toEqual([
      `${id}: it was retired without plan ${shortDigest(digest)} of entry n`,
      `${id}: it was retired without the run of entry n`,
      `${id}: what became of its copies is not what it was retired with`,
    ]);
  });
});

it('an entry that is not of the chain is no retirement: what is missing is missing', async () => {
  await night.intrude('delete from incident where id = $1', id);
  await night.intrude(
    `insert into ledger (tenant, seq, incident, type, at, bytes, hash)
     select tenant, max(seq) + 1, $1, 'incident.retired', max(at), '{}', repeat('0', 64) from ledger group by tenant`,
    id,
  );
  const audit = await night.audit();
  expect([audit.ok, audit.fault === null]).toEqual([false, false]);
  expect(audit.differences.join('\n')).toContain('the incident is not stored any more');
  await night.intrude('alter table ledger disable trigger ledger_append_only');
  await night.intrude(`delete from ledger where bytes = '{}'`);
  await night.intrude('alter table ledger enable trigger ledger_append_only');
});

it('a database that was put back from a copy of before is not marked for a retirement alone', async () => {
  const before = (await night.audit()).entries;
  await retire();
  const since = (await night.entries()).filter(({ seq }) => seq > before);
  expect(since.map(({ type }) => type)).toContain('incident.retired');
  const heard: Since = new Map();
  for (const entry of since) hear(heard, { is: 'read', entry });
  const { marked, gone } = await afterRestore(night.flow, before, heard);
  expect([marked.includes(id), gone]).toEqual([false, []]);
});
