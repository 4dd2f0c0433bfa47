import { seatWords } from '../ask/rule.ts';
import { inert, inertOr } from '../text.ts';
import { AUTOMATION_TELLERS } from './automation-story.ts';
import type { Read } from './codec.ts';
import { FLAG_TELLERS } from './flag-story.ts';
import type { Entry } from './ledger.ts';
import { LOOK_TELLERS } from './look-story.ts';
import { MEASURE_TELLERS } from './measure-story.ts';
import type { DetailOf, EntryType } from './payloads.ts';
import { chat, ending, placeWords, who, word, words } from './story-words.ts';

/** What an entry of the record says, for people. */

type Teller<T extends EntryType> = (entry: Entry<T>) => string;

const TELLERS: { readonly [T in EntryType]: Teller<T> } = {
  'alert.received': (e) => `${reporter(e)} reported a ${word(e.detail.verdict)} mail from ${word(e.detail.sender)}`,
  'alert.repeated': (e) => `${reporter(e)} reported the same mail again`,
  'mailbox.read': (e) => `looked into ${placeWords(e)}: ${ending(e)}`,
  'search.kept': (e) => `${word(e.detail.mailboxes)} more mailboxes are looked into`,
  'plan.made': (e) => `plan ${short(e)} made: ${word(e.detail.copies)} copies in ${word(e.detail.mailboxes)} mailboxes`,
  'card.granted': () => 'a card of its own: there was one left in this hour',
  'card.posted': (e) => `card posted in ${chat(e)}`,
  'card.lost': (e) => `the card in ${chat(e)} ${lossOf(e)}`,
  'cards.gathered': (e) =>
    `${word(e.detail.count)} incidents have a line in one message in ${chat(e)}: ${words(e.detail.incidents, ' ')}`,
  'room.lost': (e) => `the room in ${chat(e)} takes nothing any more: ${word(e.detail.why)}`,
  'room.back': (e) => `the room in ${chat(e)} takes messages again`,
  'decision.approved': (e) =>
    `${who(e)} ${VOTED[e.detail.action] ?? `approved ${word(e.detail.action)} of plan ${short(e)}`} in ${chat(e)} (${word(e.detail.count)} of ${word(e.detail.needed)})`,
  'decision.rejected': (e) => `${who(e)} called it not malicious in ${chat(e)}: ${word(e.detail.reason)}`,
  'decision.withdrawn': (e) =>
    `the vote of ${word(e.detail.name)} for ${word(e.detail.action)} does not count any more: ${ending(e)}`,
  'press.refused': (e) => `${who(e)} pressed ${word(e.detail.verb)} in ${chat(e)}: refused, ${ending(e)}`,
  'run.started': (e) =>
    `${word(e.detail.action)} of ${word(e.detail.copies)} copies started, ${CAUSES[e.detail.cause] ?? 'as approved'}`,
  'copy.intent': (e) => `about to ${word(e.detail.action)} one copy in ${placeWords(e)}`,
  'copy.untried': (e) =>
    `${placeWords(e)}: nothing was done this time, ${e.outcome === 'unsent' ? 'it was not sent' : 'the service asked to wait'}`,
  'copy.outcome': (e) =>
    `${placeWords(e)}: ${ending(e)}${e.detail.was === null ? '' : `, seen later; ${word(e.detail.was)} was said before`}`,
  'copy.late': (e) =>
    e.detail.answer === null
      ? `${placeWords(e)}: ${LATE[String(e.outcome)] ?? ending(e)}`
      : `${placeWords(e)}: the answer to a ${word(e.detail.action)} came when somebody else had taken over: ${word(e.detail.answer)}`,
  'copy.recovered': (e) =>
    `${placeWords(e)}: ${e.outcome === 'back' ? 'back in its mailbox, and not by us' : 'out of sight again'}`,
  'copy.beside': (e) =>
    e.detail.messages === 0
      ? `${placeWords(e)}: it could not be searched for more of the mail, and is looked into again`
      : `${placeWords(e)}: ${word(e.detail.messages)} more with a Message-ID of the mail, in no list: looked into again`,
  'run.cancelled': (e) =>
    `${who(e)} cancelled the ${word(e.detail.action)}: ${word(e.detail.left)} copies are left alone`,
  'run.finished': (e) => `${word(e.detail.action)} finished: ${inert(summaryWords(e.detail), 160)}`,
  'mailbox.flagged': (e) => `mailbox ${placeWords(e)} flagged for ${who(e)}`,
  'incident.expired': () => 'nobody decided in time: expired, nothing was done',
  'group.taken-in': (e) =>
    `${who(e)} took in ${word(e.detail.messages)} messages that agree only in part (${words(e.detail.differences, ' ')} differs)`,
  'incident.retired': (e) =>
    `retired: what was stored of it was deleted (copies: ${word(e.detail.items)}, votes: ${word(e.detail.decisions)}), this record stays`,
  'incident.reopened': (e) => `${who(e)} asked to look again`,
  'scope.checked': (e) =>
    `scope looked at again: ${word(e.detail.grown)} copies more, ${word(e.detail.shielded)} protected now`,
  'scope.looked': ({ detail: { look, recovered } }) =>
    `looked again: ${word(look.grown)} copies more, ${word(look.failed)} mailboxes without a clear answer, ${word(recovered.copies)} copies back that were gone; ${findersIn(look)}`,
  'scope.recovered': (e) => `copies of this list that were gone and are back: ${word(e.detail.recovered.copies)}`,
  'sets.checked': (e) =>
    e.outcome === 'readable'
      ? 'the sets of mailboxes that the policy names can be read again'
      : `${word(e.detail.set)} cannot be read in full, so nothing is looked for or removed: ${word(e.detail.why)}`,
  'invitations.seen': (e) =>
    `${word(e.detail.copies)} copies are invitations: taking them out leaves their calendar entries`,
  'plan.grown': (e) => `${word(e.detail.copies)} copies were in no list: ${word(e.detail.child)} asks for them`,
  'containment.confirmed': (e) => `containment of plan ${short(e)} confirmed: it stays removed`,
  'containment.lapsed': () => 'nobody confirmed the containment in time: it is rolled back',
  'decision.reminded': (e) => `${word(e.detail.role)} reminded: a decision is waiting`,
  'decision.escalated': (e) => `asked from now on: ${word(seatsTold(e.detail.seats))}`,
  'people.called': (e) => calledWords(e),
  'people.uncalled': (e) =>
    `${e.outcome === 'not known' ? 'whether a call by name arrived is not known' : 'a call by name was not made'} in ${chat(e)}${e.detail.note === '' ? '' : `: ${word(e.detail.note)}`}`,
  'campaign.joined': (e) =>
    e.detail.by === 'growth'
      ? `copies that came late: shown with the campaign of ${word(e.detail.lead)}`
      : `shown with the campaign of ${word(e.detail.lead)}: ${words([...new Set(e.detail.marks.map(({ kind }) => kind))], ' and ')} agree`,
  'campaign.marked': (e) =>
    `Microsoft finds its content like that of others (${e.detail.marks.map(({ value }) => word(value)).join(', ')})`,
  'campaign.left': (e) => `${who(e)} took it out of the campaign of ${word(e.detail.lead)}`,
  'campaign.followed': (e) =>
    `has marks of the campaign of ${word(e.detail.older)}, and is none of it: ${word(e.detail.because)}`,
  'incident.joined': (e) => `the same mail as ${word(e.detail.into)}: it goes on there`,
  'policy.adopted': (e) =>
    `policy ${word(e.detail.policy).slice(0, 8)} holds for new plans: ${words(e.detail.diff, '; ')}`,
  'policy.refused': (e) => `policy.yaml was changed and not taken: ${word(e.detail.why)}`,
  'brake.stopped': (e) => `${who(e)} stopped Clawback: ${word(e.detail.reason)}`,
  'brake.lift-voted': (e) => `${who(e)} wants the stop lifted (${word(e.detail.count)} of ${word(e.detail.needed)})`,
  'brake.lifted': (e) => `the stop was lifted by ${words(e.detail.people, ', ')}`,
  'ticket.issued': (e) => `${who(e)} was sent to the sign-in page: ${word(e.detail.kind)}`,
  'ticket.signed-in': (e) => `${who(e)} signed in on the page: ${word(e.detail.kind)}`,
  'ticket.refused': (e) => `a sign-in did not count: ${ending(e)}${e.detail.why ? ` (${word(e.detail.why)})` : ''}`,
  'account.linked': (e) => `the ${chat(e)} account ${word(e.detail.account)} belongs to ${who(e)}`,
  'account.unlinked': (e) => `the ${chat(e)} account ${word(e.detail.account)} is linked to nobody any more`,
  'list.exported': (e) =>
    `${who(e)} took the list of mailboxes along (${word(e.detail.format)}, ${word(e.detail.rows)} rows)${because(e.detail.reason)}`,
  'list.sent': (e) =>
    `the list of mailboxes for ${who(e)} in ${chat(e)}: ${ending(e)}${e.detail.note === '' ? '' : ` (${word(e.detail.note)})`}`,
  'excerpt.asked': (e) => `${who(e)} asked for an excerpt of the mail${because(e.detail.reason)}`,
  'excerpt.read': (e) =>
    e.outcome === 'shown'
      ? `${who(e)} was shown ${word(e.detail.characters)} characters of the mail in ${placeWords(e)}`
      : `no excerpt of the mail could be read for ${who(e)}: ${word(e.detail.note)}`,
  'evidence.kept': (e) =>
    `kept the ${keptWords(e.detail.kind)} of the mail as it is in ${placeWords(e)}: ${word(e.detail.bytes)} bytes, SHA-256 ${word(e.detail.digest)}`,
  'evidence.missed': (e) =>
    `the ${keptWords(e.detail.kind)} of the mail could not be kept: ${ending(e)}, after ${word(e.detail.tries)} tries (${word(e.detail.note)})`,
  'evidence.let-go': (e) =>
    `what was kept of the mail was deleted, ${ending(e)}: ${word(e.detail.digests.length)} items; their digests stay`,
  'evidence.read': (e) =>
    e.outcome === 'given'
      ? `${who(e)} took along the ${keptWords(e.detail.kind)} that were kept of the mail`
      : `the ${keptWords(e.detail.kind)} that are stored are not those that were kept: ${who(e)} did not get them`,
  'exercise.recognised': (e) =>
    e.detail.whole
      ? `a phishing exercise of your own, says ${words(e.detail.by.map(voucherWords), ' and ')}: nothing is asked and nothing is removed`
      : `${word(e.detail.copies)} copies are a phishing exercise of your own and left alone; nobody vouches for the others`,
  'word.taken-back': (e) =>
    `${word(e.detail.source)} takes back what it said of the mail${e.detail.says === null ? '' : ` (${word(e.detail.says)})`}: ${word(e.detail.votes)} votes do not count any more`,
  'loop.intended': (e) => `about to tell ${word(e.detail.source)} the end of its alert: ${word(e.detail.words)}`,
  'loop.told': (e) =>
    `${word(e.detail.source)}, told the end of its alert: ${ending(e)}${e.detail.note === '' ? '' : ` (${word(e.detail.note)})`}`,
  'reporter.intended': (e) =>
    `about to tell ${word(e.detail.person)}, who reported it, how it ended: ${word(e.detail.words)}`,
  'reporter.told': (e) =>
    `${word(e.detail.person)}, who reported it, told how it ended: ${ending(e)}${e.detail.note === '' ? '' : ` (${word(e.detail.note)})`}`,
  'inquiry.asked': (e) =>
    `${who(e)} looks for mail (${word(e.detail.inquiry)}) by ${criteriaIn(e.detail)}, ${word(e.detail.days)} days back: ${word(e.detail.reason)}${e.detail.second === null ? '' : `; waits to be allowed by another ${word(e.detail.second)}`}`,
  'inquiry.about': (e) =>
    `${who(e)} looks for mail that ${word(e.detail.address)} sent to people inside (${word(e.detail.inquiry)}), ${word(e.detail.days)} days back: ${word(e.detail.reason)}`,
  'inquiry.allowed': (e) => `${who(e)} allowed search ${word(e.detail.inquiry)}`,
  'inquiry.refused': (e) => `${who(e)} wanted to look for mail: refused, ${ending(e)}`,
  'inquiry.heard': (e) => `search ${word(e.detail.inquiry)} has an answer of ${word(e.detail.question)}`,
  'inquiry.answered': (e) =>
    `search ${word(e.detail.inquiry)} found ${word(e.detail.mails)} mails in ${word(e.detail.copies)} copies; ${e.detail.coverage.map(({ name, status }) => `${word(name)}: ${word(status)}`).join(', ')}`,
  'inquiry.seen': (e) => `${who(e)} looked at search ${word(e.detail.inquiry)}`,
  'inquiry.filed': (e) =>
    `${who(e)} made this incident of search ${word(e.detail.inquiry)}: ${word(e.detail.copies)} copies as they were seen`,
  ...MEASURE_TELLERS,
  ...AUTOMATION_TELLERS,
  'report.taken': (e) =>
    `${who(e)} reported the mail in ${chat(e)}, as the file ${word(e.detail.name)}${e.detail.proven ? '' : ' (not proven to be that person)'}`,
  'report.refused': (e) =>
    `${who(e)} wanted to report a mail in ${chat(e)}: not taken in, ${ending(e)}${e.detail.name === null ? '' : ` (${word(e.detail.name)})`}`,
  ...LOOK_TELLERS,
  ...FLAG_TELLERS,
  'integrity.broken': (e) => `what is stored differs from the record: ${word(e.detail.what)}. Nothing runs`,
  'request.refused': (e) => refusals(e.detail),
  stray: (e) => `${who(e)} sent something unexpected: ${word(e.detail.what)}`,
  'clock.changed': (e) => `${CLOCKS[e.detail.state] ?? 'clocks were compared'}: ${machineClock(e.detail)}`,
  'requests.sealed': (e) =>
    `${word(e.detail.requests)} requests to Microsoft written down${e.outcome === 'left behind' ? ' by a process that ended in the middle' : ''}, digest ${word(e.detail.digest).slice(0, 16)}${e.detail.lost > 0 ? `; ${word(e.detail.lost)} more could not be written down` : ''}`,
  'requests.forgotten': (e) =>
    `${word(e.detail.segments)} segments of requests from before ${word(e.detail.before)} deleted: their digests stay`,
  'service.started': (e) => `Clawback ${word(e.detail.version)} started`,
  'service.stopped': () => 'Clawback stopped in good order',
};

