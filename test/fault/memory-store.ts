import type { Incident } from '../../src/core/incident.ts';
import type { Entry } from '../../src/core/ledger.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Vote } from '../../src/core/tally.ts';
import type {
  Brake,
  CardRow,
  Cards,
  Decisions,
  Incidents,
  Job,
  LiftVote,
  Link,
  Run,
  Runs,
  Store,
  Ticket,
  Tx,
} from '../../src/ports/store.ts';
import { createTable, keyOf } from './memory-table.ts';
import { createMemoryWork } from './memory-work.ts';

/** The whole store of one tenant in memory: transactions take turns, and one that throws leaves nothing behind. */

export interface MemoryStore {
  readonly store: Store;
  /** As they were appended; not sealed. */
  readonly entries: readonly Entry[];
  /** Takes the first job that is due; null when none is. */
  takeJob(): Job | null;
  /** When the next queued job is due, ms; null when there is none. */
  nextJobAt(): number | null;
  /** A process died: its leases are free, its queue is not. */
  freeLeases(): void;
}

const OFF: Brake = { number: 0, stopped: false, by: null, reason: null, at: null };

export function createMemoryStore(options: { readonly id: () => string; readonly now: () => number }): MemoryStore {
  const { id, now } = options;
  let undo: (() => void)[] = [];
  const journal = { note: (back: () => void) => void undo.push(back) };
  const deliveries = createTable<{ incident: string | null; at: string }>(journal);
  const incidents = createTable<Incident>(journal);
  const plans = createTable<Plan>(journal);
  const votes = createTable<Vote & { incident: string }>(journal);
  const runs = createTable<Run>(journal);
  const cards = createTable<CardRow & { lease: string | null; notBefore: number }>(journal);
  const links = createTable<Link>(journal);
  const tickets = createTable<Ticket>(journal);
  const policies = createTable<Policy>(journal);
  const settings = createTable<string>(journal);
  const brakes = createTable<Brake>(journal);
  const lifts = createTable<LiftVote & { number: number }>(journal);
  const replays = createTable<string>(journal);
  const { work, add, freeAll } = createMemoryWork(journal, now);
  const entries: Entry[] = [];
  const queue = createTable<{ job: Job; at: number }>(journal);

  const newest = (a: Incident, b: Incident) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0);
  const change = (key: string, more: Partial<Incident>) => {
    const row = incidents.get(key);
    if (row) incidents.set(key, { ...row, ...more });
  };

  const incidentsPort: Incidents = {
    async claimDelivery(source, deliveryId, at) {
      const seen = deliveries.get(keyOf(source, deliveryId));
      if (seen) return { fresh: false, incident: seen.incident };
      deliveries.set(keyOf(source, deliveryId), { incident: null, at });
      return { fresh: true, incident: null };
    },
    async forgetDeliveries() {},
    async bindDelivery(source, deliveryId, incident) {
      const seen = deliveries.get(keyOf(source, deliveryId));
      if (seen) deliveries.set(keyOf(source, deliveryId), { ...seen, incident });
    },
    async createOrRepeat(fresh) {
      const known = [...incidents.rows()].find(({ dedupeKey }) => dedupeKey === fresh.dedupeKey);
      if (!known) {
        incidents.set(fresh.id, fresh);
        return { incident: fresh, created: true };
      }
      const { alerts, revision } = known;
      const repeated = { ...known, alerts: alerts + 1, revision: revision + 1, updatedAt: fresh.updatedAt };
      incidents.set(known.id, repeated);
      return { incident: repeated, created: false };
    },
    saveAlert: async (key, alert, askers) => change(key, { alert, askers }),
    child: async (dedupeKey) => [...incidents.rows()].find((row) => row.dedupeKey === dedupeKey) ?? null,
    get: async (key) => incidents.get(key) ?? null,
    lock: async (key) => incidents.get(key) ?? null,
    async save(key, more, at) {
      const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
      change(key, { ...given, revision: (incidents.get(key)?.revision ?? 0) + 1, updatedAt: at });
    },
    savePlan: async (plan, digest) => plans.set(digest, plan),
    plan: async (digest) => plans.get(digest) ?? null,
    list: async (limit) => [...incidents.rows()].sort(newest).slice(0, limit),
    unfinished: async (at) =>
      [...incidents.rows()].filter(
        ({ state, deadline, nudgeAt }) =>
          state === 'received' ||
          (['open', 'flagged', 'contained'].includes(state) &&
            ((deadline !== null && deadline <= at) || (nudgeAt !== null && nudgeAt <= at))),
      ),
  };

  const decisions: Decisions = {
    async add(incident, vote, staleBefore) {
      const key = keyOf(incident, vote.planDigest, vote.action, vote.person);
      const known = votes.get(key);
      if (known && known.at >= staleBefore) return false;
      votes.set(key, { ...vote, incident });
      return true;
    },
    list: async (incident) => [...votes.rows()].filter((vote) => vote.incident === incident),
  };

  const runsPort: Runs = {
    async start(run, items) {
      runs.set(run.id, run);
      for (const [seq, item] of items.entries()) add(run.id, seq, item);
    },
    get: async (key) => runs.get(key) ?? null,
    ofIncident: async (incident) => [...runs.rows()].filter((run) => run.incident === incident),
    async rescoped(key, at) {
      const run = runs.get(key);
      if (run) runs.set(key, { ...run, rescopedAt: at });
    },
    async finish(key, at) {
      const run = runs.get(key);
      if (run) runs.set(key, { ...run, state: 'finished', finishedAt: at });
    },
    usage: async (since) =>
      [...runs.rows()].filter((run) => run.startedAt > since && run.mode === 'live' && run.action !== 'restore'),
    open: async () => [...runs.rows()].filter((run) => run.state === 'running'),
  };

  const cardsPort: Cards = {
    async ensure(incident, platform, key) {
      if (cards.get(keyOf(incident, platform))) return;
      const row = { incident, platform, key, ref: null, sentRevision: 0, posting: false, attempts: 0 };
      cards.set(keyOf(incident, platform), { ...row, lease: null, notBefore: 0 });
    },
    async claim(incident, platform) {
      const card = cards.get(keyOf(incident, platform));
      const revision = incidents.get(incident)?.revision ?? 0;
      if (!card || card.lease || card.sentRevision >= revision) return { kind: 'nothing' };
      if (card.notBefore > now()) return { kind: 'wait', waitMs: card.notBefore - now() };
      const lease = id();
      cards.set(keyOf(incident, platform), { ...card, lease, posting: card.posting || card.ref === null });
      return { kind: 'send', card, lease };
    },
    async finish(incident, platform, lease, { restMs, ...result }) {
      const card = cards.get(keyOf(incident, platform));
      if (card?.lease !== lease) return false;
      cards.set(keyOf(incident, platform), { ...card, ...result, lease: null, notBefore: now() + restMs });
      return true;
    },
    of: async (incident) => [...cards.rows()].filter((card) => card.incident === incident),
    behind: async () =>
      [...cards.rows()].filter((card) => card.sentRevision < (incidents.get(card.incident)?.revision ?? 0)),
  };

  const brake = () => brakes.get('') ?? OFF;
  const tx: Tx = {
    incidents: incidentsPort,
    decisions,
    runs: runsPort,
    work,
    cards: cardsPort,
    flags: { raise: async () => {}, ofIncident: async () => [] },
    people: {
      of: async (platform, account) => links.get(keyOf(platform, account)) ?? null,
      account: async (platform, person) =>
        [...links.rows()].find((link) => link.platform === platform && link.person === person)?.account ?? null,
      async add(link) {
        const taken = [...links.rows()].some(
          ({ platform, account, person }) =>
            platform === link.platform && (account === link.account || person === link.person),
        );
        if (!taken) links.set(keyOf(link.platform, link.account), link);
        return !taken;
      },
      list: async () => [...links.rows()],
      remove: async (platform, account) => links.delete(keyOf(platform, account)),
    },
    tickets: {
      add: async (ticket) => tickets.set(ticket.id, ticket),
      lock: async (key) => tickets.get(key) ?? null,
      byCode: async (platform, account, code) =>
        [...tickets.rows()].find(
          (ticket) =>
            ticket.platform === platform &&
            ticket.account === account &&
            ticket.code === code &&
            ticket.state === 'signed-in',
        ) ?? null,
      async save(key, more) {
        const ticket = tickets.get(key);
        if (ticket) tickets.set(key, { ...ticket, ...more });
      },
      forget: async () => {},
    },
    policies: {
      get: async (digest) => policies.get(digest) ?? null,
      async adopt(digest, policy) {
        const before = settings.get('policy');
        policies.set(digest, policy);
        settings.set('policy', digest);
        const body = before === undefined ? undefined : policies.get(before);
        return before !== undefined && body ? { digest: before, policy: body } : null;
      },
    },
    brake: {
      read: async () => brake(),
      lock: async () => brake(),
      async stop(by, reason, at) {
        if (!brake().stopped) brakes.set('', { number: brake().number + 1, stopped: true, by, reason, at });
      },
      lift: async () => brakes.set('', { ...OFF, number: brake().number }),
      async addLiftVote(number, vote) {
        if (lifts.get(keyOf(number, vote.person))) return false;
        lifts.set(keyOf(number, vote.person), { ...vote, number });
        return true;
      },
      liftVotes: async (number) => [...lifts.rows()].filter((vote) => vote.number === number),
    },
    replays: {
      async claim(kind, key, at) {
        if (replays.get(keyOf(kind, key)) !== undefined) return false;
        replays.set(keyOf(kind, key), at);
        return true;
      },
      forget: async () => {},
    },
    ledger: {
      async append(more) {
        const before = entries.length;
        journal.note(() => void entries.splice(before));
        entries.push(...more);
      },
    },
    jobs: {
      async send(job, afterMs = 0) {
        // One queued job per key, and of two the earlier: a wish for later never delays one for now.
        const key = JSON.stringify(job);
        const at = now() + afterMs;
        const queued = queue.get(key);
        if (!queued || queued.at > at) queue.set(key, { job, at });
      },
    },
  };

  let turn: Promise<unknown> = Promise.resolve();
  const inOrder = () => [...queue.rows()].sort((a, b) => a.at - b.at);
  return {
    entries,
    store: {
      transact<T>(what: (tx: Tx) => Promise<T>): Promise<T> {
        const result = turn.then(async () => {
          undo = [];
          try {
            return await what(tx);
          } catch (error) {
            for (const back of undo.reverse()) back();
            throw error;
          }
        });
        turn = result.catch(() => undefined);
        return result;
      },
    },
    takeJob() {
      const [first] = inOrder();
      if (!first || first.at > now()) return null;
      queue.delete(JSON.stringify(first.job));
      return first.job;
    },
    nextJobAt: () => inOrder()[0]?.at ?? null,
    freeLeases() {
      freeAll();
      for (const card of [...cards.rows()]) cards.set(keyOf(card.incident, card.platform), { ...card, lease: null });
    },
  };
}
