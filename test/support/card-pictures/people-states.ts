import { linesOf } from '../../../src/core/tell/answer.ts';
import type { CardView } from '../../../src/core/tell/card.ts';
import { present } from '../../../src/core/tell/present.ts';
import { LOOK } from '../people-words.ts';
import { factsOf } from './states.ts';

/** What was found out about the people of an incident: on its card, after something was done about it, and where it was changed. */
export function peopleStates(): { name: string; view: CardView }[] {
  const facts = factsOf({ stands: 'open' });
  const contained = { ...LOOK, because: 'contained' as const, findings: [], suspected: [] };
  return [
    { name: 'people', view: present({ ...facts, people: { is: 'looked', look: LOOK, since: null } }) },
    {
      name: 'people-contained',
      view: present({
        ...facts,
        people: { is: 'looked', look: contained, since: { before: 3, after: 0, fresh: [], unknown: 0 } },
      }),
    },
    { name: 'people-changed', view: present({ ...facts, people: { is: 'differs' } }) },
  ];
}

/** For who presses People. */
export function peopleAnswer(): readonly string[] {
  const counts = [{ kind: 'clicked', malicious: 28, harmless: 2 }] as const;
  return linesOf({ code: 'people-shown', incident: 'CB-7F3K2M', look: LOOK, counts, now: LOOK.at, again: false });
}
