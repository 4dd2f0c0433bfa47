import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Source } from '../../src/core/find/source.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { GROUPING } from '../fault/flood.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Whoever has much to report, or is written to much, takes no card from those who had none. */

let night: Night;
beforeEach(async () => {
  night = await startNight({ grouping: GROUPING });
});
afterEach(() => night.close());
const { card, becomes, press, cardsShow } = storyteller(() => night);

const REPORTS: Source = { ...SOURCE, kind: 'report', claims: { ...SOURCE.claims, actFirst: false } };
let mails = 0;
async function reported(
  who: string,
  { message = {}, source = REPORTS, to = who }: { message?: object; source?: Source; to?: string } = {},
): Promise<string> {
  const n = ++mails;
  const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: `a${n}@x${n}.example`, ...message };
  night.mail.put(`${to}@contoso.example`, mail);
  const address = `${who}@contoso.example`;
  const about = { reporter: { entraId: null, address }, recipients: [`${to}@contoso.example`] };
  const id = await night.alert(
    { verdict: 'suspicious', ...about, message: { ...mail, subject: 'Invoice overdue' } },
    undefined,
    source,
  );
  await becomes(id, 'open');
  return id;
}
const cards = () => new Set(night.slack.cards.map(({ view }) => view.incident)).size;
const hasCard = (id: string) => night.until('its card', () => card(id) !== undefined);

it('mails that reached a VIP have their cards beside those that everybody shares', async () => {
  const vip = { mailboxes: { vip: { addresses: ['ceo@contoso.example'] } } };
  await night.govern(policyWith([ruleFor(['purge'], { approver: 2 })], vip));
  for (let n = 0; n < 22; n += 1) await reported('ann', { to: 'ceo' });
  await hasCard(await reported('bob'));
});

it('several sources that prove nobody share one half', async () => {
  for (const name of ['one', 'two', 'three'])
    for (let n = 0; n < 11; n += 1)
      await reported('ann', { source: { ...REPORTS, name, claims: { ...REPORTS.claims, reporters: false } } });
  await hasCard(await reported('bob'));
});

it('the waves of a first mail that is over come out as far as there are cards for them', async () => {
  const message = { sender: 'news@shop.example', urls: ['https://shop.example/x'] };
  const lead = await reported('ann', { message });
  for (let n = 0; n < 12; n += 1) await reported('ann', { message });
  await cardsShow(lead, 'its waves', ({ waves }) => waves.length > 0);
  await press(lead, inSlack('dana'), 'reject', { reason: 'our own newsletter' });
  night.clock.now += 2 * MINUTE;
  await sweep(night.flow, 'later');
  await night.until('the list of what waits', () => night.slack.gatherings.length > 0);
  expect(cards()).toBeLessThan(6);
});
