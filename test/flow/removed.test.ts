import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/action/outcome.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { copiesToUndo, leftToUndo } from '../../src/flow/record/removed.ts';
import { createWorld, type World } from '../fault/world.ts';
import { incidentOf, standingAt } from '../support/cases.ts';
import { type Begun, beginning, target } from './began.ts';

/** Which copies an undo is about: read from what became of them in each run, in the order of the runs. */

let world: World;
const { tell, began } = beginning(() => world);
beforeEach(() => {
  world = createWorld();
});

const LIST = 'list of CB-2';
const standing = (stands: Situation) => incidentOf(stands, { id: 'CB-2', ...standingAt(stands, LIST) });
const out = async (stands: Situation = 'purged') => {
  const copies = await tell((tx) => copiesToUndo(tx, standing(stands)));
  return copies.map(({ message }) => message);
};
const [ONE, TWO] = [target(1), target(2)] as const;
const of = (how: Begun, copies = [ONE, TWO]): Begun => ({ copies, ...how });
const undo = { action: 'restore' } as const;
const late = { cause: 'late' } as const;

describe('an undo', () => {
  it('is about what was seen removed, and nothing that ended otherwise', async () => {
    await began('r1', 1, of({}, [ONE]));
    await began('r2', 2, of({ ended: 'alreadyGone' }, [TWO]));
    await began('r3', 3, of({ ended: 'failed' }, [target(3)]));
    await began('r4', 4, of({ ended: null }, [target(4)]));
    expect(await out()).toEqual(['m1']);
  });

  it.each<[Outcome, readonly string[]]>([
    ['restored', ['m2']],
    ['restoredElsewhere', ['m2']],
    ['stillThere', ['m1', 'm2']],
    ['failed', ['m1', 'm2']],
  ])('is not about what an earlier one saw as %s', async (ended, left) => {
    await began('r1', 1, of({}));
    await began('u1', 2, of({ ...undo, ended }, [ONE]));
    expect((await out()).sort()).toEqual(left);
  });

  it('is about what was removed once more after it was back', async () => {
    await began('r1', 1, of({}));
    await began('u1', 2, of({ ...undo, ended: 'restored' }));
    await began('r2', 3, of({}, [TWO]));
    expect(await out()).toEqual(['m2']);
  });

  it('cannot be about what was deleted for good, flagged, or of another incident', async () => {
    await began('r1', 1, of({}));
    await began('h1', 2, of({ action: 'hard-purge', ended: 'destroyed' }, [ONE]));
    await began('f1', 3, of({ action: 'flag', ended: 'flagged' }, [target(3)]));
    await began('r9', 4, of({ incident: 'CB-9' }, [target(4)]));
    expect(await out()).toEqual(['m2']);
  });

  it('is about what an undo that was done once more left out of sight', async () => {
    await began('r1', 1, of({}));
    await began('u1', 2, of({ ...undo, ended: 'restored' }));
    await began('u2', 3, of({ ...undo, ...late, ended: 'stillThere' }, [ONE]));
    expect(await out()).toEqual(['m1']);
    await began('u3', 4, of({ ...undo, ...late, ended: 'restored' }, [ONE]));
    expect(await out()).toEqual([]);
  });

  it('is not about what a removal that was done once more left in its place', async () => {
    await began('r1', 1, of({}));
    await began('r2', 2, of({ ...late, ended: 'failed' }, [ONE]));
    expect(await out()).toEqual(['m2']);
  });
});

describe('rolling a containment back', () => {
  const contained = { action: 'contain', cause: 'policy', approvedBy: [] } as const;

  it('gives back what that took out, of this list, and not what people approved before', async () => {
    await began('r1', 1, of({}, [ONE]));
    await began('c0', 2, of({ ...contained, planDigest: 'an older list' }, [target(3)]));
    await began('c1', 3, of(contained, [TWO]));
    expect([(await out('contained')).sort(), (await out()).sort()]).toEqual([['m2'], ['m1', 'm2', 'm3']]);
  });
});

describe('how many there are to put back', () => {
  const left = async (stands: Situation = 'purged') => {
    const runs = await tell((tx) => tx.runs.ofIncident('CB-2'));
    return tell((tx) => leftToUndo(tx, standing(stands), runs));
  };

  it('is counted where copies were taken out more than once', async () => {
    await began('r1', 1, of({}));
    expect(await left()).toBeNull();
    await began('r2', 2, of({}, [ONE]));
    expect([await left(), await left('received')]).toEqual([2, null]);
  });

  it.each<[string, Begun]>([
    ['was only rehearsed', { mode: 'dry-run' }],
    ['was done once more', late],
    ['put them back', undo],
  ])('is told by the counts where the second %s', async (_what, how) => {
    await began('r1', 1, of({}));
    await began('r2', 2, of(how, [ONE]));
    expect(await left()).toBeNull();
  });
});
