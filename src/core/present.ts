import type { CardView } from './card.ts';
import { type Action, advance, canRequest, type Incident } from './incident.ts';
import { noOutcomes, OUTCOME_WORDS, OUTCOMES, type Outcome, type OutcomeCounts } from './outcome.ts';
import { blastRadius, notAskedYet, type Plan, shortDigest } from './plan.ts';
import { eligibleApprovers, type Policy, tally, type Vote } from './policy.ts';
import { suspicions } from './suspicion.ts';
import { count, inertOr, number, shortTime } from './text.ts';

export interface RunFacts {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly state: 'running' | 'finished';
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
}

export interface CaseFacts {
  readonly tenantName: string;
  readonly incident: Incident;
  readonly plan: Plan | null;
  readonly votes: readonly Vote[];
  /** Oldest first. */
  readonly runs: readonly RunFacts[];
  readonly policy: Policy;
}

const VERDICTS = {
  phishing: 'Phishing',
  bec: 'Business e-mail compromise',
  malware: 'Malware',
  spam: 'Spam',
  suspicious: 'Suspicious mail',
} as const;

/** The one translation of a case into what people see. Every string leaves inert and clipped. */
export function present(facts: CaseFacts): CardView {
  const { incident, plan } = facts;
  const { alert } = incident;
  const may = possible(facts);
  return {
    tenant: inertOr(facts.tenantName, 'tenant', 80),
    incident: incident.id,
    revision: String(incident.revision),
    digest: incident.planDigest ?? '',
    shortDigest: incident.planDigest ? shortDigest(incident.planDigest) : '\u2014',
    headline: `${alert.severity.toUpperCase()} \u00b7 ${VERDICTS[alert.verdict]}`,
    status: statusLine(facts),
    tone: toneOf(facts),
    sender: senderLine(facts),
    subject: inertOr(alert.message.subject, '(no subject)', 180),
    reach: reachLine(plan),
    facts: furtherFacts(facts),
    warnings: [...suspicions(alert), ...planWarnings(incident, plan)].slice(0, 8).map((text) => ({ text })),
    proposal: proposalOf(may, plan),
    needs: needsOf(facts, may),
    decisions: decisionsOf(facts),
    progress: progressOf(facts),
    outcomes: outcomeRows(facts),
    canPurge: may.purge,
    canFlag: may.flag,
    canReject: advance(incident.state, 'rejected') !== null,
    canUndo: may.restore,
    canReopen: offersAnotherLook(facts),
    canSeeDetails: plan !== null,
  };
}

/** What can be asked for now: the state allows it and there is something to do it to. */
export function possible(facts: CaseFacts): Readonly<Record<Action, boolean>> {
  const hasCopies = (facts.plan?.copies.length ?? 0) > 0;
  const { state } = facts.incident;
  return {
    purge: hasCopies && canRequest(state, 'purge'),
    flag: hasCopies && canRequest(state, 'flag'),
    restore: canRequest(state, 'restore') && restorable(facts.runs) > 0,
  };
}

/** Another look makes a new list and voids the approvals: offered only where it can find more than the last one. */
function offersAnotherLook({ incident, plan, runs }: CaseFacts): boolean {
  if (advance(incident.state, 'reopened') === null) return false;
  const late = plan ? notAskedYet(incident.alert.recipients, plan).length : 0;
  if (incident.state === 'open') return !plan || plan.copies.length === 0 || plan.failed.length > 0 || late > 0;
  if (incident.state === 'purged') return late > 0 || hasTrouble(runs.at(-1)?.outcomes ?? noOutcomes());
  return incident.state !== 'flagged';
}

/** Copies that purges removed and no restore has brought back since. */
export function restorable(runs: readonly RunFacts[]): number {
  return purgesToUndo(runs).reduce((sum, run) => sum + run.outcomes.removed, 0);
}

/** The finished purges since the last restore: what an undo gives back. */
export function purgesToUndo<R extends Pick<RunFacts, 'action' | 'state'>>(runs: readonly R[]): readonly R[] {
  const lastRestore = runs.findLastIndex((run) => run.action === 'restore');
  return runs.slice(lastRestore + 1).filter((run) => run.action === 'purge' && run.state === 'finished');
}

/** The last run: the one in progress, or the one whose outcome the card tells. */
function lastRun(facts: CaseFacts): RunFacts | undefined {
  return facts.runs.at(-1);
}

