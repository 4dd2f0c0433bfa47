import { type Action, actionStored } from '../action/action.ts';
import { type Ask, wordOf } from '../ask/ask.ts';
import type { Vote } from '../ask/tally.ts';
import { ClawbackError } from '../error.ts';
import { type Plan, shortDigest } from '../find/plan.ts';
import { endOf, type Incident, type Situated, type Situation, situationOf } from '../incident/incident.ts';
import { inert } from '../text.ts';
import { type Unread, unreadBreach } from '../unread.ts';
import { ofType, type Recorded } from './ledger.ts';
import type { EntryType } from './payloads.ts';
import { ERASED } from './personal.ts';

/**
 * What is stored, held against what the record says of it. Whoever can write to the database can change any row; the
 * record is chained. Each function answers what differs, in our words, or null for nothing.
 */

/** A plan as it is stored. */
export interface StoredPlan {
  /** Null: not readable. */
  readonly plan: Plan | null;
  /** It has the digest that it is filed under. */
  readonly intact: boolean;
  /** Of a newer version: whether it is readable, this one cannot say. */
  readonly newer: boolean;
}

/** For whoever goes on with it; null for none. Throws ClawbackError 'unavailable' where it is left to a newer version. */
export function readable(stored: StoredPlan | null, digest: string): Plan | null {
  if (stored?.newer && stored.intact)
    throw new ClawbackError(
      'unavailable',
      `plan ${shortDigest(digest)} is of a newer version of Clawback: left for that one`,
    );
  return stored?.plan ?? null;
}

/** Entries of one incident that a decision rests on: there are few of each, however many copies it is about. */
export const CASE_ENTRIES: readonly EntryType[] = [
  'alert.received',
  'alert.repeated',
  'plan.made',
  'decision.approved',
  'decision.withdrawn',
  'decision.rejected',
  'group.taken-in',
  'run.started',
  'run.cancelled',
  'run.finished',
  'incident.expired',
  'incident.joined',
  'incident.reopened',
  'incident.retired',
  'campaign.joined',
  'campaign.left',
  'people.looked',
  'inquiry.filed',
  'containment.confirmed',
  'integrity.broken',
];

/** Those that have a digest of what was heard, as it was stored after them. */
export const HEARD_ENTRIES = ['alert.received', 'alert.repeated', 'group.taken-in'] as const satisfies EntryType[];

/** The digests of what was heard, oldest first. Entries from before there were such digests have none. */
export function heardIn(entries: readonly Recorded[]): readonly string[] {
  return entries.filter(ofType(...HEARD_ENTRIES)).flatMap(({ detail }) => detail.heard ?? []);
}

/** `said`: as `heardIn` answers. */
export function heardBreach(digest: string | null, said: readonly string[]): string | null {
  const last = said.at(-1);
  return last === undefined || last === digest
    ? null
    : 'what alerts said, who asked for it or what was taken in differs from the record';
}

interface Case {
  readonly id: string;
  readonly tenant: string;
}

/** `newest`: it has to be the last one that was made for this incident, not one that was given up since. */
export function planBreach(
  { id, tenant }: Case,
  digest: string,
  stored: StoredPlan | null,
  entries: readonly Recorded[],
  newest: boolean,
): string | null {
  const name = `plan ${shortDigest(digest)}`;
  const made = entries.filter(({ type }) => type === 'plan.made');
  if (!made.some(({ planDigest }) => planDigest === digest)) return `the record knows no ${name} of this incident`;
  if (!stored) return `${name} is not stored any more`;
  const { plan, intact, newer } = stored;
  if (!intact || (!plan && !newer)) return `${name} is not as it was made`;
  if (plan && (plan.incident !== id || plan.tenant !== tenant)) return `${name} was made for another incident`;
  return newest && made.at(-1)?.planDigest !== digest ? `${name} is not the newest plan of the record` : null;
}

const LIFE: readonly EntryType[] = [
  'plan.made',
  'run.started',
  'run.finished',
  'decision.rejected',
  'incident.expired',
  'incident.joined',
  'incident.reopened',
  'group.taken-in',
  'containment.confirmed',
];

