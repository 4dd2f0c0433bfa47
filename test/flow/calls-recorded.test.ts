import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { FIRST_CALL } from '../../src/flow/record/wait.ts';
import type { OnCallAnswer } from '../../src/ports/on-call.ts';
import { createWorld, ROLES, type World } from '../fault/world.ts';
import { looking } from './looking.ts';

/** The record says who was called by name, for which step and why: by object id, never by what somebody is called. */

let world: World;
const { atRest, entries, land, reported } = looking(() => world);
const APPROVERS = ROLES['approver'] ?? [];
const [ANA = ''] = APPROVERS;
const known = (...ids: string[]): OnCallAnswer => ({ is: 'known', people: ids.map((id) => ({ by: 'entra-id', id })) });
const onCall = (answer: OnCallAnswer) => Object.assign(world.flow, { onCall: { at: () => Promise.resolve(answer) } });

beforeEach(async () => {
  world = createWorld();
  const escalation = [
    { afterMinutes: 10, remind: 'approver' },
    { afterMinutes: 20, ask: [{ role: 'approver', count: 1 }] },
  ];
  const rules = [{ name: 'purge', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 2 }], escalation }];
  await world.govern(withApprovers(Policy.parse({ version: 1, rules }), APPROVERS));
  land('ann@contoso.example');
});
async function asked(): Promise<string> {
  const id = await reported();
  await atRest();
  return id;
}
async function later(minutes: number): Promise<void> {
  world.pass(minutes);
  await atRest();
}
const called = (id: string) => entries(id, 'people.called').map(({ detail }) => detail);
const peopleIn = (detail: { people: readonly { person: string }[] }) => detail.people.map(({ person }) => person);
const uncalled = (id: string) => entries(id, 'people.uncalled').map(({ outcome, detail }) => [outcome, detail.step]);
const nudged = () => [...world.rooms.slack.nudges, ...world.rooms.teams.nudges].flatMap(({ people }) => people);

describe('the record of calls', () => {
  it('says that whoever is on call was called with the question, and everybody later', async () => {
    onCall(known(ANA));
    const id = await asked();
    expect(called(id)).toMatchObject([
      { step: FIRST_CALL, asks: 'asked', why: 'on call', afterQuiet: false, roles: ['approver'] },
    ]);
    expect(peopleIn(called(id)[0] ?? expect.fail())).toEqual([ANA]);
    await later(10);
    await later(10);
    const escalated = called(id).filter(({ step }) => step === 1);
    expect(escalated.map(({ asks, why }) => [asks, why])).toEqual(escalated.map(() => ['asked instead', 'everybody']));
    expect(escalated.flatMap(peopleIn).toSorted()).toEqual([...APPROVERS].sort());
  });

  it('names accounts and object ids, and nothing that somebody can choose', async () => {
    const names = world.flow.people.map((person) => ({ ...person, name: 'The CEO <!channel>' }));
    Object.assign(world.flow, { people: names });
    const id = await asked();
    await later(10);
    const written = entries(id, 'people.called');
    expect(written.flatMap(({ detail }) => detail.people.map(({ account }) => account)).toSorted()).toEqual(
      nudged()
        .map(({ account }) => account)
        .toSorted(),
    );
    expect(JSON.stringify(written)).not.toContain('CEO');
    expect(written.map(({ actor, platform }) => [actor.id, platform])).toEqual(
      written.map(({ platform }) => ['clawback', platform]),
    );
  });

  it.each<[string, OnCallAnswer | null, string]>([
    ['nobody is on call', known(), 'nobody on call'],
    ['nobody says who is', { is: 'silent', why: '503' }, 'no answer'],
    ['there is no on-call', null, 'no on-call'],
  ])('says why everybody was called where %s', async (_what, answer, why) => {
    if (answer) onCall(answer);
    const id = await asked();
    await later(10);
    const whys = called(id).map((detail) => detail.why);
    expect(whys.length).toBeGreaterThan(0);
    expect(new Set(whys)).toEqual(new Set([why]));
  });

  it('says that a call was put off until the quiet hours ended, and nothing before that', async () => {
    onCall(known(ANA));
    const now = Date.parse(world.flow.clock.now());
    const hour = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    const quiet = { zone: 'UTC', from: hour(now), until: hour(now + 5 * 60_000), calledFrom: 'critical' };
    Object.assign(world.flow, { quiet });
    const id = await asked();
    expect(called(id)).toEqual([]);
    await later(6);
    expect(called(id)).toMatchObject([{ step: FIRST_CALL, why: 'on call', afterQuiet: true }]);
  });

  it('has one entry however often the call comes', async () => {
    onCall(known(ANA));
    const id = await asked();
    for (const platform of ['slack', 'teams', 'slack']) await nudge(world.flow, id, platform, FIRST_CALL);
    expect(called(id)).toHaveLength(1);
    expect(uncalled(id)).toEqual([]);
  });

  it('says where it is not known whether a call arrived', async () => {
    onCall(known(ANA));
    const id = await asked();
    world.rooms.slack.failures.push({ kind: 'lost', on: `nudge ${id} ` });
    await later(10);
    expect(uncalled(id)).toEqual([['not known', 0]]);
  });

  it('takes back what certainly was not made, and has the call that was', async () => {
    onCall(known(ANA));
    const id = await asked();
    world.rooms.slack.failures.push({ kind: 'throttled', retryAfterMs: 100, on: `nudge ${id} ` });
    await later(10);
    await later(1);
    expect(uncalled(id)).toEqual([['not called', 0]]);
    expect(called(id).filter(({ step }) => step === 0)).toHaveLength(2);
    expect(nudged()).toHaveLength(2);
  });
});
