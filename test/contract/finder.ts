import { beforeEach, describe, expect, test } from 'vitest';
import { KEY, type MailWorld, PHISH, personIn } from './mail-world.ts';

/** What every `Finder` has to do, whatever service is behind it. */
export function finderContract(name: string, make: () => Promise<MailWorld>): void {
  describe(`${name}, as a finder`, () => {
    let world: MailWorld;
    const person = (n: number) => personIn(world, n);

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    test('goes by one word, and says that it can be asked', () => {
      expect([world.finder.name, world.finder.can.find]).toEqual([expect.stringMatching(/^[a-z]+$/), 'yes']);
    });

    test.each([
      ['both ids', KEY],
      ['the network message id', { ...KEY, internetMessageId: null }],
      ['the Message-ID', { ...KEY, networkMessageId: null }],
    ])('names everyone who received it, by %s', async (_, key) => {
      await world.deliver(person(0), PHISH);
      await world.deliver(person(1), PHISH);
      const found = await world.finder.find(key, 'short');
      expect(found.deliveries.map(({ recipient }) => recipient).toSorted()).toEqual(
        [person(0).address, person(1).address].sort(),
      );
    });

    test('tells the facts of each delivery, and that it told them all', async () => {
      await world.deliver(person(0), PHISH);
      const found = await world.finder.find(KEY, 'short');
      expect(found).toMatchObject({
        cutOff: false,
        deliveries: [{ recipient: person(0).address, recipientId: person(0).mailbox, ...PHISH }],
      });
    });

    test('finds nothing by ids that nothing bears', async () => {
      await world.deliver(person(0), PHISH);
      const none = { internetMessageId: '<none@x.example>', networkMessageId: null };
      const found = await world.finder.find(none, 'long');
      expect(found.deliveries).toEqual([]);
    });
  });
}
