import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { FIRST_CALL } from '../../src/flow/record/wait.ts';
import type { CardRow } from '../../src/ports/outbox.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, looking } from './looking.ts';
import { guid, policyWith, ruleFor } from './telling.ts';

/** Whether people can be called to a card by now: it is there, on its way, a line among many, or in a room that is gone. */

let world: World;
const { atRest, land, reported, tell } = looking(() => world);
let id: string;
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[4] as Policy);
  land(ANN);
  id = await reported();
  await atRest();
});

const called = () => world.rooms.slack.nudges.length;
const recorded = () => world.memory.entries().filter(({ type }) => type === 'people.called').length;
const waiting = () =>
  world.memory.jobs().flatMap(({ job, dueAt }) => (job.queue === 'nudge' ? [[job.step, dueAt - world.now()]] : []));

/** The card in Slack is like this, wherever it is looked at. */
function cardIs(change: Partial<CardRow> | null): void {
  const { transact } = world.flow.store;
  world.flow.store.transact = (work) =>
    transact((tx) => {
      const of: typeof tx.cards.of = async (incident) =>
        (await tx.cards.of(incident)).flatMap((card) => {
          if (card.platform !== 'slack') return card;
          return change === null ? [] : { ...card, ...change };
        });
      return work({ ...tx, cards: { ...tx.cards, of } });
    });
}

it('a room that is known to be dead takes no call, and nobody is taken for called', async () => {
  const before = [called(), recorded(), waiting()];
  await tell((tx) => tx.rooms.died('slack', 'is_archived', world.flow.clock.now()));
  await nudge(world.flow, id, 'slack', 0);
  expect([called(), recorded(), waiting()]).toEqual(before);
});

it('a reminder that named nobody, and was not taken, has left nobody uncalled', async () => {
  const roles = { team: { entraGroups: [guid(90)] } };
  const escalation = [{ afterMinutes: 10, remind: 'team' }];
  await world.govern(policyWith([ruleFor(['purge'], { approver: 1 }, { escalation })], { roles }));
  const asked = (await world.alert(2, 'another mail', null, [ANN])).incident ?? '';
  await atRest();
  world.rooms.slack.failures.push({ kind: 'refused', on: 'nudge' });
  await expect(nudge(world.flow, asked, 'slack', 0)).rejects.toThrow('told to answer refused');
  const uncalled = world.memory.entries().filter(({ type }) => type === 'people.uncalled');
  expect(uncalled).toEqual([]);
  await nudge(world.flow, asked, 'slack', 0);
  expect(world.rooms.slack.nudges.at(-1)?.people).toEqual([]);
});

it('another room that is dead keeps nobody from being called in this one', async () => {
  await tell((tx) => tx.rooms.died('teams', 'is_archived', world.flow.clock.now()));
  await nudge(world.flow, id, 'slack', 0);
  expect(called()).toBe(1);
});

describe('the first call', () => {
  it.each<[string, Partial<CardRow>]>([
    ['is on its way', { ref: null }],
    ['is tried for the fifth time', { ref: null, attempts: 4 }],
  ])('comes again in some seconds while the card %s', async (_what, change) => {
    const before = called();
    cardIs(change);
    await nudge(world.flow, id, 'slack', FIRST_CALL);
    expect([called() - before, waiting()]).toEqual([0, [[FIRST_CALL, 5_000]]]);
  });

  it.each<[string, Partial<CardRow>]>([
    ['is a line among many', { ref: null, gathered: 'gathering 1' }],
    ['is not taken by the room', { ref: null, attempts: 5 }],
  ])('is left to a reminder where the card %s', async (_what, change) => {
    const before = called();
    cardIs(change);
    await nudge(world.flow, id, 'slack', FIRST_CALL);
    expect([called() - before, waiting()]).toEqual([0, []]);
  });

  it('does not come again where nobody is asked any more', async () => {
    cardIs({ ref: null });
    await tell((tx) => tx.incidents.save(id, { askedAt: null }, world.flow.clock.now()));
    await nudge(world.flow, id, 'slack', FIRST_CALL);
    expect(waiting()).toEqual([]);
  });
});

describe('a reminder that comes when a later one has been given', () => {
  it.each([
    ['late calls its people all the same', false, 1],
    ['after the quiet hours calls nobody: the later one called them', true, 0],
  ])('%s', async (_what, afterQuiet, calls) => {
    const { transact } = world.flow.store;
    world.flow.store.transact = (work) =>
      transact((tx) => {
        const get: typeof tx.incidents.get = async (asked) => {
          const incident = await tx.incidents.get(asked);
          return incident && { ...incident, nudges: 2 };
        };
        return work({ ...tx, incidents: { ...tx.incidents, get } });
      });
    const before = called();
    await nudge(world.flow, id, 'slack', 0, afterQuiet);
    expect(called() - before).toBe(calls);
  });
});

describe('a reminder', () => {
  it('brings the card out of the message that gathers many, and comes again when it is there', async () => {
    cardIs({ ref: null, gathered: 'gathering 1' });
    const before = called();
    await nudge(world.flow, id, 'slack', 0);
    expect([called() - before, waiting()]).toEqual([0, [[0, 5_000]]]);
    const due = await tell(async (tx) => (await tx.cards.of(id)).find(({ platform }) => platform === 'slack'));
    expect(due?.awaited).toBe(true);
    const deliveries = world.memory.jobs().filter(({ job }) => job.queue === 'deliver');
    expect(deliveries.map(({ job }) => job)).toEqual([{ queue: 'deliver', incident: id, platform: 'slack' }]);
  });

  it('is not made where there is no card in this chat', async () => {
    cardIs(null);
    await nudge(world.flow, id, 'slack', 0);
    expect([called(), waiting()]).toEqual([0, []]);
  });
});
