import { beforeEach, describe, expect, test } from 'vitest';
import type { Target } from '../../src/core/plan.ts';
import type { Lookup, Mail, MessageIds, MessageState, PutBackOrder, Wanted } from '../../src/ports/mail.ts';

export interface Person {
  readonly address: string;
  /** Entra object id. */
  readonly mailbox: string;
}

export interface Delivery {
  readonly internetMessageId: string;
  readonly networkMessageId: string;
  readonly sender: string;
  readonly subject: string;
}

/** A tenant of the kind under test, with a `Mail` that works on it. */
export interface MailWorld {
  readonly mail: Mail;
  /** At least 25, each with an empty mailbox. */
  readonly people: readonly Person[];
  /** A mailbox that several people read: its own account is switched off. */
  readonly shared: Person;
  /** Addresses: one whose mailbox is closed to us, one whose owner has no mailbox, one that nobody has. */
  readonly closed: string;
  readonly withoutMailbox: string;
  readonly nobody: string;
  /** Unread, unmarked, in the Inbox; known to hunting. */
  deliver(person: Person, mail: Delivery): Promise<void>;
  /** As if it had never been: not in Recoverable Items either. */
  erase(target: Target): Promise<void>;
  close(): Promise<void>;
}

const PHISH: Delivery = {
  internetMessageId: `<CAF+a=b&c#d%27e'@mail.fabrikam.example.com>`,
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  sender: 'it-help@fabrikam.example.com',
  subject: 'Your mailbox is full',
};

const KEY: MessageIds = {
  internetMessageId: PHISH.internetMessageId,
  networkMessageId: PHISH.networkMessageId,
};

const WANTED: Wanted = { internetMessageIds: [PHISH.internetMessageId] };

function only<T>(list: readonly T[]): T {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) throw new Error(`expected one element, got ${list.length}`);
  return first;
}

function targetOf(lookup: Lookup): Target {
  if (lookup.mailbox === null) throw new Error(`no mailbox behind ${lookup.address}: ${lookup.detail}`);
  return { mailbox: lookup.mailbox.id, message: only(lookup.messages).message };
}

