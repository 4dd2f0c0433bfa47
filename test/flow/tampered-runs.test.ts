import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { intruder, POLICY } from './intruder.ts';
import { inTeams, storyteller } from './telling.ts';

/** Runs and the work under them that somebody has changed in the database: nothing is touched by them. */

let night: Night;
const { stands, incident, press, report, runs } = storyteller(() => night);
const { open, draw, edit, editRows, carryOut, approve, victim, expectNothingRan } = intruder(() => night);
beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
});
afterAll(() => night.close());
afterEach(() => {
  night.mail.effects.length = 0;
  night.mail.trouble.length = 0;
});

describe('under a policy that was changed', () => {
  /** While that happens another one decides. */
  async function meanwhile(happens: () => Promise<unknown>): Promise<void> {
    const { digest } = night.flow.policy();
    const change = (from: string, to: string) =>
      edit('policy_version', 'body', 'digest', digest, (text) => text.replace(from, to));
    const guest = '99999999-0000-4000-8000-000000000009';
    await change(PEOPLE.lena.entraId, guest);
    try {
      await happens();
    } finally {
      await change(guest, PEOPLE.lena.entraId);
    }
  }

  it('nothing is contained', async () => {
    const { id } = await report(['ann', 'bob'], { severity: 'critical' });
    await meanwhile(() => night.run({ queue: 'scope', incident: id }));
    expect([await stands(id), await runs(id)]).toEqual(['open', []]);
    await expectNothingRan(id, 'is not as it was adopted');
  });

  it('a run that was approved before touches nothing', async () => {
    const { id } = await open();
    await approve(id);
    await meanwhile(() => carryOut(id));
    await expectNothingRan(id, 'is not as it was adopted');
  });
});

describe('a run that was changed', () => {
  it.each(['purge', 'nobody knows'])('a run that nobody started touches nothing: %s', async (action) => {
    const { id, digest, copies } = await open();
    await insertRun(id, digest, copies[0], action);
    await sweep(night.flow, 'at start');
    await expectNothingRan(id, 'is not in the record');
  });

  it('a run whose plan was changed after it was approved touches nothing', async () => {
    const { id, digest } = await open();
    await approve(id);
    await editRows(digest, 'target', '"isRead":false', '"isRead":true');
    await expectNothingRan(id, 'is not as it was made');
  });

  it('and set right again does not go on because its mark was wiped off', async () => {
    const { id } = await open();
    await approve(id);
    const [run] = await runs(id);
    await night.intrude(`update run set mode = 'dry-run' where id = $1`, run?.id);
    await carryOut(id);
    await night.intrude(`update run set mode = 'live' where id = $1`, run?.id);
    await night.intrude('update incident set breach = null where id = $1', id);
    await expectNothingRan(id, 'the mode of');
  });

  it.each([
    [
      'the message of a work item',
      `update work_item set message = $2 where run = $1`,
      'is in a run and not in its plan',
    ],
    [
      'the mailbox of a work item',
      `update work_item set mailbox = $2 where run = $1`,
      'is in a run and not in its plan',
    ],
    [
      'the address of a work item',
      `update work_item set address = $2 where run = $1`,
      'is in a run and not in its plan',
    ],
    [
      'the action of a run',
      `update run set action = 'hard-purge' where id = $1 and $2 <> ''`,
      'differ from the record',
    ],
    [
      'the approvers of a run',
      `update run set approved_by = '[]' where id = $1 and $2 <> ''`,
      'differ from the record',
    ],
    ['the cause of a run', `update run set cause = 'policy' where id = $1 and $2 <> ''`, 'differ from the record'],
    ['the mode of a run', `update run set mode = 'dry-run' where id = $1 and $2 <> ''`, 'differ from the record'],
  ])('%s: the run stands still', async (_what, statement, what) => {
    const { id } = await open();
    await approve(id);
    const [run] = await runs(id);
    await night.intrude(statement, run?.id, victim().message);
    await expectNothingRan(id, what);
    expect((await runs(id))[0]?.state).toBe('running');
  });

  it('a copy put under an approved run after the first chunk is not touched, and the rest stays', async () => {
    const { id } = await open();
    await approve(id);
    const [run] = await runs(id);
    const other = victim();
    night.mail.trouble.push({
      method: 'read',
      mailbox: night.mail.copies.find(({ address }) => address === 'bob@contoso.example')?.mailbox ?? '',
      answer: { status: 'throttled', waitMs: 60_000 },
    });
    await night.run({ queue: 'run', run: run?.id ?? '' });
    const before = night.mail.effects.length;
    await night.intrude(
      `update work_item set mailbox = $2, message = $3, not_before = '-infinity' where run = $1 and outcome is null`,
      run?.id,
      other.mailbox,
      other.message,
    );
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect(night.mail.effects).toHaveLength(before);
    expect(other.folderId).not.toBe(RECOVERABLE);
    expect((await incident(id))?.breach).toContain('is in a run and not in its plan');
  });
});

