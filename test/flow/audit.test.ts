import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOf } from '../../src/flow/record/audit.ts';
import { type Night, PEOPLE, startNight, TENANT } from '../support/desk-of-the-night.ts';
import { intruder, POLICY } from './intruder.ts';
import { links, storyteller } from './telling.ts';

/** What `clawback audit verify` finds. One night with one of everything; each story puts back what it changed. */

let night: Night;
let id: string;
let digest: string;
const { runs } = storyteller(() => night);
const { open, carryOut, approve, draw } = intruder(() => night);

beforeAll(async () => {
  night = await startNight({ workers: false, intruded: true, policy: POLICY });
  await links(night, 'U0LENA', PEOPLE.lena.entraId);
  ({ id, digest } = await open());
  await approve(id);
  await carryOut(id);
  await draw(id);
  await approve(id, 'undo');
  await carryOut(id);
});
afterAll(() => night.close());

/** What is found while `change` holds. */
async function foundWith(change: string, back: string, ...values: unknown[]): Promise<readonly string[]> {
  await night.intrude(change, ...values);
  try {
    const { ok, differences } = await night.audit();
    expect(ok).toBe(false);
    return differences;
  } finally {
    await night.intrude(back, ...values);
  }
}

const withoutTrigger = async <T>(work: () => Promise<T>): Promise<T> => {
  await night.intrude('alter table ledger disable trigger ledger_append_only');
  try {
    return await work();
  } finally {
    await night.intrude('alter table ledger enable trigger ledger_append_only');
  }
};

describe('what is stored and the record', () => {
  it('agree after a purge and its undo', async () => {
    expect(await night.audit()).toMatchObject({ ok: true, count: 0, differences: [] });
  });

  it.each([
    ['plan', 'plan', 'body = body || $2', `body = rtrim(body)`, 'digest = $1', 'is not as it was made'],
    ['state', 'incident', `state = $2 || 'closed'`, `state = 'settled'`, 'id = $3', 'that the incident is'],
    [
      'person of a decision',
      'decision',
      `person = person || $2`,
      `person = rtrim(person)`,
      `incident = $3 and action = 'purge'`,
      'is not in the record',
    ],
    [
      'cause of a run',
      'run',
      `cause = cause || $2`,
      `cause = rtrim(cause)`,
      `incident = $3 and action = 'purge'`,
      'the cause of a run (purge) differ',
    ],
  ])('differ in the %s', async (_what, table, change, back, where, words) => {
    const values = [digest, table === 'incident' ? '' : ' ', id];
    const statement = (set: string) => `update ${table} set ${set} where ${where} and $1 <> $2 and $3 <> $2`;
    const found = await foundWith(statement(change), statement(back), ...values);
    expect(found.join('\n')).toContain(words);
    expect(found.every((line) => line.startsWith(`${id}: `))).toBe(true);
  });

  it('differ in what became of a copy', async () => {
    const [run] = await runs(id);
    const set = (outcome: string) => `update work_item set outcome = '${outcome}' where run = $1 and seq = 0`;
    expect(await foundWith(set('alreadyGone'), set('removed'), run?.id)).toEqual([
      `${id}: what became of its copies differs from the record, 2 times`,
    ]);
  });

  it('differ in a link', async () => {
    const set = (person: string) => `update link set person = '${person}' where account = 'U0LENA'`;
    expect(await foundWith(set(PEOPLE.omar.entraId), set(PEOPLE.lena.entraId))).toEqual([
      'the link of the slack account U0LENA is not in the record',
    ]);
  });

  it('differ in a policy', async () => {
    const set = (from: string, to: string) => `update policy_version set body = replace(body, '${from}', '${to}')`;
    const found = await foundWith(set('"count":2', '"count":3'), set('"count":3', '"count":2'));
    expect(found).toEqual([`policy ${night.flow.policy().digest.slice(0, 8)} is not as it was adopted`]);
  });

  it('differ in the stop', async () => {
    await night.flow.store.transact((tx) => tx.brake.lock());
    const set = (stopped: boolean) => `update brake set stopped = ${stopped} where tenant = $1`;
    expect(await foundWith(set(true), set(false), TENANT)).toEqual(['the record knows of no stop that holds']);
  });

  it.each([
    ['plan', 'digest = $1 and $2 <> $1', 'is not stored any more'],
    ['decision', 'incident = $2 and $1 <> $2', 'is not stored any more'],
    ['run', 'incident = $2 and $1 <> $2', 'is not stored any more'],
    ['incident', 'id = $2 and $1 <> $2', 'the incident is not stored any more'],
    ['work_item', `run in (select id from run where incident = $2) and $1 <> $2`, 'what became of its copies'],
  ])('differ where rows of %s were deleted', async (table, where, words) => {
    await night.intrude(`create table kept as select * from ${table} where ${where}`, digest, id);
    const columns = await night.intrude(
      `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as names from information_schema.columns
        where table_name = $1 and table_schema = 'public'`,
      table,
    );
    const names = String(columns[0]?.['names']);
    const found = await foundWith(
      `delete from ${table} where ${where}`,
      `insert into ${table} (${names}) overriding system value select ${names} from kept where $1::text <> $2::text`,
      digest,
      id,
    );
    await night.intrude('drop table kept');
    expect(found.join('\n')).toContain(words);
  });

  it('differ where a row was put in that nothing speaks of', async () => {
    const copy = `insert into incident (tenant, id, dedupe_key, alert, state, revision, created_at, updated_at)
      select tenant, 'CB-FORGED', 'forged', alert, 'received', 1, created_at, updated_at from incident where id = $1`;
    expect(await foundWith(copy, `delete from incident where id = 'CB-FORGED' and $1 <> ''`, id)).toEqual([
      'CB-FORGED: the record knows no alert of this incident',
    ]);
  });
});

