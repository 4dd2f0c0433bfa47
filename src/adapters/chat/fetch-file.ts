import { type FileTrouble, MOST_FILE_BYTES } from '../../core/find/offered-file.ts';

/** Fetches what lies at an address that a chat has named. Whether that is one of the chat's own is for the chat to say. */

export type Fetched = { readonly bytes: Buffer } | { readonly trouble: FileTrouble };

export interface FileOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, as the chat says; null where it does not. */
  readonly size: number | null;
  readonly fetch: typeof fetch;
  /** All bytes of it, milliseconds. Somebody waits for the answer. */
  readonly withinMs?: number;
}

const WITHIN_MS = 20_000;
const GONE: ReadonlySet<number> = new Set([404, 410]);
const NO: ReadonlySet<number> = new Set([401, 403]);

/** Never throws. A redirect is not followed: it leads to a sign-in, or to where nobody has looked. */
export async function fetchFile({ url, headers, size, fetch: send, withinMs }: FileOrder): Promise<Fetched> {
  const signal = AbortSignal.timeout(withinMs ?? WITHIN_MS);
  if ((size ?? 0) > MOST_FILE_BYTES) return { trouble: 'too large' };
  const response = await send(url, {
    headers: { ...headers, 'accept-encoding': 'identity' },
    redirect: 'manual',
    signal,
  }).catch(() => null);
  if (!response) return { trouble: 'no answer' };
  const trouble = troubleIn(response);
  if (trouble) {
    await response.body?.cancel().catch(() => undefined);
    return { trouble };
  }
  const fetched = await bytesOf(response, signal);
  if ('trouble' in fetched) return fetched;
  if (isPage(response, fetched.bytes)) return { trouble: 'a web page' };
  return size !== null && fetched.bytes.length !== size ? { trouble: 'cut off' } : fetched;
}

function troubleIn({ status, headers }: Response): FileTrouble | null {
  if (GONE.has(status)) return 'deleted';
  if (NO.has(status) || (status >= 300 && status < 400)) return 'not handed out';
  if (status !== 200) return 'no answer';
  return Number(headers.get('content-length') ?? 0) > MOST_FILE_BYTES ? 'too large' : null;
}

/** Cut at the limit whatever was announced: no more than that is ever held. */
async function bytesOf({ body }: Response, signal: AbortSignal): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > MOST_FILE_BYTES) return { trouble: 'too large' };
      chunks.push(chunk);
    }
  } catch {
    return { trouble: signal.aborted ? 'no answer' : 'cut off' };
  }
  return { bytes: Buffer.concat(chunks) };
}

/** Said to be one, and looking like one: a mail has no `<` before its first header. */
function isPage({ headers }: Response, bytes: Buffer): boolean {
  const isHtml = /^text\/html\b/i.test(headers.get('content-type') ?? '');
  return isHtml && /^[\s\ufeff]*</.test(bytes.subarray(0, 512).toString('utf8'));
}
