import { describe, expect, it } from 'vitest';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { flagging, flagPolicy, HOUR } from './flagging.ts';
import { guid, inSlack } from './telling.ts';

/** A flag that waits is told of, once for each step, whatever dies in between; the first look comes by itself. */

const { night, findings, chats, flagged, flagEntries, shown, press, come, list, lands, reply, stands, rows } =
  flagging();
const outcomes = async (id: string) => (await flagEntries(id, 'flag.told')).map(({ outcome }) => outcome);
const said = () => chats.said.map(({ account, words }) => [account, words]);
const policy = flagPolicy({ remindBefore: [24], escalate: { afterHours: 8, to: 'lead' } });

describe('a flag that waits', () => {
  it('is told to its owner before it is due and when it is, and then to the role that the policy names', async () => {
    await night().govern(policy);
    const { id } = await flagged(51);
    await press(inSlack('omar'), 'take', id);
    await come(id, 47);
    expect(chats.said).toEqual([]);
    await come(id, 2);
    await come(id);
    expect(said()).toEqual([['U0OMAR', expect.stringMatching(/^Due /)]]);
    await come(id, 24);
    expect((await list(inSlack('omar'), 'overdue')).lines.map(({ flag }) => flag.id)).toContain(id);
    await come(id, 8);
    await come(id, 100);
    expect(said().slice(1)).toEqual([
      ['U0OMAR', expect.stringMatching(/^Overdue since /)],
      [PEOPLE.lena.entraId, expect.stringMatching(/^Overdue since .*nobody cleared it/)],
    ]);
    expect((await flagEntries(id, 'flag.reminded')).map(({ detail }) => [detail.step, detail.told, detail.of])).toEqual(
      [
        ['24 h before', 1, 1],
        ['overdue', 1, 1],
        ['escalated to lead', 1, 1],
      ],
    );
  });

  it('and that nobody has taken is told to those who may, and never to whose mailbox it is', async () => {
    const hunter = { people: [guid(52), PEOPLE.dana.entraId] };
    await night().govern(flagPolicy({ review: ['hunter'], remindBefore: [] }, { hunter }));
    const { id } = await flagged(52);
    await come(id, 73);
    expect(chats.said.map(({ account }) => account)).toEqual(['U0DANA']);
  });

  it('is told of no more once it is cleared', async () => {
    const { id } = await flagged(53);
    await press(inSlack('omar'), 'take', id);
    await press(inSlack('omar'), 'clear', id, 'nothing was found');
    await come(id, 100);
    expect(chats.said).toEqual([]);
  });

  it('is told again where the chat certainly did not take it', async () => {
    const { id } = await flagged(54);
    await press(inSlack('omar'), 'take', id);
    chats.answers = [{ is: 'not sent', why: 'slow down', againMs: 30_000 }];
    await come(id, 73);
    await come(id, 1);
    expect([chats.said.length, await outcomes(id)]).toEqual([2, ['waits', 'told']]);
  });

  it('whose teller was killed is not told twice: it may have arrived', async () => {
    const { id } = await flagged(55);
    await press(inSlack('omar'), 'take', id);
    chats.answers = ['crash'];
    await expect(come(id, 73)).rejects.toThrow('killed');
    await come(id);
    expect(await outcomes(id)).toEqual([]);
    await come(id, 1);
    expect([chats.said.length, await outcomes(id)]).toEqual([1, ['not known']]);
    expect((await flagEntries(id, 'flag.reminded')).map(({ detail }) => detail.told)).toEqual([0]);
  });

  it('is told together with the others of its incident', async () => {
    const { id: incident } = await lands(['person91', 'person92', 'person93']);
    await reply(incident, inSlack('dana'), 'flag');
    await night().until('they are flagged', async () => (await stands(incident)) === 'flagged');
    const ids = (await rows()).filter((row) => row.incident === incident).map(({ id }) => id);
    for (const id of ids) await press(inSlack('omar'), 'take', id);
    night().clock.now += 73 * HOUR;
    await Promise.all(ids.map((id) => come(id)));
    for (const id of ids) await come(id, 1);
    expect(chats.said.map(({ words }) => words)).toEqual([
      expect.stringContaining('So are 2 more mailboxes of the same incident.'),
    ]);
    for (const id of ids)
      expect(await flagEntries(id, 'flag.reminded')).toMatchObject([{ detail: { told: 1, of: 1 } }]);
  });

  it('is told once, however many processes come for it at once', async () => {
    const { id } = await flagged(56);
    await press(inSlack('omar'), 'take', id);
    night().clock.now += 73 * HOUR;
    await Promise.all([come(id), come(id), come(id)]);
    expect(chats.said).toHaveLength(1);
  });

  it('is found by the sweep where its job was lost', async () => {
    const { id } = await flagged(57);
    await night().until('it has a next time', async () => {
      const row = await night().flow.store.transact((tx) => tx.flagged.get(id));
      return row?.nextAt != null && row.nextAt > night().flow.clock.now();
    });
    night().clock.now += 49 * HOUR;
    const due = await night().flow.store.transact((tx) => tx.flagged.due(night().flow.clock.now(), 1_000));
    expect(due).toContain(id);
  });
});

describe('the first look', () => {
  it('is made again where what is asked about is not to be seen yet', async () => {
    findings.looks = [{ is: 'not seen yet', findings: 0 }];
    const { id } = await flagged(58);
    expect((await shown(id)).flag.before).toMatchObject({ is: 'not seen yet' });
    findings.looks = [{ is: 'seen', findings: 4 }];
    await come(id, 0.1);
    expect((await shown(id)).flag.before).toMatchObject({ is: 'not seen yet' });
    await come(id, 0.2);
    expect((await shown(id)).flag.before).toMatchObject({ is: 'seen', findings: 4 });
  });

  it('is none any more once it was contained', async () => {
    findings.looks = [{ is: 'not seen yet', findings: 0 }];
    const { id } = await flagged(59);
    await press(inSlack('omar'), 'take', id);
    await press(inSlack('omar'), 'contain', id);
    await come(id, 1);
    expect((await shown(id)).flag.before).toMatchObject({ is: 'not seen yet' });
  });
});
