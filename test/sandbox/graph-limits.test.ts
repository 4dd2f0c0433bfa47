import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { DeliveredCopy } from '../../src/sandbox/tenant/types.ts';
import { APP, IMMUTABLE, openSandbox, PHISH, type Sandbox, send } from './graph-stand-in.ts';

function deliver({ tenant }: Sandbox, user = 'alice'): DeliveredCopy {
  return tenant.deliver({ ...PHISH, to: [user] }).copies[0] as DeliveredCopy;
}

const pathOf = ({ userId, messageId }: DeliveredCopy) => `/users/${userId}/messages/${messageId}`;
const read = (sandbox: Sandbox, copy: DeliveredCopy) => sandbox.call('GET', pathOf(copy), undefined, IMMUTABLE);
const softDelete = (sandbox: Sandbox, copy: DeliveredCopy) =>
  sandbox.call('POST', `${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' }, IMMUTABLE);

describe('four requests under way', () => {
  async function statuses(fourInAll: boolean) {
    await using sandbox = await openSandbox({
      users: Array.from({ length: 8 }, (_, n) => `user${n}`),
      graph: { beliefs: { fourInAll }, limits: { serviceMs: [100, 101] } },
    });
    const copies = Array.from({ length: 8 }, (_, n) => deliver(sandbox, `user${n}`));
    const batch = (some: readonly DeliveredCopy[]) => ({
      requests: some.map((copy, n) => ({ id: `${n}`, method: 'GET', url: pathOf(copy), headers: IMMUTABLE })),
    });
    const answers = await Promise.all(
      [copies.slice(0, 4), copies.slice(4)].map((some) => sandbox.call('POST', '/$batch', batch(some))),
    );
    return answers.flatMap(({ body }) => body.responses.map(({ status }: { status: number }) => status)).toSorted();
  }

  test('are allowed for each mailbox', async () => {
    expect(await statuses(false)).toEqual(Array(8).fill(200));
  });

  test('are all there is for the app, where the stricter reading holds', async () => {
    const found = await statuses(true);
    expect(found.filter((status) => status === 429)).not.toHaveLength(0);
    expect(found.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
  });

  test('wait for each other inside one batch under either reading', async () => {
    await using sandbox = await openSandbox({ graph: { beliefs: { fourInAll: true }, limits: { serviceMs: [5, 6] } } });
    const copy = deliver(sandbox);
    const requests = Array.from({ length: 20 }, (_, n) => ({
      id: `${n}`,
      method: 'GET',
      url: pathOf(copy),
      headers: IMMUTABLE,
    }));
    const { body } = await sandbox.call('POST', '/$batch', { requests });
    expect(body.responses.map(({ status }: { status: number }) => status)).toEqual(Array(20).fill(200));
  });
});

test('Identity Protection takes one question a second, and names no wait', async () => {
  await using sandbox = await openSandbox();
  const id = sandbox.tenant.userByKey('alice@contoso.com')?.id ?? '';
  sandbox.tenant.setRisk(id, { riskState: 'atRisk', riskLevel: 'high' });
  const ask = () => sandbox.call('GET', `/identityProtection/riskyUsers/${id}`);
  const [first, second] = [await ask(), await ask()];
  expect([first.status, second.status, second.headers.get('retry-after')]).toEqual([200, 429, null]);
  sandbox.pass(1_000);
  expect((await ask()).status).toBe(200);
});

describe('an answer', () => {
  function encodingOf(sandbox: Sandbox, headers: Record<string, string>): Promise<string | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    const asked = request(
      `${sandbox.graph.url}/v1.0/users?$top=999`,
      { headers: { Authorization: `Bearer ${sandbox.token}`, ...headers } },
      (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      },
    );
    asked.on('error', reject);
    asked.end();
    return promise;
  }

  test('is compressed for whoever asks for it, and for nobody else', async () => {
    await using sandbox = await openSandbox({ users: Array.from({ length: 30 }, (_, n) => `user${n}`) });
    expect(await encodingOf(sandbox, { 'Accept-Encoding': 'gzip, deflate' })).toBe('gzip');
    expect(await encodingOf(sandbox, {})).toBeUndefined();
    expect(await encodingOf(sandbox, { 'Accept-Encoding': 'br' })).toBeUndefined();
    // fetch asks by itself, and reads what it gets.
    expect((await sandbox.call('GET', '/users')).body.value).toHaveLength(30);
  });
});

test('tokens that were used are refused once they are revoked, with what a new one needs; a new one is good', async () => {
  await using sandbox = await openSandbox();
  const copy = deliver(sandbox);
  expect((await read(sandbox, copy)).status).toBe(200);
  sandbox.graph.revokeTokens();
  const refused = await read(sandbox, copy);
  expect(refused.status).toBe(401);
  const claims = /claims="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toHaveProperty('access_token.nbf.essential', true);
  const fresh = await sandbox.entra.issue({ clientId: APP, lifetimeSeconds: 3_600 });
  expect((await send(`${sandbox.graph.url}/v1.0${pathOf(copy)}`, 'GET', fresh, undefined, IMMUTABLE)).status).toBe(200);
});

describe('a mailbox', () => {
  test('whose Recoverable Items is full takes no mail there, and gives out what is in it', async () => {
    await using sandbox = await openSandbox();
    const [before, after] = [deliver(sandbox), deliver(sandbox)];
    await softDelete(sandbox, before);
    sandbox.graph.faults.set({ binFull: true }, after.userId);
    const refused = await softDelete(sandbox, after);
    expect([refused.status, refused.body.error.code]).toEqual([507, 'ErrorQuotaExceeded']);
    const destroyed = await sandbox.call('POST', `${pathOf(after)}/permanentDelete`, {}, IMMUTABLE);
    expect(destroyed.status).toBe(507);
    expect((await read(sandbox, after)).status).toBe(200);
    const back = await sandbox.call('POST', `${pathOf(before)}/move`, { destinationId: 'inbox' }, IMMUTABLE);
    expect(back.status).toBe(201);
  });

  test('may answer for ever that it is stale, with or without a wait', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    for (const retryAfter of [[45, 45] as const, null]) {
      sandbox.graph.faults.set({ unavailable: { share: 1, retryAfter, code: 'MailboxInfoStale' } }, copy.userId);
      const { status, body, headers } = await read(sandbox, copy);
      expect([status, body.error.code]).toEqual([503, 'MailboxInfoStale']);
      expect(headers.get('retry-after')).toBe(retryAfter === null ? null : '45.000');
    }
  });

  test('on-premises or soft-deleted answers two ways in turns, and its owner is in the directory', async () => {
    await using sandbox = await openSandbox();
    const copy = deliver(sandbox);
    sandbox.graph.faults.set({ access: 'wavering' }, copy.userId);
    const codes = new Set<string>();
    for (let n = 0; n < 20; n += 1) codes.add((await read(sandbox, copy)).body.error.code);
    expect([...codes].toSorted()).toEqual(['MailboxNotEnabledForRESTAPI', 'ResourceNotFound']);
    expect((await sandbox.call('GET', `/users/${copy.userId}`)).status).toBe(200);
  });
});
