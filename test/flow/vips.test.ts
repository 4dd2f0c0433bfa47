import { describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { namesOfVips } from '../../src/flow/find/vips.ts';
import type { Directory } from '../../src/ports/people.ts';

/** Whose names are watched over: as the policy calls people important, and the directory calls them. */

const HOUR = 3_600_000;
const guid = (n: number) => `33333333-0000-4000-8000-${String(n).padStart(12, '0')}`;

function directoryWith(change: Partial<Directory> = {}) {
  const asked: string[] = [];
  const person = (id: string) => ({
    id,
    name: `Person ${Number(id.slice(-12))}`,
    addresses: [`${id}@contoso.example`],
  });
  const known = {
    person: async (id: string) => {
      asked.push(id);
      return { ...person(id), enabled: true, guest: false };
    },
    byAddress: async (address: string) => {
      asked.push(address);
      return address === 'ceo@contoso.example' ? [{ ...person(guid(1)), enabled: true, guest: false }] : [];
    },
    expand: async () => ({ kind: 'nobody' }) as const,
    members: async () => new Set([guid(1), guid(2)]),
    ...change,
  };
  return { asked, directory: known as unknown as Directory };
}

const SET = { addresses: ['ceo@contoso.example'], entraGroups: [guid(9)] };

describe('names of important people', () => {
  it('are those of everybody in the set, each once', async () => {
    const { directory } = directoryWith();
    const names = await namesOfVips(directory, () => 0)(SET);
    expect(names?.map(({ name }) => name)).toEqual(['Person 1', 'Person 2']);
  });

  it('are asked for again after hours, and anew where the policy names others', async () => {
    const { directory, asked } = directoryWith();
    let now = 0;
    const vips = namesOfVips(directory, () => now);
    await vips(SET);
    await vips(SET);
    expect(asked).toHaveLength(2);
    await vips({ ...SET, entraGroups: [] });
    expect(asked).toHaveLength(3);
    now = 7 * HOUR;
    await vips(SET);
    expect(asked).toHaveLength(5);
  });

  it('are not known while the directory does not tell, and then again', async () => {
    let isDown = true;
    const { directory } = directoryWith({
      members: async () => {
        if (isDown) throw new ClawbackError('unavailable', 'busy');
        return new Set([guid(1)]);
      },
    });
    const vips = namesOfVips(directory, () => 0);
    expect(await vips(SET)).toBeNull();
    isDown = false;
    expect(await vips(SET)).toHaveLength(1);
  });

  it('are asked for a hundred at most, those first that are named one by one', async () => {
    const crowd = new Set(Array.from({ length: 5_000 }, (_none, n) => guid(n + 100)));
    const { directory, asked } = directoryWith({ members: async () => crowd });
    expect(await namesOfVips(directory, () => 0)(SET)).toHaveLength(100);
    expect(asked).toHaveLength(100);
    expect(asked[0]).toBe('ceo@contoso.example');
  });
});
