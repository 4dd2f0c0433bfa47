import { join } from 'node:path';
import { untilInSight, visit } from './visit.ts';

/** `npm run pictures`: the README's picture: the alert card with its buttons, in both chats. */

const PICTURE = join(import.meta.dirname, '..', '..', 'cards', 'picture.png');

const here = await visit({ viewport: { width: 1280, height: 1124 }, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
try {
  await untilInSight(here, 400);
  for (const chat of ['Slack', 'Teams'])
    await here.page
      .getByRole('region', { name: chat })
      .getByRole('button', { name: 'Approve purge' })
      .first()
      .waitFor();
  await here.page.evaluate('scrollTo(0, 0)');
  await here.page.evaluate("for (const log of document.querySelectorAll('.chat-log')) log.scrollTop = 0");
  await here.page.screenshot({ path: PICTURE });
} finally {
  await here.close();
}