/** By object id: what somebody is called in a chat proves nothing. */
function calledWords(e: Entry<'people.called'>): string {
  const { asks, why, afterQuiet, people, roles } = e.detail;
  const ids = words(
    people.map(({ person }) => person),
    ', ',
  );
  const quiet = afterQuiet ? ', put off until the quiet hours were over' : '';
  const how = `${ASKED[asks] ?? word(asks)} as ${words(roles, ', ')}, ${CALLED[why] ?? word(why)}${quiet}`;
  return `called by name in ${chat(e)}, ${how}: ${ids}`;
}

const criteriaIn = ({ criteria }: DetailOf<'inquiry.asked'>) =>
  criteria.map(({ by, value }) => `${word(by)} ${word(value)}`).join(' and ');

const keptWords = (kind: string) => (kind === 'mime' ? 'bytes (MIME)' : 'headers');

const VOUCHERS: Readonly<Record<string, string>> = {
  microsoft: 'Microsoft',
  address: 'the address that it came from',
  'return-path': 'its envelope sender',
};
const voucherWords = (by: string) => VOUCHERS[by] ?? by;

const ASKED: Readonly<Record<string, string>> = {
  asked: 'asked to decide',
  reminded: 'reminded',
  'asked instead': 'asked from now on',
};

const CALLED: Readonly<Record<string, string>> = {
  'on call': 'being on call',
  everybody: 'whoever is on call first and everybody else',
  'nobody on call': 'everybody, because nobody is on call',
  'no answer': 'everybody, because nobody said who is on call',
  'none may decide': 'everybody, because whoever is on call may not decide',
  'no on-call': 'everybody of the role',
};

