import { z } from 'zod';
import type { GraphClient, GraphReply } from '../adapters/microsoft/client.ts';
import { errorCode, retryAfterMs } from '../adapters/microsoft/said.ts';
import { type Said, Stopped } from './trial-end.ts';

/** One request of the trial. `step` is what people call it; only it is ever shown. */
interface TrialCall {
  readonly step: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After the version, encoded. */
  readonly path: string;
  readonly body?: unknown;
}

export interface Timing {
  readonly step: string;
  readonly times: number;
  readonly medianMs: number;
  readonly longestMs: number;
  /** How many of them drew 429 or 503. */
  readonly throttled: number;
}

export interface LineOptions {
  readonly client: GraphClient;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>;
}

export interface Line {
  /** One request, waited for and sent again while Graph says that it is too much. Throws only Stopped. */
  ask(call: TrialCall, stop: AbortSignal): Promise<Said>;
  /** All in one batch and exactly once. `whole` is the answer to the batch, `parts` are in the order of the calls. */
  together(
    calls: readonly Linked[],
    stop: AbortSignal,
  ): Promise<{ readonly whole: Said; readonly parts: readonly Said[] }>;
  timings(): readonly Timing[];
  /** What the clock here is ahead of the service, milliseconds; 0 before its first answer. */
  aheadMs(): number;
}

/** `after`: positions of the calls that have to be answered first. */
export interface Linked extends TrialCall {
  readonly after?: readonly number[];
}

const MOST_TRIES = 5;
/** Nobody sits in front of a terminal for longer than this without a word. */
const LONGEST_WAIT_MS = 120_000;
const UNTOLD_WAIT_MS = 5_000;

const Batch = z.object({ responses: z.array(z.unknown()) });
const Part = z.object({
  id: z.coerce.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});

/** Everything goes through $batch, alone where it stands alone: the way of the product itself. */
export function createLine({ client, clock, sleep }: LineOptions): Line {
  const heard: { step: string; ms: number; throttled: boolean }[] = [];
  let ahead = 0;

  async function post(calls: readonly Linked[]): Promise<{ whole: Said; parts: readonly Said[] }> {
    const startedAt = clock();
    let reply: GraphReply | null = null;
    try {
      reply = await client.post('/$batch', { requests: calls.map(wire) });
    } catch {
      // What the network says about itself may name hosts: that no answer came is all that is told.
    }
    const ms = clock() - startedAt;
    const date = Date.parse(reply?.headers.get('date') ?? '');
    if (!Number.isNaN(date)) ahead = clock() - date;
    const whole = reply ? saidBy(reply, ms, clock()) : { ...SILENCE, ms };
    const answers = Batch.safeParse(reply?.body).data?.responses ?? [];
    const read = answers.flatMap((answer) => Part.safeParse(answer).data ?? []);
    const parts = calls.map((_, n): Said => {
      const found = read.find(({ id }) => id === String(n));
      if (found) return saidIn(found, ms, clock());
      return whole.status >= 200 && whole.status < 300 ? { ...SILENCE, ms } : whole;
    });
    for (const [n, { step }] of calls.entries()) heard.push({ step, ms, throttled: isThrottled(parts[n]) });
    return { whole, parts };
  }

  return {
    async ask(call, stop) {
      for (let tries = 1; ; tries += 1) {
        if (stop.aborted) throw new Stopped();
        const said = (await post([call])).parts[0] ?? SILENCE;
        // A 503 after a creation may hide a mail: whoever made something has to look for it, not make another.
        const again = said.status === 429 || (said.status === 503 && !call.step.startsWith('create'));
        const waitMs = said.retryAfterMs ?? UNTOLD_WAIT_MS;
        if (!again || tries === MOST_TRIES || waitMs > LONGEST_WAIT_MS) return said;
        await sleep(waitMs, stop).catch(() => {
          throw new Stopped();
        });
      }
    },
    async together(calls, stop) {
      if (stop.aborted) throw new Stopped();
      return await post(calls);
    },
    timings: () => [...Map.groupBy(heard, ({ step }) => step)].map(([step, all]) => timingOf(step, all)),
    aheadMs: () => ahead,
  };
}

const SILENCE: Said = { status: 0, code: '', body: undefined, ms: 0, retryAfterMs: null };

function wire({ method, path, body, after = [] }: Linked, n: number) {
  return {
    id: String(n),
    method,
    url: path,
    headers: { Prefer: 'IdType="ImmutableId"', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
    ...(after.length === 0 ? {} : { dependsOn: after.map(String) }),
  };
}

function saidBy({ status, body, headers }: GraphReply, ms: number, now: number): Said {
  return { status, code: errorCode(body), body, ms, retryAfterMs: waitIn(status, headers.get('retry-after'), now) };
}

function saidIn({ status, headers, body }: z.infer<typeof Part>, ms: number, now: number): Said {
  const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  const after = header === undefined ? null : String(header);
  return { status, code: errorCode(body), body, ms, retryAfterMs: waitIn(status, after, now) };
}

function waitIn(status: number, header: string | null, now: number): number | null {
  return (status === 429 || status === 503) && header !== null ? retryAfterMs(header, now) : null;
}

function isThrottled(said: Said | undefined): boolean {
  return said?.status === 429 || said?.status === 503;
}

function timingOf(step: string, all: readonly { readonly ms: number; readonly throttled: boolean }[]): Timing {
  const sorted = all.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    step,
    times: all.length,
    medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    longestMs: Math.round(sorted.at(-1) ?? 0),
    throttled: all.filter(({ throttled }) => throttled).length,
  };
}
