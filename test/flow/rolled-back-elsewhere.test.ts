import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, CAS, DANA, looking, OMAR } from './looking.ts';

/** Silence brings back what was contained, but not what people approved the removal of in another incident. */

const [, , ONE, FIRST] = POLICIES as [Policy, Policy, Policy, Policy];
const LEAD = PEOPLE[3] as Someone;
let world: World;
const { atRest, calledWorse, cardOf, entries, incident, land, later, purge, reported, warnings } = looking(() => world);
const stateOf = async (id: string) => (await incident(id))?.stands;

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(ONE);
});

/** The same copies are contained in one incident and listed in another, where they were purged and undone before. */
async function twoIncidents() {
  const copies = [land(ANN), land(BOB)];
  const asked = await reported([ANN, BOB]);
  await purge(asked);
  await world.press(OMAR, 'slack', 'undo', asked);
  await atRest();
  const inAnother = await contained(asked);
  expect([await stateOf(inAnother), await stateOf(asked)]).toEqual(['contained', 'open']);
  return { copies, asked, contained: inAnother };
}

/** By a new alert about the mail of a closed incident, which is opened again at the same time. */
async function contained(closed: string): Promise<string> {
  await world.govern(FIRST);
  const id = await calledWorse([ANN, BOB]);
  await world.press(DANA, 'slack', 'reopen', closed);
  await atRest();
  return id;
}

async function approved(id: string, action: 'purge' | 'undo') {
  for (const who of [DANA, OMAR]) await world.press(who, 'slack', action, id);
  await atRest();
}

async function lapsed() {
  world.pass(21);
  await world.sweep();
  await atRest();
}

it('a containment that waits for a mailbox leaves what people have brought back in another incident meanwhile', async () => {
  const ann = land(ANN);
  const asked = await reported([ANN]);
  await purge(asked);
  ann.folderId = 'inbox';
  const answer = { status: 'throttled', waitMs: 120_000 } as const;
  world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer });
  await world.govern(FIRST);
  const unasked = await calledWorse([ANN, BOB]);
  await atRest();
  expect(await stateOf(unasked)).toBe('running');
  world.pass(1 / 60);
  await world.press(OMAR, 'slack', 'undo', asked);
  await later(3);
  await later(3);
  expect([await stateOf(asked), await stateOf(unasked), ann.folderId]).toEqual(['restored', 'contained', 'inbox']);
});

describe('a containment that nobody confirms', () => {
  it('leaves out what people approved the removal of in another incident, and says so', async () => {
    const { copies, asked, contained } = await twoIncidents();
    await approved(asked, 'purge');
    await lapsed();
    expect([await stateOf(asked), ...copies.map(({ folderId }) => folderId)]).toEqual([
      'purged',
      RECOVERABLE,
      RECOVERABLE,
    ]);
    expect(entries(contained, 'run.started').at(-1)?.detail).toMatchObject({ cause: 'roll-back', copies: 0 });
    expect(warnings(contained)).toContainEqual(
      expect.stringMatching(`^2 copies of this list were not put back, .*: people approved the removal in ${asked}.$`),
    );
    expect(cardOf(contained)?.canUndo).toBe(true);
  });

  it('leaves out what people approve the removal of while it is coming back already', async () => {
    const { copies, asked, contained } = await twoIncidents();
    const [ann] = copies;
    const answer = { status: 'throttled', waitMs: 120_000 } as const;
    world.mail.trouble.push({ method: 'putBack', mailbox: ann?.mailbox ?? '', answer });
    await lapsed();
    expect(copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, 'inbox']);
    await approved(asked, 'purge');
    await later(3);
    expect([await stateOf(asked), await stateOf(contained), ...copies.map(({ folderId }) => folderId)]).toEqual([
      'purged',
      'restored',
      RECOVERABLE,
      RECOVERABLE,
    ]);
    expect(warnings(contained)).toContainEqual(
      expect.stringMatching(`^1 copy of this list was not put back, .*: people approved the removal in ${asked}.$`),
    );
    expect(cardOf(contained)?.canUndo).toBe(true);
  });

  it('leaves out what people confirmed in another incident, also after somebody looked there again', async () => {
    const copies = [land(ANN), land(BOB)];
    const answer = { status: 'denied', detail: '403' } as const;
    world.mail.trouble.push({ method: 'locate', mailbox: world.mail.open(CAS), answer, always: true });
    const confirmed = await reported([ANN, BOB, CAS]);
    await world.press(OMAR, 'slack', 'reject', confirmed);
    const lapsing = await contained(confirmed);
    await world.press(DANA, 'slack', 'confirm', confirmed);
    await world.press(LEAD, 'slack', 'confirm', confirmed);
    await world.settle();
    expect(await stateOf(confirmed)).toBe('purged');
    await world.press(DANA, 'slack', 'reopen', confirmed);
    await atRest();
    expect([await stateOf(confirmed), await stateOf(lapsing)]).toEqual(['open', 'contained']);
    await lapsed();
    expect([await stateOf(lapsing), ...copies.map(({ folderId }) => folderId)]).toEqual([
      'restored',
      RECOVERABLE,
      RECOVERABLE,
    ]);
  });

  it('comes back where nobody approved anything in the other one', async () => {
    const { copies, contained } = await twoIncidents();
    await lapsed();
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    expect(entries(contained, 'run.started').at(-1)?.detail.leftFor).toEqual([]);
  });
});
