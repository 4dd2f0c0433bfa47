import { randomUUID } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { huntingLogs } from '../../src/adapters/defender/logs.ts';
import { createOwnSettings } from '../../src/adapters/graph/own-settings.ts';
import { riskLogs } from '../../src/adapters/graph/risk-detections.ts';
import { createThreads } from '../../src/adapters/graph/threads.ts';
import { MINUTE, opened, PHISH, questionOf } from './people-opened.ts';

/** Logs of the tenant, asked about everybody who received a mail, against a service that is late and forgets to say why. */

describe('logs of the tenant', () => {
  it('tell who clicked, signed in, made rules in either shape, consented, forwarded and sent very much', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const { tenant } = sandbox;
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(MINUTE);
    const question = questionOf(sandbox);
    tenant.deliver({ ...PHISH, to: ['ann', 'bob'] });
    tenant.userClicks('ann', { networkMessageId: PHISH.networkMessageId, url: 'https://x.example', through: true });
    tenant.userSignsIn('ann', { ip: '198.51.100.7', country: 'NG', factor: 'single' });
    tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    tenant.ruleTold(
      'bob',
      { name: 'x', forwardTo: ['mallory@fabrikam.example'], words: ['invoice'] },
      { desktop: true },
    );
    tenant.forwardingTold('bob', 'mallory@fabrikam.example', { keepsCopy: false, by: 'ann' });
    tenant.consentTold('ann', { name: 'Mail Helper', id: randomUUID(), scopes: ['Mail.Read', 'offline_access'] });
    tenant.accessTold('ann', { app: 'Our-App', mails: 300 });
    tenant.deletionTold('ann', 'Your verification code');
    tenant.userSends('ann', {
      to: Array.from({ length: 30 }, (_none, n) => `p${n}@partner.example`),
      subject: 'Hello',
      internetMessageId: '<burst@contoso.com>',
    });
    tenant.userSends('bob', {
      to: [PHISH.sender],
      subject: `RE: ${PHISH.subject}`,
      internetMessageId: '<re@contoso.com>',
    });
    // Somebody outside, in the name of Ann.
    tenant.deliver({
      to: ['bob'],
      sender: question.people[0]?.address ?? '',
      mailFrom: 'mallory@fabrikam.example',
      subject: `RE: ${PHISH.subject}`,
      internetMessageId: '<forged@fabrikam.example>',
    });
    sandbox.pass(100 * MINUTE);
    const { answers, rows, answered, past } = await huntingLogs(options).ask(question);
    expect(answers.map(({ source, is }) => [source, is])).toEqual([
      ['sign-ins', 'answered'],
      ['mailbox events', 'answered'],
      ['link clicks', 'answered'],
      ['post-delivery actions', 'answered'],
      ['sent mail', 'answered'],
    ]);
    const [ann, bob] = question.people.map(({ id }) => rows.get(id));
    expect(ann).toMatchObject({
      clicks: [{ outcome: 'through', url: 'https://x.example' }],
      signIns: [{ ip: '203.0.113.10' }, { ip: '198.51.100.7', country: 'NG', singleFactor: 1 }],
      rules: [{ name: '.', moveTo: 'RSS Feeds', marksRead: true, isEnd: false }],
      consents: [{ app: 'Mail Helper', scopes: ['Mail.Read', 'offline_access'], isForAll: false }],
      accesses: [{ app: 'our-app', mails: 300 }],
      deletions: [{ subject: 'Your verification code' }],
      bursts: [{ recipients: 30 }],
    });
    expect(bob).toMatchObject({
      rules: [{ name: 'x', sendsTo: ['mallory@fabrikam.example'], words: ['invoice'] }],
      forwardings: [{ to: 'mallory@fabrikam.example', keepsCopy: false }],
    });
    expect(answered).toEqual([{ person: question.people[1]?.id, is: 'reply' }]);
    expect(past).toMatchObject({ ownDomains: ['contoso.com'], domain: { received: 0, sent: 0 } });
  });

  it('know a click by the name that somebody signs in by, also where that is no mail address of theirs', async () => {
    const users = [{ userPrincipalName: 'a.miller@contoso.com', mail: 'ann@contoso.com' }];
    const { sandbox, options } = await opened({ users });
    await using _ = sandbox;
    const { tenant } = sandbox;
    tenant.userSignsIn('a.miller', { ip: '203.0.113.10' });
    tenant.userClicks('a.miller', { networkMessageId: PHISH.networkMessageId, url: 'https://x.example' });
    sandbox.pass(20 * MINUTE);
    const question = questionOf(sandbox);
    const { rows } = await huntingLogs(options).ask(question);
    expect(rows.get(question.people[0]?.id ?? '')?.clicks).toHaveLength(1);
  });

  it('ask each table once, and then two questions, for a thousand people too', async () => {
    const users = Array.from({ length: 1_000 }, (_none, n) => `person${n}`);
    const { sandbox, options } = await opened({ users });
    await using _ = sandbox;
    const hunts = () => sandbox.graph.log.entries().filter(({ operation }) => operation === 'hunt').length;
    const logs = huntingLogs(options);
    await logs.ask(questionOf(sandbox));
    expect(hunts()).toBe(7);
    await logs.ask(questionOf(sandbox));
    expect(hunts()).toBe(9);
  });

  it('are asked by the older name of the sign-ins where there is no other', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    sandbox.graph.setSignInTables(['AADSignInEventsBeta']);
    sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(20 * MINUTE);
    const { answers } = await huntingLogs(options).ask(questionOf(sandbox));
    expect(answers[0]).toMatchObject({ source: 'sign-ins', is: 'answered', rows: 1 });
  });

  test.each([
    ['no accounts', ['not licensed', 'not licensed', 'answered', 'answered', 'answered']],
    ['no clicks', ['answered', 'answered', 'not licensed', 'answered', 'answered']],
    ['no mail', ['answered', 'answered', 'not licensed', 'not licensed', 'not licensed']],
    [false, ['not licensed', 'not licensed', 'not licensed', 'not licensed', 'not licensed']],
  ] as const)('of a tenant with hunting %j say which of them there is no licence for', async (hunting, expected) => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    sandbox.graph.setHunting(hunting);
    const { answers } = await huntingLogs(options).ask(questionOf(sandbox));
    expect(answers.map(({ is }) => is)).toEqual(expected);
  });

  test.each([
    ['an old mail', 15, [PHISH.networkMessageId], [true, true, false, false, true]],
    ['a very old mail', 31, [PHISH.networkMessageId], [true, true, true, true, true]],
    ['a mail that nobody knows by its deliveries', 0, [], [false, false, true, true, false]],
    ['a mail of today', 0, [PHISH.networkMessageId], [false, false, false, false, false]],
  ])('of %s say what they do not tell everything of', async (_mail, days, networkMessageIds, expected) => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const mailAt = new Date(sandbox.clock() - days * 1_440 * MINUTE).toISOString();
    const question = questionOf(sandbox, { mailAt, networkMessageIds });
    const { answers } = await huntingLogs(options).ask(question);
    expect(answers.map(({ cut }) => cut)).toEqual(expected);
  });

  it('that may not be read are not taken for empty ones', async () => {
    const { sandbox, options } = await opened({ roles: ['Mail.ReadWrite'] });
    await using _ = sandbox;
    const { answers } = await huntingLogs(options).ask(questionOf(sandbox));
    expect(new Set(answers.map(({ is }) => is))).toEqual(new Set(['not permitted']));
  });
});

