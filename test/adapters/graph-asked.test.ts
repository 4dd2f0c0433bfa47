import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type InnerReply, readingOf } from '../../src/adapters/graph/answer.ts';
import type { Batcher } from '../../src/adapters/graph/batch.ts';
import { innerReplies } from '../../src/adapters/graph/inner-replies.ts';
import { ask, patientReads } from '../../src/adapters/graph/patient.ts';

/** What one question in a batch was answered, and what is made of it. */

const said = (status: number, code = '', body: unknown = {}): InnerReply => ({
  kind: 'answer',
  status,
  code,
  body,
  requestId: 'r',
});
type Sent = Parameters<Batcher['send']>[2];

/** Gives these answers in turn, the last one for ever. */
function answering(...replies: readonly InnerReply[]): Batcher {
  let n = 0;
  return {
    send: () => {
      const reply = replies[Math.min(n, replies.length - 1)] as InnerReply;
      n += 1;
      return Promise.resolve(reply);
    },
  };
}
const asked = (...replies: readonly InnerReply[]) =>
  ask(
    { batcher: answering(...replies), sleep: () => Promise.resolve(), rounds: 2 },
    'lane',
    'read',
    '/users/one',
    z.object({}),
  );

describe('a question', () => {
  test('that Graph keeps failing is given up in its words, and may have an answer later', async () => {
    expect(await asked(said(500, 'ErrorInternalServerError'))).toMatchObject({
      ok: false,
      result: 'failed',
      detail: '500 ErrorInternalServerError',
      later: true,
    });
  });

  test('to which no answer comes is given up as that', async () => {
    expect(await asked({ kind: 'lost', detail: 'ECONNRESET', requestId: 'r' })).toMatchObject({
      result: 'failed',
      detail: 'no answer',
      later: true,
    });
  });

  test.each([
    ['ErrorNonExistentMailbox', 'missing'],
    ['MailboxNotEnabledForRESTAPI', 'unreachable'],
  ])(
    'answered with %s says so of the mailbox where it is not found, and nothing where it is refused',
    async (code, is) => {
      expect(await asked(said(404, code))).toMatchObject({ result: is });
      expect(await asked(said(400, code))).toMatchObject({ result: 'failed', absent: false });
      expect([readingOf(said(404, code)).status, readingOf(said(400, code)).status]).toEqual([is, 'failed']);
    },
  );
});

test('a read that was not answered in time is asked once more, alone and for no longer than is left', async () => {
  const turns: Sent[] = [];
  const batcher: Batcher = {
    send: (_lane, _request, how) => {
      turns.push(how);
      how?.sent?.();
      return turns.length === 1 ? new Promise(() => undefined) : Promise.resolve(said(200));
    },
  };
  const reads = patientReads(batcher, () => 0, 10);
  expect(await reads.send('lane', { operation: 'read', method: 'GET', path: '/' })).toMatchObject({ status: 200 });
  expect(turns.map((how) => [how?.alone, how?.term?.left()])).toEqual([
    [false, undefined],
    [true, 6],
  ]);
});

describe('an answer in a batch', () => {
  const POSTS = [{ id: '0', clientRequestId: 'ours' }];
  const replyTo = (response: object) =>
    innerReplies({ responses: [{ id: '0', ...response }] }, POSTS, 0).get('0')?.reply;

  test.each([{}, { headers: null }])('that has no headers (%j) is read all the same', (headers) => {
    expect(replyTo({ status: 200, body: { a: 1 }, ...headers })).toMatchObject({
      kind: 'answer',
      status: 200,
      body: { a: 1 },
      requestId: 'ours',
    });
    expect(replyTo({ status: 429, ...headers })).toMatchObject({ kind: 'throttled', told: false });
  });

  test('counts once, and only for what was asked', () => {
    const [first, second, other] = [
      { id: '0', status: 200 },
      { id: '0', status: 500 },
      { id: '7', status: 200 },
    ];
    const replies = innerReplies({ responses: [first, second, other] }, POSTS, 0);
    expect([...replies].map(([id, { status }]) => [id, status])).toEqual([['0', 200]]);
  });
});
