import { type Action, beginsAtOnce, isUndo, isUndoable, takesOut } from '../action/action.ts';
import { COUNTS_FOR_THIS_PLAN } from '../action/definition.ts';
import { type Ask, isAction } from '../ask/ask.ts';
import type { Mode } from '../ask/rule.ts';
import { blastRadius, type Plan } from '../find/plan.ts';
import { clip, count } from '../text.ts';
import { askWords } from './ask-words.ts';
import { type CaseFacts, canBeRestored } from './case.ts';

/** What a press does, in one line, with the copies that it is done to: said before it is done, wherever it can be pressed. */

/** What it is done to. */
export interface Amount {
  readonly copies: number;
  /** Null where they are not counted: of what can be put back. */
  readonly mailboxes: number | null;
  readonly mode: Mode;
}

export function amountOf(facts: Pick<CaseFacts, 'plan' | 'leftToUndo' | 'runs'>, ask: Ask): Amount {
  const mode = facts.plan?.mode ?? 'live';
  // What is out already is counted as it was seen to be, not as it was planned.
  if (isAction(ask) && (isUndo(ask) || beginsAtOnce(ask)))
    return { copies: canBeRestored(facts), mailboxes: null, mode };
  return planAmount(facts.plan);
}

/** Of a whole plan. */
export function planAmount(plan: Pick<Plan, 'copies' | 'mode'> | null): Amount {
  const { copies, mailboxes } = blastRadius(plan?.copies ?? []);
  return { copies, mailboxes, mode: plan?.mode ?? 'live' };
}

/** `Moves 12 copies in 11 mailboxes to Recoverable Items …`; a dry run says that it touches nothing. */
export function effectOf(ask: Ask, { copies, mailboxes, mode }: Amount): string {
  const amount = `${count(copies, 'copy', 'copies')}${mailboxes === null ? '' : ` in ${count(mailboxes, 'mailbox', 'mailboxes')}`}`;
  if (mode === 'dry-run' && isAction(ask)) return `Dry run: looks at ${amount} once more and touches nothing.`;
  return askWords(ask).effect(amount);
}

/** What Slack's dialog holds. */
const MOST_IN_DIALOG = 300;

/** Asked once more: the effect again, and what the press is. */
export function confirmationText(ask: Ask, amount: Amount): string {
  const own = isAction(ask) ? ` ${COUNTS_FOR_THIS_PLAN}` : '';
  return clip(`${effectOf(ask, amount)}${own}`, MOST_IN_DIALOG);
}

/** Done to copies so that no undo brings them back. */
export function isIrreversible(action: Action): boolean {
  return takesOut(action) && !isUndoable(action);
}
