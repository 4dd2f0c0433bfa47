import { beforeEach, describe, expect, it } from 'vitest';
import type { Finder, Tracking } from '../../src/ports/finder.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, BOB, looking } from './looking.ts';

/** More than one service keeps track of deliveries: each is asked, and what each said is told under its own name. */

let world: World;
const { cardOf, land, looks, later, planOf, reported, entries, warnings } = looking(() => world);

const AS_OF = '2026-11-20T08:00:00.000Z';
const NOTHING: Tracking = {
  status: 'answered',
  deliveries: [],
  requestId: 'trace',
  detail: '',
  waitMs: null,
  cutOff: false,
};
/** What the second one says. */
let said: Tracking;
const trace: Finder = { name: 'trace', isOn: true, can: { find: 'yes' }, find: () => Promise.resolve(said) };

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  Object.assign(world.flow, { finders: [...world.flow.finders, trace] });
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
  said = NOTHING;
});

function names(recipient: string): Tracking {
  const mail = world.mail.copies[0];
  const { internetMessageId = '', sender = '', subject = '' } = mail ?? {};
  const delivery = {
    recipient,
    recipientId: null,
    networkMessageId: null,
    internetMessageId,
    sender,
    subject,
    at: null,
  };
  return { ...NOTHING, deliveries: [delivery] };
}

describe('two finders', () => {
  it('that name different people are both believed, each with what it named', async () => {
    land(ANN);
    land(BOB, true);
    said = names(BOB);
    const plan = await planOf(await reported());
    expect(plan?.copies.map(({ address }) => address).toSorted()).toEqual([ANN, BOB]);
    expect(plan?.finders.map(({ name, found }) => [name, found])).toEqual([
      ['hunting', 1],
      ['trace', 1],
    ]);
    expect(plan?.foundBy).toBe('hunting, trace and recipients');
  });

  it('are told on the card and in the record, each by its name', async () => {
    land(ANN);
    const id = await reported();
    const value =
      'hunting, trace and recipients; hunting named 1 delivery, as of 20 Nov 08:00 UTC; trace named 0 deliveries, as of 20 Nov 08:00 UTC';
    expect(cardOf(id)?.facts).toContainEqual({ label: 'Found by', value });
    const [made] = entries(id, 'plan.made');
    expect(made?.detail.finders).toMatchObject([
      { name: 'hunting', status: 'answered', found: 1, asOf: AS_OF },
      { name: 'trace', status: 'answered', found: 0, asOf: AS_OF },
    ]);
  });

  it('of which one is silent leave that open, in its own name, and it is asked again', async () => {
    land(ANN);
    said = { ...NOTHING, status: 'silent', detail: 'timeout' };
    const id = await reported();
    expect(warnings(id)).toContainEqual(
      'trace gave no answer (timeout), 20 Nov 08:00 UTC: who else received it is not known yet. It is asked again by itself.',
    );
    await later(1);
    expect(looks(id)).toEqual(['trouble 0']);
    const [look] = entries(id, 'scope.looked');
    expect(look?.detail.look.finders).toMatchObject([
      { name: 'hunting', status: 'answered' },
      { name: 'trace', status: 'silent' },
    ]);
    said = NOTHING;
    await later(3);
    expect(warnings(id)).not.toContainEqual(expect.stringContaining('gave no answer'));
  });

  it('of which one answers know enough for a plan, though no mailbox does', async () => {
    land(ANN);
    said = { ...NOTHING, status: 'silent', detail: 'timeout' };
    const { locate } = world.mail;
    world.mail.locate = async (addresses, wanted) =>
      (await locate(addresses, wanted)).map((lookup) => ({ ...lookup, result: 'failed', messages: [] }));
    expect((await planOf(await reported()))?.failed).toEqual([ANN]);
  });

  it('that both ask to be left alone are left alone for as long as the more patient one asks', async () => {
    land(ANN);
    world.mail.hunting.trouble = { status: 'busy', waitMs: 180_000 };
    said = { ...NOTHING, status: 'busy', waitMs: 600_000 };
    const id = await reported();
    await later(4);
    expect(looks(id)).toEqual([]);
    await later(6);
    expect(looks(id)).toEqual(['trouble 0']);
  });
});

describe('no finder at all', () => {
  it('leaves what the alert names, and a look at set times', async () => {
    Object.assign(world.flow, { finders: [] });
    land(ANN);
    const id = await reported();
    expect(await planOf(id)).toMatchObject({ foundBy: 'recipients', finders: [] });
    await later(15);
    expect(looks(id)).toEqual(['lag 0']);
    expect(warnings(id)).toEqual([]);
  });
});
