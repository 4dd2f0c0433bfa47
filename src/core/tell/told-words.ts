import type { Recorded } from '../record/ledger.ts';
import { inertOr, shortTime } from '../text.ts';

/** What a card says of sources that were told how their alerts ended: as the record has it, the newest of each. */

export interface ToldEnd {
  readonly source: string;
  readonly outcome: string;
  readonly note: string;
  /** ISO time. */
  readonly at: string;
}

export function toldIn(entry: Recorded, before: readonly ToldEnd[]): readonly ToldEnd[] {
  if (entry.type !== 'loop.told') return before;
  const { at, outcome, detail } = entry;
  const others = before.filter(({ source }) => source !== detail.source);
  return [...others, { source: detail.source, outcome: outcome ?? '', note: detail.note, at }];
}

export function toldLines(told: readonly ToldEnd[]): string[] {
  return told.flatMap(({ source, outcome, note, at }) => {
    const name = inertOr(source, 'The source', 80);
    const why = note === '' ? '' : ` (${inertOr(note, 'no reason given', 120)})`;
    if (outcome === 'told' || outcome === 'known') return [`${name} was told how it ended, ${shortTime(at)}.`];
    if (outcome === 'waits')
      return [`${name} could not be told yet how it ended, ${shortTime(at)}${why}: tried again.`];
    return outcome === 'given up'
      ? [`${name} was not told how it ended, after all tries, ${shortTime(at)}${why}.`]
      : [];
  });
}
