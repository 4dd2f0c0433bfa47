import type { WriteEffect } from './types.ts';

/** One operation that was asked for, direct or inside a batch. */
export interface LogEntry {
  readonly at: number;
  readonly method: string;
  /** After the version, as it was sent. */
  readonly path: string;
  readonly operation: string;
  /** Object id, null where no mailbox is concerned or nobody is there. */
  readonly mailbox: string | null;
  /** What was answered, or would have been. */
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string;
  readonly clientRequestId: string | null;
  readonly inBatch: boolean;
  /** As it was sent; undefined without one. */
  readonly body: unknown;
  /** The answer never arrived. */
  readonly lost: boolean;
  /** Only where something in the tenant was changed. */
  readonly effect?: WriteEffect['effect'];
  readonly message?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
}

export interface GraphLog {
  /** The latest, oldest first. */
  entries(): readonly LogEntry[];
  /** Every change ever made here, oldest first, answered or not. */
  writes(): readonly LogEntry[];
  /** Told of each entry when it is complete. */
  onEntry(listener: (entry: LogEntry) => void): () => void;
  clear(): void;
}

export interface GraphStats {
  /** Operations per second over the last 5 seconds. */
  readonly perSecond: number;
  readonly httpRequests: number;
  readonly operations: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly throttled: number;
  readonly lost: number;
  /** Operations under way. */
  readonly inFlight: number;
  /** The most that were ever under way in one mailbox at a time. */
  readonly maxPerMailbox: number;
}

const RING = 10_000;
const WINDOW_MS = 5_000;

export interface Recorder {
  readonly log: GraphLog;
  add(entry: LogEntry): void;
  http(): void;
  /** So many answers never arrived. */
  lose(answers: number): void;
  began(): void;
  ended(): void;
  stats(maxPerMailbox: number): GraphStats;
}

export function createRecorder(clock: () => number): Recorder {
  let ring: LogEntry[] = [];
  let writes: LogEntry[] = [];
  let recent: number[] = [];
  let [httpRequests, throttled, lost, inFlight] = [0, 0, 0, 0];
  const operations = new Map<string, number>();
  const statuses = new Map<string, number>();
  const listeners = new Set<(entry: LogEntry) => void>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

  function trim(): void {
    const oldest = clock() - WINDOW_MS;
    recent = recent.filter((at) => at > oldest);
  }

  return {
    log: {
      entries: () => ring.slice(-RING),
      writes: () => writes,
      onEntry(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      clear() {
        ring = [];
        writes = [];
      },
    },
    add(entry) {
      ring.push(entry);
      if (ring.length > 2 * RING) ring = ring.slice(-RING);
      if (entry.effect !== undefined) writes.push(entry);
      recent.push(entry.at);
      if (recent.length > RING) trim();
      count(operations, entry.operation);
      count(statuses, String(entry.status));
      if (entry.status === 429) throttled += 1;
      for (const listener of listeners) listener(entry);
    },
    http() {
      httpRequests += 1;
    },
    lose(answers) {
      lost += answers;
    },
    began() {
      inFlight += 1;
    },
    ended() {
      inFlight -= 1;
    },
    stats(maxPerMailbox) {
      trim();
      const perSecond = recent.length / (WINDOW_MS / 1_000);
      return {
        perSecond,
        httpRequests,
        operations: Object.fromEntries(operations),
        statuses: Object.fromEntries(statuses),
        throttled,
        lost,
        inFlight,
        maxPerMailbox,
      };
    },
  };
}
