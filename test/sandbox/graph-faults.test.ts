import { describe, expect, test } from 'vitest';
import type { MailboxFaults } from '../../src/sandbox/graph/faults.ts';
import type { DeliveredCopy } from '../../src/sandbox/tenant/types.ts';
import { IMMUTABLE, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

function deliver(sandbox: Sandbox, user = 'alice'): DeliveredCopy {
  return sandbox.tenant.deliver({ ...PHISH, to: [`${user}@contoso.com`] }).copies[0] as DeliveredCopy;
}

const pathOf = ({ userId, messageId }: DeliveredCopy) => `/users/${userId}/messages/${messageId}`;
const read = (sandbox: Sandbox, copy: DeliveredCopy) => sandbox.call('GET', pathOf(copy), undefined, IMMUTABLE);
const purge = (sandbox: Sandbox, copy: DeliveredCopy) =>
  sandbox.call('POST', `${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' }, IMMUTABLE);

function folderNow(sandbox: Sandbox, { userId, messageId }: DeliveredCopy) {
  return sandbox.tenant.look(userId).messages.find((one) => one.immutableId === messageId)?.folder;
}

describe('one mailbox that is out of reach', () => {
  const cases: readonly [MailboxFaults['access'], number, string][] = [
    ['denied', 403, 'ErrorAccessDenied'],
    ['notEnabled', 404, 'MailboxNotEnabledForRESTAPI'],
    ['unknown', 404, 'ResourceNotFound'],
  ];
  test.each(cases)('(%s) answers %i %s, and the others go on', async (access, status, code) => {
    await using sandbox = await openSandbox();
    const [alice, bob] = [deliver(sandbox), deliver(sandbox, 'bob')];
    sandbox.graph.faults.set({ access }, alice.userId);
    const refused = await purge(sandbox, alice);
    expect([refused.status, refused.body.error.code]).toEqual([status, code]);
    expect((await purge(sandbox, bob)).status).toBe(201);
    sandbox.graph.faults.clear(alice.userId);
    expect((await purge(sandbox, alice)).status).toBe(201);
  });

  test('and unknown is not in the directory either', async () => {
    await using sandbox = await openSandbox();
    sandbox.graph.faults.set({ access: 'unknown' }, deliver(sandbox).userId);
    const { body } = await sandbox.call('GET', '/users');
    expect(body.value.map((one: { displayName: string }) => one.displayName)).toEqual(['bob']);
  });

  test('has no mailbox at all where the account has no address', async () => {
    await using sandbox = await openSandbox({ users: [{ userPrincipalName: 'service', mail: null }] });
    const { body } = await sandbox.call('GET', '/users/service@contoso.com/messages');
    expect(body.error.code).toBe('MailboxNotEnabledForRESTAPI');
  });
});

describe('a service that has had enough', () => {
  test('answers 429 with the wait it was told to name, to mail requests only', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.set({ throttled: { share: 1, retryAfter: [2.128, 2.128] } });
    const { status, headers } = await purge(sandbox, copy);
    expect([status, headers.get('retry-after')]).toEqual([429, '2.128']);
    expect((await sandbox.call('GET', '/users')).status).toBe(200);
    expect(folderNow(sandbox, copy)).toBe('Inbox');
    expect(sandbox.graph.stats().throttled).toBe(1);
  });

  test('answers 503 without naming a wait when it was told so', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.set({ unavailable: { share: 1, retryAfter: null } }, copy.userId);
    const { status, headers } = await read(sandbox, copy);
    expect([status, headers.get('retry-after')]).toEqual([503, null]);
  });

  test('hits about the share it was given', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.set({ throttled: { share: 0.5, retryAfter: null } });
    for (let n = 0; n < 60; n += 1) await read(sandbox, copy);
    const { throttled } = sandbox.graph.stats();
    expect(throttled).toBeGreaterThan(15);
    expect(throttled).toBeLessThan(45);
  });
});

describe('answers that never arrive', () => {
  test('leave the effect of a write behind, and the log knows', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.set({ lostAnswers: 1 });
    await expect(purge(sandbox, copy)).rejects.toThrow('fetch failed');
    expect(folderNow(sandbox, copy)).toBe('Deletions');
    expect(sandbox.graph.log.writes()).toMatchObject([{ message: copy.messageId, status: 201, lost: true }]);
  });

  test('take the whole batch with them', async () => {
    await using sandbox = await openSandbox();
    const [alice, bob] = [deliver(sandbox), deliver(sandbox, 'bob')];
    sandbox.graph.faults.set({ lostAnswers: 1 }, alice.userId);
    const headers = { ...IMMUTABLE, 'Content-Type': 'application/json' };
    const body = { destinationId: 'deleteditems' };
    const requests = [alice, bob].map((copy, n) => {
      return { id: `${n}`, method: 'POST', url: `${pathOf(copy)}/move`, headers, body };
    });
    await expect(sandbox.call('POST', '/$batch', { requests })).rejects.toThrow('fetch failed');
    expect([folderNow(sandbox, alice), folderNow(sandbox, bob)]).toEqual(['Deleted Items', 'Deleted Items']);
    expect(sandbox.graph.log.writes().map((one) => one.lost)).toEqual([true, true]);
  });

  test('do not happen to reading', async () => {
    await using sandbox = await openSandbox();
    sandbox.graph.faults.set({ lostAnswers: 1 });
    expect((await read(sandbox, deliver(sandbox))).status).toBe(200);
  });

  test('can be ordered for the next move alone, with or without its effect', async () => {
    await using sandbox = await openSandbox();
    const [first, second] = [deliver(sandbox), deliver(sandbox, 'bob')];
    sandbox.graph.faults.once({ operation: 'move', mailbox: first.userId, answer: 'lost' });
    sandbox.graph.faults.once({ operation: 'move', mailbox: second.userId, answer: 'dropped' });
    await expect(purge(sandbox, first)).rejects.toThrow();
    await expect(purge(sandbox, second)).rejects.toThrow();
    expect([folderNow(sandbox, first), folderNow(sandbox, second)]).toEqual(['Deletions', 'Inbox']);
    expect((await purge(sandbox, second)).status).toBe(201);
  });

  test('can be any answer instead, so many times', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.once({ answer: { status: 504, code: 'UnknownError' }, times: 2 });
    const statuses = [(await read(sandbox, copy)).status, (await read(sandbox, copy)).status];
    expect([...statuses, (await read(sandbox, copy)).status]).toEqual([504, 504, 200]);
  });
});

describe('a Graph that is down', () => {
  test('answers 503 to everything and comes back', async () => {
    await using sandbox = await openSandbox();
    await sandbox.graph.faults.setDown('unavailable');
    expect((await sandbox.call('GET', '/users')).status).toBe(503);
    await sandbox.graph.faults.setDown('no');
    expect((await sandbox.call('GET', '/users')).status).toBe(200);
  });

  test('refuses connections and comes back on the same port', async () => {
    await using sandbox = await openSandbox();
    await sandbox.graph.faults.setDown('refuse');
    const error: unknown = await sandbox.call('GET', '/users').catch((caught: Error) => caught.cause);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    await sandbox.graph.faults.setDown('no');
    expect((await sandbox.call('GET', '/users')).status).toBe(200);
  });

  test('can leave callers without any answer until it is closed', async () => {
    const sandbox = await openSandbox();
    await sandbox.graph.faults.setDown('hang');
    const outcome = sandbox.call('GET', '/users').catch(() => 'cut off');
    const early = await Promise.race([outcome, new Promise((done) => setTimeout(done, 30, 'still waiting'))]);
    await sandbox[Symbol.asyncDispose]();
    expect([early, await outcome]).toEqual(['still waiting', 'cut off']);
  });
});

describe('the right moment', () => {
  test('is there for a user who is faster than the purge', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.onRequest(({ operation }) => {
      if (operation === 'move') sandbox.tenant.userDestroys('alice', copy.messageId);
    });
    const { status } = await purge(sandbox, copy);
    expect([status, sandbox.graph.log.writes()]).toEqual([404, []]);
  });
});

describe('five thousand mailboxes', () => {
  test('are all found by a look into each, and each purge is written down once', async () => {
    const users = Array.from({ length: 5_000 }, (_, n) => `user${n}`);
    await using sandbox = await openSandbox({ users });
    const { copies } = sandbox.tenant.deliver({ ...PHISH, to: users.map((user) => `${user}@contoso.com`) });
    expect(copies).toHaveLength(5_000);
    const headers = { ...IMMUTABLE, 'Content-Type': 'application/json' };
    const body = { destinationId: 'recoverableitemsdeletions' };
    for (let from = 0; from < 400; from += 20) {
      const requests = copies.slice(from, from + 20).map((copy, n) => {
        return { id: `${n}`, method: 'POST', url: `${pathOf(copy)}/move`, headers, body };
      });
      await sandbox.call('POST', '/$batch', { requests });
    }
    const moved = sandbox.graph.log.writes().map((one) => one.message);
    expect(new Set(moved)).toEqual(new Set(copies.slice(0, 400).map((copy) => copy.messageId)));
    expect(moved).toHaveLength(400);
    const full = sandbox.tenant
      .mailboxes()
      .filter(({ folders }) => folders.some((one) => one.name === 'Inbox' && one.total === 1));
    expect(full).toHaveLength(4_600);
  });
});
