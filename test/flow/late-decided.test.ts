import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking, OMAR } from './looking.ts';

/** Requests that come true when people have decided about the mail once more, and what owners do that only looks like that. */

let world: World;
const { incident, entries, land, reported, cardOf } = looking(() => world);
const { settled, silent, silentOnce, frozenWith, takenOver } = lateRequests(() => world);
let ann: Copy;
let bob: Copy;
let id: string;

async function begin(policy = POLICIES[2]): Promise<void> {
  world = createWorld(undefined, createFakeMail({ hunting: null }));
  await world.govern(policy as Policy);
  ann = land(ANN);
  bob = land(BOB);
}
beforeEach(async () => {
  await begin();
  id = await reported([ANN, BOB]);
});

const press = (verb: string, who: Someone = DANA) => world.press(who, 'slack', verb, id);
const state = async () => (await incident(id))?.stands;
const folders = () => [ann.folderId, bob.folderId];
const INBOX = ['inbox', 'inbox'];
const warnings = () => (cardOf(id)?.warnings.map(({ text }) => text) ?? []).join('\n');
const CAME_LATE = 'A removal that came late took the mail out in';

async function expectTheRecordToAgree(): Promise<void> {
  const { differences } = await compareStored({ store: world.flow.store, hash: world.flow.hash });
  expect(differences).toEqual([]);
}

/** Bob’s is removed; of Ann’s three tries none is answered, and none is seen. */
async function purgedInVain(): Promise<void> {
  const mend = silent('softDelete', ann);
  await press('purge');
  await settled(12, 6);
  mend();
  expect([await state(), folders()]).toEqual(['purged', ['inbox', RECOVERABLE]]);
}

/** Removed by a process that took over from one that is frozen. */
async function purgedByAnother() {
  await press('purge');
  const frozen = frozenWith('softDelete');
  await frozen.held;
  await takenOver();
  expect(await state()).toBe('purged');
  return frozen;
}

