import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, inTeams, storyteller } from './telling.ts';

/** Mails of one attack are shown on one card, and each of them is decided by itself. */

let night: Night;
beforeEach(async () => {
  night = await startNight({
    grouping: { campaigns: { ownDomains: ['contoso.example'], sharedHosts: ['links.example'] } },
  });
});
afterEach(() => night.close());
const { cardsShow, reply, press, stands, entries, card, votes, becomes, incident } = storyteller(() => night);

const EVIL = 'https://login.evil.example/pay';
let mails = 0;
const messageOf = new Map<string, object>();

/** One more mail of the attack, in these mailboxes. */
async function wave(names: readonly string[] = ['ann'], change: Record<string, unknown> = {}, message = {}) {
  const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: 'billing@fabrikam.example' };
  const subject = `Invoice ${++mails}`;
  for (const name of names) night.mail.put(`${name}@contoso.example`, { ...mail, subject });
  const recipients = names.map((name) => `${name}@contoso.example`);
  const told = { ...mail, subject, urls: [EVIL], ...message };
  const id = await night.alert({ message: told, recipients, ...change });
  messageOf.set(id, told);
  return id;
}

const open = (id: string) => becomes(id, 'open');
/** Waits until the card of the first one shows so many others with their lists. */
const shows = (lead: string, others: number) =>
  night.until(`the cards of ${lead} show ${others} waves`, () =>
    ['slack', 'teams'].every((room) => {
      const view = card(lead, room as 'slack');
      return view?.waves.length === others && view.waves.every(({ text }) => text.startsWith('waits'));
    }),
  );
async function threeWaves() {
  const lead = await wave(['ann', 'bob']);
  await cardsShow(lead, 'its list', ({ digest }) => digest !== '');
  const second = await wave(['cas']);
  const third = await wave(['dan', 'eve']);
  await open(second);
  await open(third);
  await shows(lead, 2);
  return { lead, second, third };
}
/** Its own card is in Slack, on record, and can be pressed. */
const isOut = (id: string) =>
  night.until('its own card', async () => {
    const cards = await night.flow.store.transact((tx) => tx.cards.of(id));
    return cards.some(({ platform, ref }) => platform === 'slack' && ref !== null);
  });
const digestOfAll = (lead: string, platform: 'slack' | 'teams' = 'slack') =>
  card(lead, platform)?.actions.find(({ id }) => id === 'purge-all')?.digest ?? '';

