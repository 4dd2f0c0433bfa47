import { afterEach, beforeEach, expect, it } from 'vitest';
import { rankWatch } from '../../src/flow/record/ranks.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, storyteller } from './telling.ts';

/** Where a mail stands in the queue is reckoned from what is known of it, whatever somebody has written beside it. */

let night: Night;
beforeEach(async () => {
  night = await startNight({ intruded: true });
});
afterEach(() => night.close());
const { becomes, incident } = storyteller(() => night);

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
