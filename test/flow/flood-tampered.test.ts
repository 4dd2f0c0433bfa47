import { afterEach, beforeEach, expect, it } from 'vitest';
import { WAITING_LIST } from '../../src/ports/outbox.ts';
import { GROUPING } from '../fault/flood.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { storyteller } from './telling.ts';

/** Somebody has the database: what cards an hour has left is in the record, and not in any row that can be written. */

let night: Night;
beforeEach(async () => {
  night = await startNight({ grouping: GROUPING, intruded: true });
});
afterEach(() => night.close());
const { becomes } = storyteller(() => night);

const reported = (n: number) =>
  night.alert(
    {
      verdict: 'suspicious',
      reporter: { entraId: null, address: 'ann@contoso.example' },
      recipients: ['ann@contoso.example'],
      message: { internetMessageId: `<r${n}@mailer.example>`, sender: `a${n}@x${n}.example`, subject: `Mail ${n}` },
    },
    `report ${n}`,
    { ...SOURCE, kind: 'report', claims: { ...SOURCE.claims, actFirst: false } },
  );
const isHeld = async (id: string) =>
  (await night.flow.store.transact((tx) => tx.cards.of(id))).some(({ gathered }) => gathered === WAITING_LIST);

it('who changes rows gets no card more, and takes none from others', async () => {
  for (let n = 0; n < 6; n += 1) await becomes(await reported(n), 'open');
  // As if none of these had ever had a card.
  await night.intrude('update card set gathered = $1, ref = null, due = false', WAITING_LIST);
  const next = await reported(10);
  expect(await isHeld(next)).toBe(true);
  expect((await night.entries()).filter(({ type }) => type === 'card.granted')).toHaveLength(4);
});