describe('an undo', () => {
  async function purged() {
    const told = await open();
    await approve(told.id);
    await carryOut(told.id);
    expect(await stands(told.id)).toBe('purged');
    await draw(told.id);
    night.mail.effects.length = 0;
    return told;
  }
  it('brings back what the purge took out', async () => {
    const { id, copies } = await purged();
    await approve(id, 'undo');
    await carryOut(id);
    expect([await stands(id), copies.map(({ folderId }) => folderId).includes(RECOVERABLE)]).toEqual([
      'restored',
      false,
    ]);
  });

  it.each([
    ['another copy', `update work_item set message = 'another' where run = $1`, 'is in a run and not in its plan'],
    [
      'another folder',
      `update work_item set before = replace(before, 'inbox', 'secret') where run = $1`,
      'is not what was taken out',
    ],
  ])('of %s than was taken out brings nothing back', async (_what, statement, what) => {
    const { id } = await purged();
    await approve(id, 'undo');
    const restore = (await runs(id)).at(-1);
    await night.intrude(statement, restore?.id);
    await expectNothingRan(id, what);
  });

  it('of a copy that no purge took out brings nothing back', async () => {
    const { id } = await purged();
    await night.intrude(`update work_item set message = 'another' where run = $1`, (await runs(id))[0]?.id);
    await approve(id, 'undo');
    await expectNothingRan(id, 'is in a run and not in its plan');
  });

  /** Purged, put back, and purged by a second list; the undo of that is approved and has not begun. */
  async function purgedTwice() {
    const { id, digest } = await purged();
    await approve(id, 'undo');
    await carryOut(id);
    await draw(id);
    await press(id, inTeams('lena'), 'reopen');
    await night.run({ queue: 'scope', incident: id });
    await draw(id);
    await approve(id);
    await carryOut(id);
    await draw(id);
    night.clock.now += 60_000;
    await approve(id, 'undo');
    night.mail.effects.length = 0;
    return { id, digest, newest: (await incident(id))?.planDigest ?? '' };
  }

  it('brings back by what both lists say', async () => {
    const { id, digest, newest } = await purgedTwice();
    expect(newest).not.toBe(digest);
    await carryOut(id);
    expect([await stands(id), night.mail.effects.length]).toEqual(['restored', 2]);
  });

  it('brings nothing back where the list of an earlier purge was changed', async () => {
    const { id, digest } = await purgedTwice();
    await editRows(digest, 'target', '"isRead":false', '"isRead":true');
    await expectNothingRan(id, 'is not as it was made');
  });

  it('brings nothing back where an earlier purge was changed', async () => {
    const { id } = await purgedTwice();
    await night.intrude(`update run set approved_by = '[]' where id = $1`, (await runs(id))[0]?.id);
    await expectNothingRan(id, 'differ from the record');
  });

  it('that was done does not make the old purge run once more', async () => {
    const { id } = await purged();
    const [run] = await runs(id);
    await approve(id, 'undo');
    await night.run({ queue: 'run', run: (await runs(id)).at(-1)?.id ?? '' });
    night.mail.effects.length = 0;
    await night.intrude(`update run set state = 'running', finished_at = null where id = $1`, run?.id);
    await night.intrude(`update work_item set state = 'ready', outcome = null where run = $1`, run?.id);
    await expectNothingRan(id, 'ended, says the record');
  });
});

async function insertRun(
  id: string,
  digest: string,
  copy: { mailbox: string; message: string; address: string } | undefined,
  action: string,
) {
  const run = `forged-${id}`;
  await night.intrude(
    `insert into run (tenant, id, incident, action, plan_digest, state, approved_by, started_at, mailboxes)
     values ($1, $2, $3, $6, $4, 'running', $5, '2026-11-20T08:00:00.000Z', 2)`,
    TENANT,
    run,
    id,
    digest,
    JSON.stringify([PEOPLE.dana.entraId, PEOPLE.omar.entraId]),
    action,
  );
  await night.intrude(
    `insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder)
     values ($1, $2, 0, $3, $4, $5, 'inbox', 'Inbox')`,
    TENANT,
    run,
    copy?.mailbox,
    copy?.address,
    copy?.message,
  );
  await night.intrude(`update incident set state = 'running', run_id = $2 where id = $1`, id, run);
}
