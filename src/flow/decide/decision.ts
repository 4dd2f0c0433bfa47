import type { Action } from '../../core/action/action.ts';
import type { Seat, TenantPolicy } from '../../core/ask/policy.ts';
import type { Cast, SignInProof } from '../../core/ask/tally.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Answer, Refusal as Told } from '../../core/tell/answer.ts';
import type { CaseFacts } from '../../core/tell/case.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import type { Held } from '../../ports/held.ts';
import type { Brake } from '../../ports/store.ts';
import type { Note } from '../record/record.ts';
import type { NoStanding, Standing } from './standing.ts';

/** What a press becomes on its way to an effect, and what may come of it. */

/** What directory and chat say now of those who were asked about, by `castKey`. */
export type Looked = ReadonlyMap<string, Standing | NoStanding>;

/** A press that passed every check that does not depend on the verb. */
export interface Ready {
  readonly press: Press;
  readonly incident: Held<Incident>;
  readonly plan: Plan | null;
  readonly standing: Standing;
  /** The one under which the roles were asked for. */
  readonly policy: TenantPolicy;
  readonly proof: SignInProof | null;
  /** What is known anew of those whose votes are to take effect. */
  readonly looked: Looked;
}

/** Who signed in on our page, and how. */
export interface PageProof extends SignInProof {
  readonly person: string;
}

export type Decided = Reply | { readonly refusal: Refusal } | { readonly askAbout: readonly Cast[] };

export const MAX_REASON = 1_000;

export interface Approval extends Ready {
  readonly plan: Plan;
  readonly action: Action;
  readonly facts: CaseFacts;
  readonly brake: Held<Brake>;
}

export interface VerbPress extends Ready {
  readonly facts: CaseFacts;
}

/** What the last vote that was needed sets going. */
export interface Agreed {
  readonly press: VerbPress['press'];
  readonly facts: VerbPress['facts'];
  /** Whose press it was. */
  readonly standing: VerbPress['standing'];
  /** Everybody on a seat, in the order of their votes. */
  readonly people: readonly { readonly person: string; readonly name: string }[];
  readonly seats: readonly Seat[];
  /** To be written down first, in the same entry of the record as the effect: its lock is the last one taken. */
  readonly notes: readonly Note[];
}

/** Why a press had no effect. Each is answered privately, and recorded. What the chat is called is only said. */
export type Refusal = Exclude<Told, { readonly code: 'unlinked' }> | { readonly code: 'unlinked' };

export function said(answer: Answer): Reply {
  return { kind: 'said', answer };
}
