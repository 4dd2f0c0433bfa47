import { addressKey, withoutTag } from '../address.ts';
import type { Cast } from '../ask/tally.ts';
import { ofType, type Recorded } from '../record/ledger.ts';
import type { EntryType } from '../record/payloads.ts';

/**
 * A mailbox that somebody has to look after: raised, in review, contained, cleared, and opened again where that was too early.
 * It is what the record says of it and nothing else.
 */

export type FlagState = 'raised' | 'in review' | 'contained' | 'cleared';

/**
 * How findings about a person were looked at. `seen in part`: nothing was found, and not everything was looked at. That nobody is set up
 * to look is an answer of its own.
 */
const LOOKS = ['seen', 'seen in part', 'not licensed', 'not permitted', 'not seen yet', 'not configured'] as const;
export type LookIs = (typeof LOOKS)[number];

/** What one look came to. `findings` counts only where it is 'seen'. */
export interface FlagLook {
  readonly is: LookIs;
  readonly findings: number;
  /** ISO time. */
  readonly at: string;
}

/** Somebody's word that it can be cleared. */
export interface FlagVote extends Cast {
  readonly reason: string;
}

interface FlagOwner {
  /** Entra object id. */
  readonly person: string;
  readonly name: string;
}

export interface Flag {
  readonly id: string;
  /** What its entries are filed under; null where somebody flagged it by hand. */
  readonly incident: string | null;
  readonly mailbox: string;
  /** Object id of whoever owns it. */
  readonly person: string;
  readonly address: string;
  readonly reason: string;
  /** How often it was raised while it was not cleared. */
  readonly raised: number;
  /** Who raised it alone, object id; null where it was decided about. */
  readonly byHand: string | null;
  readonly state: FlagState;
  readonly owner: FlagOwner | null;
  /** ISO times. */
  readonly raisedAt: string;
  readonly dueAt: string;
  /** When it was called contained, ISO time; null where it was not, or is in review again. */
  readonly containedAt: string | null;
  /** Since when it is in its state, ISO time. */
  readonly since: string;
  /** Number of the entry that changed it last: a press counts for what it was shown. */
  readonly version: number;
  /** The last look before anything was done, and the last one after that. */
  readonly before: FlagLook | null;
  readonly after: FlagLook | null;
  /** How often it was looked at before anything was done. */
  readonly looks: number;
  /** Who would clear it, as it is now. */
  readonly votes: readonly FlagVote[];
  /** Steps that are over, of the due date that holds now. */
  readonly steps: readonly string[];
  /** Why it was cleared, or opened again; null where neither was the last. */
  readonly said: string | null;
}

export const FLAG_ENTRIES = [
  'flag.raised',
  'flag.raised-again',
  'flag.taken',
  'flag.contained',
  'flag.looked',
  'flag.agreed',
  'flag.cleared',
  'flag.reopened',
  'flag.reminded',
] as const satisfies readonly EntryType[];
export type FlagEntry = Recorded<(typeof FLAG_ENTRIES)[number]>;

/** Entries of one flag, oldest first. Null where they do not begin with what raised it, or do so twice. */
export function flagFrom(entries: readonly FlagEntry[]): Flag | null {
  const [first, ...rest] = entries;
  if (first?.type !== 'flag.raised' || rest.some(ofType('flag.raised'))) return null;
  return rest.reduce(changed, raised(first));
}

function raised({ incident, mailbox, actor, at, seq, detail }: Recorded<'flag.raised'>): Flag {
  const { flag: id, person, address, reason, byHand, dueAt } = detail;
  return {
    ...{ id, incident, mailbox: mailbox ?? '', person, address, reason, dueAt },
    ...{ raised: 1, byHand: byHand ? actor.id : null, state: 'raised', owner: null, containedAt: null },
    ...{ raisedAt: at, since: at, version: seq, before: null, after: null, looks: 0, votes: [], steps: [], said: null },
  };
}

/** Whatever changes it voids what people said of it as it was. */
function changed(flag: Flag, entry: FlagEntry): Flag {
  const anew = { since: entry.at, version: entry.seq, votes: [], said: null };
  switch (entry.type) {
    case 'flag.raised':
      return flag;
    case 'flag.raised-again':
      return { ...flag, ...anew, ...again(flag), raised: flag.raised + 1, dueAt: entry.detail.dueAt };
    case 'flag.taken':
      return { ...flag, ...anew, state: 'in review', owner: { person: entry.actor.id, name: entry.actor.name } };
    case 'flag.contained':
      return { ...flag, ...anew, state: 'contained', containedAt: entry.at };
    case 'flag.looked':
      return looked(flag, entry);
    case 'flag.agreed':
      return { ...flag, votes: [...flag.votes.filter(({ person }) => person !== entry.actor.id), voteIn(entry)] };
    case 'flag.cleared':
      return { ...flag, ...anew, state: 'cleared', said: entry.detail.reason };
    case 'flag.reopened':
      return { ...flag, ...anew, ...again(flag), dueAt: entry.detail.dueAt, said: entry.detail.reason };
    case 'flag.reminded':
      return entry.detail.dueAt === flag.dueAt ? { ...flag, steps: [...flag.steps, entry.detail.step] } : flag;
  }
}

/** What is opened again goes on with whoever looked after it, from the beginning. */
function again({ owner }: Flag): Pick<Flag, 'state' | 'after' | 'steps' | 'containedAt'> {
  return { state: owner ? 'in review' : 'raised', after: null, steps: [], containedAt: null };
}

function looked(flag: Flag, { at, detail }: Recorded<'flag.looked'>): Flag {
  const is = LOOKS.find((known) => known === detail.is) ?? 'not seen yet';
  const look = { is, findings: is === 'seen' ? detail.findings : 0, at };
  return detail.when === 'before' ? { ...flag, before: look, looks: flag.looks + 1 } : { ...flag, after: look };
}

function voteIn({ actor, platform, detail }: Recorded<'flag.agreed'>): FlagVote {
  const { reason, roles, account } = detail;
  return { person: actor.id, name: actor.name, platform: platform ?? '', account, roles, reason };
}

/** As much of somebody as it takes to know whether a mailbox is theirs. */
export interface Somebody {
  readonly person: string;
  readonly addresses: readonly string[];
}

/** By object id, or by any address: a mailbox may hang on a second account of its owner. */
export function isOwnMailbox(
  { person, mailbox, address }: Pick<Flag, 'person' | 'mailbox' | 'address'>,
  who: Somebody,
) {
  const own = new Set(who.addresses.map(addressKey));
  const forms = [address, withoutTag(address) ?? address].map(addressKey);
  return [person, mailbox].some((id) => id.toLowerCase() === who.person) || forms.some((form) => own.has(form));
}

/** Not cleared, and after its date. Both ISO times of the same form. */
export function isOverdue({ state, dueAt }: Pick<Flag, 'state' | 'dueAt'>, now: string): boolean {
  return state !== 'cleared' && dueAt <= now;
}