type Ended = { readonly type: EntryType; readonly action: string };
/** A run whose end leaves an incident there. */
const finishedIn = (state: Situation) => (last: Ended) => last.type === 'run.finished' && endsIn(last.action, state);

function actionIn(entry: Recorded | undefined): string {
  return entry?.type === 'run.started' || entry?.type === 'run.finished' ? entry.detail.action : '';
}

function endsIn(name: string, situation: Situation): boolean {
  const action = actionStored(name);
  return action !== null && endOf(action) === situation;
}

/** What the record has last of an incident in each situation; `stray` where it has nothing but alerts. */
const LAST_BEFORE: Readonly<Record<Situation, (last: Ended) => boolean>> = {
  received: ({ type }) => type === 'stray' || type === 'incident.reopened' || type === 'group.taken-in',
  open: ({ type }) => type === 'plan.made',
  flagged: finishedIn('flagged'),
  contained: finishedIn('contained'),
  purged: (last) => last.type === 'containment.confirmed' || finishedIn('purged')(last),
  junked: finishedIn('junked'),
  restored: finishedIn('restored'),
  running: ({ type }) => type === 'run.started',
  rehearsed: ({ type }) => type === 'run.finished',
  rejected: ({ type }) => type === 'decision.rejected' || type === 'incident.joined',
  expired: ({ type }) => type === 'incident.expired',
};

/** A list is replaced and never taken away: without one, people would decide who may not. */
export function planlessBreach({ planDigest }: Pick<Incident, 'planDigest'>, entries: readonly Recorded[]) {
  const made = planDigest === null ? entries.findLast(({ type }) => type === 'plan.made') : undefined;
  return made && !isWithoutTerms(made)
    ? `plan ${shortDigest(made.planDigest ?? '')} of the record is not the one of this incident`
    : null;
}

/** The first version's lists cannot be approved any more: an update takes them away, and what waited is looked for anew. */
function isWithoutTerms(made: Recorded | undefined): boolean {
  return made?.type === 'plan.made' && made.detail.mode === null;
}

/** A closed incident whose row calls it open would make its old votes count again. */
export function stateBreach(incident: Situated, entries: readonly Recorded[]): string | null {
  const situation = situationOf(incident);
  const last = entries.findLast(({ type }) => LIFE.includes(type));
  const fits = LAST_BEFORE[situation];
  const wasUpdated = isWithoutTerms(entries.findLast(({ type }) => type === 'plan.made'));
  if (situation === 'received' && wasUpdated && (last?.type === 'plan.made' || endsIn(actionIn(last), 'flagged')))
    return null;
  if (fits({ type: last?.type ?? 'stray', action: actionIn(last) })) return null;
  return `the record does not say that the incident is ${situation}`;
}

/** Earlier versions wrote the name of the action where later ones write the policy's word for it. */
function isAbout(
  { detail: { action } }: Recorded<'decision.approved' | 'decision.withdrawn' | 'run.started'>,
  ask: Ask,
) {
  return action === wordOf(ask) || action === ask;
}

type Named = Pick<Vote, 'person' | 'planDigest' | 'action'>;

/** What the record has of one person's word about one thing, from after it was last taken back. */
export function wordsOf(
  { person, planDigest, action }: Named,
  entries: readonly Recorded[],
): readonly Recorded<'decision.approved'>[] {
  const about = entries
    .filter(ofType('decision.approved', 'decision.withdrawn'))
    .filter((entry) => (entry.planDigest ?? '') === planDigest && isAbout(entry, action));
  // Whose word it was that was taken back may be erased: then it may have been this one's.
  const takenBack = about
    .filter(ofType('decision.withdrawn'))
    .findLast(({ detail }) => detail.person === person || detail.person === ERASED);
  return about
    .filter(ofType('decision.approved'))
    .filter(({ actor, seq }) => actor.kind === 'person' && actor.id === person && seq > (takenBack?.seq ?? 0));
}

export function voteBreach(votes: readonly Vote[], entries: readonly Recorded[]): string | null {
  for (const vote of votes) {
    const unread = unreadBreach(vote.unread);
    if (unread !== null) return unread;
    const what = `an approval of ${wordOf(vote.action)} by ${inert(vote.person, 60)}`;
    const said = wordsOf(vote, entries);
    if (said.length === 0) return `${what} is not in the record`;
    if (!said.some((entry) => tellsOf(entry, vote))) return `${what} differs from the record`;
  }
  return null;
}

