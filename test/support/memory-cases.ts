import type { Vote } from '../../src/core/ask/tally.ts';
import type { SealedPlan } from '../../src/core/find/manifest.ts';
import type { Incident } from '../../src/core/incident/incident.ts';
import { readable, type StoredPlan } from '../../src/core/record/trust.ts';
import type { Held } from '../../src/ports/held.ts';
import type { Run, Runs } from '../../src/ports/runs.ts';
import type { Decisions, FirstAnswer, Incidents, MailboxFlags } from '../../src/ports/store.ts';
import { by, createTable, type Journal, keyOf, type Table } from './memory-table.ts';
import type { MemoryWork } from './memory-work.ts';
import { opened } from './sealed-plans.ts';

/** Incidents with their votes and runs, in memory. */

/** As it is stored, which a test may write into as an intruder would, and what is read of that. */
interface PlanRow {
  readonly sealed: SealedPlan;
  readonly stored: StoredPlan;
}

/** As the real one. */
const MOST_FILED = 20;

/** `runOf`: what an incident says of its last run is read from that run. */
export function createIncidents(
  journal: Journal,
  runOf: (id: string) => Run | undefined,
): {
  incidents: Omit<Incidents, 'idsAfter'>;
  rows: Table<Incident>;
  plans: Table<PlanRow>;
  /** As they are read. */
  all: () => readonly Incident[];
  read: (id: string) => Incident | null;
  forget: (id: string) => void;
} {
  const deliveries = createTable<FirstAnswer & { body: string; at: string; key: string }>(journal);
  const rows = createTable<Incident>(journal);
  const byDedupeKey = createTable<string>(journal);
  const under = createTable<readonly string[]>(journal);
  const plans = createTable<PlanRow>(journal);
  const withRun = (row: Incident): Incident => {
    const run = runOf(row.runId ?? '');
    return { ...row, lastRun: run ? { action: run.action, mode: run.mode, planDigest: run.planDigest } : null };
  };
  const get = (id: string) => {
    const row = rows.get(id);
    return row ? withRun(row) : null;
  };
  const incidents: Omit<Incidents, 'idsAfter'> = {
    async claimDelivery({ source, id }, body, at) {
      const key = keyOf(source, id);
      if (deliveries.add(key, { incident: null, created: false, body, at, key })) return { fresh: true };
      const seen = deliveries.get(key);
      const first = { incident: seen?.incident ?? null, created: seen?.created ?? false };
      return { fresh: false, sameBody: seen?.body === body, first };
    },
    async forgetDeliveries(before) {
      for (const { at, key } of deliveries.rows()) if (at < before) deliveries.remove(key);
    },
    async bindDelivery({ source, id }, answer) {
      const row = deliveries.get(keyOf(source, id));
      if (row) deliveries.set(row.key, { ...row, ...answer });
    },
    async filedUnder(keys) {
      const filed = new Set(keys.flatMap((key) => under.get(key) ?? []));
      const found = rows.rows().filter(({ id, dedupeKey }) => filed.has(id) || keys.includes(dedupeKey));
      return found
        .sort(by(({ id }) => id))
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
        .slice(0, MOST_FILED)
        .map(withRun);
    },
    async holdKeys() {
      // One transaction after the other.
    },
    async file(id, keys) {
      for (const key of keys) under.set(key, [...new Set([...(under.get(key) ?? []), id])]);
    },
    async keysOf(ids) {
      const keysFor = (id: string) => under.keys().filter((key) => under.get(key)?.includes(id));
      return new Map(ids.flatMap((id) => (keysFor(id).length > 0 ? [[id, keysFor(id).sort()] as const] : [])));
    },
    async createOrRepeat(fresh) {
      const known = rows.get(byDedupeKey.get(fresh.dedupeKey) ?? '');
      if (!known) {
        if (!rows.add(fresh.id, fresh)) throw new Error(`there is an incident ${fresh.id} already`);
        byDedupeKey.set(fresh.dedupeKey, fresh.id);
        return { incident: fresh, created: true };
      }
      const incident = {
        ...known,
        alerts: known.alerts + 1,
        revision: known.revision + 1,
        updatedAt: fresh.updatedAt,
      };
      rows.set(known.id, incident);
      return { incident: withRun(incident), created: known.id === fresh.id };
    },
    async saveAlert(id, alert, askers) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, alert, askers });
    },
    async child(dedupeKey) {
      return get(byDedupeKey.get(dedupeKey) ?? '');
    },
    async get(id) {
      return get(id);
    },
    // Transactions of one memory take turns: every row is held.
    async lock(id) {
      return get(id) as Held<Incident> | null;
    },
    async save(id, change, at) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, ...change, revision: row.revision + 1, updatedAt: at });
    },
    async savePlan(sealed) {
      if (!plans.get(sealed.digest)) plans.add(sealed.digest, { sealed, stored: opened(sealed) });
    },
    async glance(digest) {
      return plans.get(digest)?.stored ?? null;
    },
    async glances(digests) {
      return new Map(
        digests.flatMap((digest) => (plans.get(digest) ? [[digest, plans.get(digest)?.stored as StoredPlan]] : [])),
      );
    },
    async plan(digest) {
      return readable(plans.get(digest)?.stored ?? null, digest);
    },
    async storedPlan(digest) {
      return plans.get(digest)?.stored ?? null;
    },
    async rowsLeft(digest) {
      return (plans.get(digest)?.sealed.rows.length ?? 0) > 0;
    },
    async plansOf(incident) {
      const own = plans.keys().filter((digest) => plans.get(digest)?.sealed.incident === incident);
      return own.sort();
    },
    async breach(id) {
      return get(id)?.breach ?? null;
    },
    async list(limit) {
      const all = [...rows.rows()].sort(by(({ id }) => id));
      return all
        .sort((a, b) => by((row: Incident) => row.createdAt)(b, a))
        .slice(0, limit)
        .map(withRun);
    },
    async unfinished(now, quietSince) {
      const isOver = (at: string | null) => at !== null && at <= now;
      return rows
        .rows()
        .filter(({ breach }) => breach === null)
        .filter(
          (row) =>
            (row.state === 'received' && row.updatedAt <= quietSince) ||
            (row.state === 'open' && (isOver(row.deadline) || isOver(row.nudgeAt))),
        )
        .slice(0, 500)
        .map(({ id, state }) => ({ id, state }));
    },
  };
  return {
    incidents,
    rows,
    plans,
    all: () => rows.rows().map(withRun),
    read: get,
    forget(id) {
      byDedupeKey.remove(rows.get(id)?.dedupeKey ?? '');
      rows.remove(id);
      for (const digest of plans.keys()) if (plans.get(digest)?.sealed.incident === id) plans.remove(digest);
      for (const key of under.keys())
        under.set(
          key,
          (under.get(key) ?? []).filter((one) => one !== id),
        );
    },
  };
}

