import { describe, expect, onTestFinished, test } from 'vitest';
import { markChange } from '../../src/core/action/marks.ts';
import type { Target } from '../../src/core/find/plan.ts';
import type { MessageState, Reader } from '../../src/ports/reader.ts';
import type { SandboxOrder } from '../sandbox/graph-stand-in.ts';
import { openSandbox, PHISH, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { asMicrosoftTakesIt } from '../support/microsoft-batch.ts';
import { mailOn, wordOf } from './graph-loopback.ts';

/** Undo against the stand-in, which takes batches as strictly as Graph does. */

async function world(order: SandboxOrder = {}) {
  const sandbox = await openSandbox(order);
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const { token } = sandbox;
  return { sandbox, mail: mailOn({ baseUrl: sandbox.graph.url }, { token: async () => token }).mail };
}

function delivered(
  { tenant }: Sandbox,
  user: string,
  change: Partial<Parameters<typeof tenant.deliver>[0]> = {},
): Target {
  const [copy] = tenant.deliver({ ...PHISH, to: [user], ...change }).copies;
  return { mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' };
}

async function stateOf(mail: Reader, target: Target): Promise<MessageState> {
  const [reading] = await mail.read([target]);
  if (reading?.status !== 'ok') throw new Error(`could not read: ${reading?.status}`);
  return reading.state;
}

const back = (target: Target, before: MessageState, moved = false) => ({ ...before, ...target, moved });

describe('an undo', () => {
  test('gives many messages back at once, of one mailbox and of several, in batches that Microsoft’s client takes', async () => {
    const { sandbox, mail } = await world();
    const batches: unknown[] = [];
    sandbox.graph.onBatch((body) => batches.push(body));
    const targets = ['alice', 'alice', 'alice', 'bob', 'bob'].map((user) => delivered(sandbox, user));
    const before = await Promise.all(targets.map((target) => stateOf(mail, target)));
    await mail.softDelete(targets);
    for (const { mailbox, message } of targets.slice(2)) sandbox.tenant.userMarks(mailbox, message, { isRead: true });
    const effects = await mail.putBack(targets.map((target, n) => back(target, before[n] as MessageState)));
    expect(effects.map(({ status }) => status)).toEqual(Array(5).fill('done'));
    expect(await Promise.all(targets.map((target) => stateOf(mail, target)))).toEqual(before);
    // Only what somebody had read meanwhile needed a mark.
    expect(sandbox.graph.log.writes().filter(({ effect }) => effect === 'patch')).toHaveLength(3);
    expect(batches.length).toBeGreaterThan(0);
    for (const body of batches) await asMicrosoftTakesIt(body);
  });

  const flagged = { flag: 'flagged', flagDates: { start: '2026-11-20', due: '2026-11-30' } } as const;

  test.each([true, false])('keeps due dates, whether a flag alone loses them (%s) or not', async (flagForgetsDates) => {
    const { sandbox, mail } = await world({ graph: { beliefs: { flagForgetsDates } } });
    const target = delivered(sandbox, 'alice', flagged);
    const before = await stateOf(mail, target);
    expect(before.flagDates).toMatchObject({ due: { dateTime: expect.stringContaining('2026-11-30') } });
    await mail.softDelete([target]);
    // Somebody, or another tool, took the flag off.
    sandbox.tenant.userMarks(target.mailbox, target.message, { flagStatus: 'notFlagged', flagDates: {} });
    expect(await mail.putBack([back(target, before)])).toMatchObject([{ status: 'done' }]);
    expect(await stateOf(mail, target)).toEqual(before);
  });

  test('keeps due dates although only the read state has changed: the flag is not written at all', async () => {
    const { sandbox, mail } = await world({ graph: { beliefs: { flagForgetsDates: true } } });
    const target = delivered(sandbox, 'alice', flagged);
    const before = await stateOf(mail, target);
    await mail.softDelete([target]);
    sandbox.tenant.userMarks(target.mailbox, target.message, { isRead: true });
    await mail.putBack([back(target, before)]);
    expect(await stateOf(mail, target)).toEqual(before);
    expect(sandbox.graph.log.entries().filter(({ operation }) => operation === 'patchMessage')).toMatchObject([
      { body: { isRead: false } },
    ]);
  });

  test('gives a due date back that had no start', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox, 'alice', { flag: 'flagged', flagDates: { due: '2026-11-30' } });
    const before = await stateOf(mail, target);
    await mail.softDelete([target]);
    sandbox.tenant.userMarks(target.mailbox, target.message, { flagStatus: 'notFlagged', flagDates: {} });
    expect(await mail.putBack([back(target, before)])).toMatchObject([{ status: 'done' }]);
    expect(markChange(before, await stateOf(mail, target))).toBeNull();
  });

  test('cut off between the move and the marks is finished by the next try, where the copy is by then', async () => {
    const { sandbox, mail } = await world();
    sandbox.tenant.addFolder('alice', 'Keep');
    const target = delivered(sandbox, 'alice', { categories: ['Red'] });
    const before = await stateOf(mail, target);
    await mail.softDelete([target]);
    sandbox.tenant.userMarks(target.mailbox, target.message, { categories: [] });
    sandbox.graph.faults.once({ operation: 'patchMessage', answer: 'dropped' });
    expect(await mail.putBack([back(target, before)])).toMatchObject([{ status: 'unknown' }]);
    sandbox.tenant.userMoves(target.mailbox, target.message, 'Keep');
    const kept = await stateOf(mail, target);
    expect(kept).toMatchObject({ inRecoverableItems: false, categories: [] });
    expect(await mail.putBack([back(target, before, true)])).toMatchObject([{ status: 'done' }]);
    expect(await stateOf(mail, target)).toEqual({ ...kept, categories: ['Red'] });
  });

  test.each([
    ['was deleted meanwhile', true],
    ['is below one that was deleted', true],
    ['is where it was', false],
  ])('tells a folder that %s', async (what, folderDeleted) => {
    const { sandbox, mail } = await world();
    const outer = sandbox.tenant.addFolder('alice', 'Projects');
    const inner = sandbox.tenant.addFolder('alice', 'Orange', outer.id);
    const target = delivered(sandbox, 'alice', { folder: inner.id });
    const before = await stateOf(mail, target);
    await mail.softDelete([target]);
    if (folderDeleted) sandbox.tenant.removeFolder('alice', what.startsWith('was') ? 'Orange' : 'Projects');
    await mail.putBack([back(target, before)]);
    const [reading] = await mail.read([target], { deletedFolders: true });
    expect(reading).toMatchObject({ status: 'ok', state: { folderId: inner.id, folderDeleted } });
  });

  test('does not call Deleted Items itself a deleted folder: some copies were found there', async () => {
    const { sandbox, mail } = await world();
    const target = delivered(sandbox, 'alice', { folder: 'deleteditems' });
    expect(await mail.read([target], { deletedFolders: true })).toMatchObject([{ state: { folderDeleted: false } }]);
  });
});

describe('a hard delete', () => {
  test.each([true, false])(
    'is seen to be one, whether the id stays readable in Purges (%s) or not',
    async (readable) => {
      const { sandbox, mail } = await world({ graph: { beliefs: { purgesReadable: readable } } });
      const target = delivered(sandbox, 'alice');
      expect(await mail.hardDelete([target])).toMatchObject([{ status: 'done' }]);
      const [reading] = await mail.read([target]);
      expect(reading).toMatchObject({ status: 'absent' });
      expect(reading?.status === 'absent' && (reading.beyond ?? false)).toBe(readable);
      expect(sandbox.tenant.look('alice').messages).toMatchObject([{ folder: 'Purges' }]);
    },
  );

  test.each([
    [true, 'denied', 'Deletions'],
    [false, 'done', 'Purges'],
  ])('of what lies in Recoverable Items may be refused (%s)', async (deletionsLocked, word, folder) => {
    const { sandbox, mail } = await world({ graph: { beliefs: { deletionsLocked } } });
    const target = delivered(sandbox, 'alice');
    await mail.softDelete([target]);
    expect((await mail.hardDelete([target])).map(wordOf)).toEqual([word]);
    expect(sandbox.tenant.look('alice').messages).toMatchObject([{ folder }]);
  });
});
