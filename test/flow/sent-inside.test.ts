import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Criteria } from '../../src/core/find/criteria.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { Seeker, Sought } from '../../src/ports/seeker.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { type Copy, createFakeMail } from '../support/fake-mail.ts';
import { ACCOUNT, IMAGES, measuresOf, measuring, ofAccount } from './measuring.ts';
import { inSlack, inTeams, joins, MINUTE, policyWith, ruleFor } from './telling.ts';

/** What a taken account sent to people inside is looked for, becomes incidents, and is taken out as any other mail. */

let night: Night;
const mail = createFakeMail({ hunting: 'delivered' });
/** As the service's own log has it; the others only bear the address. */
const fromInside = new Set<Copy>();
let trouble: Partial<Sought> = {};
const asked: Criteria[] = [];
const seeker: Seeker = {
  name: 'hunting',
  isOn: true,
  questions: ({ days }, now) => [
    { from: new Date(now - days * 86_400_000).toISOString(), until: new Date(now).toISOString() },
  ],
  async ask(criteria) {
    asked.push(criteria);
    const known = mail.copies.filter(
      (one) => one.sender === criteria.sender && (!criteria.inside || fromInside.has(one)),
    );
    const hits = known.map(
      ({ address, mailbox, internetMessageId, networkMessageId, sender, subject, receivedAt }) => ({
        ...{ recipient: address, recipientId: mailbox, networkMessageId, internetMessageId, sender, subject },
        ...{ at: receivedAt, where: null, likelyId: null },
      }),
    );
    return { status: 'answered', hits, cutAt: null, requestId: 'r', detail: '', waitMs: null, apart: [], ...trouble };
  },
  exposure: async (mails) =>
    mails.map(() => {
      const nothing = { is: 'nothing' } as const;
      return { clicked: nothing, replied: nothing, forwarded: nothing, moved: nothing };
    }),
};

const { service, measures, asUsual } = measuresOf();
const { report, say, lands, press, stands, cardsShow, want, shows, list } = measuring(() => night);
const rules = [
  ruleFor(['purge', 'undo'], { lead: 1 }, { name: 'sent inside', when: { source: ['sent-inside'] } }),
  ruleFor(['purge', 'undo'], { approver: 2 }),
  ruleFor(['take-sent-copy'], { approver: 1 }),
];
const roles = { hunter: { people: [PEOPLE.dana.entraId] }, lead: { people: [PEOPLE.lena.entraId] } };
const governed = (search: object) => policyWith(rules, { roles, reads: { search } });

beforeAll(async () => {
  night = await startNight({ mail, seekers: [seeker], measures });
});
afterAll(() => night.close());
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  trouble = {};
  asked.length = 0;
  asUsual();
  await night.govern(governed({ by: ['hunter'] }));
});

let serial = 0;
/** An account that received a mail and then sent its own; answers its address and the incident. */
async function taken(n: number): Promise<{ readonly address: string; readonly incident: string }> {
  joins(night, n);
  const { id: incident } = await lands([`person${n}`]);
  return { address: `person${n}@contoso.example`, incident };
}
function sends(sender: string, names: readonly string[], isInside = true): readonly Copy[] {
  const internetMessageId = `<inside-${++serial}@contoso.example>`;
  const copies = names.map((name) =>
    mail.put(`${name}@contoso.example`, { internetMessageId, sender, subject: `Please pay ${serial}` }),
  );
  if (isInside) for (const copy of copies) fromInside.add(copy);
  return copies;
}
const WHY = 'because her account was used by somebody else';
const found = async (words: string) => {
  const said = await say(inSlack('dana'), `contain ${words}`);
  if (said.code !== 'found' || !said.found) throw new Error(`nothing was found: ${JSON.stringify(said)}`);
  return { search: said.search, ...said.found };
};
const all = async (search: string) => {
  const said = await say(inSlack('dana'), `search ${search} all`);
  if (said.code !== 'search-filed-all') throw new Error(`not filed: ${JSON.stringify(said)}`);
  return said;
};

