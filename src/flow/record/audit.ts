import { ClawbackError } from '../../core/error.ts';
import { type ChainFault, type ChainState, GENESIS, type SealedEntry, verifyChain } from '../../core/record/ledger.ts';
import type { Seal } from '../../core/record/seal.ts';
import type { LedgerReader } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { type Compared, type Comparison, compareStored } from './compare.ts';

const PAGE = 2_000;

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string;
  readonly fault: ChainFault | null;
}

/** An entry that somebody has kept elsewhere: the chain has to hold it, and everything before it, as it was then. */
export interface Expected {
  readonly seq: number;
  /** How its hash begins: 16 hex digits, as `audit verify` prints them, or more. */
  readonly hash: string;
}

/** Throws ClawbackError 'invalid'. */
export function expectedOf(text: string): Expected {
  const [, seq, hash] = /^([1-9]\d{0,9}):([0-9a-f]{16,64})$/i.exec(text.trim()) ?? [];
  if (seq === undefined || hash === undefined)
    throw new ClawbackError(
      'invalid',
      `--expect ${JSON.stringify(text.slice(0, 80))} cannot be read: give <seq>:<hash>, the number of an entry and at least the first 16 hex digits of its hash`,
      { field: 'expect' },
    );
  return { seq: Number(seq), hash: hash.toLowerCase() };
}

export interface Audit extends Verification, Comparison {}

/** The chain itself, and then everything that is stored held against it. Both in pages. */
export async function auditTenant(
  {
    reader,
    tenant,
    seal,
    ...stored
  }: Compared & {
    readonly reader: LedgerReader;
    readonly tenant: Flow['tenant']['id'];
    readonly seal: Seal;
  },
  expected: readonly Expected[],
): Promise<Audit> {
  const chain = await verifyLedger(reader, tenant, seal, expected);
  const compared = await compareStored(stored);
  return { ...chain, ...compared, ok: chain.ok && compared.count === 0 };
}

/**
 * Walks the whole chain of a tenant and compares its end with the recorded head. The head is read after the rows it
 * speaks of: a cut tail, rows beyond the head and a head set back or deleted are all found, while others may append.
 */
export async function verifyLedger(
  reader: LedgerReader,
  tenant: string,
  seal: Seal,
  expected: readonly Expected[] = [],
): Promise<Verification> {
  const chain = await walk(reader, tenant, seal, expected);
  const missing = expected.find(({ seq }) => seq > chain.entries);
  if (!chain.ok || !missing) return chain;
  const problem = `the chain ends at entry ${chain.entries}, but entry ${missing.seq} was expected`;
  return { ...chain, ok: false, fault: { seq: chain.entries + 1, problem } };
}

async function walk(
  reader: LedgerReader,
  tenant: string,
  seal: Seal,
  expected: readonly Expected[],
): Promise<Verification> {
  let end: ChainState = { seq: 0, hash: GENESIS };
  for (;;) {
    const rows = await reader.read(end.seq, PAGE);
    const step = verifyChain(rows, end, tenant, seal);
    end = step.end;
    const fault = step.fault ?? unexpected(rows, expected);
    if (fault) return { ok: false, entries: end.seq, head: (await reader.head()).hash, fault };
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

function unexpected(rows: readonly SealedEntry[], expected: readonly Expected[]): ChainFault | null {
  const first = rows[0]?.seq ?? 0;
  const other = expected.find(({ seq, hash }) => rows[seq - first]?.hash.startsWith(hash) === false);
  return other
    ? { seq: other.seq, problem: `this is not the entry that was expected (${other.hash.slice(0, 16)})` }
    : null;
}

function endsWrongly(end: ChainState, head: ChainState): string {
  if (head.seq > end.seq) return `the chain ends here, but ${head.seq} entries were written`;
  return head.seq < end.seq
    ? `the chain goes on to entry ${end.seq}, but its head says ${head.seq}`
    : 'the head names another last entry';
}
