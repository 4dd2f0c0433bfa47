import { describe, expect, it, test } from 'vitest';
import { clickBefore, clicked } from '../../../src/core/intelligence/clicked.ts';
import { consent } from '../../../src/core/intelligence/consent.ts';
import { delegate } from '../../../src/core/intelligence/delegate.ts';
import type { Consent, PersonFacts } from '../../../src/core/intelligence/facts.ts';
import { findingsAbout } from '../../../src/core/intelligence/findings.ts';
import { forwarding } from '../../../src/core/intelligence/forwarding.ts';
import { hidingScore, inboxRule, rulesSince } from '../../../src/core/intelligence/inbox-rule.ts';
import { risk } from '../../../src/core/intelligence/risk.ts';
import { signIn } from '../../../src/core/intelligence/sign-in.ts';
import { domainSet } from '../../../src/core/signal/domain.ts';
import { ANN, at, click, factsOf, rule, signIns } from './facts.ts';

/** Where each finding about people begins and ends: the moment of the mail, the amounts, and which of several it tells of. */

const MOMENT = 1 / 60_000;
const HOUR = 60;
const strengths = (findings: readonly { readonly strength: string }[]) => findings.map(({ strength }) => strength);

const consented = (minutes: number, change: Partial<Consent> = {}): Consent => ({
  ...{
    at: at(minutes),
    app: 'Mail Helper',
    appId: 'app-1',
    source: 'mailbox events',
    scopes: ['Mail.Read'],
    isForAll: false,
  },
  ...{ grant: 'grant-1', isThere: null, ...change },
});
const risky = (minutes: number, level: 'low' | 'medium' | 'high' = 'high') =>
  ({ at: at(minutes), level, state: 'at risk', type: null, source: 'sign-ins' }) as const;
const access = (minutes: number, mails: number, app = 'stranger', isThrottled = false) => ({
  ...{ at: at(minutes), app, mails, isThrottled },
});
const sent = (minutes: number, recipients: number) => ({ at: at(minutes), messages: 1, recipients });
const given = (minutes: number, change: object = {}) => ({
  ...{ at: at(minutes), who: 'mallory@contoso.example', rights: 'FullAccess', operation: 'Add-MailboxPermission' },
  ...change,
});
const forwarded = (minutes: number, to = 'mallory@fabrikam.example', keepsCopy: boolean | null = null) => ({
  ...{ at: at(minutes), to, keepsCopy, ip: null },
});
const deleted = (minutes: number, subject = 'Your verification code') => ({ at: at(minutes), subject });

test.each<[string, (minutes: number) => Partial<PersonFacts>]>([
  ['a click', (minutes) => ({ clicks: [click(minutes)] })],
  ['a risk', (minutes) => ({ risks: [risky(minutes)] })],
  ['a rule', (minutes) => ({ rules: [rule({ at: at(minutes), deletes: true })] })],
  ['a rule that sends on', (minutes) => ({ rules: [rule({ at: at(minutes), sendsTo: ['m@fabrikam.example'] })] })],
  ['a mailbox that sends on', (minutes) => ({ forwardings: [forwarded(minutes)] })],
  ['a consent', (minutes) => ({ consents: [consented(minutes)] })],
  ['rights of somebody else', (minutes) => ({ delegates: [given(minutes)] })],
  ['mails opened', (minutes) => ({ accesses: [access(minutes, 500)] })],
  ['mails sent', (minutes) => ({ bursts: [sent(minutes, 500)] })],
  ['a notice deleted', (minutes) => ({ deletions: [deleted(minutes)] })],
  [
    'a sign-in',
    (minutes) => ({ signIns: [signIns(), signIns({ ip: '198.51.100.7', first: at(minutes), last: at(60) })] }),
  ],
])('%s counts from the moment of the mail on', (_what, facts) => {
  expect(findingsAbout(factsOf(facts(0)))).toHaveLength(1);
  expect(findingsAbout(factsOf(facts(-MOMENT)))).toEqual([]);
});

