import { inert } from './text.ts';

/** The record: what happened, in order, each entry bound to all before it by a hash. */

export type EntryType =
  | 'alert.received'
  | 'alert.repeated'
  | 'mailbox.read'
  | 'plan.made'
  | 'card.posted'
  | 'card.lost'
  | 'cards.gathered'
  | 'room.lost'
  | 'room.back'
  | 'decision.approved'
  | 'decision.rejected'
  | 'decision.withdrawn'
  | 'press.refused'
  | 'run.started'
  | 'copy.intent'
  | 'copy.outcome'
  | 'copy.late'
  | 'run.cancelled'
  | 'run.finished'
  | 'mailbox.flagged'
  | 'incident.expired'
  | 'incident.reopened'
  | 'incident.retired'
  | 'group.taken-in'
  | 'scope.checked'
  | 'scope.looked'
  | 'plan.grown'
  | 'containment.confirmed'
  | 'containment.lapsed'
  | 'decision.reminded'
  | 'decision.escalated'
  | 'policy.adopted'
  | 'policy.refused'
  | 'brake.stopped'
  | 'brake.lift-voted'
  | 'brake.lifted'
  | 'ticket.issued'
  | 'ticket.signed-in'
  | 'ticket.refused'
  | 'account.linked'
  | 'account.unlinked'
  | 'integrity.broken'
  | 'request.refused'
  | 'stray'
  | 'service.started'
  | 'service.stopped';

export interface Actor {
  readonly kind: 'person' | 'service' | 'source' | 'stranger';
  readonly id: string;
  readonly name: string;
}

