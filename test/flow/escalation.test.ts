import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { roomIsBack, roomTroubles } from '../../src/flow/tell/room.ts';
import { notAsked } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Calling people while a decision is waited for: durable, at most once, and never an approval by itself. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, votes, incident, entries, becomes, cardsShow } = storyteller(() => night);

const LEAD = guid(70);
const remindThenAsk = policyWith(
  [
    ruleFor(
      ['purge'],
      { approver: 2 },
      {
        name: 'call people',
        escalation: [
          { afterMinutes: 30, ask: [{ role: 'lead', count: 1 }] },
          { afterMinutes: 10, remind: 'approver' },
        ],
      },
    ),
    ruleFor(['flag'], { approver: 1 }),
  ],
  { roles: { lead: { people: [LEAD] } } },
);
beforeEach(async () => {
  joins(night, 70);
  await night.govern(remindThenAsk);
});

const nudge = (id: string) => night.run({ queue: 'nudge', incident: id, platform: 'slack', step: 0 });
const remind = (id: string) => night.run({ queue: 'remind', incident: id });
const steps = async (id: string) =>
  [...(await entries(id, 'decision.reminded')), ...(await entries(id, 'decision.escalated'))].map(({ type }) => type);
const nudgesOf = (id: string) =>
  [...night.slack.nudges, ...night.teams.nudges].filter(({ call }) => call.incident === id);
const told = (id: string, times: number) =>
  night.until(`${times} messages were sent`, () => nudgesOf(id).length === times);

describe('a reminder', () => {
  it('comes at its time and not before', async () => {
    const { id } = await lands();
    night.clock.now += 9 * MINUTE;
    await remind(id);
    expect(await steps(id)).toEqual([]);
    night.clock.now += 1 * MINUTE;
    await remind(id);
    expect(await steps(id)).toEqual(['decision.reminded']);
    expect((await incident(id))?.nudges).toBe(1);
  });

  it('calls the people of the role by name, below the card, in each chat where they have an account', async () => {
    const { id } = await lands();
    const places = { slack: night.slack.cards.at(-1)?.ref, teams: night.teams.cards.at(-1)?.ref };
    night.clock.now += 10 * MINUTE;
    await remind(id);
    await told(id, 2);
    const [slack, teams] = [night.slack.nudges.at(-1), night.teams.nudges.at(-1)];
    expect([slack?.ref, teams?.ref]).toEqual([places.slack, places.teams]);
    expect(slack?.people).toEqual([
      { account: PEOPLE.dana.slackId, name: 'Dana' },
      { account: PEOPLE.omar.slackId, name: 'Omar' },
    ]);
    expect(teams?.people.map(({ name }) => name)).toEqual(['Dana', 'Omar', 'Lena']);
    expect(teams?.call).toEqual({
      incident: id,
      asks: { is: 'reminded', role: 'approver' },
      rule: 'call people',
    });
  });

  it('is given once, however often the job comes', async () => {
    const { id } = await lands();
    night.clock.now += 10 * MINUTE;
    await Promise.all([remind(id), remind(id), remind(id)]);
    await remind(id);
    expect(await steps(id)).toEqual(['decision.reminded']);
  });

  it('is not given once the decision has been made', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('omar'), 'purge');
    night.clock.now += 10 * MINUTE;
    await remind(id);
    await becomes(id, 'purged');
    expect(await steps(id)).toEqual([]);
  });

  it('that is still on its way when the decision is made stays unsaid', async () => {
    const { id } = await lands();
    await press(id, inTeams('omar'), 'reject', { reason: 'A newsletter' });
    await night.run({ queue: 'nudge', incident: id, platform: 'slack', step: 0 });
    expect(nudgesOf(id)).toEqual([]);
  });

  it.each([
    ['whose card is not there yet', 'CB-9999', 'slack'],
    ['in a chat that is not set up any more', null, 'elsewhere'],
  ])('of a case %s is said to nobody', async (_what, other, platform) => {
    const { id } = await lands();
    const before = [night.slack.nudges.length, night.teams.nudges.length];
    await night.run({ queue: 'nudge', incident: other ?? id, platform, step: 0 });
    expect([night.slack.nudges.length, night.teams.nudges.length]).toEqual(before);
  });

  it('that cannot be delivered at once comes later, and breaks nothing', async () => {
    const { id } = await lands();
    night.clock.now += 10 * MINUTE;
    night.slack.failures.push({ kind: 'throttled', retryAfterMs: 100, on: `nudge ${id} ` });
    await nudge(id);
    await told(id, 1);
    await press(id, inSlack('dana'), 'purge');
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('of which nobody knows whether it arrived is not sent again: nobody is called twice', async () => {
    const { id } = await lands();
    night.slack.failures.push({ kind: 'lost', after: true, on: `nudge ${id} ` });
    // A job that fails is tried again, up to sixty times.
    await expect(nudge(id)).resolves.toBeUndefined();
    expect(nudgesOf(id)).toHaveLength(1);
  });

  it('into a room that takes nothing any more is the end of that room', async () => {
    const { id } = await lands();
    night.slack.failures.push({ kind: 'dead', on: `nudge ${id} ` });
    await nudge(id);
    expect((await roomTroubles(night.flow)).get('slack')).not.toBeNull();
    await roomIsBack(night.flow, 'slack');
  });

  it('is silent about names while nobody can say who holds the role', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { soc: 1 }, { escalation: [{ afterMinutes: 5, remind: 'soc' }] })], {
        roles: { soc: { entraGroups: [guid(971)] } },
      }),
    );
    const { id } = await lands();
    night.clock.now += 5 * MINUTE;
    await remind(id);
    await told(id, 2);
    expect(nudgesOf(id).map(({ people }) => people)).toEqual([[], []]);
  });
});

