import { ACTIONS, beginsAtOnce, policyActionOf } from '../action/action.ts';
import type { LossCode, RefusalCode, SignInRefusalCode } from '../ask/refusal.ts';
import { count, inert, inertOr, number, shortTime } from '../text.ts';
import { answeredWords, answerTime } from './answer-time.ts';
import { ofType, type Recorded } from './ledger.ts';
import { seatsTold, summaryWords } from './ledger-story.ts';
import type { EntryType } from './payloads.ts';

/** Why something was done, or was not: the entries of one incident, told by decision instead of by time. */

/** `reopened`: said about a list that was looked for anew; `taken-back`: said before a source took its word back. */
const REFUSALS: Readonly<Record<RefusalCode | LossCode | SignInRefusalCode | 'reopened' | 'taken-back', string>> = {
  'too-late': 'not possible in that state any more',
  policy: 'the policy does not allow it',
  'not-asked': 'holds no role that was asked for',
  'may-not-read': 'holds no role that may read that',
  'too-many-lists': 'took as many lists along in an hour as one person may',
  'wrong-place': 'not the live card: copied, forwarded or replaced',
  'stale-card': 'an older card: the list had changed',
  expired: 'the time to decide was over',
  recipient: 'received the mail',
  requester: 'reported the mail or asked for its removal',
  repeated: 'had been counted already',
  unchecked: 'somebody who had voted could not be checked at that moment',
  'not-shown': 'the card did not offer that',
  'lost-role': 'does not hold the role any more',
  reopened: 'the copies were looked for again',
  'taken-back': 'a source took back what it had said of the mail',
  'own-account': 'is one of those it was about',
  'own-measures': 'asked for it',
  stopped: 'Clawback was stopped',
  outsider: 'from another organisation',
  guest: 'a guest',
  bot: 'a bot',
  deactivated: 'the account is deactivated',
  unlinked: 'nobody knows which person is behind the account',
  ambiguous: 'more than one person could be behind the account',
  'unknown-person': 'holds no role here',
  'at-risk': 'at risk, says Identity Protection',
  'shared-channel': 'the channel is open to another organisation',
  'cannot-check': 'could not be checked at that moment',
  'no-sign-in': 'no sign-in page is set up',
  'unknown-button': 'no card of ours has that button',
  'unknown-incident': 'there is no such incident',
  tampered: 'what is stored differed from the record',
  'too-early': 'the card was not on record yet',
  'entra-refused': 'Entra did not let them sign in',
  'sign-in-failed': 'the sign-in could not be taken',
  'somebody-else': 'somebody else signed in than had pressed',
};

const BY_OUTCOME: ReadonlyMap<string, string> = new Map(Object.entries(REFUSALS));
const refusalOf = (outcome: string | null) => BY_OUTCOME.get(outcome ?? '') ?? inertOr(outcome, 'no reason', 200);

const text = (value: string | null, fallback = 'unknown') => inertOr(value, fallback, 300);

/** Plain lines; empty for an incident the record does not know. `entries` in order. */
export function explainIncident(entries: readonly Recorded[]): string[] {
  if (entries.length === 0) return [];
  const runs = entries.filter(ofType('run.started'));
  return [
    ...entries.filter(ofType('plan.made')).flatMap(tellPlan),
    ...runs.flatMap((run) => tellRun(run, entries)),
    ...(runs.length === 0 ? ['Nothing was carried out.'] : []),
    ...tellUnfinished(entries, runs),
    ...tellAnswer(entries),
    ...entries.flatMap((entry) => tellEnding(entry, entries)),
    ...tellRefused(entries),
  ];
}

function tellPlan({ planDigest, detail, at }: Recorded<'plan.made'>): string[] {
  const rules = detail.rules.map(
    ({ action, rule, terms }) => `  ${inert(action, 40)}: ${text(`${rule ?? 'no rule'}: ${terms}`)}`,
  );
  return [
    `Plan ${planDigest ?? 'unknown'}, ${shortTime(at)}: ${amount(detail)}, under policy ${text(detail.policy, 'none').slice(0, 8)}.`,
    ...rules,
  ];
}

