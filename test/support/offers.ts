import { BUTTONS, buttonFor } from '../../src/core/tell/button.ts';
import type { CardView } from '../../src/core/tell/card.ts';

/** What a card offers, as stories ask for it. */

const OFFERS = {
  canPurge: 'purge',
  canHardPurge: 'hard-purge',
  canConfirm: 'confirm',
  canFlag: 'flag',
  canReject: 'reject',
  canUndo: 'undo',
  canReopen: 'reopen',
  canCancel: 'cancel',
  canSeeDetails: 'details',
} as const;
type Offers = Readonly<Record<keyof typeof OFFERS, boolean>>;

export interface ShownCard extends CardView, Offers {
  /** As it was handed to the room. */
  readonly posted: CardView;
  /** What the undo is called; empty where there is none. */
  readonly undoLabel: string;
}

/** The buttons of these verbs, as an open case shows them. */
export function offering(...verbs: readonly string[]): Pick<CardView, 'actions'> {
  return {
    actions: verbs.map((verb) => buttonFor(verb, 'Undo the purge', { copies: 12, mailboxes: 11, mode: 'live' })),
  };
}

export function shown(view: CardView): ShownCard {
  const offers = Object.entries(OFFERS).map(([name, verb]) => [
    name,
    BUTTONS.get(verb)?.isShown(view, 0) ?? unknown(verb),
  ]);
  const undoLabel = view.actions.find(({ id }) => id === 'undo')?.label ?? '';
  return { ...view, ...(Object.fromEntries(offers) as Offers), undoLabel, posted: view };
}

function unknown(verb: string): never {
  throw new Error(`no button of ours is called ${verb}`);
}
