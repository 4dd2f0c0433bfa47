import { UNDO } from '../action/action.ts';
import { engineFor } from '../action/engine.ts';
import { isByDefenderAlone } from '../action/engine-names.ts';
import type { Copy, Plan } from '../find/plan.ts';
import { count, number, shortTime } from '../text.ts';

/** Who carries a list out, why, and what that means: part of what people approve. Nothing where each mailbox does it itself. */

export function engineLines({ engine: terms, copies, resolvedAt }: Plan): readonly string[] {
  if (!terms || copies.length === 0) return [];
  const by = Map.groupBy(copies, (copy) => engineFor('purge', copy, terms) ?? 'nobody');
  const ordered = by.get('defender') ?? [];
  const left = by.get('nobody') ?? [];
  const alone = copies.filter(isByDefenderAlone);
  const toInbox = ordered.filter((copy) => engineFor(UNDO, copy, terms) === 'defender');
  const why =
    terms.first === 'defender' ? 'as it is configured' : 'because their mailboxes gave no answer and it may do so';
  return [
    ...(ordered.length > 0
      ? [
          `${amount(ordered, copies, 'goes', 'go')} through Defender, ${why}: it takes an order on and does it minutes to hours later. ${undoWords(ordered, toInbox)} Calendar entries of invitations go only with deleting for good.`,
        ]
      : []),
    ...(alone.length > 0
      ? [
          `${amount(alone, copies, 'is', 'are')} known from Defender alone, as it told ${shortTime(resolvedAt)}: where they are, not whether they were read or flagged. It does not tell when an owner brings one back.`,
        ]
      : []),
    ...(left.length > 0 ? [`${amount(left, copies, 'is', 'are')} out of reach for whoever may carry this out.`] : []),
  ];
}

function amount(some: readonly Copy[], all: readonly Copy[], one: string, many: string): string {
  const verb = some.length === 1 ? one : many;
  if (some.length < all.length) return `${number(some.length)} of ${count(all.length, 'copy', 'copies')} ${verb}`;
  return some.length === 1 ? `The copy ${verb}` : `All ${count(some.length, 'copy', 'copies')} ${verb}`;
}

function undoWords(ordered: readonly Copy[], toInbox: readonly Copy[]): string {
  if (toInbox.length === 0) return 'Undo goes through the mailboxes and puts them back where they were.';
  const which = toInbox.length === ordered.length ? 'them' : `${number(toInbox.length)} of them`;
  return `Undo puts ${which} back into the Inbox, not into the folder that they were in.`;
}

/** `, 3 read`: of those copies of which it is known. */
export function readWords(copies: readonly Copy[]): string {
  const told = copies.filter((copy) => !isByDefenderAlone(copy));
  const read = told.filter(({ isRead }) => isRead).length;
  if (told.length === copies.length) return `, ${number(read)} read`;
  return told.length === 0
    ? '; whether they were read is not told'
    : `, ${number(read)} of ${number(told.length)} read`;
}
