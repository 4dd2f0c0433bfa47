import { describe, expect, it, test } from 'vitest';
import { burst } from '../../../src/core/intelligence/burst.ts';
import { clicked } from '../../../src/core/intelligence/clicked.ts';
import { consent } from '../../../src/core/intelligence/consent.ts';
import { delegate } from '../../../src/core/intelligence/delegate.ts';
import type { Consent } from '../../../src/core/intelligence/facts.ts';
import { findingsAbout } from '../../../src/core/intelligence/findings.ts';
import { forwarding } from '../../../src/core/intelligence/forwarding.ts';
import { hidingScore, inboxRule } from '../../../src/core/intelligence/inbox-rule.ts';
import { massAccess } from '../../../src/core/intelligence/mass-access.ts';
import { mfaMailDeleted } from '../../../src/core/intelligence/mfa-mail-deleted.ts';
import { risk } from '../../../src/core/intelligence/risk.ts';
import { signIn } from '../../../src/core/intelligence/sign-in.ts';
import { at, click, factsOf, rule, signIns } from './facts.ts';

/** What each kind of finding says of somebody who received a mail, and what it keeps quiet about. */

const strengths = (findings: readonly { readonly strength: string }[]) => findings.map(({ strength }) => strength);

describe('a click', () => {
  test.each([
    ['allowed', ['weak']],
    ['through', ['medium']],
    ['blocked', []],
  ] as const)('that was %s is %j', (outcome, expected) => {
    expect(strengths(clicked(factsOf({ clicks: [click(5, outcome)] })))).toEqual(expected);
  });

  it('from before the mail came is none of it', () => {
    expect(clicked(factsOf({ clicks: [click(-5)] }))).toEqual([]);
  });

  it('names the host alone, inert', () => {
    const [finding] = clicked(factsOf({ clicks: [click(5)] }));
    expect(finding?.sentence).toBe('Followed a link to login[.]fabrikam[.]example.');
  });
});

describe('a sign-in after the mail', () => {
  const before = signIns();
  const abroad = signIns({ ip: '198.51.100.7', country: 'NG', first: at(40), last: at(50), singleFactor: 1 });

  it('from a new country is medium, and ends sessions', () => {
    const [finding] = signIn(factsOf({ signIns: [before, abroad] }));
    expect(finding).toMatchObject({ strength: 'medium', measure: { kind: 'revoke-sessions' } });
    expect(finding?.sentence).toContain('from a country it had not been used from, NG, with a single factor');
  });

  it('within an hour of a click is strong', () => {
    const facts = factsOf({ signIns: [before, abroad], clicks: [click(10)] });
    expect(strengths(signIn(facts))).toEqual(['strong']);
  });

  it('more than an hour after the click is not strong for it', () => {
    const late = { ...abroad, first: at(90) };
    expect(strengths(signIn(factsOf({ signIns: [before, late], clicks: [click(10)] })))).toEqual(['medium']);
  });

  it('from a new network in a known country is weak', () => {
    const elsewhere = { ...abroad, country: 'DE', singleFactor: 0 };
    expect(strengths(signIn(factsOf({ signIns: [before, elsewhere] })))).toEqual(['weak']);
  });

  it('from the usual network, or of an account without earlier ones, says nothing', () => {
    const neighbour = { ...abroad, ip: '203.0.113.99', country: 'DE' };
    expect(signIn(factsOf({ signIns: [before, neighbour] }))).toEqual([]);
    expect(signIn(factsOf({ signIns: [abroad] }))).toEqual([]);
  });
});

describe('a risk in Entra', () => {
  const seen = { at: at(10), level: 'high', state: 'at risk', type: 'anomalousToken', source: 'sign-ins' } as const;

  test.each([
    [seen, ['strong']],
    [{ ...seen, level: 'medium' } as const, ['medium']],
    [{ ...seen, level: 'low' } as const, ['weak']],
    [{ ...seen, level: 'low', state: 'confirmed' } as const, ['strong']],
    [{ ...seen, state: 'over' } as const, []],
    [{ ...seen, at: at(-10) }, []],
  ])('%# is told by its level and state', (one, expected) => {
    expect(strengths(risk(factsOf({ risks: [one] })))).toEqual(expected);
  });
});

