export interface Said {
  /** 0: no answer came. */
  readonly status: number;
  /** Graph's own word for a refusal, '' where there is none. */
  readonly code: string;
  readonly body: unknown;
  /** Of the HTTP request it travelled in. */
  readonly ms: number;
  /** What a 429 or 503 asks for; null: nothing. */
  readonly retryAfterMs: number | null;
}

/** Somebody asked the trial to end. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

/** A step that had to work did not. The words can be shared: they name neither people nor mail. */
export class StepFailed extends Error {
  readonly status: number;
  readonly answer: string;
  constructor(step: string, said: Said) {
    super(`${step}: ${answerWords(said)}`);
    this.name = 'StepFailed';
    this.status = said.status;
    this.answer = answerWords(said);
  }
}

/** Graph's answer in words that name nothing of the tenant. */
export function answerWords({ status, code }: Said): string {
  return status === 0 ? 'no answer' : `${status} ${code}`.trim();
}

export function succeeded({ status }: Said): boolean {
  return status >= 200 && status < 300;
}

/** `said`, or the failure of its step. */
export function needed(step: string, said: Said): Said {
  if (!succeeded(said)) throw new StepFailed(step, said);
  return said;
}
