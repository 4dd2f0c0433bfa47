import { askersOf } from './alert.ts';
import { type CaseFacts, lastRun } from './case.ts';
import { finderLines } from './finder.ts';
import type { Action, Elsewhere } from './incident.ts';
import { lookedLines } from './looked.ts';
import type { Difference } from './match.ts';
import { OUTCOME_WORDS, type Outcome } from './outcome.ts';
import { isDelivered, notAskedYet, type Plan, type UnsureGroup } from './plan.ts';
import { count, inertOr, shortTime } from './text.ts';

/** What we know of a case that deserves care, most weighty first. Each is one line of the card. */

export function remarksOf(facts: CaseFacts): string[] {
  const { incident, plan, children } = facts;
  const { parent, previous, elsewhere } = incident;
  return [
    ...troubleLines(facts),
    ...(parent
      ? [`These copies turned up after the list of ${parent} was made: they need an approval of their own.`]
      : []),
    ...(previous
      ? [`Follows ${previous}, with the same Message-ID and sender: another delivery or subject, or now called worse.`]
      : []),
    ...(children.length > 0
      ? [
          `More copies turned up after this list was made: ${children.join(', ')} ${children.length > 1 ? 'ask' : 'asks'} for them.`,
        ]
      : []),
    ...elsewhere.map(elsewhereLine),
    ...worseLines(facts),
    ...(plan ? planLines(plan, facts) : []),
    ...peopleLines(facts),
    ...facts.deadRooms.map(deadRoomLine),
  ];
}

/** What became of a copy that people have to think about, before the addresses of its mailboxes. */
const TROUBLE_WORDS: Partial<Readonly<Record<Outcome, string>>> = {
  stillThere: 'Still in the mailbox of',
  notAllowed: 'Not allowed into the mailbox of',
  failed: 'Not done, see the record, for',
  movedByUser: 'Moved by its owner, and perhaps still readable:',
  unreachable: 'The mailbox exists and cannot be reached this way (inactive, archived or on-premises):',
  noMailbox: 'The mailbox is not found any more:',
  vanished: 'Gone without us, perhaps into an archive that nobody can look into:',
  restoredElsewhere: 'Put back, but not where it was, because its folder was deleted or somebody moved it:',
};
/** Whose mailboxes are named on a card, where there are any. */
export const NAMED = Object.keys(TROUBLE_WORDS) as readonly Outcome[];
/** Of each kind; all are under Details. */
export const MOST_TROUBLED = 3;

function troubleLines(facts: CaseFacts): string[] {
  const run = lastRun(facts);
  if (facts.incident.state === 'received' || facts.incident.state === 'open') return [];
  return (run?.troubled ?? []).map(({ outcome, addresses, mailboxes }) => {
    const named = addresses.map((address) => inertOr(address, 'unnamed', 60)).join(', ');
    const more = mailboxes - addresses.length;
    return `${TROUBLE_WORDS[outcome] ?? OUTCOME_WORDS[outcome]} ${named}${more > 0 ? ` and ${count(more, 'more mailbox', 'more mailboxes')}` : ''}.`;
  });
}

const DONE_ELSEWHERE: Readonly<Record<Action, string>> = {
  purge: 'removed by',
  contain: 'removed by',
  'hard-purge': 'deleted for good by',
  flag: 'flagged by',
  restore: 'put back by',
};

function elsewhereLine({ incident, action, copies, at }: Elsewhere): string {
  return `${count(copies, 'copy', 'copies')} of this list ${copies === 1 ? 'was' : 'were'} ${DONE_ELSEWHERE[action]} ${incident}, ${shortTime(at)}.`;
}

/** What other sources call the mail, where it differs from what the card is headed with. */
function worseLines({ incident: { alert } }: CaseFacts): string[] {
  const others = alert.said.filter(({ verdict, severity }) => verdict !== alert.verdict || severity !== alert.severity);
  return others
    .slice(-2)
    .map(
      ({ source, verdict, severity }) => `${inertOr(source, 'Another source', 80)} calls it ${verdict}, ${severity}.`,
    );
}

function deadRoomLine(chat: CaseFacts['deadRooms'][number]): string {
  return `The channel in ${chat === 'slack' ? 'Slack' : 'Teams'} takes no messages any more: nobody there sees this as it is.`;
}

