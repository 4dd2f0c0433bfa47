import { ofType, type Recorded } from './ledger.ts';
import type { MEASURING } from './payload-measure.ts';
import { ERASED } from './personal.ts';

/**
 * A list of measures as the record has it. Of what is stored beside it only what agrees with this is believed: who voted for
 * what, what was begun, and what became of each measure stand in the record alone.
 */

export type Errand = 'apply' | 'back';
type Entries = keyof typeof MEASURING;

export const MEASURE_ENTRIES: readonly Entries[] = [
  'measures.wanted',
  'measures.asked',
  'measures.approved',
  'measures.withdrawn',
  'measures.begun',
  'measures.closed',
  'measures.reminded',
  'measure.intent',
  'measure.untried',
  'measure.outcome',
];

export interface MeasureVote {
  readonly person: string;
  readonly name: string;
  readonly platform: string;
  readonly account: string;
  readonly roles: readonly string[];
  readonly reason: string | null;
  /** ISO time. */
  readonly at: string;
}

export interface Done {
  readonly errand: Errand;
  readonly outcome: string;
  readonly note: string;
  /** Digest of what was seen afterwards; null where nothing was, or it is gone. */
  readonly after: string | null;
  /** ISO time. */
  readonly at: string;
}

export interface MeasureAccount {
  readonly wanted: Recorded<'measures.wanted'> | null;
  /** Null also where there is more than one: nobody can say then which was asked about. */
  readonly asked: Recorded<'measures.asked'> | null;
  readonly begun: readonly Recorded<'measures.begun'>[];
  /** Null while it may go on. */
  readonly closed: Recorded<'measures.closed'> | null;
  readonly approvals: readonly Recorded<'measures.approved'>[];
  readonly withdrawals: readonly Recorded<'measures.withdrawn'>[];
  /** Oldest first. */
  readonly reminded: readonly Recorded<'measures.reminded'>[];
  readonly intents: readonly Recorded<'measure.intent'>[];
  readonly untried: readonly Recorded<'measure.untried'>[];
  readonly outcomes: readonly Recorded<'measure.outcome'>[];
  /** Number of its last entry: grows with each. */
  readonly seq: number;
}

/** `entries`: of this list, in order. One that cannot be read is not among them, so that whoever gives them says so. */
export function accountOf(entries: readonly Recorded[]): MeasureAccount {
  const of = <T extends Entries>(type: T) => entries.filter(ofType(type)) as readonly Recorded<T>[];
  const asked = of('measures.asked');
  return {
    wanted: of('measures.wanted')[0] ?? null,
    asked: asked.length === 1 ? (asked[0] ?? null) : null,
    begun: of('measures.begun'),
    closed: of('measures.closed')[0] ?? null,
    approvals: of('measures.approved'),
    withdrawals: of('measures.withdrawn'),
    reminded: of('measures.reminded'),
    intents: of('measure.intent'),
    untried: of('measure.untried'),
    outcomes: of('measure.outcome'),
    seq: entries.at(-1)?.seq ?? 0,
  };
}

/** Votes for just this that count still: after the last time that it was begun, and not before `notBefore` (ISO time). */
export function votesOn(
  account: MeasureAccount,
  of: string,
  digest: string,
  notBefore: string,
): readonly MeasureVote[] {
  const since = account.begun.findLast((one) => one.detail.of === of)?.seq ?? 0;
  const votes = new Map<string, MeasureVote>();
  for (const { seq, at, actor, platform, detail } of account.approvals) {
    if (detail.of !== of || detail.digest !== digest || seq <= since || at < notBefore || actor.kind !== 'person')
      continue;
    const isGone = account.withdrawals.some(
      (one) => one.seq > seq && one.detail.of === of && [actor.id, ERASED].includes(one.detail.person),
    );
    const { account: chat, roles, reason } = detail;
    const vote = { person: actor.id, name: actor.name, platform: platform ?? '', account: chat, roles, reason, at };
    if (!isGone) votes.set(actor.id, vote);
  }
  return [...votes.values()];
}

/** What is under way with one measure; null where nothing is. `order`: the entry that says so. */
export function errandOn(
  account: MeasureAccount,
  n: number,
): { readonly errand: Errand; readonly order: number } | null {
  const last = account.begun.findLast(({ detail }) => detail.items.includes(n));
  if (!last || account.outcomes.some(({ seq, detail }) => detail.item === n && seq > last.seq)) return null;
  return { errand: last.detail.errand === 'back' ? 'back' : 'apply', order: last.seq };
}

/** What became of it last, or of applying it whatever was done since; null where nothing has yet. */
export function doneWith({ outcomes }: MeasureAccount, n: number, of: 'last' | 'apply' = 'last'): Done | null {
  const last = outcomes.findLast(({ detail }) => detail.item === n && (of === 'last' || detail.errand === of));
  if (!last) return null;
  const { errand, note, after } = last.detail;
  return { errand: errand === 'back' ? 'back' : 'apply', outcome: last.outcome ?? '', note, after, at: last.at };
}

/** How often it was set out to do since that entry, oldest first, without the tries of which the service said that they did nothing. */
export function intentsSince({ intents, untried }: MeasureAccount, n: number, order: number) {
  const own = intents.filter(({ detail }) => detail.item === n);
  const isUntried = (seq: number, next: number) =>
    untried.some((one) => one.detail.item === n && one.seq > seq && one.seq < next);
  return own.filter(({ seq }, at) => seq > order && !isUntried(seq, own[at + 1]?.seq ?? Number.POSITIVE_INFINITY));
}

/** Digest of what was seen right before it was applied; null where nobody set out to. A try that had no effect is followed by another. */
export function beforeOf({ intents }: MeasureAccount, n: number): string | null {
  return intents.findLast(({ detail }) => detail.item === n && detail.errand === 'apply')?.detail.before ?? null;
}
