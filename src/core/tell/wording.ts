import { definitionOf, isApprovedRemoval, isUndo } from '../action/action.ts';
import { OUTCOME_WORDS, OUTCOMES, SEEN_BACK } from '../action/outcome.ts';
import { VERBS, type Verb } from '../ask/policy.ts';
import type { Plan } from '../find/plan.ts';
import { type Situation, situationOf } from '../incident/incident.ts';
import { takenOutSince } from '../record/late.ts';
import { count, inertOr, number, shortTime } from '../text.ts';
import { type CaseFacts, canBeRestored, countOf, lastRun, leadAction, verbVotesSince } from './case.ts';
import { speedWords, timeLeftWords } from './pace-words.ts';
import { isOfAutomation, releaseLine, UNTOUCHED } from './release-words.ts';
import {
  allSeenGone,
  leftBackSince,
  outNow,
  type RunFacts,
  recoveredSince,
  TROUBLE,
  undoneElsewhere,
} from './run-facts.ts';

/** The sentences of a card: what is the case, what would be done, who has to say so. */

export function statusLine(facts: CaseFacts): string {
  const { incident, plan } = facts;
  const run = lastRun(facts);
  const release = releaseLine(facts, run, summary(run));
  if (release !== null) return release;
  switch (situationOf(incident)) {
    case 'received':
      return 'Looking for copies in the mailboxes.';
    case 'open':
      return plan && plan.copies.length === 0 ? emptyPlanLine(plan) : waitingLine(facts, untouchedLine(facts));
    case 'running':
      return run ? runningLine(run) : 'Working.';
    case 'flagged':
      return waitingLine(facts, 'The copies are flagged; the mail is still there.');
    case 'contained':
      return containedLine(facts, run);
    case 'rehearsed':
      return `Dry run: ${summary(run)} Nothing was touched.`;
    case 'purged':
      return purgedLine(facts, run);
    case 'junked':
      return run ? junkedLine(facts, run) : 'In Junk Email.';
    case 'restored':
      return undoneLine(facts, run);
    case 'rejected':
      if (facts.joinedInto !== null)
        return `The same mail as ${facts.joinedInto}: it goes on there. Nothing was touched.`;
      return `Not malicious, says ${inertOr(incident.closedBy, 'an approver', 80)}: ${inertOr(incident.reason, 'no reason', 140)}`;
    case 'expired':
      return facts.runs.length > 0
        ? 'Nobody decided in time. Nothing more was done.'
        : 'Nobody decided in time. Nothing was done; the mail is still there.';
  }
}

function untouchedLine({ runs, late, incident }: CaseFacts): string {
  if (runs.length === 0 && isOfAutomation({ incident })) return UNTOUCHED;
  if (takenOutSince(late, runs.at(-1), situationOf(incident)).length > 0)
    return 'Since the last action a removal that came late has taken mail out: see below.';
  return runs.length > 0 ? 'Since the last action nothing has been touched.' : 'Nothing has been touched yet.';
}

function runningLine(run: RunFacts): string {
  if (run.cancelledAt !== null) return 'Cancelled. What was begun is finished; the rest is left alone.';
  if (run.mode === 'dry-run') return 'Approved. Dry run: looking at each copy, touching none.';
  if (run.cause === 'late')
    return isUndo(run.action)
      ? 'Putting back once more what a request that came late took out again.'
      : 'Removing once more what a request that came late put back.';
  return run.cause === 'roll-back'
    ? 'Rolling the containment back: putting the copies where they were.'
    : definitionOf(run.action).words.running;
}

const VOTED: Readonly<Record<Verb, string>> = {
  reject: 'Called not malicious',
  reopen: 'Another look asked for',
  'take-in': 'Taking unsure copies in asked for',
  cancel: 'Cancelling asked for',
};

/** What is being said about the case and is not decided yet. */
export function verbLines(facts: CaseFacts): string[] {
  const groups = new Set(facts.votes.flatMap(({ action, reason }) => (action === 'take-in' && reason ? [reason] : [])));
  const lineFor = (action: Verb, about: { readonly group?: string }) => {
    const { people, needed } = countOf(facts, { action, notBefore: verbVotesSince(facts, action), ...about });
    return people.length === 0 ? [] : [`${VOTED[action]} by ${people.length} of ${needed}.`];
  };
  return VERBS.flatMap((verb) =>
    verb === 'take-in' ? [...groups].flatMap((group) => lineFor(verb, { group })) : lineFor(verb, {}),
  );
}

