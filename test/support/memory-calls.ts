import { CLOSED, type Incident, isClosed } from '../../src/core/incident/incident.ts';
import type { Board, Listed } from '../../src/ports/board.ts';
import type { CallStep, Calls } from '../../src/ports/calls.ts';
import type { WorkItems } from '../../src/ports/runs.ts';
import type { Decisions } from '../../src/ports/store.ts';
import { by, createTable, type Journal, keyOf, type Table } from './memory-table.ts';

/** Many incidents at once, and who was called, in memory. */

const newestFirst = (of: (row: Incident) => string) => (a: Incident, b: Incident) => by(of)(b, a);

export function createBoard(
  all: () => readonly Incident[],
  decisions: Pick<Decisions, 'list'>,
  work: Pick<WorkItems, 'counts'>,
  ranks: Table<number>,
  rows: Table<Incident>,
): Board {
  const page = (found: readonly Incident[], limit: number): Listed => ({
    incidents: found.slice(0, limit),
    total: found.length,
  });
  const sorted = (found: readonly Incident[]) => [...found].sort(by(({ id }) => id));
  return {
    async open(limit) {
      const open = sorted(all().filter(({ state }) => !isClosed(state)));
      const rankOf = ({ id }: Incident) => ranks.get(id) ?? 0;
      return page(
        open.sort((a, b) => rankOf(b) - rankOf(a)),
        limit,
      );
    },
    async openAfter(after, limit) {
      const open = sorted(all().filter(({ state, id }) => !isClosed(state) && id > after)).slice(0, limit);
      return open.map((incident) => ({ incident, rank: ranks.get(incident.id) ?? 0 }));
    },
    async rank(incident, rank) {
      ranks.set(incident, rank);
    },
    async clicked(incident, people) {
      const row = rows.get(incident);
      if (row && row.clicked < people) rows.set(incident, { ...row, clicked: people });
    },
    async ended(since, limit) {
      const isMeant = ({ state, updatedAt, breach, closedBy }: Incident) =>
        CLOSED.includes(state) &&
        (updatedAt >= since || breach !== null) &&
        (state === 'settled' || closedBy === null || breach !== null);
      return page(sorted(all().filter(isMeant)).sort(newestFirst(({ updatedAt }) => updatedAt)), limit);
    },
    async named(ids) {
      return all().filter(({ id }) => ids.includes(id));
    },
    async votes(incidents) {
      const votes = await Promise.all(incidents.map(async (id) => [id, await decisions.list(id)] as const));
      return new Map(votes.filter(([, list]) => list.length > 0));
    },
    async outcomes(runs) {
      const counted = await Promise.all(runs.map(async (run) => [run, await work.counts(run)] as const));
      const ended = counted.filter(([, { total, open }]) => total > open);
      return new Map(ended.map(([run, { outcomes }]) => [run, outcomes]));
    },
  };
}

export function createCalls(journal: Journal): { calls: Calls; forget: (incident: string) => void } {
  const called = createTable<{ incident: string; platform: string }>(journal);
  const acted = createTable<{ platform: string; at: string }>(journal);
  const keyFor = ({ incident, question, step }: CallStep, who: string) => keyOf(incident, question, step, who);
  const calls: Calls = {
    async take(step, platform, people) {
      const add = (who: string) => called.add(keyFor(step, who), { incident: step.incident, platform });
      return { message: add(`room ${platform}`), people: [...new Set(people)].filter((id) => add(`person ${id}`)) };
    },
    async giveBack(step, platform, { message, people }) {
      for (const who of [...(message ? [`room ${platform}`] : []), ...people.map((id) => `person ${id}`)])
        if (called.get(keyFor(step, who))?.platform === platform) called.remove(keyFor(step, who));
    },
    async acted(person, platform, at) {
      if ((acted.get(person)?.at ?? '') <= at) acted.set(person, { platform, at });
    },
    async lastActed(people) {
      return new Map(people.flatMap((id) => (acted.get(id) ? [[id, acted.get(id)?.platform ?? '']] : [])));
    },
  };
  return {
    calls,
    forget(incident) {
      for (const key of called.keys()) if (called.get(key)?.incident === incident) called.remove(key);
    },
  };
}
