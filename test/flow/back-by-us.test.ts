import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { present } from '../../src/core/tell/present.ts';
import { work } from '../../src/flow/sweep.ts';
import { factsOf } from '../../src/flow/tell/facts.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { shown } from '../support/offers.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking, OMAR } from './looking.ts';

/** What was brought back from here, or is in hand, is never said to have been recovered by its owner. */

let world: World;
const { atRest, calledWorse, childrenOf, incident, land, later, planOf, purge, reported, tell } = looking(() => world);
const stateOf = async (id: string) => (await incident(id))?.stands;
const BY_ITS_OWNER = 'recovered by its owner';
const WAITS = { status: 'throttled', waitMs: 600_000 } as const;

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

/** The card as it is at this moment. */
async function cardNow(id: string) {
  const facts = await tell((tx) => factsOf(world.flow, tx, id));
  if (!facts) throw new Error(`${id} is not there`);
  const card = shown(present(facts));
  return { ...card, lines: [...card.troubles, ...card.warnings].map(({ text }) => text).join('\n') };
}

async function press(verb: string, id: string, who = OMAR) {
  await world.press(who, 'slack', verb, id);
  await atRest();
}

describe('a look', () => {
  it('while an undo waits says nothing of what that has put back', async () => {
    const [ann, bob] = [land(ANN), land(BOB)];
    const id = await reported();
    await purge(id);
    world.pass(10);
    world.mail.trouble.push({ method: 'putBack', mailbox: ann.mailbox, answer: { status: 'unknown', detail: '504' } });
    const { putBack } = world.mail;
    world.mail.putBack = async (targets, term) => {
      const done = await putBack(targets, term);
      world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: WAITS });
      return done;
    };
    await world.press(OMAR, 'slack', 'undo', id);
    await world.settle();
    await later(5.5);
    await later(11);
    expect([await stateOf(id), ann.folderId, bob.folderId]).toEqual(['restored', 'inbox', 'inbox']);
    expect(await cardNow(id)).toMatchObject({ tone: 'neutral', lines: expect.not.stringContaining(BY_ITS_OWNER) });
  });

  it('that was begun before an undo and ends after it says nothing of what that has put back', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    const { read } = world.mail;
    world.pass(15);
    world.mail.read = async (targets, how) => {
      if (how === undefined) {
        world.mail.read = read;
        await world.press(OMAR, 'slack', 'undo', id);
        await world.settle();
      }
      return read(targets, how);
    };
    await atRest();
    expect(await stateOf(id)).toBe('restored');
    expect((await cardNow(id)).lines).not.toContain(BY_ITS_OWNER);
  });

  it('says nothing of what another incident’s undo has put back', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    await press('undo', id);
    const other = await reportedAnew();
    await press('reopen', id);
    await purge(id);
    await purge(other);
    await press('undo', id);
    await later(15);
    const { lines, tone, canReopen } = await cardNow(other);
    expect([ann.folderId, lines]).toEqual(['inbox', expect.stringContaining(`put back by ${id}`)]);
    expect(lines).not.toContain(BY_ITS_OWNER);
    expect([tone, canReopen]).toEqual(['bad', true]);
  });

  it('tells what its owner recovered, also while another incident has set out to take it', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    ann.folderId = 'inbox';
    const other = await reportedAnew();
    world.pass(14);
    await world.press(DANA, 'slack', 'purge', other);
    const frozen = lateRequests(() => world).frozenWith('softDelete');
    await frozen.held;
    await later(1);
    const { lines } = await cardNow(id);
    expect([await stateOf(other), ann.folderId, lines]).toEqual([
      'running',
      'inbox',
      expect.stringContaining(BY_ITS_OWNER),
    ]);
    await frozen.wakes();
  });

  it('while the purge waits that takes a recovered copy does not tell it as back after that was removed', async () => {
    const ann = land(ANN);
    land(BOB);
    const id = await reported([ANN, BOB]);
    await purge(id);
    ann.folderId = 'inbox';
    await later(15);
    await press('reopen', id);
    await later(10);
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer: WAITS });
    await purge(id);
    await later(5);
    await later(11);
    expect([await stateOf(id), ann.folderId]).toEqual(['purged', RECOVERABLE]);
    const { status, lines } = await cardNow(id);
    expect(`${status}\n${lines}`).not.toMatch(/can be read again|back in a mailbox/);
  });

  it('asks nobody to look again for a recovered copy that the open list asks for', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    ann.folderId = 'inbox';
    await later(15);
    await press('reopen', id);
    expect((await planOf(id))?.copies.map(({ message }) => message)).toEqual([ann.message]);
    await later(15);
    expect(await cardNow(id)).toMatchObject({ canReopen: false, lines: expect.not.stringContaining('Left alone') });
  });
});

