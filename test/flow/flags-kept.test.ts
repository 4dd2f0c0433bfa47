import { describe, expect, it } from 'vitest';
import { retirement } from '../../src/flow/record/retire.ts';
import { afterRestore } from '../../src/flow/restored.ts';
import { tidy } from '../../src/flow/sweep.ts';
import { flagging, flagPolicy, HOUR } from './flagging.ts';
import { inSlack, joins } from './telling.ts';

/** How long flags are stored, and what becomes of them in a database that was put back from a copy. */

const { night, flagged, flagEntries, press, say, shown, entries } = flagging({ intruded: true });
const read = (id: string) => night().flow.store.transact((tx) => tx.flagged.get(id));
const differs = (id: string) =>
  night()
    .audit()
    .then(({ differences }) => differences.filter((line) => line.includes(id)));

describe('a flag of an incident that is over', () => {
  it('keeps it from being let go of until it is cleared, and then goes with it', async () => {
    const { id, incident } = await flagged(71);
    await say(inSlack('dana'), 'status');
    await press(inSlack('dana'), 'take', id);
    const turn = retirement(night().flow);
    const goes = async () => {
      night().clock.now += 500 * 24 * HOUR;
      await turn();
      return (await entries(incident, 'incident.retired')).length;
    };
    const card = night().slack.cards.findLast(({ view }) => view.incident === incident);
    expect(card).toBeDefined();
    await night().desk.press({
      by: inSlack('dana'),
      card: { platform: 'slack', channel: card?.ref.channel ?? '', message: card?.ref.message ?? '' },
      ...{ verb: 'reject', incident, digest: card?.view.digest ?? '', reason: 'a newsletter', page: 0 },
    });
    expect(await goes()).toBe(0);
    await press(inSlack('dana'), 'clear', id, 'nothing was found');
    expect([await goes(), await read(id)]).toEqual([1, null]);
    expect(await differs(id)).toEqual([]);
  });
});

describe('a flag that somebody raised by hand', () => {
  it('goes some time after it was cleared, and its story stays', async () => {
    joins(night(), 72);
    await night().govern(flagPolicy({ raise: ['approver'] }));
    const raised = await say(inSlack('dana'), 'flag person72@contoso.example odd sign-ins');
    if (raised.code !== 'flag-raised') throw new Error(JSON.stringify(raised));
    const { flag } = raised;
    await press(inSlack('omar'), 'take', flag);
    night().clock.now += 500 * 24 * HOUR;
    await tidy(night().flow);
    expect(await read(flag)).toMatchObject({ state: 'in review' });
    await press(inSlack('omar'), 'clear', flag, 'nothing was found');
    night().clock.now += 500 * 24 * HOUR;
    await tidy(night().flow);
    expect([await read(flag), await differs(flag)]).toEqual([null, []]);
    expect(await flagEntries(flag, 'flag.cleared')).toHaveLength(1);
  });
});

describe('a database that was put back from a copy', () => {
  it('has the flags as the record knows them, and they go on', async () => {
    const { id, incident } = await flagged(73);
    await press(inSlack('omar'), 'take', id);
    await press(inSlack('omar'), 'contain', id);
    await night().intrude(`update flag set state = 'raised', owner = null where id = $1`, id);
    expect(await differs(id)).not.toEqual([]);
    await afterRestore(night().flow, 1, new Map());
    expect(await differs(id)).toEqual([]);
    expect((await shown(id)).flag).toMatchObject({ state: 'contained', incident, owner: { name: 'Omar' } });
  });
});
