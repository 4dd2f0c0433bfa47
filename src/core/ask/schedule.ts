import { z } from 'zod';
import { instantOf } from '../instant.ts';
import { dayOf, hourOf, instantIn, isZone, wallTime } from '../zone.ts';

/** Who is on call when, as a file says it: shifts, and a rotation for whenever there is none. */

const guid = () => z.guid('must be an Entra object id (a GUID)').transform((value) => value.toLowerCase());
const wallClock = () =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 2026-12-01T08:00')
    .refine((wall) => !Number.isNaN(instantOf(`${wall}:00Z`)), 'is no day of the calendar');

const Shift = z
  .strictObject({
    person: guid(),
    from: wallClock(),
    until: wallClock().describe('Excluded.'),
  })
  .refine(({ from, until }) => from < until, { message: 'must be after from', path: ['until'] });

const Rotation = z.strictObject({
  start: wallClock().describe('When the first of them begins; each takes over at this hour.'),
  days: z.int().min(1).max(28).default(7).describe('How long each is on call.'),
  people: z.array(guid()).min(1).max(100).describe('In turn, and then from the beginning.'),
});

export const Schedule = z
  .strictObject({
    version: z.literal(1),
    zone: z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin'),
    shifts: z.array(Shift).max(5_000).default([]).describe('Whoever has a shift is on call in place of the rotation.'),
    rotation: Rotation.optional(),
  })
  .refine(({ shifts, rotation }) => shifts.length > 0 || rotation !== undefined, {
    message: 'names nobody: give shifts or a rotation',
  });
export type Schedule = z.infer<typeof Schedule>;

/** Entra object ids of whoever is on call at this instant, milliseconds since 1970. */
export function onCallAt({ zone, shifts, rotation }: Schedule, at: number): readonly string[] {
  // Compared as the clock on the wall shows it: a shift from 8 to 8 is one in the night when the clocks change as well.
  const wall = wallTime(zone, at);
  const onShift = shifts.filter(({ from, until }) => from <= wall && wall < until).map(({ person }) => person);
  if (onShift.length > 0) return [...new Set(onShift)];
  const turn = rotation ? turnAt(rotation, wall) : null;
  return rotation && turn !== null ? rotation.people.slice(turn, turn + 1) : [];
}

/** Whose turn it is; null before the first. */
function turnAt({ start, days, people }: NonNullable<Schedule['rotation']>, wall: string): number | null {
  const since = dayOf(wall) - dayOf(start) - (hourOf(wall) < hourOf(start) ? 1 : 0);
  if (since < 0) return null;
  const turns = (since - (since % days)) / days;
  return turns % people.length;
}

/** Times in which nobody is on call, between two instants (milliseconds since 1970), in order. */
export function gapsIn(schedule: Schedule, from: number, until: number): readonly { from: number; until: number }[] {
  const { zone, shifts, rotation } = schedule;
  const walls = [...shifts.flatMap((shift) => [shift.from, shift.until]), ...(rotation ? [rotation.start] : [])];
  const edges = walls.map((wall) => instantIn(zone, wall)).filter((edge) => edge > from && edge < until);
  const starts = [from, ...new Set(edges)].sort((a, b) => a - b);
  const gaps: { from: number; until: number }[] = [];
  for (const [nth, start] of starts.entries()) {
    if (onCallAt(schedule, start).length > 0) continue;
    const end = starts[nth + 1] ?? until;
    const last = gaps.at(-1);
    if (last?.until === start) last.until = end;
    else gaps.push({ from: start, until: end });
  }
  return gaps;
}

/** Everybody whom the schedule names. */
export function peopleIn({ shifts, rotation }: Schedule): readonly string[] {
  return [...new Set([...shifts.map(({ person }) => person), ...(rotation?.people ?? [])])];
}