/** The same mail is called worse by somebody else while its first incident is closed. */
async function reportedAnew(): Promise<string> {
  const id = await calledWorse();
  await atRest();
  return id;
}

describe('an undo whose request comes true only after a second purge', () => {
  const seconds = async (all: number, steps: number) => {
    for (let n = 0; n < steps; n += 1) {
      world.pass(all / steps / 60);
      await world.settle();
    }
  };

  /** Its process freezes within the request, another takes its run over. Answers how it wakes. */
  async function frozenUndo(id: string) {
    await world.press(OMAR, 'slack', 'undo', id);
    const [held, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { putBack } = world.mail;
    const frozen: typeof putBack = async (targets) => {
      held.resolve();
      await woken.promise;
      return putBack(targets);
    };
    const job = world.memory.jobs().find((one) => one.job.queue === 'run');
    if (!job || !world.memory.take(job)) throw new Error('no run is queued');
    const ended = work({ ...world.flow, effects: { ...world.mail, putBack: frozen } }, job.job);
    await held.promise;
    await seconds(31, 1);
    await world.sweep();
    await seconds(31, 4);
    return async () => {
      woken.resolve();
      await ended;
      await seconds(31, 4);
    };
  }

  /** That purge was ended early, so that nothing is done once more. */
  async function leftBack() {
    land(ANN);
    land(BOB);
    const id = await reported([ANN, BOB]);
    await purge(id);
    const wakes = await frozenUndo(id);
    await press('reopen', id);
    const { softDelete } = world.mail;
    world.mail.softDelete = async (targets, term) => {
      world.mail.softDelete = softDelete;
      await world.press(DANA, 'slack', 'cancel', id);
      return softDelete(targets, term);
    };
    await purge(id);
    await wakes();
    expect(world.mail.copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    return id;
  }

  it('is told as that on the card, which offers another look', async () => {
    expect(await cardNow(await leftBack())).toMatchObject({
      status: expect.stringMatching(
        /Since then a late request of an earlier undo has put 2 copies back: they can be read again\.$/,
      ),
      tone: 'bad',
      canReopen: true,
    });
  });

  it('is not its owner, where that purge had been ended early', async () => {
    const id = await leftBack();
    await later(15);
    expect((await cardNow(id)).lines).not.toContain(BY_ITS_OWNER);
  });

  it('is not its owner, where the purge that is done once more is refused', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    const wakes = await frozenUndo(id);
    await press('reopen', id);
    await purge(id);
    const answer = { status: 'refused', why: 'denied', detail: '403' } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer, always: true });
    await wakes();
    await later(15);
    const { lines } = await cardNow(id);
    expect([ann.folderId, lines]).toEqual(['inbox', expect.stringContaining('Not allowed into the mailbox')]);
    expect(lines).not.toContain(BY_ITS_OWNER);
  });
});

describe('when the first list was called not malicious, and one that grew out of it was purged', () => {
  async function grownAlone() {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    world.mail.hunting.late.clear();
    await later(15);
    const [child = ''] = await childrenOf(id);
    await press('reject', id);
    return { bob, child };
  }

  it('what is recovered there is seen and told', async () => {
    const { bob, child } = await grownAlone();
    await purge(child);
    bob.folderId = 'inbox';
    await later(60);
    expect(await cardNow(child)).toMatchObject({
      tone: 'bad',
      status: expect.not.stringContaining('in sight'),
      lines: expect.stringContaining('back in a mailbox'),
    });
  });

  it('what gave no answer there is asked again', async () => {
    const { child } = await grownAlone();
    world.mail.hunting.trouble = { status: 'silent', detail: '500' } as never;
    await purge(child);
    world.mail.hunting.trouble = null;
    expect((await cardNow(child)).lines).toContain('It is asked again by itself');
    const { asked } = world.mail.hunting;
    await later(5);
    expect(world.mail.hunting.asked).toBeGreaterThan(asked);
  });
});