describe('a rule of the Inbox', () => {
  it('gets the published points for hiding', () => {
    expect(hidingScore(rule({ name: '..', marksRead: true, moveTo: 'RSS Subscriptions' }))).toBe(4);
    expect(hidingScore(rule({ name: 'aabb', marksRead: false, moveTo: 'Archive' }))).toBe(2);
    expect(hidingScore(rule())).toBe(0);
  });

  it('with more than two points is strong; the rule can be switched off by its id', () => {
    const hiding = rule({ name: '.', marksRead: true, moveTo: 'ann:\\RSS Feeds', id: 'rule-1', stands: 'on' });
    const [finding] = inboxRule(factsOf({ rules: [hiding] }));
    expect(finding).toMatchObject({ strength: 'strong', measure: { kind: 'rule-off', ref: 'rule-1', name: '.' } });
  });

  it('that looks for payments and deletes is medium; an ordinary new one is weak', () => {
    const aimed = rule({ deletes: true, words: ['Invoice from Fabrikam'] });
    expect(strengths(inboxRule(factsOf({ rules: [aimed] })))).toEqual(['medium']);
    expect(strengths(inboxRule(factsOf({ rules: [rule()] })))).toEqual(['weak']);
  });

  it('that was removed since is told as over, with nothing to do', () => {
    const made = rule({ name: 'x', deletes: true });
    const [finding] = inboxRule(factsOf({ rules: [made, rule({ name: 'x', isEnd: true, at: at(60) })] }));
    expect(finding).toMatchObject({ measure: null, byHand: null, row: { stands: 'off' } });
  });

  it('that Graph does not show may be hidden: an administrator can look', () => {
    const [finding] = inboxRule(factsOf({ rules: [rule({ name: 'x', deletes: true, stands: 'not shown' })] }));
    expect(finding?.byHand).toMatch(/^Get-InboxRule -Mailbox '.*' -IncludeHidden \| Where-Object Name -eq 'x'$/);
  });

  it('whose name would end the line for the administrator ends nothing', () => {
    const [finding] = inboxRule(factsOf({ rules: [rule({ name: 'a\u2019; Remove-Mailbox ann #' })] }));
    expect(finding?.byHand).toContain("'a\u2019\u2019; Remove-Mailbox ann #' |");
  });

  it('whose name is that of a rule in another mailbox is looked for by name, and never taken for an identity', () => {
    const [finding] = inboxRule(factsOf({ rules: [rule({ name: 'bob@contoso.example\\Bills' })] }));
    expect(finding?.byHand).toMatch(
      /^Get-InboxRule -Mailbox '[^']*' \| Where-Object Name -CEQ 'bob@contoso\.example\\Bills' \| Disable-InboxRule -Confirm:\$false$/,
    );
  });

  it('that shares its name with another is shown to the administrator, and none is switched off', () => {
    const [finding] = inboxRule(factsOf({ rules: [rule({ name: 'x', stands: 'on' })] }));
    expect(finding?.byHand).toMatch(/^Get-InboxRule -Mailbox '.*' \| Where-Object Name -eq 'x'$/);
  });

  it('whose name holds a line break is in no line at all', () => {
    const [finding] = inboxRule(factsOf({ rules: [rule({ name: 'a\nRemove-Mailbox ann' })] }));
    expect(finding?.byHand).toBeNull();
  });
});

describe('forwarding', () => {
  it('by a rule to somebody outside is strong and can be switched off', () => {
    const out = rule({ sendsTo: ['mallory@fabrikam.example'], id: 'rule-2', stands: 'on' });
    const [finding] = forwarding(factsOf({ rules: [out] }));
    expect(finding).toMatchObject({ strength: 'strong', measure: { kind: 'rule-off', ref: 'rule-2' } });
  });

  it('inside is weak', () => {
    expect(strengths(forwarding(factsOf({ rules: [rule({ sendsTo: ['bob@contoso.example'] })] })))).toEqual(['weak']);
  });

  it('of the whole mailbox is for the administrator, by an id of ours alone', () => {
    const sent = { at: at(20), to: 'mallory@fabrikam.example', keepsCopy: false, ip: null };
    const [finding] = forwarding(factsOf({ forwardings: [sent] }));
    expect(finding).toMatchObject({ strength: 'strong', measure: null });
    expect(finding?.byHand).toBe(
      "Set-Mailbox -Identity '00000000-0000-4000-8000-00000000000a' -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false",
    );
  });

  it('that was switched off since says nothing', () => {
    const sent = { at: at(20), to: 'mallory@fabrikam.example', keepsCopy: null, ip: null };
    expect(forwarding(factsOf({ forwardings: [sent, { ...sent, at: at(30), to: '' }] }))).toEqual([]);
  });
});

