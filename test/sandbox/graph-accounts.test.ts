import { describe, expect, test } from 'vitest';
import { openSandbox, type Sandbox } from './graph-stand-in.ts';

/** The tables about accounts as they are: late, under an old name or a new one, or not there at all. */

const MINUTE = 60_000;
const users = ['ann', 'bob'];

async function hunted(sandbox: Sandbox, Query: string) {
  const { status, body } = await sandbox.call('POST', '/security/runHuntingQuery', { Query });
  return { status, rows: body.results, words: body.error?.message };
}

const CHANGES = `union (CloudAppEvents | where ActionType in ('New-InboxRule', 'UpdateInboxRules') | project Timestamp, ActionType, P = tostring(RawEventData.Parameters), O = tostring(RawEventData.OperationProperties))`;

describe('what is audited', () => {
  test('shows an hour and more after it happened, in the two shapes that Exchange writes', async () => {
    await using sandbox = await openSandbox({ users });
    sandbox.tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    sandbox.tenant.ruleTold('bob', { name: '..', forwardTo: ['mallory@fabrikam.example'] }, { desktop: true });
    expect((await hunted(sandbox, CHANGES)).rows).toEqual([]);
    sandbox.pass(91 * MINUTE);
    const { rows } = await hunted(sandbox, CHANGES);
    expect(rows.map((row: Record<string, string>) => row['ActionType'])).toEqual(['New-InboxRule', 'UpdateInboxRules']);
    expect(rows[0].P).toContain('{"Name":"MoveToFolder","Value":"RSS Feeds"}');
    expect(rows[1].O).toContain('RuleActions');
  });

  test('is dynamic, and compared only as a text', async () => {
    await using sandbox = await openSandbox({ users });
    const { status, words } = await hunted(sandbox, "union (CloudAppEvents | where RawEventData.ClientAppId == 'x')");
    expect([status, words]).toEqual([400, "Cannot compare values of types dynamic by '=='."]);
  });
});

describe('the table of sign-ins', () => {
  const query = (table: string) =>
    `let U = dynamic(["a"]); union (${table} | where Timestamp > ago(14d) | where ErrorCode == 0 | summarize Times = count(), First = min(Timestamp) by AccountUpn, IPAddress)`;

  test.each([
    [['EntraIdSignInEvents'], [200, 400]],
    [['AADSignInEventsBeta'], [400, 200]],
    [
      ['EntraIdSignInEvents', 'AADSignInEventsBeta'],
      [200, 200],
    ],
  ] as const)('named %j answers by its names alone', async (names, expected) => {
    await using sandbox = await openSandbox({ users });
    sandbox.graph.setSignInTables(names);
    const asked = ['EntraIdSignInEvents', 'AADSignInEventsBeta'].map((table) => hunted(sandbox, query(table)));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(expected);
  });

  test('counts what worked, address by address', async () => {
    await using sandbox = await openSandbox({ users });
    for (const ip of ['203.0.113.1', '203.0.113.1', '198.51.100.7']) sandbox.tenant.userSignsIn('ann', { ip });
    sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.1', failed: true });
    sandbox.pass(20 * MINUTE);
    const { rows } = await hunted(sandbox, query('EntraIdSignInEvents'));
    expect(rows.map((row: Record<string, unknown>) => [row['IPAddress'], row['Times']])).toEqual([
      ['203.0.113.1', 2],
      ['198.51.100.7', 1],
    ]);
    expect(rows[0].First).toBe('2026-11-23T09:00:00.000Z');
  });
});

describe('a table that the tenant has not', () => {
  test('makes all of a union fail, and is named', async () => {
    await using sandbox = await openSandbox({ users });
    sandbox.graph.setHunting('no accounts');
    const { status, words } = await hunted(sandbox, 'union (EmailEvents | take 1), (CloudAppEvents | take 1)');
    expect(status).toBe(400);
    expect(words).toContain("named 'CloudAppEvents'");
  });
});

test.each([
  ["let U = dynamic('a'); union (EmailEvents | take 1)"],
  ['union (EmailEvents | where Subject == x)'],
  ['union (EmailEvents | summarize N = avg(Timestamp) by Subject)'],
  ['union EmailEvents'],
  ['let U = dynamic(["a"]); EmailEvents | evaluate U'],
])('%s is refused', async (query) => {
  await using sandbox = await openSandbox({ users });
  expect((await hunted(sandbox, query)).status).toBe(400);
});

describe('risk detections', () => {
  const filter = (ids: readonly string[]) =>
    `?$filter=${encodeURIComponent(`detectedDateTime ge 2026-11-23T08:00:00Z and (${ids.map((id) => `userId eq '${id}'`).join(' or ')})`)}`;

  test('are told of the people who are named, to who may read them', async () => {
    const roles = ['IdentityRiskEvent.Read.All'];
    await using sandbox = await openSandbox({ users, roles });
    sandbox.tenant.riskTold('ann', { type: 'anomalousToken', level: 'high', state: 'atRisk' });
    const [ann, bob] = sandbox.tenant.users().map(({ id }) => id);
    const told = await sandbox.call('GET', `/identityProtection/riskDetections${filter([ann ?? ''])}`);
    expect(told.body.value).toMatchObject([{ userId: ann, riskEventType: 'anomalousToken', riskLevel: 'high' }]);
    expect(
      (await sandbox.call('GET', `/identityProtection/riskDetections${filter([bob ?? ''])}`)).body.value ?? [],
    ).toEqual([]);
  });
});
