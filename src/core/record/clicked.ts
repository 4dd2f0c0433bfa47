import type { Incident } from '../incident/incident.ts';
import { ofType, type Recorded } from './ledger.ts';

/** How many people are known to have followed the link of a mail, as the record has it: the most that anybody saw. */

function clickedIn(entries: readonly Recorded[]): number {
  let most = 0;
  for (const { detail } of entries.filter(ofType('people.looked', 'inquiry.filed')))
    if (detail.clicked !== null && detail.clicked > most) most = detail.clicked;
  return most;
}

/** Whoever writes it into a row moves the incident in the queue. */
export function clickedBreach({ clicked }: Pick<Incident, 'clicked'>, entries: readonly Recorded[]): string | null {
  return clicked === clickedIn(entries) ? null : 'how many people followed its link differs from the record';
}
