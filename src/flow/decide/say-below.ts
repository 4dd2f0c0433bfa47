import { RoomError } from '../../core/error.ts';
import type { Call } from '../../core/tell/call-words.ts';
import type { CallStep, TakenCall } from '../../ports/calls.ts';
import type { Nudge } from '../../ports/jobs.ts';
import type { CardRef, NudgedPerson, Rooms } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { record } from '../record/record.ts';
import { roomDied } from '../tell/room.ts';

interface Said {
  /** The card that it stands below. */
  readonly ref: CardRef;
  readonly call: Call;
  readonly people: readonly NudgedPerson[];
  readonly about: CallStep;
  /** What of the step fell to this chat. */
  readonly taken: TakenCall;
}

/**
 * Says below a card whom it calls. Whatever was certainly not said is said again, or in the other chat. Throws what another try
 * may mend.
 */
export async function sayBelow(
  flow: Deciding,
  room: Rooms,
  job: Nudge,
  { ref, call, people, about, taken }: Said,
): Promise<void> {
  const { platform } = job;
  const failure = await room.nudge(ref, call, people).then(() => null, asFailure);
  await flow.store.transact(async (tx) => {
    const restMs = Math.max(room.roomPaceMs, failure?.retryAfterMs ?? 0);
    await tx.rooms.rest(platform, restMs);
    if (failure && failure.kind !== 'lost') await tx.calls.giveBack(about, platform, taken);
    if (failure && taken.people.length > 0)
      await recordUncalled(flow, tx, { ...job, incident: about.incident }, taken.people, failure);
    if (failure?.kind === 'throttled') await tx.jobs.send(job, restMs);
    if (failure?.kind === 'dead') await sendElsewhere(flow, tx, job);
  });
  if (failure?.kind === 'dead') await roomDied(flow, platform, failure.message);
  else if (failure && failure.kind !== 'throttled' && failure.kind !== 'lost') throw failure;
}

function recordUncalled(
  flow: Deciding,
  tx: Tx,
  { incident, platform, step }: Nudge,
  people: readonly string[],
  { kind, message }: RoomError,
): Promise<void> {
  const detail = { step, people, note: message.slice(0, 200) };
  const outcome = kind === 'lost' ? 'not known' : 'not called';
  return record(flow, tx, [{ type: 'people.uncalled', incident, platform, outcome, detail }]);
}

/** Anything else is a bug, and not the room’s. */
function asFailure(error: unknown): RoomError {
  if (error instanceof RoomError) return error;
  throw error;
}

/** What is said in a room that is gone is said in the other one. */
async function sendElsewhere(flow: Deciding, tx: Tx, job: Nudge): Promise<void> {
  for (const { platform } of flow.rooms) if (platform !== job.platform) await tx.jobs.send({ ...job, platform });
}
