import { describe, expect, onTestFinished, test } from 'vitest';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import type { Target } from '../../src/core/find/plan.ts';
import { APP, openSandbox, PHISH, type Sandbox, type SandboxOrder } from '../sandbox/graph-stand-in.ts';
import { mailOn } from './graph-loopback.ts';

/** The mail adapter on days when the service is not itself. */

async function world(order: SandboxOrder = {}) {
  const sandbox = await openSandbox(order);
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const { mail } = mailOn({ baseUrl: sandbox.graph.url }, { token: async () => sandbox.token });
  return { sandbox, mail };
}

function delivered({ tenant }: Sandbox, user: string): Target {
  const [copy] = tenant.deliver({ ...PHISH, to: [user] }).copies;
  return { mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' };
}

describe('a token that is revoked in the middle of a run', () => {
  test('is replaced by one that meets the challenge, and each write is done once', async () => {
    const { sandbox } = await world();
    const asked: (string | undefined)[] = [];
    let current = sandbox.token;
    const { mail } = mailOn(
      { baseUrl: sandbox.graph.url },
      {
        token: async (claims) => {
          asked.push(claims);
          if (claims !== undefined) {
            sandbox.pass(1_000);
            current = await sandbox.entra.issue({ clientId: APP, lifetimeSeconds: 3_600 });
          }
          return current;
        },
      },
    );
    const [first, second] = [delivered(sandbox, 'alice'), delivered(sandbox, 'bob')];
    expect(await mail.softDelete([first])).toMatchObject([{ status: 'done' }]);
    sandbox.graph.revokeTokens();
    expect(await mail.softDelete([second])).toMatchObject([{ status: 'done' }]);
    expect(asked.filter((claims) => claims?.includes('nbf'))).toHaveLength(1);
    expect(sandbox.graph.log.writes().map(({ message }) => message)).toEqual([first.message, second.message]);
  });

  test('lets everything rest, undone, where no new one is to be had', async () => {
    const { sandbox } = await world();
    const { reader, effects } = createMailboxes({
      baseUrl: sandbox.graph.url,
      clock: () => 0,
      ids: () => 'id',
      sleep: async () => {},
      token: async (claims) => {
        if (claims !== undefined) throw new Error('the credential was taken away');
        return sandbox.token;
      },
    });
    const target = delivered(sandbox, 'alice');
    await reader.read([target]);
    sandbox.graph.revokeTokens();
    expect(await effects.softDelete([target])).toMatchObject([{ status: 'throttled', waitMs: 30_000 }]);
    expect(sandbox.graph.log.writes()).toEqual([]);
  });
});

test('where four requests are all that an app may have under way, everything is done in the end, and once', async () => {
  const users = Array.from({ length: 30 }, (_, n) => `user${n}`);
  const { sandbox, mail } = await world({
    users,
    graph: { beliefs: { fourInAll: true }, limits: { serviceMs: [2, 4] } },
  });
  const targets = users.map((user) => delivered(sandbox, user));
  let left = targets;
  for (let round = 0; round < 60 && left.length > 0; round += 1) {
    // Several batches at once, as several runs send them.
    const groups = Array.from({ length: 6 }, (_, n) => left.filter((_target, m) => m % 6 === n));
    const effects = (await Promise.all(groups.map((group) => mail.softDelete(group)))).flat();
    expect(effects.map(({ status }) => status).filter((status) => status !== 'done' && status !== 'throttled')).toEqual(
      [],
    );
    left = effects.filter(({ status }) => status === 'throttled').map(({ target }) => target);
  }
  expect(left).toEqual([]);
  const moved = sandbox.graph.log.writes().map(({ message }) => message);
  expect(moved.toSorted()).toEqual(targets.map(({ message }) => message).toSorted());
});

test('access that takes effect late is denied until it does', async () => {
  const { sandbox, mail } = await world();
  const target = delivered(sandbox, 'alice');
  sandbox.graph.faults.set({ access: 'denied' }, target.mailbox);
  expect(await mail.read([target])).toMatchObject([{ status: 'denied' }]);
  expect(await mail.softDelete([target])).toMatchObject([{ status: 'refused', why: 'denied' }]);
  sandbox.graph.faults.clear(target.mailbox);
  expect(await mail.softDelete([target])).toMatchObject([{ status: 'done' }]);
});

test('a full Recoverable Items is a failure in the service’s own words', async () => {
  const { sandbox, mail } = await world();
  const target = delivered(sandbox, 'alice');
  sandbox.graph.faults.set({ binFull: true }, target.mailbox);
  expect(await mail.softDelete([target])).toMatchObject([
    { status: 'refused', why: 'failed', detail: '507 ErrorQuotaExceeded' },
  ]);
  expect(await mail.hardDelete([target])).toMatchObject([
    { status: 'refused', why: 'failed', detail: '507 ErrorQuotaExceeded' },
  ]);
  expect(await mail.read([target])).toMatchObject([{ state: { inRecoverableItems: false } }]);
});

test.each([
  [[45, 45] as const, 45_000],
  [null, 10_000],
])('a stale mailbox (Retry-After %j) is told from one that is merely busy', async (retryAfter, waitMs) => {
  const { sandbox, mail } = await world();
  const target = delivered(sandbox, 'alice');
  const stale = { unavailable: { share: 1, retryAfter, code: 'MailboxInfoStale' } };
  sandbox.graph.faults.set(stale, target.mailbox);
  expect(await mail.read([target])).toMatchObject([{ status: 'throttled', waitMs, stuck: true }]);
  expect(await mail.softDelete([target])).toMatchObject([{ status: 'throttled', waitMs, stuck: true }]);
  sandbox.graph.faults.set({ unavailable: { share: 1, retryAfter } }, target.mailbox);
  const [busy] = await mail.read([target]);
  expect(busy).toMatchObject({ status: 'throttled', waitMs });
  expect(busy).not.toHaveProperty('stuck');
});

test('a mailbox that says two things in turns is unreachable each time, and its owner is never called unknown', async () => {
  const { sandbox, mail } = await world();
  const target = delivered(sandbox, 'alice');
  sandbox.graph.faults.set({ access: 'wavering' }, target.mailbox);
  const statuses = new Set<string>();
  for (let n = 0; n < 20; n += 1) statuses.add((await mail.read([target]))[0]?.status ?? '');
  expect([...statuses]).toEqual(['unreachable']);
  for (let n = 0; n < 5; n += 1)
    expect(await mail.locate(['alice@contoso.com'], { internetMessageIds: [PHISH.internetMessageId] })).toMatchObject([
      { result: 'unreachable', mailbox: { id: target.mailbox } },
    ]);
});
