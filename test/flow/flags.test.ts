import { describe, expect, it } from 'vitest';
import { PEOPLE } from '../support/desk-of-the-night.ts';
import { flagging, flagPolicy } from './flagging.ts';
import { guid, inSlack, inTeams, joins } from './telling.ts';

/** A mailbox is flagged, somebody looks after it, and it is cleared by a reason and a second look. */

const { night, findings, list, flags, flagged, flagEntries, shown, press, say, rows, lands, stands, reply } =
  flagging();
const WHY = 'password changed, nothing else found';

describe('a mailbox that an approved action flagged', () => {
  it('is taken, contained and cleared, and what was found before and after is told', async () => {
    findings.looks = [{ is: 'seen', findings: 3 }];
    const { id, incident } = await flagged(11);
    expect((await shown(id)).flag).toMatchObject({
      ...{ state: 'raised', owner: null, incident, address: 'person11@contoso.example' },
      before: { is: 'seen', findings: 3 },
    });
    expect(await press(inSlack('omar'), 'take', id)).toMatchObject({ code: 'flag-taken', flag: id });
    expect((await list(inSlack('omar'), 'mine')).lines.map(({ flag }) => flag.id)).toEqual([id]);
    expect(await press(inSlack('omar'), 'contain', id)).toMatchObject({ code: 'flag-contained', seen: false });
    expect(await press(inSlack('omar'), 'clear', id)).toMatchObject({ code: 'flag-form', problem: false });
    expect(await press(inSlack('omar'), 'clear', id, ' ')).toMatchObject({ code: 'flag-form', problem: true });
    expect(await press(inSlack('omar'), 'clear', id, WHY)).toMatchObject({
      code: 'flag-cleared',
      before: { findings: 3 },
      after: { is: 'seen', findings: 0 },
    });
    expect((await shown(id)).flag).toMatchObject({ state: 'cleared', said: WHY });
    expect(findings.asked).toMatchObject([
      { incidents: [incident], containedAt: null },
      { incidents: [incident], containedAt: expect.any(String) },
    ]);
    expect((await flagEntries(id, 'flag.cleared')).map(({ detail, actor }) => [detail, actor.name])).toEqual([
      [
        { flag: id, people: [PEOPLE.omar.entraId], reason: WHY, is: 'seen', findings: 0, unlooked: [], before: 3 },
        'Omar',
      ],
    ]);
  });

  it('takes a second person where the second look still sees something', async () => {
    const { id } = await flagged(12);
    await press(inSlack('omar'), 'take', id);
    findings.looks = [
      { is: 'seen', findings: 2 },
      { is: 'seen', findings: 2 },
    ];
    const first = await press(inSlack('omar'), 'clear', id, WHY);
    expect(first).toMatchObject({ code: 'flag-clear-counted', counted: 1, needed: 2, look: { findings: 2 } });
    expect((await shown(id)).flag).toMatchObject({ state: 'in review', votes: [{ name: 'Omar' }] });
    expect(await press(inTeams('lena'), 'clear', id, 'I have looked as well')).toMatchObject({ code: 'flag-cleared' });
  });

  it('takes a second person where nobody is set up to look, and says so', async () => {
    Object.assign(night().flow, { flagging: { findings: null, chats: [] } });
    const { id } = await flagged(13);
    await press(inSlack('dana'), 'take', id);
    expect(await press(inSlack('dana'), 'clear', id, WHY)).toMatchObject({
      code: 'flag-clear-counted',
      look: { is: 'not configured' },
    });
    expect(await press(inSlack('dana'), 'clear', id, WHY)).toMatchObject({ code: 'flag-clear-counted', counted: 1 });
    expect(await press(inSlack('omar'), 'clear', id, WHY)).toMatchObject({ code: 'flag-cleared' });
  });

  it('is not cleared at all where the policy wants a clean look', async () => {
    const { id } = await flagged(14);
    await press(inSlack('dana'), 'take', id);
    await night().govern(flagPolicy({ unclean: 'refuse' }));
    findings.looks = [{ is: 'not seen yet', findings: 0 }];
    expect(await press(inSlack('dana'), 'clear', id, WHY)).toMatchObject({ code: 'flag-refused', why: 'not-clean' });
    expect((await shown(id)).flag).toMatchObject({ state: 'in review', after: { is: 'not seen yet' } });
  });

  it('is cleared by two where the policy wants a clean look and nobody can look, and the record names what was not looked at', async () => {
    const unlooked = [{ source: 'sign-ins', why: 'not licensed' }];
    const { id } = await flagged(17);
    await press(inSlack('dana'), 'take', id);
    await night().govern(flagPolicy({ unclean: 'refuse' }));
    findings.looks = [1, 2].map(() => ({ is: 'seen in part', findings: 0, unlooked }));
    expect(await press(inSlack('dana'), 'clear', id, WHY)).toMatchObject({
      ...{ code: 'flag-clear-counted', counted: 1, needed: 2 },
      look: { unlooked },
    });
    expect(await press(inSlack('omar'), 'clear', id, WHY)).toMatchObject({ code: 'flag-cleared' });
    expect((await flagEntries(id, 'flag.cleared')).map(({ detail }) => detail)).toMatchObject([{ unlooked }]);
  });

  it('whose second person was locked out meanwhile waits for another one', async () => {
    const { id } = await flagged(15);
    await press(inSlack('omar'), 'take', id);
    const unlooked = { is: 'not licensed', findings: 0 } as const;
    findings.looks = [unlooked, unlooked, unlooked];
    await press(inSlack('omar'), 'clear', id, WHY);
    const omar = night().directory.people.get(PEOPLE.omar.entraId);
    if (omar) night().directory.people.set(omar.id, { ...omar, enabled: false });
    const second = await press(inSlack('dana'), 'clear', id, WHY);
    if (omar) night().directory.people.set(omar.id, omar);
    expect(second).toMatchObject({ code: 'flag-clear-counted', counted: 1, needed: 2 });
    expect((await shown(id)).flag.state).toBe('in review');
  });

  it('is opened again with a reason, and flagged once more by the next incident', async () => {
    const { id } = await flagged(16);
    await press(inSlack('dana'), 'take', id);
    await press(inSlack('dana'), 'contain', id);
    const { id: next } = await lands(['person16']);
    await reply(next, inSlack('dana'), 'flag');
    await night().until('it is flagged again', async () => (await stands(next)) === 'flagged');
    expect((await shown(id)).flag).toMatchObject({ state: 'in review', raised: 2 });
    await press(inSlack('dana'), 'clear', id, WHY);
    expect(await press(inSlack('omar'), 'reopen', id, 'a new rule was found')).toMatchObject({ code: 'flag-reopened' });
    expect((await shown(id)).flag).toMatchObject({ state: 'in review', said: 'a new rule was found' });
    expect((await rows()).filter(({ address }) => address.startsWith('person16@'))).toHaveLength(1);
  });
});

