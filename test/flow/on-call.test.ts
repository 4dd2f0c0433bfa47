import { beforeEach, describe, expect, it } from 'vitest';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { FIRST_CALL } from '../../src/flow/record/wait.ts';
import type { OnCallAnswer } from '../../src/ports/on-call.ts';
import type { Platform } from '../../src/ports/rooms.ts';
import { createWorld, ROLES, type World } from '../fault/world.ts';
import { DANA, looking, OMAR } from './looking.ts';

/** Who is called by name, when, and in which chat: whoever is on call first and alone, each person once for one step. */

let world: World;
const { atRest, entries, land, reported, tell } = looking(() => world);
const APPROVERS = ROLES['approver'] ?? [];
const [ANA = '', BEN = ''] = APPROVERS;

const remindedAt = (...minutes: number[]) => minutes.map((afterMinutes) => ({ afterMinutes, remind: 'approver' }));
async function govern(escalation: readonly object[]): Promise<void> {
  const rules = [{ name: 'purge', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 2 }], escalation }];
  await world.govern(withApprovers(Policy.parse({ version: 1, rules }), APPROVERS));
}
function onCall(answer: OnCallAnswer | 'hangs'): void {
  const at = () => (answer === 'hangs' ? new Promise<never>(() => undefined) : Promise.resolve(answer));
  Object.assign(world.flow, { onCall: { at } });
}
const known = (...ids: string[]): OnCallAnswer => ({ is: 'known', people: ids.map((id) => ({ by: 'entra-id', id })) });
const nudges = () => [...world.rooms.slack.nudges, ...world.rooms.teams.nudges];
const names = () => nudges().map(({ people }) => people.length);
const words = () => nudges().map(({ call }) => call.called);
/** Everybody who was called by name, by what they are called in that chat. */
const accounts = () => nudges().flatMap(({ people }) => people.map(({ account }) => account));

beforeEach(async () => {
  world = createWorld();
  await govern(remindedAt(10, 20));
  land('ann@contoso.example');
});
async function asked(): Promise<string> {
  const id = await reported();
  await atRest();
  return id;
}
async function reminder(minutes: number): Promise<void> {
  world.pass(minutes);
  await atRest();
}

describe('whoever is on call', () => {
  it('is called alone when the question is asked, and alone in the first reminder; the last calls everybody', async () => {
    onCall(known(ANA));
    await asked();
    expect([names(), words()]).toEqual([[1], ['on call']]);
    expect(nudges()[0]?.call.asks).toEqual({ is: 'asked', seats: [{ role: 'approver', count: 2 }] });
    await reminder(10);
    expect(words().slice(1)).toContain('on call');
    expect(accounts()).toHaveLength(2);
    await reminder(10);
    expect(words().at(-1)).toBe('everybody');
    expect(accounts()).toHaveLength(2 + APPROVERS.length);
  });

  it('is not alone in the only reminder there is: somebody may be asleep', async () => {
    await govern(remindedAt(10));
    onCall(known(ANA));
    await asked();
    await reminder(10);
    expect(accounts()).toHaveLength(1 + APPROVERS.length);
  });

  it('is known by a mail address as well, as the directory has it', async () => {
    const person = await world.flow.directory.person(BEN);
    onCall({ is: 'known', people: [{ by: 'address', address: person?.addresses[0] ?? '' }] });
    await asked();
    expect([names(), words()]).toEqual([[1], ['on call']]);
  });

  it.each<[string, OnCallAnswer, unknown]>([
    ['is nobody', known(), 'nobody on call'],
    ['is not told', { is: 'silent', why: '503' }, 'no answer'],
    [
      'is somebody whom nobody here knows',
      { is: 'known', people: [{ by: 'address', address: 'x@elsewhere.example' }] },
      'no answer',
    ],
    ['may not decide', known('99999999-0000-4000-8000-000000000099'), 'none may decide'],
  ])('where it %s, everybody of the role is called, and that is said', async (_what, answer, said) => {
    onCall(answer);
    await asked();
    expect(accounts()).toHaveLength(APPROVERS.length);
    expect(words()).toEqual(nudges().map(() => said));
  });

  it('is not known while the directory does not say whose address it is: everybody is called', async () => {
    world.flow.directory.byAddress = () => Promise.reject(new ClawbackError('unavailable', 'the directory is silent'));
    onCall({ is: 'known', people: [{ by: 'address', address: 'x@contoso.example' }] });
    await asked();
    expect([accounts().length, words()]).toEqual([APPROVERS.length, nudges().map(() => 'no answer')]);
  });

  it('of a lower level is called before the next, who are called with everybody', async () => {
    const stranger = '99999999-0000-4000-8000-000000000099';
    const levels = { [BEN]: 3, [ANA]: 2, [stranger]: 1 };
    const people = Object.entries(levels).map(([id, level]) => ({ by: 'entra-id' as const, id, level }));
    onCall({ is: 'known', people });
    const id = await asked();
    const called = entries(id, 'people.called').flatMap(({ detail }) => detail.people.map(({ person }) => person));
    expect([called, words()]).toEqual([[ANA], ['on call']]);
    await reminder(10);
    await reminder(10);
    expect(words().at(-1)).toBe('everybody');
  });

  it('says nothing of who may decide: somebody else does', async () => {
    onCall(known(ANA));
    const id = await asked();
    const others = APPROVERS.filter((person) => person !== ANA).length;
    expect(others).toBeGreaterThan(1);
    expect(await world.press(DANA, 'slack', 'purge', id)).toBeDefined();
    expect((await tell((tx) => tx.decisions.list(id))).length).toBe(1);
  });

  it('is not called where there is no on-call: then nobody is before the first reminder', async () => {
    await asked();
    expect(nudges()).toEqual([]);
    await reminder(10);
    expect(words()).toEqual(nudges().map(() => undefined));
  });
});

