import { type Read, readEntry } from '../../core/record/codec.ts';
import type { Recorded, SealedEntry } from '../../core/record/ledger.ts';
import { tellRead } from '../../core/record/ledger-story.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import type { Seal } from '../../core/record/seal.ts';
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
export async function tellIncident(reader: LedgerReader, seal: Seal, incident: string): Promise<string[]> {
  const lines: string[] = [];
  let crowd: Recorded[] = [];
  for await (const row of rowsOf(reader, incident)) {
    const read = readEntry(row, seal);
    if (read.is === 'read' && CROWDS[read.entry.type]) {
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

function lineOf(seq: number, read: Read): string {
  const at = read.is === 'read' ? read.entry.at : read.is === 'newer' ? read.unread.at : '';
  return `${String(seq).padStart(6)}  ${at === '' ? 'at no time' : shortTime(at)}  ${tellRead(read)}`;
}

const tellOne = (entry: Recorded) => lineOf(entry.seq, { is: 'read', entry });

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
