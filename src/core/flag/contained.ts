import { addressKey } from '../address.ts';
import type { ListedMeasure, MeasureList } from '../find/measure-list.ts';
import { instantOf } from '../instant.ts';
import type { SourceAnswer } from '../intelligence/asked.ts';
import { standingSince } from '../intelligence/compare.ts';
import type { PersonFinding } from '../intelligence/finding.ts';
import { doneWith, errandOn, type MeasureAccount } from '../record/measures.ts';
import { type MeasuresStand, standOf } from '../record/measures-now.ts';
import type { Flag, OpenPoint } from './flag.ts';

/**
 * Whether a flagged mailbox is contained is not for anybody to say: it is what was seen of the measures about this person, of
 * the lines that an administrator was handed, and of the findings since.
 */

const OPEN = [
  /** No measure about this person was done, and no later look was clean. */
  'nothing-done',
  'asked',
  'running',
  /** It was tried and was not seen to be done, or nobody decided in time. */
  'failed',
  /** It may not be done to this account. */
  'barred',
  'put-back',
  /** A line for an administrator; a look sees whether it was run. */
  'by-hand',
  /** One that nobody here can see. */
  'by-hand-unseen',
  'findings',
  /** Lists of which what is stored is not what the record says. */
  'differs',
] as const;
export type OpenKind = (typeof OPEN)[number];

/** What the record has of the cases that it was raised for. */
export interface AboutPerson {
  /** Oldest first. */
  readonly lists: readonly { readonly list: MeasureList; readonly account: MeasureAccount }[];
  readonly differ: number;
  /** The looks at the people of each case that tell what is there, as in `told.ts`. */
  readonly looks: readonly LookSeen[];
}

interface LookSeen {
  readonly at: string;
  readonly findings: readonly PersonFinding[];
  readonly answers: readonly SourceAnswer[];
}

export interface Containment {
  readonly seen: boolean;
  readonly open: readonly OpenPoint[];
  /** When the last measure was seen to be done, ISO time; null where none was. */
  readonly since: string | null;
}

type Stands = 'done' | 'left' | Extract<OpenKind, 'asked' | 'running' | 'failed' | 'barred' | 'put-back'>;

/** `calledAt`: when somebody called it so, or does now. ISO times. */
export function containmentOf(
  { person, address, after }: Pick<Flag, 'person' | 'address' | 'after'>,
  { lists, differ, looks }: AboutPerson,
  calledAt: string,
  now: string,
): Containment {
  const own = measuresOf(person, lists, now);
  const done = [...own.values()].filter(({ stands, kind }) => stands === 'done' && !OF_A_MAIL.has(kind));
  const since = lastOf(done.flatMap(({ at }) => at ?? []));
  const clean = after?.is === 'seen' && after.findings === 0 && after.at >= calledAt ? after.at : null;
  const findings = looks.flatMap((look) =>
    standingIn(look, { person, own, since: since ?? calledAt }).filter(() => clean === null || look.at > clean),
  );
  const lines = linesOf(address, lists).map((line) => ({ ...line, over: isOver(line, looks, clean) }));
  const count = (stands: Stands) => [...own.values()].filter((one) => one.stands === stands).length;
  const isNothing = done.length === 0 && clean === null && !lines.some(({ over }) => over);
  const counts: Readonly<Record<OpenKind, number>> = {
    'nothing-done': isNothing ? 1 : 0,
    asked: count('asked'),
    running: count('running'),
    failed: count('failed'),
    // What may not be done here somebody may have done elsewhere: then a look is clean.
    barred: clean === null ? count('barred') : 0,
    'put-back': count('put-back'),
    'by-hand': lines.filter(({ isFound, over }) => isFound && !over).length,
    'by-hand-unseen': lines.filter(({ isFound, over }) => !isFound && !over).length,
    findings: findings.length,
    differs: differ,
  };
  const open = OPEN.flatMap((kind) => (counts[kind] > 0 ? [{ kind, count: counts[kind] }] : []));
  return { seen: open.length === 0, open, since };
}

/** What a clean look answers. The rest is for people to do. */
const BY_LOOK: ReadonlySet<string> = new Set<OpenKind>(['nothing-done', 'barred', 'by-hand', 'findings']);
/** What happens is to be seen an hour or two later; risk is judged later still. */
const LOOK_AFTER_MS: readonly number[] = [100 * 60_000, 250 * 60_000, 24 * 3_600_000, 72 * 3_600_000];

/** These take out what a mail left behind: who has the account in their hands is the same after it. */
const OF_A_MAIL: ReadonlySet<string> = new Set<ListedMeasure['kind']>(['remove-event', 'take-sent-copy']);

