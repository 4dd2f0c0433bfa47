import { join } from 'node:path';
import { approveTogether, untilInSight, visit } from './visit.ts';

/** `npm run pictures`: the README's picture, taken in the middle of the two-person story. */

const PICTURE = join(import.meta.dirname, '..', '..', 'cards', 'picture.png');

const here = await visit({ viewport: { width: 1280, height: 1124 }, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
try {
  await untilInSight(here, 400);
  // Slow enough to be seen at work.
  here.place.sandbox.graph.faults.set({ latencyMs: [300, 600] });
  await approveTogether(here);
  await here.page.locator('.grid .cell-clear').nth(180).waitFor();
  await here.page.evaluate('scrollTo(0, 0)');
  await here.page.evaluate("for (const log of document.querySelectorAll('.chat-log')) log.scrollTop = 0");
  await here.page.screenshot({ path: PICTURE });
} finally {
  await here.close();
}