it('an on-call source that hangs is given up after some seconds, and everybody is called', {
  timeout: 20_000,
}, async () => {
  onCall('hangs');
  await asked();
  expect(accounts()).toHaveLength(APPROVERS.length);
  expect(words()[0]).toBe('no answer');
});

describe('nobody is called twice for one step', () => {
  const again = async (id: string, step: number) => {
    for (let n = 0; n < 3; n += 1)
      for (const platform of ['slack', 'teams'] as Platform[]) await nudge(world.flow, id, platform, step);
  };

  it('however often its job comes, and in whichever chat', async () => {
    const id = await asked();
    await reminder(10);
    const before = accounts();
    expect(before).toHaveLength(APPROVERS.length);
    expect(nudges()).toHaveLength(2);
    await again(id, 0);
    expect([accounts(), nudges().length]).toEqual([before, 2]);
  });

  it('and the call that comes with the question is one such step', async () => {
    onCall(known(ANA));
    const id = await asked();
    await again(id, FIRST_CALL);
    expect(accounts()).toHaveLength(1);
  });

  it('where nobody knows whether the message arrived', async () => {
    const id = await asked();
    world.rooms.slack.failures.push({ kind: 'lost', on: `nudge ${id} ` });
    await reminder(10);
    const inSlack = () => world.rooms.slack.nudges.length;
    expect(inSlack()).toBe(0);
    await again(id, 0);
    expect(inSlack()).toBe(0);
  });

  it('but for certain once: where a chat did not take it, it is sent again', async () => {
    const id = await asked();
    world.rooms.slack.failures.push({ kind: 'throttled', retryAfterMs: 100, on: `nudge ${id} ` });
    await reminder(10);
    world.pass(1);
    await atRest();
    expect(new Set(accounts()).size).toBe(APPROVERS.length);
  });

  it('and where a room takes nothing any more, its people are called in the other one', async () => {
    const id = await asked();
    world.rooms.slack.failures.push({ kind: 'dead', on: `nudge ${id} ` });
    await reminder(10);
    expect(world.rooms.slack.nudges).toEqual([]);
    expect(world.rooms.teams.nudges.flatMap(({ people }) => people)).toHaveLength(APPROVERS.length);
  });

  it('somebody is called where they did something last', async () => {
    onCall(known(ANA));
    await tell((tx) => tx.calls.acted(ANA, 'teams', '2026-11-20T07:00:00.000Z'));
    await asked();
    expect([world.rooms.slack.nudges.length, world.rooms.teams.nudges.length]).toEqual([0, 1]);
    await tell((tx) => tx.calls.acted(ANA, 'slack', '2026-11-20T09:00:00.000Z'));
    await reminder(10);
    expect(world.rooms.slack.nudges.map(({ people }) => people.length)).toEqual([1]);
  });
});

describe('quiet hours', () => {
  /** From now on, for so many minutes. */
  const quietFor = (minutes: number, calledFrom = 'critical') => {
    const now = Date.parse(world.flow.clock.now());
    const hour = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    const hours = { zone: 'UTC', from: hour(now), until: hour(now + minutes * 60_000), calledFrom };
    Object.assign(world.flow, { quiet: hours });
  };

  it('post without a name, and call when they end if it still waits', async () => {
    quietFor(15);
    await asked();
    await reminder(10);
    expect(accounts()).toEqual([]);
    expect(nudges().map(({ call }) => typeof call.called)).toEqual(['object', 'object']);
    await reminder(6);
    expect(accounts()).toHaveLength(APPROVERS.length);
    expect(new Set(accounts()).size).toBe(APPROVERS.length);
  });

  it('put the call for whoever is on call off as well, without a word until then', async () => {
    onCall(known(ANA));
    quietFor(5);
    await asked();
    expect(nudges()).toEqual([]);
    await reminder(6);
    expect([names(), words()]).toEqual([[1], ['on call']]);
  });

  it('call nobody afterwards where it was decided meanwhile', async () => {
    onCall(known(ANA));
    quietFor(5);
    const id = await asked();
    await world.press(DANA, 'slack', 'purge', id);
    await world.press(OMAR, 'slack', 'purge', id);
    await atRest();
    await reminder(6);
    expect(accounts()).toEqual([]);
  });

  it('that cover several reminders call for the last of them alone', async () => {
    onCall(known(ANA));
    quietFor(25);
    await asked();
    await reminder(10);
    await reminder(10);
    await reminder(6);
    expect(accounts()).toHaveLength(APPROVERS.length);
    expect(new Set(accounts()).size).toBe(APPROVERS.length);
  });

  it('are none for what is bad enough', async () => {
    quietFor(60, 'low');
    await asked();
    await reminder(10);
    expect(accounts()).toHaveLength(APPROVERS.length);
  });
});
