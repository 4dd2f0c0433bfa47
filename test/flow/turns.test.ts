import { expect, it } from 'vitest';
import { atMost } from '../../src/flow/decide/turns.ts';

/** Large files are held few at a time, in the order of asking; one that breaks holds nobody up. */

it('runs two at once, and who comes later waits for who came before', async () => {
  const inTurn = atMost(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const all = ends.map(({ promise }, n) =>
    inTurn(() => {
      begun.push(n);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await all[1];
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3]);
});

it('goes on behind one that breaks', async () => {
  const inTurn = atMost(1);
  const broken = inTurn(() => Promise.reject(new Error('broken')));
  const after = inTurn(() => Promise.resolve('after'));
  await expect(broken).rejects.toThrow('broken');
  expect([await after, await inTurn(() => Promise.resolve('later'))]).toEqual(['after', 'later']);
});
