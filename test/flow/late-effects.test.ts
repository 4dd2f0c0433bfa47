import { beforeEach, describe, expect, it } from 'vitest';
import { compareStored } from '../../src/flow/record/compare.ts';
import { mark } from '../../src/flow/record/trust.ts';
import type { MessageState } from '../../src/ports/reader.ts';
import type { Run } from '../../src/ports/runs.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** Requests that nobody got an answer to, and that have their effect when the run they belong to has long been told. */

const SECONDS = 1 / 60;
let world: World;
const { incident, entries, land, reported, cardOf, tell } = looking(() => world);
const { settled, silent, frozenWith, takenOver } = lateRequests(() => world);
let ann: Copy;
let bob: Copy;
let id: string;

beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  ann = land(ANN);
  bob = land(BOB);
  id = await reported([ANN, BOB]);
});

const press = (verb: string) => world.press(DANA, 'slack', verb, id);
const outcomesOf = async (copy: Copy) =>
  (await tell((tx) => tx.runs.ofIncident(id)).then(async (runs) => {
    const found = [];
    for (const run of runs)
      for (const item of await tell((tx) => tx.work.page(run.id, 0, 10)))
        if (item.message === copy.message) found.push(item.outcome);
    return found;
  })) as readonly string[];

/** Three tries that nobody answered: told as still there. */
async function purgedInVain(): Promise<void> {
  const answered = silent('softDelete', ann);
  await press('purge');
  await settled(12, 6);
  answered();
  expect([(await incident(id))?.stands, await outcomesOf(ann)]).toEqual(['purged', ['stillThere']]);
}

const folders = () => [ann.folderId, bob.folderId];
const OUT = [RECOVERABLE, RECOVERABLE];
const lateOutcomes = () => entries(id, 'copy.late').map(({ outcome }) => outcome);

/** Removed, put back by a process that is frozen and by another one that took over, and removed with approval again. */
async function removedAgain() {
  await press('purge');
  await settled(1);
  await press('undo');
  const frozen = frozenWith('putBack');
  await frozen.held;
  await takenOver();
  expect([(await incident(id))?.stands, folders()]).toEqual(['restored', ['inbox', 'inbox']]);
  await press('reopen');
  await settled(20, 4);
  await press('purge');
  await settled(31, 4);
  expect([(await incident(id))?.stands, folders()]).toEqual(['purged', OUT]);
  return frozen;
}

async function expectTheRecordToAgree(): Promise<void> {
  const { differences } = await compareStored({ store: world.flow.store, hash: world.flow.hash });
  expect(differences).toEqual([]);
}

describe('a removal that came after it was told as still there', () => {
  it('is seen, recorded and told, and an undo brings the mail back', async () => {
    await purgedInVain();
    ann.folderId = RECOVERABLE;
    await settled(31, 2);
    expect(await outcomesOf(ann)).toEqual(['removed']);
    expect(entries(id, 'copy.outcome').at(-1)).toMatchObject({
      message: ann.message,
      outcome: 'removed',
      detail: { action: 'purge', was: 'stillThere' },
    });
    expect(cardOf(id)?.outcomes).toEqual([{ label: 'Removed, seen gone', value: '2 copies' }]);
    await expectTheRecordToAgree();
    await press('undo');
    await settled(62, 4);
    expect([(await incident(id))?.stands, ann.folderId, bob.folderId]).toEqual(['restored', 'inbox', 'inbox']);
    await expectTheRecordToAgree();
  });

  it('is not said of a mail that is still there', async () => {
    await purgedInVain();
    await settled(62, 4);
    expect([await outcomesOf(ann), ann.folderId]).toEqual([['stillThere'], 'inbox']);
    expect(world.memory.jobs().map(({ job }) => job.queue)).not.toContain('late');
  });

  it('is not looked for where the case was found tampered with', async () => {
    await purgedInVain();
    await tell((tx) => mark(world.flow, tx, id, 'somebody changed it'));
    ann.folderId = RECOVERABLE;
    const { read } = world.mail;
    let reads = 0;
    world.mail.read = (targets, wanted) => {
      reads += targets.length;
      return read(targets, wanted);
    };
    await settled(62, 4);
    expect([await outcomesOf(ann), reads]).toEqual([['stillThere'], 0]);
  });

  it('is not claimed for this run where people had it removed in another one since', async () => {
    await purgedInVain();
    await press('reopen');
    await settled(20, 4);
    await press('purge');
    await settled(70, 7);
    expect([await outcomesOf(ann), ann.folderId]).toEqual([['stillThere', 'removed'], RECOVERABLE]);
    await expectTheRecordToAgree();
  });
});

