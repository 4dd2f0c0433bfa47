import type { Action } from '../action/action.ts';
import type { SeenForms } from '../action/copy.ts';
import type { EngineTerms } from '../action/engine.ts';
import { addressKey } from '../address.ts';
import type { Mode, Terms } from '../ask/rule.ts';
import type { FinderAnswer } from './finder.ts';
import type { MessageKey } from './key.ts';
import type { Difference } from './match.ts';

/** One copy of the mail as it was seen when the plan was made: the before-image that approval and undo rest on. */
export interface Copy {
  /** Entra object id of the mailbox owner. */
  readonly mailbox: string;
  readonly address: string;
  /** Immutable Graph message id: stable across folders of one mailbox. */
  readonly message: string;
  readonly folderId: string;
  readonly folder: string;
  readonly receivedAt: string | null;
  readonly isRead: boolean;
  readonly flag: string;
  readonly categories: readonly string[];
  /** What other engines call the same message, by their names; none where nobody else was asked. */
  readonly refs?: Readonly<Record<string, string>>;
  /** What finders said of it, by their names. */
  readonly said?: Readonly<Record<string, string>>;
}

/**
 * Why an address has no copy in the plan. They are never mixed: only `nothing` means "looked, not there". `unreachable`: there
 * is somebody, but no mailbox that this service reaches.
 */
export type LookResult = 'found' | 'nothing' | 'denied' | 'missing' | 'unreachable' | 'failed';

/** A message with the right Message-ID that was not proven to be the same mail: shown, never touched. */
export interface LookAlike {
  readonly address: string;
  readonly why: string;
}

/** Messages that agree with the mail in part, alike among themselves: in no plan unless a person takes them in. */
export interface UnsureGroup {
  /** Stands for what is alike in it, so that the same group has the same key when it is looked for anew. */
  readonly key: string;
  readonly differences: readonly Difference[];
  readonly sender: string | null;
  readonly subject: string | null;
  /** Earliest and latest receipt, ISO time; null where none is known. */
  readonly from: string | null;
  readonly until: string | null;
  /** One per message, so that some stand there more than once. */
  readonly addresses: readonly string[];
}

/** A mailbox of a protected set. */
export interface Shielded {
  readonly address: string;
  /** Name of the set. */
  readonly set: string;
}

export interface Plan {
  /** Fresh for each plan: the same findings, looked for anew, are another plan with another digest. */
  readonly id: string;
  readonly tenant: string;
  readonly incident: string;
  readonly mode: Mode;
  /** Digest of the policy this plan was made under. */
  readonly policy: string;
  /** What that policy asks for, action by action: part of what people approve, and never changed afterwards. */
  readonly terms: Readonly<Record<Action, Terms>>;
  /** Who carries it out, where there is a choice; without it, each mailbox itself. */
  readonly engine?: EngineTerms;
  /** Digest of the approved plan in which these copies were missing; null for a plan of its own. */
  readonly grownFrom: string | null;
  readonly key: MessageKey;
  /** The finders that answered, and whether alerts named recipients: `hunting and recipients`. */
  readonly foundBy: string;
  /** What each service that tracks deliveries said when it was asked; none in lists from before it was kept. */
  readonly finders: readonly FinderAnswer[];
  readonly resolvedAt: string;
  /** Every address that was known when the list was made, as it was named; those beyond the limit are among them. */
  readonly asked: readonly string[];
  readonly copies: readonly Copy[];
  readonly nothing: readonly string[];
  readonly denied: readonly string[];
  readonly missing: readonly string[];
  /** Somebody is there, without a mailbox that this service reaches. */
  readonly unreachable: readonly string[];
  readonly failed: readonly string[];
  readonly leftAlone: readonly LookAlike[];
  readonly unsure: readonly UnsureGroup[];
  /** Keys of the groups that people had taken in when the list was made. */
  readonly takenIn: readonly string[];
  readonly forms: SeenForms;
  /** Mailboxes with a copy that the policy never touches: their copies are in no list. */
  readonly shielded: readonly Shielded[];
  readonly vip: number;
  readonly legalHold: number;
  /** Object ids of everyone who is proven to have received it: none of them may approve. */
  readonly recipients: readonly string[];
  /** Addresses that are proven to have received it, as tracking or a source that knows names them. */
  readonly received: readonly string[];
  /** Addresses behind which nobody could be found out. */
  readonly unresolved: readonly string[];
  /** Tracking may have named more deliveries than it told. */
  readonly trackingCut: boolean;
  /** How many addresses were not looked into because there were too many. */
  readonly notLooked: number;
  /** Actions for which too few people hold the roles that are needed. */
  readonly tooFew: readonly Action[];
}

