import { noOutcomes } from '../../src/core/outcome.ts';
import type { Finish, WorkItem, WorkItems } from '../../src/ports/store.ts';
import { createTable, type Journal, keyOf } from './memory-table.ts';

/** Work items in memory: the same leases, fences and rests as in the database. */

interface Row extends WorkItem {
  readonly state: 'ready' | 'leased' | 'done';
  readonly leaseUntil: number;
  readonly notBefore: number;
}

const LEASES_PER_MAILBOX = 4;

export function createMemoryWork(journal: Journal, now: () => number) {
  const table = createTable<Row>(journal);
  const of = (run: string) => [...table.rows()].filter((row) => row.run === run).sort((a, b) => a.seq - b.seq);
  const put = (row: Row) => table.set(keyOf(row.run, row.seq), row);
  const held = (run: string, { seq, fence }: { seq: number; fence: string }) => {
    const row = table.get(keyOf(run, seq));
    return row?.state === 'leased' && row.fence === fence ? row : null;
  };
  const isDue = (row: Row) =>
    (row.state === 'ready' && row.notBefore <= now()) || (row.state === 'leased' && row.leaseUntil < now());

  function claimDue(run: string, limit: number, leaseMs: number): Row[] {
    const busy = new Map<string, number>();
    for (const row of table.rows())
      if (row.state === 'leased' && row.leaseUntil >= now()) busy.set(row.mailbox, (busy.get(row.mailbox) ?? 0) + 1);
    const claimed: Row[] = [];
    for (const row of of(run)) {
      const inUse = busy.get(row.mailbox) ?? 0;
      if (claimed.length >= limit || !isDue(row) || inUse >= LEASES_PER_MAILBOX) continue;
      busy.set(row.mailbox, inUse + 1);
      const next: Row = {
        ...row,
        state: 'leased',
        attempts: row.attempts + 1,
        fence: String(Number(row.fence) + 1),
        leaseUntil: now() + leaseMs,
      };
      put(next);
      claimed.push(next);
    }
    return claimed;
  }

  function end(row: Row, result: Finish): void {
    if (result.done) {
      put({ ...row, state: 'done', outcome: result.outcome, detail: result.detail });
      return;
    }
    const attempts = row.attempts - (result.countsAsAttempt ? 0 : 1);
    put({ ...row, state: 'ready', attempts, notBefore: now() + result.waitMs });
    if (!result.wholeMailbox) return;
    for (const other of [...table.rows()])
      if (other.mailbox === row.mailbox && other.state === 'ready')
        put({ ...other, notBefore: Math.max(other.notBefore, now() + result.waitMs) });
  }

  const work: WorkItems = {
    async skip(run, mailboxes, outcome, detail) {
      const open = of(run).filter(
        (row) => row.state === 'ready' && row.intentAt === null && mailboxes.includes(row.mailbox),
      );
      const skipped = open.map((row): Row => ({ ...row, state: 'done', outcome, detail }));
      for (const row of skipped) put(row);
      return skipped;
    },
    async release(run, items) {
      for (const item of items) {
        const row = held(run, item);
        if (row) put({ ...row, state: 'ready', attempts: row.attempts - 1, notBefore: 0 });
      }
    },
    claim: async (run, limit, leaseMs) => claimDue(run, limit, leaseMs),
    async extend(run, items, leaseMs) {
      for (const item of items) {
        const row = held(run, item);
        if (row) put({ ...row, leaseUntil: now() + leaseMs });
      }
    },
    async intend(run, items, at) {
      const ours = items.flatMap((item) => {
        const row = held(run, item);
        return row ? [{ row, before: item.before }] : [];
      });
      for (const { row, before } of ours) put({ ...row, intentAt: at, before: row.before ?? before });
      return ours.map(({ row }) => row.seq);
    },
    async finish(run, results) {
      const ours = results.flatMap((result) => {
        const row = held(run, result);
        return row ? [{ row, result }] : [];
      });
      for (const { row, result } of ours) end(row, result);
      return ours.map(({ row }) => row.seq);
    },
    async counts(run) {
      const rows = of(run);
      const outcomes = noOutcomes();
      for (const { outcome } of rows) if (outcome) outcomes[outcome] += 1;
      const open = rows.filter(({ outcome }) => outcome === null);
      const resting = open.filter(({ state, notBefore }) => state === 'ready' && notBefore > now());
      return { total: rows.length, open: open.length, resting: resting.length, outcomes };
    },
    async nextDueMs(run) {
      const waits = of(run)
        .filter(({ state }) => state !== 'done')
        .map((row) => (row.state === 'leased' ? row.leaseUntil : row.notBefore) - now());
      return waits.length === 0 ? null : Math.max(0, Math.min(...waits));
    },
    async page(run, offset, limit) {
      const order = (a: Row, b: Row) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.seq - b.seq);
      return of(run)
        .sort(order)
        .slice(offset, offset + limit);
    },
    all: async (run, outcome) => of(run).filter((row) => row.outcome === outcome),
  };

  return {
    work,
    add(
      run: string,
      seq: number,
      item: Pick<WorkItem, 'mailbox' | 'address' | 'message' | 'folderId' | 'folder' | 'before'>,
    ) {
      const { mailbox, address, message, folderId, folder, before } = item;
      const fresh = { attempts: 0, fence: '0', intentAt: null, outcome: null, detail: null };
      put({
        ...{ run, seq, mailbox, address, message, folderId, folder, before },
        ...fresh,
        ...{ state: 'ready', leaseUntil: 0, notBefore: 0 },
      } as Row);
    },
    /** What a killed process held is free again. */
    freeAll() {
      for (const row of [...table.rows()]) if (row.state === 'leased') put({ ...row, state: 'ready' });
    },
  };
}
