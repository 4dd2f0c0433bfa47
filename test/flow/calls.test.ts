import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { deliver } from '../../src/flow/tell/post.ts';
import { createWorld, ROLES, type World } from '../fault/world.ts';
import { DANA, looking } from './looking.ts';

/** Calls below a card: to a room that takes one after the other, and to a card that is not there. */

let world: World;
const { atRest, land, reported, tell } = looking(() => world);
let id: string;
beforeEach(async () => {
  world = createWorld();
  const escalation = [10, 20].map((afterMinutes) => ({ afterMinutes, remind: 'approver' }));
  const rules = [{ name: 'purge', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 2 }], escalation }];
  await world.govern(withApprovers(Policy.parse({ version: 1, rules }), ROLES['approver'] ?? []));
  land('ann@contoso.example');
  id = await reported();
});
const called = () => world.rooms.slack.nudges.length;
const call = (step = 0) => nudge(world.flow, id, 'slack', step);

describe('a call', () => {
  it('into a room that rests waits for its turn', async () => {
    Object.assign(world.rooms.slack, { roomPaceMs: 60_000 });
    await call();
    await call(1);
    expect(called()).toBe(1);
    world.pass(1.1);
    await world.settle();
    expect(called()).toBe(2);
  });

  it('to a card that somebody deleted, and that is not posted anew yet, is not made', async () => {
    world.rooms.slack.failures.push({ kind: 'gone' }, { kind: 'throttled', retryAfterMs: 600_000 });
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    expect((await tell((tx) => tx.cards.of(id))).find(({ platform }) => platform === 'slack')?.ref).toBeNull();
    world.pass(11);
    await call();
    expect(called()).toBe(0);
  });
});

it('a card of which the incident has gone is not tried over and over', async () => {
  await tell((tx) => tx.cards.ensure('CB-9999', 'slack', 'the key'));
  await deliver(world.flow, 'slack');
  expect(await tell((tx) => tx.cards.waiting())).not.toContain('slack');
});
