import { beforeEach, describe, expect, it } from 'vitest';
import { type Plan, targetKey } from '../../src/core/find/plan.ts';
import { knownOf } from '../../src/flow/act/known.ts';
import type { Run } from '../../src/ports/runs.ts';
import { createWorld, type World } from '../fault/world.ts';
import { copyOf, incidentOf, planOf } from '../support/cases.ts';
import { sealed } from '../support/sealed-plans.ts';
import { at, type Begun, beginning, target } from './began.ts';

/** By what a run knows its copies when it reads them again. */

let world: World;
const { tell, began } = beginning(() => world);
beforeEach(() => {
  world = createWorld();
});

const TENANT = '00000000-0000-4000-8000-00000000c0de';
const forms = (n: number, ...senders: readonly string[]) => ({
  internetMessageIds: [`<${n}@mailer.example>`],
  senders,
});
const copies = (...numbers: readonly number[]) =>
  numbers.map((n) => copyOf(n, { ...target(n), receivedAt: `2026-11-20T07:0${n}:00Z` }));

/** A list of CB-2; answers its digest. */
async function listed(id: string, change: Partial<Plan>): Promise<string> {
  const plan = sealed(planOf({ id, incident: 'CB-2', tenant: TENANT, ...change }));
  await tell((tx) => tx.incidents.savePlan(plan));
  return plan.digest;
}
const known = (run: Run) => tell((tx) => knownOf(tx, run));
const undo = (planDigest: string, change: Begun = {}) => began('u9', 60, { action: 'restore', planDigest, ...change });

describe('a removal', () => {
  it('knows its copies as its own list saw them, and which others are listed around it', async () => {
    const older = await listed('older', { copies: copies(1, 2), forms: forms(1, 'a@x.example') });
    const own = await listed('own', { copies: copies(2, 3), forms: forms(2, 'b@x.example'), takenIn: ['g1'] });
    await tell((tx) =>
      tx.incidents.createOrRepeat(
        incidentOf('open', { tenant: TENANT, id: 'CB-2', dedupeKey: 'k', planDigest: older }),
      ),
    );
    await began('r0', 1, { planDigest: older });
    const run = await began('r1', 2, { planDigest: own });
    expect(await known(run)).toEqual({
      key: planOf().key,
      takenIn: ['g1'],
      forms: forms(2, 'b@x.example'),
      listed: new Map([1, 2, 3].map((n) => [targetKey(target(n)), `2026-11-20T07:0${n}:00.000Z`.replace('.000', '')])),
      mayBeBack: new Set(),
      mayBeInJunk: false,
      inJunk: new Set(),
      homes: new Map(),
      through: new Map(),
    });
  });

  it('without its list cannot begin', async () => {
    const run = await began('r1', 1, { planDigest: 'f'.repeat(64) });
    await expect(known(run)).rejects.toThrow('the plan of run r1 is not there');
  });
});

describe('an undo', () => {
  it('knows what earlier lists of its incident saw as well, each once', async () => {
    const older = await listed('older', { forms: forms(1, 'a@x.example') });
    const own = await listed('own', { forms: { ...forms(2, 'a@x.example', 'b@x.example') } });
    await began('r0', 1, { planDigest: older });
    await began('r1', 2, { planDigest: own });
    await began('r2', 3, { planDigest: 'f'.repeat(64) });
    const { forms: seen } = await known(await undo(own));
    expect([[...seen.internetMessageIds].sort(), [...seen.senders].sort()]).toEqual([
      ['<1@mailer.example>', '<2@mailer.example>'],
      ['a@x.example', 'b@x.example'],
    ]);
  });

  it('takes any sender where one of the lists kept none', async () => {
    const older = await listed('older', { forms: forms(1) });
    const own = await listed('own', { forms: forms(2, 'b@x.example') });
    await began('r0', 1, { planDigest: older });
    expect((await known(await undo(own))).forms.senders).toEqual([]);
  });
});

describe('a copy that may be back already', () => {
  const doubted = async (id: string, minute: number, change: Begun = {}) => {
    const run = await began(id, minute, { action: 'restore', copies: [target(1)], ended: 'stillThere', ...change });
    await tell((tx) => tx.work.doubt(id, [0]));
    return run;
  };
  const mayBeBack = async (planDigest: string) => [...(await known(await undo(planDigest))).mayBeBack];
  let own: string;
  beforeEach(async () => {
    own = await listed('own', {});
  });

  it('is one that an undo left out of sight, and may have put back after all, which ended just before', async () => {
    await doubted('u1', 50, { finishedAt: at(60) });
    expect(await mayBeBack(own)).toEqual([targetKey(target(1))]);
  });

  it.each<[string, Begun]>([
    ['that ended long before', { finishedAt: at(30) }],
    ['that has not ended', { finishedAt: null }],
    ['that is a removal', { finishedAt: at(60), action: 'purge' }],
    ['that put it back', { finishedAt: at(60), ended: 'restored' }],
    ['of which nothing is known yet', { finishedAt: at(60), ended: null }],
  ])('is none of a run %s', async (_what, change) => {
    await doubted('u1', 50, change);
    expect(await mayBeBack(own)).toEqual([]);
  });
});