export function createDecisions(journal: Journal): {
  decisions: Decisions;
  decided: () => readonly string[];
  forget: (incident: string) => void;
} {
  const votes = createTable<{ incident: string; vote: Vote }>(journal);
  const decisions: Decisions = {
    async add(incident, vote, staleBefore) {
      const key = keyOf(incident, vote.planDigest, vote.action, vote.person);
      const known = votes.get(key);
      if (known && known.vote.at >= staleBefore) return false;
      votes.set(key, { incident, vote });
      return true;
    },
    async withdraw(incident, planDigest, action, person) {
      votes.remove(keyOf(incident, planDigest, action, person));
    },
    async list(incident) {
      return votes.rows().flatMap((row) => (row.incident === incident ? [row.vote] : []));
    },
  };
  return {
    decisions,
    decided: () => votes.rows().map(({ incident }) => incident),
    forget(id) {
      for (const key of votes.keys()) if (votes.get(key)?.incident === id) votes.remove(key);
    },
  };
}

export function createRuns(
  journal: Journal,
  work: MemoryWork,
): { runs: Runs; rows: Table<Run>; forget: (incident: string) => void } {
  const rows = createTable<Run>(journal);
  const change = (id: string, changed: Partial<Run>) => {
    const run = rows.get(id);
    if (run) rows.set(id, { ...run, ...changed });
  };
  const runs: Runs = {
    async start(run, items) {
      if (!rows.add(run.id, run)) throw new Error(`there is a run ${run.id} already`);
      work.open(run.id, items);
    },
    async get(id) {
      return rows.get(id) ?? null;
    },
    async ofIncident(incident) {
      return rows.rows().filter((run) => run.incident === incident);
    },
    async rescoped(id, at) {
      change(id, { rescopedAt: at });
    },
    async cancelled(id, at) {
      change(id, { cancelledAt: at });
    },
    async finish(id, at) {
      change(id, { state: 'finished', finishedAt: at });
    },
    async usage(since) {
      const counts = ({ mode, action, cause, startedAt }: Run) =>
        mode === 'live' && action !== 'restore' && cause !== 'late' && startedAt > since;
      return rows
        .rows()
        .filter(counts)
        .map(({ approvedBy, mailboxes }) => ({ approvedBy, mailboxes }));
    },
    async open() {
      return rows.rows().filter(({ state }) => state === 'running');
    },
  };
  return {
    runs,
    rows,
    forget(incident) {
      for (const run of rows.rows()) if (run.incident === incident && rows.remove(run.id)) work.close(run.id);
    },
  };
}

export function createFlags(journal: Journal): { flags: MailboxFlags; forget: (incident: string) => void } {
  type Flag = Awaited<ReturnType<MailboxFlags['ofIncident']>>[number];
  const flags = createTable<Flag>(journal);
  const port: MailboxFlags = {
    async raise(raised) {
      for (const flag of raised) flags.add(keyOf(flag.mailbox, flag.incident), flag);
    },
    async ofIncident(incident) {
      const all = flags.rows().filter((flag) => flag.incident === incident);
      return all.sort(by(({ address }) => address));
    },
  };
  return {
    flags: port,
    forget(incident) {
      for (const key of flags.keys()) if (flags.get(key)?.incident === incident) flags.remove(key);
    },
  };
}
