import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rankWatch } from '../../src/flow/record/ranks.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { createFakeIntelligence, type FakeIntelligence } from '../support/fake-intelligence.ts';
import { inSlack, storyteller } from './telling.ts';

/** Where a mail stands in the queue is reckoned from what is known of it, whatever somebody has written beside it. */

let night: Night;
let people: FakeIntelligence;
beforeEach(async () => {
  people = createFakeIntelligence();
  night = await startNight({ intruded: true, intelligence: people });
});
afterEach(() => night.close());
const { becomes, incident, lands, press, cardsShow } = storyteller(() => night);

async function three(): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const verdict of ['malware', 'phishing', 'spam']) {
    const id = await night.alert({
      verdict,
      message: { internetMessageId: `<${verdict}@mailer.example>`, sender: `${verdict}@mailer.example` },
    });
    await becomes(id, 'open');
    ids.push(id);
  }
  return ids;
}
const open = async () => (await night.flow.store.transact((tx) => tx.board.open(10))).incidents.map(({ id }) => id);
const pushDown = (id = '') => night.intrude('update incident set rank = -1e9 where id = $1', id);

it('a mail that somebody has pushed down is put where it belongs, a few at a time', async () => {
  const ids = await three();
  expect(await open()).toEqual(ids);
  await pushDown(ids[0]);
  expect(await open()).toEqual([...ids.slice(1), ids[0]]);
  const watch = rankWatch(night.flow, 2);
  for (let turn = 0; turn < 3; turn += 1) await watch();
  expect(await open()).toEqual(ids);
});

it('it stands there at once for whoever looks at the queue', async () => {
  const ids = await three();
  await pushDown(ids[0]);
  const reply = await night.desk.queue({ by: inSlack('dana'), channel: null, open: null });
  expect(reply.kind === 'queue' ? reply.queue.mine.map((line) => line.incident.id) : []).toEqual(ids);
});

it('where what it rests on was changed as well, nothing is done about it any more, and that is told', async () => {
  const [id = ''] = await three();
  await night.intrude(`update incident set alert = replace(alert, '"malware"', '"spam"') where id = $1`, id);
  await rankWatch(night.flow)();
  expect((await incident(id))?.breach).toContain('differs from the record');
});

it('what stands where it belongs is left alone', async () => {
  const [id = ''] = await three();
  const before = (await incident(id))?.revision;
  await rankWatch(night.flow)();
  expect([(await incident(id))?.revision, (await incident(id))?.breach]).toEqual([before, null]);
});

const AT = '2026-11-20T08:05:00.000Z';
const click = (outcome: 'allowed' | 'blocked' | 'through') => ({
  at: AT,
  url: 'https://pay.mailer.example',
  outcome,
  ip: null,
});

/** In two mailboxes; a look has seen who pressed its link. */
async function looked(): Promise<string> {
  people.rows.set('ann@contoso.example', { clicks: [click('allowed')] });
  people.rows.set('bob@contoso.example', { clicks: [click('blocked')] });
  const { id } = await lands(['ann', 'bob']);
  await night.until('it was looked at', async () => ((await incident(id))?.clicked ?? 0) > 0);
  return id;
}
const rankOf = async (id: string) => {
  const page = await night.flow.store.transact((tx) => tx.board.openAfter('', 100));
  return page.find((one) => one.incident.id === id)?.rank ?? 0;
};

describe('a mail whose link was followed', () => {
  it('stands in front of one that came before it, as soon as a look has seen that, and the queue says why', async () => {
    people.refused.set('link clicks', 'not licensed');
    const { id: first } = await lands(['ann', 'bob']);
    people.refused.clear();
    const id = await looked();
    expect(await open()).toEqual([id, first]);
    const reply = await night.desk.queue({ by: inSlack('dana'), channel: null, open: null });
    const lines = reply.kind === 'queue' ? reply.queue.mine.map(({ incident: one, why }) => [one.id, why]) : [];
    expect(lines).toEqual([
      [id, '1 followed its link, 2 mailboxes'],
      [first, '2 mailboxes'],
    ]);
  });

  it('stays there when nothing but its stored rank is looked at again, and is not called changed', async () => {
    const id = await looked();
    const before = await rankOf(id);
    await pushDown(id);
    await rankWatch(night.flow)();
    expect([await rankOf(id), (await incident(id))?.breach]).toEqual([before, null]);
  });

  it('is found out where somebody takes the clicks away', async () => {
    const id = await looked();
    await night.intrude('update incident set clicked = 0 where id = $1', id);
    await rankWatch(night.flow)();
    expect((await incident(id))?.breach).toContain('how many people followed its link');
  });

  it('is found out by a press where its rank was made to fit as well', async () => {
    const id = await looked();
    await cardsShow(id, 'its list', ({ canPurge }) => canPurge);
    await night.intrude('update incident set clicked = 0, rank = rank - 16 where id = $1', id);
    await press(id, inSlack('dana'), 'purge');
    expect((await incident(id))?.breach).toContain('how many people followed its link');
  });
});
