import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainTyped } from '../../src/core/tell/contain-form.ts';
import type { ChatUser, ContainCall } from '../../src/ports/desk.ts';
import { type Answered, answered } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { createFakeIntelligence, type FakeIntelligence } from '../support/fake-intelligence.ts';
import { SUBJECT } from '../support/fake-mail.ts';
import { ACCOUNT, ANN, knowsPeople, measuresOf, measuring, ofAccount, policyOf } from './measuring.ts';
import { inSlack, inTeams, slackUser } from './telling.ts';

/** Measures are asked for in a form that the card leads to: what comes of it is the list that the command makes. */

const PLAYBOOK = { playbooks: [{ name: 'taken-over', measures: ['disable-account', 'revoke-sessions'] }] };
const AT = '2026-11-20T08:05:00.000Z';

let night: Night;
let people: FakeIntelligence;
const { service, found, measures, asUsual } = measuresOf();
const { lands, press, reply, list, pressList, shows, entries, incident, cardsShow, stored } = measuring(() => night);

async function begun(policy = policyOf({ approver: 1 }, PLAYBOOK), more: Parameters<typeof startNight>[0] = {}) {
  night = await startNight({ policy, measures, ...more });
  knowsPeople(night);
}
beforeEach(asUsual);
afterEach(() => night.close());

const offers = (id: string, verb: string) =>
  cardsShow(id, `the button ${verb}`, ({ actions }) => actions.some(({ id: one }) => one === verb));

async function asks(id: string, by: ChatUser, typed: Partial<ContainTyped> | null, change: Partial<ContainCall> = {}) {
  const filled = { what: null, who: [], address: null, reason: null, ...typed };
  const call = {
    by,
    channel: null,
    incident: id,
    digest: (await incident(id))?.planDigest ?? '',
    typed: typed && filled,
    ...change,
  };
  return answered(await night.desk.contain(call));
}
const listIn = (said: Answered) => (said.code === 'measures-wanted' ? said.list : expect.fail(said.code));
const wanted = { what: 'taken-over', who: ['ann@contoso.example'], reason: 'she clicked' };
const refusals = async (id: string) => (await entries(id, 'measures.refused')).map(({ outcome }) => outcome);

