import { randomUUID } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { auditSearch } from '../../src/adapters/graph/audit-search.ts';
import { consentLogs } from '../../src/adapters/graph/consents-told.ts';
import { signInLogs } from '../../src/adapters/graph/sign-ins.ts';
import type { SandboxOrder } from '../sandbox/graph-stand-in.ts';
import { MINUTE, opened, questionOf } from './people-opened.ts';

/** What is known of people in a tenant without Defender: logs of Entra, and searches of the audit log. */

const LOGS = ['AuditLog.Read.All', 'User.Read.All', 'AuditLogsQuery-Exchange.Read.All'];
const DAY = 1_440 * MINUTE;

const without = (order: SandboxOrder = {}) => opened({ roles: LOGS, ...order });

describe('sign-ins as Entra logs them', () => {
  it('are told by address and country, of before the mail and after it', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const { tenant } = sandbox;
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(DAY);
    const question = questionOf(sandbox);
    sandbox.pass(MINUTE);
    tenant.userSignsIn('ann', { ip: '198.51.100.7', country: 'NG', managed: false, risk: 50, riskState: 4 });
    tenant.userSignsIn('ann', { ip: '192.0.2.1', failed: true });
    sandbox.pass(20 * MINUTE);
    const { answers, rows } = await signInLogs(options).ask(question);
    expect(answers).toEqual([
      {
        ...{ source: 'sign-ins', is: 'answered', rows: 3, cut: false, asked: 2, detail: '' },
        only: 'interactive sign-ins',
      },
    ]);
    expect(rows.get(question.people[0]?.id ?? '')).toMatchObject({
      signIns: [
        { ip: '198.51.100.7', country: 'NG', times: 1, unmanaged: 1, singleFactor: 0 },
        { ip: '203.0.113.10', country: 'DE', times: 2, unmanaged: 0 },
      ],
      risks: [{ level: 'medium', state: 'at risk', source: 'sign-ins' }],
    });
  });

  test.each([
    ['no licence', { graph: { premium: false } }, 'not licensed'],
    ['no permission', { roles: ['User.Read.All'] }, 'not permitted'],
  ] as const)('with %s are not taken for none', async (_name, order, is) => {
    const { sandbox, options } = await without(order);
    await using _ = sandbox;
    const { answers } = await signInLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ source: 'sign-ins', is, rows: 0 }]);
  });

  it('of risk that the tenant may not see say nothing of it', async () => {
    const { sandbox, options } = await without({ graph: { identityProtection: false } });
    await using _ = sandbox;
    const question = questionOf(sandbox);
    sandbox.tenant.userSignsIn('ann', { ip: '198.51.100.7', risk: 100, riskState: 4 });
    sandbox.pass(20 * MINUTE);
    const { rows } = await signInLogs(options).ask(question);
    expect(rows.get(question.people[0]?.id ?? '')).toMatchObject({ signIns: [{}], risks: [] });
  });

  it('are asked for by fifteen people at once and no faster than the tenant may, until that is enough', async () => {
    const users = Array.from({ length: 200 }, (_none, n) => `person${n}`);
    const { sandbox, options } = await without({ users });
    await using _ = sandbox;
    const startedAt = sandbox.clock();
    const { answers } = await signInLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ is: 'answered', asked: 180, cut: true }]);
    expect(sandbox.graph.log.entries().map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(sandbox.clock() - startedAt).toBeLessThan(30_000);
  });

  it('of who has more of them than pages can be read are left out: a part of them would make the rest look new', async () => {
    const { sandbox, options } = await without({ users: ['ann'] });
    await using _ = sandbox;
    for (let n = 0; n < 12_100; n += 1) sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(20 * MINUTE);
    const { answers, rows } = await signInLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ is: 'answered', asked: 0, rows: 0, cut: true }]);
    expect(rows.size).toBe(0);
  });

  it('wait for as long as they are asked to, once', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const busy = { status: 429, code: 'TooManyRequests', retryAfter: '7' };
    sandbox.graph.faults.once({ operation: 'listSignIns', answer: busy });
    const startedAt = sandbox.clock();
    const { answers } = await signInLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ is: 'answered' }]);
    expect(sandbox.clock() - startedAt).toBeGreaterThanOrEqual(7_000);
  });

  test.each([
    ['keep asking to wait', { status: 429, code: 'TooManyRequests', retryAfter: '7' }],
    ['ask to wait for long', { status: 429, code: 'TooManyRequests', retryAfter: '315' }],
    ['fail', { status: 500, code: 'generalException' }],
  ])('that %s give no answer, which is not that there are none', async (_how, answer) => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    sandbox.graph.faults.once({ operation: 'listSignIns', answer, times: 9 });
    const { answers } = await signInLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ is: 'no answer', rows: 0 }]);
  });

  it('are asked about a mail whose time is ahead of the clock', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const mailAt = new Date(sandbox.clock() + 3 * 60 * MINUTE).toISOString();
    sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(20 * MINUTE);
    const { answers } = await signInLogs(options).ask(questionOf(sandbox, { mailAt }));
    expect(answers).toMatchObject([{ is: 'answered', rows: 1, cut: false }]);
  });

  it('of a mail that is older than the log say that not everything was told', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const mailAt = new Date(sandbox.clock() - 31 * DAY).toISOString();
    const { answers } = await signInLogs(options).ask(questionOf(sandbox, { mailAt }));
    expect(answers).toMatchObject([{ is: 'answered', cut: true }]);
  });
});

