import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal, sha256 } from '../../src/adapters/store/ledger.ts';
import { runCommand } from '../../src/cli/command.ts';
import { leafOf, streamOf } from '../../src/core/find/manifest.ts';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** Somebody has the database. Each incident has one row of it changed, and one is left alone; nobody touches the good mail. */

const DIFFERS = 'differs from the record';

interface Case {
  readonly incident: string;
  readonly landed: Landed;
}

let story: Story;
let head = '';
const cases = new Map<string, Case>();
const of = (name: string) => cases.get(name) as Case;
const CASES = ['plan', 'plan and digest', 'seats', 'decision', 'roles', 'run', 'work', 'link', 'policy', 'untouched'];

beforeAll(async () => {
  story = await startStory({ employees: 24, seed: 31 });
  for (const name of CASES) cases.set(name, await story.attacked(phishingWave(story.sandbox, 4)));
  for (const name of ['decision', 'roles', 'work']) await story.slack('dana', of(name).incident, 'purge');
  // Approved, and held up by the mail service: what was approved waits in the database.
  story.sandbox.graph.faults.set({ throttled: { share: 1, retryAfter: [3_600, 3_600] } });
  await story.teams('omar', of('work').incident, 'purge');
  await story.bothSay(of('work').incident, 'Moving the copies');
  await story.intrude(change);
  story.sandbox.graph.faults.clear();
}, 600_000);
afterAll(() => story.close());

async function change(sql: Parameters<Parameters<Story['intrude']>[0]>[0]): Promise<void> {
  const value = async (statement: string, ...values: unknown[]) =>
    String((await sql(statement, ...values))[0]?.['text'] ?? '');
  const digestFor = (name: string) =>
    value('select plan_digest as text from incident where id = $1', of(name).incident);
  const bodyOf = (digest: string) => value('select body as text from plan where digest = $1', digest);
  const person = (name: string) => value(`select person as text from decision where name like $1 limit 1`, `${name}%`);
  const rowWithDecoy = async (digest: string, { landed }: Case) => {
    const [last] = await sql(
      `select place, salt, content from plan_row where plan = $1 and kind = 'target' order by place desc limit 1`,
      digest,
    );
    const [decoy] = landed.decoys;
    const target = { kind: 'copy', owner: decoy?.userId, id: decoy?.messageId };
    const content = seal.canonical({ ...JSON.parse(String(last?.['content'])), target });
    return { place: Number(last?.['place']) + 1, salt: String(last?.['salt']), content };
  };
  const addRow = (digest: string, { place, salt, content }: Awaited<ReturnType<typeof rowWithDecoy>>) =>
    sql(
      `insert into plan_row select tenant, digest, 'target', $2::int, $3, $4 from plan where digest = $1`,
      digest,
      place,
      salt,
      content,
    );
  head = await value(`select seq || ':' || left(hash, 20) as text from ledger_head`);

  const edited = await digestFor('plan');
  await addRow(edited, await rowWithDecoy(edited, of('plan')));

  // Everything fits everything else, and the record knows nothing of it.
  const old = await digestFor('plan and digest');
  const both = of('plan and digest').incident;
  const more = await rowWithDecoy(old, of('plan and digest'));
  const rows = await sql(`select salt, content from plan_row where plan = $1 and kind = 'target' order by place`, old);
  const stream = streamOf({ of: sha256 });
  for (const row of [...rows, more] as { salt: string; content: string }[]) stream.add(leafOf(row, { of: sha256 }));
  const manifest = JSON.parse(await bodyOf(old));
  const forged = seal.canonical({ ...manifest, rows: { ...manifest.rows, target: stream.end() } });
  const digest = sha256(forged);
  await sql(
    `insert into plan (tenant, digest, incident, body) select tenant, $2, id, $3 from incident where id = $1`,
    ...[both, digest, forged],
  );
  await sql(
    `insert into plan_row select tenant, $2, kind, place, salt, content from plan_row where plan = $1`,
    old,
    digest,
  );
  await addRow(digest, more);
  await sql('update incident set plan_digest = $2, revision = revision + 1 where id = $1', both, digest);
  await sql('update card set due = true where incident = $1', both);

  await sql(
    `update plan set body = replace(body, '"count":2', '"count":1') where digest = $1`,
    await digestFor('seats'),
  );
  await sql(
    `insert into decision (tenant, incident, plan_digest, action, person, name, platform, at, roles, addresses)
     select tenant, incident, plan_digest, action, $2, 'Omar Analyst', 'teams', at, roles, addresses
       from decision where incident = $1`,
    of('decision').incident,
    await person('Omar'),
  );
  await sql(`update decision set roles = '["approver","lead"]' where incident = $1`, of('roles').incident);

  await sql(
    `insert into run (tenant, id, incident, action, plan_digest, state, approved_by, started_at, mailboxes)
     select tenant, 'forged', id, 'purge', plan_digest, 'running', '[]', updated_at, 1 from incident where id = $1`,
    of('run').incident,
  );
  await sql(
    `insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder)
     select tenant, 'forged', 0, $2, 'somebody@contoso.example', $3, 'inbox', 'Inbox' from incident where id = $1`,
    ...[of('run').incident, of('run').landed.decoys[0]?.userId, of('run').landed.decoys[0]?.messageId],
  );
  await sql(`update incident set state = 'running', run_id = 'forged' where id = $1`, of('run').incident);

  const [decoy] = of('work').landed.decoys;
  await sql(
    `update work_item set mailbox = $2, message = $3, not_before = '-infinity'
      where run in (select id from run where incident = $1)`,
    ...[of('work').incident, decoy?.userId, decoy?.messageId],
  );
}

