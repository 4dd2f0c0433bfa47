import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { mailsAlike } from './mails-alike.ts';

/** Mails that agree only in part are shown in groups: one is what people can judge at once, and take in with one word. */

const FORWARDED = 'RE: Invoice overdue';

let world: World;
const { lands, alerted, cardOf } = mailsAlike(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
});

/** How many groups there are of two such mails, which differ from each other in this. */
async function groupsOf(one: object, other: object): Promise<number> {
  Object.assign(lands('ann', { subject: FORWARDED, ...one }), at(one));
  Object.assign(lands('bob', { subject: FORWARDED, ...other }), at(other));
  return cardOf(await alerted()).view.unsure.length;
}
const at = (change: { readonly receivedAt?: string }) =>
  change.receivedAt === undefined ? {} : { receivedAt: change.receivedAt };

describe('two mails that agree with it in part', () => {
  it('are one group, at whatever hours of one day they came', async () => {
    const hours = ['2026-11-20T08:00:00Z', '2026-11-20T17:30:00Z'].map((receivedAt) => ({ receivedAt }));
    expect(await groupsOf({ ...hours[0] }, { ...hours[1] })).toBe(1);
  });

  it('are one group, in whatever case the sender is written', async () => {
    expect(await groupsOf({ sender: 'Boss@Contoso.example' }, {})).toBe(1);
  });

  it.each<[string, object, object]>([
    ['on another day', { receivedAt: '2026-11-20T08:00:00Z' }, { receivedAt: '2026-11-19T08:00:00Z' }],
    ['from another sender', {}, { sender: 'mallory@mailer.example' }],
    ['with another subject', {}, { subject: 'FW: Invoice overdue' }],
  ])('are two groups where one came %s', async (_what, one, other) => {
    expect(await groupsOf(one, other)).toBe(2);
  });
});
