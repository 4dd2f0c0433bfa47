import { isToldTogether, tellCrowd, tellOne } from '../../core/record/crowd-story.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { explainIncident } from '../../core/record/why.ts';
import type { LedgerReader } from '../../ports/store.ts';

const PAGE = 2_000;

/** The incident as a story, in order of the ledger. Nothing for an unknown incident. */
export async function tellIncident(reader: LedgerReader, incident: string): Promise<string[]> {
  const lines: string[] = [];
  let crowd: Recorded[] = [];
  for await (const entry of entriesOf(reader, incident)) {
    if (isToldTogether(entry.type)) {
      crowd.push(entry);
      continue;
    }
    lines.push(...tellCrowd(crowd), tellOne(entry));
    crowd = [];
  }
  return [...lines, ...tellCrowd(crowd)];
}

/** Why it came as it did: which rule, which people, which digest. Nothing for an unknown incident. */
export async function explain(reader: LedgerReader, incident: string): Promise<string[]> {
  const entries: Recorded[] = [];
  for await (const entry of entriesOf(reader, incident)) entries.push(entry);
  return explainIncident(entries);
}

async function* entriesOf(reader: LedgerReader, incident: string): AsyncGenerator<Recorded> {
  for (let after = 0; ; ) {
    const rows = await reader.ofIncident(incident, after, PAGE);
    for (const row of rows) yield JSON.parse(row.bytes) as Recorded;
    const last = rows.at(-1);
    if (!last) return;
    after = last.seq;
  }
}
