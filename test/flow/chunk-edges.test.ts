import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** How often a mailbox is asked, and what is said of it when that was often enough. */

let world: World;
const { atRest, entries, incident, land, later, reported, tell } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

/** Counts how often this mailbox is read in the run. */
function readsOf(mailbox: string): () => number {
  let count = 0;
  const { read } = world.mail;
  world.mail.read = (targets, wanted) => {
    count += targets.filter((target) => target.mailbox === mailbox).length;
    return read(targets, wanted);
  };
  return () => count;
}

async function outcomesOf(id: string) {
  return tell(async (tx) => {
    const run = (await tx.runs.ofIncident(id)).at(-1);
    const items = run ? await tx.work.page(run.id, 0, 100) : [];
    return items.map(({ address, outcome, detail }) => [address, outcome, detail] as const);
  });
}

async function approved(id: string): Promise<void> {
  await world.press(DANA, 'slack', 'purge', id);
  await atRest();
}

/** One second goes by, and what is due is done. */
async function second(): Promise<void> {
  world.pass(1 / 60);
  await world.settle();
}

/** Until the run has ended. */
async function ended(id: string): Promise<void> {
  for (let n = 0; n < 120 && (await incident(id))?.stands === 'running'; n += 1) await second();
  await atRest();
  expect((await incident(id))?.stands).toBe('purged');
}

const wait = { status: 'throttled', waitMs: 1_000 } as const;

describe('a mailbox that cannot be looked into', () => {
  it('because it hangs is asked eight times in a run, and its other copies are not tried one after the other', async () => {
    const ann = land(ANN);
    land(ANN);
    land(BOB);
    const id = await reported([ANN, BOB]);
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: { ...wait, stuck: true }, always: true });
    const reads = readsOf(ann.mailbox);
    await approved(id);
    await ended(id);
    const outcomes = (await outcomesOf(id)).map(([address, outcome]) => `${address} ${outcome}`);
    expect(outcomes).toEqual([`${ANN} unreachable`, `${ANN} unreachable`, `${BOB} removed`]);
    expect(reads()).toBe(16);
  });

  it('because it asks to wait goes on being asked', async () => {
    const ann = land(ANN);
    const id = await reported();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: wait, always: true });
    await approved(id);
    for (let n = 0; n < 12; n += 1) await later(1);
    expect((await incident(id))?.stands).toBe('running');
    world.mail.trouble.length = 0;
    await later(30);
    expect((await outcomesOf(id)).map(([, outcome]) => outcome)).toEqual(['removed']);
  });

  it('because the service fails is asked eight times, after longer and longer rests', async () => {
    const ann = land(ANN);
    const id = await reported();
    world.mail.trouble.push({
      method: 'read',
      mailbox: ann.mailbox,
      answer: { status: 'failed', detail: 'ErrorInternalServerError' },
      always: true,
    });
    const reads = readsOf(ann.mailbox);
    await world.press(DANA, 'slack', 'purge', id);
    await world.settle();
    const seen = [reads()];
    for (let n = 0; n < 10; n += 1) {
      await second();
      seen.push(reads());
    }
    // After 1.5 s, 3 s, 4.5 s.
    expect(seen).toEqual([1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 4]);
    await ended(id);
    expect((await outcomesOf(id)).map(([, outcome, detail]) => [outcome, detail])).toEqual([
      ['failed', 'ErrorInternalServerError'],
    ]);
    expect(reads()).toBe(8);
  });
});

describe('a mailbox that can be read and not written', () => {
  it('because it hangs is tried eight times; then it is said where the copy is, and the others there are not tried', async () => {
    const ann = land(ANN);
    const id = await reported();
    world.mail.trouble.push({
      method: 'softDelete',
      mailbox: ann.mailbox,
      answer: { ...wait, stuck: true },
      always: true,
    });
    await approved(id);
    await ended(id);
    expect(await outcomesOf(id)).toEqual([
      [ANN, 'stillThere', expect.stringContaining('; the mailbox only ever asked to wait')],
    ]);
    expect(entries(id, 'copy.untried')).toHaveLength(7);
  });
});

describe('an act that does not hold', () => {
  /** Counts the requests of this kind. */
  function triesOf(method: 'softDelete' | 'hardDelete'): () => number {
    let count = 0;
    const plain = world.mail[method];
    world.mail[method] = (targets, term) => {
      count += targets.length;
      return plain(targets, term);
    };
    return () => count;
  }

  it('is tried three times, and then it is said where the copy is', async () => {
    const ann = land(ANN);
    const id = await reported();
    const answer = { status: 'refused', why: 'failed', detail: 'ErrorMoveCopyFailed' } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer, always: true });
    const tries = triesOf('softDelete');
    await approved(id);
    await ended(id);
    expect([(await outcomesOf(id)).map(([, outcome]) => outcome), tries()]).toEqual([['stillThere'], 3]);
  });

  it('because Recoverable Items are locked is tried once: that says nothing of the mailbox', async () => {
    const ann = land(ANN);
    const id = await reported();
    ann.folderId = RECOVERABLE;
    const answer = { status: 'refused', why: 'denied', detail: 'ErrorAccessDenied' } as const;
    world.mail.trouble.push({ method: 'hardDelete', mailbox: ann.mailbox, answer, always: true });
    const tries = triesOf('hardDelete');
    await world.press(DANA, 'slack', 'hard-purge', id);
    await atRest();
    await ended(id);
    const said =
      'in Recoverable Items and not deleted for good: its owner can still recover it; the service said: ErrorAccessDenied';
    expect([await outcomesOf(id), tries()]).toEqual([[[ANN, 'failed', said]], 1]);
  });
});

describe('a stop that comes between looking and acting', () => {
  it('lets nothing leave, gives the copies back, and costs no try', async () => {
    const ann = land(ANN);
    const id = await reported();
    const { read } = world.mail;
    world.mail.read = async (targets, wanted) => {
      world.mail.read = read;
      await world.say(DANA, 'slack', 'stop something is wrong');
      return read(targets, wanted);
    };
    await approved(id);
    expect([ann.folderId, entries(id, 'copy.intent').length]).toEqual(['inbox', 0]);
    const held = await tell(async (tx) => {
      const run = (await tx.runs.ofIncident(id)).at(-1);
      return (await tx.work.page(run?.id ?? '', 0, 10)).map(({ attempts, outcome }) => [attempts, outcome]);
    });
    expect(held).toEqual([[0, null]]);
  });
});