describe('mail that a taken account sent to people inside', () => {
  it('is found, filed mail by mail, decided by the policy’s rule for it, taken out and brought back', async () => {
    const { address, incident } = await taken(11);
    const copies = [...sends(address, ['ann', 'bob']), ...sends(address, ['cas'])];
    const { search, mails } = await found(`${incident} sent-inside ${address} ${WHY}`);
    expect(mails.map((one) => one.copies.length).sort()).toEqual([1, 2]);
    const { incidents } = await all(search);
    expect(incidents).toHaveLength(2);
    for (const one of incidents) await cardsShow(one, 'its list', ({ digest }) => digest !== '');
    for (const one of incidents) {
      expect(await press(one, inSlack('dana'), 'purge')).toEqual({ code: 'requester' });
      expect(await press(one, inTeams('lena'), 'purge')).toMatchObject({ code: 'run-started' });
      await night.until('it is gone', async () => (await stands(one)) === 'purged');
    }
    expect(mail.effects.map(({ target }) => target.message)).toEqual(
      expect.arrayContaining(copies.map(({ message }) => message)),
    );
    const [first = ''] = incidents;
    await cardsShow(first, 'an undo', (view) => JSON.stringify(view).includes('undo'));
    expect(await press(first, inTeams('lena'), 'undo')).toMatchObject({ code: 'run-started' });
    await night.until('it is back', async () => (await stands(first)) === 'restored');
  });

  it('counts none that bears its address and came from outside', async () => {
    const { address, incident } = await taken(12);
    sends(address, ['ann']);
    const forged = sends(address, ['bob', 'cas'], false);
    const { mails, criteria } = await found(`${incident} sent-inside ${address} ${WHY}`);
    expect(criteria).toMatchObject({ sender: address, inside: true });
    const boxes = mails.flatMap((one) => one.copies.map(({ recipient }) => recipient));
    expect(boxes).toEqual(['ann@contoso.example']);
    expect(forged).toHaveLength(2);
  });

  it('is looked for since the mail of the incident came, or for as long as was typed', async () => {
    const { address, incident } = await taken(13);
    night.clock.now += 3 * 24 * 60 * MINUTE;
    await found(`${incident} sent-inside ${address} ${WHY}`);
    await found(`${incident} sent-inside ${address} 9d ${WHY}`);
    night.clock.now += 60 * 24 * 60 * MINUTE;
    await found(`${incident} sent-inside ${address} ${WHY}`);
    expect(asked.map(({ days }) => days)).toEqual([5, 9, 30]);
  });

  it('in a burst of thousands is cut where the service cuts it, and how much is in no list is said', async () => {
    const { address, incident } = await taken(14);
    for (let n = 0; n < 45; n += 1) sends(address, [`burst${n}`]);
    trouble = { cutAt: 10_000 };
    const { search, mails, mailsLeft, coverage } = await found(`${incident} sent-inside ${address} ${WHY}`);
    expect([mails.length, mailsLeft, coverage[0]?.cutAt]).toEqual([40, 5, 10_000]);
    const first = await all(search);
    expect([first.incidents.length, first.left, first.cut]).toEqual([40, 5, true]);
    expect(await all(search)).toEqual(first);
  });

  it('that has an incident already is told apart: the list of that one is its own', async () => {
    const { address, incident } = await taken(17);
    const [copy] = sends(address, ['ann', 'bob']);
    const { id } = await report(['cas'], { message: { internetMessageId: copy?.internetMessageId, sender: address } });
    const { search } = await found(`${incident} sent-inside ${address} ${WHY}`);
    expect(await all(search)).toMatchObject({ incidents: [id], joined: 1, copies: 0 });
  });

  it('waits for somebody else where the policy wants that for every search, and they are shown that it is of inside', async () => {
    await night.govern(governed({ by: ['hunter'], second: 'lead' }));
    const { address, incident } = await taken(15);
    sends(address, ['ann']);
    const said = await say(inSlack('dana'), `contain ${incident} sent-inside ${address} ${WHY}`);
    expect(said).toMatchObject({ code: 'search-waits', role: 'lead' });
    expect(asked).toEqual([]);
    const search = said.code === 'search-waits' ? said.search : '';
    const shown = await say(inTeams('lena'), `search allow ${search}`);
    expect(shown).toMatchObject({ code: 'search-asks', criteria: { inside: true } });
    const digest = shown.code === 'search-asks' ? shown.digest : '';
    expect(await say(inTeams('lena'), `search allow ${search} ${digest}`)).toMatchObject({ code: 'search-allowed' });
    await night.until('it is found', async () => {
      const now = await say(inSlack('dana'), `search ${search}`);
      return now.code === 'found' && now.found?.mails.length === 1;
    });
  });

  it('has the copy that the account itself keeps taken out, which it is no recipient of', async () => {
    const { address, incident } = await taken(16);
    const [copy] = sends(address, ['ann']);
    const { search } = await found(`${incident} sent-inside ${address} ${WHY}`);
    const [one = ''] = (await all(search)).incidents;
    await cardsShow(one, 'its list', ({ digest }) => digest !== '');
    const person = [...night.directory.people.values()].find(({ addresses }) => addresses.includes(address));
    const who = { person: person?.id ?? '', address };
    const kept = { ...who, kind: 'take-sent-copy', ref: copy?.internetMessageId ?? '', name: '' } as const;
    service.set(kept, IMAGES.sent);
    service.set(ofAccount('disable-account', who), ACCOUNT);
    const id = await want(one, `take-sent-copy ${address} ${WHY}`);
    await shows(id, 'Approval needed');
    expect(list(id)?.measures).toHaveLength(1);
    // Of a mail that only says that it is from somebody nobody knows that they keep one.
    const other = await want(incident, `take-sent-copy ${address} ${WHY}`);
    await shows(other, 'Nothing may be done');
  });
});

