import { definitionOf } from '../action/action.ts';
import { OUTCOME_WORDS, type Outcome } from '../action/outcome.ts';
import { askersOf } from '../find/alert.ts';
import { finderLines } from '../find/finder.ts';
import type { Difference } from '../find/match.ts';
import { isDelivered, notAskedYet, type Plan, shortDigest, type UnsureGroup } from '../find/plan.ts';
import { type Elsewhere, situationOf } from '../incident/incident.ts';
import { twinLines } from '../record/joined.ts';
import { lateLines } from '../record/late.ts';
import { leftOf, lookedLines } from '../record/looked.ts';
import { recoveredLines } from '../record/recovered.ts';
import { unreadSetLines } from '../record/unread-sets.ts';
import { count, inertOr, shortTime } from '../text.ts';
import { offersAnotherLook } from './another-look.ts';
import { campaignRemarks } from './campaign-view.ts';
import { type CaseFacts, lastRun, possible } from './case.ts';
import { chatName } from './chats.ts';
import { engineLines } from './engine-words.ts';
import { evidenceLines } from './evidence-words.ts';
import { exerciseLines } from './exercise-words.ts';
import { flagLines } from './flags-line.ts';
import { invitationLines } from './invitation-words.ts';
import { listLines } from './measure-state.ts';
import { peopleRemarks } from './people-words.ts';
import { homeLines } from './release-words.ts';
import { leftBehind } from './run-facts.ts';
import { toldLines } from './told-words.ts';
import { takenBackLines } from './vendor-words.ts';
import { verdictWords } from './verdicts.ts';

/** What we know of a case that deserves care, most weighty first. Each is one line of the card. */

export function remarksOf(facts: CaseFacts): string[] {
  const { incident, plan, children } = facts;
  const { parent, previous, elsewhere } = incident;
  return [
    ...unreadSetLines(facts.unreadSet, situationOf(incident)),
    ...takenBackLines(incident.alert, possible(facts).restore),
    ...exerciseLines(facts.exercise ?? null),
    ...invitationLines(facts),
    ...peopleRemarks(facts.people ?? null),
    ...evidenceLines(facts.policy, facts.evidence),
    ...backLines(facts),
    ...lateLines(facts.late, lastRun(facts), situationOf(incident)),
    ...(parent
      ? [`These copies turned up after the list of ${parent} was made: they need an approval of their own.`]
      : []),
    ...frozenLines(facts),
    ...(previous
      ? [`Follows ${previous}, with the same Message-ID and sender: another delivery or subject, or now called worse.`]
      : []),
    ...(children.length > 0
      ? [
          `More copies turned up after this list was made: ${children.map(({ id }) => id).join(', ')} ${children.length > 1 ? 'ask' : 'asks'} for them.`,
        ]
      : []),
    ...listLines((facts.measures ?? []).slice(-MOST_LISTS)),
    ...flagLines(facts.flags ?? null),
    ...leftBehindLines(facts),
    ...twinLines(facts.twins),
    ...campaignRemarks(facts),
    ...elsewhere.map(elsewhereLine),
    ...toldLines(facts.told ?? []),
    ...worseLines(facts),
    ...(plan ? planLines(plan, facts) : []),
    ...peopleLines(facts),
    ...facts.deadRooms.map((room) => deadRoomLine(chatName(facts.chatNames, room))),
    ...facts.turnedAwayIn.map((room) => turnedAwayLine(chatName(facts.chatNames, room))),
  ];
}

/** The newest ones. */
const MOST_LISTS = 3;

/** Made of what somebody had searched for and seen. */
function frozenLines({ incident }: CaseFacts): string[] {
  const { frozen } = incident.alert;
  if (!frozen) return [];
  const { search, copies, at, digest } = frozen;
  return [
    `Made of search ${inertOr(search, 'of somebody', 40)}: the ${count(copies, 'mailbox', 'mailboxes')} that were seen ${shortTime(at)}, list ${shortDigest(digest)}. What turns up elsewhere is asked for apart.`,
  ];
}

/** What became of a copy that people have to think about, before the addresses of its mailboxes. */
const TROUBLE_WORDS: Partial<Readonly<Record<Outcome, string>>> = {
  stillThere: 'Still in the mailbox of',
  notAllowed: 'Not allowed into the mailbox of',
  failed: 'Not done, see the record, for',
  movedByUser: 'Moved by its owner, and perhaps still readable:',
  unreachable:
    'The mailbox exists and cannot be reached this way (inactive, archived, on-premises, or it only asks to wait):',
  noMailbox: 'The mailbox is not found any more:',
  vanished: 'Gone without us, perhaps into an archive that nobody can look into:',
  restoredElsewhere: 'Put back, but not where it was, because its folder was deleted or somebody moved it:',
};
/** Where Defender may have done it: it knows no folder but the Inbox. */
const ELSEWHERE_BY_DEFENDER =
  'Put back, but not where it was, because its folder was deleted, somebody moved it, or Defender put it into the Inbox:';
/** Whose mailboxes are named on a card, where there are any. */
export const NAMED = Object.keys(TROUBLE_WORDS) as readonly Outcome[];
/** Of each kind; all are under Details. */
export const MOST_TROUBLED = 3;

