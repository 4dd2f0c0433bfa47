import type { Unread } from '../unread.ts';
import type { Ask } from './ask.ts';
import type { Seat } from './policy.ts';

/** Counting approvals: people, never votes; each on a seat of their own. */

export interface Vote {
  /** Entra object id: the person. */
  readonly person: string;
  readonly name: string;
  readonly platform: string;
  /** The chat account it was cast with; empty for votes from before it was kept. */
  readonly account: string;
  /** What was said yes to. */
  readonly action: Ask;
  readonly planDigest: string;
  /** ISO time. */
  readonly at: string;
  /** Roles held at the click, under the policy the plan was made with. */
  readonly roles: readonly string[];
  /** Own mail addresses as the directory knew them at the click. */
  readonly addresses: readonly string[];
  readonly reason: string | null;
  /** Authentication context and time of the sign-in, where the vote was cast on the page; else null. */
  readonly signIn: SignInProof | null;
  /** What of its row could not be read: it is no vote. */
  readonly unread?: Unread;
}

export interface SignInProof {
  readonly context: string;
  /** ISO time of the authentication itself. */
  readonly at: string;
}

/** As much of a vote as it takes to ask about whoever cast it. */
export type Cast = Pick<Vote, 'person' | 'name' | 'platform' | 'account' | 'roles'>;

/** Somebody whose vote may count: as the directory describes them now, or as it did when they voted. */
export interface Voter {
  readonly person: string;
  readonly roles: readonly string[];
}

export interface Tally {
  /** Entra ids of the people whose approval counts, in the order of their votes. */
  readonly people: readonly string[];
  readonly seats: readonly { readonly role: string; readonly count: number; readonly filled: number }[];
  readonly needed: number;
  readonly approved: boolean;
}

/**
 * Seats people on `seats`, in the order they came, as well as that is possible: somebody who could sit on two kinds of
 * seat never keeps a later person from a needed one. Nobody sits twice, and nobody without the role sits at all.
 */
export function seatPeople(voters: readonly Voter[], seats: readonly Seat[]): Tally {
  const chairs = seats.flatMap((seat, kind) => Array.from({ length: seat.count }, () => ({ kind, role: seat.role })));
  const sitting = new Map<number, Voter>();
  const seated: string[] = [];
  for (const voter of distinct(voters)) {
    if (place(voter, chairs, sitting, new Set())) seated.push(voter.person);
  }
  return {
    people: seated,
    needed: chairs.length,
    approved: chairs.length > 0 && sitting.size === chairs.length,
    seats: seats.map(({ role, count }, kind) => ({
      role,
      count,
      filled: chairs.filter((chair, index) => chair.kind === kind && sitting.has(index)).length,
    })),
  };
}

function distinct(voters: readonly Voter[]): Voter[] {
  return [...new Map(voters.map((voter) => [voter.person, voter])).values()];
}

type Chair = { readonly role: string };

/** Augmenting path: takes a free chair, or one whose holder can move to another. */
function place(voter: Voter, chairs: readonly Chair[], sitting: Map<number, Voter>, tried: Set<number>): boolean {
  for (const [index, chair] of chairs.entries()) {
    if (tried.has(index) || !voter.roles.includes(chair.role)) continue;
    tried.add(index);
    const holder = sitting.get(index);
    if (holder && !place(holder, chairs, sitting, tried)) continue;
    sitting.set(index, voter);
    return true;
  }
  return false;
}

/** Votes for exactly this on exactly this plan, not older than `notBefore` (ISO time), and cast in time. */
export function votesFor(
  votes: readonly Vote[],
  asked: { readonly action: Ask; readonly planDigest: string; readonly notBefore: string },
): readonly Vote[] {
  return votes.filter(
    (vote) => vote.action === asked.action && vote.planDigest === asked.planDigest && vote.at >= asked.notBefore,
  );
}
