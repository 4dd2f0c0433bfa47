import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MEASURE_KINDS } from '../../src/core/measure/measure.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import {
  ACCOUNT,
  ANN,
  BOB,
  knowsPeople,
  MAIL_RULE,
  measuresOf,
  measuring,
  ofAccount,
  policyOf,
  RULE,
} from './measuring.ts';
import { inSlack, inTeams, policyWith, ruleFor } from './telling.ts';

/** What is never done about people, whoever asks for it, and what is said before anybody is asked. */

let night: Night;
const { service, found, measures, asUsual } = measuresOf(MEASURE_KINDS.filter((kind) => kind !== 'mark-compromised'));
const { asked, list, pressList, shows, outcomes } = measuring(() => night);

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures });
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(async () => {
  asUsual();
  await night.govern(policyOf());
});

const DISABLE = 'disable-account ann@contoso.example because she clicked';
const account = ofAccount('disable-account');
const words = (id: string) => list(id)?.measures.map((one) => one.words);

describe('before anybody is asked', () => {
  it('an administrator is not touched, and the card names the role', async () => {
    service.set(account, { ...ACCOUNT, privileged: true, roles: ['Exchange Administrator'] });
    const { id } = await asked(DISABLE, 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: an administrator (Exchange Administrator): a person has to do this.']);
    expect(list(id)?.actions).toEqual([]);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'not-shown' });
    expect(service.now(account)).toMatchObject({ accountEnabled: true });
  });

  it('an account for emergencies is not touched either', async () => {
    await night.govern(policyOf({ approver: 1 }, { breakGlass: { addresses: [ANN.address] } }));
    found.measures = [RULE];
    const { id } = await asked('found ann@contoso.example because she clicked', 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: an account for emergencies: nothing is ever done to it.']);
  });

  it('nobody is touched of whom it cannot be told whether they are an administrator, and the permission is named', async () => {
    service.withhold('disable-account', 'RoleManagement.Read.Directory');
    const { id } = await asked('revoke-sessions ann@contoso.example because she clicked', 'Nothing may be done');
    expect(words(id)).toEqual([
      'Not done: whether it is an administrator cannot be found out (RoleManagement.Read.Directory).',
    ]);
  });

  it('whose roles could be looked at in part alone is done about, and that is said beforehand, with the permission', async () => {
    service.set(account, { ...ACCOUNT, rolesUnseen: 'RoleManagement.Read.Directory' });
    const { id } = await asked(DISABLE);
    expect(words(id)).toEqual([
      'Can be put back as it was. Eligible roles, and those of a part of the directory, not looked at: missing RoleManagement.Read.Directory.',
    ]);
  });

  it('of what is not done to an account nothing is said of roles', async () => {
    service.set(account, { ...ACCOUNT, rolesUnseen: 'RoleManagement.Read.Directory' });
    found.measures = [RULE];
    const { id } = await asked('found ann@contoso.example because she clicked');
    expect(words(id)?.[0]).not.toContain('not looked at');
  });

  it('an account that the directory does not know is said to be unknown', async () => {
    service.remove(account);
    const { id } = await asked(DISABLE, 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: the directory knows no such account, or more than one.']);
  });

  it('a mailbox of a set that is never touched stays untouched', async () => {
    const mailboxes = { protected: [{ name: 'the board', addresses: [ANN.address] }] };
    await night.govern(policyOf({ approver: 1 }, { mailboxes }));
    const { id } = await asked(DISABLE, 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: in “the board”, which is never touched.']);
  });

  it('what is not switched on here is not offered', async () => {
    const { id } = await asked('mark-compromised ann@contoso.example because she clicked', 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: not switched on in this tenant.']);
  });

  it('without a rule that names it nothing is done about people', async () => {
    await night.govern(policyWith([MAIL_RULE]));
    const { id } = await asked(DISABLE, 'Nothing may be done');
    expect(words(id)).toEqual(['Not done: no rule of the policy allows disable-account here.']);
  });

  it('one measure that is barred does not keep the others', async () => {
    await night.govern(policyWith([MAIL_RULE, ruleFor(['revoke-sessions'], { approver: 1 })]));
    const { id, incident } = await asked('disable-account revoke-sessions ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done, and more is needed');
    expect(await outcomes(incident)).toEqual(['apply revoke-sessions: done']);
    expect(list(id)?.status).toContain('1 measure is never done');
  });

  it('of a synced account it is said that it will flip back', async () => {
    service.set(account, { ...ACCOUNT, onPremisesSyncEnabled: true });
    const { id } = await asked(DISABLE);
    expect(words(id)?.[0]).toContain('will flip back: disable it on premises');
  });

  it('of two measures the rule that asks for more decides for both', async () => {
    await night.govern(
      policyWith([
        MAIL_RULE,
        ruleFor(['disable-account'], { approver: 2 }, { expiryMinutes: 30 }),
        ruleFor(['revoke-sessions'], { approver: 1 }, { reason: true }),
      ]),
    );
    const { id } = await asked('disable-account revoke-sessions ann@contoso.example because she clicked');
    expect(list(id)?.needs).toMatch(/^0 of 2 approvals: 2 × approver; each says why\./);
    expect(list(id)?.left).toContain('30 min');
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'form-needed' });
    const why = { reason: 'it is an attack' };
    expect(await pressList(id, inTeams('omar'), 'measures-apply', why)).toMatchObject({ counted: 1, needed: 2 });
    expect(await pressList(id, inTeams('omar'), 'measures-apply', why)).toMatchObject({ code: 'repeated' });
    expect(await pressList(id, inTeams('lena'), 'measures-apply', why)).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
  });
});

describe('right before it is done', () => {
  it('who was made an administrator since is not touched', async () => {
    const { id, incident } = await asked(DISABLE);
    service.change(account, { privileged: true, roles: ['Global Administrator'] });
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done in part');
    expect(await outcomes(incident)).toEqual(['apply disable-account: barred']);
    expect(service.now(account)).toMatchObject({ accountEnabled: true });
  });

  it('what is so already is not done again, and is nothing to put back', async () => {
    service.set(account, { ...ACCOUNT, accountEnabled: false });
    const { id, incident } = await asked(DISABLE);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(await outcomes(incident)).toEqual(['apply disable-account: already']);
    expect(list(id)?.backs).toEqual([]);
  });

  it('a rule that no interface changes is refused with what the service said', async () => {
    found.measures = [RULE];
    service.change(RULE, { isReadOnly: true });
    const { id } = await asked('found ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done in part');
    expect(words(id)?.[0]).toContain('Not done: the rule is read-only: no interface changes it.');
  });

  it('a permission that is missing is named', async () => {
    found.measures = [RULE];
    const { id } = await asked('found ann@contoso.example because she clicked');
    service.withhold('rule-off', 'MailboxSettings.ReadWrite');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done in part');
    expect(words(id)?.[0]).toContain('missing MailboxSettings.ReadWrite');
  });
});

describe('the record', () => {
  it('has who wanted what and why, what was asked, who approved, and what was seen, and holds together', async () => {
    const { incident, id } = await asked(`${DISABLE} a link`);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    const entries = await night.entries(incident);
    const types = entries.map(({ type }) => type).filter((type) => type.startsWith('measure'));
    expect(types).toEqual([
      'measures.wanted',
      'measures.asked',
      'measures.approved',
      'measures.begun',
      'measure.intent',
      'measure.outcome',
    ]);
    expect(entries.find(ofType('measures.wanted'))?.detail.reason).toBe('she clicked a link');
    expect(entries.find(ofType('measure.intent'))?.requestId).toBe(service.sent.at(-1));
    expect(await night.ledgerFault()).toBeNull();
    expect((await night.audit()).fault).toBeNull();
  });

  it('a second list about somebody else is one of its own', async () => {
    const { id } = await asked(`disable-account ${BOB.address} because he clicked`);
    expect(list(id)?.measures[0]).toMatchObject({ title: '1. Disable the account', who: 'bob@contoso[.]example' });
    expect(await pressList(id, inSlack('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
  });
});
