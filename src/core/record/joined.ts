import type { Incident } from '../incident/incident.ts';

/** An incident that turned out, before it had a list, to be about the mail of another one: it goes on there. */

/** Only such a one can be: whatever had a list stays what it is. */
export function mayBeJoined({ state, planDigest }: Pick<Incident, 'state' | 'planDigest'>): boolean {
  return state === 'closed' && planDigest === null;
}

export interface Twin {
  readonly id: string;
  /** It was joined to this one; else both are open. */
  readonly joined: boolean;
}

export function twinLines(twins: readonly Twin[]): string[] {
  const of = (joined: boolean) => twins.filter((twin) => twin.joined === joined).map(({ id }) => id);
  const [open, joined] = [of(false), of(true)];
  const lines: string[] = [];
  if (open.length > 0)
    lines.push(
      `Open about the same mail, by the id that Exchange gave it: ${open.join(', ')}. Each copy is taken out once; decide here or there.`,
    );
  if (joined.length > 0)
    lines.push(`Another source named this mail by another id: ${joined.join(', ')} was joined to this one.`);
  return lines;
}