describe('an undo that came after it was told as not done', () => {
  it('is seen and told, and not asked for again', async () => {
    await press('purge');
    await settled(1);
    const answered = silent('putBack', ann);
    await press('undo');
    await settled(12, 6);
    answered();
    expect((await outcomesOf(ann)).at(-1)).toBe('failed');
    expect(cardOf(id)?.canUndo).toBe(true);
    Object.assign(ann, { folderId: 'inbox' });
    await settled(31, 2);
    expect((await outcomesOf(ann)).at(-1)).toBe('restored');
    expect(cardOf(id)?.canUndo).toBe(false);
    expect(lateOutcomes()).toEqual([]);
    await expectTheRecordToAgree();
  });
});

describe('an undo once more, long after one that was told as not done', () => {
  async function undoneInVain(): Promise<void> {
    await press('purge');
    await settled(1);
    const answered = silent('putBack', ann);
    await press('undo');
    await settled(12, 6);
    answered();
    await settled(7_200, 12);
    expect((await outcomesOf(ann)).at(-1)).toBe('failed');
  }

  it('does not claim what its owner has recovered meanwhile', async () => {
    await undoneInVain();
    ann.folderId = 'inbox';
    await press('undo');
    await settled(12, 6);
    expect((await outcomesOf(ann)).at(-1)).toBe('movedByUser');
  });
});

describe('an undo that comes when the mail was removed with approval again', () => {
  it('does not stand: the approved purge is carried out once more, recorded and told', async () => {
    const frozen = await removedAgain();
    await frozen.wakes();
    expect(folders()).toEqual(['inbox', 'inbox']);
    await settled(31, 4);
    expect([(await incident(id))?.stands, folders()]).toEqual(['purged', OUT]);
    expect(lateOutcomes()).toEqual(['answered late', 'answered late', 'put back again', 'put back again']);
    expect(entries(id, 'run.started').at(-1)?.detail).toMatchObject({
      ...{ action: 'purge', cause: 'late', copies: 2 },
      approvedBy: [DANA.entraId],
    });
    expect(cardOf(id)?.status).toBe(
      'Purged: 2 removed, seen gone. A request that came late put 2 copies back; removed once more: 2 removed, seen gone.',
    );
    await expectTheRecordToAgree();
    await press('undo');
    await settled(62, 8);
    expect([(await incident(id))?.stands, folders()]).toEqual(['restored', ['inbox', 'inbox']]);
    expect(cardOf(id)?.canUndo).toBe(false);
    await expectTheRecordToAgree();
  });

  it('does not stand either where it comes long after the purge: what counts is when it was answered', async () => {
    const frozen = await removedAgain();
    await settled(3_600, 4);
    await frozen.wakes();
    expect(folders()).toEqual(['inbox', 'inbox']);
    await settled(31, 4);
    expect([(await incident(id))?.stands, folders()]).toEqual(['purged', OUT]);
    await expectTheRecordToAgree();
  });

  it('stands where people have decided otherwise since', async () => {
    const frozen = await removedAgain();
    await press('undo');
    await settled(62, 8);
    await frozen.wakes();
    await settled(31, 4);
    expect([(await incident(id))?.stands, folders()]).toEqual(['restored', ['inbox', 'inbox']]);
    expect(lateOutcomes()).not.toContain('put back again');
  });

  it('is told and left where the purge had been ended early', async () => {
    await press('purge');
    await settled(1);
    await press('undo');
    const frozen = frozenWith('putBack');
    await frozen.held;
    await takenOver();
    await press('reopen');
    await settled(20, 4);
    const { softDelete } = world.mail;
    world.mail.softDelete = async (targets, term) => {
      world.mail.softDelete = softDelete;
      await press('cancel');
      return softDelete(targets, term);
    };
    await press('purge');
    await settled(31, 4);
    expect([(await incident(id))?.stands, folders()]).toEqual(['purged', OUT]);
    await frozen.wakes();
    await settled(31, 4);
    expect([(await incident(id))?.stands, folders()]).toEqual(['purged', ['inbox', 'inbox']]);
    expect(cardOf(id)?.warnings.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('A request of an earlier undo came late in 2 mailboxes'),
    );
  });
});