function amount({ copies, mailboxes }: { readonly copies: number; readonly mailboxes: number | null }): string {
  return `${count(copies, 'copy', 'copies')} in ${count(mailboxes ?? 0, 'mailbox', 'mailboxes')}`;
}

function tellRun(run: Recorded<'run.started'>, entries: readonly Recorded[]): string[] {
  const { detail, planDigest, at } = run;
  const finished = entries.filter(ofType('run.finished')).find(({ detail: end }) => end.run === detail.run);
  return [
    `${text(detail.action)} of ${amount(detail)} ran, ${shortTime(at)}.`,
    `  Rule: ${text(detail.rule, 'none')}${seatsIn(detail)}${detail.over ? `, and over ${text(detail.over)}` : ''}.`,
    `  Plan: ${planDigest ?? 'unknown'}. Every approval named this digest.`,
    ...causeOf(detail),
    ...votesBefore(run, [detail.action], entries),
    `  Ended: ${finished ? text(summaryWords(finished.detail)) : 'not yet'}.`,
  ];
}

function seatsIn({ seats }: Pick<Recorded<'run.started'>['detail'], 'seats'>): string {
  return seats.length > 0 ? ` (${text(seatsTold(seats))})` : '';
}

function causeOf({ cause, why }: Recorded<'run.started'>['detail']): string[] {
  if (cause === 'policy') return ['  Nobody was asked first: the policy contains at once and asks afterwards.'];
  if (cause === 'late')
    return ['  As approved before, once more: a request that came late had undone it for these copies.'];
  if (cause !== 'roll-back') return [];
  if (why === 'not confirmed in time') return ['  Nobody was asked: an unconfirmed containment goes back by itself.'];
  // From before rolling back was the undo's decision.
  return why === 'rejected' ? ['  Somebody called it not malicious: a containment goes back on one such word.'] : [];
}

const approversOf = ({ detail }: Recorded) => ('approvedBy' in detail ? detail.approvedBy : []);

/** What a vote for a verb leads to. */
const VERB_ENDS: Readonly<Partial<Record<string, EntryType>>> = {
  reject: 'decision.rejected',
  reopen: 'incident.reopened',
  'take-in': 'group.taken-in',
  cancel: 'run.cancelled',
};

/** What is confirmed instead of started, in the policy's words. */
const AT_ONCE: readonly string[] = ACTIONS.filter(beginsAtOnce).map(policyActionOf);

/** Each person's last approval of one of these on the same plan, of those whom `done` names as approving. */
function votesBefore(done: Recorded, actions: readonly string[], entries: readonly Recorded[]): string[] {
  const approvedBy = approversOf(done);
  const votes = entries
    .filter(ofType('decision.approved'))
    .filter(
      ({ seq, planDigest, detail, actor }) =>
        seq < done.seq &&
        planDigest === done.planDigest &&
        actions.includes(detail.action) &&
        approvedBy.includes(actor.id),
    );
  return [...new Map(votes.map((vote) => [vote.actor.id, vote])).values()].map(tellVote);
}

function tellVote({ actor, platform, at, detail: { roles, signIn, reason } }: Recorded<'decision.approved'>): string {
  const extras = [
    roles.length > 0 ? ` as ${text(roles.join(' '))}` : '',
    signIn ? `, signed in for it (${text(`${signIn.context} ${signIn.at}`)})` : '',
    reason ? `, because: ${text(reason)}` : '',
  ].join('');
  return `  Approved by ${inertOr(actor.name, 'somebody', 80)} (${inert(actor.id, 60)})${extras}, in ${platform ?? 'chat'}, ${shortTime(at)}.`;
}

/** Approvals that started nothing. */
function tellUnfinished(entries: readonly Recorded[], runs: readonly Recorded<'run.started'>[]): string[] {
  const used = new Set(runs.map((run) => `${run.planDigest} ${run.detail.action}`));
  const confirmed = entries.some(({ type }) => type === 'containment.confirmed');
  return entries
    .filter(ofType('decision.approved'))
    .filter(({ planDigest, detail: { action }, actor }) => {
      const end = VERB_ENDS[action];
      const isUsed = end
        ? entries.some((entry) => entry.type === end && approversOf(entry).includes(actor.id))
        : AT_ONCE.includes(action)
          ? confirmed
          : used.has(`${planDigest} ${action}`);
      return !isUsed;
    })
    .map(
      (vote) =>
        `Not enough for ${text(vote.detail.action)}: ${vote.detail.count} of ${vote.detail.needed} (${text(seatsTold(vote.detail.seats))}), plan ${vote.planDigest ?? 'unknown'}.${tellVote(vote).slice(1)}`,
    );
}

