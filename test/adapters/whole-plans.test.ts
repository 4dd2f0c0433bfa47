import { expect, test } from 'vitest';
import { createWholePlans } from '../../src/adapters/store/whole-plans.ts';

/** Plans that were found whole are kept so that a card is drawn fast, and no more of them than memory is for. */

const PLAN = { plan: null, intact: true, newer: false } as const;
const keptOf = (plans: ReturnType<typeof createWholePlans>, ...digests: readonly string[]) =>
  digests.filter((digest) => plans.get(digest) !== undefined);

test('the newest is kept however many rows it has, and the oldest go first', () => {
  const plans = createWholePlans();
  plans.keep('one', PLAN, 60_000);
  plans.keep('two', PLAN, 30_000);
  expect(keptOf(plans, 'one', 'two')).toEqual(['one', 'two']);
  plans.keep('three', PLAN, 20_000);
  expect(keptOf(plans, 'one', 'two', 'three')).toEqual(['two', 'three']);
  plans.keep('large', PLAN, 200_000);
  expect(keptOf(plans, 'two', 'three', 'large')).toEqual(['large']);
});

test('those without rows take room as well', () => {
  const plans = createWholePlans();
  for (let n = 0; n <= 100_000; n += 1) plans.keep(`${n}`, PLAN, 0);
  expect(keptOf(plans, '0', '1', '100000')).toEqual(['1', '100000']);
});

test('one that is kept again and again takes its room once', () => {
  const plans = createWholePlans();
  for (let n = 0; n < 60_000; n += 1) plans.keep('one', PLAN, 10);
  plans.keep('two', PLAN, 10);
  expect(keptOf(plans, 'one', 'two')).toEqual(['one', 'two']);
});
