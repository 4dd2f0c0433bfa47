import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { heedStopFile, stop, stopOnce } from '../../src/flow/decide/brake.ts';
import { liftCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { guid, inSlack, inTeams, joins, policyWith, ruleFor, storyteller } from './telling.ts';

let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, incident } = storyteller(() => night);

const rules = [ruleFor(['purge', 'undo'], { approver: 2 }), ruleFor(['flag'], { approver: 1 })];
const roles = { lead: { people: [guid(80)] } };
const operator = {
  actor: { kind: 'service', id: 'operator', name: 'The operator' },
  platform: 'operator',
  name: 'me',
} as const;
const brake = () => night.flow.store.transact((tx) => tx.brake.read());
const liftVotes = async () => {
  const { number } = await brake();
  const rows = await night.flow.store.transact((tx) => tx.brake.liftVotes(number));
  return rows.map(({ name }) => name);
};
const recorded = async <T extends EntryType>(type: T) => (await night.entries()).filter(ofType(type));
const revision = async (id: string) => (await incident(id))?.revision ?? 0;
const setEnabled = (who: 'dana' | 'omar', enabled: boolean) => {
  const known = night.directory.people.get(PEOPLE[who].entraId);
  if (known) night.directory.people.set(known.id, { ...known, enabled });
};
afterEach(async () => {
  night.setStopFile(null);
  setEnabled('dana', true);
  setEnabled('omar', true);
  await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
  await night.govern(policyWith(rules, { roles }));
});
const stopped = () => stop(night.flow, operator, 'a test');

describe('a stop', () => {
  it('is on the cards that somebody looks at, and leaves the others alone', async () => {
    const open = await lands();
    const closed = await lands();
    await press(closed.id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    const before = [await revision(open.id), await revision(closed.id)];
    await stopped();
    expect([(await revision(open.id)) > (before[0] ?? 0), await revision(closed.id)]).toEqual([true, before[1]]);
  });

  it('that is there already is drawn no second time', async () => {
    const { id } = await lands();
    await stopped();
    const drawn = await revision(id);
    expect([await stopped(), await revision(id)]).toEqual([false, drawn]);
  });

  it('keeps its reason without the blanks around it, and not all of a long one', async () => {
    await stop(night.flow, operator, `  ${'r'.repeat(1_000)}  `);
    expect((await brake()).reason).toBe('r'.repeat(300));
    expect((await recorded('brake.stopped')).at(-1)?.detail.reason).toBe('r'.repeat(300));
  });

  it('keeps a short reason as it is', async () => {
    await stop(night.flow, operator, ' wrong tenant ');
    expect((await brake()).reason).toBe('wrong tenant');
  });

  it('by a signed call is on the cards once, and not again when the call is repeated after a lift', async () => {
    const { id } = await lands();
    const before = await revision(id);
    const delivery = { source: SOURCE, id: 'a call', body: 'its bytes' };
    expect(await stopOnce(night.flow, delivery, 'a detector went mad')).toEqual({ kind: 'accepted', stopped: true });
    const drawn = await revision(id);
    await night.flow.store.transact((tx) => tx.brake.lock().then(tx.brake.lift));
    expect(await stopOnce(night.flow, delivery, 'a detector went mad')).toEqual({ kind: 'replayed', stopped: true });
    expect([drawn > before, await revision(id)]).toEqual([true, drawn]);
    await stopped();
    const again = await revision(id);
    expect(await stopOnce(night.flow, { ...delivery, id: 'another' }, 'x')).toEqual({
      kind: 'accepted',
      stopped: false,
    });
    expect(await revision(id)).toBe(again);
  });

  it('by a file is heeded while the file is there', async () => {
    expect(await heedStopFile(night.flow)).toBe(false);
    night.setStopFile('stop!');
    expect([await heedStopFile(night.flow), await heedStopFile(night.flow)]).toEqual([true, true]);
  });
});

describe('a vote for going on', () => {
  it('takes one of the roles that are asked, not all of them', async () => {
    await night.govern(policyWith(rules, { roles, stop: { lift: [{ role: 'lead' }, { role: 'approver' }] } }));
    await stopped();
    expect(await say(inSlack('dana'), 'lift')).toMatchObject(liftCounted(1, 2));
    await say(inTeams('omar'), 'lift');
    await say(joins(night, 80), 'lift');
    expect((await recorded('brake.lifted')).at(-1)?.detail).toEqual({ people: ['Dana', 'Person 80'] });
  });

  it('is written down once, however often it is said', async () => {
    await stopped();
    const before = (await recorded('brake.lift-voted')).length;
    await say(inSlack('dana'), 'lift');
    expect(await say(inSlack('dana'), 'lift')).toMatchObject({ code: 'lift-repeated', counted: 1, needed: 2 });
    expect((await recorded('brake.lift-voted')).length - before).toBe(1);
  });

  it('of somebody locked out since is taken away', async () => {
    await stopped();
    await say(inSlack('dana'), 'lift');
    setEnabled('dana', false);
    await say(inTeams('omar'), 'lift');
    expect(await liftVotes()).toEqual(['Omar']);
  });

  it('of somebody who turns out to be locked out is not kept', async () => {
    await stopped();
    await say(inTeams('omar'), 'lift');
    const { stopFile } = night.flow;
    // Between the look at who presses and the look at everybody who counts.
    const meanwhile = () => {
      setEnabled('dana', false);
      return Promise.resolve(null);
    };
    Object.assign(night.flow, { stopFile: meanwhile });
    expect(await say(inSlack('dana'), 'lift')).toMatchObject({ code: 'lift-not-counted' });
    Object.assign(night.flow, { stopFile });
    expect([await liftVotes(), (await brake()).stopped]).toEqual([['Omar'], true]);
  });

  it('said again, once the others can be asked about, goes on, and each is named once', async () => {
    await stopped();
    await say(inSlack('dana'), 'lift');
    night.slackPeople.down = true;
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ others: { unsure: ['Dana'] } });
    night.slackPeople.down = false;
    expect(await say(inTeams('omar'), 'lift')).toMatchObject({ code: 'lifted' });
    expect((await recorded('brake.lifted')).at(-1)?.detail).toEqual({ people: ['Dana', 'Omar'] });
  });
});