/** What every `Mail` has to do, whatever is behind it. */
export function mailContract(name: string, make: () => Promise<MailWorld>): void {
  describe(`${name}, as mail`, () => {
    let world: MailWorld;

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    function person(n: number): Person {
      const found = world.people[n];
      if (!found) throw new Error(`the world has no person ${n}`);
      return found;
    }

    async function delivered(to: Person): Promise<Target> {
      await world.deliver(to, PHISH);
      return targetOf(only(await world.mail.locate([to.address], WANTED)));
    }

    async function stateOf(target: Target): Promise<MessageState> {
      const reading = only(await world.mail.read([target]));
      if (reading.status !== 'ok') throw new Error(`could not read: ${reading.status}`);
      return reading.state;
    }

    function backTo(target: Target, before: MessageState): PutBackOrder {
      return { ...before, ...target, moved: false };
    }

    describe('looking for a message', () => {
      test('finds it where it was delivered, with all that a plan needs', async () => {
        await world.deliver(person(0), PHISH);
        const found = only(await world.mail.locate([person(0).address], WANTED));
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
              folder: 'Inbox',
              isRead: false,
              flag: 'notFlagged',
              categories: [],
            },
          ],
        });
        expect(found.requestId).not.toBe('');
      });

      test('sees nothing where another Message-ID was delivered', async () => {
        await world.deliver(person(0), { ...PHISH, internetMessageId: '<other@mail.fabrikam.example.com>' });
        expect(await world.mail.locate([person(0).address], WANTED)).toMatchObject([
          { result: 'nothing', messages: [] },
        ]);
      });

      test('keeps nothing, closed, no mailbox and nobody apart, in the order asked', async () => {
        const addresses = [world.nobody, person(0).address, world.closed, world.withoutMailbox];
        const lookups = await world.mail.locate(addresses, WANTED);
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
        const lookups = await world.mail.locate(
          people.map(({ address }) => address),
          WANTED,
        );
        expect(lookups.map(({ mailbox, messages }) => [mailbox?.id, messages.length])).toEqual(
          people.map(({ mailbox }) => [mailbox, 1]),
        );
      });

      test('cannot search without a Message-ID, and says so of every address', async () => {
        await world.deliver(person(0), PHISH);
        const lookups = await world.mail.locate([person(0).address, person(1).address], { internetMessageIds: [] });
        expect(lookups).toMatchObject([
          { result: 'failed', messages: [] },
          { result: 'failed', messages: [] },
        ]);
      });

      test('finds what bears any of several Message-IDs, each message once', async () => {
        const ids = Array.from({ length: 7 }, (_, n) => `<${n}.o'hara@mail.fabrikam.example.com>`);
        for (const internetMessageId of [ids[0] ?? '', ids[6] ?? '', '<other@fabrikam.example.com>'])
          await world.deliver(person(0), { ...PHISH, internetMessageId });
        const found = only(await world.mail.locate([person(0).address], { internetMessageIds: [...ids, ...ids] }));
        expect(found.messages.map(({ internetMessageId }) => internetMessageId).toSorted()).toEqual([ids[0], ids[6]]);
      });

      test('finds all of several messages with the same Message-ID, each with what tells them apart', async () => {
        const twin = { ...PHISH, networkMessageId: '0aca4154-58d8-43d0-a890-08dc18c52e6d', subject: 'Lunch' };
        for (const mail of [PHISH, twin, twin]) await world.deliver(person(0), mail);
        const found = only(await world.mail.locate([person(0).address], WANTED));
        const facts = found.messages.map(({ networkMessageId, subject }) => `${networkMessageId} ${subject}`);
        expect(facts.toSorted()).toEqual(
          [twin, twin, PHISH].map(({ networkMessageId, subject }) => `${networkMessageId} ${subject}`),
        );
        expect(new Set(found.messages.map(({ message }) => message)).size).toBe(3);
      });

      test('looks into a shared mailbox, whose account is switched off, like into any other', async () => {
        await world.deliver(world.shared, PHISH);
        expect(await world.mail.locate([world.shared.address], WANTED)).toMatchObject([
          { result: 'found', mailbox: { id: world.shared.mailbox } },
        ]);
      });
    });

    describe('hunting', () => {
      test.each([
        ['both ids', KEY],
        ['the network message id', { ...KEY, internetMessageId: null }],
        ['the Message-ID', { ...KEY, networkMessageId: null }],
      ])('names everyone who received it, by %s', async (_, key) => {
        await world.deliver(person(0), PHISH);
        await world.deliver(person(1), PHISH);
        const found = await world.mail.hunt(key);
        expect(found.deliveries.map(({ recipient }) => recipient).toSorted()).toEqual(
          [person(0).address, person(1).address].sort(),
        );
      });

      test('tells the facts of each delivery, and that it told them all', async () => {
        await world.deliver(person(0), PHISH);
        const found = await world.mail.hunt(KEY);
        expect(found).toMatchObject({
          cutOff: false,
          deliveries: [{ recipient: person(0).address, recipientId: person(0).mailbox, ...PHISH }],
        });
      });

      test('finds nothing by ids that nothing bears', async () => {
        await world.deliver(person(0), PHISH);
        const found = await world.mail.hunt({ ...KEY, internetMessageId: '<none@x.example>', networkMessageId: null });
        expect(found.deliveries).toEqual([]);
      });
    });

    describe('a soft delete', () => {
      test('hides the message and keeps its id', async () => {
        const target = await delivered(person(0));
        expect(await world.mail.softDelete([target])).toMatchObject([{ status: 'ok', target }]);
        expect(await stateOf(target)).toMatchObject({ inRecoverableItems: true });
      });

      test('leaves nothing for the next search', async () => {
        await world.mail.softDelete([await delivered(person(0))]);
        expect(await world.mail.locate([person(0).address], WANTED)).toMatchObject([{ result: 'nothing' }]);
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(person(0));
        await world.erase(target);
        expect(await world.mail.softDelete([target])).toMatchObject([{ status: 'absent', target }]);
      });

      test('answers each of many in the order asked', async () => {
        const kept = await delivered(person(0));
        const erased = await delivered(person(1));
        await world.erase(erased);
        const effects = await world.mail.softDelete([erased, kept, { ...kept, mailbox: 'not a mailbox' }]);
        expect(effects.map(({ status }) => status)).toEqual(['absent', 'ok', 'failed']);
      });
    });

    describe('a hard delete', () => {
      test('leaves nothing to read, as if it had never been', async () => {
        const target = await delivered(person(0));
        expect(await world.mail.hardDelete([target])).toMatchObject([{ status: 'ok', target }]);
        expect(await world.mail.read([target])).toMatchObject([{ status: 'absent' }]);
      });

      test('leaves nothing for the next search and nothing to put back', async () => {
        const target = await delivered(person(0));
        const before = await stateOf(target);
        await world.mail.hardDelete([target]);
        expect(await world.mail.locate([person(0).address], WANTED)).toMatchObject([{ result: 'nothing' }]);
        expect(await world.mail.putBack([backTo(target, before)])).toMatchObject([{ status: 'absent' }]);
      });

      test('reaches what was soft-deleted before', async () => {
        const target = await delivered(person(0));
        await world.mail.softDelete([target]);
        expect(await world.mail.hardDelete([target])).toMatchObject([{ status: 'ok', target }]);
        expect(await world.mail.read([target])).toMatchObject([{ status: 'absent' }]);
      });

      test('answers each of many in the order asked, and one that is gone is absent', async () => {
        const kept = await delivered(person(0));
        const erased = await delivered(person(1));
        await world.erase(erased);
        const effects = await world.mail.hardDelete([erased, kept, { ...kept, mailbox: 'not a mailbox' }]);
        expect(effects.map(({ status }) => status)).toEqual(['absent', 'ok', 'failed']);
      });

      test('leaves the copies of everybody else alone', async () => {
        const mine = await delivered(person(0));
        const theirs = await delivered(person(1));
        await world.mail.hardDelete([mine]);
        expect(await stateOf(theirs)).toMatchObject({ inRecoverableItems: false });
      });
    });

    describe('reading', () => {
      test('tells folder, read state and marks', async () => {
        const target = await delivered(person(0));
        expect(await stateOf(target)).toMatchObject({
          internetMessageId: PHISH.internetMessageId,
          sender: PHISH.sender,
          inRecoverableItems: false,
          isRead: false,
          flag: 'notFlagged',
          categories: [],
        });
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(person(0));
        await world.erase(target);
        expect(await world.mail.read([target])).toMatchObject([{ status: 'absent' }]);
      });
    });

    describe('a mark', () => {
      test('is seen afterwards, and nothing else has changed', async () => {
        const target = await delivered(person(0));
        const before = await stateOf(target);
        const order = { ...target, categories: ['Security: reported'], flag: 'flagged' };
        expect(await world.mail.mark([order])).toMatchObject([{ status: 'ok', target }]);
        expect(await stateOf(target)).toEqual({ ...before, categories: ['Security: reported'], flag: 'flagged' });
      });

      test('leaves the flag alone when told so', async () => {
        const target = await delivered(person(0));
        await world.mail.mark([{ ...target, categories: [], flag: 'flagged' }]);
        await world.mail.mark([{ ...target, categories: ['Red'], flag: null }]);
        expect(await stateOf(target)).toMatchObject({ categories: ['Red'], flag: 'flagged' });
      });
    });

    describe('putting back', () => {
      test('gives the message its folder, read state and marks again', async () => {
        const target = await delivered(person(0));
        await world.mail.mark([{ ...target, categories: ['Red'], flag: 'flagged' }]);
        const before = await stateOf(target);
        await world.mail.softDelete([target]);
        expect(await world.mail.putBack([backTo(target, before)])).toMatchObject([{ status: 'ok', target }]);
        expect(await stateOf(target)).toEqual(before);
      });

      test('uses the Inbox when the folder is gone', async () => {
        const target = await delivered(person(0));
        const before = await stateOf(target);
        await world.mail.softDelete([target]);
        const order = { ...backTo(target, before), folderId: 'AAMkAGZvbGRlciB0aGF0IGlzIGdvbmU=' };
        expect(await world.mail.putBack([order])).toMatchObject([{ status: 'ok' }]);
        expect(await stateOf(target)).toEqual(before);
      });

      test('of a message that is gone is absent', async () => {
        const target = await delivered(person(0));
        const before = await stateOf(target);
        await world.erase(target);
        expect(await world.mail.putBack([backTo(target, before)])).toMatchObject([{ status: 'absent' }]);
      });
    });
  });
}
