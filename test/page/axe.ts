import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const WORTH_A_NOTE: readonly unknown[] = ['serious', 'critical'];

/** What keeps people from using the page as it is now, in light and in dark; empty where nothing does. */
export async function barriers(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Two frames: cards are drawn anew for the other theme.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
    const bad = violations.filter(({ impact }) => WORTH_A_NOTE.includes(impact));
    const told = ({ id, nodes }: AxeResults['violations'][number]) =>
      nodes.map(({ target, any }) => `${colorScheme} ${id} ${target.join(' ')}: ${any[0]?.message ?? ''}`);
    found.push(...bad.flatMap(told));
  }
  return found;
}
