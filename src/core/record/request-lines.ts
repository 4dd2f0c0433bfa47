/** One line for each request to Microsoft that is about to be sent, and one for what it was answered. Lines are only ever added. */

/** A request inside a batch. */
export interface Inner {
  /** Its `client-request-id`. */
  readonly id: string;
  readonly method: string;
  /** What it is for, in our words. */
  readonly operation: string;
  /** After the version; of it only the form is kept. */
  readonly path: string;
  /** Object id of the mailbox it is about; null where it is about none. */
  readonly mailbox: string | null;
  /** Run or incident that it is sent for, where that is known. */
  readonly cause: string | null;
}

/** One HTTP request, about to be sent. */
export interface Outgoing {
  /** Its `client-request-id`: of each attempt another one. */
  readonly id: string;
  readonly method: string;
  readonly operation: string;
  readonly path: string;
  readonly cause: string | null;
  /** Whether it, or a request inside it, may change anything. */
  readonly changes: boolean;
  readonly inner: readonly Inner[];
}

/** Status of the HTTP request, `null` where no answer came, 'unsent' where certainly nothing left. */
export type Answered = number | null | 'unsent';

/** Of a path only its form: ids, addresses and questions are left out. */
export function formOf(path: string): string {
  const end = path.indexOf('?');
  return (end < 0 ? path : path.slice(0, end)).replace(/[^/]+/g, (part) => (isWord(part) ? part : '{}'));
}

/** Names of things in Graph, and of well-known folders; ids hold digits and other signs, or are longer. */
const isWord = (part: string) => /^\$?[a-z]{1,40}$/i.test(part);

export function aboutLine({ id, method, operation, path, cause, inner }: Outgoing, at: string): string {
  return JSON.stringify({
    id,
    at,
    method,
    what: operation,
    path: formOf(path),
    ...(cause === null ? {} : { for: cause }),
    ...(inner.length === 0
      ? {}
      : {
          of: inner.map((one) => [
            one.id,
            one.method,
            one.operation,
            formOf(one.path),
            one.mailbox,
            ...(one.cause === cause ? [] : [one.cause]),
          ]),
        }),
  });
}

export function answerLine(to: string, at: string, status: Answered, inner: readonly number[]): string {
  return JSON.stringify({ to, at, status, ...(inner.length === 0 ? {} : { of: inner }) });
}

export function lostLine(lost: number, at: string): string {
  return JSON.stringify({ lost, at });
}

export interface Whole {
  readonly text: string;
  readonly requests: number;
  readonly lost: number;
  readonly from: string;
  readonly until: string;
}

/** What a process that ended in the middle left behind, without the line that it had only begun; null where that is nothing. */
export function wholeLines(left: string): Whole | null {
  const read = left.split('\n').flatMap((line) => {
    const known = readLine(line);
    return known ? [{ ...known, line }] : [];
  });
  const [first, last] = [read[0], read.at(-1)];
  if (!first || !last) return null;
  return {
    text: `${read.map(({ line }) => line).join('\n')}\n`,
    requests: read.reduce((sum, { requests }) => sum + requests, 0),
    lost: read.reduce((sum, { lost }) => sum + lost, 0),
    from: first.at,
    until: last.at,
  };
}

function readLine(line: string): { readonly at: string; readonly requests: number; readonly lost: number } | null {
  let read: { at?: unknown; id?: unknown; of?: unknown; lost?: unknown } | null;
  try {
    read = JSON.parse(line) as typeof read;
  } catch {
    return null;
  }
  if (typeof read?.at !== 'string') return null;
  const isAbout = typeof read.id === 'string';
  return {
    at: read.at,
    requests: isAbout ? 1 + (Array.isArray(read.of) ? read.of.length : 0) : 0,
    lost: typeof read.lost === 'number' ? read.lost : 0,
  };
}