describe('what a click is followed by', () => {
  it('comes after it and within the hour', () => {
    const clicks = [click(10)];
    const follows = (minutes: number) => clickBefore({ clicks }, at(minutes)) !== null;
    expect([10, 10 + HOUR, 10 + HOUR + MOMENT, 10 - MOMENT].map(follows)).toEqual([true, true, false, false]);
  });

  it('is none of one that was blocked, and of several that of the last', () => {
    expect(clickBefore({ clicks: [click(10, 'blocked')] }, at(11))).toBeNull();
    expect(clickBefore({ clicks: [click(10), click(20)] }, at(30))).toEqual(click(20));
  });

  it('is told with how often and when it was last', () => {
    const [twice] = clicked(factsOf({ clicks: [click(10), click(30), click(20, 'blocked')] }));
    expect(twice).toMatchObject({ at: at(10), row: { times: 2, last: at(30), outcome: 'allowed' } });
    expect(twice?.sentence).toBe('Followed a link to login[.]fabrikam[.]example, 2 times.');
    const [past] = clicked(factsOf({ clicks: [click(10), click(30, 'through')] }));
    expect(past).toMatchObject({ at: at(30), strength: 'medium', row: { times: 2, outcome: 'through' } });
  });
});

describe('a sign-in', () => {
  const of = (change: object) => signIns({ ip: '198.51.100.7', first: at(40), last: at(50), ...change });

  it('is not called abroad where the country of either is not told', () => {
    const nowhere = signIns({ country: '' });
    expect(strengths(signIn(factsOf({ signIns: [nowhere, of({ country: 'NG' })] })))).toEqual(['weak']);
    expect(strengths(signIn(factsOf({ signIns: [signIns(), of({ country: '' })] })))).toEqual(['weak']);
  });

  it('of several is the one that looks worst, and the first of those that look alike', () => {
    const told = (...fresh: readonly ReturnType<typeof of>[]) =>
      signIn(factsOf({ signIns: [signIns(), ...fresh], clicks: [click(100)] }))[0];
    const [home, abroad, after, single] = [
      of({ ip: '198.51.100.7' }),
      of({ ip: '192.0.2.1', country: 'NG', singleFactor: 1, last: at(70) }),
      of({ ip: '192.0.3.1', first: at(110), last: at(110) }),
      of({ ip: '192.0.4.1', singleFactor: 1, first: at(45) }),
    ];
    expect(told(home, abroad, after)).toMatchObject({ strength: 'strong', row: { ip: '192.0.3.1', last: at(110) } });
    expect(told(home, single, abroad)).toMatchObject({ strength: 'medium', row: { ip: '192.0.2.1' } });
    expect(told(home, single)?.row['ip']).toBe('192.0.4.1');
    expect(told(of({ ip: '192.0.5.1', first: at(41) }), home)?.row['ip']).toBe('198.51.100.7');
  });

  it('tells what the account had been used from', () => {
    const before = [signIns(), signIns({ ip: '203.0.113.11' }), signIns({ ip: '192.0.2.9', country: 'AT' })];
    const [one] = signIn(factsOf({ signIns: [...before, of({ country: 'NG' })] }));
    expect(one?.row).toMatchObject({ earlierNetworks: 2, earlierCountries: 'AT DE' });
  });
});

describe('a risk', () => {
  it('of several is the worst, and one that is confirmed before any other', () => {
    const confirmed = { ...risky(20, 'low'), state: 'confirmed' } as const;
    expect(risk(factsOf({ risks: [risky(1, 'medium'), risky(2, 'high'), risky(3, 'low')] }))).toMatchObject([
      { strength: 'strong', at: at(2), row: { times: 3 }, measure: { kind: 'mark-compromised' } },
    ]);
    expect(risk(factsOf({ risks: [risky(2, 'high'), confirmed] }))).toMatchObject([
      { row: { state: 'confirmed' }, measure: { kind: 'disable-account' } },
    ]);
  });
});

