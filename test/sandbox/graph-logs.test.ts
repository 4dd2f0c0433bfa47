import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { filterOf, openSandbox, type Sandbox } from './graph-stand-in.ts';

/** Logs of Entra, searches of the audit log, and roles as the stand-in tells them: as strict as they are documented. */

const MINUTE = 60_000;
const ROLES = [
  ...['AuditLog.Read.All', 'User.Read.All', 'AuditLogsQuery-Exchange.Read.All', 'RoleManagement.Read.Directory'],
];

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox({ users: ['ann'], roles: ROLES });
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const ann = () => sandbox.tenant.userByKey('ann@contoso.com')?.id ?? '';

describe('sign-ins', () => {
  it('show minutes after they happened, the newest first', async () => {
    sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    expect((await sandbox.call('GET', '/auditLogs/signIns')).body.value).toEqual([]);
    sandbox.pass(MINUTE);
    sandbox.tenant.userSignsIn('ann', { ip: '203.0.113.11' });
    sandbox.pass(20 * MINUTE);
    const { body } = await sandbox.call('GET', '/auditLogs/signIns');
    expect(body.value.map(({ ipAddress }: { ipAddress: string }) => ipAddress)).toEqual([
      '203.0.113.11',
      '203.0.113.10',
    ]);
  });

  test.each([
    ['a list of people', filterOf("userId in ('a','b')")],
    ['another comparison', filterOf('createdDateTime gt 2026-11-01T00:00:00Z')],
    ['a choice of fields', '$select=id'],
    ['an order', '$orderby=createdDateTime'],
    ['a larger page', '$top=1001'],
    ['too many people', filterOf(Array.from({ length: 20 }, (_none, n) => `userId eq '${n}'`).join(' or '))],
  ])('are refused for %s', async (_what, query) => {
    expect((await sandbox.call('GET', `/auditLogs/signIns?${query}`)).status).toBe(400);
  });

  it('are told five times in ten seconds, and then name the wait', async () => {
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await sandbox.call('GET', '/auditLogs/signIns')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const { headers } = await sandbox.call('GET', '/auditLogs/directoryAudits');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a search of the audit log', () => {
  const ORDER = { displayName: 'x', operationFilters: ['New-InboxRule'] };

  it('tells nothing before it is done', async () => {
    sandbox.tenant.ruleTold('ann', { name: 'x' });
    sandbox.pass(100 * MINUTE);
    const { status, body } = await sandbox.call('POST', '/security/auditLog/queries', ORDER);
    expect([status, body.status]).toEqual([201, 'notStarted']);
    const path = `/security/auditLog/queries/${body.id}`;
    sandbox.pass(MINUTE);
    expect((await sandbox.call('GET', path)).body.status).toBe('running');
    expect((await sandbox.call('GET', `${path}/records`)).body.value).toEqual([]);
    sandbox.pass(10 * MINUTE);
    expect((await sandbox.call('GET', path)).body.status).toBe('succeeded');
    expect((await sandbox.call('GET', `${path}/records`)).body.value).toMatchObject([
      { operation: 'New-InboxRule', userPrincipalName: 'ann@contoso.com' },
    ]);
  });

  it('is ordered fifty times at once, and no more', async () => {
    const statuses = new Set();
    for (let n = 0; n < 50; n += 1)
      statuses.add((await sandbox.call('POST', '/security/auditLog/queries', ORDER)).status);
    const { status, headers } = await sandbox.call('POST', '/security/auditLog/queries', ORDER);
    expect([...statuses, status, headers.get('retry-after')]).toEqual([201, 429, '60']);
  });

  it('does not know what it was not asked with', async () => {
    expect((await sandbox.call('POST', '/security/auditLog/queries', { ...ORDER, userId: 'x' })).status).toBe(400);
    expect((await sandbox.call('GET', '/security/auditLog/queries/none')).status).toBe(404);
  });
});

describe('roles that are held in part', () => {
  it('take no size of a page', async () => {
    const path = '/roleManagement/directory/roleEligibilityScheduleInstances';
    sandbox.tenant.holdRole({ is: 'eligible', principalId: ann(), templateId: 'role' });
    expect((await sandbox.call('GET', `${path}?$top=5`)).status).toBe(400);
    expect((await sandbox.call('GET', `${path}?${filterOf(`principalId eq '${ann()}'`)}`)).body.value).toMatchObject([
      { principalId: ann(), roleDefinitionId: 'role', directoryScopeId: '/' },
    ]);
  });
});