describe('a consent', () => {
  const given: Consent = {
    at: at(30),
    app: 'Mail Helper',
    appId: '11111111-2222-4333-8444-555555555555',
    scopes: ['Mail.Read', 'offline_access'],
    isForAll: false,
    grant: 'grant-of-ann-000000000',
    isThere: true,
    source: 'mailbox events',
  };

  it('to read mail is medium, and strong within an hour of a click; its grant can be taken back', () => {
    const [finding] = consent(factsOf({ consents: [given] }));
    expect(finding).toMatchObject({
      strength: 'medium',
      measure: { kind: 'revoke-grant', ref: given.grant, name: 'Mail Helper' },
    });
    expect(strengths(consent(factsOf({ consents: [given], clicks: [click(10)] })))).toEqual(['strong']);
  });

  it('for everybody is for the administrator', () => {
    const [finding] = consent(factsOf({ consents: [{ ...given, isForAll: true }] }));
    expect(finding).toMatchObject({ measure: null });
    expect(finding?.byHand).toContain("-AppId '11111111-2222-4333-8444-555555555555' -AccountEnabled:$false");
  });

  it('that is not to mail says nothing', () => {
    expect(consent(factsOf({ consents: [{ ...given, scopes: ['User.Read'] }] }))).toEqual([]);
  });
});

describe('the rest', () => {
  it('tells of a new application that opens very much, and not of ours', () => {
    const usual = { at: at(-100), app: 'outlook', mails: 5, isThrottled: false };
    const many = { at: at(30), app: 'stranger', mails: 400, isThrottled: false };
    expect(strengths(massAccess(factsOf({ accesses: [usual, many] })))).toEqual(['medium']);
    expect(massAccess(factsOf({ accesses: [usual, { ...many, app: 'our-app' }] }))).toEqual([]);
    expect(strengths(massAccess(factsOf({ accesses: [usual, { ...many, app: 'outlook' }] })))).toEqual(['weak']);
  });

  it('tells of an hour in which far more was sent than ever', () => {
    const now = { at: at(60), messages: 80, recipients: 80 };
    expect(strengths(burst(factsOf({ bursts: [now] })))).toEqual(['medium']);
    expect(strengths(burst(factsOf({ bursts: [now, { ...now, at: at(-600), recipients: 70 }] })))).toEqual(['weak']);
    expect(burst(factsOf({ bursts: [{ ...now, recipients: 20 }] }))).toEqual([]);
  });

  it('tells of rights on the whole mailbox that still stand', () => {
    const given = {
      at: at(30),
      who: 'mallory@contoso.example',
      rights: 'FullAccess',
      operation: 'Add-MailboxPermission',
    };
    expect(strengths(delegate(factsOf({ delegates: [given] })))).toEqual(['medium']);
    const taken = { ...given, at: at(40), operation: 'Remove-MailboxPermission' };
    expect(delegate(factsOf({ delegates: [given, taken] }))).toEqual([]);
    const again = { ...given, at: at(50) };
    expect(strengths(delegate(factsOf({ delegates: [given, again, taken] })))).toEqual(['medium']);
  });

  it('tells weakly of a notice about signing in that was deleted', () => {
    const subjects = ['Your verification code', 'Lunch on Friday'];
    const told = subjects.map((subject) =>
      strengths(mfaMailDeleted(factsOf({ deletions: [{ at: at(10), subject }] }))),
    );
    expect(told).toEqual([['weak'], []]);
  });
});

it('the heaviest finding comes first', () => {
  const facts = factsOf({
    clicks: [click(5)],
    rules: [rule({ sendsTo: ['mallory@fabrikam.example'] })],
    deletions: [{ at: at(10), subject: 'Your verification code' }],
  });
  expect(findingsAbout(facts).map(({ kind }) => kind)).toEqual(['forwarding', 'clicked', 'mfa-mail-deleted']);
});