describe('an entry that was kept elsewhere', () => {
  const kept = async () => {
    const { entries, head } = await night.audit();
    return [{ seq: entries, hash: head.slice(0, 16) }];
  };

  it('is found again', async () => {
    expect(await night.audit(await kept())).toMatchObject({ ok: true });
  });

  it('is missed when the record was shortened, head and all', async () => {
    const expected = await kept();
    await withoutTrigger(async () => {
      const [last] = await night.intrude('select * from ledger order by seq desc limit 1');
      await night.intrude('delete from ledger where seq = $1', last?.['seq']);
      await night.intrude(
        'update ledger_head set (seq, hash) = (select seq, hash from ledger order by seq desc limit 1)',
      );
      const found = await night.audit(expected);
      await night.intrude(
        'insert into ledger values ($1, $2, $3, $4, $5, $6, $7)',
        ...['tenant', 'seq', 'incident', 'type', 'at', 'bytes', 'hash'].map((name) => last?.[name]),
      );
      await night.intrude(
        'update ledger_head set (seq, hash) = (select seq, hash from ledger order by seq desc limit 1)',
      );
      expect(found.fault?.problem).toContain(`but entry ${expected[0]?.seq} was expected`);
    });
  });

  it('is missed when the record was emptied, and everything stored has lost its entries', async () => {
    const expected = await kept();
    await withoutTrigger(async () => {
      await night.intrude('create table kept as select * from ledger');
      await night.intrude('truncate ledger');
      await night.intrude(`update ledger_head set seq = 0, hash = repeat('0', 64)`);
      const found = await night.audit(expected);
      await night.intrude('insert into ledger select * from kept');
      await night.intrude(
        'update ledger_head set (seq, hash) = (select seq, hash from ledger order by seq desc limit 1)',
      );
      await night.intrude('drop table kept');
      expect(found).toMatchObject({ ok: false, fault: { seq: 1 } });
      expect(found.count).toBeGreaterThan(5);
    });
    expect((await night.audit()).ok).toBe(true);
  });

  it('is not taken for another one', async () => {
    const found = await night.audit([{ seq: 3, hash: 'f'.repeat(16) }]);
    expect(found.fault).toEqual({ seq: 3, problem: expect.stringContaining('not the entry that was expected') });
  });

  it.each([
    '',
    '3',
    '3:',
    ':abc',
    '0:aaaaaaaaaaaaaaaa',
    '3:abc',
    '3:zzzzzzzzzzzzzzzz',
    '-1:aaaaaaaaaaaaaaaa',
    '1e3:aaaaaaaaaaaaaaaa',
  ])('cannot be read from %j', (text) => {
    expect(() => expectedOf(text)).toThrow('--expect');
  });

  it('is read in any case and with blanks around it', () => {
    expect(expectedOf(' 12:ABCDEF0123456789 ')).toEqual({ seq: 12, hash: 'abcdef0123456789' });
  });
});

describe('an entry that is filed under another type', () => {
  it('is found, although its bytes are whole', async () => {
    await withoutTrigger(async () => {
      await night.intrude(`update ledger set type = 'stray' where type = 'plan.made'`);
      const found = await night.audit();
      await night.intrude(`update ledger set type = 'plan.made' where type = 'stray'`);
      expect(found.fault?.problem).toContain('filed under another type');
    });
  });
});
