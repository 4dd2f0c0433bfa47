import { noOutcomes } from '../../src/core/action/outcome.ts';
import { LONGEST_REQUEST_MS } from '../../src/core/lease.ts';
import type { Finish, NewWorkItem, WorkItem, WorkItems } from '../../src/ports/runs.ts';
import { by, type Journal } from './memory-table.ts';

const LEASES_PER_MAILBOX = 4;
const LOOK_AHEAD = 400;

interface Row {
  readonly item: WorkItem;
  readonly state: 'ready' | 'leased' | 'done';
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly leaseUntil: number;
  readonly airUntil: number;
}

export interface MemoryWork {
  readonly work: WorkItems;
  open(run: string, items: readonly NewWorkItem[]): void;
  close(run: string): void;
  itemsOf(run: string): readonly WorkItem[];
}

/** Work items of the store in memory: the same rules as the SQL, on the clock of the test. */
export function createWork(journal: Journal, now: () => number): MemoryWork {
  const runs = new Map<string, Row[]>();
  const rowsOf = (run: string): readonly Row[] => runs.get(run) ?? [];

  function put(row: Row, change: Partial<Row>, item: Partial<WorkItem> = {}): Row {
    const rows = runs.get(row.item.run);
    if (!rows) throw new Error(`no run ${row.item.run}`);
    const { seq } = row.item;
    const next = { ...row, ...change, item: { ...row.item, ...item } };
    rows[seq] = next;
    journal.push(() => {
      rows[seq] = row;
    });
    return next;
  }

  /** Those of `claims` that are still held under their fence, each with its row. */
  function held<T extends { readonly seq: number; readonly fence: string }>(run: string, claims: readonly T[]) {
    return claims.flatMap((claim) => {
      const row = rowsOf(run)[claim.seq];
      return row?.state === 'leased' && row.item.fence === claim.fence ? [{ claim, row }] : [];
    });
  }

  const twins = ({ item }: Row) =>
    [...runs.values()].flatMap((rows) =>
      rows.filter((other) => other.item.mailbox === item.mailbox && other.item.message === item.message),
    );

  /** Until when others have this copy in hand, or may still have an effect on it. */
  function elsewhere(row: Row, at: number): number {
    const others = twins(row).filter(({ item }) => item.run !== row.item.run);
    const until = ({ state, leaseUntil, airUntil }: Row) => {
      if (state !== 'leased') return airUntil;
      return leaseUntil >= at ? at + 1_000 : Math.max(airUntil, leaseUntil + LONGEST_REQUEST_MS);
    };
    return Math.max(-Infinity, ...others.map(until));
  }

  const airOf = ({ state, item, leaseUntil, airUntil }: Row) =>
    state === 'leased' && item.intentAt !== null ? Math.max(airUntil, leaseUntil + LONGEST_REQUEST_MS) : airUntil;

  function end(held: Row, result: Finish): void {
    const row = result.inTheAir ? put(held, { airUntil: now() + LONGEST_REQUEST_MS }) : held;
    if (result.done) {
      const { outcome, detail, before = row.item.before } = result;
      put(row, { state: 'done' }, { outcome, detail, before });
      return;
    }
    const attempts = row.item.attempts - (result.countsAsAttempt ? 0 : 1);
    const untried = result.takenBack && { intentAt: null, before: result.takenBack.before };
    put(row, { state: 'ready', notBefore: now() + result.waitMs }, { attempts, ...untried });
    if (!result.wholeMailbox) return;
    for (const other of [...runs.values()].flat())
      if (other.item.mailbox === row.item.mailbox && other.state === 'ready')
        put(other, { notBefore: Math.max(other.notBefore, now() + result.waitMs) });
  }

  const work: WorkItems = {
    async skip(run, mailboxes, outcome, detail) {
      const named = mailboxes === 'all' ? null : new Set(mailboxes);
      return rowsOf(run)
        .filter(({ state, item }) => state === 'ready' && item.intentAt === null && (named?.has(item.mailbox) ?? true))
        .map((row) => put(row, { state: 'done' }, { outcome, detail }).item);
    },

    async release(run, items) {
      for (const { row } of held(run, items))
        put(row, { state: 'ready', notBefore: -Infinity }, { attempts: row.item.attempts - 1 });
    },

    async claim(run, limit, leaseMs) {
      const at = now();
      const taken = new Map<string, number>();
      const take = ({ item }: Row) => taken.set(item.mailbox, (taken.get(item.mailbox) ?? 0) + 1);
      for (const rows of runs.values())
        for (const row of rows) if (row.state === 'leased' && row.leaseUntil >= at) take(row);
      const open = rowsOf(run)
        .filter((row) => isDue(row, at))
        .slice(0, LOOK_AHEAD)
        .map((row) => ({ row, until: elsewhere(row, at) }));
      for (const { row, until } of open)
        if (until > at) {
          const fence = fenceAfter(row);
          put(row, { state: 'ready', notBefore: until, airUntil: airOf(row) }, { fence });
        }
      return open
        .flatMap(({ row, until }) => (until > at ? [] : [row]))
        .filter((row) => (take(row).get(row.item.mailbox) ?? 0) <= LEASES_PER_MAILBOX)
        .slice(0, limit)
        .map((row) => {
          const { attempts, fence } = row.item;
          const counted = { attempts: attempts + 1, fence: String(Number(fence) + 1) };
          return put(row, { state: 'leased', leaseUntil: at + leaseMs, airUntil: airOf(row) }, counted).item;
        });
    },

    async extend(run, items, leaseMs) {
      const kept = held(run, items).filter(({ row }) => row.leaseUntil >= now());
      return kept.map(({ row }) => put(row, { leaseUntil: now() + leaseMs }).item.seq);
    },

    async intend(run, items, at) {
      const lasting = held(run, items).filter(({ row }) => row.leaseUntil >= now());
      return lasting.map(({ claim, row }) => {
        put(row, {}, { intentAt: at, before: row.item.before ?? claim.before });
        return claim.seq;
      });
    },

    async finish(run, results) {
      const kept = held(run, results);
      for (const { claim, row } of kept) if (claim.done || !claim.wholeMailbox) end(row, claim);
      // Last, so that what became ready in the same mailbox rests as well.
      for (const { claim, row } of kept) if (!claim.done && claim.wholeMailbox) end(row, claim);
      return kept.map(({ claim }) => claim.seq);
    },

    async counts(run) {
      const outcomes = noOutcomes();
      let open = 0;
      let resting = 0;
      for (const { item, state, notBefore } of rowsOf(run)) {
        if (item.outcome === null) open += 1;
        else outcomes[item.outcome] += 1;
        if (state === 'ready' && notBefore > now()) resting += 1;
      }
      return { total: rowsOf(run).length, open, resting, outcomes };
    },

    async doubt(run, seqs) {
      for (const row of rowsOf(run).filter(({ item }) => seqs.includes(item.seq)))
        put(row, { airUntil: Math.max(row.airUntil, now()) });
    },

    async inDoubt(run) {
      return rowsOf(run).flatMap((row) => (twins(row).some((other) => mayUndo(other, row)) ? [row.item] : []));
    },

    async ownDoubts(run) {
      return rowsOf(run)
        .filter(isInDoubt)
        .map(({ item }) => item);
    },

    async correct(run, corrections) {
      return corrections.flatMap(({ seq, was, outcome, detail }) => {
        const row = rowsOf(run)[seq];
        return row?.state === 'done' && row.item.outcome === was ? [put(row, {}, { outcome, detail }).item.seq] : [];
      });
    },

    async actedOnLater(run) {
      const isLater = (mine: Row, other: Row) =>
        other.item.run !== run && (other.item.intentAt ?? '') > (mine.item.intentAt ?? '9');
      return rowsOf(run).flatMap((row) => (twins(row).some((other) => isLater(row, other)) ? [row.item.seq] : []));
    },

    async actedOnSince(run, since) {
      const isSince = ({ item }: Row) => item.run !== run && (item.intentAt ?? '') > since;
      return rowsOf(run).flatMap((row) => (twins(row).some(isSince) ? [row.item.seq] : []));
    },

    async doubtedBy(run) {
      return rowsOf(run).flatMap((row) =>
        twins(row)
          .filter((other) => mayUndo(other, row) && other.item.run !== run)
          .map(({ item }) => ({ seq: row.item.seq, run: item.run })),
      );
    },

    async runsInDoubt(run) {
      const others = rowsOf(run)
        .filter(isInDoubt)
        .flatMap((row) => twins(row).map(({ item }) => item.run));
      return [...new Set(others)].filter((other) => other !== run).sort();
    },

    async nextDueMs(run) {
      const open = rowsOf(run).filter(({ state }) => state !== 'done');
      const due = open.map((row) => (row.state === 'leased' ? row.leaseUntil : row.notBefore));
      return open.length === 0 ? null : Math.max(0, Math.ceil(due.reduce((a, b) => Math.min(a, b)) - now()));
    },

    async page(run, offset, limit) {
      const items = rowsOf(run).map(({ item }) => item);
      return items.sort(by(({ address }) => address)).slice(offset, offset + limit);
    },

    async all(run, outcome) {
      return rowsOf(run).flatMap(({ item }) => (item.outcome === outcome ? [item] : []));
    },

    async ends(run) {
      return new Map(
        rowsOf(run).map(({ item: { mailbox, message, outcome, detail } }) => [
          `${mailbox} ${message}`,
          { outcome: outcome ?? 'waiting', detail: outcome === 'failed' ? detail : null },
        ]),
      );
    },

    async troubled(run, outcomes, most) {
      return outcomes.flatMap((outcome) => {
        const items = rowsOf(run).filter(({ item }) => item.outcome === outcome);
        const behind = [...new Set(items.map(({ item }) => item.address))].sort();
        return behind.length > 0 ? [{ outcome, addresses: behind.slice(0, most), mailboxes: behind.length }] : [];
      });
    },

    async holders(copies) {
      const keys = new Set(copies.map(({ mailbox, message }) => `${mailbox} ${message}`));
      const items = [...runs.values()].flatMap((rows) => rows.map(({ item }) => item));
      return items
        .filter(({ mailbox, message }) => keys.has(`${mailbox} ${message}`))
        .map(({ run, mailbox, message, outcome }) => ({ run, mailbox, message, outcome }))
        .sort(by(({ run }) => run));
    },

    async sharedWith(run, outcomes) {
      const own = rowsOf(run).filter(({ item }) => item.outcome !== null && outcomes.includes(item.outcome));
      const keys = new Set(own.map(({ item }) => `${item.mailbox} ${item.message}`));
      return [...runs.keys()]
        .filter((other) => other !== run)
        .map((other) => ({
          run: other,
          copies: rowsOf(other).filter(({ item }) => keys.has(`${item.mailbox} ${item.message}`)).length,
        }))
        .filter(({ copies }) => copies > 0)
        .sort((a, b) => (a.run < b.run ? -1 : 1));
    },
  };

  return {
    work,
    open(run, items) {
      runs.set(
        run,
        items.map((item, seq) => fresh(run, seq, item)),
      );
      journal.push(() => runs.delete(run));
    },
    close(run) {
      const rows = runs.get(run);
      runs.delete(run);
      if (rows) journal.push(() => runs.set(run, rows));
    },
    itemsOf: (run) => rowsOf(run).map(({ item }) => item),
  };
}

/** Whoever held it holds it no more. */
const fenceAfter = ({ state, item }: Row) => String(Number(item.fence) + (state === 'leased' ? 1 : 0));

const mayUndo = ({ airUntil }: Row, { item }: Row) =>
  airUntil > (item.intentAt === null ? -Infinity : Date.parse(item.intentAt) - LONGEST_REQUEST_MS);

const isInDoubt = ({ airUntil }: Row) => airUntil > -Infinity;

function isDue({ state, notBefore, leaseUntil }: Row, at: number): boolean {
  return (state === 'ready' && notBefore <= at) || (state === 'leased' && leaseUntil < at);
}

/** Only what belongs to a work item: callers hand over whole copies of a plan. */
function fresh(run: string, seq: number, { mailbox, address, message, folderId, folder, before }: NewWorkItem): Row {
  return {
    item: {
      run,
      seq,
      mailbox,
      address,
      message,
      folderId,
      folder,
      before,
      attempts: 0,
      fence: '0',
      intentAt: null,
      outcome: null,
      detail: null,
    },
    state: 'ready',
    notBefore: -Infinity,
    leaseUntil: 0,
    airUntil: -Infinity,
  };
}
