import { describe, expect, it } from 'vitest';
import { ClawbackError, RoomError } from '../../src/core/error.ts';

describe('an expected failure', () => {
  const cause = new Error('the socket was cut');

  it('says what it is about, and names the field where there is one', () => {
    const { name, code, message, field } = new ClawbackError('config', 'is no port', { field: 'http.port' });
    expect([name, code, message, field]).toEqual(['ClawbackError', 'config', 'is no port', 'http.port']);
    expect(new ClawbackError('not-found', 'no such incident').field).toBeNull();
  });

  it('of a room says when to come back, where the platform said so', () => {
    const { name, kind, message, retryAfterMs } = new RoomError('throttled', 'too many', { retryAfterMs: 30_000 });
    expect([name, kind, message, retryAfterMs]).toEqual(['RoomError', 'throttled', 'too many', 30_000]);
    expect(new RoomError('gone', 'no such message').retryAfterMs).toBe(0);
  });

  it('keeps what it came from', () => {
    expect(new ClawbackError('unavailable', 'x', { cause }).cause).toBe(cause);
    expect(new RoomError('lost', 'x', { cause }).cause).toBe(cause);
  });

  it('that came from nothing does not look as if it had', () => {
    expect([new ClawbackError('invalid', 'x'), new RoomError('refused', 'x')].map((error) => 'cause' in error)).toEqual(
      [false, false],
    );
  });
});
