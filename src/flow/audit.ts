import { type ChainFault, type ChainState, GENESIS, type Seal, verifyChain } from '../core/ledger.ts';
import type { LedgerReader } from '../ports/store.ts';

const PAGE = 2_000;

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  readonly fault: ChainFault | null;
}

/**
 * Walks the whole chain of a tenant and compares its end with the recorded head. The head is read after the rows it
 * speaks of: a cut tail, rows beyond the head and a head set back or deleted are all found, while others may append.
 */
export async function verifyLedger(reader: LedgerReader, tenant: string, seal: Seal): Promise<Verification> {
  let end: ChainState = { seq: 0, hash: GENESIS };
  for (;;) {
    const rows = await reader.read(end.seq, PAGE);
    const step = verifyChain(rows, end, tenant, seal);
    end = step.end;
    if (step.fault) return { ok: false, entries: end.seq, head: (await reader.head()).hash, fault: step.fault };
    if (rows.length === PAGE) continue;
    const head = await reader.head();
    if (head.seq === end.seq && head.hash === end.hash)
      return { ok: true, entries: end.seq, head: head.hash, fault: null };
    const more = head.seq > end.seq && (await reader.read(end.seq, 1)).length > 0;
    if (!more)
      return {
        ok: false,
        entries: end.seq,
        head: head.hash,
        fault: { seq: end.seq + 1, problem: endsWrongly(end, head) },
      };
  }
}

function endsWrongly(end: ChainState, head: ChainState): string {
  if (head.seq > end.seq) return `the chain ends here, but ${head.seq} entries were written`;
  return head.seq < end.seq
    ? `the chain goes on to entry ${end.seq}, but its head says ${head.seq}`
    : 'the head names another last entry';
}
