import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { consented, fromCommandLine, remains, seen, testMailbox, tried, verdicts } from './trial-bench.ts';

let bench: Bench;
let address: string;

beforeEach(async () => {
  bench = await startBench();
  address = testMailbox(bench.sandbox);
});
afterEach(() => bench.close());

describe('a trial in a mailbox that is there for tests', () => {
  it('tells of each belief what was seen, and leaves nothing but what a hard delete leaves', async () => {
    const { code, out, paper, err } = await fromCommandLine(bench, consented(address));
    expect([code, err, remains(bench.sandbox)]).toEqual([0, '', []]);
    for (const text of [out, paper]) {
      expect(text).toContain('a mail keeps its immutable id when it is moved');
      expect(text).toContain('the same id in Deleted Items and back in the Inbox');
    }
    expect(out).toMatch(/\d+ confirmed, \d+ not so, \d+ not tried; report without names: .*clawback-trial\.md$/);
    expect(paper).toContain('| move the mail |');
    expect(paper).toContain('a stand-in on one machine: this says nothing about Microsoft 365');
  });

  it('writes to nothing but the mail and the folder that it made itself', async () => {
    const { tenant, graph } = bench.sandbox;
    const [other] = tenant.deliver({
      to: [address],
      internetMessageId: '<a@x.example>',
      sender: 'a@x.example',
      subject: 'Mine',
    }).copies;
    const before = tenant.mailbox(other?.userId ?? '').find('immutable', other?.messageId ?? '');
    const { name } = await tried(bench.sandbox);
    const writes = graph.log.writes();
    const made = writes.filter(({ effect }) => effect === 'create').map(({ message }) => message);
    expect([made.length, writes.filter(({ effect }) => effect === 'createFolder').length]).toEqual([1, 1]);
    const touched = new Set(writes.flatMap(({ message }) => message ?? []));
    const folders = new Set(
      writes.filter(({ effect }) => /Folder/.test(effect ?? '')).map(({ from, to }) => from ?? to),
    );
    expect([[...touched], [...folders]]).toEqual([made, [name]]);
    expect(tenant.mailbox(other?.userId ?? '').find('immutable', other?.messageId ?? '')).toEqual(before);
  });

  it('writes a file that names neither tenant nor people nor mail', async () => {
    const { paper } = await fromCommandLine(bench, consented(address));
    const { sandbox } = bench;
    const items = [...sandbox.tenant.mailbox(sandbox.tenant.userByAddress(address)?.id ?? '').items()];
    const secret = [
      ...[address, sandbox.domain, sandbox.tenantId, sandbox.apps.executor.clientId, sandbox.apps.executor.secret],
      ...items.flatMap((item) => [item.immutableId, item.mutableId, item.internetMessageId, item.subject]),
      ...[sandbox.tenant.userByAddress(address)?.id ?? '', sandbox.graph.url, 'eyJ', 'sandbox'],
    ];
    expect(items.length).toBeGreaterThan(0);
    expect(secret.filter((text) => paper.includes(text))).toEqual([]);
  });

  it('tells the same to a script', async () => {
    const { out } = await fromCommandLine(bench, [...consented(address), '--json', '--out', 'mine.md']);
    const told = JSON.parse(out);
    expect([told.ok, told.leftovers, told.failed]).toEqual([true, [], []]);
    expect(readFileSync(told.file, 'utf8')).toMatch(/^# Clawback trial\n/);
  });
});

describe('what cannot be known beforehand', () => {
  it('is seen as it is: one way', async () => {
    const found = await tried(bench.sandbox);
    expect(verdicts(found)).toMatchObject({
      'batch-patterns': 'confirmed',
      'batch-waits': 'confirmed',
      'no-draft': 'confirmed',
      'message-id': 'confirmed',
      'found-at-once': 'confirmed',
      'flag-dates': 'confirmed',
      'id-kept': 'confirmed',
      undo: 'confirmed',
      'out-of-deletions': 'confirmed',
      'folder-kept': 'confirmed',
      'delete-refused': 'not so',
      purges: 'confirmed',
      'id-answers': 'confirmed',
      hunting: 'not tried',
      'group-pages': 'not tried',
      quota: 'not tried',
    });
    expect([found.failed, found.leftovers]).toEqual([[], []]);
  });

  it('and the other way', async () => {
    bench.sandbox.graph.setBeliefs({
      flagForgetsDates: false,
      purgesReadable: false,
      deletionsLocked: true,
      deletedFolderKept: false,
      newMessageId: true,
    });
    const found = await tried(bench.sandbox, { group: bench.sandbox.groups.everyone });
    expect(verdicts(found)).toMatchObject({
      'message-id': 'not so',
      'found-at-once': 'confirmed',
      'flag-dates': 'not so',
      'id-kept': 'confirmed',
      undo: 'confirmed',
      'folder-kept': 'not so',
      'delete-refused': 'confirmed',
      purges: 'confirmed',
      'id-answers': 'not so',
      'group-pages': 'confirmed',
    });
    expect([found.failed, found.leftovers, remains(bench.sandbox)]).toEqual([[], [], []]);
    expect(seen(found, 'delete-refused')).toBe('403 ErrorCannotDeleteObject');
  });
});

function hiddenGroup(): string {
  const { tenant } = bench.sandbox;
  const members = [tenant.userByAddress(address)?.id ?? ''];
  return tenant.setGroup({ displayName: 'Board', members, hidden: true }).id;
}

describe('what is no trial', () => {
  const nothingDone = () => expect([bench.sandbox.graph.log.writes(), remains(bench.sandbox)]).toEqual([[], []]);

  it.each([
    ['without consent', (one: string) => ['--trial', one], '--consent employee0001@contoso.example'],
    [
      'with consent for another mailbox',
      (one: string) => ['--trial', one, '--consent', 'emma@contoso.example'],
      'name the mailbox again',
    ],
    ['with something that is no address', () => ['--trial', 'me', '--consent', 'me'], '--trial needs the address'],
    ['with consent alone', (one: string) => ['--consent', one], '--consent goes with --trial'],
    [
      'with half a Message-ID',
      (one: string) => [...consented(one), '--delivered', 'abc'],
      '--delivered needs the Message-ID',
    ],
    ['with no number of minutes', (one: string) => [...consented(one), '--minutes', 'x'], '--minutes is how long'],
    [
      'in a mailbox that nobody has',
      () => consented('nobody@contoso.example'),
      'nobody in this tenant has the address',
    ],
    ['in the mailbox of an approver', () => consented('dana@contoso.example'), 'somebody who approves'],
    ['in the mailbox of somebody with a role', () => consented('lena@contoso.example'), 'somebody who approves'],
  ])('is advice, %s', async (_, words, advice) => {
    const { code, err, paper } = await fromCommandLine(bench, words(address));
    expect([code, paper]).toEqual([2, '']);
    expect(err).toContain(advice);
    nothingDone();
  });

  it.each([
    ['vip', 'mailboxes.vip'],
    ['legalHold', 'mailboxes.legalHold'],
    ['protected', 'mailboxes.protected “Board”'],
  ])('is refused in a mailbox that the policy keeps: %s, by address and by group', async (key, at) => {
    const set = (names: object) =>
      key === 'protected' ? [{ name: 'Board', addresses: [], entraGroups: [], ...names }] : names;
    const { tenant } = bench.sandbox;
    const id = tenant.userByAddress(address)?.id ?? '';
    const group = tenant.setGroup({ displayName: 'Kept', members: [id] }).id;
    for (const names of [{ addresses: [address] }, { entraGroups: [group] }]) {
      const { code, err } = await fromCommandLine(bench, consented(address), {
        change: ({ policy }) => Object.assign(policy, { mailboxes: { [key]: set(names) } }),
      });
      expect([code, err]).toEqual([2, expect.stringContaining(`${address} is in ${at} of the policy`)]);
    }
    nothingDone();
  });

  it.each([
    ['cannot be read', () => '99999999-0000-4000-8000-000000000009', 'the group cannot be read in full'],
    ['has hidden members', hiddenGroup, 'a group of the policy hides its members'],
  ])('is refused where a group of the policy %s', async (_, group, why) => {
    const { code, err } = await fromCommandLine(bench, consented(address), {
      change: ({ policy }) => Object.assign(policy, { mailboxes: { vip: { entraGroups: [group()] } } }),
    });
    expect([code, err]).toEqual([1, expect.stringContaining(why)]);
    expect(err).toContain(`whether mailboxes.vip of the policy names ${address} cannot be seen`);
    nothingDone();
  });

  it('writes over no file of somebody else', async () => {
    const before = (folder: string) => writeFileSync(join(folder, 'clawback-trial.md'), 'my notes');
    const { code, err, paper } = await fromCommandLine(bench, consented(address), { before });
    expect([code, paper]).toEqual([2, 'my notes']);
    expect(err).toContain('is no report of a trial: name another file');
    nothingDone();
  });
});
