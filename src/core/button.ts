import type { CardView } from './card.ts';
import type { Ask } from './incident.ts';

/** The buttons of a card: which flag of it shows each one, and what it asks for. */

type Flag = { [K in keyof CardView]: CardView[K] extends boolean ? K : never }[keyof CardView];

export interface Button {
  readonly shown: Flag;
  /** Null for a button that only shows something. */
  readonly asks: Ask | null;
}

/** By the verb that a press names. */
export const BUTTONS: ReadonlyMap<string, Button> = new Map<string, Button>([
  ['purge', { shown: 'canPurge', asks: 'purge' }],
  ['hard-purge', { shown: 'canHardPurge', asks: 'hard-purge' }],
  ['flag', { shown: 'canFlag', asks: 'flag' }],
  ['confirm', { shown: 'canConfirm', asks: 'contain' }],
  ['undo', { shown: 'canUndo', asks: 'restore' }],
  ['reject', { shown: 'canReject', asks: 'reject' }],
  ['reopen', { shown: 'canReopen', asks: 'reopen' }],
  ['take-in', { shown: 'canTakeIn', asks: 'take-in' }],
  ['cancel', { shown: 'canCancel', asks: 'cancel' }],
  ['details', { shown: 'canSeeDetails', asks: null }],
]);
