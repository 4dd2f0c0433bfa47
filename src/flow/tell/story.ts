import type { EntryType, Recorded } from '../../core/record/ledger.ts';
import { tell } from '../../core/record/ledger-story.ts';
import { explainIncident } from '../../core/record/why.ts';
import { number, shortTime } from '../../core/text.ts';
import type { LedgerReader } from '../../ports/store.ts';

const PAGE = 2_000;
/** Up to so many entries about single copies in a row are told one by one. */
const TOLD_SINGLY = 12;

/** Entries of which a purge has thousands; the ledger keeps each, the story tells them together. */
const CROWDS: Readonly<Partial<Record<EntryType, string>>> = {
  'mailbox.read': 'looked into mailboxes',
  'copy.intent': 'about to act on copies',
  'copy.untried': 'not done to copies',
  'copy.outcome': 'seen of copies',
  'copy.late': 'came late for copies',
  'copy.recovered': 'where copies are that were gone',
  'mailbox.flagged': 'mailboxes flagged',
};

/** The incident as a story, in order of the ledger. Nothing for an unknown incident. */
export async function tellIncident(reader: LedgerReader, incident: string): Promise<string[]> {
  const lines: string[] = [];
  let crowd: Recorded[] = [];
  for await (const entry of entriesOf(reader, incident)) {
    if (CROWDS[entry.type]) {
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

function tellOne(entry: Recorded): string {
  return `${String(entry.seq).padStart(6)}  ${shortTime(entry.at)}  ${tell(entry)}`;
}

function tellCrowd(crowd: readonly Recorded[]): string[] {
  if (crowd.length <= TOLD_SINGLY) return crowd.map(tellOne);
  return Object.entries(CROWDS).flatMap(([type, words]) => {
    const members = crowd.filter((entry) => entry.type === type);
    const first = members[0];
    if (!first) return [];
    const kinds = new Map<string, number>();
    for (const { outcome } of members) kinds.set(outcome ?? '', (kinds.get(outcome ?? '') ?? 0) + 1);
    const told = [...kinds].map(([kind, n]) => `${number(n)} ${kind}`.trim()).join(', ');
    return [`${String(first.seq).padStart(6)}  ${shortTime(first.at)}  ${words}: ${told}`];
  });
}
