import { describe, expect, test } from 'vitest';
import { graph, guid, type Inner, json, mailOn, message, type Script, wanted } from './graph-loopback.ts';

/** One mailbox that does not answer keeps nobody waiting: the others are told, and it is told as it is. */

const STUCK = guid(1);
const people = Array.from({ length: 5 }, (_, n) => ({ id: guid(n + 1), mail: `person${n + 1}@contoso.com` }));
const addresses = people.map(({ mail }) => mail);
const isStuck = ({ url }: Inner) => url.startsWith(`/users/${STUCK}/`);

/** Everybody has the message; the first mailbox answers like this. */
function tenantWhere(stuck: (request: Inner) => { status: number; headers?: Record<string, string> } | undefined) {
  return (request: Inner) => {
    const { url } = request;
    if (isStuck(request)) return stuck(request);
    const wantedUser = people.find(({ mail }) => decodeURIComponent(url).includes(mail));
    if (url.startsWith('/users?'))
      return {
        status: 200,
        body: { value: wantedUser ? [{ ...wantedUser, userPrincipalName: wantedUser.mail }] : [] },
      };
    if (url.includes('/mailFolders/')) return { status: 200, body: { id: 'f-inbox', displayName: 'Inbox' } };
    return { status: 200, body: { value: [message()] } };
  };
}

const found = async (mail: ReturnType<typeof mailOn>['mail']) =>
  (await mail.locate(addresses, wanted)).map(({ result, detail }) => `${result} ${detail}`.trim());
const OTHERS = ['found', 'found', 'found', 'found'];

describe('a mailbox that only ever asks to wait', () => {
  test.each([
    ['429', '7', [7_000, 7_000]],
    ['503', '45', []],
    ['503', undefined, [10_000]],
  ])('%s with Retry-After %s is waited for as long as the patience lasts', async (status, wait, waited) => {
    const headers = wait === undefined ? {} : { 'Retry-After': wait };
    const server = await graph({ inner: tenantWhere(() => ({ status: Number(status), headers })) });
    const { mail, waits } = mailOn(server, { patienceMs: 20_000 });
    expect(await found(mail)).toEqual(['failed Microsoft Graph kept asking to wait', ...OTHERS]);
    expect(waits).toEqual(waited);
  });

  test('has as much patience as is configured', async () => {
    const server = await graph({ inner: tenantWhere(() => ({ status: 503, headers: { 'Retry-After': '45' } })) });
    const { mail, waits } = mailOn(server, { patienceMs: 100_000 });
    await found(mail);
    expect(waits).toEqual([45_000, 45_000]);
  });
});

describe('a mailbox that never answers', () => {
  const silent = (): Script => ({
    inner: tenantWhere(() => ({ status: 500 })),
    outer: ({ requests }) => requests.some(isStuck),
  });

  test('is given up; whoever travelled with it is asked for again without it', async () => {
    const server = await graph(silent());
    const { mail } = mailOn(server, { patienceMs: 3_000, timeoutMs: 30_000 });
    expect(await found(mail)).toEqual(['failed no answer', ...OTHERS]);
    const withIt = server.seen.filter(({ requests }) => requests.some(isStuck));
    expect(withIt.map(({ requests }) => requests.length)).toEqual([expect.any(Number), 1]);
  });

  test('is asked for again alone after a lost answer', async () => {
    let lost = 0;
    const server = await graph({
      inner: tenantWhere(() => ({ status: 200 })),
      outer: ({ requests }, response) => {
        if (!requests.some(isStuck)) return false;
        lost += 1;
        return lost === 1 ? Boolean(response.destroy()) : json(response, 200, { responses: [] });
      },
    });
    await found(mailOn(server).mail);
    const withIt = server.seen.filter(({ requests }) => requests.some(isStuck));
    expect(withIt[0]?.requests.length).toBeGreaterThan(1);
    expect(withIt.slice(1).every(({ requests }) => requests.length === 1)).toBe(true);
  });
});

test('a mailbox that never answers keeps no copy of a run waiting: the others are read again without it', async () => {
  const server = await graph({
    inner: (request: Inner) => {
      const bin = { id: 'bin', parentFolderId: 'root' };
      if (request.url.includes('/mailFolders/recoverableitemsdeletions')) return { status: 200, body: bin };
      if (request.url.includes('/mailFolders/')) return { status: 200, body: { id: 'f-inbox', parentFolderId: 'top' } };
      return { status: 200, body: message() };
    },
    outer: ({ requests }) => requests.some(isStuck),
  });
  const { mail } = mailOn(server, { readPatienceMs: 2_500, timeoutMs: 30_000 });
  const targets = people.map(({ id }) => ({ mailbox: id, message: 'AAMk=' }));
  expect((await mail.read(targets)).map(({ status }) => status)).toEqual(['failed', 'ok', 'ok', 'ok', 'ok']);
  // All together at first, as always.
  expect(server.seen[0]?.requests).toHaveLength(10);
});

test('what waits for its turn here is nobody’s slowness', async () => {
  let n = 0;
  // Each HTTP request takes a while: together they take far longer than one mailbox may.
  const server = await graph({
    inner: tenantWhere(() => ({ status: 200 })),
    outer: async () => {
      n += 1;
      await new Promise((resolve) => setTimeout(resolve, 60));
      return false;
    },
  });
  const many = Array.from({ length: 600 }, () => addresses[1] ?? '');
  const { mail } = mailOn(server, { patienceMs: 1_500 });
  const results = new Set((await mail.locate(many, wanted)).map(({ result }) => result));
  expect([...results]).toEqual(['found']);
  expect(n).toBeGreaterThan(60);
});