function waitingLine(facts: CaseFacts, addition: string): string {
  const action = leadAction(facts.plan, situationOf(facts.incident));
  if (!action) return `The policy allows nothing here: ${inertOr(refusalOf(facts), 'no rule fits', 160)}. ${addition}`;
  const { people, needed } = countOf(facts, { action, notBefore: '' });
  return `Waiting for approval: ${people.length} of ${needed} given. ${addition}`;
}

function refusalOf({ plan, incident }: CaseFacts): string | null {
  const terms = plan?.terms[isOfAutomation({ incident }) ? 'release' : 'purge'];
  return terms?.is === 'refused' ? terms.why : null;
}

function containedLine(facts: CaseFacts, run: RunFacts | undefined): string {
  const action = leadAction(facts.plan, situationOf(facts.incident));
  const counted = action && countOf(facts, { action, notBefore: '' });
  return `Contained at once: ${summary(run)} Confirmed by ${counted?.people.length ?? 0} of ${counted?.needed ?? 0}; without confirmation the mail comes back.`;
}

function purgedLine(facts: CaseFacts, run: RunFacts | undefined): string {
  if (!run) return 'Purged.';
  const since = sinceLine(facts);
  if (run.cause === 'late') {
    const first = facts.runs.findLast(({ action, cause }) => isApprovedRemoval(action) && cause !== 'late');
    return `Purged: ${summary(first)} A request that came late put ${count(run.total, 'copy', 'copies')} back; removed once more: ${summary(run)}${since}`;
  }
  const trouble = TROUBLE.reduce((sum, outcome) => sum + run.outcomes[outcome], 0);
  if (run.cancelledAt !== null && trouble > 0)
    return `Purge cancelled: ${trouble} of ${count(run.total, 'copy', 'copies')} may still be readable. ${summary(run)}${since}`;
  const cameTrue = facts.late.takenOut.filter((one) => one.run === run.id).map(({ at }) => at);
  if (run.cancelledAt !== null && cameTrue.length > 0)
    return `Purge cancelled, and done by requests that came late all the same: ${summary(run)}${since || recoverable(run)}`;
  if (trouble > 0)
    return `Purged with trouble: ${trouble} of ${count(run.total, 'copy', 'copies')} may still be readable. ${summary(run)}${since || recoverable(run)}`;
  if (since !== '') return `Purged: ${summary(run)}${since}`;
  const seen = [run.finishedAt ?? '', ...cameTrue].sort().at(-1);
  const when = seen ? ` by ${shortTime(seen)}` : '';
  const gone = allSeenGone(run) ? ` No copy of the plan is in sight: each was seen gone${when}.` : '';
  return `Purged: ${summary(run)}${gone}${recoverable(run)}`;
}

/** Nowhere called gone: its owner opens the folder, and there it is. */
function junkedLine(facts: CaseFacts, run: RunFacts): string {
  const since = sinceLine(facts);
  const trouble = TROUBLE.reduce((sum, outcome) => sum + run.outcomes[outcome], 0);
  const open = `${trouble} of ${count(run.total, 'copy', 'copies')} may lie elsewhere.`;
  if (run.cancelledAt !== null && trouble > 0) return `Move to Junk cancelled: ${open} ${summary(run)}${since}`;
  if (trouble > 0) return `Moved to Junk Email with trouble: ${open} ${summary(run)}${since}`;
  const when = run.finishedAt && run.outcomes.junked > 0 ? ` Each was seen there by ${shortTime(run.finishedAt)}.` : '';
  const reach = run.outcomes.junked > 0 ? ' Owners can still open the mail there.' : '';
  return `Moved to Junk Email: ${summary(run)}${since || `${when}${reach}`}`;
}

/** What has become of the copies since they were taken out. */
function sinceLine(facts: CaseFacts): string {
  const back = undoneElsewhere(facts);
  if (back)
    return ` Since then ${back.incident} has put ${count(back.copies, 'copy', 'copies')} back: they can be read again.`;
  const late = leftBackSince(facts);
  if (late > 0)
    return ` Since then a late request of an earlier undo has put ${count(late, 'copy', 'copies')} back: they can be read again.`;
  const recovered = recoveredSince(facts);
  return recovered > 0
    ? ` Since then ${count(recovered, 'copy that was gone has', 'copies that were gone have')} come back to a mailbox and can be read again.`
    : '';
}

