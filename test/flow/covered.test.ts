import { beforeEach, describe, expect, it } from 'vitest';
import type { Target } from '../../src/core/find/plan.ts';
import { targetKey } from '../../src/core/find/plan.ts';
import { coveredElsewhere, coveredSince, decidedSince, keptFor } from '../../src/flow/record/covered.ts';
import { record } from '../../src/flow/record/record.ts';
import type { Run } from '../../src/ports/runs.ts';
import { seenCopy } from '../contract/store-rig.ts';
import { createWorld, type World } from '../fault/world.ts';
import { at, type Begun, beginning, target } from './began.ts';

/** Which copies stay out because people approved that in another incident: read from runs and the record alone. */

let world: World;
const { tell, began, claimedBy } = beginning(() => world);
const [ONE, TWO] = [target(1), target(2)] as const;

beforeEach(() => {
  world = createWorld();
});

const covered = (incident = 'CB-1', since = '', copies: readonly Target[] = [ONE, TWO]) =>
  tell(async (tx) => [...(await coveredElsewhere(tx, incident, copies, since))]);
const byTheOther = [[targetKey(ONE), 'CB-2']];

describe('a copy whose removal people approved in another incident', () => {
  it('stays out because of that one, and because of no removal of its own', async () => {
    await began('r2', 1);
    expect(await covered()).toEqual(byTheOther);
    expect(await covered('CB-2')).toEqual([]);
  });

  it.each<[string, Begun]>([
    ['was only rehearsed', { mode: 'dry-run' }],
    ['was flagged', { action: 'flag' }],
    ['was taken out unasked and never confirmed', { action: 'contain', cause: 'policy', approvedBy: [] }],
    ['was left alone when that was cancelled', { ended: 'cancelled' }],
    ['was left alone because its mailbox is protected', { ended: 'shielded' }],
    ['was put back there', { action: 'restore' }],
  ])('does not stay out for it where it %s', async (_what, how) => {
    await began('r2', 1, how);
    expect(await covered()).toEqual([]);
  });

  it.each<[string, Begun]>([
    ['waits for its turn there', { ended: null }],
    ['was gone already', { ended: 'alreadyGone' }],
    ['could not be removed', { ended: 'failed' }],
    ['is deleted for good there', { action: 'hard-purge' }],
  ])('stays out where it %s', async (_what, how) => {
    await began('r2', 1, how);
    expect(await covered()).toEqual(byTheOther);
  });

  it('stays out only where that began after the time that is asked about', async () => {
    await began('r2', 5);
    expect([await covered('CB-1', at(4)), await covered('CB-1', at(5)), await covered('CB-1', at(6))]).toEqual([
      byTheOther,
      [],
      [],
    ]);
  });

  it('does not stay out any more once it was undone there, and does once it is removed anew', async () => {
    await began('r2', 1, { copies: [ONE, TWO] });
    await began('r3', 2, { action: 'restore' });
    expect(await covered()).toEqual([[targetKey(TWO), 'CB-2']]);
    await began('r4', 3);
    expect((await covered()).sort()).toEqual([...byTheOther, [targetKey(TWO), 'CB-2']].sort());
  });

  it('stays out for a containment from its confirmation on, of the list that was confirmed', async () => {
    const contained = { action: 'contain', cause: 'policy', approvedBy: [] } as const;
    await began('r2', 1, { ...contained, planDigest: 'another list' });
    await began('r3', 1, { ...contained, copies: [TWO] });
    world.pass(10);
    await tell((tx) =>
      record(world.flow, tx, [
        {
          type: 'containment.confirmed',
          incident: 'CB-2',
          planDigest: 'list of CB-2',
          detail: { approvedBy: ['p1'] },
        },
      ]),
    );
    expect([await covered(), await covered('CB-1', at(9)), await covered('CB-1', at(10))]).toEqual([
      [[targetKey(TWO), 'CB-2']],
      [[targetKey(TWO), 'CB-2']],
      [],
    ]);
  });

  it('is told on the card with how many there are for each incident', () => {
    const by = new Map([
      [targetKey(ONE), 'CB-2'],
      [targetKey(TWO), 'CB-3'],
    ]);
    const kept = keptFor(by, [ONE, TWO, target(3), ONE], at(0));
    expect(kept).toEqual([
      { incident: 'CB-2', action: 'purge', copies: 2, at: at(0), kept: true },
      { incident: 'CB-3', action: 'purge', copies: 1, at: at(0), kept: true },
    ]);
  });
});

