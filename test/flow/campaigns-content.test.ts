import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { inSlack, storyteller } from './telling.ts';

/** What Microsoft finds alike in the contents of mails is a mark as others are: known once a mail was looked for. */

let night: Night;
beforeEach(async () => {
  night = await startNight({
    grouping: { campaigns: { ownDomains: [], sharedHosts: [] } },
    mail: createFakeMail({ hunting: 'delivered' }),
    intruded: true,
  });
});
afterEach(() => night.close());
const { becomes, incident, card, cardsShow, press, entries } = storyteller(() => night);

const SENDER = 'billing@fabrikam.example';
async function mail(
  name: string,
  { cluster, sender = SENDER }: { cluster?: string; sender?: string },
): Promise<string> {
  const internetMessageId = `<${randomUUID()}@mailer.example>`;
  night.mail.put(`${name}@contoso.example`, { internetMessageId, sender, ...(cluster ? { cluster } : {}) });
  const message = { internetMessageId, sender, subject: 'Invoice overdue', senderName: null, urls: [] };
  const id = await night.alert({ message, recipients: [`${name}@contoso.example`] });
  await becomes(id, 'open');
  return id;
}
const campaignOf = async (id: string) => (await incident(id))?.campaign;

describe('mails that share a sender and what Microsoft finds alike', () => {
  it('are one campaign as soon as they were looked for, and the record says by what', async () => {
    const lead = await mail('ann', { cluster: '77' });
    const second = await mail('bob', { cluster: '77' });
    expect(await campaignOf(second)).toBe(lead);
    await cardsShow(lead, 'its wave', ({ waves }) => waves.some((wave) => wave.incident === second));
    expect((await entries(second, 'campaign.joined')).map(({ detail }) => detail.marks)).toEqual([
      [
        { kind: 'sender', value: `address ${SENDER}` },
        { kind: 'body', value: '77' },
      ],
    ]);
    expect((await night.audit()).differences).toEqual([]);
  });

  it.each([
    ['alike in nothing', { cluster: '77' }, { cluster: '78' }],
    ['alike, of two senders', { cluster: '77' }, { cluster: '77', sender: 'other@fabrikam.example' }],
    ['of which nothing is told', {}, {}],
  ])('are none where they are %s', async (_what, one, other) => {
    await mail('ann', one);
    expect(await campaignOf(await mail('bob', other))).toBeNull();
  });

  it('one that somebody took out is not put back when it is looked for again', async () => {
    const lead = await mail('ann', { cluster: '77' });
    const second = await mail('bob', { cluster: '77' });
    await cardsShow(lead, 'its wave', ({ waves }) => waves.length === 1);
    await night.flow.store.transact(async (tx) => {
      await tx.cards.release(second);
      for (const platform of ['slack', 'teams'] as const)
        await tx.jobs.send({ queue: 'deliver', incident: '', platform });
    });
    await night.until('its own card', () => card(second) !== undefined);
    await press(second, inSlack('dana'), 'apart');
    expect(await campaignOf(second)).toBeNull();
    await night.flow.store.transact((tx) => tx.incidents.save(second, { state: 'received' }, night.flow.clock.now()));
    await night.run({ queue: 'scope', incident: second });
    expect(await campaignOf(second)).toBeNull();
  });

  it('a pair that somebody handed to another incident in the table ties nothing to that', async () => {
    const harmless = await mail('cas', { sender: 'news@shop.example' });
    await mail('ann', { cluster: '77' });
    const pair = [
      ['sender', `address ${SENDER}`],
      ['body', '77'],
    ];
    await night.flow.store.transact((tx) => tx.campaigns.hand([night.flow.hash.digest(pair)], harmless));
    expect(await campaignOf(await mail('bob', { cluster: '77' }))).not.toBe(harmless);
  });
});
