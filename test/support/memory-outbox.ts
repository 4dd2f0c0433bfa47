import type { Incident } from '../../src/core/incident/incident.ts';
import { isClosed } from '../../src/core/incident/incident.ts';
import {
  type CardRow,
  type Cards,
  type Manners,
  type RoomState,
  type RoomStates,
  WAITING_LIST,
} from '../../src/ports/outbox.ts';
import type { Platform } from '../../src/ports/rooms.ts';
import { by, createTable, type Journal, keyOf, type Table } from './memory-table.ts';

/** Cards and the rooms they go to, in memory. */

interface CardState {
  readonly card: CardRow;
  readonly due: boolean;
  readonly stale: boolean;
  readonly lease: string | null;
  readonly leaseUntil: number;
  readonly notBefore: number;
}

interface Room {
  readonly turn: number;
  readonly heldUntil: number;
  readonly nextAt: number;
  readonly fresh: number;
  readonly freshSince: number;
  readonly gathering: string | null;
  readonly gatheringSince: number;
  readonly dead: RoomState | null;
}

/** The card of a campaign, and the list of what waits; what a gathering of many says stays true. */
const getsOld = (gathered: string) => gathered === WAITING_LIST || !gathered.startsWith('gathering ');
const isOut = ({ gathered, ref, posting, awaited }: CardRow) => gathered === null || ref !== null || posting || awaited;
const MINUTE_MS = 60_000;
const QUIET: Room = {
  ...{ turn: 0, heldUntil: 0, nextAt: 0, fresh: 0, freshSince: -Infinity, gathering: null, gatheringSince: -Infinity },
  dead: null,
};