export interface Target {
  readonly mailbox: string;
  readonly message: string;
}

const byTarget = (a: Target, b: Target) => order(a.mailbox, b.mailbox) || order(a.message, b.message);
/** Of code units, so that it is the same everywhere. */
export const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted and without doubles, so that the same findings always give the same digest. */
export function sortedPlan(plan: Plan): Plan {
  // A mailbox with two addresses gives the same copy twice, perhaps read meanwhile: which one stays must not depend on order.
  const copies = [...plan.copies].sort((a, b) => byTarget(a, b) || order(JSON.stringify(a), JSON.stringify(b)));
  const unique = new Map(copies.map((copy) => [targetKey(copy), copy]));
  const sorted = (list: readonly string[]) => [...new Set(list)].sort(order);
  return {
    ...plan,
    copies: [...unique.values()],
    asked: sorted(plan.asked),
    nothing: sorted(plan.nothing),
    denied: sorted(plan.denied),
    missing: sorted(plan.missing),
    unreachable: sorted(plan.unreachable),
    failed: sorted(plan.failed),
    // The largest first: those are on the card.
    unsure: plan.unsure
      .map((group) => ({ ...group, addresses: [...group.addresses].sort(order) }))
      .sort((a, b) => b.addresses.length - a.addresses.length || order(a.key, b.key)),
    takenIn: sorted(plan.takenIn),
    received: sorted(plan.received),
    unresolved: sorted(plan.unresolved),
    forms: {
      internetMessageIds: sorted(plan.forms.internetMessageIds),
      senders: sorted(plan.forms.senders),
    },
    leftAlone: [...plan.leftAlone].sort((a, b) => order(a.address, b.address) || order(a.why, b.why)),
    shielded: [...plan.shielded].sort((a, b) => order(a.address, b.address) || order(a.set, b.set)),
    recipients: sorted(plan.recipients),
  };
}

/** Names a copy where one word is needed. */
export const targetKey = ({ mailbox, message }: Target) => `${mailbox} ${message}`;

/** Whether anything but tracking shows that the mail arrived. */
export function isDelivered({ copies, received }: Pick<Plan, 'copies' | 'received'>): boolean {
  return copies.length > 0 || received.length > 0;
}

/** Copies seen now that the approved list does not hold. They need an approval of their own. */
export function grownBy(approved: Plan, seen: readonly Copy[]): readonly Copy[] {
  const known = new Set(approved.copies.map(targetKey));
  return seen.filter((copy) => !known.has(targetKey(copy)));
}

/** Recipients that became known after the list was made: another look would find their copies. */
export function notAskedYet(recipients: readonly string[], plan: Plan): readonly string[] {
  if (recipients.length === 0) return [];
  const asked = askedIn(plan);
  return recipients.filter((address) => !asked.has(addressKey(address)));
}

export interface BlastRadius {
  readonly copies: number;
  readonly mailboxes: number;
  readonly read: number;
}

// Counted once for each list: cards and presses ask for it again and again, and it may be a hundred thousand long.
const radii = new WeakMap<readonly Copy[], BlastRadius>();
const askedKeys = new WeakMap<Plan, ReadonlySet<string>>();

export function blastRadius(copies: readonly Copy[]): BlastRadius {
  const known = radii.get(copies);
  if (known) return known;
  const radius = {
    copies: copies.length,
    mailboxes: new Set(copies.map((copy) => copy.mailbox)).size,
    read: copies.filter((copy) => copy.isRead).length,
  };
  radii.set(copies, radius);
  return radius;
}

function askedIn(plan: Plan): ReadonlySet<string> {
  const known = askedKeys.get(plan);
  if (known) return known;
  const asked = new Set(plan.asked.map(addressKey));
  askedKeys.set(plan, asked);
  return asked;
}

/** What people compare: the first eight hex digits, in two groups. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 4)} ${digest.slice(4, 8)}`;
}