describe('a removal that was told as not done and comes true', () => {
  it('after the undo is put back as part of that', async () => {
    await purgedInVain();
    await press('undo');
    await settled(3, 3);
    ann.folderId = RECOVERABLE;
    await settled(120, 12);
    expect([await state(), folders(), cardOf(id)?.canUndo]).toEqual(['restored', INBOX, false]);
    expect(entries(id, 'copy.late').map(({ outcome, detail }) => [outcome, detail.ended])).toEqual([
      ['came true', false],
    ]);
    expect(entries(id, 'run.started').at(-1)?.detail).toMatchObject({ cause: 'approved', approvedBy: [DANA.entraId] });
    await expectTheRecordToAgree();
  });

  it('after the undo had to be carried out once more is put back as part of what people decided', async () => {
    const mend = silent('softDelete', ann);
    silentOnce('softDelete', bob);
    await press('purge');
    await settled(12, 6);
    mend();
    await press('undo');
    for (let n = 0; n < 90 && (await state()) !== 'restored'; n += 1) await settled(1);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    bob.folderId = RECOVERABLE;
    for (let n = 0; n < 60 && bob.folderId !== 'inbox'; n += 1) await settled(1);
    await settled(3, 3);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    ann.folderId = RECOVERABLE;
    await settled(120, 12);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    expect(entries(id, 'run.started').map(({ detail }) => `${detail.action} ${detail.cause}`)).toEqual([
      'purge approved',
      'undo approved',
      'undo late',
      'undo approved',
    ]);
  });

  it('while the undo is under way is put back when that has ended', async () => {
    await purgedInVain();
    const answer = { status: 'throttled', waitMs: 60_000 } as const;
    world.mail.trouble.push({ method: 'putBack', mailbox: bob.mailbox, answer });
    await press('undo');
    await settled(3, 3);
    ann.folderId = RECOVERABLE;
    await settled(45, 5);
    expect(await state()).toBe('running');
    await settled(120, 12);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
  });

  it('after a containment was rolled back is put back: nobody ever approved it', async () => {
    await begin(POLICIES[3]);
    const mend = silent('softDelete', ann);
    id = await reported([ANN, BOB]);
    await settled(12, 6);
    mend();
    expect(await state()).toBe('contained');
    await press('undo', PEOPLE[1]);
    await press('undo', PEOPLE[3]);
    await settled(3, 3);
    ann.folderId = RECOVERABLE;
    await settled(120, 12);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    await expectTheRecordToAgree();
  });

  it('after it was called not malicious is told, and the undo brings it back', async () => {
    await purgedInVain();
    await press('undo');
    await settled(3, 3);
    await press('reopen');
    await settled(3, 3);
    await press('reject');
    await settled(2, 2);
    ann.folderId = RECOVERABLE;
    await settled(120, 12);
    expect([await state(), cardOf(id)?.tone, cardOf(id)?.canUndo]).toEqual(['rejected', 'bad', true]);
    expect(warnings()).toContain(CAME_LATE);
    await press('undo');
    await settled(62, 8);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    expect(warnings()).not.toContain(CAME_LATE);
    await expectTheRecordToAgree();
  });

  it('after the run had been cancelled is not told as if nobody had cancelled', async () => {
    await press('purge');
    const frozen = frozenWith('softDelete');
    await frozen.held;
    await press('cancel');
    await takenOver();
    await settled(60, 6);
    expect(folders()).toEqual(INBOX);
    await frozen.wakes();
    await settled(61, 6);
    expect(folders()).toEqual([RECOVERABLE, RECOVERABLE]);
    expect(cardOf(id)).toMatchObject({ tone: 'bad', canUndo: true });
    expect(cardOf(id)?.status).toContain(
      'Purge cancelled, and done by requests that came late all the same: 2 removed',
    );
  });

  it('is told as seen gone when it was', async () => {
    await purgedInVain();
    ann.folderId = RECOVERABLE;
    const answer = { status: 'failed', detail: '503' } as const;
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer, always: true });
    await settled(600, 60);
    world.mail.trouble.length = 0;
    await settled(60, 6);
    const at = entries(id, 'copy.late').at(-1)?.at.slice(11, 16);
    expect(cardOf(id)?.status).toContain(`each was seen gone by 20 Nov ${at} UTC`);
  });
});

describe('a flag that was told as not done and comes true', () => {
  it('puts its mailbox on the list of those that are flagged', async () => {
    const mend = silent('mark', ann);
    await press('flag');
    await settled(12, 6);
    mend();
    const flagged = () => entries(id, 'mailbox.flagged').map(({ mailbox }) => mailbox);
    expect(flagged()).toEqual([bob.mailbox]);
    Object.assign(ann, { flag: 'flagged', categories: ['Clawback: under review'] });
    await settled(60, 6);
    expect(flagged()).toEqual([bob.mailbox, ann.mailbox]);
  });
});

describe('a removal that is carried out late, after the undo and another look', () => {
  it('is told while people decide, and the undo is offered once they have', async () => {
    const frozen = await purgedByAnother();
    await press('undo');
    await settled(62, 8);
    await press('reopen');
    await settled(4, 2);
    await frozen.wakes();
    await settled(61, 6);
    expect([await state(), folders()]).toEqual(['open', [RECOVERABLE, RECOVERABLE]]);
    expect(warnings()).toContain(`${CAME_LATE} 2 mailboxes`);
    expect(cardOf(id)?.status).toContain('Since the last action a removal that came late has taken mail out');
    await press('reject');
    await settled(61, 6);
    expect(cardOf(id)).toMatchObject({ tone: 'bad', canUndo: true });
    await press('undo');
    await settled(62, 8);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    await expectTheRecordToAgree();
  });

  it('of an undo that was ended early: that is still told as ended early', async () => {
    const frozen = await purgedByAnother();
    const answer = { status: 'throttled', waitMs: 600_000 } as const;
    world.mail.trouble.push({ method: 'putBack', mailbox: bob.mailbox, answer });
    await press('undo');
    await settled(62, 8);
    await press('cancel');
    await settled(5, 2);
    await frozen.wakes();
    await settled(61, 6);
    expect(folders()).toEqual(['inbox', RECOVERABLE]);
    expect(cardOf(id)).toMatchObject({ tone: 'bad', canUndo: true });
    expect(cardOf(id)?.status).toMatch(/^Undo cancelled: 1 of 2 copies put back; 1 not/);
  });
});

