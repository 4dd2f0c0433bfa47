import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import type { Hit } from '../../src/core/find/found.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { ChatUser, SearchCall } from '../../src/ports/desk.ts';
import type { Seeker, Sought } from '../../src/ports/seeker.ts';
import { answered, runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { type Copy, createFakeMail } from '../support/fake-mail.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** An analyst who knows the mail begins without an alert: the policy says who may, and the record who did. */

let night: Night;
const mail = createFakeMail({ hunting: 'delivered' });
/** What the service knows of; `late` it does not know of yet. */
const late = new Set<Copy>();
let trouble: Partial<Sought> | null = null;
const asked: string[] = [];

const hitOf = ({
  address,
  mailbox,
  internetMessageId,
  networkMessageId,
  sender,
  subject,
  receivedAt,
  folderId,
}: Copy): Hit => ({
  recipient: address,
  recipientId: mailbox,
  networkMessageId,
  internetMessageId,
  sender,
  subject,
  at: receivedAt,
  where: folderId,
  likelyId: null,
});
const seeker: Seeker = {
  name: 'hunting',
  isOn: true,
  questions: ({ days }, now) => [
    { from: new Date(now - days * 86_400_000).toISOString(), until: new Date(now).toISOString() },
  ],
  async ask({ sender }, { from }) {
    asked.push(from);
    const known = mail.copies.filter((copy) => copy.sender === sender && !late.has(copy));
    const hits = trouble ? [] : known.map(hitOf);
    return { status: 'answered', hits, cutAt: null, requestId: 'r', detail: '', waitMs: null, apart: [], ...trouble };
  },
  exposure: async (mails) =>
    mails.map(() => ({
      clicked: { is: 'known', people: ['ann@contoso.example'], times: 2, cut: false, followed: 1 } as const,
      replied: { is: 'nothing' } as const,
      forwarded: { is: 'not yet' } as const,
      moved: { is: 'not licensed' } as const,
    })),
};

const rules = [ruleFor(['purge', 'undo'], { approver: 2 })];
const roles = { hunter: { people: [PEOPLE.dana.entraId] }, lead: { people: [PEOPLE.lena.entraId] } };
const governed = (search: object | undefined): Policy =>
  policyWith(rules, { roles, reads: search === undefined ? {} : { search } });

beforeAll(async () => {
  night = await startNight({ mail, seekers: [seeker] });
});
afterAll(() => night.close());
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  trouble = null;
  late.clear();
  asked.length = 0;
  await night.govern(governed({ by: ['hunter'] }));
});
const { press, cardsShow } = storyteller(() => night);

const SENDER = 'billing@fabrikam.example';
const WHY = { reason: 'a customer called about it' };
let serial = 0;
function lands(names: readonly string[]): { readonly sender: string; readonly copies: readonly Copy[] } {
  const sender = `wave${++serial}@fabrikam.example`;
  const one = { internetMessageId: `<search-${serial}@mailer.example>`, sender };
  return { sender, copies: names.map((name) => night.mail.put(`${name}@contoso.example`, one)) };
}
const search = async (by: ChatUser, asks: SearchCall['asks']) =>
  answered(await night.desk.search({ by, channel: null, asks }));
const begin = (by: ChatUser, sender: string, more: object = {}) =>
  search(by, { is: 'begin', typed: { sender, ...WHY, ...more } });
async function found(by: ChatUser, sender: string) {
  const said = await begin(by, sender);
  if (said.code !== 'found' || !said.found) throw new Error(`nothing was found: ${JSON.stringify(said)}`);
  return { search: said.search, ...said.found };
}
const inquiries = async () =>
  (await night.entries()).filter(
    ofType('inquiry.asked', 'inquiry.allowed', 'inquiry.refused', 'inquiry.answered', 'inquiry.filed'),
  );

