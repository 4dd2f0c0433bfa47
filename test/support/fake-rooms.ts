import type { CardView, GatheredView } from '../../src/core/card.ts';
import { RoomError } from '../../src/core/error.ts';
import type { CardRef, NudgedPerson, Platform, Rooms } from '../../src/ports/rooms.ts';

/** A channel in memory: the cards it shows, and the failures it was told to give. */
export interface FakeRooms extends Rooms {
  /** As many new incidents a minute as anybody likes, unless a test says otherwise. */
  newPerMinute: number;
  /** Messages that gather many incidents. */
  readonly gatherings: { ref: CardRef; view: GatheredView; key: string; updates: number }[];
  /** What was sent, in order: `post CB-1`, `update CB-1`, `gather`, `nudge`. */
  readonly log: string[];
  readonly cards: { ref: CardRef; view: CardView; key: string; updates: number }[];
  readonly nudges: { ref: CardRef; lines: readonly string[]; people: readonly NudgedPerson[] }[];
  /** Given in order, one per call. `after` means that the call had its effect first. */
  readonly failures: { kind: RoomError['kind']; after?: boolean; retryAfterMs?: number }[];
}

export function createFakeRooms(platform: Platform, canFind = platform === 'slack'): FakeRooms {
  const cards: FakeRooms['cards'] = [];
  const failures: FakeRooms['failures'] = [];
  const nudges: FakeRooms['nudges'] = [];
  const gatherings: FakeRooms['gatherings'] = [];
  const log: string[] = [];
  function failing(effect: () => void): void {
    const failure = failures.shift();
    if (!failure || failure.after) effect();
    if (failure)
      throw new RoomError(failure.kind, `told to answer ${failure.kind}`, { retryAfterMs: failure.retryAfterMs ?? 0 });
  }
  return {
    platform,
    paceMs: 10,
    roomPaceMs: 0,
    newPerMinute: 1_000_000,
    gatherings,
    log,
    cards,
    failures,
    nudges,
    nudge(ref, lines, people) {
      return new Promise((resolve) => {
        log.push('nudge');
        failing(() => nudges.push({ ref, lines, people }));
        resolve();
      });
    },
    post(view, key) {
      return new Promise((resolve) => {
        const ref = { platform, channel: `${platform}-alerts`, message: `card-${cards.length + 1}`, via: '' };
        log.push(`post ${view.incident}`);
        failing(() => cards.push({ ref, view, key, updates: 0 }));
        resolve(ref);
      });
    },
    find: (key) => Promise.resolve(canFind ? (cards.find((card) => card.key === key)?.ref ?? null) : 'unknowable'),
    gather(view, key) {
      return new Promise((resolve) => {
        const ref = { platform, channel: `${platform}-alerts`, message: `gathering-${gatherings.length + 1}`, via: '' };
        log.push('gather');
        failing(() => gatherings.push({ ref, view, key, updates: 0 }));
        resolve(ref);
      });
    },
    regather(ref, view) {
      return new Promise((resolve) => {
        log.push('regather');
        failing(() => {
          const found = gatherings.find((one) => one.ref.message === ref.message);
          if (!found) throw new RoomError('gone', 'no such message');
          found.view = view;
          found.updates += 1;
        });
        resolve();
      });
    },
    update(ref, view) {
      return new Promise((resolve) => {
        log.push(`update ${view.incident}`);
        failing(() => {
          const card = cards.find((candidate) => candidate.ref.message === ref.message);
          if (!card) throw new RoomError('gone', 'no such card');
          card.view = view;
          card.updates += 1;
        });
        resolve();
      });
    },
  };
}
