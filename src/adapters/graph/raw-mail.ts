import type { RequestLog } from '../../ports/requests.ts';
import { abortedIn } from '../microsoft/attempt.ts';
import type { Observed } from '../microsoft/client.ts';
import { causeNow } from '../microsoft/on-behalf.ts';
import { errorCode, retryAfterMs } from '../microsoft/said.ts';
import type { InnerReply } from './answer.ts';

export interface RawMailOptions {
  /** Of Microsoft Graph, as the client of batches checked it. */
  readonly origin: string;
  readonly token: () => Promise<string>;
  readonly clock: () => number;
  readonly ids: () => string;
  readonly observe: (event: Observed) => void;
  /** Where each request is written down before it leaves, and then what it was answered. */
  readonly requests?: RequestLog;
  /** What it is for, in the log of requests. Default: what is kept of a mail. */
  readonly operation?: string;
  /** Aborted when this process gives its work away. */
  readonly givenAway?: AbortSignal;
}

/** A whole message over a slow line, token included, milliseconds. */
const WITHIN_MS = 120_000;
/** An answer that is no message is an error in JSON. */
const MOST_ERROR_BYTES = 65_536;
const VERSION = '/v1.0';
const FOR_EVIDENCE = 'evidence mime';

type RawReply =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly requestId: string }
  | { readonly kind: 'too large'; readonly requestId: string }
  | { readonly kind: 'asked to wait'; readonly waitMs: number; readonly requestId: string }
  | Extract<InnerReply, { readonly kind: 'answer' | 'lost' }>;

/**
 * GET of something that is no JSON: the message as it was sent, with its path's `$value`
 * [learn.microsoft.com/graph/outlook-get-mime-message]. One attempt, straight, because in a batch it would come whole before
 * anybody could see how large it is. Broken off at the first byte too many. A token that was taken back in the meantime is
 * renewed by whoever else asks Graph: here it is no answer.
 */
export function createRawMail(options: RawMailOptions): (path: string, mostBytes: number) => Promise<RawReply> {
  const { origin, token, clock, ids, observe, requests, givenAway, operation = FOR_EVIDENCE } = options;

  async function asked(path: string, clientRequestId: string, signal: AbortSignal): Promise<Response> {
    const bearer = await within(token(), signal);
    const told = { id: clientRequestId, method: 'GET', path, cause: causeNow(), operation, changes: false };
    await requests?.before({ ...told, inner: [] });
    try {
      const response = await answered(path, clientRequestId, bearer, signal);
      requests?.after(clientRequestId, response.status, []);
      return response;
    } catch (error) {
      requests?.after(clientRequestId, null, []);
      throw error;
    }
  }

  function answered(path: string, clientRequestId: string, bearer: string, signal: AbortSignal): Promise<Response> {
    return fetch(`${origin}${VERSION}${path}`, {
      headers: {
        Authorization: `Bearer ${bearer}`,
        'client-request-id': clientRequestId,
        // The ids of a plan are of this form.
        Prefer: 'IdType="ImmutableId"',
      },
      redirect: 'error',
      signal,
    });
  }

  return async (path, mostBytes) => {
    const clientRequestId = ids();
    const beganAt = clock();
    const timeout = abortedIn(WITHIN_MS);
    const signal = givenAway ? AbortSignal.any([timeout.signal, givenAway]) : timeout.signal;
    let status = 0;
    try {
      const response = await asked(path, clientRequestId, signal);
      status = response.status;
      const requestId = response.headers.get('request-id') ?? clientRequestId;
      return { requestId, ...(await answerIn(response, mostBytes, clock)) };
    } catch (error) {
      return {
        kind: 'lost',
        detail: signal.aborted ? 'no answer in time' : wordsOf(error),
        requestId: clientRequestId,
      };
    } finally {
      timeout.clear();
      observe({ operation, status, ms: clock() - beganAt });
    }
  };
}

type Told<T> = T extends unknown ? Omit<T, 'requestId'> : never;

async function answerIn(response: Response, mostBytes: number, clock: () => number): Promise<Told<RawReply>> {
  const { status, headers } = response;
  if (status === 429 || status === 503) {
    await response.body?.cancel();
    return { kind: 'asked to wait', waitMs: retryAfterMs(headers.get('retry-after'), clock()) };
  }
  if (status !== 200) {
    const body = parsed(await read(response, MOST_ERROR_BYTES));
    return { kind: 'answer', status, code: errorCode(body), body };
  }
  const bytes = await read(response, mostBytes);
  return bytes === null ? { kind: 'too large' } : { kind: 'bytes', bytes };
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : 'no answer');

/** Null where there are more; what came is let go of. A length that is told is believed only where it is too much. */
async function read(response: Response, most: number): Promise<Uint8Array | null> {
  if (!response.body) return new Uint8Array();
  const told = Number(response.headers.get('content-length') ?? 0);
  const isPlain = !response.headers.has('content-encoding');
  if (isPlain && told > most) {
    await response.body.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    // Leaving the loop cancels what is still on its way.
    if (length > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Uint8Array | null): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = () => late.reject(new Error('no token in time'));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
