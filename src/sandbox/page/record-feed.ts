import type { RecordRow, RecordSection, Verdict } from './shapes.ts';

/** The ledger as the page may see it. What it is and how it is verified is the product's affair. */
export interface Record {
  /** Rows after that sequence number, oldest first; as many as it likes to give at once, none at the end. */
  entries(afterSeq: number): Promise<readonly RecordRow[]>;
  /** Verifies the stored bytes; with `changeByteAt`, a copy of them in which one byte of that entry is changed. */
  verify(changeByteAt?: number): Promise<Verdict>;
}

export interface RecordFeed {
  /** Asks for news, and for a verification when the news have come to rest. Quiet while nobody answers. */
  poll(): Promise<void>;
  state(): RecordSection;
  /** At most `limit` rows after that one. */
  after(seq: number, limit: number): readonly RecordRow[];
}

export function createRecordFeed(record: Record, changed: () => void): RecordFeed {
  const rows: RecordRow[] = [];
  let verdict: Verdict | null = null;

  async function fetchNews(): Promise<number> {
    let news = 0;
    for (;;) {
      const next = await record.entries(rows.at(-1)?.seq ?? 0);
      if (next.length === 0) return news;
      rows.push(...next);
      news += next.length;
      changed();
    }
  }

  return {
    async poll() {
      try {
        const news = await fetchNews();
        if (news === 0 && verdict?.entries !== rows.length) {
          verdict = await record.verify();
          changed();
        }
      } catch {
        // The bot is down or on its way: the next round asks again, and the page shows that it is down.
      }
    },
    state: () => ({ entries: rows.length, verdict }),
    after: (seq, limit) => rows.slice(seq, seq + limit),
  };
}
