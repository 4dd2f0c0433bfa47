/** Expected failures, as a closed set of codes. Anything else is a bug and travels as it is. */
export type ErrorCode =
  | 'config'
  | 'store-busy'
  | 'not-found'
  | 'invalid'
  | 'replayed'
  | 'unauthorized'
  | 'too-large'
  | 'unavailable';

export class ClawbackError extends Error {
  readonly code: ErrorCode;
  /** The field or key that is wrong, where there is one. */
  readonly field: string | null;
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; field?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClawbackError';
    this.code = code;
    this.field = options.field ?? null;
  }
}

/**
 * Why a chat platform did not take a card.
 * `throttled`: come back after `retryAfterMs`. `lost`: sent, answer unknown, so it may or may not be there.
 * `gone`: the message no longer exists. `fixed`: it is there and cannot be changed any more. `doubtful`: the platform says
 * one of the two and has been known to say so in error. `dead`: the room takes nothing any more.
 * `refused`: the platform said no; the message was not sent. `unfit`: the same, and for what is in this message or how long
 * it is: that says nothing of the room.
 */
export type RoomFailure = 'throttled' | 'lost' | 'gone' | 'fixed' | 'doubtful' | 'dead' | 'refused' | 'unfit';

export class RoomError extends Error {
  readonly kind: RoomFailure;
  readonly retryAfterMs: number;
  constructor(kind: RoomFailure, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RoomError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** A card in a channel that was the room of the cards once: that the channel is dead means nothing but a new card in this one. */
export function notOurRoom(error: unknown): unknown {
  return error instanceof RoomError && error.kind === 'dead'
    ? new RoomError('gone', error.message, { cause: error })
    : error;
}