describe('after a restart', () => {
  it('a reminder that came due meanwhile is given by the sweep, for no timer was in memory', async () => {
    const { id } = await lands();
    night.clock.now += 12 * MINUTE;
    await sweep(night.flow, 'at start');
    expect(await steps(id)).toEqual(['decision.reminded']);
  });

  it('both steps are taken when both came due', async () => {
    const { id } = await lands();
    night.clock.now += 31 * MINUTE;
    await sweep(night.flow, 'at start');
    await sweep(night.flow, 'later');
    await night.until('both are taken', async () => (await steps(id)).length === 2);
    expect(await steps(id)).toEqual(['decision.reminded', 'decision.escalated']);
  });

  it('what ran out meanwhile is over, without a late call for people', async () => {
    const { id } = await lands();
    night.clock.now += 61 * MINUTE;
    await sweep(night.flow, 'at start');
    expect(await stands(id)).toBe('expired');
    expect(await steps(id)).toEqual([]);
  });
});

describe('asking others instead', () => {
  it('the people asked first are told that they are not asked any more', async () => {
    const { id } = await lands();
    night.clock.now += 30 * MINUTE;
    expect(await press(id, inSlack('dana'), 'purge')).toMatchObject(notAsked('lead'));
  });

  it('votes of those asked first do not fill the new seats', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.clock.now += 30 * MINUTE;
    await remind(id);
    await cardsShow(id, 'nobody counted', ({ status }) => status.includes('0 of 1 given'));
    expect(await stands(id)).toBe('open');
    expect(await press(id, joins(night, 70), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('holds from its minute on, even if no job has said so yet', async () => {
    const { id } = await lands();
    night.clock.now += 30 * MINUTE;
    expect(await press(id, joins(night, 70), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('does not hold before its minute', async () => {
    const { id } = await lands();
    night.clock.now += 29 * MINUTE;
    expect(await press(id, joins(night, 70), 'purge')).toMatchObject(notAsked('approver', 2));
  });

  it('a vote given before counts for whoever is asked now as well, at the next press', async () => {
    await night.govern(
      policyWith(
        [
          ruleFor(
            ['purge'],
            { approver: 2 },
            { escalation: [{ afterMinutes: 30, ask: [{ role: 'lead', count: 1 }] }] },
          ),
        ],
        { roles: { lead: { people: [PEOPLE.omar.entraId] } } },
      ),
    );
    const { id } = await lands();
    await press(id, inTeams('omar'), 'purge');
    night.clock.now += 30 * MINUTE;
    expect(await stands(id)).toBe('open');
    expect(await press(id, inTeams('omar'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
    expect(await votes(id)).toHaveLength(1);
  });

  it('the message names who is asked from now on', async () => {
    const { id } = await lands();
    night.clock.now += 10 * MINUTE;
    await remind(id);
    night.clock.now += 20 * MINUTE;
    await remind(id);
    await night.until('it is in Teams', () =>
      nudgesOf(id).some(({ call }) => 'seats' in call.asks && call.asks.seats[0]?.role === 'lead'),
    );
    expect((await entries(id, 'decision.escalated'))[0]?.detail).toEqual({ seats: [{ role: 'lead', count: 1 }] });
  });

  it('somebody whom the configuration does not name is called by what is asked of them', async () => {
    const { id } = await lands();
    for (const minutes of [10, 20]) {
      night.clock.now += minutes * MINUTE;
      await remind(id);
    }
    const toLead = () => night.teams.nudges.find(({ call }) => call.incident === id && 'seats' in call.asks);
    await night.until('the lead is called', () => toLead() !== undefined);
    expect(toLead()?.people).toEqual([{ account: LEAD, name: 'Approver' }]);
  });
});

describe('silence', () => {
  it('is never consent: the end is expired, whoever was called', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    for (const minutes of [10, 20, 31]) {
      night.clock.now += minutes * MINUTE;
      await sweep(night.flow, 'later');
    }
    expect(await stands(id)).toBe('expired');
    expect(await entries(id, 'run.started')).toEqual([]);
  });

  it('after the end nobody is reminded any more', async () => {
    const { id } = await lands();
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    await remind(id);
    expect(await steps(id)).toEqual([]);
    expect(await incident(id)).toMatchObject({ nudgeAt: null, deadline: null });
  });

  it('a reminder that comes between the deadline and its timer is not given', async () => {
    const { id } = await lands();
    night.clock.now += 61 * MINUTE;
    await remind(id);
    expect(await steps(id)).toEqual([]);
  });
});