describe('what a mailbox and an account say', () => {
  it('is asked of each, in one batch, and a denied one is told', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const { people } = questionOf(sandbox);
    sandbox.tenant.addRule('ann', { displayName: '.', isEnabled: true, conditions: {}, actions: {} });
    const { answer, of } = await createOwnSettings(options).rules(people);
    expect(answer).toMatchObject({ source: 'mailbox rules', is: 'answered', rows: 1, asked: 2 });
    expect(of.get(people[0]?.id ?? '')).toMatchObject([{ name: '.', isEnabled: true }]);
    expect(sandbox.graph.log.entries().map(({ inBatch }) => inBatch)).toEqual([true, true]);
  });

  it('is read to its last page', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const [ann] = questionOf(sandbox).people;
    for (let n = 0; n < 150; n += 1)
      sandbox.tenant.addGrant({
        ...{ clientId: randomUUID(), resourceId: randomUUID(), consentType: 'Principal', scope: `Mail.Read app${n}` },
        principalId: ann?.id ?? '',
      });
    sandbox.pass(MINUTE);
    const { answer, of } = await createOwnSettings(options).grants(ann ? [ann] : []);
    expect(of.get(ann?.id ?? '')).toHaveLength(150);
    expect(answer).toMatchObject({ is: 'answered', cut: false });
  });

  it('is nothing to go by where a later page does not come', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const [ann] = questionOf(sandbox).people;
    for (let n = 0; n < 150; n += 1)
      sandbox.tenant.addGrant({
        ...{ clientId: randomUUID(), resourceId: randomUUID(), consentType: 'Principal', scope: 'Mail.Read' },
        principalId: ann?.id ?? '',
      });
    sandbox.pass(MINUTE);
    const stop = sandbox.graph.onRequest(() => {
      stop();
      sandbox.graph.faults.once({ operation: 'listGrants', answer: { status: 500, code: 'generalException' } });
    });
    const { answer, of } = await createOwnSettings(options).grants(ann ? [ann] : []);
    expect([of.size, answer.cut]).toEqual([0, true]);
  });

  it('is not permitted without the permission', async () => {
    const { sandbox, options } = await opened({ roles: ['Mail.Read'] });
    await using _ = sandbox;
    const { answer } = await createOwnSettings(options).rules(questionOf(sandbox).people);
    expect(answer).toMatchObject({ is: 'not permitted', asked: 0, cut: true });
  });
});

