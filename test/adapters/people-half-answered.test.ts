import { randomUUID } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { huntingLogs } from '../../src/adapters/defender/logs.ts';
import { auditSearch } from '../../src/adapters/graph/audit-search.ts';
import { consentLogs } from '../../src/adapters/graph/consents-told.ts';
import { signInLogs } from '../../src/adapters/graph/sign-ins.ts';
import { MINUTE, opened, questionOf } from './people-opened.ts';

/** What half an answer must not be taken for: that nothing was changed, that somebody else did it, or that it worked. */

const LOGS = ['AuditLog.Read.All', 'User.Read.All', 'AuditLogsQuery-Exchange.Read.All'];
const DAY = 1_440 * MINUTE;
const TO = 'mallory@fabrikam.example';
const BROKEN = { status: 500, code: 'generalException' };
const ANN = { userPrincipalName: 'a.miller@contoso.com', mail: 'ann@contoso.com', aliases: ['miller@contoso.com'] };
const USERS = [ANN, { userPrincipalName: 'admin@contoso.com' }];

/** The logs of Entra and the audit log, whose searches are done at once. */
const byAudit = (users: readonly (string | (typeof USERS)[number])[] = USERS) =>
  opened({ roles: LOGS, users: [...users], graph: { limits: { auditSearchMs: [0, 0] } } });
const byHunting = () => opened({ users: USERS });

const WAYS = [
  ['a search of the audit log', byAudit, auditSearch],
  ['hunting', byHunting, huntingLogs],
] as const;

describe.each(WAYS)('a change told by %s', (_way, open, logsOf) => {
  async function told(change: (sandbox: Awaited<ReturnType<typeof opened>>['sandbox']) => void, breaks = false) {
    const { sandbox, options } = await open();
    await using _ = sandbox;
    const question = questionOf(sandbox);
    const [ann = '', admin = ''] = question.people.map(({ id }) => id);
    sandbox.pass(MINUTE);
    change(sandbox);
    sandbox.pass(100 * MINUTE);
    if (breaks) sandbox.graph.faults.once({ operation: 'listUsers', answer: BROKEN, times: 99 });
    const { answers, rows } = await logsOf(options).ask(question);
    const answer = answers.find(({ source }) => source === 'mailbox events');
    return { answer, ann: rows.get(ann), admin: rows.get(admin) };
  }

  it('in a mailbox that is named by another address of its owner is theirs', async () => {
    const { ann } = await told(({ tenant }) =>
      tenant.forwardingTold('a.miller', TO, { by: 'admin', named: 'miller@contoso.com' }),
    );
    expect(ann?.forwardings).toMatchObject([{ to: TO }]);
  });

  it('that the directory cannot say whose it is leaves the answer open', async () => {
    const { answer, ann } = await told(({ tenant }) => tenant.ruleTold('a.miller', { name: 'x', deletes: true }), true);
    expect(ann).toBeUndefined();
    expect(answer?.cut || (answer?.unresolved ?? 0) > 0).toBe(true);
  });

  it('in a rule that an administrator names by its mailbox is not the administrator’s', async () => {
    const rule = { name: 'x', deletes: true, operation: 'Set-InboxRule' } as const;
    const { admin, answer } = await told(({ tenant }) =>
      tenant.ruleTold('a.miller', rule, { by: 'admin', named: 'nobody-knows' }),
    );
    expect(admin).toBeUndefined();
    expect(answer?.unresolved).toBe(1);
  });

  it('that was refused changed nothing', async () => {
    const { ann, answer } = await told(({ tenant }) => tenant.forwardingTold('a.miller', TO, { failed: true }));
    expect(ann).toBeUndefined();
    expect(answer?.unresolved).toBeUndefined();
  });
});

describe('sign-ins', () => {
  it('of one account, however many, leave it to the logs to tell of everybody else', async () => {
    const users = Array.from({ length: 16 }, (_none, n) => `person${n}`);
    const { sandbox, options } = await byAudit(users);
    await using _ = sandbox;
    const question = questionOf(sandbox);
    for (let n = 0; n < 12_100; n += 1) sandbox.tenant.userSignsIn('person0', { ip: '203.0.113.10' });
    sandbox.tenant.userSignsIn('person15', { ip: '203.0.113.10' });
    sandbox.pass(20 * MINUTE);
    const { answers, rows } = await signInLogs(options).ask(question);
    expect(answers).toMatchObject([{ is: 'answered', asked: 1, rows: 1, cut: true }]);
    expect([...rows.keys()]).toEqual([question.people[15]?.id]);
  });
});

describe('of a mail that is older than a log', () => {
  test.each([
    ['consents, of which a tenant without a licence keeps a week', consentLogs, 8],
    ['changes, which are kept for half a year', auditSearch, 181],
  ])('%s are not said to be all', async (_what, logsOf, days) => {
    const { sandbox, options } = await byAudit();
    await using _ = sandbox;
    sandbox.tenant.consentTold('a.miller', { name: 'App', id: randomUUID(), scopes: ['Mail.Read'] });
    const mailAt = new Date(sandbox.clock() - days * DAY).toISOString();
    const { answers } = await logsOf(options).ask(questionOf(sandbox, { mailAt }));
    expect(answers).toMatchObject([{ is: 'answered', cut: true }]);
  });
});
