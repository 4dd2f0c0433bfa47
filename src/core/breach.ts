import type { CardView } from './card.ts';
import { clip, inertOr } from './text.ts';

/** The card of an incident whose rows and record differ: it says so before anything else, and nothing can be pressed. */
export function withBreach(view: CardView, breach: string): CardView {
  const status = `What is stored about this incident differs from the record: ${inertOr(breach, 'unknown', 180)}. Nothing runs.`;
  const buttons = Object.keys(view).filter((key) => key.startsWith('can') && key !== 'canSeeDetails');
  return {
    ...view,
    ...Object.fromEntries(buttons.map((button) => [button, false])),
    status: clip(status, 300),
    tone: 'bad',
    proposal: '',
    needs: '',
    progress: '',
  };
}
