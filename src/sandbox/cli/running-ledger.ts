import { seal } from '../../adapters/store/ledger.ts';
import { askOperator } from '../../cli/operator.ts';
import { ClawbackError } from '../../core/error.ts';
import { type Read, readEntry } from '../../core/record/codec.ts';
import type { SealedEntry } from '../../core/record/ledger.ts';
import { tellRead } from '../../core/record/ledger-story.ts';
import { type Verification, verifyLedger } from '../../flow/record/audit.ts';
import type { LedgerReader } from '../../ports/store.ts';
import type { RecordRow } from '../page/shapes.ts';

/** The ledger of a running Clawback, read over its operator socket and verified here, in this process. */

interface Stored {
  readonly tenant: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly rows: readonly SealedEntry[];
}

export interface RunningLedger {
  /** After that sequence number, oldest first; empty at the end. */
  entries(afterSeq: number): Promise<RecordRow[]>;
  /** The incident that an alert went into, by what its sender calls it; null while there is none. */
  incidentOf(alert: string): Promise<string | null>;
  /** Verifies all entries; with `changeByteAt`, a copy in memory in which one byte of that entry differs. */
  verify(changeByteAt?: number): Promise<Verification>;
}

/** Of the only tenant. All throw ClawbackError 'unavailable' while nobody answers on the socket. */
export function runningLedger(socketPath: string): RunningLedger {
  async function all(): Promise<Stored> {
    const rows: SealedEntry[] = [];
    for (;;) {
      const next = await stored(socketPath, rows.at(-1)?.seq ?? 0);
      if (next.rows.length === 0) return { ...next, rows };
      rows.push(...next.rows);
    }
  }
  const incidents = new Map<string, string>();
  let readTo = 0;
  return {
    async incidentOf(alert) {
      for (;;) {
        const { rows } = await stored(socketPath, readTo);
        for (const row of rows) {
          const told = alertIn(row);
          if (told !== null && row.incident !== null) incidents.set(told, row.incident);
          readTo = row.seq;
        }
        if (rows.length === 0) return incidents.get(alert) ?? null;
      }
    },
    async entries(afterSeq) {
      return (await stored(socketPath, afterSeq)).rows.map(told);
    },
    async verify(changeByteAt) {
      const { tenant, head, rows } = await all();
      const copy = rows.map((row) =>
        row.seq === changeByteAt ? { ...row, bytes: withOneByteChanged(row.bytes) } : row,
      );
      return verifyLedger(readerOf(copy, head), tenant, seal);
    },
  };
}

async function stored(socketPath: string, afterSeq: number): Promise<Stored> {
  const [first] = await askOperator<Stored[]>(socketPath, `/audit/entries?after=${afterSeq}`);
  if (!first) throw new ClawbackError('unavailable', 'the running Clawback has no tenant');
  return first;
}

function told(row: SealedEntry): RecordRow {
  const read = readEntry(row, seal);
  const { at, type } = read.is === 'read' ? read.entry : read.is === 'newer' ? read.unread : UNREADABLE;
  const { seq, incident, hash } = row;
  return { seq, at, type, action: actionOf(read), incident, line: tellRead(read), hash };
}

function alertIn(row: SealedEntry): string | null {
  const read = readEntry(row, seal);
  if (read.is !== 'read') return null;
  const { entry } = read;
  return entry.type === 'alert.received' || entry.type === 'alert.repeated' ? entry.detail.alert : null;
}

const UNREADABLE = { at: '', type: '' };

function actionOf(read: Read): string | null {
  return read.is === 'read' && 'action' in read.entry.detail ? read.entry.detail.action : null;
}

/** The last letter or digit of the first half, with its lowest bit turned over: the smallest lie there is. */
function withOneByteChanged(bytes: string): string {
  const at = bytes.slice(0, Math.ceil(bytes.length / 2)).search(/[0-9A-Za-z][^0-9A-Za-z]*$/);
  return bytes.slice(0, at) + String.fromCharCode(bytes.charCodeAt(at) ^ 1) + bytes.slice(at + 1);
}

function readerOf(rows: readonly SealedEntry[], head: Stored['head']): LedgerReader {
  const after = (seq: number, limit: number) => rows.filter((row) => row.seq > seq).slice(0, limit);
  return {
    head: () => Promise.resolve(head),
    read: (afterSeq, limit) => Promise.resolve(after(afterSeq, limit)),
    ofIncident: () => Promise.resolve([]),
  };
}
