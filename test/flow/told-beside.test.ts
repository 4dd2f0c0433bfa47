import { beforeEach, describe, expect, it } from 'vitest';
import type { Elsewhere, Incident, Situation } from '../../src/core/incident/incident.ts';
import { tellElsewhere } from '../../src/flow/tell/elsewhere.ts';
import { createWorld, type World } from '../fault/world.ts';
import { copyOf, incidentOf, planOf } from '../support/cases.ts';
import { sealed } from '../support/sealed-plans.ts';
import { at, type Begun, beginning, target } from './began.ts';

/** Which cards are told that a run of another incident moved copies of theirs, and what they remember of it. */

let world: World;
const { tell, began } = beginning(() => world);
beforeEach(() => {
  world = createWorld();
});

const TENANT = '00000000-0000-4000-8000-00000000c0de';
const copies = (...numbers: readonly number[]) => numbers.map((n) => copyOf(n, target(n)));

/** An incident that stands like this, whose list holds these copies. */
async function stored(id: string, stands: Situation, numbers: readonly number[], change: Partial<Incident> = {}) {
  const plan = sealed(planOf({ id: `plan of ${id}`, incident: id, tenant: TENANT, copies: copies(...numbers) }));
  await tell(async (tx) => {
    await tx.incidents.savePlan(plan);
    const own = { tenant: TENANT, id, dedupeKey: `key of ${id}`, planDigest: plan.digest };
    await tx.incidents.createOrRepeat(incidentOf(stands, { ...own, ...change }));
  });
}
/** Takes three copies out in CB-2, and tells the others. */
async function purged(change: Begun = {}): Promise<void> {
  await began('r2', 1, { copies: [1, 2, 3].map(target), ...change });
  await tellElsewhere(world.flow, 'r2');
}
const toldTo = async (id: string) => (await tell((tx) => tx.incidents.get(id)))?.elsewhere;
const revision = async (id: string) => (await tell((tx) => tx.incidents.get(id)))?.revision ?? 0;
const told = (n: number, change: Partial<Elsewhere> = {}): readonly Elsewhere[] => [
  { incident: 'CB-2', action: 'purge', copies: n, at: at(1), ...change },
];

describe('a card whose list waits for a decision', () => {
  it.each(['open', 'flagged'] as const)('that is %s is told how many of its copies were moved', async (stands) => {
    await stored('CB-1', stands, [2, 3, 4]);
    await purged();
    expect(await toldTo('CB-1')).toEqual(told(2));
  });

  it.each(['removed', 'destroyed', 'restored', 'restoredElsewhere'] as const)(
    'is told of what was %s',
    async (ended) => {
      await stored('CB-1', 'open', [2, 3]);
      await purged({ ended });
      expect(await toldTo('CB-1')).toEqual(told(2));
    },
  );

  it.each(['failed', 'alreadyGone', 'cancelled', null] as const)(
    'is told of nothing that ended as %s',
    async (ended) => {
      await stored('CB-1', 'open', [2, 3]);
      const before = await revision('CB-1');
      await purged({ ended });
      expect([await toldTo('CB-1'), await revision('CB-1')]).toEqual([[], before]);
    },
  );

  it('and holds none of them is told nothing, and neither is its own', async () => {
    await stored('CB-1', 'open', [8, 9]);
    await stored('CB-2', 'open', [1, 2, 3]);
    await purged();
    expect([await toldTo('CB-1'), await toldTo('CB-2')]).toEqual([[], []]);
  });

  it('is told when that ended, once it has', async () => {
    await stored('CB-1', 'open', [2]);
    await purged({ finishedAt: at(7) });
    expect(await toldTo('CB-1')).toEqual(told(1, { at: at(7) }));
  });

  it('is told once, however often that is asked for, and anew when more was moved', async () => {
    await stored('CB-1', 'open', [1, 2, 3]);
    const other = { incident: 'CB-7', action: 'purge', copies: 9, at: at(0) } as const;
    await tell((tx) => tx.incidents.save('CB-1', { elsewhere: [...told(1), other] }, at(0)));
    await purged();
    expect(await toldTo('CB-1')).toEqual([...told(3), other]);
    const before = await revision('CB-1');
    await tellElsewhere(world.flow, 'r2');
    expect([await toldTo('CB-1'), await revision('CB-1')]).toEqual([[...told(3), other], before]);
  });

  it('remembers the five newest', async () => {
    await stored('CB-1', 'open', [2]);
    const older = Array.from({ length: 5 }, (_none, n) => told(1, { incident: `CB-1${n}`, at: at(-n) })).flat();
    await tell((tx) => tx.incidents.save('CB-1', { elsewhere: older }, at(0)));
    await purged();
    expect(await toldTo('CB-1')).toEqual([...older.slice(1), ...told(1)]);
  });

  it.each<[string, Partial<Elsewhere>]>([
    ['of another incident', { incident: 'CB-7' }],
    ['of another action', { action: 'restore' }],
    ['of another time', { at: at(0) }],
  ])('keeps what it was told %s', async (_what, change) => {
    await stored('CB-1', 'open', [2]);
    await tell((tx) => tx.incidents.save('CB-1', { elsewhere: told(1, change) }, at(0)));
    await purged();
    expect(await toldTo('CB-1')).toEqual([...told(1, change), ...told(1)]);
  });
});

describe('a card that waits for nothing', () => {
  it('is told where a run of its own holds the copies, whatever its list is by now', async () => {
    await stored('CB-1', 'purged', [9]);
    await began('r1', 0, { incident: 'CB-1', copies: [target(1), target(2)] });
    await purged();
    expect(await toldTo('CB-1')).toEqual(told(2));
  });

  it('is told the most that any of its runs holds', async () => {
    await stored('CB-1', 'open', [3]);
    await began('r0', 0, { incident: 'CB-1', copies: [target(1)] });
    await began('r1', 0, { incident: 'CB-1', copies: [target(1), target(2)] });
    await purged();
    expect(await toldTo('CB-1')).toEqual(told(2));
  });

  it('is told nothing where only its list holds them', async () => {
    await stored('CB-1', 'rejected', [1, 2]);
    await purged();
    expect(await toldTo('CB-1')).toEqual([]);
  });
});

describe('a list that grew out of another', () => {
  it('has the card of the first drawn anew, whether it was moved or told', async () => {
    await stored('CB-0', 'purged', [9]);
    await stored('CB-2', 'purged', [1, 2, 3], { parent: 'CB-0' });
    const before = await revision('CB-0');
    await purged();
    expect(await revision('CB-0')).toBeGreaterThan(before);
    await stored('CB-5', 'purged', [9]);
    await stored('CB-6', 'open', [1], { parent: 'CB-5' });
    const other = await revision('CB-5');
    await tellElsewhere(world.flow, 'r2');
    expect(await revision('CB-5')).toBeGreaterThan(other);
  });
});
