import { query } from '../adapters/microsoft/client.ts';
import type { Judged } from './trial-beliefs.ts';
import { answerWords, type Said, StepFailed } from './trial-end.ts';
import type { Linked } from './trial-line.ts';
import { type Desk, mailbox } from './trial-own.ts';

/** What Graph makes of batches. Reads only, of one folder's id. */

const MOST_IN_BATCH = 20;

function readOf({ user }: Desk, after: readonly number[] = []): Linked {
  const path = `${mailbox(user)}/mailFolders/inbox${query({ $select: 'id' })}`;
  return { step: 'read in a full batch', method: 'GET', path, after };
}

/** [learn: json-batching; known issue of 2026-06-02]. */
export async function batchPatterns(desk: Desk, stop: AbortSignal): Promise<Judged[]> {
  const send = async (...waits: readonly (readonly number[])[]) =>
    (
      await desk.line.together(
        waits.map((after) => readOf(desk, after)),
        stop,
      )
    ).whole;
  const free = await send([], []);
  const sequence = await send([], [0], [1]);
  const onOne = await send([], [0], [0]);
  const pairs = await send([], [0], [], [2]);
  for (const whole of [free, sequence, onOne, pairs])
    if (whole.status === 0 || whole.status === 429 || whole.status >= 500) throw new StepFailed('send a batch', whole);
  const seen = [
    `nobody waits ${answerWords(free)}`,
    `each for the one before ${answerWords(sequence)}`,
    `all for the same one ${answerWords(onOne)}`,
    `two pairs ${answerWords(pairs)}`,
  ].join(', ');
  const taken = [free, sequence, onOne].every(({ status }) => status === 200);
  const confirmed = taken && pairs.status === 400;
  return [{ belief: 'batch-patterns', verdict: confirmed ? 'confirmed' : 'not so', seen }];
}

/** [learn: throttling-limits, Outlook service]. */
export async function batchLimits(desk: Desk, stop: AbortSignal): Promise<Judged[]> {
  const full = async () =>
    (
      await desk.line.together(
        Array.from({ length: MOST_IN_BATCH }, () => readOf(desk)),
        stop,
      )
    ).parts;
  const one = await full();
  const two = (await Promise.all([full(), full()])).flat();
  return [
    judged('batch-waits', one, (refused) => refused === 0),
    judged('mailbox-limit', two, (refused) => refused > 0),
  ];
}

function judged(belief: Judged['belief'], parts: readonly Said[], holds: (refused: number) => boolean): Judged {
  const refused = parts.filter(({ status }) => status === 429);
  const others = parts.filter(({ status }) => status !== 429 && status !== 200);
  const waits = refused.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  const told =
    waits.length === 0
      ? 'no wait was named'
      : `waits of ${seconds(Math.min(...waits))} to ${seconds(Math.max(...waits))} were named`;
  const seen = [
    `${refused.length} of ${parts.length} drew 429`,
    ...(refused.length > 0 ? [told] : []),
    ...(others[0] ? [`${others.length} had other answers, such as ${answerWords(others[0])}`] : []),
  ].join('; ');
  if (others.length > 0) return { belief, verdict: 'not tried', seen };
  return { belief, verdict: holds(refused.length) ? 'confirmed' : 'not so', seen };
}

export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