describe('an analyst', () => {
  it('finds last month’s mail by its sender, sees who it reached, makes it an incident, two others approve, and it is gone', async () => {
    const { sender, copies } = lands(['ann', 'bob']);
    const [first] = copies;
    if (!first) throw new Error('it landed');
    first.isRead = true;
    const { search: id, mails, coverage } = await found(inSlack('dana'), sender);
    expect(coverage).toMatchObject([{ name: 'hunting', status: 'answered', found: 2, cutAt: null }]);
    expect(mails.map((one) => [one.sender, one.copies.map(({ recipient }) => recipient)])).toEqual([
      [sender, ['ann@contoso.example', 'bob@contoso.example']],
    ]);
    expect(mails[0]?.exposure).toMatchObject({
      read: { is: 'known', people: ['ann@contoso.example'] },
      clicked: { is: 'known', times: 2 },
      moved: { is: 'not licensed' },
    });
    const filed = await search(inSlack('dana'), { is: 'file', search: id, mail: '1' });
    if (filed.code !== 'search-filed') throw new Error(`not filed: ${JSON.stringify(filed)}`);
    expect(filed).toMatchObject({ copies: 2, joined: false });
    await cardsShow(filed.incident, 'its list', ({ digest }) => digest !== '');
    const stored = await night.flow.store.transact((tx) => tx.incidents.get(filed.incident));
    expect(stored?.clicked).toBe(1);
    expect(await press(filed.incident, inSlack('dana'), 'purge')).toEqual({ code: 'requester' });
    expect(await press(filed.incident, inSlack('omar'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(filed.incident, inTeams('lena'), 'purge')).toMatchObject(runStarted('purge', 2));
    await night.until('it is gone', async () => (await night.stands(filed.incident)) === 'purged');
    expect(mail.effects.map(({ target }) => target.message)).toEqual(
      expect.arrayContaining(copies.map(({ message }) => message)),
    );
    const told = (await inquiries()).slice(-3);
    expect(told.map(({ type, actor }) => [type, actor.name])).toEqual([
      ['inquiry.asked', 'Dana'],
      ['inquiry.answered', 'Clawback'],
      ['inquiry.filed', 'Dana'],
    ]);
    expect(told[0]?.detail).toMatchObject({ inquiry: id, criteria: [{ by: 'sender', value: sender }], ...WHY });
    expect(told[2]).toMatchObject({ incident: filed.incident, outcome: 'made' });
    expect(await night.ledgerFault()).toBeNull();
  });

  it('who makes an incident of it twice makes one', async () => {
    const { sender } = lands(['ann']);
    const { search: id } = await found(inSlack('dana'), sender);
    const [one, two] = [
      await search(inSlack('dana'), { is: 'file', search: id, mail: '1' }),
      await search(inSlack('dana'), { is: 'file', search: id.toLowerCase(), mail: '1' }),
    ];
    expect([one, two]).toMatchObject([{ code: 'search-filed' }, { code: 'search-filed' }]);
    expect('incident' in one && 'incident' in two && one.incident === two.incident).toBe(true);
  });

  it('asks about what they saw and nothing else; what turns up besides has a list of its own', async () => {
    const { sender, copies } = lands(['ann', 'bob', 'cas']);
    const [, , third] = copies;
    if (!third) throw new Error('it landed');
    late.add(third);
    const { search: id, mails } = await found(inSlack('dana'), sender);
    expect(mails[0]?.copies).toHaveLength(2);
    const filed = await search(inSlack('dana'), { is: 'file', search: id, mail: '1' });
    const incident = 'incident' in filed ? String(filed.incident) : '';
    await cardsShow(incident, 'its list', ({ digest }) => digest !== '');
    const plan = await night.flow.store.transact(async (tx) => {
      const now = await tx.incidents.get(incident);
      return tx.incidents.plan(now?.planDigest ?? '');
    });
    expect([plan?.copies.map(({ address }) => address).sort(), plan?.notLooked]).toEqual([
      ['ann@contoso.example', 'bob@contoso.example'],
      1,
    ]);
    const remark = night.slack.cards.findLast(({ view }) => view.incident === incident)?.view;
    expect(JSON.stringify(remark)).toContain(`Made of search ${id}: the 2 mailboxes that were seen`);
    await night.until('the third is asked for apart', async () => {
      const children = await night.flow.store.transact((tx) => tx.incidents.list(50));
      return children.some(({ parent }) => parent === incident);
    });
  });

  it('who did not get through to a service is told so, and sees no complete answer', async () => {
    trouble = { status: 'not licensed', detail: '400 BadRequest' };
    const { coverage, mails } = await found(inSlack('dana'), SENDER);
    expect([coverage[0]?.status, mails]).toEqual(['not licensed', []]);
  });

  it('waits for a service that asks to wait, and what was answered is not asked again', async () => {
    trouble = { status: 'busy', waitMs: 1_000 };
    const said = await begin(inSlack('dana'), SENDER);
    expect(said).toMatchObject({ code: 'found', found: null });
    trouble = null;
    const id = 'search' in said ? String(said.search) : '';
    await night.until('it is answered', async () => {
      const again = await search(inSlack('dana'), { is: 'show', search: id });
      return again.code === 'found' && again.found !== null;
    });
  });

  it('says what is missing in the form, and nothing is looked for', async () => {
    const ask = (typed: object) => search(inSlack('dana'), { is: 'begin', typed });
    expect(await ask({ ...WHY })).toMatchObject({ code: 'search-form', problem: 'nothing' });
    expect(await ask({ sender: SENDER, reason: ' \n' })).toMatchObject({ code: 'search-form', problem: 'reason' });
    expect(await ask({ sender: 'two words', ...WHY })).toMatchObject({
      problem: 'sender',
      typed: { sender: 'two words' },
    });
    expect(asked).toEqual([]);
  });

  it('sees their own searches and nobody else’s', async () => {
    await night.govern(governed({ by: ['hunter', 'approver'] }));
    const { search: id } = await found(inSlack('dana'), SENDER);
    const asks = { is: 'show', search: id } as const;
    expect(await search(inSlack('omar'), asks)).toEqual({ code: 'search-not-known', asked: id });
    expect(await search(inSlack('omar'), { is: 'file', search: id, mail: '1' })).toEqual({
      code: 'search-not-known',
      asked: id,
    });
    expect(await search(inTeams('dana'), asks)).toMatchObject({ code: 'found', search: id });
  });

  it('searches as often in an hour as the policy says', async () => {
    await night.govern(governed({ by: ['hunter'], perHour: 2 }));
    for (const _ of [1, 2]) await found(inSlack('dana'), SENDER);
    expect(await begin(inTeams('dana'), SENDER)).toEqual({ code: 'search-too-many', most: 2 });
    expect((await inquiries()).at(-1)).toMatchObject({ type: 'inquiry.refused', outcome: 'search-too-many' });
    night.clock.now += 61 * MINUTE;
    expect(await begin(inSlack('dana'), SENDER)).toMatchObject({ code: 'found' });
  });
});

describe('a person without the right', () => {
  it.each(['form', 'begin'] as const)('is told so, and it is on record (%s)', async (is) => {
    const asks = is === 'form' ? ({ is } as const) : { is, typed: { sender: SENDER, ...WHY } };
    expect(await search(inSlack('omar'), asks)).toEqual({ code: 'may-not-search', roles: ['hunter'] });
    expect((await inquiries()).at(-1)).toMatchObject({
      type: 'inquiry.refused',
      actor: { kind: 'person', name: 'Omar' },
      outcome: 'may-not-search',
    });
    expect(asked).toEqual([]);
  });

  it('is everybody where the policy says nothing of it', async () => {
    await night.govern(governed(undefined));
    expect(await search(inSlack('dana'), { is: 'form' })).toEqual({ code: 'may-not-search', roles: [] });
  });

  it('who is nobody here gets no form either', async () => {
    const by = { ...inSlack('dana'), id: 'U0NOBODY' };
    expect((await search(by, { is: 'form' })).code).not.toBe('search-form');
  });
});
