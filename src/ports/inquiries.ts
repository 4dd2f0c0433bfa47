import type { Criteria } from '../core/find/criteria.ts';
import type { Found } from '../core/find/found.ts';
import type { Sought } from './seeker.ts';

/** Searches that people asked for, each kept until its answer is old. Part of a transaction of the store. */
export interface Inquiries {
  /** False, and nothing is kept, where this person has asked for `most` since then. */
  ask(asked: NewInquiry, cap: { readonly most: number; readonly since: string }): Promise<boolean>;
  get(id: string): Promise<Inquiry | null>;
  /** False unless it waits to be allowed. */
  allow(id: string): Promise<boolean>;
  /** Takes its work for `leaseMs`; false where there is none to be had. `by`: fresh, names the claim. */
  claim(id: string, by: string, leaseMs: number): Promise<boolean>;
  /** Keeps it for `leaseMs` from now; false where the claim is over. */
  extend(id: string, by: string, leaseMs: number): Promise<boolean>;
  /** Gives its work back, so that somebody takes it later. */
  release(id: string, by: string): Promise<void>;
  /** What was answered to one question of it; false, and nothing is kept, where the claim is over. */
  keep(id: string, by: string, question: string, sought: Sought): Promise<boolean>;
  /** By question; one that cannot be read is left out. */
  kept(id: string): Promise<ReadonlyMap<string, Sought>>;
  /** Its end: what was kept of single questions goes. False where the claim is over. */
  answer(id: string, by: string, found: Found): Promise<boolean>;
  /** Those that are allowed, have no answer and are in nobody's hands. */
  open(): Promise<readonly string[]>;
  /** Lets go of what was asked for before then. */
  forget(before: string): Promise<void>;
}

export interface NewInquiry {
  readonly id: string;
  /** Entra object id, lower case; of whoever sits at this machine, a name that is no id. */
  readonly person: string;
  /** ISO time. */
  readonly at: string;
  readonly criteria: Criteria;
  /** Waits until somebody else has allowed it. */
  readonly waits: boolean;
}

export interface Inquiry extends Omit<NewInquiry, 'criteria'> {
  /** Null where they cannot be read. */
  readonly criteria: Criteria | null;
  /** Null while there is none, and where it cannot be read. */
  readonly found: Found | null;
  readonly isAnswered: boolean;
}
