import { expect, it, onTestFinished } from 'vitest';
import { measure } from '../growth/measure.ts';
import { freshDatabase } from '../support/database.ts';

/** Enough for the planner to choose as it does among a hundred times as many, which `npm run bench:growth` measures. */
const SIZE = { incidents: 2_000, items: 20_000 };
/** A claim looks at the next four hundred copies, and for each whether another run has it in hand. */
const MOST_PAGES = 3_000;

it('whatever is asked again and again is found without reading everything', async () => {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  const costs = await measure(fresh.address, SIZE, 1);
  expect(costs.length).toBeGreaterThan(40);
  expect(costs.filter(({ whole, pages }) => whole.length > 0 || pages > MOST_PAGES)).toEqual([]);
}, 120_000);