function planLines(plan: Plan, { incident, looked }: CaseFacts): string[] {
  const lines: string[] = [];
  const say = (n: number, text: string) => {
    if (n > 0) lines.push(`${count(n, 'mailbox', 'mailboxes')} ${text}`);
  };
  say(plan.denied.length, 'not looked into: we are not allowed to');
  // What a later look saw takes the place of what the plan says of it.
  const later = looked && looked.at >= plan.resolvedAt ? looked : null;
  const again = plan.mode === 'live';
  if (!later)
    say(
      plan.failed.length,
      `not looked into: no clear answer, ${inertOr(plan.failed[0], 'unnamed', 80)} first.${again ? ' Looked into again by itself.' : ''}`,
    );
  say(plan.unreachable.length, 'not looked into: in the directory, but not reachable this way');
  say(plan.missing.length, 'named as recipient, but nobody in the directory has the address');
  if (plan.unresolved.length > 0)
    lines.push(
      `${count(plan.unresolved.length, 'address', 'addresses')} with nobody behind that could be found out, ${inertOr(plan.unresolved[0], 'unnamed', 80)} first: who received it there is not known.`,
    );
  lines.push(...(later ? lookedLines(later, isDelivered(plan)) : finderLines(plan.finders, isDelivered(plan), again)));
  if (plan.trackingCut)
    lines.push('Tracking named more than can be followed: there may be copies that are not in this list.');
  if (plan.notLooked > 0)
    lines.push(`${count(plan.notLooked, 'recipient')} beyond the limit: not looked into, and not in this list.`);
  say(plan.shielded.length, `protected by the policy (${inertOr(plan.shielded[0]?.set, 'unnamed', 60)}): left alone`);
  say(plan.vip, 'of VIPs among them');
  if (plan.leftAlone.length > 0)
    lines.push(
      `${count(plan.leftAlone.length, 'message')} left alone: ${inertOr(plan.leftAlone[0]?.why, 'not the same mail', 120)}`,
    );
  const late = incident.parent ? 0 : notAskedYet(incident.alert.recipients, plan).length;
  if (late > 0) lines.push(`${count(late, 'recipient')} became known after this list was made: look again.`);
  return lines;
}

function peopleLines({ incident: { alert, askers } }: CaseFacts): string[] {
  const lines: string[] = [];
  if (alert.unreadablePeople)
    lines.push('Who reported it or asked for its removal cannot be read: nothing is done before people decide.');
  const named = [alert.reporter, alert.requester].find((asker) => asker !== null);
  if (named && askersOf([], alert).length === 0 && askers.length === 0)
    lines.push(
      `The alert names ${inertOr(named.address ?? named.entraId, 'somebody', 80)} as having reported it. That is not proven, and keeps nobody from deciding.`,
    );
  return lines;
}

const DIFFERENCE_WORDS: Readonly<Record<Difference, string>> = {
  'message-id': 'another Message-ID',
  sender: 'another sender',
  subject: 'another subject',
  delivery: 'another delivery',
  time: 'received at another time',
};

/** `3 messages in 2 mailboxes, another subject: “All-hands” from boss@contoso.example, received 11 Nov 08:00 UTC`. */
export function groupLine(group: UnsureGroup, { key }: Plan): string {
  const mailboxes = new Set(group.addresses).size;
  const amount = `${count(group.addresses.length, 'message')} in ${count(mailboxes, 'mailbox', 'mailboxes')}`;
  const differs = group.differences.map((difference) => differenceWords(difference, group, key)).join(', ');
  const subject = `\u201c${inertOr(group.subject, 'no subject', 90)}\u201d`;
  const times = group.from
    ? `, received ${shortTime(group.from)}${group.until === group.from ? '' : ' and later'}`
    : '';
  return `${amount}, ${differs}: ${subject} from ${inertOr(group.sender, 'no sender', 90)}${times}`;
}

function differenceWords(difference: Difference, group: UnsureGroup, key: Plan['key']): string {
  if (difference === 'subject' && key.subject === null) return 'the alert names no subject';
  if (difference === 'sender' && key.sender === null) return 'the alert names no sender';
  if (difference === 'sender' && group.sender?.startsWith('/')) return 'the sender as a name of the directory';
  if (difference === 'message-id' && key.internetMessageId === null) return 'the alert names no Message-ID';
  return DIFFERENCE_WORDS[difference];
}
