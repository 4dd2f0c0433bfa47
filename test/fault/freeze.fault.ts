import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { type Freezer, type Round, startFreezer } from './freeze.ts';

/** SIGSTOP past the lease with an undo in between: what the frozen process does after waking is nothing, or on record. */

const FREEZES = inject('freezes');
/** By then everything that came late has been put right. */
const PUT_RIGHT_MS = 60_000;

/** Removals after the first one of a copy: by a request that came late. */
function lateRemovals({ sandbox }: Freezer, { copies }: Round): readonly string[] {
  const own = new Set(copies.map(({ messageId }) => messageId));
  const removals = sandbox.graph.log
    .writes()
    .flatMap(({ message, to }) => (message && own.has(message) && to === 'recoverableitemsdeletions' ? [message] : []));
  return removals.filter((message, at) => removals.indexOf(message) !== at);
}

function wrong({ folderOf }: Freezer, { copies, folders }: Round): number {
  return copies.filter((copy, at) => folderOf(copy) !== folders[at]).length;
}

it(`${FREEZES} freezes past the lease with an undo in between: nothing unrecorded, nothing left wrong`, async () => {
  const freezer = await startFreezer();
  try {
    const rounds: Round[] = [];
    for (let n = 0; n < FREEZES; n += 1) {
      rounds.push(await freezer.round(n));
      // The one that was frozen has the time to do whatever it would.
      await pause(5_000);
    }
    await pause(PUT_RIGHT_MS);
    let late = 0;
    let unrecorded = 0;
    let leftWrong = 0;
    for (const round of rounds) {
      const { entries, intact } = await freezer.record(round.incident);
      const told = new Set(entries.flatMap(({ type, message }) => (type === 'copy.late' && message ? [message] : [])));
      const removals = lateRemovals(freezer, round);
      late += removals.length;
      unrecorded += removals.filter((message) => !told.has(message)).length;
      leftWrong += wrong(freezer, round);
      expect(intact).toBe(true);
    }
    const movedBefore = rounds.map((round) => round.movedBefore);
    process.stdout.write(`${JSON.stringify({ freezes: FREEZES, movedBefore, late, unrecorded, leftWrong })}\n`);
    expect({ unrecorded, leftWrong }).toEqual({ unrecorded: 0, leftWrong: 0 });
  } finally {
    await freezer.close();
  }
});
