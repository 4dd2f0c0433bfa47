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

/** A source that told not everything, and why: `not licensed`, `not permitted`, `off`, `cut`, `no answer`. */
export interface Unlooked {
  readonly source: string;
  readonly why: string;
}

/** What one look came to. `findings` counts only where it is 'seen'. */
export interface FlagLook {
  readonly is: LookIs;
  readonly findings: number;
  /** What was not looked at, or in part; none for an entry from before that was written down. */
  readonly unlooked: readonly Unlooked[];
  /** ISO time. */
  readonly at: string;
}

/** Somebody's word that it can be cleared. */
export interface FlagVote extends Cast {
  readonly reason: string;
}

/** The step of which it is told that somebody wanted it put off once more than the policy lets them. */
export const HELD_STEP = 'not put off again';

interface FlagOwner {
  /** Entra object id. */
  readonly person: string;
  readonly name: string;
}

/** What keeps a flag from being contained: so many of each. See `contained.ts`. */
export interface OpenPoint {
  readonly kind: string;
  readonly count: number;
}

interface Contained {
  /** Name of whoever called it so, and when, ISO time. */
  readonly by: string;
  readonly at: string;
  /** What was done about this person was seen to be done. It is said only then. */
  readonly seen: boolean;
  readonly open: readonly OpenPoint[];
  /** How often the findings were looked at since. */
  readonly looks: number;
}

export interface Flag {
  readonly id: string;
  /** What its entries are filed under; null where somebody flagged it by hand. */
  readonly incident: string | null;
  /** Every incident that it was raised for, each once, the first one first. */
  readonly causes: readonly string[];
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
  /**
   * From when what happens speaks against its being contained, ISO time: when what was done was seen to be done, or it was called
   * so. Null where it was not, or is in review again.
   */
  readonly containedAt: string | null;
  /** Null as above. */
  readonly contained: Contained | null;
  /** How often its date was moved since it was raised, or cleared. */
  readonly putOff: number;
  /** When somebody first wanted this date moved once more and it was not, ISO time; null for never. */
  readonly heldAt: string | null;
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
  const causes = detail.cause === null ? [] : [detail.cause];
  return {
    ...{ id, incident, causes, mailbox: mailbox ?? '', person, address, reason, dueAt, putOff: 0, heldAt: null },
    ...{
      raised: 1,
      byHand: byHand ? actor.id : null,
      state: 'raised',
      owner: null,
      containedAt: null,
      contained: null,
    },
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
      return {
        ...flag,
        ...anew,
        ...again(flag),
        ...dated(flag, entry),
        ...causedBy(flag, entry),
        raised: flag.raised + 1,
      };
    case 'flag.taken':
      return { ...flag, ...anew, state: 'in review', owner: { person: entry.actor.id, name: entry.actor.name } };
    case 'flag.contained':
      return containedBy(flag, entry, anew);
    case 'flag.looked':
      return looked(flag, entry);
    case 'flag.agreed':
      return { ...flag, votes: [...flag.votes.filter(({ person }) => person !== entry.actor.id), voteIn(entry)] };
    case 'flag.cleared':
      return { ...flag, ...anew, state: 'cleared', said: entry.detail.reason, putOff: 0 };
    case 'flag.reopened':
      return { ...flag, ...anew, ...again(flag), ...dated(flag, entry), said: entry.detail.reason };
    case 'flag.reminded':
      return entry.detail.dueAt === flag.dueAt ? { ...flag, steps: [...flag.steps, entry.detail.step] } : flag;
  }
}

/** What is opened again goes on with whoever looked after it, from the beginning. */
function again({ owner }: Flag): Pick<Flag, 'state' | 'after' | 'containedAt' | 'contained'> {
  return { state: owner ? 'in review' : 'raised', after: null, containedAt: null, contained: null };
}

/** Another date has steps of its own. Where it was not moved, what was told of it stays told. */
function dated(
  { state, putOff, dueAt, steps, heldAt }: Flag,
  { at, detail }: Recorded<'flag.raised-again' | 'flag.reopened'>,
): Pick<Flag, 'dueAt' | 'steps' | 'putOff' | 'heldAt'> {
  if (detail.held) return { dueAt, steps, putOff, heldAt: heldAt ?? at };
  return { dueAt: detail.dueAt, steps: [], putOff: state === 'cleared' ? 0 : putOff + 1, heldAt: null };
}

function causedBy({ causes }: Flag, { detail: { cause } }: Recorded<'flag.raised-again'>): Pick<Flag, 'causes'> {
  return { causes: cause === null || causes.includes(cause) ? causes : [...causes, cause] };
}

/** Somebody calls it so, or it is seen anew what stands in the way of that. Their word is voided only by what makes it worse. */
function containedBy(flag: Flag, { actor, at, detail }: Recorded<'flag.contained'>, anew: Partial<Flag>): Flag {
  const { seen, open, since } = detail;
  const isWord = actor.kind === 'person';
  const called = isWord || !flag.contained ? { by: actor.name, at, looks: 0 } : flag.contained;
  const isWorse = isWord || (flag.contained?.seen === true && !seen);
  return {
    ...flag,
    ...(isWorse ? anew : {}),
    state: 'contained',
    containedAt: since ?? called.at,
    contained: { ...called, seen, open },
  };
}

function looked(flag: Flag, { at, detail }: Recorded<'flag.looked'>): Flag {
  const is = LOOKS.find((known) => known === detail.is) ?? 'not seen yet';
  const look = { is, findings: is === 'seen' ? detail.findings : 0, unlooked: detail.unlooked, at };
  if (detail.when === 'before') return { ...flag, before: look, looks: flag.looks + 1 };
  const { contained } = flag;
  return { ...flag, after: look, contained: contained && { ...contained, looks: contained.looks + 1 } };
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

/** A look is by so many of the mails that it was raised for: the first one, and the latest. */
const MOST_LATEST = 3;

/** Incidents by which a look is taken, and how many more it was raised for. */
export function causesLookedAt({ causes }: Pick<Flag, 'causes'>): {
  readonly incidents: readonly string[];
  readonly left: number;
} {
  const incidents = [...new Set([...causes.slice(0, 1), ...causes.slice(-MOST_LATEST)])];
  return { incidents, left: causes.length - incidents.length };
}

/** Not cleared, and after its date. Both ISO times of the same form. */
export function isOverdue({ state, dueAt }: Pick<Flag, 'state' | 'dueAt'>, now: string): boolean {
  return state !== 'cleared' && dueAt <= now;
}
