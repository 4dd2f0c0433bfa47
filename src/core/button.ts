import type { CardView } from './card.ts';
import type { Ask } from './incident.ts';

/** The buttons of a card: whether it shows each one, and what it asks for. */
export interface Button {
  /** `page` tells apart what a card shows more than once. */
  readonly isShown: (view: CardView, page: number) => boolean;
  /** Null for a button that only shows something. */
  readonly asks: Ask | null;
}

/** By the verb that a press names. */
export const BUTTONS: ReadonlyMap<string, Button> = new Map<string, Button>([
  ['purge', { isShown: ({ canPurge }) => canPurge, asks: 'purge' }],
  ['hard-purge', { isShown: ({ canHardPurge }) => canHardPurge, asks: 'hard-purge' }],
  ['flag', { isShown: ({ canFlag }) => canFlag, asks: 'flag' }],
  ['confirm', { isShown: ({ canConfirm }) => canConfirm, asks: 'contain' }],
  ['undo', { isShown: ({ canUndo }) => canUndo, asks: 'restore' }],
  ['reject', { isShown: ({ canReject }) => canReject, asks: 'reject' }],
  ['reopen', { isShown: ({ canReopen }) => canReopen, asks: 'reopen' }],
  ['take-in', { isShown: isGroupShown, asks: 'take-in' }],
  ['cancel', { isShown: ({ canCancel }) => canCancel, asks: 'cancel' }],
  ['details', { isShown: ({ canSeeDetails }) => canSeeDetails, asks: null }],
]);

function isGroupShown({ canTakeIn, unsure }: CardView, group: number): boolean {
  return canTakeIn && unsure.some(({ page }) => page === String(group));
}
