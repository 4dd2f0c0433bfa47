import { RoomError } from '../../src/core/error.ts';
import type { Call } from '../../src/core/tell/call-words.ts';
import type { GatheredView } from '../../src/core/tell/card.ts';
import type { CardRef, NudgedPerson, Rooms } from '../../src/ports/rooms.ts';
import { type ShownCard, shown } from './offers.ts';

/** The chats that stories are told in. */
export type FakeChat = 'slack' | 'teams';

export const CHAT_NAMES: ReadonlyMap<string, string> = new Map([
  ['slack', 'Slack'],
  ['teams', 'Teams'],
]);

/** The one of two that belongs to this chat. */
export function ofChat<T>(both: { readonly slack: T; readonly teams: T }, platform: string): T {
  return platform === 'slack' ? both.slack : both.teams;
}

/** A channel in memory: the cards it shows, and the failures it was told to give. */
export interface FakeRooms extends Rooms {
  /** As many new incidents a minute as anybody likes, unless a test says otherwise. */
  newPerMinute: number;
  /** Messages that gather many incidents. */
  readonly gatherings: { ref: CardRef; view: GatheredView; key: string; updates: number }[];
  /** What was sent, in order: `post CB-1`, `update CB-1`, `gather`, `nudge`. */
  readonly log: string[];
  readonly cards: { ref: CardRef; view: ShownCard; key: string; updates: number }[];
  readonly nudges: { ref: CardRef; call: Call; people: readonly NudgedPerson[] }[];
  /** Given in order, one per call. `after` means that the call had its effect first; `on` keeps it for a call whose words
   * (`post CB-1`, `nudge CB-1 `) contain this: a night with workers has calls of its own. */
  readonly failures: { kind: RoomError['kind']; after?: boolean; retryAfterMs?: number; on?: string }[];
}

export function createFakeRooms(platform: FakeChat, canFind = platform === 'slack'): FakeRooms {
  const cards: FakeRooms['cards'] = [];
  const failures: FakeRooms['failures'] = [];
  const nudges: FakeRooms['nudges'] = [];
  const gatherings: FakeRooms['gatherings'] = [];
  const log: string[] = [];
  function failing(call: string, effect: () => void): void {
    const index = failures.findIndex(({ on }) => !on || call.includes(on));
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
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
    nudge(ref, call, people) {
      return new Promise((resolve) => {
        log.push('nudge');
        failing(`nudge ${call.incident} `, () => nudges.push({ ref, call, people }));
        resolve();
      });
    },
    post(view, key) {
      return new Promise((resolve) => {
        const ref = { platform, channel: `${platform}-alerts`, message: `card-${cards.length + 1}`, via: '' };
        log.push(`post ${view.incident}`);
        failing(`post ${view.incident}`, () => cards.push({ ref, view: shown(view), key, updates: 0 }));
        resolve(ref);
      });
    },
    addressOf: ({ message }) => Promise.resolve(canFind ? `https://chat.example/${message}` : null),
    find: (key) => Promise.resolve(canFind ? (cards.find((card) => card.key === key)?.ref ?? null) : 'unknowable'),
    gather(view, key) {
      return new Promise((resolve) => {
        const ref = { platform, channel: `${platform}-alerts`, message: `gathering-${gatherings.length + 1}`, via: '' };
        log.push('gather');
        failing('gather', () => gatherings.push({ ref, view, key, updates: 0 }));
        resolve(ref);
      });
    },
    regather(ref, view) {
      return new Promise((resolve) => {
        log.push('regather');
        failing('regather', () => {
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
        failing(`update ${view.incident}`, () => {
          const card = cards.find((candidate) => candidate.ref.message === ref.message);
          if (!card) throw new RoomError('gone', 'no such card');
          card.view = shown(view);
          card.updates += 1;
        });
        resolve();
      });
    },
  };
}