describe('the card of a mail that a playbook is meant for', () => {
  it('leads to a form in both chats, and to the same frozen list as the command, decided by others', async () => {
    await begun();
    const { id } = await lands();
    await offers(id, 'contain');
    for (const by of [inSlack('dana'), inTeams('omar')])
      expect(await reply(id, by, 'contain')).toMatchObject({
        kind: 'contain-form',
        form: { incident: id, people: ['ann@contoso.example', 'bob@contoso.example'], problem: null },
      });
    const made = listIn(await asks(id, inTeams('omar'), wanted));
    await shows(made, 'Approval needed');
    expect(list(made)?.measures.map(({ title }) => title)).toEqual([
      '1. Disable the account',
      '2. End all sessions: whoever is signed in has to sign in again',
    ]);
    expect(await pressList(made, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'own-measures' });
    expect(await pressList(made, inSlack('dana'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(made, 'Contained');
    expect(service.now(ofAccount('disable-account'))).not.toEqual(ACCOUNT);
    const [entry] = await entries(id, 'measures.wanted');
    expect(entry?.detail).toMatchObject({ playbook: 'taken-over', addresses: [ANN.address], reason: 'she clicked' });
  });

  it('takes single measures and typed addresses as well, each address once', async () => {
    await begun();
    const { id } = await lands();
    const made = listIn(
      await asks(id, inSlack('dana'), {
        what: 'revoke-sessions',
        who: ['ann@contoso.example'],
        address: 'ANN@contoso.example, bob@contoso.example',
        reason: 'both clicked',
      }),
    );
    await shows(made, 'Approval needed');
    expect(list(made)?.measures.map(({ who }) => who)).toEqual(['ann@contoso[.]example', 'bob@contoso[.]example']);
  });

  it.each([
    ['nothing that is offered', { ...wanted, what: 'format-disk' }, 'what'],
    ['nobody', { ...wanted, who: [] }, 'nobody'],
    ['no reason', { ...wanted, reason: '  ' }, 'reason'],
    ['3,000 hostile characters as a reason', { ...wanted, reason: '\u202E{{x}} <!everyone> '.repeat(150) }, 'reason'],
    ['a measure where an address belongs', { ...wanted, address: 'disable-account' }, 'word'],
    ['more people than a list holds', { ...wanted, address: many(21) }, 'too-many'],
  ])('with %s it comes back as it was filled in, and nothing is asked for', async (_what, typed, is) => {
    await begun();
    const { id } = await lands();
    expect(await asks(id, inSlack('dana'), typed)).toMatchObject({ code: 'contain-form', typed, problem: { is } });
    expect(await entries(id, 'measures.wanted')).toEqual([]);
  });

  it('is no pretext for somebody who has nothing to do with the mail, whatever is typed', async () => {
    await begun();
    const { id } = await lands();
    const hostile = `${'\u202E\u0000<@U1>{{'.repeat(300)}@contoso.example`.replaceAll(' ', '');
    for (const address of ['lena@contoso.example', hostile])
      expect(await asks(id, inSlack('dana'), { ...wanted, who: [], address })).toMatchObject({
        code: 'measures-stranger',
      });
    expect(await refusals(id)).toEqual(['not-of-incident', 'not-of-incident']);
    expect(await night.ledgerFault()).toBeNull();
  });
});

const wordsIn = (form: Answered) => (form.code === 'contain-form' ? form.what.map(({ word }) => word) : []);
/** What may be asked for without any finding. */
const SINGLE = [
  'revoke-sessions',
  'disable-account',
  'mark-compromised',
  'remove-event',
  'stop-forwarding',
  'block-sender',
  'reset-password',
  'reset-mfa',
];
const many = (n: number) => Array.from({ length: n }, (_, at) => `p${at}@contoso.example`).join(' ');

describe('who may ask, and where', () => {
  it('somebody who is not known here is shown no form, and makes no list', async () => {
    await begun();
    const { id } = await lands();
    const stranger = slackUser('U0NOBODY');
    expect(await press(id, stranger, 'contain')).toMatchObject({ code: 'unknown-person' });
    for (const typed of [null, wanted]) expect((await asks(id, stranger, typed)).code).not.toMatch(/contain|measures/);
    expect(await entries(id, 'measures.wanted')).toEqual([]);
  });

  it('a form of an older list of mailboxes is told so', async () => {
    await begun();
    const { id } = await lands();
    for (const digest of ['', 'a'.repeat(64)])
      expect(await asks(id, inTeams('omar'), wanted, { digest })).toMatchObject({ code: 'stale-card' });
    expect(await refusals(id)).toEqual(['stale-card', 'stale-card']);
    expect(await entries(id, 'measures.wanted')).toEqual([]);
  });

  it('what the card does not offer is not taken: no playbook is meant, and nothing was found', async () => {
    await begun(policyOf());
    const { id } = await lands();
    expect(await press(id, inSlack('dana'), 'contain')).toMatchObject({ code: 'not-shown' });
    for (const typed of [null, wanted])
      expect(await asks(id, inSlack('dana'), typed)).toMatchObject({ code: 'not-shown' });
    expect(await refusals(id)).toEqual(['not-shown', 'not-shown']);
  });

  it('a mail that people called harmless offers nothing any more', async () => {
    await begun();
    const { id } = await lands();
    await press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await cardsShow(id, 'no button', ({ actions }) => actions.every(({ id: one }) => one !== 'contain'));
    expect(await asks(id, inSlack('dana'), wanted)).toMatchObject({ code: 'not-shown' });
  });

  it('an incident that nobody has is none', async () => {
    await begun();
    expect(await asks('CB-9', inSlack('dana'), wanted, { digest: '' })).toMatchObject({ code: 'unknown-incident' });
  });
});

describe('beside what was found about people', () => {
  it('the form offers all of it, and lists first whom it was found about', async () => {
    people = createFakeIntelligence();
    people.rows.set('bob@contoso.example', {
      forwardings: [{ at: AT, to: 'eve@fabrikam.example', keepsCopy: true, ip: null }],
    });
    await begun(policyOf(), { intelligence: people });
    found.measures = [];
    const { id } = await lands();
    await offers(id, 'people');
    await cardsShow(id, 'one button for both', ({ actions }) => actions.every(({ id: one }) => one !== 'contain'));
    const told = await reply(id, inSlack('dana'), 'people');
    expect(told).toMatchObject({ kind: 'people', answer: { code: 'people-shown' }, incident: id });
    const form = await asks(id, inSlack('dana'), null);
    expect(form).toMatchObject({
      people: ['bob@contoso.example', 'ann@contoso.example'],
    });
    expect(wordsIn(form)).toEqual(['found', ...SINGLE]);
    found.byHand = [{ address: 'bob@contoso.example', line: 'Set-Mailbox', isFound: true }];
    const made = listIn(await asks(id, inSlack('dana'), { what: 'found', reason: 'mail goes outside' }));
    await shows(made, 'Nothing may be done');
    expect((await stored(made))?.list?.byHand).toEqual(found.byHand);
  });
});

describe('a mail that is an invitation', () => {
  const invited = async () => {
    const mail = { internetMessageId: '<call@mailer.example>', sender: 'hr@fabrikam.example' };
    for (const name of ['ann', 'bob']) {
      const copy = night.mail.put(`${name}@contoso.example`, { ...mail, isInvitation: name === 'ann' });
      const { mailbox: person, address, message: ref } = copy;
      if (name !== 'ann') continue;
      service.set({ kind: 'remove-event', person, address, ref, name: '' }, { id: 'event-1' });
      service.set(ofAccount('disable-account', { person, address }), ACCOUNT);
    }
    const recipients = ['ann@contoso.example', 'bob@contoso.example'];
    const id = await night.alert({ message: { ...mail, subject: SUBJECT }, recipients });
    await offers(id, 'contain');
    return id;
  };
  const says = (id: string, words: string) =>
    cardsShow(id, words, ({ warnings }) => warnings.some(({ text }) => text.includes(words)));

  it('says so before the decision, offers the calendar entry first, and says that its list has to come first', async () => {
    await begun(policyOf());
    found.measures = [];
    const id = await invited();
    await says(id, '1 copy is meeting mail: taking it out leaves the calendar entry. Have that removed first');
    expect((await entries(id, 'invitations.seen'))[0]?.detail).toEqual({ copies: 1 });
    expect(wordsIn(await asks(id, inSlack('dana'), null))).toEqual([
      'remove-event',
      ...SINGLE.filter((word) => word !== 'remove-event'),
    ]);
    const made = listIn(await asks(id, inSlack('dana'), { what: 'remove-event', reason: 'before it is purged' }));
    await says(id, `${made} is to remove that: let it come first.`);
  });

  it('where nothing of it is switched on, says only that', async () => {
    night = await startNight({ policy: policyOf() });
    const mail = { internetMessageId: '<call@mailer.example>', sender: 'hr@fabrikam.example' };
    night.mail.put('ann@contoso.example', { ...mail, isInvitation: true });
    const id = await night.alert({ message: { ...mail, subject: SUBJECT }, recipients: ['ann@contoso.example'] });
    await says(id, 'Removing calendar entries is not switched on');
    expect(await press(id, inSlack('dana'), 'contain')).toMatchObject({ code: 'not-shown' });
  });
});

describe('what cannot be written as one line', () => {
  it('is said on the list with why, and nothing is called contained', async () => {
    await begun();
    const { id } = await lands();
    found.measures = [];
    found.unwritten = [{ address: 'bob@contoso.example', what: 'inbox-rule', why: 'hidden' }];
    const made = listIn(await asks(id, inSlack('dana'), { ...wanted, what: 'taken-over' }));
    await shows(made, 'Approval needed');
    expect(list(made)?.unwritten).toEqual([]);
    found.unwritten = [{ address: ANN.address, what: 'inbox-rule', why: 'hidden' }];
    const second = listIn(await asks(id, inSlack('dana'), wanted));
    await shows(second, 'Approval needed');
    const text =
      'ann@contoso[.]example: to switch the inbox rule off cannot be written as one line, because what is named holds characters that do not show.';
    expect([list(second, 'slack')?.unwritten, list(second, 'teams')?.unwritten]).toEqual([[{ text }], [{ text }]]);
    await pressList(second, inTeams('omar'), 'measures-apply');
    await shows(second, 'Done, and more is needed');
    await cardsShow(id, 'it on its line', ({ warnings }) =>
      warnings.some((one) =>
        one.text.includes(`${second}, done, and more is needed: 2 done, 1 line for an administrator open.`),
      ),
    );
  });
});