describe('a rule of the Inbox', () => {
  it('gets a point for little variety, for a short name, for what is read at once and for a folder nobody looks into', () => {
    const points = [
      rule({ name: 'aaaaaaaabbbb' }),
      rule({ name: 'abcd' }),
      rule({ name: 'abcde' }),
      rule({ name: 'aaa' }),
      rule({ marksRead: true }),
      rule({ moveTo: 'ann:\\Conversation History' }),
      rule({ moveTo: 'My Archive' }),
      rule({ moveTo: 'ann:\\Deleted Items' }),
    ].map(hidingScore);
    expect(points).toEqual([1, 1, 0, 2, 1, 1, 0, 0]);
  });

  it('is strong with three points or without a name, and only where it takes mail out of sight', () => {
    const of = (change: object) => strengths(inboxRule(factsOf({ rules: [rule(change)] })));
    expect(of({ name: 'aa', marksRead: true, deletes: true })).toEqual(['strong']);
    expect(of({ name: 'aa', deletes: true })).toEqual(['weak']);
    expect(of({ name: ' . , ', deletes: true })).toEqual(['strong']);
    expect(of({ name: '', moveTo: 'Junk Email' })).toEqual(['strong']);
    expect(of({ name: '', moveTo: 'Projects' })).toEqual(['weak']);
    expect(of({ words: ['payroll'], moveTo: 'Projects' })).toEqual(['weak']);
    expect(of({ words: ['payroll'], moveTo: 'Calendar' })).toEqual(['medium']);
  });

  it('weighs more out of sight than elsewhere', () => {
    const weight = (change: object) => inboxRule(factsOf({ rules: [rule(change)] }))[0]?.weight;
    expect([weight({ deletes: true }), weight({ moveTo: 'Projects' })]).toEqual([8, 5]);
  });

  it('is told as the newest record has it, and as over only where that is the last word', () => {
    const [made, changed, end] = [
      rule({ name: 'x', at: at(10), moveTo: 'A' }),
      rule({ name: 'x', at: at(20), moveTo: 'B' }),
      rule({ name: 'x', at: at(30), isEnd: true }),
    ];
    const since = (...rules: readonly ReturnType<typeof rule>[]) =>
      rulesSince(rules, at(0)).map(({ moveTo, stands }) => [moveTo, stands]);
    expect(since(changed, made)).toEqual([['B', null]]);
    expect(since(end, changed, made)).toEqual([['B', 'off']]);
    expect(since(made, { ...end, at: at(15) }, changed)).toEqual([['B', null]]);
    expect(since({ ...made, stands: 'on' }, end)).toEqual([['A', 'on']]);
    expect(since(end)).toEqual([]);
    expect(since(made, { ...changed, name: 'y' })).toHaveLength(2);
  });

  it('that sends on is told once, and twice where it also takes mail out of sight', () => {
    const on = rule({ sendsTo: ['m@fabrikam.example'] });
    const kinds = (rules: PersonFacts['rules']) => findingsAbout(factsOf({ rules })).map(({ kind }) => kind);
    expect(kinds([on])).toEqual(['forwarding']);
    expect(kinds([{ ...on, deletes: true }])).toEqual(['forwarding', 'inbox-rule']);
  });

  it('says what it does', () => {
    const [one] = inboxRule(
      factsOf({ rules: [rule({ deletes: true, marksRead: true, moveTo: 'A', words: ['a', 'b', 'c', 'd'] })] }),
    );
    expect(one?.sentence).toBe(
      'A rule that takes mail out of sight was made or changed: \u201cNewsletters of the week\u201d, which looks for a, b, c, deletes, marks as read.',
    );
    const [moves] = inboxRule(factsOf({ rules: [rule({ moveTo: 'ann:\\Projects' })] }));
    expect(moves?.sentence).toBe(
      'A rule of the Inbox was made or changed: \u201cNewsletters of the week\u201d, which moves to Projects.',
    );
  });
});

