import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createDefenderMail } from '../../src/adapters/defender/mail.ts';
import { createGraphClient } from '../../src/adapters/microsoft/client.ts';
import { onBehalfOf } from '../../src/adapters/microsoft/on-behalf.ts';
import { idByDefender } from '../../src/core/action/engine-names.ts';
import type { Answered, Outgoing } from '../../src/core/record/request-lines.ts';
import type { RequestLog } from '../../src/ports/requests.ts';
import { graph, huntingOn, json, loopbackGraph, mailOn } from './graph-loopback.ts';

/** What is asked of Microsoft is written down before it leaves. */

const MAILBOX = '11111111-0000-4000-8000-000000000001';
const COPY = { mailbox: MAILBOX, message: 'message-1' };

const NETWORK_ID = '99999999-0000-4000-8000-000000000001';
const COPY_BY_DEFENDER = { mailbox: MAILBOX, message: idByDefender(NETWORK_ID), address: 'ada@contoso.example' };

const defenderOn = (baseUrl: string, requests: RequestLog) =>
  createDefenderMail({
    ...{ baseUrl, requests, token: async () => 'any', ids: randomUUID, clock: Date.now, patienceMs: 60_000 },
    ...{ sleep: async () => undefined, ownerOf: async () => MAILBOX },
  });

type Answer = readonly [id: string, status: Answered, inner: readonly number[]];

function bookkeeper(refuses: (outgoing: Outgoing) => boolean = () => false, seen: () => number = () => 0) {
  const written: (Outgoing & { readonly sentBefore: number })[] = [];
  const answers: Answer[] = [];
  const requests: RequestLog = {
    async before(outgoing) {
      if (refuses(outgoing)) throw new Error('the disk is full');
      written.push({ ...outgoing, sentBefore: seen() });
    },
    after: (...answer) => void answers.push(answer),
  };
  return { requests, written, answers };
}

describe('a request to Microsoft', () => {
  test('is written down, with each inside it, under the ids that are sent, before it is sent', async () => {
    const server = await graph({});
    const { requests, written } = bookkeeper(undefined, () => server.seen.length);
    await mailOn(server, { requests }).mail.softDelete([COPY]);
    const [outer] = server.seen;
    expect(written).toMatchObject([
      {
        ...{ id: outer?.headers['client-request-id'], operation: 'batch', changes: true, sentBefore: 0 },
        inner: [
          { id: outer?.requests[0]?.headers['client-request-id'], method: 'POST', operation: 'move', mailbox: MAILBOX },
        ],
      },
    ]);
  });

  test('has the status of each inside it written behind it, in the order asked', async () => {
    const server = await graph({
      inner: ({ url }) => ({ status: url.includes('message-1') ? 404 : 200, body: {} }),
    });
    const { requests, written, answers } = bookkeeper();
    await mailOn(server, { requests }).mail.softDelete([COPY, { mailbox: MAILBOX, message: 'message-2' }]);
    expect(answers).toEqual([[written[0]?.id, 200, [404, 200]]]);
  });

  test('says for which run it is sent, whoever it travels with', async () => {
    const server = await graph({});
    const { requests, written } = bookkeeper();
    const { mail } = mailOn(server, { requests });
    await Promise.all([
      onBehalfOf('run-1', () => mail.softDelete([COPY])),
      onBehalfOf('run-2', () => mail.softDelete([{ ...COPY, message: 'message-2' }])),
    ]);
    expect(written[0]?.inner.map(({ cause }) => cause)).toEqual(['run-1', 'run-2']);
  });

  test('is not sent where it would change something and cannot be written down', async () => {
    const server = await graph({});
    const { requests } = bookkeeper(() => true);
    const [effect] = await mailOn(server, { requests }).mail.softDelete([COPY]);
    expect([effect?.status, server.seen]).toEqual(['throttled', []]);
  });

  test('is known as one that only reads where nothing inside it writes', async () => {
    const server = await graph({});
    const { requests, written } = bookkeeper();
    await mailOn(server, { requests }).mail.read([COPY]);
    expect(written.map(({ changes }) => changes)).toEqual([false]);
  });

  test('of hunting only reads', async () => {
    const server = await graph({ outer: (_, response) => json(response, 200, { results: [] }) });
    const { requests, written } = bookkeeper();
    await huntingOn(server, { requests }).hunt({ networkMessageId: null, internetMessageId: '<a@contoso.example>' });
    expect(written).toMatchObject([{ operation: 'hunt', path: '/security/runHuntingQuery', changes: false }]);
  });

  test('of Defender is one that only reads, with each question in it under the id that is sent', async () => {
    const server = await graph({ inner: () => ({ status: 200, body: { value: [] } }) });
    const { requests, written, answers } = bookkeeper(undefined, () => server.seen.length);
    const { reader } = defenderOn(server.baseUrl, requests);
    await onBehalfOf('run-1', () => reader.read([COPY_BY_DEFENDER], {}));
    const [outer] = server.seen;
    const id = outer?.requests[0]?.headers['client-request-id'];
    expect(written).toMatchObject([
      {
        ...{ id: outer?.headers['client-request-id'], operation: 'batch', changes: false, sentBefore: 0 },
        inner: [{ id, method: 'GET', operation: 'analyzedEmails', mailbox: null, cause: 'run-1' }],
      },
    ]);
    expect([id, answers]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), [[written[0]?.id, 200, [200]]]]);
  });

  test('of Defender to take mail out is one that changes something, and is not sent where that cannot be written down', async () => {
    const server = await graph({ outer: (_, response) => json(response, 202, {}) });
    const via = { networkMessageId: NETWORK_ID, recipient: 'ada@contoso.example', order: 'case 4711' };
    const take = (requests: RequestLog) =>
      defenderOn(server.baseUrl, requests).effects.softDelete([{ ...COPY_BY_DEFENDER, via }]);
    await take(bookkeeper(() => true).requests);
    expect(server.seen).toEqual([]);
    const { requests, written } = bookkeeper();
    await take(requests);
    expect(written).toMatchObject([{ operation: 'remediate', changes: true, inner: [] }]);
  });

  test('that nobody answers is not said to be answered', async () => {
    const server = await graph({ outer: (_, response) => Boolean(response.destroy()) });
    const { requests, answers } = bookkeeper();
    await mailOn(server, { requests }).mail.softDelete([COPY]);
    expect(answers.map(([, status]) => status)).toEqual([null]);
  });

  test('that certainly never left is told as such', async () => {
    const { requests, answers } = bookkeeper();
    const gone = await loopbackGraph();
    await gone.close();
    await mailOn(gone, { requests }).mail.softDelete([COPY]);
    expect(answers.map(([, status]) => status)).toEqual(['unsent']);
  });

  test('asked for once more with other claims is another one in the log', async () => {
    const claims = Buffer.from('{"access_token":{}}').toString('base64');
    const server = await graph({
      outer: (_, response) =>
        server.seen.length === 1 &&
        json(response, 401, {}, { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` }),
    });
    const { requests, written, answers } = bookkeeper();
    let n = 0;
    const ids = () => {
      n += 1;
      return `id-${n}`;
    };
    const client = createGraphClient({ baseUrl: server.baseUrl, token: async () => 't', ids, requests });
    await client.post('/$batch', { requests: [] });
    expect(server.seen.map(({ headers }) => headers['client-request-id'])).toEqual(written.map(({ id }) => id));
    expect(answers).toEqual([
      ['id-1', 401, []],
      ['id-2', 200, []],
    ]);
  });
});
