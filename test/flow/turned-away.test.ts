import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import type { EffectAnswer } from '../../src/ports/effects.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, looking } from './looking.ts';

/** The mail service turned a removal away: nothing was done, so nothing may be said to have been done, and all can be left. */

const DANA = PEOPLE[1] as Someone;
const MINUTES_10 = 600_000;
const TURNED_AWAY: EffectAnswer = { status: 'throttled', waitMs: MINUTES_10 };
const UNSENT: EffectAnswer = { status: 'unsent', detail: 'the time to act was over' };
const LOST: EffectAnswer = { status: 'unknown', detail: '504 GatewayTimeout' };

let world: World;
const { incident, entries, atRest, land, reported, later, purge, cardOf } = looking(() => world);
let ann: Copy;
let bob: Copy;
let id: string;
let isQuick: boolean;

beforeEach(async () => {
  isQuick = false;
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  ann = land(ANN);
  bob = land(BOB);
  id = await reported([ANN, BOB]);
});

/** What is answered to the next removals in Ann's mailbox. None of them has an effect. */
function next(...answers: readonly EffectAnswer[]): void {
  const { softDelete } = world.mail;
  const left = [...answers];
  world.mail.softDelete = async (targets, term) => {
    const isAnns = ({ mailbox }: { readonly mailbox: string }) => mailbox === ann.mailbox;
    const answer = targets.some(isAnns) ? left.shift() : undefined;
    if (!answer) return softDelete(targets, term);
    // What never left is tried again in the same breath: its owner is quick.
    if (answer.status === 'unsent' && isQuick) ann.folderId = RECOVERABLE;
    const done = await softDelete(
      targets.filter((target) => !isAnns(target)),
      term,
    );
    return [
      ...done,
      ...targets
        .filter(isAnns)
        .map(({ mailbox, message }) => ({ target: { mailbox, message }, requestId: 'r', ...answer })),
    ];
  };
}

/** A list that holds what has landed since. */
async function reportedAnew(): Promise<string> {
  await world.press(DANA, 'slack', 'reopen', id);
  await later(0.5);
  return id;
}

const outcomes = () =>
  Object.fromEntries(entries(id, 'copy.outcome').map(({ message, outcome }) => [message ?? '', outcome]));
const cancel = () => world.press(DANA, 'slack', 'cancel', id);

async function expectTheRecordToAgree(): Promise<void> {
  const { differences } = await compareStored({ store: world.flow.store, hash: world.flow.hash });
  expect(differences).toEqual([]);
}

describe.each([
  ['turned away', TURNED_AWAY],
  ['never sent', UNSENT],
])('a removal that was %s', (_, answer) => {
  it('is not ours when the owner deletes the mail afterwards, and no undo brings that back', async () => {
    isQuick = true;
    next(answer);
    await purge(id);
    expect(entries(id, 'copy.intent').map(({ message }) => message)).toContain(ann.message);
    ann.folderId = RECOVERABLE;
    await later(11);
    expect(outcomes()).toEqual({ [ann.message]: 'alreadyGone', [bob.message]: 'removed' });
    await world.press(DANA, 'slack', 'undo', id);
    await later(1);
    expect([ann.folderId, bob.folderId]).toEqual([RECOVERABLE, 'inbox']);
    await expectTheRecordToAgree();
  });

  it('is in the record as set out for and not done', async () => {
    next(answer);
    await purge(id);
    await later(11);
    const ofAnn = (type: EntryType) => entries(id, type).filter(({ message }) => message === ann.message);
    expect(ofAnn('copy.intent')).toHaveLength(2);
    expect(ofAnn('copy.untried').map(({ outcome }) => outcome)).toEqual([answer.status]);
    expect(outcomes()[ann.message]).toBe('removed');
  });
});

it('a removal that is never sent is tried until it is: to find no time is no try', async () => {
  next(...Array.from({ length: 12 }, () => UNSENT));
  await purge(id);
  await later(11);
  expect(entries(id, 'copy.untried')).toHaveLength(12);
  expect([outcomes()[ann.message], ann.folderId]).toEqual(['removed', RECOVERABLE]);
});

