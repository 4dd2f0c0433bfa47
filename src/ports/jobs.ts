import type { FormToRead } from '../core/find/mail-form.ts';
import type { PeopleReason } from '../core/intelligence/look.ts';
import type { LookReason } from '../core/record/looked.ts';
import type { Platform } from './rooms.ts';

/** What is left to do, for whichever process comes first. */

export type Job =
  | { readonly queue: 'scope'; readonly incident: string }
  /** Parts of a search of many mailboxes wait for whoever has time. `nth`: so many helpers were asked for. */
  | { readonly queue: 'search'; readonly incident: string; readonly name: string; readonly nth: number }
  | { readonly queue: 'run'; readonly run: string }
  /** Mail that a person looks for. */
  | { readonly queue: 'inquire'; readonly inquiry: string }
  /** Measures about people: their list is made, or they are carried out. */
  | { readonly queue: 'measures'; readonly list: string }
  /** A run began: whether there are more copies by now than its list holds. */
  | { readonly queue: 'rescope'; readonly run: string }
  /** Another look after the plan was made, the nth of its kind. `list`: the plan's digest; none in jobs from before it was kept. */
  | {
      readonly queue: 'look';
      readonly incident: string;
      readonly because: LookReason;
      readonly nth: number;
      readonly list?: string;
    }
  /** What is to be kept of a mail whose plan was made, for the nth time. `list`: the plan's digest, which holds these copies. */
  | {
      readonly queue: 'evidence';
      readonly incident: string;
      readonly list: string;
      readonly nth: number;
      readonly forms: readonly FormToRead[];
    }
  /** A look at the people of a list, the nth; `tries`: so often a part of it gave no answer. */
  | {
      readonly queue: 'people';
      readonly incident: string;
      readonly list: string;
      readonly because: PeopleReason;
      readonly nth: number;
      readonly tries: number;
    }
  /** A run has ended: other incidents' cards may speak of copies that it moved. */
  | { readonly queue: 'elsewhere'; readonly run: string }
  /** Something about copies of this run came when nobody waited for it any more. */
  | { readonly queue: 'late'; readonly run: string }
  /** Whoever raised its alerts is told how it ended, for the nth time. */
  | { readonly queue: 'back'; readonly incident: string; readonly nth: number }
  /** Whoever reported the mail is told in a chat how it ended, for the nth time. */
  | { readonly queue: 'reporter'; readonly incident: string; readonly nth: number }
  /** A flagged mailbox may have to be looked at, or somebody told of it. */
  | { readonly queue: 'flag'; readonly flag: string }
  /** A source is asked what is new. */
  | { readonly queue: 'pull'; readonly source: string }
  /** The tenant's own defence is asked what it took out of mailboxes by itself. */
  | { readonly queue: 'automation' }
  /** Something is to be said in a room. `incident`: whose news asked for it; empty when the room had to rest. */
  | { readonly queue: 'deliver'; readonly incident: string; readonly platform: Platform }
  | { readonly queue: 'expire'; readonly incident: string }
  /** An escalation step of a waiting decision is due. */
  | { readonly queue: 'remind'; readonly incident: string }
  | Nudge;

/** Tells a room of a step that was taken. */
export interface Nudge {
  readonly queue: 'nudge';
  readonly incident: string;
  readonly platform: Platform;
  /** -1: the call that comes with the question itself. */
  readonly step: number;
  /** People are called who were not, because of quiet hours. */
  readonly afterQuiet?: true;
}

export interface Jobs {
  /**
   * Exists if and only if the transaction commits. A job that is queued already is not queued twice; a run or a room that is
   * wanted sooner than it was asked for comes sooner.
   */
  send(job: Job, afterMs?: number): Promise<void>;
}