describe('who may', () => {
  it('the owner of the mailbox does nothing about it and is shown nothing of it, whatever they may do elsewhere', async () => {
    const { id, owner } = await flagged(21);
    const hunter = { people: [guid(21), PEOPLE.dana.entraId] };
    await night().govern(flagPolicy({ review: ['hunter'], clear: [{ role: 'hunter', count: 1 }] }, { hunter }));
    const shownTo = async (by: typeof owner) => (await list(by)).lines.map(({ flag }) => flag.id);
    expect([(await shownTo(owner)).includes(id), (await shownTo(inSlack('dana'))).includes(id)]).toEqual([false, true]);
    const refused = await press(owner, 'take', id);
    expect(refused).toEqual({ code: 'flag-refused', flag: id, why: 'own-mailbox' });
    expect((await shown(id)).flag.state).toBe('raised');
    expect((await flagEntries(id, 'flag.refused')).map(({ outcome }) => outcome)).toEqual(['own-mailbox']);
  });

  it('somebody without the role is told who has it, and the record says that they tried', async () => {
    const { id } = await flagged(22);
    await night().govern(flagPolicy({ review: ['lead'], clear: [{ role: 'lead', count: 1 }] }));
    const seen = (await shown(id, inTeams('lena'))).flag.version;
    const tried = await flags(inSlack('dana'), { is: 'do', verb: 'take', flag: id, seen, reason: null });
    expect(tried).toEqual({ code: 'flags-not-shown', roles: ['lead'] });
    expect(await flags(inSlack('dana'), { is: 'list', which: 'open' })).toMatchObject({ code: 'flags-not-shown' });
  });

  it('a press on what was shown before somebody else did something has no effect', async () => {
    const { id } = await flagged(23);
    const { version } = (await shown(id)).flag;
    await press(inSlack('omar'), 'take', id);
    const stale = await flags(inSlack('dana'), { is: 'do', verb: 'take', flag: id, seen: version, reason: null });
    expect(stale).toEqual({ code: 'flag-changed', flag: id });
    expect((await shown(id)).flag.owner?.name).toBe('Omar');
  });
});

