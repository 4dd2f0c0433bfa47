import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowOf } from '../../src/core/find/vendor-row.ts';
import { receive } from '../../src/flow/find/intake.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { sentAlert } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** What a vendor sent is kept with the incident, for whoever wants to see what its words were. */

let night: Night;
beforeAll(async () => {
  night = await startNight({ workers: false });
});
afterAll(() => night.close());

it('each row of one mail stays beside its incident, and is no part of what was heard', async () => {
  const said = sentAlert({}, { internetMessageId: '<row-1@mailer.example>' });
  const delivery = (id: string) => ({ source: SOURCE, id, body: id });
  const first = await receive(night.flow, { ...said, row: rowOf('{"threat":1}') }, delivery('one'));
  await receive(night.flow, { ...said, id: 'again', row: rowOf('{"threat":2}') }, delivery('two'));
  await receive(night.flow, { ...said, id: 'third' }, delivery('three'));
  const id = first.incident ?? '';
  const [rows, incident] = await night.flow.store.transact(async (tx) => [
    await tx.vendorRows.of(id),
    await tx.incidents.get(id),
  ]);
  expect(rows.map(({ source, delivery: of, text }) => [source, of, text])).toEqual([
    ['test', 'one', '{"threat":1}'],
    ['test', 'two', '{"threat":2}'],
  ]);
  expect([incident?.alerts, JSON.stringify(incident?.alert).includes('threat')]).toEqual([3, false]);
});
