export type Json = Record<string, unknown>;

/** What one operation answers, before it becomes HTTP or a part of a batch. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** undefined: no body at all. */
  readonly body?: unknown;
  /** In place of a body, for the few answers that are no JSON. */
  readonly text?: string;
}

export function ok(body: unknown, status = 200): Reply {
  return { status, body };
}

/** Graph's error body; `innerError` is completed where the request ids are known. */
export function problem(status: number, code: string, message: string, headers?: Record<string, string>): Reply {
  return { status, body: { error: { code, message } }, ...(headers === undefined ? {} : { headers }) };
}

export function record(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}

export function fail(status: number, code: string, message: string): never {
  throw new Refused(problem(status, code, message));
}

export function badRequest(message: string): never {
  fail(400, 'BadRequest', message);
}

/** An operation that ends early with this answer. */
export class Refused extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.name = 'Refused';
    this.reply = reply;
  }
}
