import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createMailboxes } from '../../src/adapters/graph/mailboxes.ts';
import { graph, type InnerAnswer, type Script } from './graph-loopback.ts';

/** What one message says, as Graph answers it; whatever it answers, nothing is thrown. */

const MAILBOX = '11111111-0000-4000-8000-000000000001';
const MESSAGE = 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A';

async function read(script: Script, target = { mailbox: MAILBOX, message: MESSAGE }) {
  const server = await graph(script);
  const { excerpts } = createMailboxes({
    baseUrl: server.baseUrl,
    token: async () => 'a-token',
    clock: Date.now,
    ids: randomUUID,
    sleep: async () => undefined,
  });
  return { answer: await excerpts.text(target), server };
}
const answered = (status: number, body: unknown): Script => ({ inner: (): InnerAnswer => ({ status, body }) });

describe('the text of a mail', () => {
  test('is asked for as text, by the id that stays, and nothing else is asked for', async () => {
    const body = { body: { contentType: 'text', content: 'Dear Ann' } };
    const { answer, server } = await read(answered(200, body));
    expect(answer).toMatchObject({ status: 'ok', text: { type: 'text', content: 'Dear Ann' } });
    expect(server.inner()).toMatchObject([
      {
        method: 'GET',
        url: `/users/${MAILBOX}/messages/${MESSAGE}?$select=body`,
        headers: { Prefer: 'IdType="ImmutableId", outlook.body-content-type="text"' },
      },
    ]);
  });

  test.each(['html', 'HTML', 'rtf'])('that comes as %s all the same is taken for markup', async (contentType) => {
    const { answer } = await read(answered(200, { body: { contentType, content: '<p>x</p>' } }));
    expect(answer).toMatchObject({ status: 'ok', text: { type: 'html' } });
  });

  test.each([
    [404, { error: { code: 'ErrorItemNotFound' } }, '404 ErrorItemNotFound'],
    [403, { error: { code: 'ErrorAccessDenied' } }, '403 ErrorAccessDenied'],
    [429, { error: { code: 'TooManyRequests' } }, 'the mailbox asks to wait'],
    [200, { body: { content: 7 } }, 'the answer has an unknown shape'],
    [200, null, 'the answer has an unknown shape'],
  ])('that is answered with %i %j is not read, and why is said', async (status, body, detail) => {
    const { answer } = await read(answered(status, body));
    expect(answer).toMatchObject({ status: 'not read', detail });
  });

  test('is not asked for where that is no message', async () => {
    const { answer, server } = await read({}, { mailbox: MAILBOX, message: '..' });
    expect([answer.status, server.seen]).toEqual(['not read', []]);
  });
});
