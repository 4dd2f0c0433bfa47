import { freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import type { SealedPlan } from '../../src/core/find/manifest.ts';
import { type Entry, GENESIS, ofType, type Recorded, type SealedEntry, sealAll } from '../../src/core/record/ledger.ts';
import { PAYLOADS } from '../../src/core/record/payloads.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { LedgerReader, Store, Tx } from '../../src/ports/store.ts';
import { singletonKey } from './job-key.ts';
import { createAutomationLists } from './memory-automation.ts';
import { createBoard, createCalls } from './memory-calls.ts';
import { createBudget, createCampaigns } from './memory-campaigns.ts';
import { createDecisions, createFlags, createIncidents, createRuns } from './memory-cases.ts';
import { createCursors } from './memory-cursors.ts';
import { createDelays } from './memory-delays.ts';
import { createShelf } from './memory-evidence.ts';
import { createFlagRows } from './memory-flags.ts';
import { createInquiries } from './memory-inquiries.ts';
import { createLooks } from './memory-looks.ts';
import { createMeasures } from './memory-measures.ts';
import { createOutbox } from './memory-outbox.ts';
import { createBrakes, createLinks, createPolicies, createReplays, createTickets } from './memory-people.ts';
import { createSegments } from './memory-requests.ts';
import { createRetention } from './memory-retention.ts';
import { createSearches } from './memory-searches.ts';
import { createTable, type Journal } from './memory-table.ts';
import { createVendorRows } from './memory-vendor-rows.ts';
import { createWork } from './memory-work.ts';
import { refuseHalves, refusing } from './refused-text.ts';
import { opened } from './sealed-plans.ts';

/**
 * The store of one tenant in memory, for tests that play a hundred thousand histories: it passes the contract of the
 * real one. Transactions take turns, as on the embedded database, so a transaction inside another one waits for ever
 * here too, and what PostgreSQL refuses of a text is refused. It says nothing about races between two connections or
 * durability.
 */
export interface MemoryStore {
  readonly tenant: string;
  readonly store: Store;
  /** Jobs that are queued, those that are due first in front. Nobody works on them unless the test does. */
  jobs(): readonly QueuedJob[];
  /** Takes a job out of the queue, to work on it; from then on the same can be queued again. False when it is gone. */
  take(queued: QueuedJob): boolean;
  /** Everything recorded so far, in order, without sealing it. */
  entries(): readonly Entry[];
  readonly ledger: LedgerReader;
  /** As somebody who can write to the database would. */
  rewritePlan(digest: string, edit: (plan: SealedPlan) => SealedPlan): void;
}

interface QueuedJob {
  readonly job: Job;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

export function createMemoryStore(options: {
  readonly tenant: string;
  readonly id: () => string;
  /** Milliseconds since 1970: leases, rests and due times go by it. */
  readonly now: () => number;
}): MemoryStore {
  const journal: Journal = [];
  const queue = new Map<string, QueuedJob>();
  const entries: Entry[] = [];
  let committed = 0;
  let sending: QueuedJob[] = [];
  let later: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const {
    incidents,
    rows,
    plans,
    all,
    read: readIncident,
    forget: forgetIncident,
  } = createIncidents(journal, (id) => runRows.get(id));
  const { decisions, decided, forget: forgetVotes } = createDecisions(journal);
  const work = createWork(journal, options.now);
  const ranks = createTable<number>(journal);
  const rankOf = (id: string) => ranks.get(id) ?? 0;
  const { runs, rows: runRows, forget: forgetRuns } = createRuns(journal, work);
  const { forget: forgetCards, ...outbox } = createOutbox(journal, rows, {
    ...options,
    rankOf,
    votesOf: decisions.list,
  });
  const { flags, forget: forgetFlags } = createFlags(journal);
  const { flagged, isLookedAfter, forget: forgetFlagged } = createFlagRows(journal);
  const { calls, forget: forgetCalls } = createCalls(journal);
  const { campaigns, forget: forgetCampaigns } = createCampaigns(journal, rows, readIncident);
  const { delays, forget: forgetDelays } = createDelays(journal);
  const { searches, forget: forgetSearches } = createSearches(journal, options.now);
  const { vendorRows, forget: forgetVendorRows } = createVendorRows(journal);
  const { evidence, forget: forgetEvidence } = createShelf(journal);
  const { measures, forget: forgetMeasures } = createMeasures(journal, options.now);
  const { looks, forget: forgetLooks } = createLooks(journal);
  const forgets = [
    forgetLooks,
    forgetEvidence,
    forgetCampaigns,
    forgetCalls,
    forgetSearches,
    forgetDelays,
    forgetVendorRows,
    forgetVotes,
    forgetRuns,
    forgetCards,
    (incident: string) => {
      for (const list of forgetMeasures(incident)) forgetCards(list);
    },
    forgetFlags,
    forgetFlagged,
    forgetIncident,
  ];
  const tx: Tx = {
    incidents: {
      ...incidents,
      async idsAfter(after, limit) {
        const planned = plans.rows().map(({ sealed }) => sealed.incident);
        const ran = runRows.rows().map(({ incident }) => incident);
        const told = entries.flatMap(({ incident }) => incident ?? []);
        const ids = new Set([...rows.keys(), ...planned, ...decided(), ...ran, ...told]);
        return [...ids]
          .filter((id) => id > after)
          .sort()
          .slice(0, limit);
      },
    },
    decisions,
    runs,
    work: work.work,
    ...outbox,
    board: createBoard(all, decisions, work.work, ranks, rows),
    calls,
    campaigns,
    budget: createBudget(entries),
    flags,
    flagged,
    retention: createRetention(rows, runRows, work.itemsOf, forgets, isLookedAfter),
    people: createLinks(journal),
    tickets: createTickets(journal),
    policies: createPolicies(journal),
    brake: createBrakes(journal),
    replays: createReplays(journal),
    cursors: createCursors(journal, options.now),
    delays,
    searches,
    inquiries: createInquiries(journal, options.now),
    measures,
    automation: createAutomationLists(journal),
    vendorRows,
    evidence,
    looks,
    segments: createSegments(journal),
    ledger: {
      async append(more) {
        const before = entries.length;
        for (const entry of more) refuseHalves(entry);
        entries.push(...more.map(asPayload));
        journal.push(() => {
          entries.length = before;
        });
      },
      async find({ incident, types, detail, afterSeq = 0, limit = entries.length, newest = false }) {
        const isAsked = (entry: Recorded) =>
          entry.incident === incident &&
          (detail === undefined || new Map(Object.entries(entry.detail)).get(detail[0]) === detail[1]);
        return entries
          .map((entry, index): Recorded => ({ ...entry, seq: index + 1, prev: '' }))
          .filter(ofType(...types))
          .filter((entry) => isAsked(entry) && entry.seq > afterSeq)
          .slice(newest ? -1 : 0, newest ? undefined : limit)
          .map((entry) => ({
            seq: entry.seq,
            entry: entry as unknown as Recorded<(typeof types)[number]>,
            newer: false,
          }));
      },
    },
    afterwards: (once) => void later.push(once),
    jobs: {
      async send(job, afterMs = 0) {
        sending.push({ job, dueAt: options.now() + Math.max(0, afterMs) });
      },
    },
  };

  const strict = refusing(tx);

  function enqueue(queued: QueuedJob): void {
    const key = singletonKey(queued.job);
    const before = queue.get(key);
    const comesAgain = ['run', 'measures', 'deliver', 'flag'].includes(queued.job.queue);
    if (!before || (comesAgain && before.dueAt > queued.dueAt)) queue.set(key, queued);
  }

  async function inTurn<T>(story: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      const result = await story(strict);
      for (const queued of sending) enqueue(queued);
      committed = entries.length;
      for (const once of later) once();
      return result;
    } catch (error) {
      for (const undo of journal.toReversed()) undo();
      throw error;
    } finally {
      journal.length = 0;
      sending = [];
      later = [];
    }
  }

  return {
    tenant: options.tenant,
    store: {
      transact(story) {
        const turn = last.then(() => inTurn(story));
        last = turn.catch(() => undefined);
        return turn;
      },
    },
    jobs: () => [...queue.values()].sort((a, b) => a.dueAt - b.dueAt),
    take(queued) {
      const key = singletonKey(queued.job);
      return queue.get(key) === queued && queue.delete(key);
    },
    entries: () => entries.slice(0, committed),
    ledger: createReader(() => entries.slice(0, committed)),
    rewritePlan(digest, edit) {
      const row = plans.get(digest);
      if (!row) throw new Error('there is no such plan');
      const edited = edit(row.sealed);
      plans.set(digest, { sealed: edited, stored: opened(edited) });
      journal.length = 0;
    },
  };
}

/** What the payload does not have is not kept, and what is none is refused, as by the real one. */
function asPayload(entry: Entry): Entry {
  return { ...entry, detail: PAYLOADS[entry.type].parse(entry.detail) } as Entry;
}

/** Seals what it is asked for, and not before: most histories are looked at without their hashes. */
function createReader(recorded: () => readonly Entry[]): LedgerReader {
  const sealed: SealedEntry[] = [];
  const all = () => {
    const more = recorded().slice(sealed.length);
    sealed.push(...sealAll(more, sealed.length, sealed.at(-1)?.hash ?? GENESIS, seal, freshSalt));
    return sealed;
  };
  return {
    async head() {
      const end = all().at(-1);
      return { seq: end?.seq ?? 0, hash: end?.hash ?? GENESIS };
    },
    async read(afterSeq, limit) {
      return all().slice(afterSeq, afterSeq + limit);
    },
    async ofIncident(incident, afterSeq, limit) {
      const own = all().filter((entry) => entry.incident === incident && entry.seq > afterSeq);
      return own.slice(0, limit);
    },
  };
}