/** Every field is present in every entry, so that the canonical bytes have one shape. */
export interface Entry {
  readonly tenant: string;
  readonly at: string;
  readonly type: EntryType;
  readonly incident: string | null;
  readonly actor: Actor;
  readonly platform: 'slack' | 'teams' | 'graph' | 'intake' | 'web' | 'operator' | null;
  readonly planDigest: string | null;
  readonly mailbox: string | null;
  readonly message: string | null;
  readonly requestId: string | null;
  readonly outcome: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SealedEntry {
  readonly seq: number;
  /** What the entry is filed under; has to agree with its bytes. */
  readonly incident: string | null;
  /** Where it is filed under its type as well, that one too. */
  readonly type?: string;
  /** Canonical JSON of the entry with `seq` and `prev`; hashed as it is, stored as it is. */
  readonly bytes: string;
  /** Hex SHA-256 over 0x00 and the bytes (RFC 6962 leaf hash, so that a Merkle tree can be built later). */
  readonly hash: string;
}

/** Canonical JSON (RFC 8785) and leaf hash; arguments, because core has no crypto. */
export interface Seal {
  canonical(value: unknown): string;
  leafHash(bytes: string): string;
}

export const GENESIS = '0'.repeat(64);

/** Seals `entries` onto the chain whose last entry is (`lastSeq`, `lastHash`). Sequence numbers start at 1. */
export function sealAll(entries: readonly Entry[], lastSeq: number, lastHash: string, seal: Seal): SealedEntry[] {
  let prev = lastHash;
  return entries.map((entry, index) => {
    const seq = lastSeq + index + 1;
    const bytes = seal.canonical({ ...entry, seq, prev });
    const sealed = { seq, incident: entry.incident, bytes, hash: seal.leafHash(bytes) };
    prev = sealed.hash;
    return sealed;
  });
}

export type ChainFault = { readonly seq: number; readonly problem: string };

export interface ChainState {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Checks the next stretch of a chain. Returns the new end of the chain or the first fault; feed it page by page.
 * A wrong hash, a gap, a swap, a foreign tenant and a broken link are all found here.
 */
export function verifyChain(
  rows: readonly SealedEntry[],
  from: ChainState,
  tenant: string,
  seal: Seal,
): { readonly end: ChainState; readonly fault: ChainFault | null } {
  let end = from;
  for (const row of rows) {
    const problem = problemWith(row, end, tenant, seal);
    if (problem) return { end, fault: { seq: end.seq + 1, problem } };
    end = { seq: row.seq, hash: row.hash };
  }
  return { end, fault: null };
}

function problemWith(row: SealedEntry, before: ChainState, tenant: string, seal: Seal): string | null {
  if (row.seq !== before.seq + 1) return `entry ${before.seq + 1} is missing or out of order (found ${row.seq})`;
  if (seal.leafHash(row.bytes) !== row.hash) return 'the bytes were changed: their hash differs from the stored one';
  let parsed: { seq?: unknown; prev?: unknown; tenant?: unknown; incident?: unknown; type?: unknown };
  try {
    parsed = (JSON.parse(row.bytes) as typeof parsed | null) ?? {};
  } catch {
    return 'the entry is not readable';
  }
  if (parsed.seq !== row.seq) return `the entry calls itself number ${String(parsed.seq)}`;
  if (parsed.tenant !== tenant) return 'the entry belongs to another tenant';
  if ((parsed.incident ?? null) !== row.incident) return 'the entry is filed under another incident than it speaks of';
  if (row.type !== undefined && parsed.type !== row.type) return 'the entry is filed under another type than it is of';
  if (parsed.prev !== before.hash) return 'the entry does not follow the one before it';
  return null;
}

export type Recorded = Entry & { readonly seq: number; readonly prev: string };

/** Where an entry stands: the hash before it, the bytes after it, and where the chain ends. */
export interface Neighbours {
  readonly before: string | null;
  readonly after: string | null;
  readonly head: ChainState;
}

/**
 * One entry, believed without walking the whole chain: it fits its hash, what it is filed under, and the entries on both
 * sides. Null for one that does not: somebody changed it, or put it there.
 */
export function entryAmong(row: SealedEntry, around: Neighbours, tenant: string, seal: Seal): Recorded | null {
  const before = { seq: row.seq - 1, hash: around.before ?? (row.seq === 1 ? GENESIS : '') };
  if (problemWith(row, before, tenant, seal) !== null) return null;
  const isFollowed =
    around.after === null
      ? around.head.seq === row.seq && around.head.hash === row.hash
      : around.after.includes(`"prev":"${row.hash}"`);
  return isFollowed ? (JSON.parse(row.bytes) as Recorded) : null;
}

const TELLERS: Readonly<Record<EntryType, (entry: Entry) => string>> = {
  'alert.received': (e) => `${reporter(e)} reported a ${word(e, 'verdict')} mail from ${word(e, 'sender')}`,
  'alert.repeated': (e) => `${reporter(e)} reported the same mail again`,
  'mailbox.read': (e) => `looked into ${place(e)}: ${ending(e)}`,
  'plan.made': (e) => `plan ${short(e)} made: ${word(e, 'copies')} copies in ${word(e, 'mailboxes')} mailboxes`,
  'card.posted': (e) => `card posted in ${e.platform ?? 'chat'}`,
  'card.lost': (e) =>
    `the card in ${e.platform ?? 'chat'} ${e.outcome === 'fixed' ? 'cannot be changed any more' : 'is no longer there'}`,
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
  'copy.intent': (e) => `about to ${word(e, 'action')} one copy in ${place(e)}`,
  'copy.outcome': (e) => `${place(e)}: ${ending(e)}`,
  'copy.late': (e) =>
    'answer' in e.detail
      ? `${place(e)}: the answer to a ${word(e, 'action')} came when somebody else had taken over: ${word(e, 'answer')}`
      : `${place(e)}: taken out again, after it had been put back, by a request that came late`,
  'run.cancelled': (e) => `${who(e)} cancelled the ${word(e, 'action')}: ${word(e, 'left')} copies are left alone`,
  'run.finished': (e) => `${word(e, 'action')} finished: ${word(e, 'summary')}`,
  'mailbox.flagged': (e) => `mailbox ${place(e)} flagged for ${who(e)}`,
  'incident.expired': () => 'nobody decided in time: expired, nothing was done',
  'group.taken-in': (e) =>
    `${who(e)} took in ${word(e, 'messages')} messages that agree only in part (${word(e, 'differences')} differs)`,
  'incident.retired': (e) =>
    `retired: what was stored of it was deleted (${word(e, 'items')} copies, ${word(e, 'decisions')} decisions), this record stays`,
  'incident.reopened': (e) => `${who(e)} asked to look again`,
  'scope.checked': (e) =>
    `scope looked at again: ${word(e, 'grown')} copies more, ${word(e, 'shielded')} protected now`,
  'scope.looked': (e) =>
    `looked again: ${word(e, 'grown')} copies more, ${word(e, 'failed')} mailboxes without a clear answer, ${word(e, 'recovered')} removed copies back; hunting: ${word(e, 'finder')}`,
  'plan.grown': (e) => `${word(e, 'copies')} copies were in no list: ${word(e, 'child')} asks for them`,
  'containment.confirmed': (e) => `containment of plan ${short(e)} confirmed: it stays removed`,
  'containment.lapsed': () => 'nobody confirmed the containment in time: it is rolled back',
  'decision.reminded': (e) => `${word(e, 'role')} reminded: a decision is waiting`,
  'decision.escalated': (e) => `asked from now on: ${word(e, 'seats')}`,
  'policy.adopted': (e) => `policy ${word(e, 'policy').slice(0, 8)} holds for new plans: ${word(e, 'diff')}`,
  'policy.refused': (e) => `policy.yaml was changed and not taken: ${word(e, 'why')}`,
  'brake.stopped': (e) => `${who(e)} stopped Clawback: ${word(e, 'reason')}`,
  'brake.lift-voted': (e) => `${who(e)} wants the stop lifted (${word(e, 'count')} of ${word(e, 'needed')})`,
  'brake.lifted': (e) => `the stop was lifted by ${word(e, 'people')}`,
  'ticket.issued': (e) => `${who(e)} was sent to the sign-in page: ${word(e, 'kind')}`,
  'ticket.signed-in': (e) => `${who(e)} signed in on the page: ${word(e, 'kind')}`,
  'ticket.refused': (e) => `a sign-in did not count: ${ending(e)}`,
  'account.linked': (e) => `the ${e.platform ?? 'chat'} account ${word(e, 'account')} belongs to ${who(e)}`,
  'account.unlinked': (e) => `the ${e.platform ?? 'chat'} account ${word(e, 'account')} is linked to nobody any more`,
  'integrity.broken': (e) => `what is stored differs from the record: ${word(e, 'what')}. Nothing runs`,
  'request.refused': (e) =>
    'where' in e.detail ? `a request to ${word(e, 'where')} was refused: ${ending(e)}` : refusals(e),
  stray: (e) => `${who(e)} sent something unexpected: ${word(e, 'what')}`,
  'service.started': (e) => `Clawback ${word(e, 'version')} started`,
  'service.stopped': () => 'Clawback stopped in good order',
};

const CAUSES: Readonly<Record<string, string>> = {
  policy: 'at once, as the policy says',
  'roll-back': 'to roll the containment back',
  late: 'as approved before, for what a late request took out again',
};

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
  return `${total === 1 ? 'a request was' : `${String(total)} requests were`} refused: ${told.join('; ')}${more}`;
}

function word(entry: Entry, key: string): string {
  const value = entry.detail[key];
  return value === undefined || value === null ? 'unknown' : inert(String(value), 160);
}

function place(entry: Entry): string {
  return inert(entry.mailbox ?? 'a mailbox', 330);
}

function ending(entry: Entry): string {
  return inert(entry.outcome ?? 'no answer', 160);
}

function short(entry: Entry): string {
  return entry.planDigest ? entry.planDigest.slice(0, 8) : 'none';
}
