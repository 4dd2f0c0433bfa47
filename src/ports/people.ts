import type { Role } from '../core/ask/policy.ts';
import type { Platform } from './rooms.ts';

/** Who people are, asked of those who know: never believed from a payload. */

export interface DirectoryPerson {
  /** Entra object id, lower case. */
  readonly id: string;
  readonly name: string;
  /** Every mail address, lower case: mail, user principal name and aliases. */
  readonly addresses: readonly string[];
  readonly enabled: boolean;
  readonly guest: boolean;
}

/** Who gets what is sent to an address. */
export type Expansion =
  /** Somebody who has the address, or the address without what stands after a `+` where nobody has the whole. */
  | { readonly kind: 'person'; readonly id: string; readonly addresses: readonly string[] }
  | {
      readonly kind: 'group';
      /** People of the group and the groups inside it. `address` null: it may not be read, or there is none. */
      readonly members: readonly { readonly id: string; readonly address: string | null }[];
      /** It, or a group inside it, keeps what is sent to it in a mailbox of its own, which this service does not reach. */
      readonly ownMailbox: boolean;
      /** False: there are or may be recipients that are not among the members. */
      readonly complete: boolean;
      /** Why it is not complete, for people; empty when it is. */
      readonly why: string;
    }
  | { readonly kind: 'nobody' }
  /** It cannot be told, and asking again would not help: not permitted, or several have the address. */
  | { readonly kind: 'unclear'; readonly why: string };

/**
 * The tenant's directory. Answers may be some seconds old (people) or some minutes (groups, size), never older. Every
 * method throws ClawbackError 'unavailable' when the question cannot be answered now or is not permitted: whoever asks
 * has to take that for a no.
 */
export interface Directory {
  /** By Entra object id; null when there is no such person. */
  person(id: string): Promise<DirectoryPerson | null>;
  /** Everybody who has this mail address. */
  byAddress(address: string): Promise<readonly DirectoryPerson[]>;
  /** Who gets the mail that is sent to this address. Takes its time; throws only where asking again may help. */
  expand(address: string): Promise<Expansion>;
  /** Object ids, lower case, of all users in the group and the groups inside it. Throws for an unknown group too. */
  members(groupId: string): Promise<ReadonlySet<string>>;
  /** Whether Identity Protection holds this person at risk. Always false where the tenant is not asked for it. */
  atRisk(id: string): Promise<boolean>;
  /** How many users the tenant has. */
  size(): Promise<number>;
  /** The same directory, for whom no answer counts that was asked for before now. What it asks is kept for everybody. */
  anew(): Directory;
}

export interface ChatAccount {
  readonly active: boolean;
  readonly bot: boolean;
  /** Guests of every kind, single-channel ones included. */
  readonly guest: boolean;
  /** From another organisation, seen through something shared. */
  readonly stranger: boolean;
  /** Mail address, where the platform tells it. */
  readonly address: string | null;
}

/** The people of one chat platform, and what it says of how it knows them. Same rules as for `Directory`. */
export interface ChatPeople {
  readonly platform: Platform;
  /** The workspace or tenant that people have to be of, as `ChatUser.home` names it. */
  readonly home: string;
  /** How it is known who is behind an account: its id is the person’s Entra object id, or a link says whose it is. */
  readonly knownBy: 'entra-id' | 'link';
  /** The user groups of this platform that a role of the policy names. */
  groupsOf(role: Role): readonly string[];
  /** Whether others see in this channel what is answered to one person. */
  answersAreSeen(channel: string): boolean;
  /** Null when there is no such account. In Teams the directory knows the account: this then tells nothing bad. */
  account(id: string): Promise<ChatAccount | null>;
  /** Whether the channel of the cards is open to another organisation. */
  isShared(channel: string): Promise<boolean>;
  /** Accounts in a user group of the platform. Throws where there is no such thing. */
  groupMembers(groupId: string): Promise<ReadonlySet<string>>;
  /** As for `Directory`. */
  anew(): ChatPeople;
}