describe('three waves', () => {
  it('of which the first is decided alone: the others come out of its card, which nobody looks at any more', async () => {
    const { lead, second, third } = await threeWaves();
    await press(lead, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await sweep(night.flow, 'later');
    expect(night.slack.cards.map(({ view }) => view.incident)).toEqual([lead]);
    night.clock.now += 2 * 60_000;
    await sweep(night.flow, 'later');
    for (const id of [second, third]) await isOut(id);
    expect(await Promise.all([second, third].map(stands))).toEqual(['open', 'open']);
    expect(await press(second, inSlack('dana'), 'purge')).toMatchObject({ code: 'vote-counted' });
  });

  it('are one card that counts them, and each keeps its own list', async () => {
    const { lead, second, third } = await threeWaves();
    expect(night.slack.cards.map(({ view }) => view.incident)).toEqual([lead]);
    expect(card(lead)?.campaign).toBe('3 waves with this one, 5 copies in 5 mailboxes: waits (3).');
    expect(card(lead)?.waves.map((one) => one.incident)).toEqual([second, third]);
    const plans = await Promise.all([lead, second, third].map(async (id) => (await incident(id))?.planDigest));
    expect(new Set(plans).size).toBe(3);
  });

  it('are in the record with what agreed', async () => {
    const { lead, second } = await threeWaves();
    const [joined] = await entries(second, 'campaign.joined');
    expect(joined?.detail).toEqual({
      lead,
      by: 'marks',
      marks: [
        { kind: 'sender', value: 'address billing@fabrikam.example' },
        { kind: 'host', value: 'evil.example' },
      ],
    });
    expect((await night.audit()).differences).toEqual([]);
  });

  it('are purged by two people who press once each, one vote and one run for each wave', async () => {
    const { lead, second, third } = await threeWaves();
    const first = await press(lead, inSlack('dana'), 'purge-all', { digest: digestOfAll(lead) });
    expect(first).toMatchObject({ code: 'all-decided' });
    for (const id of [lead, second, third]) expect(await votes(id)).toHaveLength(1);
    await press(lead, inTeams('omar'), 'purge-all', { digest: digestOfAll(lead, 'teams') });
    for (const id of [lead, second, third]) await becomes(id, 'purged');
    expect((await night.audit()).differences).toEqual([]);
  });

  it('the same press again counts nothing twice', async () => {
    const { lead, second } = await threeWaves();
    const digest = digestOfAll(lead);
    await press(lead, inSlack('dana'), 'purge-all', { digest });
    const again = await press(lead, inSlack('dana'), 'purge-all', { digest });
    expect(again.code === 'all-decided' && again.votes.map(({ answer }) => answer.code)).toEqual([
      'repeated',
      'repeated',
      'repeated',
    ]);
    expect(await votes(second)).toHaveLength(1);
  });

  it('what has another list by now is refused for that wave alone', async () => {
    const { lead, second, third } = await threeWaves();
    const digest = digestOfAll(lead);
    await reply(lead, inSlack('dana'), 'open', { incident: second });
    await night.alert({ message: messageOf.get(second), recipients: ['zoe@contoso.example'] });
    await cardsShow(second, 'another look', ({ canReopen }) => canReopen);
    await press(second, inSlack('dana'), 'reopen');
    await night.until('it has another list', async () => (await entries(second, 'plan.made')).length === 2);
    const pressed = await press(lead, inSlack('dana'), 'purge-all', { digest });
    expect(pressed.code === 'all-decided' && pressed.votes.map((one) => [one.incident, one.answer.code])).toEqual([
      [lead, 'vote-counted'],
      [second, 'stale-card'],
      [third, 'vote-counted'],
    ]);
    expect(await votes(second)).toHaveLength(0);
  });

  it('a list that no card showed is refused', async () => {
    const { lead } = await threeWaves();
    expect(await press(lead, inSlack('dana'), 'purge-all', { digest: 'f'.repeat(64) })).toMatchObject({
      code: 'stale-card',
    });
  });
});

describe('what is no wave', () => {
  it('one mark alone', async () => {
    const lead = await wave();
    await wave(['bob'], {}, { urls: [] });
    await wave(['cas'], {}, { urls: ['https://links.example/a', 'https://app.contoso.example/b'] });
    await night.until('three cards', () => night.slack.cards.length === 3);
    expect((await incident(lead))?.campaign).toBeNull();
  });

  it('a mail that a source calls worse which had not spoken: it has a card of its own, which names the other', async () => {
    const lead = await wave(['ann'], { verdict: 'suspicious', severity: 'low' });
    const other = { ...SOURCE, name: 'another' };
    const worse = await night.alert(
      {
        verdict: 'bec',
        message: { internetMessageId: '<w@mailer.example>', sender: 'billing@fabrikam.example', urls: [EVIL] },
      },
      randomUUID(),
      other,
    );
    await night.until('its card', () => card(worse) !== undefined);
    expect((await incident(worse))?.campaign).toBeNull();
    expect((await entries(worse, 'campaign.followed')).map(({ detail }) => detail)).toEqual([
      { older: lead, because: 'worse' },
    ]);
  });

  it('what comes when the first one is over', async () => {
    const lead = await wave();
    await cardsShow(lead, 'its list', ({ digest }) => digest !== '');
    await press(lead, inSlack('dana'), 'reject', { reason: 'known' });
    await becomes(lead, 'rejected');
    const later = await wave(['bob']);
    expect((await entries(later, 'campaign.followed')).map(({ detail }) => detail.because)).toEqual(['over']);
    const third = await wave(['cas']);
    expect((await incident(third))?.campaign).toBe(later);
  });
});

describe('a person', () => {
  it('opens a wave from the card of the campaign, and takes it out', async () => {
    const { lead, second } = await threeWaves();
    const live = night.slack.cards[0];
    const opened = await reply(lead, inSlack('dana'), 'open', { incident: second });
    expect(opened).toMatchObject({ kind: 'said', answer: { code: 'card-comes' } });
    expect(live).toBeDefined();
    await isOut(second);
    expect(await press(second, inSlack('dana'), 'apart')).toMatchObject({ code: 'campaign-left', lead });
    expect((await incident(second))?.campaign).toBeNull();
    await shows(lead, 1);
    expect((await entries(second, 'campaign.left')).map(({ actor }) => actor.name)).toEqual(['Dana']);
    expect((await night.audit()).differences).toEqual([]);
  });

  it('cannot vote for it on the card that it was taken from', async () => {
    const { lead, second } = await threeWaves();
    const digest = digestOfAll(lead);
    await reply(lead, inSlack('dana'), 'open', { incident: second });
    await isOut(second);
    expect(await press(second, inSlack('dana'), 'apart')).toMatchObject({ code: 'campaign-left' });
    const pressed = await press(lead, inSlack('dana'), 'purge-all', { digest });
    expect(pressed.code === 'all-decided' && pressed.votes.find((one) => one.incident === second)?.answer.code).toBe(
      'stale-card',
    );
    expect(await votes(second)).toHaveLength(0);
  });
});

it('copies of a wave that come late are another wave, with a list and a vote of its own', async () => {
  const { lead, third } = await threeWaves();
  const told = messageOf.get(third) as { internetMessageId: string; sender: string; subject: string };
  night.mail.put('dan@contoso.example', told);
  const digest = digestOfAll(lead);
  await press(lead, inSlack('dana'), 'purge-all', { digest });
  await press(lead, inTeams('omar'), 'purge-all', { digest });
  await night.until('more copies were found', async () => (await entries(third, 'plan.grown')).length > 0);
  const [grown] = await entries(third, 'plan.grown');
  const child = grown?.detail.child ?? '';
  expect((await entries(child, 'campaign.joined')).map(({ detail }) => detail)).toEqual([
    { lead, by: 'growth', marks: [] },
  ]);
  await open(child);
  expect(await votes(child)).toHaveLength(0);
  await night.until('a line of the card', () => card(lead)?.waves.some((one) => one.incident === child) === true);
  expect(card(child)).toBeUndefined();
});

it('the queue stands in the order of what is urgent, and says why', async () => {
  const message = (n: number) => ({ internetMessageId: `<q${n}@mailer.example>`, sender: `q${n}@x${n}.example` });
  const harmless = await night.alert({ verdict: 'spam', message: message(1), recipients: [] });
  const evidence = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [], clicks: 2 };
  const clicked = await night.alert({ message: message(2), recipients: [], evidence });
  const wide = await wave(['ann', 'bob', 'cas']);
  for (const id of [harmless, clicked, wide]) await open(id);
  const reply = await night.desk.queue({ by: inSlack('dana'), channel: null, open: null });
  const lines = reply.kind === 'queue' ? reply.queue.mine.map((line) => [line.incident.id, line.why]) : [];
  expect(lines).toEqual([
    [clicked, '2 followed its link'],
    [wide, '3 mailboxes'],
    [harmless, ''],
  ]);
});

it('two that come at once are one campaign', async () => {
  const [a, b] = await Promise.all([wave(['ann']), wave(['bob'])]);
  const both = await Promise.all([incident(a), incident(b)]);
  const campaigns = both.map((one) => one?.campaign);
  expect(campaigns.filter((lead) => lead === null)).toHaveLength(1);
  expect([a, b]).toContain(campaigns.find((lead) => lead !== null));
});

it('an incident whose campaign somebody wrote into the table is marked, and nothing runs', async () => {
  const lead = await wave();
  const other = await wave(['bob'], {}, { sender: 'someone@else.example', urls: [] });
  await open(other);
  await cardsShow(other, 'its list', ({ digest }) => digest !== '');
  await night.flow.store.transact((tx) => tx.campaigns.tie(other, lead));
  expect(await press(other, inSlack('dana'), 'purge')).toMatchObject({ code: 'tampered' });
  expect(await stands(other)).toBe('open');
});
