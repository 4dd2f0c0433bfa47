import { describe, expect, it } from 'vitest';
import { createGraphClient, type GraphClientOptions } from '../../src/adapters/microsoft/client.ts';
import { TimeIsUp } from '../../src/adapters/microsoft/transport-error.ts';
import { graph, guid, mailOn } from './graph-loopback.ts';

/** Nothing leaves a process whose time is up: looked at when the first byte would leave. */

const HOLDS = { left: () => 60_000 };
const OVER = { left: () => 0 };
const target = (n: number) => ({ mailbox: guid(n), message: `m-${n}` });
const marks = { isRead: true, flag: 'notFlagged', categories: [] };

function clientOn(baseUrl: string, options: Partial<GraphClientOptions> = {}) {
  return createGraphClient({ baseUrl, token: async () => 'a-token', ids: () => 'our-id', ...options });
}

describe('a request whose time is up', () => {
  it.each([0, 1])('at whatever moment on its way: after %i looks that found time', async (last) => {
    const server = await graph({});
    let looks = 0;
    const term = { left: () => (looks++ < last ? 60_000 : 0) };
    await expect(clientOn(server.baseUrl).post('/$batch', {}, term)).rejects.toBeInstanceOf(TimeIsUp);
    expect(server.seen).toEqual([]);
  });

  it('while a token was waited for', async () => {
    const server = await graph({});
    let left = 60_000;
    const token = async () => {
      left = 0;
      return 'a-token';
    };
    const post = clientOn(server.baseUrl, { token }).post('/$batch', {}, { left: () => left });
    await expect(post).rejects.toMatchObject({ name: 'TimeIsUp', sent: false });
    expect(server.seen).toEqual([]);
  });

  it('while it was under way: it is broken off, and may have had its effect', async () => {
    const server = await graph({ outer: () => true });
    const post = clientOn(server.baseUrl, { timeoutMs: 3_600_000 }).post('/$batch', {}, { left: () => 1_050 });
    await expect(post).rejects.toMatchObject({ sent: true, message: 'timeout' });
    expect(server.seen).toHaveLength(1);
  });

  it('while it was under way, with a moment left: the answer is heard', async () => {
    let left = 60_000;
    const server = await graph({
      outer: () => {
        left = 500;
        return false;
      },
    });
    expect(await clientOn(server.baseUrl).post('/$batch', {}, { left: () => left })).toMatchObject({ status: 200 });
  });

  it('is sent as ever while there is time', async () => {
    const server = await graph({});
    expect(await clientOn(server.baseUrl).post('/$batch', {}, HOLDS)).toMatchObject({ status: 200 });
    expect(server.seen[0]).toMatchObject({ headers: { authorization: 'Bearer a-token' } });
  });
});

describe('a write whose time is up', () => {
  it.each(['softDelete', 'hardDelete'] as const)('%s is not sent, and says so', async (method) => {
    const server = await graph({});
    expect(await mailOn(server).mail[method]([target(1)], OVER)).toMatchObject([{ status: 'unsent' }]);
    expect(server.seen).toEqual([]);
  });

  it('a mark is not sent, and says so', async () => {
    const server = await graph({});
    const order = { ...target(1), categories: [], flag: null };
    expect(await mailOn(server).mail.mark([order], OVER)).toMatchObject([{ status: 'unsent' }]);
    expect(server.seen).toEqual([]);
  });

  it('putting back is not sent, and says so', async () => {
    const server = await graph({});
    const order = { ...target(1), folderId: 'f-1', moved: false, ...marks };
    expect(await mailOn(server).mail.putBack([order], OVER)).toMatchObject([{ status: 'unsent' }]);
    expect(server.seen).toEqual([]);
  });

  it('others in the same batch, who have time, go on without it', async () => {
    const server = await graph({});
    const { mail } = mailOn(server);
    const [late, inTime] = await Promise.all([
      mail.softDelete([target(1), target(2)], OVER),
      mail.softDelete([target(3)], HOLDS),
    ]);
    expect([...late, ...inTime].map(({ status }) => status)).toEqual(['unsent', 'unsent', 'done']);
    expect(server.inner().map(({ url }) => url)).toEqual([expect.stringContaining(guid(3))]);
  });

  it('readings are answered also where a write beside them has no time left', async () => {
    const server = await graph({});
    const { mail } = mailOn(server);
    const [, read] = await Promise.all([mail.softDelete([target(1)], OVER), mail.read([target(2)])]);
    expect(read[0]?.status).not.toBe('unsent');
    expect(server.inner().some(({ method }) => method === 'POST')).toBe(false);
  });
});

describe('a process that gives its work away', () => {
  it('breaks off what is under way, which may have had its effect', async () => {
    const leaving = new AbortController();
    const server = await graph({
      outer: () => {
        leaving.abort();
        return true;
      },
    });
    const post = clientOn(server.baseUrl, { givenAway: leaving.signal }).post('/$batch', {}, HOLDS);
    await expect(post).rejects.toMatchObject({ sent: true });
    expect(server.seen).toHaveLength(1);
  });

  it('sends nothing more, and says of each that it was not done', async () => {
    const server = await graph({});
    const { mail } = mailOn(server, { givenAway: AbortSignal.abort() });
    const [removed, read] = await Promise.all([mail.softDelete([target(1)], HOLDS), mail.read([target(2)])]);
    expect([...removed, ...read].map(({ status }) => status)).toEqual(['throttled', 'throttled']);
    expect(server.seen).toEqual([]);
  });

  it('sends nothing that was waiting for its token when it was given away', async () => {
    const server = await graph({});
    const leaving = new AbortController();
    const token = async () => {
      leaving.abort();
      return 'a-token';
    };
    const post = clientOn(server.baseUrl, { token, givenAway: leaving.signal }).post('/$batch', {});
    await expect(post).rejects.toMatchObject({ sent: false });
    expect(server.seen).toEqual([]);
  });
});

describe('every call has an end', () => {
  it('where an answer begins and never ends', async () => {
    const server = await graph({
      outer: (_, response) => Boolean(response.writeHead(200, { 'content-type': 'application/json' }).write('{"resp')),
    });
    const post = clientOn(server.baseUrl, { timeoutMs: 100 }).post('/$batch', {});
    await expect(post).rejects.toMatchObject({ sent: true });
  });

  it('where no token ever comes', async () => {
    const server = await graph({});
    const client = clientOn(server.baseUrl, { timeoutMs: 50, token: () => new Promise<never>(() => undefined) });
    await expect(client.post('/$batch', {})).rejects.toMatchObject({ sent: false, message: 'no token in time' });
    expect(server.seen).toEqual([]);
  });
});
