import { readEntry } from '../../core/record/codec.ts';
import { isToldTogether, lineOf, tellCrowd } from '../../core/record/crowd-story.ts';
import type { Recorded, SealedEntry } from '../../core/record/ledger.ts';
import { tellRead } from '../../core/record/ledger-story.ts';
import type { Seal } from '../../core/record/seal.ts';
import { explainIncident } from '../../core/record/why.ts';
import type { LedgerReader } from '../../ports/store.ts';

const PAGE = 2_000;

/** The incident as a story, in order of the ledger. Nothing for an unknown incident. */
export async function tellIncident(reader: LedgerReader, seal: Seal, incident: string): Promise<string[]> {
  const lines: string[] = [];
  let crowd: Recorded[] = [];
  for await (const row of rowsOf(reader, incident)) {
    const read = readEntry(row, seal);
    if (read.is === 'read' && isToldTogether(read.entry.type)) {
      crowd.push(read.entry);
      continue;
    }
    lines.push(...tellCrowd(crowd), lineOf(row.seq, read));
    crowd = [];
  }
  return [...lines, ...tellCrowd(crowd)];
}

/** Why it came as it did: which rule, which people, which digest. Nothing for an unknown incident. */
export async function explain(reader: LedgerReader, seal: Seal, incident: string): Promise<string[]> {
  const entries: Recorded[] = [];
  const others: string[] = [];
  for await (const row of rowsOf(reader, incident)) {
    const read = readEntry(row, seal);
    if (read.is === 'read') entries.push(read.entry);
    else others.push(`Entry ${row.seq}: ${tellRead(read)}.`);
  }
  return [...explainIncident(entries), ...others];
}

async function* rowsOf(reader: LedgerReader, incident: string): AsyncGenerator<SealedEntry> {
  for (let after = 0; ; ) {
    const rows = await reader.ofIncident(incident, after, PAGE);
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.seq;
  }
}
