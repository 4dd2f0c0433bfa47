import { describe, expect, test } from 'vitest';
import { DEFENDER_ROLES, MEASURE_ROLES } from '../support/measures-on-graph.ts';
import { imageOf, open, opened, step, written } from './measures-opened.ts';

describe('an account that comes from on premises', () => {
  test('says so before it is disabled, and is seen enabled again a while later', async () => {
    const world = await opened({ sandbox: { users: [{ userPrincipalName: 'ana', synced: true }, 'bob'] } });
    const account = world.of['disable-account'];
    const before = await imageOf(world, account);
    expect(before).toMatchObject({ onPremisesSyncEnabled: true });
    await world.measures.apply(account, before, step());
    const seen: unknown[] = [];
    for (let looks = 0; looks < 5; looks += 1) seen.push((await imageOf(world, account))['accountEnabled']);
    expect(seen).toEqual([false, false, false, true, true]);
  });
});

describe('roles of an account', () => {
  const EXCHANGE_ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';

  test('are seen through a group, and named where their names may not be read', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    const group = tenant.setGroup({ displayName: 'Admins', members: [world.ana] });
    tenant.setRole('Exchange-Administrator', [group.id], EXCHANGE_ADMINISTRATOR);
    tenant.setRole('Another', [world.ana]);
    const { privileged, roles } = await imageOf(world, world.of['disable-account']);
    expect([privileged, roles]).toEqual([
      true,
      expect.arrayContaining(['Exchange Administrator', expect.stringMatching(/^[0-9a-f-]{36}$/)]),
    ]);
  });

  test('are found among hundreds of groups, page by page', async () => {
    const world = await opened();
    const { tenant } = world.sandbox;
    for (let n = 0; n < 1_005; n += 1) tenant.setGroup({ displayName: `Group ${n}`, members: [world.ana] });
    tenant.setRole('Last', [world.ana]);
    expect(await imageOf(world, world.of['disable-account'])).toMatchObject({ privileged: true });
  });

  test('that could not be asked for are not taken for none', async () => {
    const world = await opened();
    const answer = { status: 500, code: 'generalException' };
    world.sandbox.graph.faults.once({ operation: 'listMemberships', answer });
    expect(await world.measures.look(world.of['disable-account'], open())).toMatchObject({ is: 'unknown' });
  });
});

describe('Defender for Identity', () => {
  const BOTH = [...MEASURE_ROLES, ...DEFENDER_ROLES];

  test('is asked to do it, where it watches the account and offers it', async () => {
    const world = await opened({ watched: true, roles: BOTH });
    await world.measures.apply(world.of['disable-account'], {}, step());
    expect(written(world)).toEqual(['invokeAction']);
  });

  test('finds an account that comes from on premises by its identifier there', async () => {
    const users = [{ userPrincipalName: 'ana', synced: true }, 'bob'];
    const world = await opened({ watched: true, roles: BOTH, sandbox: { users } });
    await world.measures.apply(world.of['revoke-sessions'], {}, step());
    expect(written(world)).toEqual(['invokeAction']);
  });

  test.each([
    ['does not watch the account', { roles: BOTH }, []],
    ['may not be asked to act', { watched: true, roles: [...MEASURE_ROLES, DEFENDER_ROLES[0] ?? ''] }, []],
  ])('is passed by where it %s', async (_name, order, before) => {
    const world = await opened(order);
    expect(await world.measures.apply(world.of['disable-account'], {}, step())).toEqual({ is: 'taken' });
    expect(written(world)).toEqual([...before, 'patchUser']);
  });

  test('that refuses accounts of Entra leaves it to the account’s own interface, under the same id', async () => {
    const world = await opened({ watched: true, roles: BOTH });
    world.sandbox.graph.setBeliefs({ entraActionsRefused: true });
    expect(await world.measures.apply(world.of['revoke-sessions'], {}, step())).toEqual({ is: 'taken' });
    expect(written(world)).toEqual(['invokeAction', 'revokeSignInSessions']);
    expect(new Set(await world.sent()).size).toBe(1);
  });

  test('whose answer is lost is not asked again in another way', async () => {
    const world = await opened({ watched: true, roles: BOTH });
    await world.lose('disable-account', false);
    expect(await world.measures.apply(world.of['disable-account'], {}, step())).toMatchObject({ is: 'unclear' });
    expect(written(world)).toEqual(['invokeAction']);
  });

  test('is understood as the tables of the documentation write it', async () => {
    const world = await opened({ watched: true, roles: BOTH });
    world.sandbox.graph.setBeliefs({ identityAsInExamples: false });
    await world.measures.apply(world.of['mark-compromised'], {}, step());
    expect(written(world)).toEqual(['invokeAction']);
  });
});

