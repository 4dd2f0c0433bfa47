import { describe, expect, it } from 'vitest';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { flagging, flagPolicy } from './flagging.ts';
import { inSlack, joins } from './telling.ts';

/** A flag is put off as often as the policy lets it be, by whatever way: after that its date stays, and others are told. */

const { night, chats, flagged, flagEntries, shown, press, say, come, lands, reply, stands } = flagging();
const policy = (flags: object = {}) => flagPolicy({ raise: ['approver'], postpone: 1, remindBefore: [], ...flags });
const dueAt = async (id: string) => (await shown(id)).flag.dueAt;

describe('a holder of raise', () => {
  it('moves the date as often as the policy lets them; after that it stays, and the role that is escalated to is told once', async () => {
    joins(night(), 11);
    await night().govern(policy({ escalate: { afterHours: 8, to: 'lead' } }));
    const raised = await say(inSlack('dana'), 'flag person11@contoso.example odd sign-ins');
    if (raised.code !== 'flag-raised') throw new Error(JSON.stringify(raised));
    const again = () => say(inSlack('dana'), 'flag person11@contoso.example one reason more');
    await come(raised.flag, 10);
    const moved = await again();
    expect(moved).toMatchObject({ code: 'flag-raised-again', held: false });
    const last = await dueAt(raised.flag);
    expect(last > raised.dueAt).toBe(true);
    for (const hours of [10, 10]) {
      await come(raised.flag, hours);
      expect(await again()).toMatchObject({ code: 'flag-raised-again', held: true, dueAt: last });
      await come(raised.flag);
    }
    expect(await dueAt(raised.flag)).toBe(last);
    expect(chats.said.map(({ account, words }) => [account, words])).toEqual([
      [PEOPLE.lena.entraId, expect.stringMatching(/put off once more than the policy lets them/)],
    ]);
    expect((await flagEntries(raised.flag, 'flag.raised-again')).map(({ detail }) => detail.held)).toEqual([
      ...[false, true, true],
    ]);
    expect(await flagEntries(raised.flag, 'flag.reminded')).toMatchObject([{ detail: { step: 'not put off again' } }]);
  });

  it('does not keep what is overdue from being told of', async () => {
    joins(night(), 12);
    await night().govern(policy({ postpone: 0 }));
    const raised = await say(inSlack('dana'), 'flag person12@contoso.example odd sign-ins');
    if (raised.code !== 'flag-raised') throw new Error(JSON.stringify(raised));
    await press(inSlack('omar'), 'take', raised.flag);
    await come(raised.flag, 73);
    expect(await say(inSlack('dana'), 'flag person12@contoso.example later')).toMatchObject({ held: true });
    await come(raised.flag, 100);
    const late = chats.said.filter(({ words }) => words.startsWith('Overdue') && words.includes(raised.flag));
    expect(late.map(({ account }) => account)).toEqual(['U0OMAR']);
  });
});

describe('whoever looks after it', () => {
  it('does not put it off by calling it contained and opening it again', async () => {
    await night().govern(policy());
    const { id } = await flagged(13);
    await press(inSlack('omar'), 'take', id);
    const due = [await dueAt(id)];
    for (const held of [false, true]) {
      await come(id, 5);
      await press(inSlack('omar'), 'contain', id);
      expect(await press(inSlack('omar'), 'reopen', id, 'not yet')).toMatchObject({ code: 'flag-reopened', held });
      due.push(await dueAt(id));
    }
    expect([due[1] !== due[0], due[2] === due[1]]).toEqual([true, true]);
  });

  it('has a new date where it was cleared by those who may, and opened again', async () => {
    await night().govern(policy({ postpone: 0 }));
    const { id } = await flagged(14);
    await press(inSlack('omar'), 'take', id);
    await press(inSlack('omar'), 'clear', id, 'nothing was found');
    await come(id, 30);
    expect(await press(inSlack('omar'), 'reopen', id, 'it was not')).toMatchObject({ held: false });
  });
});

describe('one mail more', () => {
  it('counts as well, and the mailbox is looked at by it', async () => {
    await night().govern(policy({ postpone: 0 }));
    const { id, incident } = await flagged(15);
    const due = await dueAt(id);
    await come(id, 30);
    const { id: next } = await lands(['person15']);
    await reply(next, inSlack('dana'), 'flag');
    await night().until('it is flagged again', async () => (await stands(next)) === 'flagged');
    expect((await shown(id)).flag).toMatchObject({ raised: 2, dueAt: due, causes: [incident, next] });
  });
});
