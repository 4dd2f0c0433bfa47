import { z } from 'zod';
import type { Target } from '../../core/find/plan.ts';
import type { Got, MailEvidence } from '../../ports/evidence.ts';
import type { Unread } from '../../ports/reader.ts';
import { query } from '../microsoft/client.ts';
import { readingOf, targetProblem } from './answer.ts';
import type { Batcher } from './batch.ts';
import { createRawMail, type RawMailOptions } from './raw-mail.ts';
import { messagePath } from './requests.ts';

/** Nobody waits for it, and it keeps no worker for ever, milliseconds. */
const WITHIN_MS = 30_000;

/** Only on request, and null for a message that never went over the wire [learn.microsoft.com/graph/api/resources/message]. */
const Headers = z.object({
  internetMessageHeaders: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
});

/**
 * Headers travel in a batch of their own, so that they keep to the few requests at a time that a mailbox takes. A whole
 * message does not: it may be megabytes long, and is counted as it comes.
 */
export function createEvidence(batcher: Batcher, options: RawMailOptions): MailEvidence {
  const { clock } = options;
  const rawMail = createRawMail(options);
  return {
    async headers(target) {
      const problem = targetProblem(target);
      if (problem !== null) return noAnswer(problem, '');
      const until = clock() + WITHIN_MS;
      const path = `${messagePath(target)}${query({ $select: 'internetMessageHeaders' })}`;
      const request = { operation: 'evidence headers', method: 'GET', path } as const;
      const reply = await batcher.send(target.mailbox.toLowerCase(), request, {
        alone: true,
        term: { left: () => until - clock() },
      });
      const { requestId } = reply;
      const answer = readingOf(reply);
      if (answer.status !== 'ok') return failed(answer, requestId);
      const read = Headers.safeParse(reply.kind === 'answer' ? reply.body : null).data;
      if (!read) return noAnswer('the answer has an unknown shape', requestId);
      const headers = (read.internetMessageHeaders ?? []).map(({ name, value }) => ({ name, value: value ?? '' }));
      return { status: 'ok', value: headers, requestId };
    },

    async mime(target: Target, mostBytes: number) {
      const problem = targetProblem(target);
      if (problem !== null) return noAnswer(problem, '');
      const raw = await rawMail(`${messagePath(target)}/$value`, mostBytes);
      const { requestId } = raw;
      if (raw.kind === 'bytes') return { status: 'ok', value: raw.bytes, requestId };
      if (raw.kind === 'too large') {
        const detail = `more than ${mostBytes} bytes, which are the most`;
        return { status: 'too large', detail, requestId };
      }
      if (raw.kind === 'asked to wait')
        return { status: 'no answer', detail: 'the mailbox asks to wait', waitMs: raw.waitMs, requestId };
      const reading = readingOf(raw);
      // What was fine came as bytes.
      return reading.status === 'ok' ? noAnswer('no message came', requestId) : failed(reading, requestId);
    },
  };
}

function failed(answer: Unread, requestId: string): Exclude<Got<never>, { readonly status: 'ok' }> {
  switch (answer.status) {
    case 'denied':
    case 'absent':
      return { status: answer.status, detail: answer.detail, requestId };
    case 'missing':
      return { status: 'absent', detail: answer.detail, requestId };
    case 'throttled':
      return { status: 'no answer', detail: 'the mailbox asks to wait', waitMs: answer.waitMs, requestId };
    case 'unreachable':
    case 'failed':
      return noAnswer(answer.detail, requestId);
  }
}

function noAnswer(detail: string, requestId: string) {
  return { status: 'no answer', detail, waitMs: null, requestId } as const;
}
