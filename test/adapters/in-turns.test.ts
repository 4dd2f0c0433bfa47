import { describe, expect, it } from 'vitest';
import { createTurns, inTurns } from '../../src/adapters/graph/in-turns.ts';

/** Work that ends when it is told to. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    work: (name: string) =>
      new Promise<string>((resolve) => {
        begun.push(name);
        ends.set(name, () => resolve(`${name} done`));
      }),
    async end(...names: readonly string[]) {
      for (const name of names) ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('work in turns', () => {
  it('is begun so many at a time, and answered in the order asked', async () => {
    const { begun, work, end } = works();
    const all = inTurns(2, ['a', 'b', 'c'], work);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c', 'a');
    expect(await all).toEqual(['a done', 'b done', 'c done']);
  });

  it('is shared: who asks for one waits for one of those who asked for thousands before', async () => {
    const { begun, work, end } = works();
    const turns = createTurns(2);
    const many = turns(['a', 'b', 'c', 'd'], work);
    const one = turns(['x'], work);
    await end('a');
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c', 'x']);
    await end('x');
    expect(await one).toEqual(['x done']);
    await end('c');
    await end('d');
    expect(await many).toHaveLength(4);
  });

  it('of none is over at once', async () => {
    expect(await inTurns(2, [], works().work)).toEqual([]);
  });

  it('that fails fails its own asker, and no other', async () => {
    const turns = createTurns(1);
    const failing = turns(['a', 'b'], () => Promise.reject(new Error('no')));
    const other = turns(['x'], async (name) => name);
    await expect(failing).rejects.toThrow('no');
    expect(await other).toEqual(['x']);
  });
});
