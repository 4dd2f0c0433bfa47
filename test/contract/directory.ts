import { beforeEach, describe, expect, test } from 'vitest';
import type { Directory } from '../../src/ports/people.ts';

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
  /** Somebody whom Identity Protection holds at risk. */
  readonly risky: string;
  /** How many there are, everybody above included. */
  readonly size: number;
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
      ['a risk', ({ directory, member }) => directory.atRisk(member.id)],
      ['the size', ({ directory }) => directory.size()],
    ];

    test.each(QUESTIONS)('that is out of order gives no answer about %s, rather than a wrong one', async (_, ask) => {
      await world.breakDown();
      await expect(ask(world)).rejects.toEqual(UNAVAILABLE);
    });
  });
}