/** As the record has a person's name. */
const nameOf = ({ name }: Vote) => name.slice(0, 200).toWellFormed();

function tellsOf({ actor, detail, platform, at }: Recorded<'decision.approved'>, vote: Vote): boolean {
  return (
    isSameList(detail.roles, vote.roles) &&
    detail.signIn?.context === vote.signIn?.context &&
    detail.signIn?.at === vote.signIn?.at &&
    platform === vote.platform &&
    // Which group is meant.
    (vote.action !== 'take-in' || detail.reason === vote.reason) &&
    (detail.account ?? vote.account) === vote.account.toWellFormed() &&
    // Earlier versions wrote the entry right after the vote: one that calls itself younger has been made to count again.
    (detail.votedAt === null ? vote.at <= at : detail.votedAt === vote.at && actor.name === nameOf(vote))
  );
}

export function isSameList(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, nth) => one === others[nth]);
}

interface StoredRun {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly state: 'running' | 'finished';
  readonly mode: string;
  readonly cause: string;
  readonly approvedBy: readonly string[];
  readonly mailboxes: number;
  readonly cancelledAt: string | null;
  readonly unread?: Unread;
}

export function runBreach(run: StoredRun, entries: readonly Recorded[]): string | null {
  return unreadBreach(run.unread) ?? runDifference(run, entries);
}

function runDifference(run: StoredRun, entries: readonly Recorded[]): string | null {
  const what = `a run (${wordOf(run.action)})`;
  const started = entries.filter(ofType('run.started')).find(({ detail }) => detail.run === run.id);
  if (!started) return `${what} is not in the record`;
  const { detail } = started;
  const other = [
    ['plan', started.planDigest === run.planDigest],
    ['action', isAbout(started, run.action)],
    ['cause', detail.cause === run.cause],
    ['mode', detail.mode === run.mode],
    ['approvers', isSameList(detail.approvedBy, run.approvedBy)],
    ['mailboxes', (detail.mailboxes ?? run.mailboxes) === run.mailboxes],
  ].find(([, same]) => !same);
  if (other) return `the ${String(other[0])} of ${what} differ from the record`;
  const ended = entries.filter(ofType('run.finished')).some(({ detail: end }) => end.run === run.id);
  if (ended !== (run.state === 'finished'))
    return ended ? `${what} ended, says the record` : `the record does not say that ${what} has ended`;
  const cancelled = entries.filter(ofType('run.cancelled')).some(({ detail: end }) => end.run === run.id);
  if (cancelled !== (run.cancelledAt !== null))
    return cancelled ? `${what} was cancelled, says the record` : `the record does not say that ${what} was cancelled`;
  const before = entries.filter(({ seq }) => seq < started.seq);
  const { action, planDigest } = run;
  const voted = (person: string) => wordsOf({ person, planDigest, action }, before).length > 0;
  // Earlier versions rolled back on the word of one person who called it not malicious.
  const isOwnWord = run.cause === 'policy' || (run.cause === 'roll-back' && detail.why === 'rejected');
  return isOwnWord || run.approvedBy.every(voted) ? null : `an approval that ${what} rests on is not in the record`;
}

/** `entries`: those that speak of this account, or of one that was erased; oldest first. */
export function linkBreach(
  link: { readonly platform: string; readonly account: string; readonly person: string },
  entries: readonly Recorded[],
): string | null {
  const about = entries.filter(ofType('account.linked', 'account.unlinked'));
  const isOwn = ({ platform, detail }: (typeof about)[number]) =>
    platform === link.platform && detail.account === link.account;
  const linked = about.filter(ofType('account.linked')).findLast(isOwn);
  // By the number of what it takes back, so that nobody is linked again by erasing whom it speaks of.
  const isUnlinked = about
    .filter(ofType('account.unlinked'))
    .some((one) => one.seq > (linked?.seq ?? 0) && (isOwn(one) || one.detail.linked.includes(linked?.seq ?? 0)));
  return linked && !isUnlinked && linked.actor.id === link.person
    ? null
    : `the link of the ${link.platform} account ${inert(link.account, 40)} is not in the record`;
}