describe('mail that goes on', () => {
  it('is as the newest word of the mailbox has it, whatever its order', () => {
    const of = (...forwardings: PersonFacts['forwardings']) => forwarding(factsOf({ forwardings }));
    expect(of(forwarded(20, ''), forwarded(10))).toEqual([]);
    expect(of(forwarded(20), forwarded(10, ''))).toMatchObject([{ strength: 'strong', at: at(20) }]);
    expect(of(forwarded(10), forwarded(10, 'bob@contoso.example'))).toMatchObject([{ strength: 'weak' }]);
  });

  it('is outside only where the own domains are known and it is in none of them', () => {
    const one = { rules: [rule({ sendsTo: ['bob@contoso.example', 'm@fabrikam.example'] })] };
    expect(strengths(forwarding(factsOf(one)))).toEqual(['strong']);
    expect(strengths(forwarding(factsOf({ ...one, ownDomains: domainSet([]) })))).toEqual(['weak']);
    expect(strengths(forwarding(factsOf({ rules: [rule({ sendsTo: ['Bob of Accounts'] })] })))).toEqual(['weak']);
  });

  it('says whether the mailbox keeps a copy, where that is told', () => {
    const sentence = (keepsCopy: boolean | null) =>
      forwarding(factsOf({ forwardings: [forwarded(1, 'bob@contoso.example', keepsCopy)] }))[0]?.sentence;
    expect(sentence(false)).toContain(', and the mailbox keeps none of it.');
    expect([sentence(true), sentence(null)].map((one) => one?.includes('keeps'))).toEqual([false, false]);
  });
});

describe('a consent', () => {
  it('is the newest of each app, told by its id or by its name', () => {
    const apps = (...consents: readonly Consent[]) =>
      consent(factsOf({ consents })).map((one) => [one.at, one.row['app']]);
    expect(apps(consented(1), consented(2), consented(3, { appId: 'app-2' }))).toEqual([
      [at(2), 'Mail Helper'],
      [at(3), 'Mail Helper'],
    ]);
    expect(apps(consented(1, { appId: '' }), consented(2, { appId: '', app: 'Other' }))).toHaveLength(2);
  });

  it('for everybody is no more than medium, whatever was clicked', () => {
    const one = { consents: [consented(30, { isForAll: true })], clicks: [click(10)] };
    expect(strengths(consent(factsOf(one)))).toEqual(['medium']);
  });

  it('is answered by nothing where it is gone, and by no line where the app has no id', () => {
    const of = (change: Partial<Consent>) => consent(factsOf({ consents: [consented(1, change)] }))[0];
    expect(of({ isThere: false })).toMatchObject({ measure: null, byHand: null });
    expect(of({ isThere: false })?.sentence).toContain('; it is not there any more');
    expect(of({ isForAll: true, appId: "x'; Remove-Mailbox" })).toMatchObject({ measure: null, byHand: null });
    expect(of({ grant: null })).toMatchObject({ measure: null, byHand: null });
    expect(of({})?.sentence).not.toContain('not there any more');
  });
});

describe('rights of somebody else', () => {
  it('are medium for everybody, and weak for a folder; only those on all of it have a line', () => {
    const of = (change: object) => delegate(factsOf({ delegates: [given(1, change)] }))[0];
    for (const who of ['Default', 'anonymous', 'Everyone'])
      expect(of({ who, rights: 'Reviewer', operation: 'Add-MailboxFolderPermission' })).toMatchObject({
        strength: 'medium',
        byHand: null,
      });
    expect(of({ who: 'Defaulting', rights: 'Reviewer' })).toMatchObject({ strength: 'weak', byHand: null });
    expect(of({})?.byHand).toBe(
      `Remove-MailboxPermission -Identity '${ANN.id}' -User 'mallory@contoso.example' -AccessRights FullAccess -Confirm:$false`,
    );
  });

  it('on the mailbox and on a folder of it are two', () => {
    const folder = given(2, { rights: 'Owner', operation: 'AddFolderPermissions' });
    expect(delegate(factsOf({ delegates: [given(1), folder] }))).toHaveLength(2);
  });
});
