import { clip, inertOr } from '../text.ts';
import { onlyDetails, withoutActions } from './button.ts';
import type { CardView } from './card.ts';

/** How what is marked begins where nobody has written into the database: it is only older than what was done. */
export const PUT_BACK = 'the database was put back from an older copy';

/** The card of an incident of which this version cannot read everything: a newer one goes on with it. */
export function leftToNewer(view: CardView): CardView {
  return {
    ...withoutChoice(view),
    state: 'Of a newer version',
    status: 'A newer version of Clawback has written what this one does not know. It leaves this incident alone.',
    tone: 'neutral',
  };
}

/** The card of an incident whose rows and record differ: it says so before anything else, and nothing can be pressed. */
export function withBreach(view: CardView, breach: string): CardView {
  const what = inertOr(breach, 'unknown', 220);
  const status = breach.startsWith(PUT_BACK)
    ? `T${what.slice(1)}. Nothing runs.`
    : `What is stored about this incident differs from the record: ${clip(what, 180)}. Nothing runs.`;
  return { ...withoutChoice(view), state: 'Not as recorded', status: clip(status, 300), tone: 'bad' };
}

/** Nothing is offered that a stop refuses. To end something, or to look, stays possible: it must be, before the stop is lifted. */
export function whileStopped(view: CardView): CardView {
  const { canTakeIn, progress, needs, deadline, left, actions } = view;
  const state = view.asks === 'nothing' ? view.state : 'Stopped';
  return {
    ...withoutChoice(view),
    state,
    canTakeIn,
    progress,
    needs,
    deadline,
    left,
    actions: withoutActions(actions),
  };
}

function withoutChoice(view: CardView): CardView {
  return {
    ...view,
    asks: 'nothing',
    actions: onlyDetails(view.actions),
    canTakeIn: false,
    needs: '',
    deadline: '',
    left: '',
    effect: '',
    progress: '',
    waits: '',
    undoUntil: '',
  };
}