describe('by hand', () => {
  it('nobody flags a mailbox unless the policy lets them', async () => {
    joins(night(), 31);
    expect(await say(inSlack('dana'), 'flag person31@contoso.example odd sign-ins')).toEqual({
      code: 'flag-not-by-hand',
      roles: [],
    });
  });

  it('somebody with the role does, with a reason, and does not clear it alone', async () => {
    joins(night(), 32);
    await night().govern(flagPolicy({ raise: ['approver'] }));
    expect(await say(inSlack('dana'), 'flag person32@contoso.example')).toEqual({ code: 'flag-how' });
    const raised = await say(inSlack('dana'), 'flag Person32@contoso.example odd sign-ins');
    if (raised.code !== 'flag-raised') throw new Error(JSON.stringify(raised));
    expect((await shown(raised.flag)).flag).toMatchObject({ incident: null, reason: 'odd sign-ins', person: guid(32) });
    await press(inSlack('dana'), 'take', raised.flag);
    expect(await press(inSlack('dana'), 'clear', raised.flag, WHY)).toMatchObject({
      code: 'flag-clear-counted',
      look: { is: 'seen', findings: 0 },
      needed: 2,
    });
    expect(await press(inSlack('omar'), 'clear', raised.flag, WHY)).toMatchObject({ code: 'flag-cleared' });
  });

  it('the same mailbox twice is one flag with two reasons', async () => {
    joins(night(), 33);
    await night().govern(flagPolicy({ raise: ['approver'] }));
    const first = await say(inSlack('dana'), 'flag person33@contoso.example one');
    const second = await say(inSlack('omar'), 'flag person33@contoso.example two');
    if (first.code !== 'flag-raised') throw new Error(JSON.stringify(first));
    expect(second).toMatchObject({ code: 'flag-raised-again', flag: first.flag });
    expect((await shown(first.flag)).flag.raised).toBe(2);
  });

  it('nobody flags their own mailbox, or learns that it is flagged and puts it off', async () => {
    const own = joins(night(), 34);
    await night().govern(flagPolicy({ raise: ['approver', 'own'] }, { own: { people: [guid(34)] } }));
    const raised = await say(inSlack('dana'), 'flag person34@contoso.example odd sign-ins');
    if (raised.code !== 'flag-raised') throw new Error(JSON.stringify(raised));
    const answer = await say(own, 'flag person34@contoso.example all is well');
    expect(answer).toEqual({ code: 'flag-refused', flag: 'person34@contoso.example', why: 'own-mailbox' });
    expect((await shown(raised.flag)).flag).toMatchObject({ raised: 1, dueAt: raised.dueAt });
    await press(inSlack('dana'), 'take', raised.flag);
    await press(inSlack('dana'), 'clear', raised.flag, WHY);
    expect(await press(inSlack('omar'), 'clear', raised.flag, WHY)).toMatchObject({ code: 'flag-cleared' });
  });

  it('an address of nobody flags nobody', async () => {
    await night().govern(flagPolicy({ raise: ['approver'] }));
    expect(await say(inSlack('dana'), 'flag nobody@elsewhere.example because')).toMatchObject({
      code: 'flag-names-nobody',
    });
  });
});

describe('the queue', () => {
  it('says how many mailboxes are flagged, and shows them beside it', async () => {
    const { id } = await flagged(41);
    await press(inSlack('dana'), 'take', id);
    const queue = await say(inSlack('dana'), 'queue');
    if (queue.code !== 'queue') throw new Error(JSON.stringify(queue));
    expect(queue.flags).toMatchObject({ which: 'open', overdue: expect.any(Number) });
    expect(queue.flags?.lines.map(({ flag }) => flag.id)).toContain(id);
  });
});
