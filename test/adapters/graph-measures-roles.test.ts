import { describe, expect, test } from 'vitest';
import { MEASURE_ROLES } from '../support/measures-on-graph.ts';
import { imageOf, open, opened } from './measures-opened.ts';

/** Roles that somebody may switch on for themselves, or has for a part of the directory: who may is an administrator. */

const READ = 'RoleManagement.Read.Directory';
const EXCHANGE_ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const UNIT = '/administrativeUnits/5a1b6c1e-0b1f-4c55-9a10-0000000000aa';
const withRoles = () => opened({ roles: [...MEASURE_ROLES, READ] });

describe('an account', () => {
  test('that may switch a role on is privileged, and the role is named', async () => {
    const world = await withRoles();
    const { tenant } = world.sandbox;
    tenant.holdRole({ is: 'eligible', principalId: world.ana, templateId: EXCHANGE_ADMINISTRATOR });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({
      privileged: true,
      roles: ['Exchange Administrator (may be switched on)'],
    });
  });

  test('that may so through a group is privileged as well', async () => {
    const world = await withRoles();
    const { tenant } = world.sandbox;
    const inner = tenant.setGroup({ displayName: 'Inner', members: [world.ana] });
    const group = tenant.setGroup({ displayName: 'Admins', members: [inner.id] });
    tenant.holdRole({ is: 'eligible', principalId: group.id, templateId: EXCHANGE_ADMINISTRATOR });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({ privileged: true });
  });

  test('with a role for a part of the directory is privileged', async () => {
    const world = await withRoles();
    const { tenant } = world.sandbox;
    tenant.holdRole({ is: 'assigned', principalId: world.ana, templateId: EXCHANGE_ADMINISTRATOR, scope: UNIT });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({
      privileged: true,
      roles: ['Exchange Administrator (for a part of the directory)'],
    });
  });

  test('with a role in force has it once, and is none for the roles of others', async () => {
    const world = await withRoles();
    const { tenant } = world.sandbox;
    const bob = tenant.userByKey('bob@contoso.com')?.id ?? '';
    tenant.holdRole({ is: 'eligible', principalId: bob, templateId: EXCHANGE_ADMINISTRATOR });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({ privileged: false, roles: [] });
    tenant.setRole('Exchange Administrator', [world.ana], EXCHANGE_ADMINISTRATOR);
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({ roles: ['Exchange Administrator'] });
  });

  test('is looked for on every page of a long list', async () => {
    const world = await withRoles();
    const { tenant } = world.sandbox;
    const bob = tenant.userByKey('bob@contoso.com')?.id ?? '';
    for (let n = 0; n < 250; n += 1)
      tenant.holdRole({ is: 'eligible', principalId: bob, templateId: EXCHANGE_ADMINISTRATOR });
    tenant.holdRole({ is: 'eligible', principalId: world.ana, templateId: EXCHANGE_ADMINISTRATOR });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({ privileged: true });
  });
});

describe('where not all roles can be looked at', () => {
  test('the missing permission is told, and those in force count', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    tenant.holdRole({ is: 'eligible', principalId: world.ana, templateId: EXCHANGE_ADMINISTRATOR });
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({
      ...{ privileged: false, rolesUnseen: READ },
    });
    expect(world.sandbox.graph.log.entries().filter(({ path }) => path.includes('roleManagement'))).toEqual([]);
  });

  test('nothing is missing in a tenant without the licence, in which nobody can switch one on', async () => {
    const world = await opened({
      roles: [...MEASURE_ROLES, READ],
      sandbox: { graph: { identityProtection: false } },
    });
    const image = await imageOf(world, world.of['disable-account']);
    expect([image['privileged'], image['rolesUnseen']]).toEqual([false, undefined]);
  });

  test.each(['listRoleEligibilities', 'listRoleAssignments'])(
    'nobody is taken for somebody without rights when %s fails',
    async (operation) => {
      const world = await withRoles();
      world.sandbox.graph.faults.once({ operation, answer: { status: 500, code: 'generalException' } });
      expect(await world.measures.look(world.of['disable-account'], open())).toMatchObject({ is: 'unknown' });
    },
  );

  test('only the list of roles to switch on may be missing for want of a licence', async () => {
    const world = await withRoles();
    const answer = { status: 403, code: 'AadPremiumLicenseRequired' };
    world.sandbox.graph.faults.once({ operation: 'listRoleAssignments', answer });
    expect(await world.measures.look(world.of['disable-account'], open())).toMatchObject({ is: 'unknown' });
  });

  test('a service that asks to wait is waited for', async () => {
    const world = await withRoles();
    const answer = { status: 429, code: 'TooManyRequests', retryAfter: '4' };
    world.sandbox.graph.faults.once({ operation: 'listRoleEligibilities', answer });
    expect(await world.measures.look(world.of['disable-account'], open())).toMatchObject({
      ...{ is: 'unknown', retryAfterMs: 4_000 },
    });
  });
});