describe('consents as the directory logs them', () => {
  it('are told of these people alone, with their scopes', async () => {
    const { sandbox, options } = await without({ users: ['ann', 'bob', 'carl'] });
    await using _ = sandbox;
    const app = randomUUID();
    const all = questionOf(sandbox);
    const question = { ...all, people: all.people.slice(0, 2) };
    sandbox.tenant.consentTold('ann', { name: 'Mail Helper', id: app, scopes: ['Mail.Read', 'offline_access'] });
    sandbox.tenant.consentTold('carl', { name: 'Other', id: randomUUID(), scopes: ['Mail.Read'] });
    sandbox.pass(20 * MINUTE);
    const { answers, rows } = await consentLogs(options).ask(question);
    expect(answers).toMatchObject([{ source: 'directory events', is: 'answered', rows: 1, cut: false, asked: 2 }]);
    expect([...rows.values()]).toMatchObject([
      {
        consents: [
          {
            ...{ app: 'Mail Helper', appId: app, scopes: ['Mail.Read', 'offline_access'], isForAll: false },
            source: 'directory events',
          },
        ],
      },
    ]);
  });

  it('are read page by page, and said to be cut where there are too many', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const question = questionOf(sandbox);
    for (let n = 0; n < 320; n += 1)
      sandbox.tenant.consentTold('ann', { name: 'App', id: randomUUID(), scopes: ['Mail.Read'] });
    sandbox.pass(20 * MINUTE);
    const { answers } = await consentLogs(options).ask(question);
    expect(answers).toMatchObject([{ is: 'answered', rows: 300, cut: true }]);
  });

  it('take the permission, and no licence', async () => {
    const { sandbox, options } = await without({ roles: ['User.Read.All'], graph: { premium: false } });
    await using _ = sandbox;
    const { answers } = await consentLogs(options).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ is: 'not permitted' }]);
  });
});