describe('risk detections', () => {
  it('are asked about some people, and say that it was not all', async () => {
    const users = Array.from({ length: 60 }, (_none, n) => `person${n}`);
    const { sandbox, options } = await opened({ users, graph: { limits: { riskPerSecond: 100 } } });
    await using _ = sandbox;
    sandbox.tenant.riskTold('person1', { type: 'anomalousToken', level: 'medium', state: 'atRisk' });
    const { answers, rows } = await riskLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ source: 'risk detections', is: 'answered', rows: 1, asked: 45, cut: true }]);
    expect([...rows.values()]).toEqual([
      { risks: [expect.objectContaining({ level: 'medium', type: 'anomalousToken' })] },
    ]);
  });
});

describe('a conversation', () => {
  it('tells who was in it before the mail came', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const { tenant } = sandbox;
    tenant.deliver({
      ...PHISH,
      sender: 'carl@partner.example',
      internetMessageId: '<1@partner.example>',
      to: ['ann'],
      conversation: 'deal',
    });
    sandbox.pass(MINUTE);
    const { copies } = tenant.deliver({
      ...PHISH,
      internetMessageId: '<2@fabrikam.example>',
      to: ['ann'],
      conversation: 'deal',
    });
    const [copy] = copies;
    const seen = await createThreads(options).of({ mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' });
    const own = expect.stringMatching(/^A[\w+/]{29}=*$/);
    expect(seen?.earlier).toEqual([{ addresses: ['carl@partner.example', 'ann@contoso.com'], index: own }]);
    expect(seen?.mail.from?.value.address).toBe(PHISH.sender);
    expect([seen?.networkMessageId, seen?.clientIp, seen?.mail.authentication]).toEqual([
      ...[PHISH.networkMessageId, null, null],
    ]);
  });

  it('tells how the mail came in by the stamp of Exchange, whatever its sender wrote below', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const forged = [
      {
        name: 'Authentication-Results',
        value: 'spf=pass (sender IP is 198.51.100.1); dmarc=pass action=none;compauth=pass',
      },
      { name: 'X-Long', value: '\u{1F4E7}'.repeat(5_000) },
    ];
    const arrival = { clientIp: '203.0.113.9', dmarc: 'fail', compauth: 'fail', action: 'oreject' };
    const [copy] = sandbox.tenant.deliver({ ...PHISH, to: ['ann'], headers: forged, arrival }).copies;
    const seen = await createThreads(options).of({ mailbox: copy?.userId ?? '', message: copy?.messageId ?? '' });
    expect(seen?.mail.authentication).toMatchObject({
      value: { dmarc: 'fail', compauth: 'fail', action: 'oreject' },
      source: 'exchange',
    });
    expect(seen?.clientIp).toBe('203.0.113.9');
    sandbox.pass(30 * MINUTE);
    const { past } = await huntingLogs(options).ask(questionOf(sandbox));
    expect(past?.arrivals).toEqual([
      {
        networkMessageId: PHISH.networkMessageId,
        authentication: { dmarc: 'fail', compauth: 'fail' },
        clientIp: '203.0.113.9',
        connectors: '',
      },
    ]);
  });
});