/** When it is worth looking whether what was called contained is so, milliseconds since 1970; null for never. */
export function lookWhetherContainedAt({ state, contained }: Pick<Flag, 'state' | 'contained'>): number | null {
  if (state !== 'contained' || !contained || contained.seen) return null;
  const after = LOOK_AFTER_MS[contained.looks];
  const isWorth = contained.open.every(({ kind }) => BY_LOOK.has(kind));
  return isWorth && after !== undefined ? instantOf(contained.at) + after : null;
}

interface Own {
  readonly kind: ListedMeasure['kind'];
  readonly stands: Stands;
  /** When that was seen, ISO time; null where nothing was. */
  readonly at: string | null;
}

const keyOf = ({ kind, ref }: Pick<ListedMeasure, 'kind' | 'ref'>) => `${kind} ${ref}`;
const isOf = (person: string) => (one: { readonly person: string }) =>
  one.person.toLowerCase() === person.toLowerCase();

/** Each thing once: what a later list says of it counts, unless that one changed nothing. */
function measuresOf(person: string, lists: AboutPerson['lists'], now: string): ReadonlyMap<string, Own> {
  const own = new Map<string, Own>();
  for (const { list, account } of lists) {
    const stand = standOf(list, account, now);
    for (const measure of list.measures.filter(isOf(person))) {
      const one = standsOf(measure, account, stand);
      const before = own.get(keyOf(measure));
      if (before && UNCHANGED.has(one.stands) && before.stands !== 'left') continue;
      own.set(keyOf(measure), { ...one, kind: measure.kind });
    }
  }
  return own;
}

const UNCHANGED: ReadonlySet<Stands> = new Set<Stands>(['left', 'asked', 'barred']);
const DONE: ReadonlySet<string> = new Set(['done', 'already', 'gone']);

function standsOf({ n, barred }: ListedMeasure, account: MeasureAccount, stand: MeasuresStand): Omit<Own, 'kind'> {
  if (barred) return { stands: 'barred', at: null };
  if (errandOn(account, n)) return { stands: 'running', at: null };
  const last = doneWith(account, n);
  if (last?.errand === 'back') return { stands: 'put-back', at: last.at };
  if (last) return { stands: DONE.has(last.outcome) ? 'done' : 'failed', at: last.at };
  if (stand === 'asked') return { stands: 'asked', at: null };
  // Nobody wanted it: what it answers is still among the findings.
  return { stands: stand === 'declined' ? 'left' : 'failed', at: null };
}

/**
 * Findings about this person that still speak against it: what happened since, and what is there. What a measure has answered
 * is over, unless a look from after that sees it there itself.
 */
function standingIn(
  { at, findings }: LookSeen,
  { person, own, since }: { readonly person: string; readonly own: ReadonlyMap<string, Own>; readonly since: string },
): readonly PersonFinding[] {
  return standingSince(findings.filter(isOf(person)), since).filter(({ measure, row }) => {
    const answer = measure && own.get(keyOf(measure));
    if (answer?.stands !== 'done') return true;
    const isThere = row['isThere'] === true || row['stands'] === 'on';
    return isThere && instantOf(at) > instantOf(answer.at ?? since);
  });
}

interface Line {
  readonly line: string;
  readonly isFound: boolean;
  /** When it was handed out, ISO time. */
  readonly at: string;
}

function linesOf(address: string, lists: AboutPerson['lists']): readonly Line[] {
  const all = lists.flatMap(({ list }) =>
    list.byHand
      .filter((one) => addressKey(one.address) === addressKey(address))
      .map(({ line, isFound }) => ({ line, isFound, at: list.at })),
  );
  return [...new Map(all.map((one) => [one.line, one])).values()];
}

/** A later look, which was told all of what the mailbox went through, does not find any more what the line was for. */
function isOver({ line, isFound, at }: Line, looks: readonly LookSeen[], clean: string | null): boolean {
  if (!isFound) return false;
  if (clean !== null && clean > at) return true;
  const later = looks.filter((look) => instantOf(look.at) > instantOf(at));
  const isTold = ({ answers }: LookSeen) =>
    answers.some(({ source, is, cut }) => source === 'mailbox events' && is === 'answered' && !cut);
  const finds = ({ findings }: LookSeen) => findings.some(({ byHand }) => byHand === line);
  return later.some(isTold) && !later.some(finds);
}

function lastOf(times: readonly string[]): string | null {
  return times.toSorted((a, b) => instantOf(a) - instantOf(b)).at(-1) ?? null;
}
