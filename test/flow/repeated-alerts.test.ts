import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { createWorld, PEOPLE as PEOPLE_THERE } from '../fault/world.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, storyteller, type Told } from './telling.ts';

/** The same mail reported again, by a source that is believed: whatever is new in it counts, if it is one person only. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, incident, votes, entries } = storyteller(() => night);

const again = ({ mail, copies }: Told, change: Record<string, unknown> = {}) =>
  night.alert({
    message: { ...mail, subject: 'Invoice overdue' },
    recipients: copies.map(({ address }) => address),
    ...change,
  });
const recipients = async ({ id }: Told) => (await incident(id))?.alert.recipients;

describe('a repeated alert', () => {
  it.each(['reporter', 'requester'])('that adds nothing but a %s: that person may not approve', async (role) => {
    const told = await lands();
    expect(await again(told, { [role]: { entraId: PEOPLE.omar.entraId } })).toBe(told.id);
    await press(told.id, inTeams('omar'), 'purge');
    expect(await votes(told.id)).toEqual([]);
    await press(told.id, inSlack('dana'), 'purge');
    expect((await votes(told.id)).map(({ name }) => name)).toEqual(['Dana']);
  });

  it('names one more than the one before: none of them may approve', async () => {
    const told = await lands();
    await again(told, { reporter: { entraId: PEOPLE.omar.entraId } });
    await again(told, { reporter: { entraId: PEOPLE.lena.entraId } });
    await press(told.id, inTeams('omar'), 'purge');
    await press(told.id, inTeams('lena'), 'purge');
    expect(await votes(told.id)).toEqual([]);
  });

  it('of a person who is known already names nobody twice, in whatever letters', async () => {
    const told = await lands();
    const reporter = { entraId: PEOPLE.omar.entraId, address: PEOPLE.omar.address };
    await again(told, { reporter });
    await again(told, { reporter: { ...reporter, address: 'Omar@Contoso.example' }, requester: reporter });
    expect((await incident(told.id))?.askers).toHaveLength(1);
  });

  it('that adds a recipient adds that one, and none of those that are known', async () => {
    const told = await lands(['ann', 'bob']);
    await again(told, {
      recipients: ['ANN@contoso.example', 'bob@contoso.example', 'eve@contoso.example', 'eve@contoso.example'],
    });
    expect(await recipients(told)).toEqual(['ann@contoso.example', 'bob@contoso.example', 'eve@contoso.example']);
  });

  it('that adds a person and a recipient adds both', async () => {
    const told = await lands(['ann']);
    const { entraId } = PEOPLE.omar;
    await again(told, { recipients: ['eve@contoso.example'], requester: { entraId } });
    expect(await recipients(told)).toEqual(['ann@contoso.example', 'eve@contoso.example']);
    expect((await incident(told.id))?.askers.map((asker) => asker.entraId)).toEqual([entraId]);
  });

  it('that adds nothing is counted and on record, and what was known stays', async () => {
    const told = await lands(['ann', 'bob'], { reporter: { entraId: PEOPLE.lena.entraId } });
    await again(told);
    const now = await incident(told.id);
    expect(now).toMatchObject({ alerts: 2, askers: [{ entraId: PEOPLE.lena.entraId }] });
    expect(now?.alert.recipients).toEqual(['ann@contoso.example', 'bob@contoso.example']);
    expect(await entries(told.id, 'alert.repeated')).toHaveLength(1);
  });
});

it('the report after many of the same mail reads no more of the record than the one after few', async () => {
  const world = createWorld();
  const read: number[] = [];
  const { transact } = world.flow.store;
  const counting: Store['transact'] = (work) =>
    transact((tx) => {
      const find: typeof tx.ledger.find = async (asked) => {
        const found = await tx.ledger.find(asked);
        read.push(found.length);
        return found;
      };
      return work({ ...tx, ledger: { ...tx.ledger, find } });
    });
  Object.assign(world.flow, { store: { ...world.flow.store, transact: counting } });
  const reports = async (from: number, until: number) => {
    for (let n = from; n < until; n += 1) await world.alert(1, `report ${n}`, PEOPLE_THERE[n % 6] ?? null);
    read.length = 0;
    await world.alert(1, `report ${until}`, null);
    return read.reduce((sum, n) => sum + n, 0);
  };
  const few = await reports(0, 5);
  expect(await reports(6, 60)).toBe(few);
  expect((await world.flow.store.transact((tx) => tx.incidents.list(10))).map(({ alerts }) => alerts)).toEqual([61]);
});
