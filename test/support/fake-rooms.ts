import { RoomError } from '../../src/core/error.ts';
import type { Call } from '../../src/core/tell/call-words.ts';
import type { GatheredView } from '../../src/core/tell/card.ts';
import { isMeasures, type MeasuresView } from '../../src/core/tell/measures-view.ts';
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
  /** Cards of measures, apart: what stories press by default is the last of an incident. */
  readonly lists: { ref: CardRef; view: MeasuresView; updates: number }[];
  readonly cards: { ref: CardRef; view: ShownCard; key: string; updates: number }[];
  readonly nudges: { ref: CardRef; call: Call; people: readonly NudgedPerson[] }[];
  /** Given in order, one per call. `after` means that the call had its effect first; `on` keeps it for a call whose words
   * (`post CB-1`, `nudge CB-1 `) contain this: a night with workers has calls of its own. */
  readonly failures: { kind: RoomError['kind']; after?: boolean; retryAfterMs?: number; on?: string }[];
}

export function createFakeRooms(platform: FakeChat, canFind = platform === 'slack'): FakeRooms {
  const cards: FakeRooms['cards'] = [];
  const lists: FakeRooms['lists'] = [];
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
    lists,
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
        const message = isMeasures(view) ? `list-${lists.length + 1}` : `card-${cards.length + 1}`;
        const ref = { platform, channel: `${platform}-alerts`, message, via: '' };
        log.push(`post ${view.incident}`);
        failing(`post ${view.incident}`, () => {
          if (isMeasures(view)) lists.push({ ref, view, updates: 0 });
          else cards.push({ ref, view: shown(view), key, updates: 0 });
        });
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
          if (isMeasures(view)) {
            const list = lists.find((candidate) => candidate.ref.message === ref.message);
            if (!list) throw new RoomError('gone', 'no such card');
            list.view = view;
            list.updates += 1;
            return;
          }
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
