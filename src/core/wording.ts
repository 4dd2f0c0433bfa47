import { approvalsOf, type CaseFacts, lastRun, type RunFacts, TROUBLE } from './case.ts';
import type { Action } from './incident.ts';
import { OUTCOME_WORDS, OUTCOMES } from './outcome.ts';
import { blastRadius, type Plan } from './plan.ts';
import { eligibleApprovers } from './policy.ts';
import { count, inertOr, number, shortTime } from './text.ts';

/** The sentences of a card: what is the case, what would be done, who has to say so. */

export function statusLine(facts: CaseFacts): string {
  const { incident, plan } = facts;
  const run = lastRun(facts);
  switch (incident.state) {
    case 'received':
      return 'Looking for copies in the mailboxes.';
    case 'open':
      return plan && plan.copies.length === 0 ? emptyPlanLine(plan) : waitingLine(facts, untouchedLine(facts));
    case 'running':
      return run ? RUNNING[run.action] : 'Working.';
    case 'flagged':
      return waitingLine(facts, 'The copies are flagged; the mail is still there.');
    case 'purged':
      return purgedLine(run);
    case 'restored':
      return `Undone: ${summary(run)}`;
    case 'rejected':
      return `Not malicious, says ${inertOr(incident.closedBy, 'an approver', 80)}: ${inertOr(incident.reason, 'no reason', 140)}`;
    case 'expired':
      return facts.runs.length > 0
        ? 'Nobody decided in time. Nothing more was done.'
        : 'Nobody decided in time. Nothing was done; the mail is still there.';
  }
}

const RUNNING: Readonly<Record<Action, string>> = {
  purge: 'Approved. Moving the copies out of the mailboxes and looking after each one.',
  flag: 'Approved. Flagging the copies and looking after each one.',
  restore: 'Approved. Putting the copies back where they were.',
};

function untouchedLine({ runs }: CaseFacts): string {
  return runs.length > 0 ? 'Since the last action nothing has been touched.' : 'Nothing has been touched yet.';
}

function waitingLine(facts: CaseFacts, addition: string): string {
  const given = approvalsOf(facts, 'purge');
  return `Waiting for approval: ${given} of ${facts.policy.approvals.purge} given. ${addition}`;
}

function purgedLine(run: RunFacts | undefined): string {
  if (!run) return 'Purged.';
  const trouble = TROUBLE.reduce((sum, outcome) => sum + run.outcomes[outcome], 0);
  if (trouble === 0) return `Purged: ${summary(run)} No copy of the plan is in sight any more.`;
  return `Purged with trouble: ${trouble} of ${count(run.total, 'copy', 'copies')} may still be readable. ${summary(run)}`;
}

function emptyPlanLine(plan: Plan): string {
  if (!plan.key.internetMessageId) return 'This mail has no usable Message-ID, so mailboxes cannot be searched for it.';
  const unseen = plan.denied.length + plan.failed.length;
  return unseen > 0
    ? `No copy seen, but ${count(unseen, 'mailbox', 'mailboxes')} could not be looked into.`
    : 'No copy was found in the mailboxes looked into.';
}

function summary(run: RunFacts | undefined): string {
  if (!run) return '';
  const parts = OUTCOMES.filter((outcome) => run.outcomes[outcome] > 0).map(
    (outcome) => `${number(run.outcomes[outcome])} ${OUTCOME_WORDS[outcome].toLowerCase()}`,
  );
  return `${parts.join('; ') || 'nothing to do'}.`;
}

export function proposalOf(may: Readonly<Record<Action, boolean>>, plan: Plan | null): string {
  if (may.purge && plan) {
    const { copies, mailboxes } = blastRadius(plan.copies);
    return `Move ${count(copies, 'copy', 'copies')} to Recoverable Items, out of reach of ${count(mailboxes, 'person', 'people')}. Can be undone, for 14 days by default.`;
  }
  if (may.restore) return 'Undo puts each removed copy back into its folder, with its read state and flags.';
  return '';
}

export function needsOf(facts: CaseFacts, may: Readonly<Record<Action, boolean>>): string {
  if (!may.purge && !may.restore) return '';
  const { policy, incident, plan } = facts;
  const action: Action = may.purge ? 'purge' : 'restore';
  const needed = policy.approvals[action];
  const given = approvalsOf(facts, action);
  const eligible = eligibleApprovers(policy, plan, incident.alert).length;
  const people = `${count(needed - given, 'more approval')}${action === 'restore' ? ' for the undo' : ''}`;
  const until = incident.deadline && may.purge ? `, until ${shortTime(incident.deadline)}` : '';
  const short = eligible < needed ? ` Only ${eligible} may decide: the quorum cannot be reached.` : '';
  return `${given === 0 ? people.replace(' more', '') : people} by people who neither received nor reported the mail${until}.${short}`;
}

export function progressOf(facts: CaseFacts): string {
  const run = lastRun(facts);
  if (facts.incident.state !== 'running' || !run) return '';
  const done = run.total - run.open;
  const resting = run.resting > 0 ? `; ${number(run.resting)} wait for the mail service` : '';
  return `${number(done)} of ${count(run.total, 'copy', 'copies')} checked (${percent(done, run.total)} %)${resting}`;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Number(((part * 100) / whole).toFixed(0));
}
