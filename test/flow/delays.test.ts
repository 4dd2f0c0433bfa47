import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import type { Delay } from '../../src/core/tell/delay.ts';
import { telling, whileTold } from '../../src/flow/record/delayed.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, DANA, looking } from './looking.ts';

let world: World;
const { atRest, cardOf, incident, land, later, reported, tell } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});
afterEach(() => {
  vi.useRealTimers();
});

const SILENT = new ClawbackError('unavailable', 'the mail service gives no answer');
const noAnswer = (id: string, of: Delay['of'] = 'looking again') =>
  whileTold(world.flow, id, of, () => Promise.reject(SILENT)).catch(() => undefined);
const revision = async (id: string) => (await incident(id))?.revision;

describe('work that takes long', () => {
  it('is told on the card after seconds, since when, and no more once it goes on', async () => {
    land(ANN);
    const id = await reported();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = Promise.withResolvers<string>();
    const looked = whileTold(world.flow, id, 'looking again', () => answer.promise);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(cardOf(id)?.waits).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await atRest();
    expect(cardOf(id)?.waits).toMatch(
      /^Looking again for copies\. Waiting for the answers of hunting and of the mailboxes: since .* UTC\.$/,
    );
    const held = locks();
    answer.resolve('done');
    expect([await looked, held()]).toEqual(['done', 1]);
    await atRest();
    expect(cardOf(id)?.waits).toBe('');
  });

  it('is told until the last of several lanes goes on', async () => {
    land(ANN);
    const id = await reported();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const told = telling(world.flow, id, 'looking again');
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const;
    const lanes = answers.map(({ promise }) => told(() => promise));
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    answers[0].resolve('done');
    await lanes[0];
    await told(async () => 'a quick one');
    await atRest();
    expect(cardOf(id)?.waits).toContain('Waiting for the answers');
    answers[1].resolve('done');
    await lanes[1];
    await atRest();
    expect(cardOf(id)?.waits).toBe('');
  });

  it('is not told where it does not', async () => {
    land(ANN);
    const id = await reported();
    const before = await revision(id);
    const held = locks();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await whileTold(world.flow, id, 'looking again', async () => 'done');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([await revision(id), held()]).toEqual([before, 0]);
  });

  it('and then fails is told as that, since it began', async () => {
    land(ANN);
    const id = await reported();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = Promise.withResolvers<string>();
    const looked = whileTold(world.flow, id, 'looking again', () => answer.promise).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    const since = (await tell((tx) => tx.delays.of(id)))?.since;
    world.pass(3);
    answer.reject(SILENT);
    await looked;
    expect(await tell((tx) => tx.delays.of(id))).toEqual({ of: 'looking again', why: 'silent', since, until: null });
  });

  it('of a case that is not kept any more is told nowhere', async () => {
    await noAnswer('CB-GONE');
    expect(await tell((tx) => tx.delays.of('CB-GONE'))).toBeNull();
  });
});

/** Counts how often an incident is held. */
function locks(): () => number {
  let count = 0;
  const { transact } = world.flow.store;
  world.flow.store.transact = (work) =>
    transact((tx) => {
      const lock: typeof tx.incidents.lock = (id) => {
        count += 1;
        return tx.incidents.lock(id);
      };
      return work({ ...tx, incidents: { ...tx.incidents, lock } });
    });
  return () => count;
}

describe('a mail service that does not answer', () => {
  it('is told since its first silence, and what failed still fails', async () => {
    land(ANN);
    const id = await reported();
    const fail = () => whileTold(world.flow, id, 'looking again', () => Promise.reject(SILENT));
    await expect(fail()).rejects.toThrow(SILENT);
    await atRest();
    const first = cardOf(id)?.waits;
    expect(first).toContain('The mail service gave no answer when it was asked last: since');
    world.pass(3);
    const before = await revision(id);
    await expect(fail()).rejects.toThrow(SILENT);
    expect(await revision(id)).toBe(before);
    await atRest();
    expect(cardOf(id)?.waits).toBe(first);
  });

  it.each([
    ['an error of our own', new ClawbackError('config', 'not set up')],
    ['an error that only looks like silence', Object.assign(new Error('who knows'), { code: 'unavailable' })],
  ])('is not said of %s', async (_what, error) => {
    land(ANN);
    const id = await reported();
    const failed = whileTold(world.flow, id, 'looking again', () => Promise.reject(error));
    await expect(failed).rejects.toThrow(error);
    expect(await tell((tx) => tx.delays.of(id))).toBeNull();
  });

  it('is told though an earlier process left a word that does not fit any more', async () => {
    land(ANN);
    const id = await reported();
    const left = { of: 'looking', why: 'slow', since: '2026-11-20T07:00:00.000Z', until: null } as const;
    await tell((tx) => tx.delays.put(id, left));
    await noAnswer(id);
    const since = world.flow.clock.now();
    expect(await tell((tx) => tx.delays.of(id))).toEqual({ of: 'looking again', why: 'silent', since, until: null });
  });

  it('does not take away the word of other work on the same case, nor does an answer', async () => {
    const ann = land(ANN);
    const id = await reported();
    const answer = { status: 'throttled', waitMs: 120_000 } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer });
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    const busy = await tell((tx) => tx.delays.of(id));
    expect(busy).toMatchObject({ of: 'working', why: 'busy' });
    await noAnswer(id);
    await whileTold(world.flow, id, 'looking again', async () => 'done');
    expect(await tell((tx) => tx.delays.of(id))).toEqual(busy);
  });

  it('is told while copies are looked for, and no more once there is a list', async () => {
    world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
    await world.govern(POLICIES[2] as Policy);
    land(ANN);
    world.mail.hunting.trouble = { status: 'silent', detail: '500' };
    const { locate } = world.mail;
    world.mail.locate = async (addresses, wanted) =>
      (await locate(addresses, wanted)).map((lookup) => ({ ...lookup, result: 'failed', messages: [] }));
    const id = await reported();
    expect(cardOf(id)).toMatchObject({
      state: 'Looking for copies',
      waits: expect.stringContaining('gave no answer when it was asked last'),
    });
    world.mail.locate = locate;
    world.mail.hunting.trouble = null;
    world.pass(4);
    await world.sweep();
    await atRest();
    expect(cardOf(id)).toMatchObject({ state: 'Approval needed', waits: '' });
  });
});

describe('copies that rest before another try', () => {
  it('are told with the time of that try', async () => {
    const ann = land(ANN);
    const id = await reported();
    const answer = { status: 'throttled', waitMs: 120_000 } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer });
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    expect(cardOf(id)?.waits).toMatch(
      /^Some copies wait for the mail service and are tried again: since .*, until about .*\.$/,
    );
    await later(3);
    await atRest();
    expect(cardOf(id)).toMatchObject({ waits: '', state: 'Purged' });
  });
});
