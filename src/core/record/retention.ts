import { type Incident, type IncidentState, isClosed } from '../incident/incident.ts';
import { instantOf, isoOf } from '../instant.ts';

/**
 * What may be let go of. The record keeps every entry for ever; the rows beside it are only needed as long as somebody can
 * still decide something with them.
 */

const DAY_MS = 86_400_000;

/** How an incident that is still stored hangs together with one that is old. */
type Bond =
  /** It grew out of the old one, whose people have no say in it. */
  | 'parent'
  /** The old one grew out of it. */
  | 'child'
  /** It follows the old one about the same mail. */
  | 'previous'
  /** It is shown on the card of the old one. */
  | 'campaign'
  /** Its card speaks of what the old one did. */
  | 'elsewhere'
  /** Runs of both hold the same copy. */
  | 'copies';

export interface Tie {
  /** The old one. */
  readonly incident: string;
  readonly bond: Bond;
  /** Of the other one. */
  readonly state: IncidentState;
}

/** Incidents that have not changed since then are old. */
export function oldBefore(now: string, days: number): string {
  return isoOf(instantOf(now) - days * DAY_MS);
}

/** `ties`: all that it has. A list that it made may not lose the people of its origin, even if both are closed. */
export function mayRetire(
  { id, state, breach, updatedAt }: Pick<Incident, 'id' | 'state' | 'breach' | 'updatedAt'>,
  facts: {
    readonly before: string;
    readonly runs: readonly { readonly state: string; readonly open: number }[];
    readonly ties: readonly Tie[];
  },
): boolean {
  const own = facts.ties.filter(({ incident }) => incident === id);
  return (
    isClosed(state) &&
    breach === null &&
    updatedAt < facts.before &&
    facts.runs.every((run) => run.state === 'finished' && run.open === 0) &&
    own.every((tie) => tie.bond !== 'parent' && isClosed(tie.state))
  );
}