const ENDINGS: { readonly [T in EntryType]?: (entry: Recorded<T>) => string } = {
  'decision.rejected': ({ actor, detail }) =>
    `Ended by ${inertOr(actor.name, 'somebody', 80)}: not malicious, because ${text(detail.reason)}.`,
  'incident.reopened': ({ actor }) =>
    `${inertOr(actor.name, 'Somebody', 80)} asked to look again: what was approved before does not count any more.`,
  'decision.withdrawn': ({ outcome, detail }) =>
    `The vote of ${text(detail.name)} for ${text(detail.action)} did not count any more: ${refusalOf(outcome)}.`,
  'run.cancelled': ({ actor, detail }) =>
    `Cancelled by ${inertOr(actor.name, 'somebody', 80)}: ${count(detail.left, 'copy', 'copies')} were left alone.`,
  'incident.retired': ({ at }) => `Retired ${shortTime(at)}: only this record of it is kept.`,
  'incident.expired': () => 'Nobody decided in time: expired, which is neither consent nor refusal.',
  'incident.joined': ({ detail }) => `The same mail as ${text(detail.into)}, named by another id: it goes on there.`,
  'containment.confirmed': ({ planDigest }) =>
    `Containment confirmed: it stays removed. Plan: ${planDigest ?? 'unknown'}. Every approval named this digest.`,
  'containment.lapsed': () => 'The containment was not confirmed in time and was rolled back.',
  'exercise.recognised': ({ detail }) =>
    detail.whole
      ? 'A phishing exercise of your own: nobody was asked, and nothing was removed.'
      : `${count(detail.copies, 'copy', 'copies')} of a phishing exercise of your own were left alone.`,
  'word.taken-back': ({ detail }) =>
    `${text(detail.source)} took back what it had said of the mail (${text(detail.says, 'without a word why')}).`,
  'integrity.broken': ({ detail }) =>
    `What is stored differed from the record (${text(detail.what)}): from then on nothing ran.`,
  'plan.grown': ({ detail }) =>
    `${number(detail.copies)} more copies were found that were in no list; they were not touched: ${text(detail.child)} asks for them.`,
};

function endingOf<T extends EntryType>(entry: Recorded<T>): string | null {
  const ending: ((entry: Recorded<T>) => string) | undefined = ENDINGS[entry.type];
  return ending?.(entry) ?? null;
}

function tellEnding(entry: Recorded, entries: readonly Recorded[]): string[] {
  const line = endingOf(entry);
  if (line === null) return [];
  const verbs = Object.keys(VERB_ENDS).filter((verb) => VERB_ENDS[verb] === entry.type);
  const decided = entry.type === 'containment.confirmed' ? AT_ONCE : verbs;
  return [line, ...votesBefore(entry, decided, entries)];
}

/** How long it took from the first report to the end that stands. */
function tellAnswer(entries: readonly Recorded[]): string[] {
  const answer = answerTime(entries);
  return answer ? [`The case was ${answeredWords(answer)}.`] : [];
}

function tellRefused(entries: readonly Recorded[]): string[] {
  return entries.filter(ofType('press.refused', 'ticket.refused')).map((entry) => {
    const { actor, platform, outcome, planDigest, at } = entry;
    const why = refusalOf(outcome);
    const [what, more] =
      entry.type === 'press.refused' ? pressed(entry.detail) : [entry.detail.kind, entry.detail.why ?? ''];
    return `Refused: ${inertOr(actor.name || actor.id, 'somebody', 80)} in ${platform ?? 'chat'}, ${inertOr(what, 'press', 40)}, plan ${planDigest ?? 'none'}, ${shortTime(at)}: ${why}${more ? ` (${inert(more, 160)})` : ''}.`;
  });
}

function pressed({ verb, why, seats }: Recorded<'press.refused'>['detail']): readonly [what: string, more: string] {
  return [verb, why ?? seatsTold(seats)];
}
