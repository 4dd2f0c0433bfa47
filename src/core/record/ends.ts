import { actionStored, definitionOf } from '../action/action.ts';
import { SEEN_BACK, SEEN_GONE, SEEN_IN_JUNK } from '../action/outcome.ts';
import { shortDigest } from '../find/plan.ts';
import { count, inertOr } from '../text.ts';
import { ofType, type Recorded } from './ledger.ts';
import { summaryWords } from './ledger-story.ts';
import type { DetailOf, EntryType } from './payloads.ts';

/** How a case ended, by what the record says and by nothing else: that is what whoever raised the alert is told. */

export type EndName = 'removed' | 'set-aside' | 'harmless' | 'put-back' | 'exercise';

export interface Ended {
  readonly is: EndName;
  /** Number of the entry that ended it: of each end another. */
  readonly seq: number;
  readonly planDigest: string | null;
  /** What was seen of the copies; null where none was touched. */
  readonly outcome: Seen | null;
  /** Every copy was seen where this end says that it is, or none was touched. */
  readonly whole: boolean;
}

type Seen = Pick<DetailOf<'run.finished'>, 'copies' | 'summary'>;

/** What of an incident is needed to tell. */
export const END_ENTRIES = [
  'run.started',
  'run.finished',
  'containment.confirmed',
  'decision.rejected',
  'incident.joined',
  'incident.reopened',
  'group.taken-in',
  'exercise.recognised',
] as const satisfies readonly EntryType[];

type EndEntry = Recorded<(typeof END_ENTRIES)[number]>;

/** The end that stands: null while there is none, or what ended was taken up again. `entries`: oldest first. */
export function endIn(entries: readonly EndEntry[]): Ended | null {
  let end: Ended | null = null;
  for (const entry of entries) {
    if (isTakenUp(entry)) end = null;
    const is = endOf(entry, entries);
    if (is === null) continue;
    const outcome = outcomeOf(entry, entries);
    end = { is, seq: entry.seq, planDigest: entry.planDigest, outcome, whole: outcome === null || isSeen(is, outcome) };
  }
  return end;
}

function isTakenUp({ type }: EndEntry): boolean {
  return (
    type === 'incident.reopened' || type === 'group.taken-in' || type === 'incident.joined' || type === 'run.started'
  );
}

function endOf(entry: EndEntry, entries: readonly EndEntry[]): EndName | null {
  switch (entry.type) {
    case 'run.finished':
      return endOfRun(entry, entries);
    case 'containment.confirmed':
      return 'removed';
    case 'decision.rejected':
      // A later list may be called harmless while what an earlier one took out stays out.
      return isStillOut(entries, entry.seq) ? null : 'harmless';
    case 'exercise.recognised':
      return entry.detail.whole ? 'exercise' : null;
    default:
      return null;
  }
}

/** What was contained has not ended before people confirmed it; a rehearsal ends nothing. */
function endOfRun({ detail }: Recorded<'run.finished'>, entries: readonly EndEntry[]): EndName | null {
  const started = entries.filter(ofType('run.started')).find((entry) => entry.detail.run === detail.run);
  const action = actionStored(detail.action);
  if (action === null || started?.detail.mode !== 'live') return null;
  const { does, begins } = definitionOf(action);
  if (does === 'put back' || does === 'give back') return 'put-back';
  if (does === 'set aside') return 'set-aside';
  return does === 'take out' && begins !== 'at once' ? 'removed' : null;
}

/** Whether something was taken out before, and nobody has put it back since. */
function isStillOut(entries: readonly EndEntry[], before: number): boolean {
  const runs = entries.filter(({ seq }) => seq < before).filter(ofType('run.finished'));
  return runs.reduce((isOut, { detail }) => {
    const action = actionStored(detail.action);
    const does = action && definitionOf(action).does;
    const [moved, back] = [SEEN_GONE, SEEN_BACK].map((kind) => countedAs(kind, detail));
    if (does === 'take out') return isOut || moved !== 0;
    return does === 'put back' && back === detail.copies ? false : isOut;
  }, false);
}

const SEEN_AS: Readonly<Partial<Record<EndName, readonly string[]>>> = {
  removed: SEEN_GONE,
  'set-aside': SEEN_IN_JUNK,
  'put-back': SEEN_BACK,
};

const isSeen = (is: EndName, seen: Seen) => countedAs(SEEN_AS[is] ?? [], seen) === seen.copies;

function countedAs(kind: readonly string[], { summary }: Seen): number {
  return summary.reduce((sum, { outcome, copies }) => sum + (kind.includes(outcome) ? copies : 0), 0);
}

function outcomeOf(entry: EndEntry, entries: readonly EndEntry[]): Ended['outcome'] {
  const before = entries.filter(({ seq }) => seq <= entry.seq).filter(ofType('run.finished'));
  if (entry.type === 'run.finished') return entry.detail;
  return entry.type === 'containment.confirmed' ? (before.at(-1)?.detail ?? null) : null;
}

const WORDS: Readonly<Record<EndName, string>> = {
  removed: 'confirmed as malicious and taken out of mailboxes',
  'set-aside': 'moved to Junk Email',
  harmless: 'called not malicious; nothing was removed',
  'put-back': 'put back into mailboxes after it had been taken out',
  exercise: 'a phishing exercise of this organisation; nothing was removed',
};
/** Where not every copy was seen there. */
const WORDS_IN_PART: Readonly<Partial<Record<EndName, string>>> = {
  removed: 'confirmed as malicious; not every copy was seen gone',
  'set-aside': 'to be moved to Junk Email; not every copy was seen there',
  'put-back': 'to be put back; not every copy was seen back',
};

/** By these words it is known which end of which incident is meant. */
export function endMark(incident: string, { seq }: Pick<Ended, 'seq'>): string {
  return `Clawback ${incident}/${seq}`;
}

/** For whoever raised the alert: no address, no name, and only what was seen. */
export function endWords(incident: string, end: Ended): string {
  const { is, outcome, planDigest, whole } = end;
  const what = whole ? WORDS[is] : (WORDS_IN_PART[is] ?? WORDS[is]);
  const seen = outcome
    ? ` ${count(outcome.copies, 'copy', 'copies')}, each looked at afterwards: ${summaryWords(outcome)}.`
    : '';
  const plan = planDigest === null ? '' : ` Plan SHA-256 ${inertOr(planDigest, shortDigest(planDigest), 64)}.`;
  return `${endMark(incident, end)}: ${what}.${seen}${plan}`;
}
