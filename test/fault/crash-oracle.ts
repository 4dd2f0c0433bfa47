import type { Action } from '../../src/core/action/action.ts';
import { type Entry, ofType } from '../../src/core/record/ledger.ts';

/** What must hold of an incident whenever somebody looks, however often the processes that worked on it were killed. */

export interface Sight {
  readonly entries: readonly Entry[];
  /** Messages of the mail that is to go, and where each is at this moment. */
  readonly copies: readonly { readonly message: string; readonly isGone: boolean; readonly hasTrouble: boolean }[];
  /** Messages that were written to, in order. */
  readonly written: readonly string[];
}

type Outcome = Extract<Entry, { type: 'copy.outcome' }>;

/** At any moment: what is wrong by then, nothing where all is well. */
export function wrongNow({ entries, copies, written }: Sight): readonly string[] {
  const own = new Set(copies.map(({ message }) => message));
  const intended = new Set(entries.filter(ofType('copy.intent')).map(({ message }) => message));
  const runs = entries.filter(ofType('run.started'));
  const first = firstOutcomes(entries);
  return [
    ...written
      .filter((message) => !own.has(message))
      .map((message) => `${message} is another mail, and was written to`),
    ...written.filter((message) => !intended.has(message)).map((message) => `${message} was written to without intent`),
    ...moreThanOnce(
      first.map(({ detail, message }) => `${detail.action} ${message}`),
      (key) => runs.filter(({ detail }) => key.startsWith(`${detail.action} `)).length,
    ).map((key) => `${key} was reported more than once`),
    ...moreThanOnce(
      entries.filter(ofType('run.finished')).map(({ detail }) => detail.run),
      () => 1,
    ).map((run) => `run ${run} finished more than once`),
  ];
}

/** Once a run of this action has ended, as the mailboxes are before anything else is done. */
export function wrongAtTheEnd({ entries, copies }: Sight, action: Action): readonly string[] {
  const outcomes = new Map<string | null, string | null>();
  for (const { detail, message, outcome } of entries.filter(ofType('copy.outcome')))
    if (detail.action === action) outcomes.set(message, outcome);
  const finished = entries.filter(ofType('run.finished')).filter(({ detail }) => detail.action === action);
  const told = finished.flatMap(({ detail }) => detail.summary).reduce((sum, { copies: count }) => sum + count, 0);
  const done = action === 'restore' ? 'restored' : 'removed';
  return [
    ...(finished.length === 1 ? [] : [`${action} finished ${finished.length} times`]),
    ...(told === outcomes.size ? [] : [`${action} told ${told} copies in its end, and ${outcomes.size} one by one`]),
    ...copies.flatMap(({ message, isGone, hasTrouble }) => {
      const outcome = outcomes.get(message) ?? null;
      const isThere = done === 'removed' ? !isGone : isGone;
      if (outcome === done && isThere) return [`${message} is called ${done}, and is not`];
      if (outcome === null && action !== 'restore') return [`${message} is lost: nothing is said of it`];
      return outcome !== done && !hasTrouble && action !== 'restore' ? [`${message} is ${outcome}, for no reason`] : [];
    }),
  ];
}

/** Those that correct an earlier one are no second report. */
function firstOutcomes(entries: readonly Entry[]): readonly Outcome[] {
  return entries.filter(ofType('copy.outcome')).filter(({ detail }) => detail.was === null);
}

function moreThanOnce(keys: readonly string[], allowed: (key: string) => number): readonly string[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].flatMap(([key, count]) => (count > Math.max(1, allowed(key)) ? [key] : []));
}
