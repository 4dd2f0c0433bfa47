import { instantOf } from '../instant.ts';
import { count, inertOr } from '../text.ts';
import type { Click, PersonFacts } from './facts.ts';
import { found, latestOf, type PersonFinding } from './finding.ts';

/**
 * A link of the mail was followed. Past a warning is more than a click that nothing stood in the way of: somebody was told.
 * `IsClickedThrough` and `ActionType` as in learn.microsoft.com/defender-xdr/advanced-hunting-urlclickevents-table.
 */
export function clicked({ person, clicks, mailAt }: PersonFacts): readonly PersonFinding[] {
  const opened = clicks.filter(({ outcome, at }) => outcome !== 'blocked' && instantOf(at) >= instantOf(mailAt));
  const through = opened.find(({ outcome }) => outcome === 'through');
  const first = through ?? opened[0];
  if (!first) return [];
  const times = opened.length > 1 ? `, ${count(opened.length, 'time')}` : '';
  const host = inertOr(hostOf(first.url), 'a link', 80);
  return [
    found('clicked', person, {
      strength: through ? 'medium' : 10,
      sentence: through ? `Went past a warning to ${host}${times}.` : `Followed a link to ${host}${times}.`,
      sources: ['link clicks'],
      at: first.at,
      row: {
        url: first.url,
        outcome: first.outcome,
        times: opened.length,
        ip: first.ip,
        last: latestOf(opened.map(({ at }) => at)),
      },
    }),
  ];
}

/** So soon after a click something else is taken for its consequence. Our own span, after the note of Microsoft on token theft: minutes. */
const FOLLOWS_MS = 3_600_000;

/** The last click that was not blocked and that this may come of; null for none. */
export function clickBefore({ clicks }: Pick<PersonFacts, 'clicks'>, at: string): Click | null {
  const since = (click: Click) => instantOf(at) - instantOf(click.at);
  const near = clicks.filter((click) => click.outcome !== 'blocked' && since(click) >= 0 && since(click) <= FOLLOWS_MS);
  return near.at(-1) ?? null;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}