describe('who may', () => {
  const refused = async () => (await night.entries()).filter(ofType('inquiry.refused', 'measures.refused')).at(-1);

  it('nobody has their mail looked for by who may not search, and that they asked is recorded', async () => {
    const { address, incident } = await taken(21);
    const said = await say(inTeams('omar'), `contain ${incident} sent-inside ${address} ${WHY}`);
    expect(said).toEqual({ code: 'may-not-search', roles: ['hunter'] });
    expect(await refused()).toMatchObject({ type: 'inquiry.refused', outcome: 'may-not-search' });
  });

  it('nobody has to do with it who has nothing to do with the incident', async () => {
    const { incident } = await taken(22);
    joins(night, 23);
    const said = await say(inSlack('dana'), `contain ${incident} sent-inside person23@contoso.example ${WHY}`);
    expect(said).toMatchObject({ code: 'measures-stranger', incident });
    expect(await refused()).toMatchObject({ type: 'measures.refused', outcome: 'not-of-incident' });
  });

  it('nobody outside sends mail inside', async () => {
    const { incident } = await taken(24);
    const said = await say(inSlack('dana'), `contain ${incident} sent-inside billing@fabrikam.example ${WHY}`);
    expect(said).toEqual({ code: 'measures-not-inside', address: 'billing@fabrikam.example' });
    expect(asked).toEqual([]);
  });

  it('the record of the incident says who looked for whose mail and why', async () => {
    const { address, incident } = await taken(25);
    const { search } = await found(`${incident} sent-inside ${address} ${WHY}`);
    const about = (await night.entries(incident)).filter(ofType('inquiry.about'));
    expect(about.map(({ actor, detail }) => [actor.name, detail])).toEqual([
      ['Dana', { inquiry: search, address, days: expect.any(Number), reason: 'her account was used by somebody else' }],
    ]);
  });

  it('a search that was not for inside is filed mail by mail alone', async () => {
    sends('wave@fabrikam.example', ['ann'], false);
    const asks = { is: 'begin', typed: { sender: 'wave@fabrikam.example', reason: 'a customer called' } } as const;
    await night.desk.search({ by: inSlack('dana'), channel: null, asks });
    const [last] = (await night.entries()).filter(ofType('inquiry.asked')).slice(-1);
    const id = last?.detail.inquiry ?? '';
    await night.until('it is found', async () => (await say(inSlack('dana'), `search ${id}`)).code === 'found');
    expect(await say(inSlack('dana'), `search ${id} all`)).toEqual({ code: 'search-has-no-mail', search: id });
  });
});