function statusLine(facts: CaseFacts): string {
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

/** People whose approval counts now; an undo's older votes may have aged, so there it is an upper bound. */
function approvalsOf({ plan, incident, votes, policy }: CaseFacts, action: Action): number {
  if (!plan || !incident.planDigest) return 0;
  const asked = { action, plan, planDigest: incident.planDigest, notBefore: '' };
  return tally(votes, asked, policy, incident.alert).people.length;
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

function toneOf(facts: CaseFacts): CardView['tone'] {
  switch (facts.incident.state) {
    case 'received':
    case 'running':
      return 'busy';
    case 'open':
      return facts.plan && facts.plan.copies.length === 0 ? 'neutral' : 'attention';
    case 'flagged':
    case 'expired':
      return 'attention';
    case 'purged':
    case 'restored':
      return hasTrouble(lastRun(facts)?.outcomes ?? noOutcomes()) ? 'bad' : 'good';
    case 'rejected':
      return 'neutral';
  }
}

const TROUBLE: readonly Outcome[] = ['stillThere', 'notAllowed', 'failed', 'movedByUser'];

function hasTrouble(outcomes: OutcomeCounts): boolean {
  return TROUBLE.some((outcome) => outcomes[outcome] > 0);
}

function senderLine(facts: CaseFacts): string {
  const { sender, senderName } = facts.incident.alert.message;
  const address = inertOr(sender, 'no readable sender address', 120);
  return senderName ? `${address} \u2014 calls itself \u201c${inertOr(senderName, '', 80)}\u201d` : address;
}

function reachLine(plan: Plan | null): string {
  if (!plan) return 'Not known yet';
  const radius = blastRadius(plan.copies);
  if (radius.copies === 0) return `No copies in ${count(plan.nothing.length, 'mailbox', 'mailboxes')} looked into`;
  return `${count(radius.copies, 'copy', 'copies')} in ${count(radius.mailboxes, 'mailbox', 'mailboxes')}, ${number(radius.read)} read`;
}

function furtherFacts({ incident, plan }: CaseFacts): CardView['facts'] {
  const { alert, alerts } = incident;
  const { message } = alert;
  const more = alerts > 1 ? `; ${count(alerts, 'alert')}` : '';
  const rows: [string, string][] = [
    ['Reported', `${inertOr(alert.source, 'unknown', 80)}, ${shortTime(alert.detectedAt)}${more}`],
  ];
  if (message.receivedAt) rows.push(['Received', shortTime(message.receivedAt)]);
  if (message.urls.length > 0) rows.push(['Links', listOf(message.urls, 2, 90)]);
  if (message.attachments.length > 0) rows.push(['Attachments', listOf(message.attachments, 3, 60)]);
  if (plan) rows.push(['Found by', plan.foundBy]);
  return rows.map(([label, value]) => ({ label, value }));
}

function listOf(values: readonly string[], shown: number, max: number): string {
  const more = values.length > shown ? ` and ${values.length - shown} more` : '';
  return `${values
    .slice(0, shown)
    .map((value) => inertOr(value, '(empty)', max))
    .join(', ')}${more}`;
}

function planWarnings({ alert }: Incident, plan: Plan | null): string[] {
  if (!plan) return [];
  const lines: string[] = [];
  const say = (n: number, text: string) => {
    if (n > 0) lines.push(`${count(n, 'mailbox', 'mailboxes')} ${text}`);
  };
  say(plan.denied.length, 'not looked into: we are not allowed to');
  say(plan.failed.length, 'not looked into: no clear answer');
  say(plan.missing.length, 'named as recipient, but no such mailbox here');
  if (plan.leftAlone.length > 0) {
    lines.push(`${count(plan.leftAlone.length, 'look-alike')} left alone: ${plan.leftAlone[0]?.why ?? ''}`);
  }
  const late = notAskedYet(alert.recipients, plan).length;
  if (late > 0) lines.push(`${count(late, 'recipient')} became known after this list was made: look again.`);
  return lines;
}

function proposalOf(may: Readonly<Record<Action, boolean>>, plan: Plan | null): string {
  if (may.purge && plan) {
    const { copies, mailboxes } = blastRadius(plan.copies);
    return `Move ${count(copies, 'copy', 'copies')} to Recoverable Items, out of reach of ${count(mailboxes, 'person', 'people')}. Can be undone, for 14 days by default.`;
  }
  if (may.restore) return 'Undo puts each removed copy back into its folder, with its read state and flags.';
  return '';
}

function needsOf(facts: CaseFacts, may: Readonly<Record<Action, boolean>>): string {
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

const ACTION_WORDS: Readonly<Record<Action, string>> = { purge: 'the purge', flag: 'the flag', restore: 'the undo' };

function decisionsOf(facts: CaseFacts): CardView['decisions'] {
  const current = facts.votes.filter((vote) => vote.planDigest === facts.incident.planDigest);
  return current.slice(-20).map((vote) => ({
    text: `${inertOr(vote.name, 'Somebody', 80)} approved ${ACTION_WORDS[vote.action]} in ${vote.platform === 'slack' ? 'Slack' : 'Teams'}, ${shortTime(vote.at)}`,
  }));
}

function progressOf(facts: CaseFacts): string {
  const run = lastRun(facts);
  if (facts.incident.state !== 'running' || !run) return '';
  const done = run.total - run.open;
  const resting = run.resting > 0 ? `; ${number(run.resting)} wait for the mail service` : '';
  return `${number(done)} of ${count(run.total, 'copy', 'copies')} checked (${percent(done, run.total)} %)${resting}`;
}

function outcomeRows(facts: CaseFacts): CardView['outcomes'] {
  const run = lastRun(facts);
  if (!run || facts.incident.state === 'received' || facts.incident.state === 'open') return [];
  return OUTCOMES.filter((outcome) => run.outcomes[outcome] > 0).map((outcome) => ({
    label: OUTCOME_WORDS[outcome],
    value: count(run.outcomes[outcome], 'copy', 'copies'),
  }));
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Number(((part * 100) / whole).toFixed(0));
}
