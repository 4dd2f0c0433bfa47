import { beforeEach, describe, expect, test } from 'vitest';
import type { Directory, Expansion } from '../../src/ports/people.ts';

/** A tenant's people, with a `Directory` that knows them. Ids are Entra object ids in lower case. */
export interface DirectoryWorld {
  readonly directory: Directory;
  /** An enabled member with a main address and another one. */
  readonly member: { readonly id: string; readonly name: string; readonly address: string; readonly alias: string };
  readonly guest: string;
  /** A member whose account was switched off. */
  readonly disabled: string;
  /** Holds the member, and a group that holds the guest. */
  readonly group: string;
  /** A list by its address: holds the member, and another list that holds the guest. */
  readonly list: string;
  /** A list whose members may not be seen. */
  readonly hiddenList: string;
  /** A list with nobody in it. */
  readonly emptyList: string;
  /** Somebody whom Identity Protection holds at risk. */
  readonly risky: string;
  /** How many there are, everybody above included. */
  readonly size: number;
  /** As an administrator does: nobody is in the group any more, the member's account is off and at no risk, the risky one safe. */
  takeAllAway(): Promise<void>;
  /** From now on nobody answers any question. */
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const NOBODY = '99999999-0000-4000-8000-000000000000';
const UNAVAILABLE = expect.objectContaining({ name: 'ClawbackError', code: 'unavailable' });

/** What every `Directory` has to do, whatever is behind it. */
export function directoryContract(name: string, make: () => Promise<DirectoryWorld>): void {
  describe(`${name}, as a directory`, () => {
    let world: DirectoryWorld;

    beforeEach(async () => {
      world = await make();
      return () => world.close();
    });

    describe('a person', () => {
      test('is described with every address, in lower case', async () => {
        const found = await world.directory.person(world.member.id);
        expect(found).toMatchObject({ id: world.member.id, name: world.member.name, enabled: true, guest: false });
        expect(found?.addresses).toEqual(expect.arrayContaining([world.member.address, world.member.alias]));
      });

      test('is found by the id in capitals too, and named by the id in small letters', async () => {
        expect(await world.directory.person(world.member.id.toUpperCase())).toMatchObject({ id: world.member.id });
      });

      test('may be a guest', async () => {
        expect(await world.directory.person(world.guest)).toMatchObject({ guest: true, enabled: true });
      });

      test('may be switched off', async () => {
        expect(await world.directory.person(world.disabled)).toMatchObject({ guest: false, enabled: false });
      });

      test.each([NOBODY, 'dana@contoso.example', '../groups', ''])('does not exist under the id %j', async (id) => {
        expect(await world.directory.person(id)).toBeNull();
      });
    });

    describe('an address', () => {
      test('belongs to whoever has it as main address', async () => {
        const found = await world.directory.byAddress(world.member.address);
        expect(found.map(({ id }) => id)).toEqual([world.member.id]);
      });

      test('belongs to whoever has it as another one, in any case', async () => {
        const found = await world.directory.byAddress(world.member.alias.toUpperCase());
        expect(found.map(({ id }) => id)).toEqual([world.member.id]);
      });

      test('may belong to nobody', async () => {
        expect(await world.directory.byAddress(`o'nobody+x@contoso.example`)).toEqual([]);
      });
    });

    describe('a group', () => {
      test('has the people of the groups inside it as well, and no groups', async () => {
        expect(await world.directory.members(world.group)).toEqual(new Set([world.member.id, world.guest]));
      });

      test.each([NOBODY, 'SOC', '../users'])('that is not there (%s) is not taken for an empty one', async (id) => {
        await expect(world.directory.members(id)).rejects.toEqual(UNAVAILABLE);
      });
    });

    describe('who gets what is sent to', () => {
      const idsIn = (expansion: Expansion) =>
        expansion.kind === 'group' ? expansion.members.map(({ id }) => id).toSorted() : expansion.kind;

      test('an address is whoever has it, also with a tag', async () => {
        const { directory, member } = world;
        const owner = expect.objectContaining({ kind: 'person', id: member.id });
        for (const address of [member.address, member.alias.toUpperCase(), member.alias.replace('@', '+Spring+2026@')])
          expect(await directory.expand(address)).toEqual(owner);
      });

      test('a list is everybody in it and in the lists inside it, each with an address', async () => {
        const { directory, member, guest, list } = world;
        const found = await directory.expand(list.toUpperCase());
        expect(found).toMatchObject({ kind: 'group', complete: true, why: '' });
        expect(idsIn(found)).toEqual([member.id, guest].toSorted());
        expect(found).toMatchObject({ members: expect.arrayContaining([{ id: member.id, address: member.address }]) });
      });

      test('a list with a tag is the list', async () => {
        const { directory, member, guest, list } = world;
        expect(idsIn(await directory.expand(list.replace('@', '+x@')))).toEqual([member.id, guest].toSorted());
      });

      test('a list whose members are hidden, or that is empty, cannot be told completely', async () => {
        for (const address of [world.hiddenList, world.emptyList]) {
          const found = await world.directory.expand(address);
          expect(found).toMatchObject({ kind: 'group', members: [], complete: false, why: expect.stringMatching(/./) });
        }
      });

      test.each(["o'nobody@contoso.com", 'nobody+ana@contoso.com', '+ana@contoso.com'])(
        '%s is nobody',
        async (address) => {
          expect(await world.directory.expand(address)).toEqual({ kind: 'nobody' });
        },
      );

      test('no address is unclear', async () => {
        expect(await world.directory.expand('ana')).toEqual({ kind: 'unclear', why: 'not a mail address' });
      });
    });

    describe('asked anew', () => {
      test('says what is so now, though it said something else a moment ago, and then says it to everybody', async () => {
        const { directory, member, group, risky, takeAllAway } = world;
        const say = async (asked: Directory) => [
          (await asked.person(member.id))?.enabled,
          (await asked.byAddress(member.address))[0]?.enabled,
          (await asked.members(group)).size,
          await asked.atRisk(risky),
        ];
        expect(await say(directory)).toEqual([true, true, 2, true]);
        await takeAllAway();
        expect(await say(directory)).toEqual([true, true, 2, true]);
        expect(await say(directory.anew())).toEqual([false, false, 0, false]);
        expect(await say(directory)).toEqual([false, false, 0, false]);
      });

      test('does not fall back to what was said before when it cannot be asked', async () => {
        const { directory, member } = world;
        await directory.person(member.id);
        await world.breakDown();
        await expect(directory.anew().person(member.id)).rejects.toEqual(UNAVAILABLE);
      });
    });

    test('a person may be at risk', async () => {
      const { directory, risky, member } = world;
      expect([await directory.atRisk(risky), await directory.atRisk(member.id)]).toEqual([true, false]);
    });

    test('the tenant has a size', async () => {
      expect(await world.directory.size()).toBe(world.size);
    });

    const QUESTIONS: readonly [string, (asked: DirectoryWorld) => Promise<unknown>][] = [
      ['a person', ({ directory, member }) => directory.person(member.id)],
      ['an address', ({ directory, member }) => directory.byAddress(member.address)],
      ['a group', ({ directory, group }) => directory.members(group)],
      ['a list', ({ directory, list }) => directory.expand(list)],
      ['a risk', ({ directory, member }) => directory.atRisk(member.id)],
      ['the size', ({ directory }) => directory.size()],
    ];

    test.each(QUESTIONS)('that is out of order gives no answer about %s, rather than a wrong one', async (_, ask) => {
      await world.breakDown();
      await expect(ask(world)).rejects.toEqual(UNAVAILABLE);
    });
  });
}
