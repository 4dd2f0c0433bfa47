import { beforeEach, describe, expect, test } from 'vitest';
import { delivered, type MailWorld, only, PHISH, personIn, stateOf, WANTED } from './mail-world.ts';

/** What every `Reader` has to do, whatever is behind it. */
export function readerContract(name: string, make: () => Promise<MailWorld>): void {
  describe(`${name}, as a reader`, () => {
    let world: MailWorld;
    const person = (n: number) => personIn(world, n);

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    test('says that it can look and read', () => {
      expect(world.reader.can).toMatchObject({ locate: 'yes', read: 'yes' });
    });

    describe('looking for a message', () => {
      test('finds it where it was delivered, with all that a plan needs', async () => {
        await world.deliver(person(0), PHISH);
        const found = only(await world.reader.locate([person(0).address], WANTED));
        expect(found).toMatchObject({
          result: 'found',
          mailbox: { id: person(0).mailbox },
          messages: [
            {
              internetMessageId: PHISH.internetMessageId,
              networkMessageId: PHISH.networkMessageId,
              sender: PHISH.sender,
              isDraft: false,
              inSentItems: false,
              isRead: false,
              flag: 'notFlagged',
              categories: [],
            },
          ],
        });
        expect(found.requestId).not.toBe('');
        const place = { mailbox: found.mailbox?.id ?? '', folderId: found.messages[0]?.folderId ?? '' };
        expect(await world.reader.folderNames([place])).toEqual(['Inbox']);
      });

      test('finds it by the owner whom tracking names, and by the address where that is not the owner', async () => {
        for (const n of [0, 1]) await world.deliver(person(n), PHISH);
        const owners = new Map([
          [person(0).address.toLowerCase(), person(0).mailbox],
          [person(1).address.toLowerCase(), person(2).mailbox],
        ]);
        const addresses = [person(1).address, person(0).address, world.nobody];
        const lookups = await world.reader.locate(addresses, { ...WANTED, owners });
        expect(lookups.map(({ result, mailbox }) => [result, mailbox?.id ?? null])).toEqual([
          ['found', person(1).mailbox],
          ['found', person(0).mailbox],
          ['missing', null],
        ]);
      });

      test('sees nothing where another Message-ID was delivered', async () => {
        await world.deliver(person(0), { ...PHISH, internetMessageId: '<other@mail.fabrikam.example.com>' });
        expect(await world.reader.locate([person(0).address], WANTED)).toMatchObject([
          { result: 'nothing', messages: [] },
        ]);
      });

      test('keeps nothing, closed, no mailbox and nobody apart, in the order asked', async () => {
        const addresses = [world.nobody, person(0).address, world.closed, world.withoutMailbox];
        const lookups = await world.reader.locate(addresses, WANTED);
        expect(lookups.map(({ address, result }) => [address, result])).toEqual([
          [world.nobody, 'missing'],
          [person(0).address, 'nothing'],
          [world.closed, 'denied'],
          [world.withoutMailbox, 'unreachable'],
        ]);
      });

      test('looks into more mailboxes than one batch holds', async () => {
        const people = world.people.slice(0, 25);
        for (const each of people) await world.deliver(each, PHISH);
        const lookups = await world.reader.locate(
          people.map(({ address }) => address),
          WANTED,
        );
        expect(lookups.map(({ mailbox, messages }) => [mailbox?.id, messages.length])).toEqual(
          people.map(({ mailbox }) => [mailbox, 1]),
        );
      });

      test('cannot search without a Message-ID, and says so of every address', async () => {
        await world.deliver(person(0), PHISH);
        const lookups = await world.reader.locate([person(0).address, person(1).address], { internetMessageIds: [] });
        expect(lookups).toMatchObject([
          { result: 'failed', messages: [] },
          { result: 'failed', messages: [] },
        ]);
      });

      test('finds what bears any of several Message-IDs, each message once', async () => {
        const ids = Array.from({ length: 7 }, (_, n) => `<${n}.o'hara@mail.fabrikam.example.com>`);
        for (const internetMessageId of [ids[0] ?? '', ids[6] ?? '', '<other@fabrikam.example.com>'])
          await world.deliver(person(0), { ...PHISH, internetMessageId });
        const found = only(await world.reader.locate([person(0).address], { internetMessageIds: [...ids, ...ids] }));
        expect(found.messages.map(({ internetMessageId }) => internetMessageId).toSorted()).toEqual([ids[0], ids[6]]);
      });

      test('finds all of several messages with the same Message-ID, each with what tells them apart', async () => {
        const twin = { ...PHISH, networkMessageId: '0aca4154-58d8-43d0-a890-08dc18c52e6d', subject: 'Lunch' };
        for (const mail of [PHISH, twin, twin]) await world.deliver(person(0), mail);
        const found = only(await world.reader.locate([person(0).address], WANTED));
        const facts = found.messages.map(({ networkMessageId, subject }) => `${networkMessageId} ${subject}`);
        expect(facts.toSorted()).toEqual(
          [twin, twin, PHISH].map(({ networkMessageId, subject }) => `${networkMessageId} ${subject}`),
        );
        expect(new Set(found.messages.map(({ message }) => message)).size).toBe(3);
      });

      test('looks into a shared mailbox, whose account is switched off, like into any other', async () => {
        await world.deliver(world.shared, PHISH);
        expect(await world.reader.locate([world.shared.address], WANTED)).toMatchObject([
          { result: 'found', mailbox: { id: world.shared.mailbox } },
        ]);
      });
    });

    describe('reading', () => {
      test('tells folder, read state and marks', async () => {
        const target = await delivered(world, person(0));
        expect(await stateOf(world, target)).toMatchObject({
          internetMessageId: PHISH.internetMessageId,
          sender: PHISH.sender,
          inRecoverableItems: false,
          isRead: false,
          flag: 'notFlagged',
          categories: [],
        });
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(world, person(0));
        await world.erase(target);
        expect(await world.reader.read([target])).toMatchObject([{ status: 'absent' }]);
      });
    });

    describe('reading where a message is expected', () => {
      const inSight = { expected: { ...WANTED, in: 'sight' } } as const;
      const inBin = { expected: { ...WANTED, in: 'bin' } } as const;

      test('tells of it what reading it by its id tells', async () => {
        const target = await delivered(world, person(0));
        const [byId] = await world.reader.read([target]);
        const [found] = await world.reader.read([target], inSight);
        expect(found).toMatchObject({ status: 'ok', state: (byId as { state?: unknown }).state, beside: [] });
      });

      test('names what else bears its Message-ID in the same mailbox, and in no other', async () => {
        const target = await delivered(world, person(0));
        await world.deliver(person(0), { ...PHISH, subject: 'Lunch' });
        await world.deliver(person(0), { ...PHISH, internetMessageId: '<other@mail.fabrikam.example.com>' });
        await world.deliver(person(1), PHISH);
        const [found] = await world.reader.read([target], inSight);
        expect(found?.beside).toHaveLength(1);
        expect(found?.beside).not.toContain(target.message);
      });

      test('finds several of one mailbox, and of several mailboxes, in the order asked', async () => {
        for (const to of [person(1), person(0), person(1)]) await world.deliver(to, PHISH);
        const lookups = await world.reader.locate([person(1).address, person(0).address], WANTED);
        const all = lookups.flatMap(({ mailbox, messages }) =>
          messages.map(({ message }) => ({ mailbox: mailbox?.id ?? '', message })),
        );
        const targets = [all[0], all[2], all[1]].flatMap((one) => one ?? []);
        const readings = await world.reader.read(targets, inSight);
        expect(readings.map(({ target, status, beside }) => ({ ...target, status, beside }))).toEqual(
          targets.map((target) => ({ ...target, status: 'ok', beside: [] })),
        );
      });

      test('finds it in the bin, and says that its owner does not see it', async () => {
        const target = await delivered(world, person(0));
        await world.effects.softDelete([target]);
        expect(await world.reader.read([target], inBin)).toMatchObject([
          { status: 'ok', state: { inRecoverableItems: true, internetMessageId: PHISH.internetMessageId } },
        ]);
      });

      test('in the wrong place finds it all the same, where it really is', async () => {
        const seen = await delivered(world, person(0));
        const gone = await delivered(world, person(1));
        await world.effects.softDelete([gone]);
        expect(await world.reader.read([seen, gone], inBin)).toMatchObject([
          { status: 'ok', state: { inRecoverableItems: false } },
          { status: 'ok', state: { inRecoverableItems: true } },
        ]);
        expect(await world.reader.read([seen, gone], inSight)).toMatchObject([
          { status: 'ok', state: { inRecoverableItems: false } },
          { status: 'ok', state: { inRecoverableItems: true } },
        ]);
      });

      test('of one that is gone says so, and names what is left beside it', async () => {
        const target = await delivered(world, person(0));
        await world.deliver(person(0), PHISH);
        await world.erase(target);
        const [found] = await world.reader.read([target], inSight);
        expect(found).toMatchObject({ status: 'absent', beside: [expect.any(String)] });
      });
    });
  });
}