describe('an undo', () => {
  const undo = (change: Begun = {}) => began('u1', 10, { incident: 'CB-1', action: 'restore', ...change });
  const leaves = async (run: Run) => [...(await tell((tx) => coveredSince(tx, run, [ONE, TWO])))];

  it('leaves out what people approved elsewhere since it was decided on, and not what they approved before', async () => {
    const run = await undo();
    await began('r2', 5);
    expect(await leaves(run)).toEqual([]);
    await began('r3', 11);
    expect(await leaves(run)).toEqual(byTheOther);
  });

  it('that nobody decided on leaves out whatever people ever approved elsewhere', async () => {
    const run = await undo({ approvedBy: [], cause: 'roll-back' });
    await began('r2', 5);
    expect(await leaves(run)).toEqual(byTheOther);
  });

  it('that is done once more leaves out what was approved since people decided on the first', async () => {
    await undo({ copies: [TWO] });
    await began('late 1', 20, { incident: 'CB-1', action: 'restore', cause: 'late' });
    const run = await began('late 2', 30, { incident: 'CB-1', action: 'restore', cause: 'late' });
    await began('r2', 15);
    await began('u9', 40, { incident: 'CB-1', action: 'restore', copies: [TWO] });
    expect(await leaves(run)).toEqual(byTheOther);
  });

  it('that is done once more, of which nobody knows the first, counts from its own beginning', async () => {
    const run = await undo({ cause: 'late' });
    await began('r2', 5);
    expect(await leaves(run)).toEqual([]);
    await began('r3', 11);
    expect(await leaves(run)).toEqual(byTheOther);
  });
});

describe('what a run leaves alone of the copies that it claimed', () => {
  const left = async (run: Run) => {
    const claimed = await claimedBy(run);
    return [...(await tell((tx) => decidedSince(tx, run, claimed)))];
  };
  const waiting = { ended: null, copies: [ONE, TWO] } as const;

  it('of an undo is what people approved elsewhere since', async () => {
    const run = await began('u1', 10, { incident: 'CB-1', action: 'restore', ...waiting });
    await began('r2', 11, { copies: [TWO] });
    expect(await left(run)).toEqual([1]);
  });

  describe('where it acts unasked', () => {
    const contains = () => began('c1', 10, { incident: 'CB-1', action: 'contain', cause: 'policy', ...waiting });
    const backBy = (change: Begun, minute = 11) => began('u2', minute, { action: 'restore', copies: [TWO], ...change });

    it('is what people had brought back in another incident since it began', async () => {
      const run = await contains();
      await backBy({});
      expect(await left(run)).toEqual([1]);
    });

    it.each<[string, Begun, number?]>([
      ['that nobody decided', { approvedBy: [], cause: 'roll-back' }],
      ['of its own', { incident: 'CB-1' }],
      ['from before it began', {}, 9],
      ['from the moment at which it began', {}, 10],
      ['that is none, but a removal', { action: 'purge' }],
    ])('is nothing for an undo %s', async (_what, change, minute) => {
      const run = await contains();
      await backBy(change, minute);
      expect(await left(run)).toEqual([]);
    });

    it('is nothing that it has set out for already', async () => {
      const run = await contains();
      const [first, second] = await claimedBy(run);
      if (!first || !second) throw new Error('both are there');
      await tell((tx) => tx.work.intend(run.id, [{ seq: second.seq, fence: second.fence, before: seenCopy }], at(10)));
      const claimed = await tell((tx) => tx.work.page(run.id, 0, 10));
      await backBy({ ended: null });
      expect([...(await tell((tx) => decidedSince(tx, run, claimed)))]).toEqual([]);
    });
  });

  it('is nothing where people approved the removal, whatever was brought back', async () => {
    const run = await began('r1', 10, { incident: 'CB-1', ...waiting });
    await began('u2', 11, { action: 'restore', copies: [TWO] });
    expect(await left(run)).toEqual([]);
  });

  it('is what was acted on elsewhere since, where it is done once more', async () => {
    const run = await began('late', 10, { incident: 'CB-1', action: 'restore', cause: 'late', ...waiting });
    const other = await began('f2', 11, { action: 'flag', ended: null, copies: [TWO] });
    const [flagged] = await claimedBy(other);
    if (!flagged) throw new Error('it is there');
    await tell((tx) =>
      tx.work.intend(other.id, [{ seq: flagged.seq, fence: flagged.fence, before: seenCopy }], at(12)),
    );
    await tell((tx) =>
      tx.work.finish(other.id, [
        { seq: flagged.seq, fence: flagged.fence, done: true, outcome: 'flagged', detail: 'seen', requestId: 'r' },
      ]),
    );
    expect(await left(run)).toEqual([1]);
  });
});