describe('a purge once more that had to wait', () => {
  it('is not begun hours after the approval that it rests on, and can be cancelled before', async () => {
    await press('purge');
    await settled(1);
    await press('undo');
    const frozen = frozenWith('putBack');
    await frozen.held;
    await takenOver();
    await press('reopen');
    await settled(20, 4);
    await press('purge');
    await settled(31, 4);
    await world.say(DANA, 'slack', 'stop please');
    await frozen.wakes();
    await settled(31, 4);
    expect(cardOf(id)?.canCancel).toBe(true);
    await settled(5 * 3_600);
    await world.say(DANA, 'slack', 'lift');
    await world.say(OMAR, 'slack', 'lift');
    await settled(31, 4);
    expect([await state(), folders(), cardOf(id)?.tone]).toEqual(['purged', INBOX, 'bad']);
    await expectTheRecordToAgree();
  });
});

describe('what an owner does after a request without an answer is long over', () => {
  it('a copy that is recovered right after a purge stays, and is not called a late request', async () => {
    await press('purge');
    await settled(2, 2);
    silentOnce('putBack', ann);
    await press('undo');
    await settled(10, 5);
    await settled(2 * 3_600);
    await press('reopen');
    await settled(4, 2);
    silentOnce('softDelete', bob);
    await press('purge');
    await settled(10, 5);
    expect([await state(), folders()]).toEqual(['purged', [RECOVERABLE, RECOVERABLE]]);
    ann.folderId = 'inbox';
    await settled(60, 6);
    expect([ann.folderId, entries(id, 'copy.late')]).toEqual(['inbox', []]);
  });

  it('a copy that is recovered after a second purge stays: no request of the first one has put it back', async () => {
    const mend = [ann, bob].map((copy) => silent('softDelete', copy));
    await press('purge');
    await settled(12, 6);
    for (const answered of mend.toReversed()) answered();
    await press('reopen');
    await settled(4, 2);
    silentOnce('softDelete', bob);
    await press('purge');
    for (let n = 0; n < 60 && (await state()) !== 'purged'; n += 1) await settled(1);
    expect(folders()).toEqual([RECOVERABLE, RECOVERABLE]);
    ann.folderId = 'inbox';
    await settled(60, 6);
    expect([ann.folderId, entries(id, 'copy.late')]).toEqual(['inbox', []]);
  });

  it('a copy that is deleted right after an undo stays deleted', async () => {
    silentOnce('softDelete', ann);
    await press('purge');
    await settled(10, 5);
    await settled(2 * 3_600);
    await press('undo');
    await settled(4, 2);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    ann.folderId = RECOVERABLE;
    await settled(60, 6);
    expect([ann.folderId, entries(id, 'copy.late')]).toEqual([RECOVERABLE, []]);
  });

  it('a copy that is deleted right after an undo that took two tries stays deleted as well', async () => {
    await press('purge');
    await settled(2, 2);
    silentOnce('putBack', ann);
    await press('undo');
    await settled(10, 5);
    expect([await state(), folders()]).toEqual(['restored', INBOX]);
    ann.folderId = RECOVERABLE;
    await settled(60, 6);
    expect([ann.folderId, entries(id, 'copy.late')]).toEqual([RECOVERABLE, []]);
  });
});
