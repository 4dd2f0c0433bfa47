import { z } from 'zod';
import type { Excerpts } from '../../ports/excerpts.ts';
import { query } from '../microsoft/client.ts';
import { readingOf, targetProblem } from './answer.ts';
import type { Batcher } from './batch.ts';
import { messagePath } from './requests.ts';

/** Somebody waits for it in a chat, milliseconds. */
const WITHIN_MS = 8_000;
/** Graph turns HTML into text by itself; where it does not, the type says so [learn.microsoft.com/graph/api/message-get]. */
const AS_TEXT = 'outlook.body-content-type="text"';
const Body = z.object({
  body: z.object({ contentType: z.string().transform((type) => type.toLowerCase()), content: z.string() }),
});

/** What one message says. One attempt; alone in its batch, because a body may be megabytes long. */
export function createExcerpts(batcher: Batcher, clock: () => number): Excerpts {
  return {
    async text({ mailbox, message }) {
      const problem = targetProblem({ mailbox, message });
      if (problem !== null) return { status: 'not read', detail: problem, requestId: '' };
      const until = clock() + WITHIN_MS;
      const path = `${messagePath({ mailbox, message })}${query({ $select: 'body' })}`;
      const request = { operation: 'excerpt', method: 'GET', path, prefer: AS_TEXT } as const;
      const term = { left: () => until - clock() };
      const reply = await batcher.send(mailbox.toLowerCase(), request, { alone: true, term });
      const { requestId } = reply;
      const answer = readingOf(reply);
      if (answer.status === 'throttled') return { status: 'not read', detail: 'the mailbox asks to wait', requestId };
      if (answer.status !== 'ok') return { status: 'not read', detail: answer.detail, requestId };
      const read = Body.safeParse(reply.kind === 'answer' ? reply.body : null).data?.body;
      if (!read) return { status: 'not read', detail: 'the answer has an unknown shape', requestId };
      // Whatever is no plain text is taken for markup.
      const type = read.contentType === 'text' ? 'text' : 'html';
      return { status: 'ok', text: { type, content: read.content }, requestId };
    },
  };
}
