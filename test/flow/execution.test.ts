import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { runStarted } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE, SUBJECT } from '../support/fake-mail.ts';
import { policyWith, ruleFor } from './telling.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight({ policy: policyWith([ruleFor(['purge', 'undo'], { approver: 1 })]) });
});
afterAll(() => night.close());

let mail: { internetMessageId: string; sender: string };
let number = 0;
beforeEach(() => {
  number += 1;
  mail = { internetMessageId: `<run-${number}@mailer.example>`, sender: 'billing@fabrikam.example' };
  night.mail.trouble.length = 0;
  night.mail.effects.length = 0;
});

async function openWith(names: readonly string[]) {
  const copies = names.map((name) => night.mail.put(`${name}@contoso.example`, mail));
  const id = await night.alert({
    message: { ...mail, subject: SUBJECT },
    recipients: names.map((name) => `${name}@contoso.example`),
  });
  await night.asks(id);
  return { id, copies };
}

async function purged(id: string) {
  await night.press('dana', 'slack', 'purge');
  await night.until('it has finished', async () => (await night.stands(id)) === 'purged');
  return (await night.entries(id)).filter((entry) => entry.type === 'copy.outcome').map((entry) => entry.outcome);
}

describe('carrying an approved purge out', () => {
  it('a throttled mailbox rests and is done later, once', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    const ann = copies[0]?.mailbox ?? '';
    night.mail.trouble.push({ method: 'softDelete', mailbox: ann, answer: { status: 'throttled', waitMs: 700 } });
    expect(await purged(id)).toEqual(['removed', 'removed']);
    expect(night.mail.effects).toHaveLength(2);
  });

  it('a lost answer is settled by looking again, not by doing it again', async () => {
    const { id, copies } = await openWith(['ann']);
    night.mail.trouble.push({
      method: 'softDelete',
      mailbox: copies[0]?.mailbox ?? '',
      answer: { status: 'unknown', detail: 'socket hang up' },
    });
    expect(await purged(id)).toEqual(['removed']);
    expect(night.mail.effects).toHaveLength(1);
  });

  it('a process that was asked to end claims no further copies, and leaves them to whoever comes next', async () => {
    const { id, copies } = await openWith(Array.from({ length: 100 }, (_none, n) => `crowd${n}`));
    const { softDelete } = night.mail;
    let isEnding = false;
    Object.assign(night.flow, { mayBegin: () => !isEnding });
    onTestFinished(() => {
      night.mail.softDelete = softDelete;
      Object.assign(night.flow, { mayBegin: () => true });
    });
    night.mail.softDelete = (targets) => {
      isEnding = true;
      return softDelete.call(night.mail, targets);
    };
    const count = async (type: string) => (await night.entries(id)).filter((entry) => entry.type === type).length;
    await night.press('dana', 'slack', 'purge');
    await night.until('it has let go', async () => {
      const outcomes = await count('copy.outcome');
      return outcomes > 0 && outcomes === (await count('copy.intent'));
    });
    const [run] = await night.flow.store.transact((tx) => tx.runs.open());
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect([night.mail.effects.length < copies.length, await count('run.finished')]).toEqual([true, 0]);
    night.mail.softDelete = softDelete;
    isEnding = false;
    await night.until('it has finished', async () => (await count('run.finished')) === 1);
    expect(night.mail.effects).toHaveLength(copies.length);
  });

  it('what was gone before we came is not called removed', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    if (copies[0]) copies[0].folderId = RECOVERABLE;
    night.mail.copies.splice(night.mail.copies.indexOf(copies[1] as never), 1);
    expect((await purged(id)).sort()).toEqual(['alreadyGone', 'vanished']);
    expect(night.mail.effects).toEqual([]);
  });

  it('a message that is not the approved mail any more is left alone', async () => {
    const { id, copies } = await openWith(['ann']);
    if (copies[0]) copies[0].sender = 'ceo@contoso.example';
    expect(await purged(id)).toEqual(['failed']);
    expect(night.mail.effects).toEqual([]);
  });

  it('a mailbox that denies access is told apart from a failure', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    night.mail.trouble.push({
      method: 'softDelete',
      mailbox: copies[0]?.mailbox ?? '',
      answer: { status: 'refused', why: 'denied', detail: 'ErrorAccessDenied' },
      always: true,
    });
    night.mail.trouble.push({
      method: 'read',
      mailbox: copies[1]?.mailbox ?? '',
      answer: { status: 'unreachable', detail: 'MailboxNotEnabledForRESTAPI' },
      always: true,
    });
    expect((await purged(id)).sort()).toEqual(['notAllowed', 'unreachable']);
  });

  it('a copy that does not go away is called “still there”', async () => {
    const { id, copies } = await openWith(['ann']);
    night.mail.trouble.push({
      method: 'softDelete',
      mailbox: copies[0]?.mailbox ?? '',
      answer: { status: 'refused', why: 'failed', detail: 'ErrorInternalServerError' },
      always: true,
    });
    expect(await purged(id)).toEqual(['stillThere']);
  });

  it('a copy that turned up under another id is not in the approved list, so it stays', async () => {
    const { id, copies } = await openWith(['ann']);
    if (copies[0]) night.mail.copies.splice(night.mail.copies.indexOf(copies[0]), 1);
    const moved = night.mail.put('ann@contoso.example', mail);
    expect(await purged(id)).toEqual(['movedByUser']);
    expect(moved.folderId).toBe('inbox');
    // The run saw it beside its list: it is asked for by itself, and its cards come before those of the next story.
    await night.until('it is asked for', async () => {
      const grown = (await night.entries(id)).find(ofType('plan.grown'));
      const last = [night.slack, night.teams].map((room) => room.cards.at(-1)?.view);
      return grown !== undefined && last.every((view) => view?.incident === grown.detail.child && view.canPurge);
    });
  });

  it('a copy that is gone is not called moved because another of the list is in the same mailbox', async () => {
    const { id, copies } = await openWith(['ann', 'ann']);
    if (copies[0]) night.mail.copies.splice(night.mail.copies.indexOf(copies[0]), 1);
    expect((await purged(id)).toSorted()).toEqual(['removed', 'vanished']);
    expect(copies[1]?.folderId).toBe(RECOVERABLE);
  });

  it('no write leaves before its intent is in the ledger', async () => {
    const { id } = await openWith(['ann', 'bob', 'cas']);
    const plain = night.mail.softDelete.bind(night.mail);
    const intents: number[] = [];
    night.mail.softDelete = async (targets) => {
      const entries = await night.entries(id);
      intents.push(
        ...targets.map(
          (target) =>
            entries.filter((entry) => entry.type === 'copy.intent' && entry.message === target.message).length,
        ),
      );
      return plain(targets);
    };
    await purged(id);
    expect(intents).toEqual([1, 1, 1]);
  });

  it('a copy that the undo could not bring back is asked for again, and only that one', async () => {
    const { id, copies } = await openWith(['ann', 'bob']);
    await purged(id);
    const ann = copies[0]?.mailbox ?? '';
    night.mail.trouble.push({
      method: 'putBack',
      mailbox: ann,
      answer: { status: 'refused', why: 'denied', detail: 'ErrorAccessDenied' },
    });
    const undo = async () => {
      await night.until('undo is offered', () => night.slack.cards.at(-1)?.view.canUndo === true);
      const said = await night.press('dana', 'slack', 'undo');
      await night.until('it has finished', async () => (await night.stands(id)) === 'restored');
      return said;
    };
    expect(await undo()).toMatchObject(runStarted('restore', 2));
    expect(copies.map((copy) => copy.folderId)).toEqual([RECOVERABLE, 'inbox']);
    night.clock.now += 1_000;
    await night.until(
      'the card asks anew',
      () => night.slack.cards.at(-1)?.view.needs.startsWith('1 approval') === true,
    );
    expect(await undo()).toMatchObject(runStarted('restore', 1));
    await night.until('both are back', () => copies.every((copy) => copy.folderId === 'inbox'));
  });

  it('a run called again after it finished does nothing', async () => {
    const { id } = await openWith(['ann']);
    await purged(id);
    const [run] = await night.flow.store.transact((tx) => tx.runs.ofIncident(id));
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect(night.mail.effects).toHaveLength(1);
    expect((await night.entries(id)).filter((entry) => entry.type === 'run.finished')).toHaveLength(1);
  });
});
