import http from 'node:http';
import { ClawbackError } from '../core/error.ts';

/** A process that lives answers its socket within this; one that is frozen takes the question and says nothing. */
const ALIVE_WITHIN_MS = 3_000;
/** For some answers the whole record is gone through. */
const ANSWER_WITHIN_MS = 10 * 60_000;

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly withinMs?: number;
}

/**
 * Asks the running Clawback over its operator socket. Throws ClawbackError 'unavailable' when nobody answers there, in time,
 * or when what is asked cannot be answered.
 */
export async function askOperator<T>(
  socketPath: string,
  path: string,
  { method = 'GET', withinMs = ANSWER_WITHIN_MS }: Question = {},
): Promise<T> {
  await ask(socketPath, '/alive', 'GET', ALIVE_WITHIN_MS);
  const { status, text } = await ask(socketPath, path, method, withinMs);
  const body = readJson(text);
  if (status >= 200 && status < 300 && body !== undefined) return body as T;
  throw new ClawbackError(
    'unavailable',
    `the running Clawback answered ${status} on its operator socket${saidBy(body)}`,
  );
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(socketPath: string, path: string, method: string, withinMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(withinMs);
    const failed = (cause: unknown) => {
      const late = `, within ${withinMs / 1_000} s: it is frozen, or this machine is too busy`;
      const words = `the running Clawback did not answer on its operator socket${signal.aborted ? late : ''}`;
      reject(new ClawbackError('unavailable', words, { cause }));
    };
    const request = http.request({ socketPath, path, method, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.on('error', failed);
    request.end();
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The words of a problem document, where it is one. */
function saidBy(body: unknown): string {
  const { detail } = (body ?? {}) as { detail?: unknown };
  return typeof detail === 'string' ? `: ${detail}` : '';
}

/** Where a running Clawback has the embedded database, `why` it did not answer says more. */
export function orWhyBusy<T>(work: Promise<T>, why: ClawbackError): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof ClawbackError && error.code === 'store-busy' ? why : error;
  });
}
