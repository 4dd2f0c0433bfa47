import { beforeEach, describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { Happening } from '../../src/flow/flow.ts';
import { work } from '../../src/flow/sweep.ts';
import { createWorld, hash, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';

/** What hunting said is kept in the plan, told on the card and to whoever runs this: whatever it said, it is no silence. */

let world: World;
let observed: Happening[];
const hunted = () => createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
beforeEach(async () => {
  await begin(hunted());
});

async function begin(fresh: World) {
  world = fresh;
  observed = [];
  Object.assign(world.flow, { observe: (happening: Happening) => observed.push(happening) });
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
}

/** The mail lands with `ann`, hunting or not, and is reported. */
async function landed(recipients: readonly string[] = ['ann@contoso.example']) {
  const copy = world.land(1, 'ann@contoso.example');
  const before = world.mail.hunting.trouble;
  if (before === null) world.mail.hunting.late.clear();
  return { copy, ...(await reported(recipients)) };
}

async function reported(recipients: readonly string[]) {
  const receipt = await world.alert(1, 'one', null, recipients);
  const errors = await world.settle();
  const id = receipt.incident ?? '';
  return { id, plan: await planOf(id), errors };
}

const planOf = (id: string) =>
  world.flow.store.transact(async (tx) => tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? ''));

const warnings = (id: string) =>
  world.rooms.slack.cards.findLast(({ view }) => view.incident === id)?.view.warnings.map(({ text }) => text) ?? [];
const about = (id: string) => warnings(id).filter((text) => text.includes('hunting'));
const results = () => observed.flatMap((happening) => (happening.what === 'finder' ? [happening.result] : []));

describe('hunting that answers', () => {
  it('is in the plan with what it found and when, on the card, and no warning', async () => {
    const { id, plan } = await landed();
    expect(plan?.finders).toEqual([
      { name: 'hunting', status: 'answered', found: 1, cutOff: false, asOf: '2026-11-20T08:00:00.000Z', detail: '' },
    ]);
    const facts = world.rooms.slack.cards.at(-1)?.view.facts;
    expect(facts).toContainEqual({
      label: 'Found by',
      value: 'hunting and recipients; hunting named 1 delivery, as of 20 Nov 08:00 UTC',
    });
    expect([about(id), results()]).toEqual([[], ['answered']]);
  });

  it('is in the record', async () => {
    await landed();
    const made = world.memory.entries().find(ofType('plan.made'));
    const said = { status: 'answered', found: 1, cutOff: false, asOf: '2026-11-20T08:00:00.000Z', detail: '' };
    expect(made?.detail.finders).toEqual([{ name: 'hunting', ...said }]);
  });

  it('and names nobody although the mail was delivered is warned about', async () => {
    const copy = world.land(1, 'ann@contoso.example');
    world.mail.hunting.late.add(copy);
    const { id, plan } = await reported(['ann@contoso.example']);
    expect(plan?.finders[0]).toMatchObject({ status: 'answered', found: 0 });
    expect(about(id)).toEqual([
      'Advanced hunting named no delivery of this mail, 20 Nov 08:00 UTC, though it was delivered: it shows mail minutes late, so there may be more copies.',
    ]);
    expect(results()).toEqual(['names nobody']);
  });

  it('and names nobody where nothing says that it was delivered is no warning', async () => {
    Object.assign(world.mail, createFakeMail({ hunting: 'delivered' }));
    const { id } = await reported([]);
    expect([about(id), results()]).toEqual([[], ['answered']]);
  });

  it('and names nobody in a look later on is counted by what is known by then', async () => {
    const look = (id: string) => work(world.flow, { queue: 'look', incident: id, because: 'lag', nth: 0 });
    const copy = world.land(1, 'ann@contoso.example');
    world.mail.hunting.late.add(copy);
    const { id } = await reported(['ann@contoso.example']);
    await look(id);
    expect(results()).toEqual(['names nobody', 'names nobody']);
    await begin(createWorld(undefined, createFakeMail({ hunting: 'delivered' })));
    const nobodys = await reported([]);
    observed.length = 0;
    await look(nobodys.id);
    expect(results()).toEqual(['answered']);
  });

  it('and may know more than it told is an alarm, and said on the card', async () => {
    world.mail.hunting.trouble = { status: 'answered', cutOff: true };
    const { id } = await landed();
    expect(warnings(id)).toContainEqual(expect.stringContaining('Tracking named more than can be followed'));
    expect(results()).toEqual(['cut off']);
  });
});

describe('hunting that does not answer', () => {
  it.each([
    ['refused', '403 Forbidden', 'Advanced hunting refused the question (403 Forbidden), 20 Nov 08:00 UTC: who else'],
    ['refused', '400 BadRequest', 'Advanced hunting refused the question (400 BadRequest)'],
    ['busy', '429', 'Advanced hunting asked to wait, 20 Nov 08:00 UTC: who else received it is not known yet.'],
    ['silent', 'timeout', 'Advanced hunting gave no answer (timeout), 20 Nov 08:00 UTC'],
    ['no id', '', 'Advanced hunting could not be asked'],
  ] as const)('because it is %s (%s) keeps no plan from being made, and says so', async (status, detail, words) => {
    world.mail.hunting.trouble = { status, detail };
    const { id, plan, copy } = await landed();
    expect(plan?.copies.map(({ message }) => message)).toEqual([copy.message]);
    expect(plan).toMatchObject({ foundBy: 'recipients', finders: [{ status, detail, found: 0 }] });
    expect(about(id)).toEqual([expect.stringContaining(words)]);
    expect(results()).toEqual([status]);
  });

  it('and is switched off is no warning and no alarm', async () => {
    await begin(createWorld());
    const { id, plan } = await landed();
    expect([plan?.finders[0]?.status, about(id), results()]).toEqual(['off', [], []]);
  });

  it('and no mailbox either: then nothing is known, and it is tried again', async () => {
    world.mail.hunting.trouble = { status: 'silent', detail: 'ECONNRESET' };
    const { locate } = world.mail;
    world.mail.locate = async (addresses, wanted) =>
      (await locate(addresses, wanted)).map((lookup) => ({ ...lookup, result: 'failed', messages: [] }));
    const { plan, errors } = await landed();
    expect([plan, String(errors[0])]).toEqual([null, expect.stringContaining('neither hunting nor any mailbox')]);
  });

  it('and the alert names no mailbox: it is tried again until somebody knows one', async () => {
    world.mail.hunting.trouble = { status: 'silent', detail: 'ECONNRESET' };
    const { id, plan, errors, copy } = await landed([]);
    expect([plan, errors]).toEqual([null, [expect.objectContaining({ code: 'unavailable' })]]);
    world.mail.hunting.trouble = null;
    world.pass(3);
    await world.sweep();
    await world.settle();
    expect((await planOf(id))?.copies.map(({ message }) => message)).toEqual([copy.message]);
  });

  it('and every mailbox was looked into before: a look at a set time is told, and fails for nothing', async () => {
    const { id } = await landed();
    world.mail.hunting.trouble = { status: 'silent', detail: 'ECONNRESET' };
    world.pass(15);
    expect(await world.settle()).toEqual([]);
    const [look] = world.memory.entries().filter(ofType('scope.looked'));
    expect(look).toMatchObject({ incident: id, detail: { looked: 0, look: { finders: [{ status: 'silent' }] } } });
  });

  it('whatever it says in its words is text', async () => {
    world.mail.hunting.trouble = { status: 'refused', detail: '403 <b>@everyone</b>\u202e' };
    expect(about((await landed()).id)[0]).not.toMatch(/\u202e/);
  });
});

describe('a plan from before finders were kept', () => {
  it('is read as one that asked none, and keeps its digest', async () => {
    const { plan } = await landed();
    const { finders: _, ...older } = { ...plan, version: 2 };
    const manifest = seal.canonical(older);
    const digest = hash.of(manifest);
    const { tenant, incident } = plan as NonNullable<typeof plan>;
    const filed = { tenant, incident, digest, manifest, rows: [] };
    await world.flow.store.transact((tx) => tx.incidents.savePlan(filed));
    const stored = await world.flow.store.transact((tx) => tx.incidents.storedPlan(digest));
    expect([stored?.intact, stored?.plan?.finders]).toEqual([true, []]);
  });
});
