import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { FIRST_CALL } from '../../src/flow/record/wait.ts';
import { deliver } from '../../src/flow/tell/post.ts';
import { roomIsBack } from '../../src/flow/tell/room.ts';
import { createWorld, PEOPLE, ROLES, type Someone, type World } from '../fault/world.ts';
import { DANA, looking } from './looking.ts';
import { guid, policyWith, ruleFor } from './telling.ts';

/** Calls below a card: to a room that takes one after the other, and to a card that is not there. */

let world: World;
const { atRest, land, queued, reported, tell } = looking(() => world);
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

  it('into a room that is dead goes to the other chat, and people hear of the room', async () => {
    world.rooms.slack.failures.push({ kind: 'dead', on: 'nudge' });
    await call();
    await atRest();
    expect([called(), world.rooms.teams.nudges.length]).toEqual([0, 1]);
    const lost = world.memory.entries().filter(({ type }) => type === 'room.lost');
    expect(lost.map(({ platform }) => platform)).toEqual(['slack']);
  });

  it('that may have been said is not said again, and one that was certainly not is', async () => {
    world.rooms.slack.failures.push({ kind: 'lost', on: 'nudge' });
    await call();
    await call();
    expect(called()).toBe(0);
    world.rooms.slack.failures.push({ kind: 'refused', on: 'nudge' });
    await expect(call(1)).rejects.toThrow();
    await call(1);
    expect(called()).toBe(1);
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
    const before = queued('nudge').length;
    await call();
    expect([called(), queued('nudge').length]).toEqual([0, before]);
  });
});

describe('the first call, by the chat where people did something last', () => {
  const [, , , LENA] = PEOPLE as [Someone, Someone, Someone, Someone];
  const inTeams = (attempts: number, change: object) => ({
    ...{
      platform: 'teams',
      key: 'k',
      ref: null,
      sentRevision: 0,
      posting: false,
      attempts,
      awaited: false,
      gathered: null,
    },
    ...change,
  });

  /** Who is called in Slack, where the card in Teams is like this. */
  async function calledInSlack(attempts: number, change: object = {}): Promise<readonly string[]> {
    await tell((tx) => tx.calls.acted(LENA.entraId, 'teams', world.flow.clock.now()));
    const { transact } = world.flow.store;
    world.flow.store.transact = (work) =>
      transact((tx) => {
        const of: typeof tx.cards.of = async (incident) =>
          (await tx.cards.of(incident)).map((card) =>
            card.platform === 'teams' ? ({ ...card, ...inTeams(attempts, change) } as typeof card) : card,
          );
        return work({ ...tx, cards: { ...tx.cards, of } });
      });
    await call(FIRST_CALL);
    return world.rooms.slack.nudges.at(-1)?.people.map(({ account }) => account) ?? [];
  }

  it.each<[string, number, object]>([
    ['is on its way', 0, {}],
    ['has been tried four times', 4, {}],
    [
      'has come out of a message that gathers many',
      0,
      { ref: { platform: 'teams', channel: 'c', message: 'm', via: '' }, gathered: 'gathering 1' },
    ],
    ['is there, and its news is not taken', 9, { ref: { platform: 'teams', channel: 'c', message: 'm', via: '' } }],
  ])('comes there where the card %s', async (_what, attempts, change) => {
    const called = await calledInSlack(attempts, change);
    expect(called).toContain(DANA.slackId);
    expect(called).not.toContain(LENA.slackId);
  });

  it.each<[string, number, object]>([
    ['is not taken by the room', 5, {}],
    ['is only a line among many', 0, { gathered: 'gathering 1' }],
  ])('comes to the other chat where the card %s', async (_what, attempts, change) => {
    expect(await calledInSlack(attempts, change)).toContain(LENA.slackId);
  });
});

it('a room that was never gone does not come back', async () => {
  await roomIsBack(world.flow, 'slack');
  expect(world.memory.entries().filter(({ type }) => type === 'room.back')).toEqual([]);
});

it('a card of which the incident has gone is not tried over and over', async () => {
  await tell((tx) => tx.cards.ensure('CB-9999', 'slack', 'the key'));
  await deliver(world.flow, 'slack');
  expect(await tell((tx) => tx.cards.waiting())).not.toContain('slack');
});
