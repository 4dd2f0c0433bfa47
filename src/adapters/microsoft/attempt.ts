/** What one attempt to reach Microsoft Graph came to. */

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return causeCode(error) ?? (error.name === 'TimeoutError' ? 'timeout' : error.message);
}

export function causeCode(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : null;
}

export function challengeOf(response: Response | undefined): string | null {
  if (response?.status !== 401) return null;
  const encoded = /claims="([^"]+)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Whatever a token comes from, it keeps nobody waiting for ever. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error('no token in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** As `AbortSignal.timeout`, which goes off for each of thousands of requests long after they were answered. */
export function abortedIn(ms: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const goOff = () => controller.abort(new DOMException('no answer in time', 'TimeoutError'));
  const timer = setTimeout(goOff, ms);
  timer.unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
