import { beforeEach, describe, expect, test } from 'vitest';
import { defenderNameOf, isByDefenderAlone } from '../../src/core/action/engine-names.ts';
import type { Effect, Ordered, PutBackOrder } from '../../src/ports/effects.ts';
import type { MessageState, ToRead } from '../../src/ports/reader.ts';
import { type MailWorld, only, type Person, PHISH, personIn, WANTED } from './mail-world.ts';

/** What every way into mailboxes promises, whether it is done at once or only taken on. */

export interface EngineWorld extends MailWorld {
  /** Lets pass what it may take until something that was taken on is done, and told. */
  settled(): void;
}

/** Taken on or done: none of them says that it did not work. */
const TAKEN = expect.stringMatching(/^(?:done|accepted)$/);

export function engineContract(name: string, make: () => Promise<EngineWorld>): void {
  describe(`${name}, as a way into mailboxes`, () => {
    let world: EngineWorld;
    const person = (n: number) => personIn(world, n);

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    async function located({ address }: Person): Promise<Ordered & ToRead> {
      const { mailbox, messages } = only(await world.reader.locate([address], WANTED));
      const target = { mailbox: mailbox?.id ?? '', message: only(messages).message, address };
      const name = isByDefenderAlone(target) ? defenderNameOf(target) : null;
      return name ? { ...target, via: { ...name, order: 'case 4711' } } : target;
    }

    async function landed(to: Person): Promise<Ordered & ToRead> {
      await world.deliver(to, PHISH);
      return located(to);
    }

    async function seen(target: ToRead): Promise<MessageState> {
      const reading = only(await world.reader.read([target]));
      if (reading.status !== 'ok') throw new Error(`could not read: ${reading.status}`);
      return reading.state;
    }

    const backTo = (target: Ordered, before: MessageState): PutBackOrder => ({ ...before, ...target, moved: false });

    async function done(effects: Promise<readonly Effect[]>): Promise<void> {
      expect(only(await effects).status).toEqual(TAKEN);
      world.settled();
    }

    test('finds a mail in the mailboxes that it reached, and tells it from others by its network id', async () => {
      await world.deliver(person(0), PHISH);
      await world.deliver(person(1), {
        ...PHISH,
        networkMessageId: '11111111-58d8-43d0-a890-08dc18c52e6d',
        internetMessageId: '<b@x>',
      });
      const lookups = await world.reader.locate([person(1).address, person(0).address, world.nobody], WANTED);
      expect(lookups.map(({ result, mailbox }) => [result, mailbox?.id])).toEqual([
        ['nothing', person(1).mailbox],
        ['found', person(0).mailbox],
        ['missing', undefined],
      ]);
      expect(lookups[1]?.messages).toMatchObject([
        { networkMessageId: PHISH.networkMessageId, sender: PHISH.sender, subject: PHISH.subject },
      ]);
    });

    test('looks into many, and answers each in the order asked', async () => {
      const people = world.people.slice(0, 25);
      const addresses = [...people, ...people].map(({ address }) => address);
      for (const each of people.slice(0, 20)) await world.deliver(each, PHISH);
      const lookups = await world.reader.locate(addresses, WANTED);
      expect(lookups.map(({ address, messages }) => [address, messages.length])).toEqual(
        addresses.map((address, n) => [address, n % 25 < 20 ? 1 : 0]),
      );
    });

    test('takes a mail out of sight, and leaves everybody else’s alone', async () => {
      const mine = await landed(person(0));
      const theirs = await landed(person(1));
      expect(await seen(mine)).toMatchObject({ inRecoverableItems: false, internetMessageId: PHISH.internetMessageId });
      await done(world.effects.softDelete([mine]));
      expect([await seen(mine), await seen(theirs)]).toMatchObject([
        { inRecoverableItems: true },
        { inRecoverableItems: false },
      ]);
    });

    test('gives back what it took out', async () => {
      const target = await landed(person(0));
      const before = await seen(target);
      await done(world.effects.softDelete([target]));
      await done(world.effects.putBack([backTo(target, before)]));
      expect(await seen(target)).toEqual(before);
    });

    test('moves a mail to Junk Email, where it is in sight, and back', async () => {
      const target = await landed(person(0));
      const [before] = await world.reader.read([target], { junk: true });
      await done(world.effects.toJunk([target]));
      const [inJunk] = await world.reader.read([target], { junk: true });
      expect([before, inJunk]).toMatchObject([
        { state: { junk: 'outside' } },
        { state: { junk: 'inside', inRecoverableItems: false } },
      ]);
      if (before?.status !== 'ok') throw new Error('could not read');
      await done(world.effects.putBack([backTo(target, before.state)]));
      expect(await world.reader.read([target], { junk: true })).toMatchObject([{ state: { junk: 'outside' } }]);
    });

    test('the same once more does no harm', async () => {
      const target = await landed(person(0));
      await done(world.effects.softDelete([target]));
      await done(world.effects.softDelete([target]));
      expect(await seen(target)).toMatchObject({ inRecoverableItems: true });
    });

    test('answers each of many in the order asked, and one that is no target is refused', async () => {
      const bad = { mailbox: 'not a mailbox', message: '', address: 'none' };
      const [one, two] = [await landed(person(0)), await landed(person(1))];
      const effects = await world.effects.softDelete([two, bad, one]);
      expect(effects.map(({ target, status }) => [target.mailbox, status])).toEqual([
        [two.mailbox, TAKEN],
        [bad.mailbox, 'refused'],
        [one.mailbox, TAKEN],
      ]);
      expect(await world.reader.read([bad])).toMatchObject([{ status: 'failed' }]);
    });

    test('sends nothing when the time to act is over', async () => {
      const target = await landed(person(0));
      const effects = await world.effects.softDelete([target], { left: () => 0 });
      expect(effects).toMatchObject([{ status: 'unsent' }]);
      world.settled();
      expect(await seen(target)).toMatchObject({ inRecoverableItems: false });
    });

    test('says of where a mail is what people call it', async () => {
      const { mailbox, messages } = only(await located0());
      const places = [{ mailbox: mailbox?.id ?? '', folderId: only(messages).folderId }];
      expect(await world.reader.folderNames(places)).toEqual([expect.stringMatching(/^Inbox/)]);
    });

    async function located0() {
      await world.deliver(person(0), PHISH);
      return world.reader.locate([person(0).address], WANTED);
    }
  });
}