describe('a search of the audit log', () => {
  it('runs for minutes, is taken up again by the next look, and then tells everything at once', async () => {
    const { sandbox, options } = await without();
    await using _ = sandbox;
    const { tenant } = sandbox;
    const question = questionOf(sandbox);
    const [ann, bob] = question.people.map(({ id }) => id);
    tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' }, { desktop: true });
    tenant.forwardingTold('bob', 'mallory@fabrikam.example', { by: 'ann', named: 'bob' });
    sandbox.pass(100 * MINUTE);
    const logs = auditSearch(options);
    expect((await logs.ask(question)).answers).toMatchObject([
      { is: 'no answer', detail: expect.stringContaining('still running') },
    ]);
    sandbox.pass(10 * MINUTE);
    const { answers, rows } = await logs.ask(question);
    expect(answers).toMatchObject([
      { source: 'mailbox events', is: 'answered', rows: 2, cut: false, asked: 2, only: 'changes' },
    ]);
    expect(rows.get(ann ?? '')).toMatchObject({ rules: [{ name: '.', moveTo: 'RSS Feeds' }] });
    expect(rows.get(ann ?? '')?.forwardings).toBeUndefined();
    expect(rows.get(bob ?? '')).toMatchObject({ forwardings: [{ to: 'mallory@fabrikam.example' }] });
    const orders = sandbox.graph.log.entries().filter(({ operation }) => operation === 'orderAuditSearch');
    expect(orders).toHaveLength(1);
  });

  const QUICK = { auditSearchMs: [0, 0] } as const;

  it('knows somebody by the name that they sign in by, also where that is no mail address of theirs', async () => {
    const users = [{ userPrincipalName: 'a.miller@contoso.com', mail: 'ann@contoso.com' }];
    const { sandbox, options } = await without({ users, graph: { limits: QUICK } });
    await using _ = sandbox;
    const question = questionOf(sandbox);
    sandbox.tenant.ruleTold('a.miller', { name: 'x', deletes: true });
    sandbox.pass(100 * MINUTE);
    const { rows } = await auditSearch(options).ask(question);
    expect(rows.get(question.people[0]?.id ?? '')?.rules).toHaveLength(1);
  });

  it('is read page by page', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK } });
    await using _ = sandbox;
    const question = questionOf(sandbox);
    for (let n = 0; n < 400; n += 1) sandbox.tenant.ruleTold('ann', { name: `rule ${n}`, deletes: true });
    sandbox.pass(100 * MINUTE);
    expect((await auditSearch(options).ask(question)).answers).toMatchObject([{ rows: 400, cut: false }]);
  });

  it('that tells nothing was asked all the same', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK } });
    await using _ = sandbox;
    expect((await auditSearch(options).ask(questionOf(sandbox))).answers).toMatchObject([
      { is: 'answered', rows: 0, cut: false },
    ]);
  });

  it('says of a mailbox that nobody can name that nobody could', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK } });
    await using _ = sandbox;
    const question = questionOf(sandbox);
    sandbox.tenant.forwardingTold('bob', 'mallory@fabrikam.example', { by: 'ann', named: 'nobody-knows' });
    sandbox.pass(100 * MINUTE);
    const { answers, rows } = await auditSearch(options).ask(question);
    expect([answers[0]?.unresolved, rows.size]).toEqual([1, 0]);
  });

  test.each([
    ['no permission', { roles: ['User.Read.All'] }, 'not permitted'],
    ['a cloud that has none', {}, 'not licensed'],
  ] as const)('with %s is not taken for an empty one', async (name, order, is) => {
    const { sandbox, options } = await without(order);
    await using _ = sandbox;
    const elsewhere = name.startsWith('a cloud') ? { baseUrl: 'https://graph.microsoft.us' } : {};
    const { answers } = await auditSearch({ ...options, ...elsewhere }).ask(questionOf(sandbox));
    expect(answers).toMatchObject([{ source: 'mailbox events', is }]);
  });

  it('that failed is ordered anew by the next look', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK, beliefs: { auditSearchFails: true } } });
    await using _ = sandbox;
    const logs = auditSearch(options);
    const question = questionOf(sandbox);
    expect((await logs.ask(question)).answers).toMatchObject([{ is: 'no answer', detail: 'the search failed' }]);
    sandbox.graph.setBeliefs({ auditSearchFails: false });
    expect((await logs.ask(question)).answers).toMatchObject([{ is: 'answered' }]);
  });

  it('of which a page does not come is read again, and not ordered again', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK } });
    await using _ = sandbox;
    const logs = auditSearch(options);
    const question = questionOf(sandbox);
    sandbox.graph.faults.once({ operation: 'listAuditRecords', answer: { status: 503, code: 'serviceNotAvailable' } });
    expect((await logs.ask(question)).answers).toMatchObject([{ is: 'no answer' }]);
    expect((await logs.ask(question)).answers).toMatchObject([{ is: 'answered' }]);
    const orders = sandbox.graph.log.entries().filter(({ operation }) => operation === 'orderAuditSearch');
    expect(orders).toHaveLength(1);
  });

  it('is ordered no more than a hundred times a day, whatever happens', async () => {
    const { sandbox, options } = await without({ graph: { limits: QUICK } });
    await using _ = sandbox;
    const logs = auditSearch(options);
    for (let n = 0; n < 100; n += 1) await logs.ask(questionOf(sandbox));
    expect((await logs.ask(questionOf(sandbox))).answers).toMatchObject([{ is: 'no answer' }]);
    sandbox.pass(DAY);
    expect((await logs.ask(questionOf(sandbox))).answers).toMatchObject([{ is: 'answered' }]);
  });
});
