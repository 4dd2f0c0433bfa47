import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { telling, whileTold } from '../../src/flow/record/delayed.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, DANA, looking } from './looking.ts';

let world: World;
const { atRest, cardOf, land, later, reported } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});
afterEach(() => {
  vi.useRealTimers();
});

const SILENT = new ClawbackError('unavailable', 'the mail service gives no answer');

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
    answer.resolve('done');
    expect(await looked).toBe('done');
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
    const before = (await world.flow.store.transact((tx) => tx.incidents.get(id)))?.revision;
    await whileTold(world.flow, id, 'looking again', async () => 'done');
    expect((await world.flow.store.transact((tx) => tx.incidents.get(id)))?.revision).toBe(before);
  });
});

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
    await expect(fail()).rejects.toThrow(SILENT);
    await atRest();
    expect(cardOf(id)?.waits).toBe(first);
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
