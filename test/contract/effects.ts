import { beforeEach, describe, expect, test } from 'vitest';
import type { Target } from '../../src/core/find/plan.ts';
import type { PutBackOrder } from '../../src/ports/effects.ts';
import type { MessageState } from '../../src/ports/reader.ts';
import { delivered, type MailWorld, personIn, stateOf, WANTED } from './mail-world.ts';

/** What every `Effects` has to do, whatever is behind it. */
export function effectsContract(name: string, make: () => Promise<MailWorld>): void {
  describe(`${name}, as effects`, () => {
    let world: MailWorld;
    const person = (n: number) => personIn(world, n);

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    function backTo(target: Target, before: MessageState): PutBackOrder {
      return { ...before, ...target, moved: false };
    }

    test('says of each of them that it can be had', () => {
      expect(world.effects.can).toMatchObject({
        softDelete: 'yes',
        hardDelete: 'yes',
        toJunk: 'yes',
        mark: 'yes',
        putBack: 'yes',
      });
    });

    describe('a soft delete', () => {
      test('hides the message and keeps its id', async () => {
        const target = await delivered(world, person(0));
        expect(await world.effects.softDelete([target])).toMatchObject([{ status: 'done', target }]);
        expect(await stateOf(world, target)).toMatchObject({ inRecoverableItems: true });
      });

      test('leaves nothing for the next search', async () => {
        await world.effects.softDelete([await delivered(world, person(0))]);
        expect(await world.reader.locate([person(0).address], WANTED)).toMatchObject([{ result: 'nothing' }]);
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(world, person(0));
        await world.erase(target);
        expect(await world.effects.softDelete([target])).toMatchObject([{ status: 'refused', why: 'absent', target }]);
      });

      test('answers each of many in the order asked', async () => {
        const kept = await delivered(world, person(0));
        const erased = await delivered(world, person(1));
        await world.erase(erased);
        const effects = await world.effects.softDelete([erased, kept, { ...kept, mailbox: 'not a mailbox' }]);
        expect(effects.map(({ status, ...more }) => ('why' in more ? more.why : status))).toEqual([
          'absent',
          'done',
          'failed',
        ]);
      });
    });

    describe('a move to Junk Email', () => {
      const seenIn = async (target: Target) => (await world.reader.read([target], { junk: true }))[0];

      test('leaves the message where its owner sees it, under its id', async () => {
        const target = await delivered(world, person(0));
        expect(await seenIn(target)).toMatchObject({ state: { junk: 'outside' } });
        expect(await world.effects.toJunk([target])).toMatchObject([{ status: 'done', target }]);
        expect(await seenIn(target)).toMatchObject({ state: { junk: 'inside', inRecoverableItems: false } });
        expect(await world.reader.locate([person(0).address], WANTED)).toMatchObject([{ result: 'found' }]);
      });

      test('changes no marks', async () => {
        const target = await delivered(world, person(0));
        await world.effects.mark([{ ...target, categories: ['Mine'], flag: 'flagged' }]);
        const { folderId: _inbox, ...before } = await stateOf(world, target);
        await world.effects.toJunk([target]);
        expect(await stateOf(world, target)).toMatchObject(before);
      });

      test('is put back from there', async () => {
        const target = await delivered(world, person(0));
        const before = await stateOf(world, target);
        await world.effects.toJunk([target]);
        await world.effects.putBack([backTo(target, before)]);
        expect(await stateOf(world, target)).toEqual(before);
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(world, person(0));
        await world.erase(target);
        expect(await world.effects.toJunk([target])).toMatchObject([{ status: 'refused', why: 'absent', target }]);
      });
    });

    describe('a hard delete', () => {
      test('leaves nothing to read, as if it had never been', async () => {
        const target = await delivered(world, person(0));
        expect(await world.effects.hardDelete([target])).toMatchObject([{ status: 'done', target }]);
        expect(await world.reader.read([target])).toMatchObject([{ status: 'absent' }]);
      });

      test('leaves nothing for the next search and nothing to put back', async () => {
        const target = await delivered(world, person(0));
        const before = await stateOf(world, target);
        await world.effects.hardDelete([target]);
        expect(await world.reader.locate([person(0).address], WANTED)).toMatchObject([{ result: 'nothing' }]);
        expect(await world.effects.putBack([backTo(target, before)])).toMatchObject([
          { status: 'refused', why: 'absent' },
        ]);
      });

      test('reaches what was soft-deleted before', async () => {
        const target = await delivered(world, person(0));
        await world.effects.softDelete([target]);
        expect(await world.effects.hardDelete([target])).toMatchObject([{ status: 'done', target }]);
        expect(await world.reader.read([target])).toMatchObject([{ status: 'absent' }]);
      });

      test('answers each of many in the order asked, and one that is gone is absent', async () => {
        const kept = await delivered(world, person(0));
        const erased = await delivered(world, person(1));
        await world.erase(erased);
        const effects = await world.effects.hardDelete([erased, kept, { ...kept, mailbox: 'not a mailbox' }]);
        expect(effects.map(({ status, ...more }) => ('why' in more ? more.why : status))).toEqual([
          'absent',
          'done',
          'failed',
        ]);
      });

      test('leaves the copies of everybody else alone', async () => {
        const mine = await delivered(world, person(0));
        const theirs = await delivered(world, person(1));
        await world.effects.hardDelete([mine]);
        expect(await stateOf(world, theirs)).toMatchObject({ inRecoverableItems: false });
      });
    });

    describe('a mark', () => {
      test('is seen afterwards, and nothing else has changed', async () => {
        const target = await delivered(world, person(0));
        const before = await stateOf(world, target);
        const order = { ...target, categories: ['Security: reported'], flag: 'flagged' };
        expect(await world.effects.mark([order])).toMatchObject([{ status: 'done', target }]);
        expect(await stateOf(world, target)).toEqual({
          ...before,
          categories: ['Security: reported'],
          flag: 'flagged',
        });
      });

      test('leaves the flag alone when told so', async () => {
        const target = await delivered(world, person(0));
        await world.effects.mark([{ ...target, categories: [], flag: 'flagged' }]);
        await world.effects.mark([{ ...target, categories: ['Red'], flag: null }]);
        expect(await stateOf(world, target)).toMatchObject({ categories: ['Red'], flag: 'flagged' });
      });
    });

    describe('putting back', () => {
      test('gives the message its folder, read state and marks again', async () => {
        const target = await delivered(world, person(0));
        await world.effects.mark([{ ...target, categories: ['Red'], flag: 'flagged' }]);
        const before = await stateOf(world, target);
        await world.effects.softDelete([target]);
        expect(await world.effects.putBack([backTo(target, before)])).toMatchObject([{ status: 'done', target }]);
        expect(await stateOf(world, target)).toEqual(before);
      });

      test('uses the Inbox when the folder is gone', async () => {
        const target = await delivered(world, person(0));
        const before = await stateOf(world, target);
        await world.effects.softDelete([target]);
        const order = { ...backTo(target, before), folderId: 'AAMkAGZvbGRlciB0aGF0IGlzIGdvbmU=' };
        expect(await world.effects.putBack([order])).toMatchObject([{ status: 'done' }]);
        expect(await stateOf(world, target)).toEqual(before);
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(world, person(0));
        const before = await stateOf(world, target);
        await world.erase(target);
        expect(await world.effects.putBack([backTo(target, before)])).toMatchObject([
          { status: 'refused', why: 'absent' },
        ]);
      });
    });
  });
}
