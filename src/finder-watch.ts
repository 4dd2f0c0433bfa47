import type { Check } from './adapters/http/health.ts';
import type { FinderTrouble } from './core/find/finder.ts';
import type { Happening } from './flow/flow.ts';
import type { Finder } from './ports/finder.ts';

/** Only what is wrong with the service itself: a mail that it knows nothing of is told on that mail's card. */
const WORDS: Readonly<Partial<Record<FinderTrouble, string>>> = {
  refused: 'refuses to say who received a mail: look at its licence, and at its permission with clawback doctor',
  busy: 'asks to wait for longer than a plan may wait',
  silent: 'gives no answer that can be read',
};

export interface FinderWatch {
  hear(happening: Happening): void;
  /** What it last said to this process. Worth a look and no reason to send nobody here: purges of what is known go on. */
  check(finder: Pick<Finder, 'name' | 'can'>): Check;
}

/** For whoever asks whether everything works: what each service that tracks deliveries said when it was last asked. */
export function watchFinders(now: () => string): FinderWatch {
  const trouble = new Map<string, { readonly words: string; readonly since: string }>();
  return {
    hear(happening) {
      // Not asked at all, for want of an id: that says nothing of the service.
      if (happening.what !== 'finder' || happening.result === 'no id') return;
      const words = happening.result === 'answered' ? undefined : WORDS[happening.result];
      if (words === undefined) trouble.delete(happening.finder);
      else if (trouble.get(happening.finder)?.words !== words) trouble.set(happening.finder, { words, since: now() });
    },
    check: (finder) => async () => {
      const { find } = finder.can;
      if (find !== 'yes') return { remark: `it is not there to be asked: ${find.no}` };
      const found = trouble.get(finder.name);
      return found === undefined ? null : { remark: `it ${found.words}, since ${found.since}` };
    },
  };
}
