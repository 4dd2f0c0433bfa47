import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { flood, GROUPING, seenOf } from '../fault/flood.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, storyteller } from './telling.ts';

/** A flood of reports buries no card, and loses nothing. A larger one is told by test/fault/flood.fault.ts. */

const REPORTS = 300;
const CAMPAIGNS = 6;
let night: Night;
beforeEach(async () => {
  night = await startNight({ grouping: GROUPING });
});
afterEach(() => night.close());
const { reply, card, becomes } = storyteller(() => night);

const reported = (n: number, who: string, change: Record<string, unknown> = {}, sender = `a${n}@x${n}.example`) =>
  night.alert(
    {
      verdict: 'suspicious',
      reporter: { entraId: null, address: `${who}@contoso.example` },
      recipients: [`${who}@contoso.example`],
      message: { internetMessageId: `<r${n}@mailer.example>`, sender, subject: `Mail ${n}` },
      ...change,
    },
    `report ${n} of ${who}`,
    { ...SOURCE, kind: 'report', claims: { ...SOURCE.claims, actFirst: false } },
  );
const heldNow = async () => (await seenOf(night)).held;
const cards = () => [...new Set(night.slack.cards.map(({ view }) => view.incident))];
/** More reports of one person than get a card. */
async function tooMany() {
  const ids: string[] = [];
  for (let n = 0; n < 8; n += 1) ids.push(await reported(n, 'ann'));
  for (const id of ids) await becomes(id, 'open');
  await night.until('the cards that there are', () => cards().length === 4);
  return { ids, waiting: ids.slice(4) };
}

describe('a flood', () => {
  it('of reports: few cards, every attack among them, and every mail in queue and record', async () => {
    const { incidents, leads } = await flood(night, { reports: REPORTS, campaigns: CAMPAIGNS, seed: 7 });
    await night.until('every list is made', async () => {
      const all = await night.flow.store.transact((tx) => tx.board.open(REPORTS));
      return all.incidents.every(({ state }) => state === 'open');
    });
    await night.until('every attack has its card', () => leads.every((lead) => cards().includes(lead)));
    const { open, held } = await seenOf(night);
    expect(open).toBe(REPORTS);
    expect(cards().length).toBeLessThan(60);
    // Each is a card, a line of the card of its campaign, or one that waits.
    const waves = REPORTS / 10 - CAMPAIGNS;
    expect(cards().length + waves + held).toBe(REPORTS);
    expect(new Set(incidents).size).toBe(REPORTS);
    const received = (await night.entries()).filter(ofType('alert.received'));
    expect(received).toHaveLength(REPORTS);
    expect(night.slack.gatherings).toHaveLength(1);
  });
});

describe('cards of an hour', () => {
  it('are counted by the record: each incident that got one, once', async () => {
    const { ids } = await tooMany();
    const granted = (await night.entries()).filter(ofType('card.granted'));
    expect(granted.map(({ incident, detail }) => [incident, detail.kind])).toEqual(
      ids.slice(0, 4).map((id) => [id, 'report']),
    );
    expect(new Set(granted.map(({ detail }) => detail.who)).size).toBe(1);
  });

  it('are there again when an hour is over', async () => {
    await tooMany();
    night.clock.now += 3_600_001;
    const id = await reported(20, 'ann');
    await night.until('its card', () => cards().includes(id));
  });
});

describe('what waits without a card', () => {
  it('is told by one message that names it, and comes when somebody opens it', async () => {
    const { waiting } = await tooMany();
    await night.until('the message', () => night.slack.gatherings.length === 1);
    expect([cards().length, await heldNow()]).toEqual([4, 4]);
    const [list] = night.slack.gatherings;
    const id = waiting[0] ?? '';
    const place = { platform: 'slack', channel: list?.ref.channel, message: list?.ref.message };
    expect(await reply(id, inSlack('dana'), 'open', { card: place, digest: '' })).toMatchObject({
      answer: { code: 'card-comes' },
    });
    await night.until('its card', () => card(id) !== undefined);
    await night.until('the others wait on', async () => (await heldNow()) === 3);
  });

  it('comes out of the queue as well', async () => {
    const { waiting } = await tooMany();
    const id = waiting[1] ?? '';
    const answer = await night.desk.queue({ by: inSlack('dana'), channel: null, open: id });
    expect(answer).toMatchObject({ kind: 'said', answer: { code: 'queue-card-comes' } });
    await night.until('its card', () => card(id) !== undefined);
  });

  it('gets its card once three people have reported it', async () => {
    const { waiting } = await tooMany();
    const n = 4;
    const id = waiting[0] ?? '';
    const mail = {
      message: { internetMessageId: `<r${n}@mailer.example>`, sender: `a${n}@x${n}.example`, subject: `Mail ${n}` },
    };
    await reported(n, 'bob', mail);
    expect([card(id), await heldNow()]).toEqual([undefined, 4]);
    await reported(n, 'cas', mail);
    await night.until('its card', () => card(id) !== undefined);
    await night.until('the others wait on', async () => (await heldNow()) === 3);
  });

  it('gets its card once a detector says something of it', async () => {
    const { waiting } = await tooMany();
    const n = 5;
    const id = waiting[1] ?? '';
    await night.alert({
      message: { internetMessageId: `<r${n}@mailer.example>`, sender: `a${n}@x${n}.example`, subject: `Mail ${n}` },
    });
    await night.until('its card', () => card(id) !== undefined);
  });

  it('does not get it by what a reporter writes', async () => {
    const { waiting } = await tooMany();
    const evidence = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [], clicks: 9 };
    const id = await reported(90, 'ann', { verdict: 'malware', severity: 'critical', confidence: 100, evidence });
    await becomes(id, 'open');
    expect([card(id), await heldNow()]).toEqual([undefined, waiting.length + 1]);
  });

  it('one reporter with many reports leaves cards to the others', async () => {
    await tooMany();
    const other = await reported(91, 'bob');
    await night.until('a card of somebody else', () => card(other) !== undefined);
  });

  it('reminders bring none of it out', async () => {
    const { waiting } = await tooMany();
    for (const id of waiting) await night.run({ queue: 'nudge', incident: id, platform: 'slack', step: 0 });
    const rows = await night.flow.store.transact((tx) => Promise.all(waiting.map((id) => tx.cards.of(id))));
    expect(rows.flat().filter(({ awaited }) => awaited)).toEqual([]);
    expect([cards().length, await heldNow()]).toEqual([4, 4]);
  });
});