/** Out of sight is not out of reach: Outlook offers to recover deleted items. What was gone already may lie deeper. */
function recoverable({ outcomes }: RunFacts): string {
  const before = outcomes.alreadyGone > 0 ? 'what was gone already' : '';
  if (outcomes.removed === 0)
    return before === '' ? '' : ` Owners can perhaps still recover ${before}, from Recoverable Items.`;
  const also = before === '' ? '' : ` and perhaps ${before}`;
  return ` Owners can still recover what was removed${also}, from Recoverable Items.`;
}

/** One name for it wherever it is offered. */
export function undoWords({ incident, runs }: Pick<CaseFacts, 'incident' | 'runs'>): string {
  if (situationOf(incident) === 'contained') return 'Roll the containment back';
  const { bin, junk } = outNow(runs);
  return bin === 0 && junk > 0 ? 'Undo the move to Junk' : 'Undo the purge';
}

function undoneLine(facts: CaseFacts, run: RunFacts | undefined): string {
  const { runs } = facts;
  if (run?.cause !== 'late') return `${endOfUndo(run)}${backInJunk(facts)}`;
  const undo = runs.findLast(({ action, cause }) => isUndo(action) && cause !== 'late');
  return `${endOfUndo(undo)} A request that came late took ${count(run.total, 'copy', 'copies')} out again; put back once more: ${summary(run)}`;
}

/** Back is where the removal found it: for some of it that is where an earlier action had put it. */
function backInJunk(facts: CaseFacts): string {
  const before = outNow(facts.runs.slice(0, -1));
  return before.bin > 0 && before.junk > 0 && canBeRestored(facts) > 0
    ? ' What lay in Junk Email before the purge is there again: another undo takes it from there.'
    : '';
}

function endOfUndo(run: RunFacts | undefined): string {
  if (!run || run.cancelledAt === null) return `Undone: ${summary(run)}`;
  const back = SEEN_BACK.reduce((sum, outcome) => sum + run.outcomes[outcome], 0);
  return `Undo cancelled: ${number(back)} of ${count(run.total, 'copy', 'copies')} put back; ${number(run.total - back)} not. ${summary(run)}`;
}

const UNSEARCHABLE =
  'The mailboxes cannot be searched, because the mail has no usable Message-ID and tracking names none.';

function emptyPlanLine(plan: Plan): string {
  if (plan.unsure.length > 0)
    return 'No copy is proven. There are mails that agree in part: look at them below and take in what is this mail.';
  if (!plan.key.internetMessageId) return UNSEARCHABLE;
  const unseen = plan.denied.length + plan.failed.length + plan.unreachable.length;
  return unseen > 0
    ? `No copy seen, but ${count(unseen, 'mailbox', 'mailboxes')} could not be looked into.`
    : 'No copy was found in the mailboxes looked into.';
}

function summary(run: RunFacts | undefined): string {
  if (!run) return '';
  const parts = OUTCOMES.filter((outcome) => run.outcomes[outcome] > 0).map(
    (outcome) => `${number(run.outcomes[outcome])} ${withinSentence(OUTCOME_WORDS[outcome])}`,
  );
  return `${parts.join('; ') || 'nothing to do'}.`;
}

/** What is called by a name keeps its letters. */
function withinSentence(words: string): string {
  return `${words.slice(0, 1).toLowerCase()}${words.slice(1)}`;
}

const HAS_ENDED: ReadonlySet<Situation> = new Set<Situation>(['purged', 'restored', 'rehearsed']);

export function progressOf(facts: CaseFacts): string {
  const run = lastRun(facts);
  if (!run) return '';
  const stands = situationOf(facts.incident);
  if (stands !== 'running') return HAS_ENDED.has(stands) ? speedWords(run) : '';
  const done = run.total - run.open;
  const more = [
    run.resting > 0 ? `${number(run.resting)} wait for the mail service` : '',
    // Nothing goes on while everything is stopped.
    facts.brake.stopped ? '' : timeLeftWords(run, facts.now),
  ].filter((words) => words !== '');
  const checked = `${number(done)} of ${count(run.total, 'copy', 'copies')} checked (${percent(done, run.total)} %)`;
  return [checked, ...more].join('; ');
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Number(((part * 100) / whole).toFixed(0));
}