const LATE: Readonly<Record<string, string>> = {
  'taken out again': 'taken out again, after it had been put back, by a request that came late',
  'came true': 'done after all, although it had been told as not done',
  'put back again': 'back again, after it had been removed, by a request that came late',
  'seen since': 'can be looked at again, and what became of it is known',
  'not known': 'whether a request that came late changed it is not known: its mailbox gave no clear answer',
};

const CAUSES: Readonly<Record<string, string>> = {
  policy: 'at once, as the policy says',
  'roll-back': 'to roll the containment back',
  late: 'as approved before, for what a late request undid',
};

const CLOCKS: Readonly<Record<string, string>> = {
  agree: 'the clocks agree again',
  differ: 'the clocks differ, times in this record are not to be relied on to the second',
  'differ too much': 'the clocks differ too much, nothing is done there until they agree',
};

function machineClock({ aheadSeconds: off, machine }: DetailOf<'clock.changed'>): string {
  return `the one of ${word(machine)} is ${off < 0 ? -off : off} s ${off < 0 ? 'behind' : 'ahead of'} the database’s`;
}

const because = (reason: string | null) => (reason === null ? '' : `: ${word(reason)}`);

function lossOf({ outcome, detail }: Entry<'card.lost'>): string {
  if (outcome === 'refused') return `is not taken, and the room takes others: ${word(detail.why)}`;
  return outcome === 'fixed' ? 'cannot be changed any more' : 'is no longer there';
}

