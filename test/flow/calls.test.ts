import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { nudge } from '../../src/flow/decide/remind.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { deliver } from '../../src/flow/tell/post.ts';
import { createWorld, ROLES, type World } from '../fault/world.ts';
import { DANA, looking } from './looking.ts';
import { guid, policyWith, ruleFor } from './telling.ts';

/** Calls below a card: to a room that takes one after the other, and to a card that is not there. */

let world: World;
const { atRest, land, reported, tell } = looking(() => world);
let id: string;
beforeEach(async () => {
  world = createWorld();
  const escalation = [{ afterMinutes: 10, remind: 'approver' }];
  const rules = [{ name: 'purge', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 2 }], escalation }];
  await world.govern(withApprovers(Policy.parse({ version: 1, rules }), ROLES['approver'] ?? []));
  land('ann@contoso.example');
  id = await reported();
});
const called = () => world.rooms.slack.nudges.length;
const call = () => nudge(world.flow, id, 'slack', 0);

describe('a call', () => {
  it('into a room that rests waits for its turn', async () => {
    Object.assign(world.rooms.slack, { roomPaceMs: 60_000 });
    await call();
    await call();
    expect(called()).toBe(1);
    world.pass(1.1);
    await world.settle();
    expect(called()).toBe(2);
  });

  it('names no more people than anybody reads', async () => {
    const many = { people: Array.from({ length: 20 }, (_none, n) => guid(n)) };
    const escalation = [{ afterMinutes: 10, remind: 'many' }];
    const rules = [ruleFor(['purge'], { approver: 1 }, { escalation })];
    await world.govern(policyWith(rules, { roles: { many } }));
    const asked = (await world.alert(2, 'another mail', null, ['ann@contoso.example'])).incident ?? '';
    await atRest();
    await nudge(world.flow, asked, 'teams', 0);
    expect(world.rooms.teams.nudges.at(-1)?.people.map(({ account }) => account)).toEqual(many.people.slice(0, 15));
  });

  it('about a mail that is still looked for, or whose card is not there yet, is not made', async () => {
    const fresh = (await world.alert(2, 'another mail', null, ['ann@contoso.example'])).incident ?? '';
    await nudge(world.flow, fresh, 'slack', 0);
    await scope(world.flow, fresh);
    await nudge(world.flow, fresh, 'slack', 0);
    expect([(await tell((tx) => tx.cards.of(fresh))).map(({ ref }) => ref), called()]).toEqual([[null, null], 0]);
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
