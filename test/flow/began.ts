import type { Outcome } from '../../src/core/action/outcome.ts';
import type { Target } from '../../src/core/find/plan.ts';
import type { Run } from '../../src/ports/runs.ts';
import type { Tx } from '../../src/ports/store.ts';
import type { World } from '../fault/world.ts';

/** Runs as they are stored, for stories about what is read of them: nothing is done, and what became of each copy is said. */

const MINUTE = 60_000;
const BEGAN = Date.parse('2026-11-20T08:00:00.000Z');
/** So many minutes into the story, ISO time. */
export const at = (minutes: number) => new Date(BEGAN + minutes * MINUTE).toISOString();
export const target = (n: number): Target => ({ mailbox: `box${n}`, message: `m${n}` });

export interface Begun extends Partial<Run> {
  /** By default one. */
  readonly copies?: readonly Target[];
  /** What became of all of them; null while they wait. */
  readonly ended?: Outcome | null;
}

/** In the world that `now` answers. */
export function beginning(now: () => World) {
  const tell = <T>(ask: (tx: Tx) => Promise<T>) => now().flow.store.transact(ask);

  /** A run that began at this minute, approved by people, of one copy that it took out; unless something else is said. */
  async function began(id: string, minute: number, about: Begun = {}): Promise<Run> {
    const { copies = [target(1)], ended = 'removed', ...change } = about;
    const run: Run = {
      ...{
        id,
        incident: 'CB-2',
        action: 'purge',
        planDigest: `list of ${change.incident ?? 'CB-2'}`,
        state: 'running',
      },
      ...{ mode: 'live', cause: 'approved', approvedBy: ['p1'], mailboxes: copies.length, rescopedAt: null },
      ...{ cancelledAt: null, startedAt: at(minute), finishedAt: null },
      ...change,
    };
    await tell(async (tx) => {
      const place = { folderId: 'inbox', folder: 'Inbox', before: null };
      await tx.runs.start(
        run,
        copies.map((one) => ({ ...one, ...place, address: `${one.mailbox}@contoso.example` })),
      );
      if (ended === null) return;
      const items = await tx.work.claim(id, 100, MINUTE);
      const seen = { outcome: ended, detail: 'seen', requestId: 'r' };
      await tx.work.finish(
        id,
        items.map(({ seq, fence }) => ({ seq, fence, done: true, ...seen })),
      );
    });
    return run;
  }

  return { tell, began, claimedBy: (run: Run) => tell((tx) => tx.work.claim(run.id, 10, MINUTE)) };
}
