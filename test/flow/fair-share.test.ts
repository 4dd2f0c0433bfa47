import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { storyteller } from './telling.ts';

/** Incidents that wait for slow mailboxes keep no fresh one waiting for its plan. */

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, cardsShow, state } = storyteller(() => night);

it('five incidents whose mailboxes do not answer, and a sixth that has its plan at once', async () => {
  const { locate } = night.mail;
  let heal: () => void = () => undefined;
  const healed = new Promise<void>((resolve) => {
    heal = resolve;
  });
  const slow = ['ann', 'bob', 'cas', 'dan', 'eve'].map((name) => `${name}@contoso.example`);
  night.mail.locate = async (addresses, wanted) => {
    if (addresses.some((address) => slow.includes(address))) await healed;
    return locate(addresses, wanted);
  };
  const stuck = [];
  for (const name of ['ann', 'bob', 'cas', 'dan', 'eve']) stuck.push((await report([name])).id);
  const fresh = await report(['fay']);
  await cardsShow(fresh.id, 'the plan', ({ canPurge }) => canPurge);
  expect(await Promise.all(stuck.map(state))).toEqual(stuck.map(() => 'received'));
  heal();
  for (const id of stuck) await cardsShow(id, 'the plan', ({ canPurge }) => canPurge);
});
