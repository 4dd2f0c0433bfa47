import { describe, expect, it, test } from 'vitest';
import { huntingLogs } from '../../src/adapters/defender/logs.ts';
import { MINUTE, opened, questionOf } from './people-opened.ts';

/** Whose mailbox a record is about, where it is named as the directory calls it; and what of risk counts. */

const USERS = [
  { userPrincipalName: 'ann@contoso.com', alias: 'a.miller' },
  { userPrincipalName: 'admin@contoso.com' },
  { userPrincipalName: 'carl@contoso.com' },
];

async function withAdmin() {
  const { sandbox, options } = await opened({ users: USERS });
  const [ann, admin] = questionOf(sandbox).people;
  const people = [ann, admin].flatMap((one) => one ?? []);
  const question = questionOf(sandbox, { people });
  sandbox.pass(MINUTE);
  return { sandbox, question, logs: huntingLogs(options), ann: ann?.id ?? '', admin: admin?.id ?? '' };
}

const TO = 'mallory@fabrikam.example';

describe('what an administrator did to a mailbox', () => {
  test.each([
    ['an alias', 'a.miller'],
    [
      'the way to it in the directory',
      'EURP190A001.PROD.OUTLOOK.COM/Exchange Hosted Organizations/contoso.com/A.Miller',
    ],
    ['its old name', '/o=ExchangeLabs/ou=Group/cn=Recipients/cn=0123456789abcdef0123456789abcdef-a.miller'],
    ['what its owner signs in by', 'ann@contoso.com'],
  ])('is put down to the mailbox that is named by %s', async (_how, named) => {
    const { sandbox, question, logs, ann, admin } = await withAdmin();
    await using _ = sandbox;
    sandbox.tenant.forwardingTold('ann', TO, { by: 'admin', named });
    sandbox.pass(100 * MINUTE);
    const { rows, answers } = await logs.ask(question);
    expect(rows.get(ann)?.forwardings).toMatchObject([{ to: TO }]);
    expect(rows.get(admin)).toBeUndefined();
    expect(answers[1]?.unresolved).toBeUndefined();
  });

  it('is known by the object id, also where nobody who is asked about did it', async () => {
    const { sandbox, question, logs, ann } = await withAdmin();
    await using _ = sandbox;
    sandbox.tenant.forwardingTold('ann', TO, { by: 'carl', named: ann.toUpperCase() });
    sandbox.pass(100 * MINUTE);
    expect((await logs.ask(question)).rows.get(ann)?.forwardings).toHaveLength(1);
  });

  it('to somebody else, who is known, is nobody’s here', async () => {
    const { sandbox, question, logs } = await withAdmin();
    await using _ = sandbox;
    sandbox.tenant.forwardingTold('carl', TO, { by: 'admin', named: 'carl' });
    sandbox.pass(100 * MINUTE);
    const { rows, answers } = await logs.ask(question);
    expect(rows.size).toBe(0);
    expect(answers[1]).toMatchObject({ source: 'mailbox events', rows: 0 });
    expect(answers[1]?.unresolved).toBeUndefined();
  });

  test.each([
    ['a name that nobody has', 'nobody-knows'],
    ['a GUID of Exchange’s own', '0f0e0d0c-1111-4222-8333-444455556666'],
    ['a name of 3,000 signs', 'x'.repeat(3_000)],
    ['a name with signs of a query in it', "a' or id eq 'b"],
  ])('is said to be nobody’s for sure where it is named by %s', async (_how, named) => {
    const { sandbox, question, logs } = await withAdmin();
    await using _ = sandbox;
    sandbox.tenant.forwardingTold('ann', TO, { by: 'admin', named });
    sandbox.pass(100 * MINUTE);
    const { rows, answers } = await logs.ask(question);
    expect(rows.size).toBe(0);
    expect(answers[1]).toMatchObject({ source: 'mailbox events', unresolved: 1 });
  });

  it('is not resolved by a directory that does not answer, and not put down to whoever did it', async () => {
    const { sandbox, question, logs } = await withAdmin();
    await using _ = sandbox;
    sandbox.tenant.forwardingTold('ann', TO, { by: 'admin', named: 'a.miller' });
    sandbox.pass(100 * MINUTE);
    sandbox.graph.faults.once({ operation: 'listUsers', answer: { status: 500, code: 'generalException' }, times: 9 });
    const { rows, answers } = await logs.ask(question);
    expect([rows.size, answers[1]?.unresolved]).toEqual([0, 1]);
  });

  it('is asked about in one request more', async () => {
    const { sandbox, question, logs } = await withAdmin();
    await using _ = sandbox;
    for (let n = 0; n < 40; n += 1) sandbox.tenant.forwardingTold('ann', TO, { by: 'admin', named: `alias${n}` });
    sandbox.pass(100 * MINUTE);
    let batches = 0;
    sandbox.graph.onBatch(() => {
      batches += 1;
    });
    await logs.ask(question);
    expect(batches).toBe(1);
  });
});

describe('risk of sign-ins', () => {
  const HIGH = { ip: '198.51.100.7', risk: 100, riskState: 4 };

  it('from before the mail is none of it', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    sandbox.tenant.userSignsIn('ann', HIGH);
    sandbox.pass(MINUTE);
    const question = questionOf(sandbox);
    sandbox.tenant.userSignsIn('ann', { ip: HIGH.ip });
    sandbox.pass(20 * MINUTE);
    const { rows } = await huntingLogs(options).ask(question);
    expect(rows.get(question.people[0]?.id ?? '')).toMatchObject({ signIns: [{ times: 2 }] });
    expect(rows.get(question.people[0]?.id ?? '')?.risks).toBeUndefined();
  });

  it('that is over lends its height to no other', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const question = questionOf(sandbox);
    sandbox.tenant.userSignsIn('ann', { ...HIGH, riskState: 3 });
    sandbox.tenant.userSignsIn('ann', { ...HIGH, risk: 10 });
    sandbox.pass(20 * MINUTE);
    const { rows } = await huntingLogs(options).ask(question);
    expect(rows.get(question.people[0]?.id ?? '')?.risks).toMatchObject([{ level: 'low', state: 'at risk' }]);
  });

  it('is of when it was seen, and not of the last sign-in', async () => {
    const { sandbox, options } = await opened();
    await using _ = sandbox;
    const question = questionOf(sandbox);
    sandbox.pass(MINUTE);
    sandbox.tenant.userSignsIn('ann', HIGH);
    sandbox.pass(60 * MINUTE);
    sandbox.tenant.userSignsIn('ann', { ip: HIGH.ip });
    sandbox.pass(20 * MINUTE);
    const { rows } = await huntingLogs(options).ask(question);
    const at = new Date(Date.parse(question.mailAt) + MINUTE).toISOString();
    expect(rows.get(question.people[0]?.id ?? '')?.risks).toMatchObject([{ at, level: 'high' }]);
  });
});
