import { changeKey, opaqueId, type Random } from './ids.ts';
import type { Party } from './types.ts';

/** Entries of one person's calendar. An invitation puts one there before anybody has read it. */
export interface CalendarEvent {
  /** Stays when the entry is deleted. */
  readonly id: string;
  readonly changeKey: string;
  readonly iCalUId: string;
  readonly subject: string;
  readonly organizer: Party;
  /** Whether the mailbox is its organizer: then deleting it tells everybody. */
  readonly isOrganizer: boolean;
  readonly response: 'none' | 'organizer' | 'tentativelyAccepted' | 'accepted' | 'declined' | 'notResponded';
  /** ISO times in UTC. */
  readonly start: string;
  readonly end: string;
  readonly createdAt: string;
  /** Immutable id of the invitation, and the folder that it was in; null: it came without one. */
  readonly invitation: { readonly message: string; readonly folderId: string } | null;
  /** It lies in Deleted Items. */
  readonly deleted: boolean;
}

type EventOrder = Pick<CalendarEvent, 'subject' | 'organizer' | 'start' | 'end'> &
  Partial<Pick<CalendarEvent, 'iCalUId' | 'isOrganizer' | 'invitation'>>;

export interface Calendar {
  all(): readonly CalendarEvent[];
  find(id: string): CalendarEvent | null;
  add(order: EventOrder): CalendarEvent;
  change(id: string, change: Partial<Pick<CalendarEvent, 'isOrganizer' | 'response' | 'subject'>>): void;
  /** To Deleted Items. */
  remove(id: string, response?: CalendarEvent['response']): CalendarEvent | null;
  /** What went out because of it, by the id of the entry. */
  readonly sent: { readonly event: string; readonly what: 'cancellation' | 'response' }[];
}

const HEX = '0123456789ABCDEF';

export function createCalendar(clock: () => number, random: Random, kept: readonly CalendarEvent[] = []): Calendar {
  const events = new Map(kept.map((event) => [event.id, event]));
  const sent: { event: string; what: 'cancellation' | 'response' }[] = [];
  return {
    sent,
    all: () => [...events.values()],
    find: (id) => events.get(id) ?? null,
    add(order) {
      const event: CalendarEvent = {
        ...order,
        id: opaqueId(random, 'AAkALgEv'),
        changeKey: changeKey(random),
        iCalUId: order.iCalUId ?? globalObjectId(random),
        isOrganizer: order.isOrganizer ?? false,
        response: order.isOrganizer ? 'organizer' : 'notResponded',
        createdAt: new Date(clock()).toISOString(),
        invitation: order.invitation ?? null,
        deleted: false,
      };
      events.set(event.id, event);
      return event;
    },
    change(id, change) {
      const event = events.get(id);
      if (event) events.set(id, { ...event, ...change, changeKey: changeKey(random) });
    },
    remove(id, response) {
      const event = events.get(id);
      if (!event) return null;
      const removed = { ...event, response: response ?? event.response, deleted: true, changeKey: changeKey(random) };
      events.set(id, removed);
      return removed;
    },
  };
}

/** [MS-OXOCAL] 2.2.1.27: a fixed beginning, no date of an exception, a time, and what tells it from others. */
function globalObjectId(random: Random): string {
  const more = Array.from({ length: 48 }, () => HEX[Math.floor(random() * 16)] ?? '0').join('');
  return `040000008200E00074C5B7101A82E008${'0'.repeat(8)}${more.slice(0, 16)}${'0'.repeat(16)}10000000${more.slice(16)}`;
}
