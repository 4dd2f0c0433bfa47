import { ACTIONS, beginsAtOnce, policyActionOf } from '../action/action.ts';
import type { LossCode, RefusalCode, SignInRefusalCode } from '../ask/refusal.ts';
import { count, inert, inertOr, number, shortTime } from '../text.ts';
import type { Recorded } from './ledger.ts';

/** Why something was done, or was not: the entries of one incident, told by decision instead of by time. */

/** `reopened`: said about a list that was looked for anew. */
const REFUSALS: Readonly<Record<RefusalCode | LossCode | SignInRefusalCode | 'reopened', string>> = {
  'too-late': 'not possible in that state any more',
  policy: 'the policy does not allow it',
  'not-asked': 'holds no role that was asked for',
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

type Detail = Recorded['detail'];
const text = (detail: Detail, key: string, fallback = 'unknown') => inertOr(String(detail[key] ?? ''), fallback, 300);

/** Plain lines; empty for an incident the record does not know. `entries` in order. */
export function explainIncident(entries: readonly Recorded[]): string[] {
  if (entries.length === 0) return [];
  const runs = entries.filter(({ type }) => type === 'run.started');
  return [
    ...entries.filter(({ type }) => type === 'plan.made').flatMap(tellPlan),
    ...runs.flatMap((run) => tellRun(run, entries)),
    ...(runs.length === 0 ? ['Nothing was carried out.'] : []),
    ...tellUnfinished(entries, runs),
    ...entries.flatMap((entry) => tellEnding(entry, entries)),
    ...tellRefused(entries),
  ];
}

function tellPlan({ planDigest, detail, at }: Recorded): string[] {
  const rules = Object.keys(detail)
    .filter((key) => key.startsWith('rule.'))
    .map((key) => `  ${key.slice('rule.'.length)}: ${text(detail, key)}`);
  return [
    `Plan ${planDigest ?? 'unknown'}, ${shortTime(at)}: ${amount(detail)}, under policy ${text(detail, 'policy', 'none').slice(0, 8)}.`,
    ...rules,
  ];
}

function amount(detail: Detail): string {
  const copies = count(Number(detail['copies'] ?? 0), 'copy', 'copies');
  return `${copies} in ${count(Number(detail['mailboxes'] ?? 0), 'mailbox', 'mailboxes')}`;
}

function tellRun(run: Recorded, entries: readonly Recorded[]): string[] {
  const { detail, planDigest, at } = run;
  const action = text(detail, 'action');
  const finished = entries.find(({ type, detail: end }) => type === 'run.finished' && end['run'] === detail['run']);
  return [
    `${action} of ${amount(detail)} ran, ${shortTime(at)}.`,
    `  Rule: ${text(detail, 'rule', 'none')}${detail['seats'] ? ` (${text(detail, 'seats')})` : ''}${detail['over'] ? `, and over ${text(detail, 'over')}` : ''}.`,
    `  Plan: ${planDigest ?? 'unknown'}. Every approval named this digest.`,
    ...causeOf(detail),
    ...votesBefore(run, [String(detail['action'])], entries),
    `  Ended: ${finished ? text(finished.detail, 'summary') : 'not yet'}.`,
  ];
}

function causeOf({ cause, why }: Detail): string[] {
  if (cause === 'policy') return ['  Nobody was asked first: the policy contains at once and asks afterwards.'];
  if (cause === 'late')
    return ['  As approved before, once more: a request that came late had undone it for these copies.'];
  if (cause !== 'roll-back') return [];
  if (why === 'not confirmed in time') return ['  Nobody was asked: an unconfirmed containment goes back by itself.'];
  // From before rolling back was the undo's decision.
  return why === 'rejected' ? ['  Somebody called it not malicious: a containment goes back on one such word.'] : [];
}

const approversOf = ({ detail }: Recorded) => String(detail['approvedBy'] ?? '').split(' ');

/** What a vote for a verb leads to. */
const VERB_ENDS: Readonly<Partial<Record<string, Recorded['type']>>> = {
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
  const votes = entries.filter(
    ({ type, seq, planDigest, detail, actor }) =>
      type === 'decision.approved' &&
      seq < done.seq &&
      planDigest === done.planDigest &&
      actions.includes(String(detail['action'])) &&
      approvedBy.includes(actor.id),
  );
  return [...new Map(votes.map((vote) => [vote.actor.id, vote])).values()].map(tellVote);
}

function tellVote({ actor, platform, at, detail }: Recorded): string {
  const extras = [
    detail['roles'] ? ` as ${text(detail, 'roles')}` : '',
    detail['signIn'] ? `, signed in for it (${text(detail, 'signIn')})` : '',
    detail['reason'] ? `, because: ${text(detail, 'reason')}` : '',
  ].join('');
  return `  Approved by ${inertOr(actor.name, 'somebody', 80)} (${inert(actor.id, 60)})${extras}, in ${platform ?? 'chat'}, ${shortTime(at)}.`;
}

/** Approvals that started nothing. */
function tellUnfinished(entries: readonly Recorded[], runs: readonly Recorded[]): string[] {
  const used = new Set(runs.map((run) => `${run.planDigest} ${String(run.detail['action'])}`));
  const confirmed = entries.some(({ type }) => type === 'containment.confirmed');
  return entries
    .filter(({ type, planDigest, detail, actor }) => {
      const action = String(detail['action']);
      const end = VERB_ENDS[action];
      const isUsed = end
        ? entries.some((entry) => entry.type === end && approversOf(entry).includes(actor.id))
        : AT_ONCE.includes(action)
          ? confirmed
          : used.has(`${planDigest} ${action}`);
      return type === 'decision.approved' && !isUsed;
    })
    .map(
      (vote) =>
        `Not enough for ${text(vote.detail, 'action')}: ${String(vote.detail['count'])} of ${String(vote.detail['needed'])} (${text(vote.detail, 'seats')}), plan ${vote.planDigest ?? 'unknown'}.${tellVote(vote).slice(1)}`,
    );
}

const ENDINGS: Readonly<Partial<Record<Recorded['type'], (entry: Recorded) => string>>> = {
  'decision.rejected': ({ actor, detail }) =>
    `Ended by ${inertOr(actor.name, 'somebody', 80)}: not malicious, because ${text(detail, 'reason')}.`,
  'incident.reopened': ({ actor }) =>
    `${inertOr(actor.name, 'Somebody', 80)} asked to look again: what was approved before does not count any more.`,
  'decision.withdrawn': ({ outcome, detail }) =>
    `The vote of ${text(detail, 'name')} for ${text(detail, 'action')} did not count any more: ${refusalOf(outcome)}.`,
  'run.cancelled': ({ actor, detail }) =>
    `Cancelled by ${inertOr(actor.name, 'somebody', 80)}: ${count(Number(detail['left'] ?? 0), 'copy', 'copies')} were left alone.`,
  'incident.retired': ({ at }) => `Retired ${shortTime(at)}: only this record of it is kept.`,
  'incident.expired': () => 'Nobody decided in time: expired, which is neither consent nor refusal.',
  'incident.joined': ({ detail }) => `The same mail as ${text(detail, 'into')}, named by another id: it goes on there.`,
  'containment.confirmed': ({ planDigest }) =>
    `Containment confirmed: it stays removed. Plan: ${planDigest ?? 'unknown'}. Every approval named this digest.`,
  'containment.lapsed': () => 'The containment was not confirmed in time and was rolled back.',
  'integrity.broken': ({ detail }) =>
    `What is stored differed from the record (${text(detail, 'what')}): from then on nothing ran.`,
  'plan.grown': ({ detail }) =>
    `${number(Number(detail['copies'] ?? 0))} more copies were found that were in no list; they were not touched: ${text(detail, 'child')} asks for them.`,
};

function tellEnding(entry: Recorded, entries: readonly Recorded[]): string[] {
  const line = ENDINGS[entry.type]?.(entry);
  if (line === undefined) return [];
  const verbs = Object.keys(VERB_ENDS).filter((verb) => VERB_ENDS[verb] === entry.type);
  const decided = entry.type === 'containment.confirmed' ? AT_ONCE : verbs;
  return [line, ...votesBefore(entry, decided, entries)];
}

function tellRefused(entries: readonly Recorded[]): string[] {
  return entries
    .filter(({ type }) => type === 'press.refused' || type === 'ticket.refused')
    .map(({ actor, platform, outcome, detail, planDigest, at }) => {
      const why = refusalOf(outcome);
      const more = detail['why'] ?? detail['seats'];
      const what = detail['verb'] ?? detail['kind'];
      return `Refused: ${inertOr(actor.name || actor.id, 'somebody', 80)} in ${platform ?? 'chat'}, ${inertOr(String(what ?? ''), 'press', 40)}, plan ${planDigest ?? 'none'}, ${shortTime(at)}: ${why}${more ? ` (${inert(String(more), 160)})` : ''}.`;
    });
}