async function run(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: {}, node: process.versions.node, folder: tmpdir(), out: say, err: say, stop };
  return { code: await runCommand([...argv, '--config', story.configFile], shell), text: lines.join('\n') };
}

function expectAllThere({ landed }: Case): void {
  expect([...landed.copies, ...landed.decoys].map(story.folderOf)).not.toContain(OUT_OF_SIGHT);
}

describe('somebody who has the database', () => {
  it.each(['plan', 'plan and digest', 'seats', 'decision', 'roles'])(
    'changes the %s: whoever presses hears of it, and nothing is removed',
    async (name) => {
      const { incident } = of(name);
      if (name === 'plan and digest') await story.bothSay(incident, '5 copies');
      expect(await story.teams('lena', incident, 'purge')).toContain(DIFFERS);
      await story.bothSay(incident, DIFFERS);
      expect((await story.slackCard(incident)).words).not.toContain('cb:purge');
      expectAllThere(of(name));
    },
  );

  it.each(['run', 'work'])('changes the %s: it stands still, and both chats say so', async (name) => {
    await story.bothSay(of(name).incident, DIFFERS);
    expectAllThere(of(name));
  });

  it('left one incident alone: it is purged as ever', async () => {
    const { incident, landed } = of('untouched');
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: 4 removed, seen gone');
    expect(new Set(landed.copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
  });

  it('is found by the operator while Clawback runs, line by line', async () => {
    const { code, text } = await run('audit', 'verify', '--expect', head);
    expect([code, text]).toEqual([1, expect.stringMatching(/^sandbox: \d+ entries, the chain is whole/)]);
    for (const name of ['plan', 'plan and digest', 'seats', 'decision', 'roles', 'run', 'work'])
      expect(text).toContain(`${of(name).incident}: `);
    expect(text).not.toContain(of('untouched').incident);
  });

  it('links an account to a person and presses with it', async () => {
    const { incident } = of('link');
    const emma = story.sandbox.slack.users['emma'];
    await story.intrude(async (sql) => {
      await sql(
        `insert into link (tenant, platform, account, person, how, at)
         select tenant, 'slack', $2, person, 'sign-in', at from decision where incident = $1 and name like 'Omar%' limit 1`,
        ...[of('work').incident, emma?.id],
      );
    });
    expect(await story.slack('emma', incident, 'purge')).toContain(DIFFERS);
    await story.bothSay(incident, 'is not in the record');
    expectAllThere(of('link'));
  });

  it('changes the policy that the plan was made under', async () => {
    await story.intrude(async (sql) => {
      await sql(`update policy_version set body = replace(body, '"count":2', '"count":1')`);
    });
    expect(await story.slack('dana', of('policy').incident, 'purge')).toContain(DIFFERS);
    await story.bothSay(of('policy').incident, 'is not as it was adopted');
    expectAllThere(of('policy'));
  });

  it('empties the record: what was kept elsewhere tells', async () => {
    await story.stop();
    expect(await run('audit', 'verify', '--expect', 'nonsense')).toEqual({
      code: 1,
      text: expect.stringContaining('--expect "nonsense" cannot be read'),
    });
    const emptied = story.intrude(async (sql) => {
      await sql('alter table ledger disable trigger ledger_append_only');
      await sql('delete from ledger');
      await sql('delete from ledger_head');
      await sql('alter table ledger enable trigger ledger_append_only');
    });
    // This machine has seen more of it.
    await expect(emptied).rejects.toThrow(/does not hold entry \d+ of the record/);
    const { code, text } = await run('audit', 'verify', '--expect', head, '--json');
    const [{ ok, fault, count }] = JSON.parse(text);
    expect([code, ok]).toEqual([1, false]);
    expect(fault.problem).toContain(`but entry ${head.split(':')[0]} was expected`);
    expect(count).toBeGreaterThan(10);
  });
});
