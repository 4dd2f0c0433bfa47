import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import type { Marks } from './marks.ts';
import type { Outcome } from './outcome.ts';

/** What an action is: everything that policy, votes, cards, record and execution have to know of it. */

/** What is asked of the mailbox, and how the copy has to be afterwards. */
type Effect =
  | { readonly of: 'softDelete' | 'hardDelete' | 'toJunk' }
  | {
      readonly of: 'mark';
      /** The complete new category list, and the new flag status or null to leave it. */
      wanted(seen: SeenCopy): { readonly categories: readonly string[]; readonly flag: string | null };
    }
  | {
      readonly of: 'putBack';
      /** `moved`: it was seen elsewhere than where it was put already. */
      wanted(
        seen: SeenCopy,
        task: Pick<CopyTask, 'before' | 'put' | 'home'>,
      ): Marks & { readonly folderId: string; readonly moved: boolean };
    };

/** Asked once more before a press counts, in every chat; what it does is said with it. */
interface Confirmation {
  readonly title: string;
  /** At most 30 characters each. */
  readonly yes: string;
  readonly no: string;
}

/** The form that asks why. */
export interface ReasonForm {
  /** At most 24 characters each, what Slack's window holds. */
  readonly title: string;
  readonly send: string;
  readonly purpose: string;
  readonly question: string;
  /** There is no way back from what is approved. */
  readonly isFinal: boolean;
}

/** What people read where they are asked. */
export interface AskWords {
  readonly button: string;
  readonly style: 'plain' | 'primary' | 'danger';
  /** What it takes before it counts, beside a confirmation: nothing more, a reason, or a form with a word to be typed. */
  readonly needs: 'press' | 'reason' | 'word';
  /** Empty for none. */
  readonly tooltip: string;
  /**
   * What pressing does, in one sentence of at most 220 characters: the chats have dialogs of 300. `amount`: `12 copies in 11
   * mailboxes`.
   */
  readonly effect: (amount: string) => string;
  readonly confirmation: Confirmation | null;
  readonly reason: ReasonForm;
  /** After a name: `approved the purge`. */
  readonly voted: string;
}

interface ActionWords extends AskWords {
  /** What somebody signs in for: `approve a purge`. */
  readonly signInFor: string;
  /** Before a number of copies: `Purging`. */
  readonly work: string;
  /** The card's sentence while it runs. */
  readonly running: string;
  /** Before the incident that did it to copies of this one: `removed by`. */
  readonly doneBy: string;
}

export interface ActionDefinition {
  /** As it is stored. */
  readonly name: string;
  /** In policy.yaml and in the record of decisions. */
  readonly word: string;
  /** What its button sends. */
  readonly verb: string;
  readonly target: 'copy';
  /**
   * To a copy: it leaves its owner's sight, lies apart within it, is marked, or goes back where it was: `put back` undoes what was
   * done here, `give back` what others have done.
   */
  readonly does: 'take out' | 'set aside' | 'mark' | 'put back' | 'give back';
  /**
   * Whether the undo brings a copy back exactly as it was: from Recoverable Items, where `done` is `removed`, or from Junk
   * Email, where it is `junked`.
   */
  readonly undo: 'exact' | 'none';
  /** `at once`: where policy says so, before people have looked; they confirm it, or it is undone. */
  readonly begins: 'approved' | 'at once';
  /** The outcome of a copy that became what this action is for. */
  readonly done: Outcome;
  /** Whether its approval counts against the caps of policy.yaml. */
  readonly usesCaps: boolean;
  readonly effect: Effect;
  /** Before the act and after it. */
  judge(task: CopyTask, seen: SeenCopy): Judgement;
  /** The copy cannot be found by its id. `beyond`: it was seen where neither its owner nor an administrator gets it back from. */
  judgeAbsent(task: CopyTask, beyond: boolean): Ending;
  /** The effect was tried as often as is sensible and the copy still is not as it should be. */
  giveUp(task: Pick<CopyTask, 'before'>, seen: SeenCopy): Ending;
  readonly words: ActionWords;
}

/** Keeps the names as they are written, so that a map of definitions is total by type. */
export function define<const D extends ActionDefinition>(definition: D): D {
  return definition;
}

/** Typed before what cannot be undone is approved: a slip of the hand types nothing. */
export const CONFIRM_WORD = 'DELETE';

/** What the press of a button that approves something says of itself. */
export const COUNTS_FOR_THIS_PLAN = 'It counts for exactly this plan and is recorded under your name.';
