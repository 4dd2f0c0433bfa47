import { inert } from '../text.ts';
import type { Entry, EntryType } from './ledger.ts';
import { findersNamed, nthField } from './looked.ts';

/** What an entry of the record says, for people. */

const TELLERS: Readonly<Record<EntryType, (entry: Entry) => string>> = {
  'alert.received': (e) => `${reporter(e)} reported a ${word(e, 'verdict')} mail from ${word(e, 'sender')}`,
  'alert.repeated': (e) => `${reporter(e)} reported the same mail again`,
  'mailbox.read': (e) => `looked into ${placeWords(e)}: ${ending(e)}`,
  'plan.made': (e) => `plan ${short(e)} made: ${word(e, 'copies')} copies in ${word(e, 'mailboxes')} mailboxes`,
  'card.posted': (e) => `card posted in ${e.platform ?? 'chat'}`,
  'card.lost': (e) => `the card in ${e.platform ?? 'chat'} ${lossOf(e)}`,
  'cards.gathered': (e) =>
    `${word(e, 'count')} incidents have a line in one message in ${e.platform ?? 'chat'}: ${word(e, 'incidents')}`,
  'room.lost': (e) => `the room in ${e.platform ?? 'chat'} takes nothing any more: ${word(e, 'why')}`,
  'room.back': (e) => `the room in ${e.platform ?? 'chat'} takes messages again`,
  'decision.approved': (e) =>
    `${who(e)} ${VOTED[String(e.detail['action'])] ?? `approved ${word(e, 'action')} of plan ${short(e)}`} in ${e.platform ?? 'chat'} (${word(e, 'count')} of ${word(e, 'needed')})`,
  'decision.rejected': (e) => `${who(e)} called it not malicious in ${e.platform ?? 'chat'}: ${word(e, 'reason')}`,
  'decision.withdrawn': (e) =>
    `the vote of ${word(e, 'name')} for ${word(e, 'action')} does not count any more: ${ending(e)}`,
  'press.refused': (e) => `${who(e)} pressed ${word(e, 'verb')} in ${e.platform ?? 'chat'}: refused, ${ending(e)}`,
  'run.started': (e) =>
    `${word(e, 'action')} of ${word(e, 'copies')} copies started, ${CAUSES[String(e.detail['cause'])] ?? 'as approved'}`,
  'copy.intent': (e) => `about to ${word(e, 'action')} one copy in ${placeWords(e)}`,
  'copy.untried': (e) =>
    `${placeWords(e)}: nothing was done this time, ${e.outcome === 'unsent' ? 'it was not sent' : 'the service asked to wait'}`,
  'copy.outcome': (e) =>
    `${placeWords(e)}: ${ending(e)}${'was' in e.detail ? `, seen later; ${word(e, 'was')} was said before` : ''}`,
  'copy.late': (e) =>
    'answer' in e.detail
      ? `${placeWords(e)}: the answer to a ${word(e, 'action')} came when somebody else had taken over: ${word(e, 'answer')}`
      : `${placeWords(e)}: ${LATE[String(e.outcome)] ?? ending(e)}`,
  'copy.recovered': (e) =>
    `${placeWords(e)}: ${e.outcome === 'back' ? 'back in its mailbox, and not by us' : 'out of sight again'}`,
  'run.cancelled': (e) => `${who(e)} cancelled the ${word(e, 'action')}: ${word(e, 'left')} copies are left alone`,
  'run.finished': (e) => `${word(e, 'action')} finished: ${word(e, 'summary')}`,
  'mailbox.flagged': (e) => `mailbox ${placeWords(e)} flagged for ${who(e)}`,
  'incident.expired': () => 'nobody decided in time: expired, nothing was done',
  'group.taken-in': (e) =>
    `${who(e)} took in ${word(e, 'messages')} messages that agree only in part (${word(e, 'differences')} differs)`,
  'incident.retired': (e) =>
    `retired: what was stored of it was deleted (copies: ${word(e, 'items')}, votes: ${word(e, 'decisions')}), this record stays`,
  'incident.reopened': (e) => `${who(e)} asked to look again`,
  'scope.checked': (e) =>
    `scope looked at again: ${word(e, 'grown')} copies more, ${word(e, 'shielded')} protected now`,
  'scope.looked': (e) =>
    `looked again: ${word(e, 'grown')} copies more, ${word(e, 'failed')} mailboxes without a clear answer, ${word(e, 'recovered')} copies back that were gone; ${findersIn(e)}`,
  'scope.recovered': (e) => `copies of this list that were gone and are back: ${word(e, 'recovered')}`,
  'sets.checked': (e) =>
    e.outcome === 'readable'
      ? 'the sets of mailboxes that the policy names can be read again'
      : `${word(e, 'set')} cannot be read in full, so nothing is looked for or removed: ${word(e, 'why')}`,
  'plan.grown': (e) => `${word(e, 'copies')} copies were in no list: ${word(e, 'child')} asks for them`,
  'containment.confirmed': (e) => `containment of plan ${short(e)} confirmed: it stays removed`,
  'containment.lapsed': () => 'nobody confirmed the containment in time: it is rolled back',
  'decision.reminded': (e) => `${word(e, 'role')} reminded: a decision is waiting`,
  'decision.escalated': (e) => `asked from now on: ${word(e, 'seats')}`,
  'incident.joined': (e) => `the same mail as ${word(e, 'into')}: it goes on there`,
  'policy.adopted': (e) => `policy ${word(e, 'policy').slice(0, 8)} holds for new plans: ${word(e, 'diff')}`,
  'policy.refused': (e) => `policy.yaml was changed and not taken: ${word(e, 'why')}`,
  'brake.stopped': (e) => `${who(e)} stopped Clawback: ${word(e, 'reason')}`,
  'brake.lift-voted': (e) => `${who(e)} wants the stop lifted (${word(e, 'count')} of ${word(e, 'needed')})`,
  'brake.lifted': (e) => `the stop was lifted by ${word(e, 'people')}`,
  'ticket.issued': (e) => `${who(e)} was sent to the sign-in page: ${word(e, 'kind')}`,
  'ticket.signed-in': (e) => `${who(e)} signed in on the page: ${word(e, 'kind')}`,
  'ticket.refused': (e) => `a sign-in did not count: ${ending(e)}${'why' in e.detail ? ` (${word(e, 'why')})` : ''}`,
  'account.linked': (e) => `the ${e.platform ?? 'chat'} account ${word(e, 'account')} belongs to ${who(e)}`,
  'account.unlinked': (e) => `the ${e.platform ?? 'chat'} account ${word(e, 'account')} is linked to nobody any more`,
  'integrity.broken': (e) => `what is stored differs from the record: ${word(e, 'what')}. Nothing runs`,
  'request.refused': (e) =>
    'where' in e.detail ? `a request to ${word(e, 'where')} was refused: ${ending(e)}` : refusals(e),
  stray: (e) => `${who(e)} sent something unexpected: ${word(e, 'what')}`,
  'clock.changed': (e) => `${CLOCKS[String(e.detail['state'])] ?? 'clocks were compared'}: ${machineClock(e)}`,
  'service.started': (e) => `Clawback ${word(e, 'version')} started`,
  'service.stopped': () => 'Clawback stopped in good order',
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

function machineClock(entry: Entry): string {
  const { aheadSeconds } = entry.detail;
  const off = typeof aheadSeconds === 'number' ? aheadSeconds : 0;
  return `the one of ${word(entry, 'machine')} is ${off < 0 ? -off : off} s ${off < 0 ? 'behind' : 'ahead of'} the database’s`;
}

function lossOf(entry: Entry): string {
  if (entry.outcome === 'refused') return `is not taken, and the room takes others: ${word(entry, 'why')}`;
  return entry.outcome === 'fixed' ? 'cannot be changed any more' : 'is no longer there';
}

/** What is voted for and is no action. */
const VOTED: Readonly<Record<string, string>> = {
  reject: 'called it not malicious',
  reopen: 'asked to look again',
  'take-in': 'asked to take unsure copies in',
  cancel: 'asked to cancel what is under way',
};

/** One line of the story, in plain words. Untrusted values are made inert on the way out. */
export function tell(entry: Entry): string {
  return TELLERS[entry.type](entry);
}

function findersIn(entry: Entry): string {
  const said = findersNamed(entry.detail).map((name, n) => `${inert(name, 40)}: ${word(entry, nthField('finder', n))}`);
  return said.join(', ') || 'no finder';
}

function who(entry: Entry): string {
  return inert(entry.actor.name || entry.actor.id || 'somebody', 80);
}

/** Who a source is, and what its alert calls itself: that is only text. */
function reporter(entry: Entry): string {
  const { says } = entry.detail;
  return typeof says === 'string' ? `${who(entry)} (\u201c${inert(says, 80)}\u201d)` : who(entry);
}

const MOST_REFUSALS_TOLD = 20;

/** How many requests were refused, where and why; the most frequent first. */
function refusals({ detail }: Entry): string {
  const kinds = Object.entries(detail).flatMap(([kind, count]) =>
    kind !== 'requests' && typeof count === 'number' ? [{ kind, count }] : [],
  );
  const told = kinds
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_REFUSALS_TOLD)
    .map(({ kind, count }) => `${inert(kind, 120)}${count > 1 ? ` \u00d7 ${count}` : ''}`);
  const more = kinds.length > told.length ? `; ${kinds.length - told.length} kinds more` : '';
  const total = detail['requests'];
  const many = typeof total === 'number' ? `${total} requests were` : 'requests were';
  return `${total === 1 ? 'a request was' : many} refused: ${told.join('; ') || 'where is not known'}${more}`;
}

function word(entry: Entry, key: string): string {
  const value = entry.detail[key];
  return value === undefined || value === null ? 'unknown' : inert(String(value), 160);
}

function placeWords(entry: Entry): string {
  return inert(entry.mailbox ?? 'a mailbox', 330);
}

function ending(entry: Entry): string {
  return inert(entry.outcome ?? 'no answer', 160);
}

function short(entry: Entry): string {
  return entry.planDigest ? entry.planDigest.slice(0, 8) : 'none';
}