export function createOutbox(
  journal: Journal,
  incidents: Table<Incident>,
  {
    id,
    now,
    rankOf,
    votesOf,
  }: {
    readonly id: () => string;
    readonly now: () => number;
    readonly rankOf: (id: string) => number;
    readonly votesOf: (id: string) => Promise<readonly { readonly at: string }[]>;
  },
): { readonly cards: Cards; readonly rooms: RoomStates; readonly forget: (incident: string) => void } {
  const cards = createTable<CardState>(journal);
  const platforms = new Set<Platform>();
  const states = createTable<Room>(journal);
  const roomOf = (platform: Platform) => states.get(platform) ?? QUIET;
  const change = (platform: Platform, more: Partial<Room>) => states.set(platform, { ...roomOf(platform), ...more });
  const changeCard = (key: string, more: Partial<CardState>) => {
    const row = cards.get(key);
    if (row) cards.set(key, { ...row, ...more });
  };
  const keyTo = ({ card }: CardState) => keyOf(card.incident, card.platform);
  const isFree = (row: CardState) => row.lease === null || row.leaseUntil < now();

  function waitOf(platform: Platform): number {
    const { heldUntil, nextAt } = roomOf(platform);
    return heldUntil > now() ? 20 : Math.max(0, Math.ceil(nextAt - now()));
  }

  function hold(platform: Platform, holdMs: number, isNew: boolean): void {
    const room = roomOf(platform);
    const within = room.freshSince > now() - MINUTE_MS;
    const fresh = (within ? room.fresh : 0) + (isNew ? 1 : 0);
    const freshSince = within ? room.freshSince : now();
    change(platform, { turn: room.turn + 1, heldUntil: now() + holdMs, fresh, freshSince });
  }

  function rank({ card }: CardState): number {
    const incident = incidents.get(card.incident);
    if (card.awaited) return 0;
    if (card.ref !== null && incident && (incident.runId !== null || !['received', 'open'].includes(incident.state)))
      return 1;
    return card.ref !== null || card.posting || !incident ? 2 : 3;
  }

  const open = (platform: Platform) =>
    cards.rows().filter((row) => row.card.platform === platform && (row.due || row.lease !== null));

  function mostUrgent(platform: Platform, isFair: boolean): CardState | undefined {
    const ready = open(platform).filter((row) => isFree(row) && row.notBefore <= now());
    return ready.sort(by((row) => (isFair ? 0 : rank(row)) * 1e15 + Math.max(0, row.notBefore)))[0];
  }

  function gather(platform: Platform, { newPerMinute, linesPerGathering }: Manners): boolean {
    const { fresh: given, freshSince } = roomOf(platform);
    const spare = Math.max(0, newPerMinute - (freshSince > now() - MINUTE_MS ? given : 0));
    const fresh = open(platform).filter((row) => row.due && row.lease === null && rank(row) === 3);
    const left = fresh.sort(by(({ notBefore }) => notBefore)).slice(spare);
    for (const row of left) {
      const room = roomOf(platform);
      let into = room.gatheringSince > now() - MINUTE_MS ? room.gathering : null;
      if (into === null || linesIn(into, platform).length >= linesPerGathering) {
        into = `gathering ${id()}`;
        change(platform, { gathering: into, gatheringSince: now() });
        add(into, platform, id());
      }
      changeCard(keyTo(row), { due: false, card: { ...row.card, gathered: into } });
      changeCard(keyOf(into, platform), { due: true });
    }
    return left.length > 0;
  }

  function linesIn(gathering: string, platform: Platform): readonly string[] {
    const inside = cards.rows().filter(({ card }) => card.gathered === gathering && card.platform === platform);
    return inside.map(({ card }) => card.incident);
  }

  function behind(platform: Platform, manners: Manners): CardState | null {
    const isFair = (roomOf(platform).turn + 1) % 4 === 0;
    for (;;) {
      let row = mostUrgent(platform, isFair);
      if (row && rank(row) === 3 && gather(platform, manners)) row = mostUrgent(platform, isFair);
      if (!row) return null;
      const revision = incidents.get(row.card.incident)?.revision;
      if (revision === undefined || row.stale || row.card.sentRevision < revision) return row;
      changeCard(keyTo(row), { due: false, lease: null, card: { ...row.card, awaited: false } });
    }
  }

  function lend(row: CardState, platform: Platform, { leaseMs, holdMs }: Manners): string {
    const lease = id();
    const posting = row.card.posting || row.card.ref === null;
    const leaseUntil = now() + leaseMs;
    changeCard(keyTo(row), { card: { ...row.card, posting }, lease, leaseUntil, due: false, stale: false });
    hold(platform, holdMs, rank(row) === 3);
    return lease;
  }

  function add(incident: string, platform: Platform, key: string, gathered: string | null = null): void {
    const card: CardRow = {
      ...{ incident, platform, key, ref: null, sentRevision: 0, posting: false, attempts: 0 },
      ...{ awaited: false, gathered },
    };
    platforms.add(platform);
    const due = gathered === null;
    cards.add(keyOf(incident, platform), { card, due, stale: false, lease: null, leaseUntil: 0, notBefore: now() });
  }

  /** Whose cards have a line of it, whether it has a card by now or not. */
  function tellersOf({ incident, gathered }: CardRow): readonly string[] {
    const tellers = new Set([gathered, incidents.get(incident)?.campaign ?? null]);
    return [...tellers].filter((teller) => teller !== null).filter(getsOld);
  }

  async function isTold({ campaign }: Incident, teller: string, since: string): Promise<boolean> {
    const lead = incidents.get(teller);
    if (!lead || campaign !== lead.id || lead.breach !== null) return false;
    return !isClosed(lead.state) || (await votesOf(teller)).some(({ at }) => at >= since);
  }

  function listWaiting(platform: Platform): void {
    add(WAITING_LIST, platform, id());
    changeCard(keyOf(WAITING_LIST, platform), { due: true });
  }

  /** What a room may ask about every few seconds is not looked for among ten thousand. */
  const cardsOf = (incident: string) =>
    [...platforms].flatMap((platform) => cards.get(keyOf(incident, platform)) ?? []);

  /** What is told of elsewhere itself is not sent for it. */
  function tell(key: string): void {
    const card = cards.get(key)?.card;
    if (card && isOut(card)) changeCard(key, { due: true, stale: true });
  }

  async function touch(incident: string, awaited = false): Promise<void> {
    for (const row of cardsOf(incident)) {
      const { card } = row;
      if (awaited || isOut(card))
        changeCard(keyTo(row), { due: true, card: { ...card, awaited: card.awaited || awaited } });
      for (const teller of tellersOf(card)) tell(keyOf(teller, card.platform));
    }
  }

  return {
    cards: {
      async ensure(incident, platform, key, gathered) {
        add(incident, platform, key, gathered ?? null);
        if (gathered === WAITING_LIST) listWaiting(platform);
      },
      async open(incident, keys, gathered) {
        for (const [platform, key] of keys) await this.ensure(incident, platform, key, gathered);
      },
      touch,
      async redraw(incident) {
        for (const row of cardsOf(incident)) tell(keyTo(row));
      },
      async release(incident) {
        await touch(incident);
        for (const row of cardsOf(incident))
          if (row.card.gathered !== null) changeCard(keyTo(row), { due: true, card: { ...row.card, gathered: null } });
      },
      async hold(incident, teller = WAITING_LIST) {
        for (const row of cardsOf(incident)) {
          if (row.card.ref !== null || row.card.posting || row.card.awaited) continue;
          changeCard(keyTo(row), { due: false, card: { ...row.card, gathered: teller } });
          if ([teller, row.card.gathered].includes(WAITING_LIST)) listWaiting(row.card.platform);
        }
      },
      async untold(since) {
        const untold: string[] = [];
        for (const { card } of cards.rows()) {
          const incident = incidents.get(card.incident);
          const isLine = card.ref === null && card.gathered !== null && !card.gathered.startsWith('gathering ');
          if (!isLine || !incident || isClosed(incident.state) || incident.breach !== null) continue;
          if (!(await isTold(incident, card.gathered ?? '', since))) untold.push(incident.id);
        }
        return [...new Set(untold)].sort(by((one) => one)).slice(0, 50);
      },
      async held(platform, most) {
        const waiting = cards.rows().flatMap(({ card }) => {
          const incident = incidents.get(card.incident);
          const isHeld = card.platform === platform && card.gathered === WAITING_LIST && card.ref === null;
          return isHeld && incident && !isClosed(incident.state) && incident.breach === null ? [incident.id] : [];
        });
        const sorted = waiting.sort(by((one) => one)).sort((a, b) => rankOf(b) - rankOf(a));
        return { incidents: sorted.slice(0, most), total: waiting.length };
      },
      async claim(platform, manners) {
        const waitMs = waitOf(platform);
        if (waitMs > 0) return { kind: 'wait', incident: '', waitMs };
        const row = behind(platform, manners);
        if (row) return { kind: 'send', card: row.card, lease: lend(row, platform, manners) };
        const resting = open(platform).map(({ card, notBefore, lease, leaseUntil }) => ({
          incident: card.incident,
          at: Math.max(notBefore, lease === null ? 0 : leaseUntil),
        }));
        const [next] = resting.sort(by(({ at }) => at));
        if (!next) return { kind: 'nothing' };
        return { kind: 'wait', incident: next.incident, waitMs: Math.max(50, Math.ceil(next.at - now())) };
      },
      async finish(incident, platform, lease, { restMs, roomRestMs, again, ...result }) {
        const key = keyOf(incident, platform);
        const row = cards.get(key);
        if (row?.lease !== lease) return false;
        const card = { ...row.card, ...result, awaited: row.card.awaited && again };
        cards.set(key, {
          card,
          due: row.due || again,
          stale: row.stale,
          lease: null,
          leaseUntil: 0,
          notBefore: now() + restMs,
        });
        change(platform, { heldUntil: 0, nextAt: Math.max(roomOf(platform).nextAt, now() + roomRestMs) });
        return true;
      },
      async of(incident) {
        const all = cardsOf(incident).map(({ card }) => card);
        return all.sort(by(({ platform }) => platform));
      },
      async gatheredIn(gathering, platform) {
        return [...linesIn(gathering, platform)].sort(by((one) => `${incidents.get(one)?.createdAt} ${one}`));
      },
      async othersTaken(incident, platform, withinMs) {
        return cards.rows().some(({ card, notBefore }) => {
          const isTaken = card.ref !== null && card.attempts === 0 && notBefore > now() - withinMs;
          return card.platform === platform && card.incident !== incident && isTaken;
        });
      },
      async waiting() {
        const rows = cards.rows().filter((row) => row.due || row.lease !== null);
        return [...new Set(rows.map(({ card }) => card.platform))].sort();
      },
    },
    rooms: {
      async take(platform, holdMs) {
        const waitMs = waitOf(platform);
        if (waitMs === 0) hold(platform, holdMs, false);
        return waitMs;
      },
      async rest(platform, restMs) {
        change(platform, { heldUntil: 0, nextAt: Math.max(roomOf(platform).nextAt, now() + restMs) });
      },
      async died(platform, why, at) {
        if (roomOf(platform).dead) return false;
        change(platform, { dead: { platform, deadSince: at, why } });
        return true;
      },
      async revived(platform) {
        const wasDead = roomOf(platform).dead !== null;
        change(platform, { dead: null });
        return wasDead;
      },
      async dead() {
        const all = states.rows().flatMap(({ dead }) => dead ?? []);
        return all.sort(by(({ platform }) => platform));
      },
    },
    forget(incident) {
      for (const row of cards.rows().filter(({ card }) => card.incident === incident)) {
        const { platform, gathered } = row.card;
        cards.remove(keyTo(row));
        const isOver =
          gathered !== null &&
          !getsOld(gathered) &&
          roomOf(platform).gathering !== gathered &&
          cards.get(keyOf(gathered, platform))?.lease === null;
        if (isOver && linesIn(gathered, platform).length === 0) cards.remove(keyOf(gathered, platform));
      }
    },
  };
}