/** By name and by cause, the worst first. */
export function troubleLines(facts: CaseFacts): string[] {
  const run = lastRun(facts);
  if (situationOf(facts.incident) === 'received' || situationOf(facts.incident) === 'open') return [];
  const wordsFor = (outcome: Outcome) =>
    outcome === 'restoredElsewhere' && facts.plan?.engine ? ELSEWHERE_BY_DEFENDER : TROUBLE_WORDS[outcome];
  return (run?.troubled ?? []).map(({ outcome, addresses, mailboxes }) => {
    const named = addresses.map((address) => inertOr(address, 'unnamed', 60)).join(', ');
    const more = mailboxes - addresses.length;
    return `${wordsFor(outcome) ?? OUTCOME_WORDS[outcome]} ${named}${more > 0 ? ` and ${count(more, 'more mailbox', 'more mailboxes')}` : ''}.`;
  });
}

/** Of this list and of those that grew out of it. */
function backLines(facts: CaseFacts): readonly string[] {
  const { incident, plan, recovered } = facts;
  if (!plan || !recovered || recovered.at < plan.resolvedAt) return [];
  const own = offersAnotherLook(facts) ? ': “Look again” asks for a new list' : '';
  const way = incident.parent ? `: “Look again” on the card of ${facts.root} asks for a new list` : own;
  return recoveredLines(recovered, way);
}

/** A list that grew out of another has no second look of its own. */
function leftBehindLines(facts: CaseFacts): readonly string[] {
  const left = leftBehind(facts).map(({ id }) => id);
  if (left.length === 0) return [];
  const way = offersAnotherLook(facts) ? ': “Look again” asks for what is still there' : '';
  return [`Copies of ${left.join(', ')} may still be readable${way}.`];
}

function elsewhereLine({ incident, action, copies, at, kept }: Elsewhere): string {
  if (kept)
    return `${count(copies, 'copy', 'copies')} of this list ${copies === 1 ? 'was' : 'were'} not put back, ${shortTime(at)}: people approved the removal in ${incident}.`;
  return `${count(copies, 'copy', 'copies')} of this list ${copies === 1 ? 'was' : 'were'} ${definitionOf(action).words.doneBy} ${incident}, ${shortTime(at)}.`;
}

/** What other sources call the mail, where it differs from what the card is headed with. */
function worseLines({ incident: { alert } }: CaseFacts): string[] {
  const others = alert.said.filter(({ verdict, severity }) => verdict !== alert.verdict || severity !== alert.severity);
  return others
    .slice(-2)
    .map(
      ({ source, verdict, severity }) =>
        `${inertOr(source, 'Another source', 80)} calls it ${verdictWords(verdict)}, ${severity}.`,
    );
}

function turnedAwayLine(chat: string): string {
  return `${chat} does not take this card: nobody there sees this as it is.`;
}

function deadRoomLine(chat: string): string {
  return `The channel in ${chat} takes no messages any more: nobody there sees this as it is.`;
}

function planLines(plan: Plan, { incident, looked }: CaseFacts): string[] {
  const ways = incident.alert.automation ? homeLines(plan) : engineLines(plan);
  const lines = [...ways, ...reachLines(plan, looked)];
  if (plan.vip > 0) lines.push(mailboxes(plan.vip, 'of VIPs among them'));
  if (plan.leftAlone.length > 0)
    lines.push(
      `${count(plan.leftAlone.length, 'message')} left alone: ${inertOr(plan.leftAlone[0]?.why, 'not the same mail', 120)}`,
    );
  const late = incident.parent ? 0 : notAskedYet(incident.alert.recipients, plan).length;
  if (late > 0) lines.push(`${count(late, 'recipient')} became known after this list was made: look again.`);
  return lines;
}

const mailboxes = (n: number, text: string) => `${count(n, 'mailbox', 'mailboxes')} ${text}`;

/** Where nobody could look, or only in part. What a later look saw takes the place of what the plan says of it. */
function reachLines(plan: Plan, looked: CaseFacts['looked']): string[] {
  const later = looked && looked.at >= plan.resolvedAt ? looked : null;
  const left = later?.left ?? leftOf(plan);
  const again = plan.mode === 'live';
  const lines: string[] = [];
  const say = (n: number, text: string) => {
    if (n > 0) lines.push(mailboxes(n, text));
  };
  say(left.denied, 'not looked into: we are not allowed to');
  if (!later)
    say(
      plan.failed.length,
      `not looked into: no clear answer, ${inertOr(plan.failed[0], 'unnamed', 80)} first.${again ? ' Looked into again by itself.' : ''}`,
    );
  say(left.unreachable, 'not looked into: in the directory, but not reachable this way');
  say(left.missing, 'named as recipient, but nobody in the directory has the address');
  if (left.unresolved > 0)
    lines.push(
      `${count(left.unresolved, 'address', 'addresses')} with nobody behind that could be found out, ${inertOr(left.unresolvedFirst, 'unnamed', 80)} first: who received it there is not known.`,
    );
  lines.push(...(later ? lookedLines(later, isDelivered(plan)) : finderLines(plan.finders, isDelivered(plan), again)));
  if (later ? later.finders.some(({ cutOff }) => cutOff) : plan.trackingCut)
    lines.push('Tracking named more than can be followed: there may be copies that are not in this list.');
  if (left.notLooked > 0)
    lines.push(`${count(left.notLooked, 'recipient')} beyond the limit: not looked into, and not in this list.`);
  const shieldedBy = inertOr(plan.shielded[0]?.set ?? left.shieldedBy, 'unnamed', 60);
  say(plan.shielded.length + left.shielded, `protected by the policy (${shieldedBy}): left alone`);
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
