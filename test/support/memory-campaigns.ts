import type { Incident } from '../../src/core/incident/incident.ts';
import type { Entry, Recorded } from '../../src/core/record/ledger.ts';
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

export function createBudget(entries: readonly Entry[]): CardBudget {
  return {
    async since(since) {
      const found: Recorded<'card.granted'>[] = [];
      for (let at = entries.length - 1; at >= 0; at -= 1) {
        const entry = entries[at];
        if (!entry || entry.at < since) break;
        if (entry.type === 'card.granted') found.push({ ...entry, seq: at + 1, prev: '' });
      }
      return found;
    },
  };
}
