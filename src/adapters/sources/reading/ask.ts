import { readJson } from './payload.ts';

/** One question to a vendor's API over HTTP. Whatever it does, the answer is words for people and never a secret. */

export type Answered =
  | { readonly kind: 'answer'; readonly status: number; readonly value: unknown }
  /** `status` null: none came. `waitMs`: how long it wants to be left alone. */
  | { readonly kind: 'failed'; readonly status: number | null; readonly why: string; readonly waitMs: number | null };

interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly until: AbortSignal;
  /** Default: GET without a body. */
  readonly post?: unknown;
}

const WITHIN_MS = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_WAIT_MS = 3_600_000;

/** Any 2xx is an answer, and so is 404; the secret goes to this address and follows no redirect. */
export async function askJson({ url, headers, until, post }: Question): Promise<Answered> {
  try {
    const response = await fetch(url, {
      method: post === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...headers, ...(post === undefined ? {} : JSON_BODY) },
      ...(post === undefined ? {} : { body: JSON.stringify(post) }),
      redirect: 'error',
      signal: AbortSignal.any([until, AbortSignal.timeout(WITHIN_MS)]),
    });
    const text = await bodyOf(response);
    if (response.ok || response.status === 404) return answer(response.status, text);
    const waitMs = waitOf(response.headers.get('retry-after'));
    return { kind: 'failed', status: response.status, why: whyOf(response.status), waitMs };
  } catch (error) {
    return { kind: 'failed', status: null, why: noAnswer(error), waitMs: null };
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function answer(status: number, text: string): Answered {
  if (status === 404 || text.trim() === '') return { kind: 'answer', status, value: undefined };
  const read = readJson(text);
  if (read) return { kind: 'answer', status, value: read.value };
  return { kind: 'failed', status, why: 'its answer is not JSON, or was cut off', waitMs: null };
}

function whyOf(status: number): string {
  if (status === 401 || status === 403) return `it refuses the secret of this source (${status})`;
  return status === 429 ? 'it was asked too often (429)' : `it answers with ${status}`;
}

/** Seconds, or a date in HTTP's form. */
function waitOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, Math.ceil(ms)), LONGEST_WAIT_MS);
}

function noAnswer(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.message;
  return `no answer: ${cause.slice(0, 120)}`;
}