describe('a mailbox that asks to wait without end', () => {
  const waits = { status: 'throttled', waitMs: 1_000 } as const;

  /** Half a day, looked at whenever something is due. */
  async function untilTheEnd(): Promise<number> {
    for (let minutes = 0; minutes < 720; minutes += 1) {
      if ((await incident(id))?.stands === 'purged') return minutes;
      world.pass(1);
      await world.settle();
    }
    throw new Error('half a day was not enough');
  }

  it('is not waited for longer than for hours, and all its copies end with what is known of them', async () => {
    for (let n = 0; n < 6; n += 1) land(ANN);
    id = await reportedAnew();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: waits, always: true });
    let asked = 0;
    const { read } = world.mail;
    world.mail.read = (targets, how) => {
      asked += targets.filter(({ mailbox }) => mailbox === ann.mailbox).length;
      return read(targets, how);
    };
    await world.press(DANA, 'slack', 'purge', id);
    await world.settle();
    const minutes = await untilTheEnd();
    expect([minutes >= 360, minutes < 400]).toEqual([true, true]);
    // Less and less often, and not each copy for itself.
    expect(asked).toBeLessThan(400);
    expect(new Set(entries(id, 'copy.outcome').map(({ outcome }) => outcome))).toEqual(
      new Set(['removed', 'unreachable']),
    );
    expect(cardOf(id)?.troubles.map(({ text }) => text)).toContainEqual(expect.stringContaining('ann@'));
    await expectTheRecordToAgree();
  });

  it('and can be read: its copies are told as still there', async () => {
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer: waits, always: true });
    await purge(id);
    await untilTheEnd();
    expect(entries(id, 'copy.outcome').at(-1)).toMatchObject({
      outcome: 'stillThere',
      detail: { note: 'found in its folder after our move; the mailbox only ever asked to wait' },
    });
  });

  it('for minutes more than it says is asked no sooner than it says', async () => {
    next(...Array.from({ length: 3 }, () => TURNED_AWAY));
    await purge(id);
    await later(8);
    expect(entries(id, 'copy.untried')).toHaveLength(1);
    await later(2);
    expect(entries(id, 'copy.untried')).toHaveLength(2);
  });
});

describe('cancelling while a mailbox rests', () => {
  it('leaves its copy alone at once', async () => {
    next(TURNED_AWAY);
    await purge(id);
    expect((await incident(id))?.stands).toBe('running');
    await cancel();
    await atRest();
    expect((await incident(id))?.stands).toBe('purged');
    expect([ann.folderId, outcomes()[ann.message]]).toEqual(['inbox', 'cancelled']);
    await later(11);
    expect(ann.folderId).toBe('inbox');
    await expectTheRecordToAgree();
  });

  it('after a try that nobody answered: looked at once more, and not tried again', async () => {
    next(LOST, TURNED_AWAY);
    await world.press(DANA, 'slack', 'purge', id);
    await world.settle();
    world.pass(2 / 60);
    await world.settle();
    await cancel();
    await later(11);
    expect((await incident(id))?.stands).toBe('purged');
    expect([ann.folderId, outcomes()[ann.message]]).toEqual(['inbox', 'cancelled']);
  });

  it('after a try that nobody answered, in a mailbox that goes on asking to wait: ends within minutes', async () => {
    next(LOST);
    await world.press(DANA, 'slack', 'purge', id);
    await world.settle();
    const answer = { status: 'throttled', waitMs: 60_000 } as const;
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer, always: true });
    world.pass(2 / 60);
    await world.settle();
    await cancel();
    for (let n = 0; n < 5; n += 1) await later(1);
    expect([(await incident(id))?.stands, outcomes()[ann.message]]).toEqual(['purged', 'unreachable']);
    expect(cardOf(id)?.canUndo).toBe(true);
    await expectTheRecordToAgree();
  });

  it('ends also while nobody can say who is protected', async () => {
    const board = '44444444-0000-4000-8000-000000000001';
    world.directory.groups.set(board, []);
    const mailboxes = { protected: [{ name: 'board', entraGroups: [board] }] };
    await world.govern(Policy.parse({ ...POLICIES[2], mailboxes }));
    id = await reportedAnew();
    next(TURNED_AWAY);
    await purge(id);
    Object.assign(world.directory, { members: () => Promise.reject(new ClawbackError('unavailable', 'hidden')) });
    await cancel();
    await atRest();
    expect([(await incident(id))?.stands, cardOf(id)?.canUndo]).toEqual(['purged', true]);
    expect(outcomes()).toEqual({ [ann.message]: 'cancelled', [bob.message]: 'removed' });
  });

  it('what such a try did all the same is ours', async () => {
    next(LOST, TURNED_AWAY);
    await world.press(DANA, 'slack', 'purge', id);
    await world.settle();
    world.pass(2 / 60);
    await world.settle();
    await cancel();
    // The lost one comes after all.
    ann.folderId = RECOVERABLE;
    await later(11);
    expect(outcomes()[ann.message]).toBe('removed');
    expect(cardOf(id)?.canUndo).toBe(true);
  });
});