describe('a removal that is answered after its run has ended', () => {
  it('is told with the undo that brings back what its owner had recovered', async () => {
    await press('purge');
    const frozen = frozenWith('softDelete');
    await frozen.held;
    await takenOver();
    expect((await incident(id))?.stands).toBe('purged');
    ann.folderId = 'inbox';
    await frozen.wakes();
    await settled(31, 4);
    expect(folders()).toEqual(OUT);
    const card = cardOf(id);
    expect(card?.warnings.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /^A removal in 2 mailboxes was answered only after the run had ended, .*Undo brings it back\.$/,
      ),
    );
    expect(card?.canUndo).toBe(true);
    expect(entries(id, 'run.started')).toHaveLength(1);
  });
});

describe('an undo once more that has not begun', () => {
  it('leaves a copy alone that another incident has acted on meanwhile', async () => {
    await press('purge');
    const frozen = frozenWith('softDelete');
    await frozen.held;
    await takenOver();
    await press('undo');
    await settled(62, 4);
    expect(folders()).toEqual(['inbox', 'inbox']);
    await frozen.wakes();
    const lateRun = async () => (await tell((tx) => tx.runs.ofIncident(id))).find(({ cause }) => cause === 'late');
    for (let n = 0; n < 20 && !(await lateRun()); n += 1) await world.settle(1);
    const run = await lateRun();
    world.pass(SECONDS);
    await tell(async (tx) => {
      const items = (await tx.work.page(run?.id ?? '', 0, 10)).filter(({ message }) => message === ann.message);
      await tx.runs.start(
        { ...(run as Run), id: 'another', incident: 'CB-9999', action: 'purge', cause: 'approved' },
        items,
      );
      const claimed = await tx.work.claim('another', 10, 20_000);
      const intents = claimed.map(({ seq, fence, before }) => ({ seq, fence, before: before as MessageState }));
      await tx.work.intend('another', intents, world.flow.clock.now());
      const end = { done: true, outcome: 'removed', detail: 'seen', requestId: 'r' } as const;
      await tx.work.finish(
        'another',
        claimed.map(({ seq, fence }) => ({ seq, fence, ...end })),
      );
    });
    const read: string[] = [];
    const plain = world.mail.read;
    world.mail.read = (targets, wanted) => {
      read.push(...targets.map(({ mailbox }) => mailbox));
      return plain(targets, wanted);
    };
    // Without waiting for what is held to become free again.
    await settled(5, 5);
    expect(folders()).toEqual([RECOVERABLE, 'inbox']);
    expect(read).not.toContain(ann.mailbox);
    await settled(31, 4);
    expect([(await incident(id))?.stands, ...folders()]).toEqual(['restored', RECOVERABLE, 'inbox']);
    expect((await outcomesOf(ann)).at(-1)).toBe('cancelled');
  });
});
