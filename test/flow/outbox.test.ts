import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';

/** No workers here: each delivery is called by hand, so that the failure falls exactly where the story wants it. */
let night: Night;
beforeEach(async () => {
  night = await startNight({ workers: false });
  for (const name of ['ann', 'bob', 'cas']) night.mail.put(`${name}@contoso.example`, ATTACK);
});
afterEach(() => night.close());

const deliver = (incident: string, platform: 'slack' | 'teams' = 'slack') =>
  night.run({ queue: 'deliver', incident, platform });
const rest = () => new Promise((resolve) => setTimeout(resolve, 2_100));

describe('cards leave through a durable outbox', () => {
  it('an answer lost after the post does not make a second card', async () => {
    const id = await night.alert();
    night.slack.failures.push({ kind: 'lost', after: true });
    await deliver(id);
    await rest();
    await deliver(id);
    expect(night.slack.cards).toHaveLength(1);
    expect((await night.entries(id)).filter((entry) => entry.type === 'card.posted')).toHaveLength(1);
  });

  it('an answer lost before the post does not lose the card', async () => {
    const id = await night.alert();
    night.slack.failures.push({ kind: 'lost' });
    await deliver(id);
    await rest();
    await deliver(id);
    expect(night.slack.cards).toHaveLength(1);
  });

  it('a throttled card waits as long as it is told', async () => {
    const id = await night.alert();
    night.slack.failures.push({ kind: 'throttled', retryAfterMs: 60_000 });
    await deliver(id);
    await deliver(id);
    expect(night.slack.cards).toHaveLength(0);
    const [card] = (await night.flow.store.transact((tx) => tx.cards.of(id))).filter((row) => row.platform === 'slack');
    expect(card).toMatchObject({ posting: false, ref: null });
  });

  it('a deleted card is posted anew, because a pending decision must stay visible', async () => {
    const id = await night.alert();
    await deliver(id);
    night.slack.cards.length = 0;
    await night.run({ queue: 'scope', incident: id });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await deliver(id);
    await rest();
    await deliver(id);
    expect(night.slack.cards.map((card) => card.view.canPurge)).toEqual([true]);
    expect((await night.entries(id)).map((entry) => entry.type)).toContain('card.lost');
  });

  it('many changes before the card is sent are one message', async () => {
    const id = await night.alert();
    await night.run({ queue: 'scope', incident: id });
    for (let again = 0; again < 5; again += 1) await night.alert();
    await deliver(id);
    expect(night.slack.cards.map((card) => card.updates)).toEqual([0]);
    expect(night.slack.cards[0]?.view.facts.map((fact) => fact.value)).toContainEqual(
      expect.stringContaining('6 alerts'),
    );
  });

  it('an up-to-date card is not sent again', async () => {
    const id = await night.alert();
    await deliver(id);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await deliver(id);
    expect(night.slack.cards.map((card) => card.updates)).toEqual([0]);
  });
});
