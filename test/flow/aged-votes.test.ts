import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** An undo has no deadline, and its votes age: the card says so when it happens, also where nobody presses anything. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
  await night.govern(
    policyWith([ruleFor(['purge'], { approver: 1 }), ruleFor(['undo'], { approver: 2 }, { expiryMinutes: 60 })]),
  );
});
afterAll(() => night.close());
const { lands, press, becomes, card, incident } = storyteller(() => night);

it('a vote for an undo that has aged is not on the card any more', async () => {
  const { id } = await lands();
  await press(id, inSlack('dana'), 'purge');
  await becomes(id, 'purged');
  await press(id, inSlack('dana'), 'undo');
  await night.until('the vote is on the card', async () => JSON.stringify(card(id)).includes('1 of 2'));
  night.clock.now += 59 * MINUTE;
  const before = (await incident(id))?.revision;
  await night.run({ queue: 'expire', incident: id });
  night.clock.now += 2 * MINUTE;
  await night.run({ queue: 'expire', incident: id });
  expect((await incident(id))?.revision).toBeGreaterThan(before ?? 0);
  await night.until('it is gone from the card', async () => !JSON.stringify(card(id)).includes('1 of 2'));
  expect(await press(id, inTeams('omar'), 'undo')).toMatchObject({ code: 'vote-counted' });
});