describe('risk', () => {
  test('of somebody nobody ever suspected is none', async () => {
    const world = await opened();
    world.sandbox.tenant.setRisk(world.ana, null);
    expect(await imageOf(world, world.of['mark-compromised'])).toMatchObject({ riskState: 'none' });
  });

  test('shows late, and until then it is as before', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['mark-compromised']);
    await world.measures.apply(world.of['mark-compromised'], before, step());
    expect(await imageOf(world, world.of['mark-compromised'])).toEqual(before);
  });

  test('is asked about no more than once a second, however often somebody asks', async () => {
    const world = await opened();
    const looks: unknown[] = [];
    for (let n = 0; n < 4; n += 1) looks.push(await world.measures.look(world.of['mark-compromised'], open()));
    expect(looks).toMatchObject(Array.from({ length: 4 }, () => ({ is: 'there' })));
    expect(world.sandbox.graph.stats().throttled).toBe(0);
  });

  test('is not known where the tenant has no licence, whatever was granted', async () => {
    const world = await opened();
    world.sandbox.graph.setIdentityProtection(false);
    expect(await world.measures.look(world.of['mark-compromised'], open())).toMatchObject({
      is: 'unknown',
      why: '403 Forbidden, although IdentityRiskyUser.ReadWrite.All is granted',
    });
    expect(await world.measures.apply(world.of['mark-compromised'], {}, step())).toMatchObject({
      is: 'refused',
      missing: null,
    });
  });
});

describe('whatever is asked', () => {
  test('is asked only of kinds that are switched on', async () => {
    const world = await opened({ options: { kinds: ['rule-off'] } });
    const { measures, sandbox } = world;
    expect(await measures.look(world.of['disable-account'], open())).toMatchObject({ is: 'unknown' });
    expect(await measures.apply(world.of['disable-account'], {}, step())).toMatchObject({ is: 'refused' });
    expect(await measures.putBack(world.of['disable-account'], { accountEnabled: true }, step())).toMatchObject({
      is: 'refused',
    });
    expect(sandbox.graph.log.entries()).toEqual([]);
  });

  test.each(['', '..', 'a\nb'])('nothing is sent for the ref %j', async (ref) => {
    const world = await opened();
    for (const kind of ['rule-off', 'remove-event', 'take-sent-copy'] as const)
      expect(await world.measures.look({ ...world.of[kind], ref }, open())).toMatchObject({ is: 'unknown' });
    expect(world.sandbox.graph.log.entries()).toEqual([]);
  });

  test('a Graph that says nothing is not waited for longer than a request may take', async () => {
    const world = await opened({ options: { timeoutMs: 100 } });
    await world.sandbox.graph.faults.setDown('hang');
    expect(await world.measures.apply(world.of['rule-off'], {}, step())).toMatchObject({ is: 'unclear' });
    expect(await world.measures.look(world.of['rule-off'], open())).toMatchObject({ is: 'unknown' });
  });

  test('where nobody listens nothing was done, and it is for later', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['rule-off']);
    await world.sandbox.graph.faults.setDown('refuse');
    expect(await world.measures.apply(world.of['rule-off'], before, step())).toMatchObject({
      is: 'later',
      retryAfterMs: null,
    });
  });

  test('whoever gives up in the middle knows nothing of what was sent', async () => {
    const world = await opened();
    const before = await imageOf(world, world.of['rule-off']);
    await world.sandbox.graph.faults.setDown('hang');
    const controller = new AbortController();
    const effect = world.measures.apply(world.of['rule-off'], before, { ...step(), signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect(await effect).toMatchObject({ is: 'unclear' });
  });

  test.each([
    [500, 'unclear'],
    [504, 'unclear'],
    [400, 'refused'],
    [401, 'later'],
  ])('an effect that is answered with %i is %s', async (status, is) => {
    const world = await opened();
    const before = await imageOf(world, world.of['rule-off']);
    world.sandbox.graph.faults.once({ operation: 'patchRule', answer: { status, code: 'Something' } });
    expect(await world.measures.apply(world.of['rule-off'], before, step())).toMatchObject({ is });
  });
});
