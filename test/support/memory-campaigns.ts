import type { Incident } from '../../src/core/incident/incident.ts';
import type { Campaigns, ShownWave } from '../../src/ports/campaigns.ts';
import type { CardBudget } from '../../src/ports/card-budget.ts';
import { by, createTable, type Journal, keyOf, type Table } from './memory-table.ts';

/** Which incidents are shown as one, and how many cards there were of late, in memory. */

const MOST_SHOWN = 20;

interface Shown {
  readonly lead: string;
  readonly digest: string;
  readonly turn: number;
  readonly waves: readonly ShownWave[];
}

export function createCampaigns(
  journal: Journal,
  rows: Table<Incident>,
  read: (id: string) => Incident | null,
): { readonly campaigns: Campaigns; readonly forget: (incident: string) => void } {
  const pairs = createTable<string>(journal);
  const shown = createTable<Shown>(journal);
  // A campaign is looked up with each alert: among ten thousand incidents nobody reads all of them for that.
  const members = createTable<readonly string[]>(journal);
  let turns = 0;
  const campaigns: Campaigns = {
    async take(taken, lead) {
      for (const pair of taken) pairs.add(pair, lead);
      return new Map(taken.map((pair) => [pair, pairs.get(pair) ?? lead]));
    },
    async hand(taken, lead) {
      for (const pair of taken) if (pairs.get(pair) !== undefined) pairs.set(pair, lead);
    },
    async tie(incident, lead) {
      const row = rows.get(incident);
      if (!row) return;
      const without = (of: string | null) => (members.get(of ?? '') ?? []).filter((id) => id !== incident);
      if (row.campaign !== null) members.set(row.campaign, without(row.campaign));
      if (lead !== null) members.set(lead, [...without(lead), incident]);
      rows.set(incident, { ...row, campaign: lead });
    },
    async waves(lead) {
      const own = (members.get(lead) ?? []).flatMap((id) => read(id) ?? []);
      return own.filter(({ campaign }) => campaign === lead).sort(by(({ createdAt, id }) => `${createdAt} ${id}`));
    },
    async show(lead, digest, waves) {
      turns += 1;
      shown.set(keyOf(lead, digest), { lead, digest, turn: turns, waves });
      const own = shown.rows().filter((row) => row.lead === lead);
      const newest = own.sort((a, b) => b.turn - a.turn);
      for (const old of newest.slice(MOST_SHOWN)) shown.remove(keyOf(lead, old.digest));
    },
    async shown(lead, digest) {
      return shown.get(keyOf(lead, digest))?.waves ?? null;
    },
  };
  return {
    campaigns,
    forget(id) {
      for (const pair of pairs.keys()) if (pairs.get(pair) === id) pairs.remove(pair);
      for (const { lead, digest } of shown.rows()) if (lead === id) shown.remove(keyOf(lead, digest));
    },
  };
}

/** `isHeld`: whether an incident that there is waits without a card; null where there is none. */
export function createBudget(
  journal: Journal,
  isHeld: (incident: string) => Promise<boolean | null>,
): {
  readonly budget: CardBudget;
  readonly forget: (incident: string) => void;
} {
  const spent = createTable<{ incident: string; kind: string; who: string; at: string }>(journal);
  const budget: CardBudget = {
    async spent(kind, who, since) {
      const late: { who: string }[] = [];
      for (const row of spent.rows())
        if (row.kind === kind && row.at >= since && (await isHeld(row.incident)) === false) late.push(row);
      return { all: late.length, own: late.filter((row) => row.who === who).length };
    },
    async spend(incident, kind, who, at, since) {
      for (const row of spent.rows()) if (row.at < since) spent.remove(row.incident);
      spent.add(incident, { incident, kind, who, at });
    },
  };
  return { budget, forget: (incident) => void spent.remove(incident) };
}