/** What is voted for and is no action. */
const VOTED: Readonly<Record<string, string>> = {
  reject: 'called it not malicious',
  reopen: 'asked to look again',
  'take-in': 'asked to take unsure copies in',
  cancel: 'asked to cancel what is under way',
};

/** One line of the story, in plain words. Untrusted values are made inert on the way out. */
export function tell<T extends EntryType>(entry: Entry<T>): string {
  const teller: Teller<T> = TELLERS[entry.type];
  return teller(entry);
}

/** The same of an entry as it was read, whether or not it can be taken for what it says. */
export function tellRead(read: Read): string {
  if (read.is === 'read') return tell(read.entry);
  return read.is === 'changed'
    ? 'this entry was changed: clawback audit verify says more'
    : `written by a newer version of Clawback, which can tell it: ${inertOr(read.unread.type, 'of no type', 60)}`;
}

/** Who is asked: `2 × approver and 1 × lead`. */
export function seatsTold(seats: DetailOf<'decision.escalated'>['seats']): string {
  return seats.map((seat) => (seat.count > 0 ? seatWords([seat]) : seat.role)).join(' and ');
}

/** What became of the copies of a run: `removed 2, alreadyGone 1`. */
export function summaryWords({ summary }: Pick<DetailOf<'run.finished'>, 'summary'>): string {
  return summary.map(({ outcome, copies }) => `${outcome} ${copies}`).join(', ') || 'nothing to do';
}

function findersIn({ finders }: DetailOf<'scope.looked'>['look']): string {
  return finders.map(({ name, status }) => `${inert(name, 40)}: ${word(status)}`).join(', ') || 'no finder';
}

/** Who a source is, and what its alert calls itself: that is only text. */
function reporter(entry: Entry<'alert.received' | 'alert.repeated'>): string {
  const { says } = entry.detail;
  return says === null ? who(entry) : `${who(entry)} (\u201c${inert(says, 80)}\u201d)`;
}

const MOST_REFUSALS_TOLD = 20;

/** How many requests were refused, where and why; the most frequent first. */
function refusals({ requests, kinds }: DetailOf<'request.refused'>): string {
  const told = kinds
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_REFUSALS_TOLD)
    .map(({ kind, count }) => `${inert(kind, 120)}${count > 1 ? ` \u00d7 ${count}` : ''}`);
  const more = kinds.length > told.length ? `; ${kinds.length - told.length} kinds more` : '';
  const many = requests === 1 ? 'a request was' : `${requests} requests were`;
  return `${many} refused: ${told.join('; ') || 'where is not known'}${more}`;
}

function short(entry: Entry): string {
  return entry.planDigest ? entry.planDigest.slice(0, 8) : 'none';
}
