import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, MINUTE, storyteller } from './telling.ts';

/** Whatever becomes of the first mail of a campaign, and whatever is said of it, no wave is left where nobody looks. */

let night: Night;
beforeEach(async () => {
  night = await startNight({ grouping: { campaigns: { ownDomains: [], sharedHosts: [] } } });
});
afterEach(() => night.close());
const { cardsShow, press, becomes, card, incident } = storyteller(() => night);

const messageOf = new Map<string, object>();
async function wave(name: string, change: Record<string, unknown> = {}): Promise<string> {
  const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: 'billing@fabrikam.example' };
  night.mail.put(`${name}@contoso.example`, mail);
  const message = { ...mail, subject: 'Invoice overdue', urls: ['https://login.evil.example/pay'] };
  const id = await night.alert({ message, recipients: [`${name}@contoso.example`], ...change });
  messageOf.set(id, message);
  await becomes(id, 'open');
  return id;
}
async function twoWaves() {
  const lead = await wave('ann');
  await cardsShow(lead, 'its list', ({ digest }) => digest !== '');
  const second = await wave('bob');
  await night.until('the line of the second', () => card(lead)?.waves.length === 1);
  return { lead, second };
}
const isOut = (id: string) =>
  night.until('its own card', async () => {
    const cards = await night.flow.store.transact((tx) => tx.cards.of(id));
    return cards.some(({ platform, ref }) => platform === 'slack' && ref !== null);
  });

it('a first mail that is reported again and again after it was decided alone keeps no wave hidden', async () => {
  const { lead, second } = await twoWaves();
  await press(lead, inSlack('dana'), 'reject', { reason: 'a newsletter' });
  for (let n = 0; n < 4; n += 1) {
    night.clock.now += MINUTE / 2;
    await night.alert({ message: messageOf.get(lead), recipients: [] });
    await sweep(night.flow, 'later');
  }
  await isOut(second);
});

it('a first mail that somebody has tampered with takes no wave along', async () => {
  const { lead, second } = await twoWaves();
  await night.flow.store.transact((tx) => tx.campaigns.tie(lead, second));
  expect(await press(lead, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
  night.clock.now += 2 * MINUTE;
  await sweep(night.flow, 'later');
  await isOut(second);
});

it('a wave that a source calls worse which had not spoken has a card of its own from then on', async () => {
  const { second } = await twoWaves();
  await night.alert({ message: messageOf.get(second), verdict: 'bec', severity: 'critical' }, randomUUID(), {
    ...SOURCE,
    name: 'another',
  });
  await isOut(second);
});

it('a wave that the same source calls worse than it had called any of them has one as well', async () => {
  const { second } = await twoWaves();
  await night.alert({ message: messageOf.get(second), verdict: 'bec', severity: 'critical' });
  await isOut(second);
});

it('a wave that came out of the card of its campaign is told there as it stands, not as it stood', async () => {
  const { lead, second } = await twoWaves();
  await press(lead, inSlack('dana'), 'reject', { reason: 'a newsletter' });
  night.clock.now += 2 * MINUTE;
  await sweep(night.flow, 'later');
  await isOut(second);
  await press(second, inSlack('dana'), 'reject', { reason: 'another newsletter' });
  await night.until('its line', () => card(lead)?.waves[0]?.text.startsWith('called not malicious') === true);
});

it('a wave that is called worse is not behind those that are counted, and its line says so', async () => {
  const lead = await wave('ann', { verdict: 'suspicious' });
  for (let n = 0; n < 9; n += 1) await wave('bob', { verdict: 'suspicious' });
  const worst = await wave('cas', { verdict: 'bec' });
  const first = () => card(lead)?.waves[0];
  await night.until('its line', () => first()?.incident === worst && first()?.text.startsWith('waits') === true);
  expect(first()?.text).toMatch(/^waits, business e-mail compromise \u00b7 /);
});

it('a mark that somebody handed to another mail in the table hides nothing on the card of that one', async () => {
  const harmless = await night.alert({
    message: { internetMessageId: '<news@shop.example>', sender: 'news@shop.example', subject: 'News', urls: [] },
  });
  await becomes(harmless, 'open');
  await twoWaves();
  const pair = [
    ['sender', 'address billing@fabrikam.example'],
    ['host', 'evil.example'],
  ];
  await night.flow.store.transact((tx) => tx.campaigns.hand([night.flow.hash.digest(pair)], harmless));
  const third = await wave('cas');
  expect((await incident(third))?.campaign).not.toBe(harmless);
});
