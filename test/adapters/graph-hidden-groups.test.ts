import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { APP, openSandbox } from '../sandbox/graph-stand-in.ts';

/** Graph leaves hidden members out without an error: a set that protects mailboxes must not be taken for read then. */

type Sandbox = Awaited<ReturnType<typeof openSandbox>>;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({
    users: ['ana@contoso.com', 'ben@contoso.com'].map((userPrincipalName) => ({ userPrincipalName })),
  });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const idOf = (name: string) => sandbox.tenant.userByKey(`${name}@contoso.com`)?.id ?? '';
const group = (members: readonly string[], hidden = false) =>
  sandbox.tenant.setGroup({ displayName: 'Board', members, hidden }).id;

/** By an application with these roles beside those for people and groups. */
async function membersOf(id: string, roles: readonly string[] = []) {
  const token = await sandbox.entra.issue({
    clientId: APP,
    roles: ['User.Read.All', 'GroupMember.Read.All', ...roles],
  });
  const directory = createDirectory({
    baseUrl: sandbox.graph.url,
    token: async () => token,
    clock: Date.now,
    ids: randomUUID,
    sleep: async () => undefined,
    identityProtection: false,
  });
  return [...(await directory.members(id))].sort();
}

const HIDDEN = { code: 'unavailable', message: expect.stringContaining('grant Member.Read.Hidden') };

describe('a group of the policy', () => {
  test('that hides its members is not read as one without members', async () => {
    await expect(membersOf(group([idOf('ana')], true))).rejects.toMatchObject(HIDDEN);
  });

  test('that holds one which hides its members is not read without these', async () => {
    const outer = group([idOf('ben'), group([idOf('ana')], true)]);
    await expect(membersOf(outer)).rejects.toMatchObject(HIDDEN);
  });

  test('is read in full by who may see hidden members', async () => {
    const hidden = group([idOf('ana')], true);
    expect(await membersOf(hidden, ['Member.Read.Hidden'])).toEqual([idOf('ana')]);
    expect(await membersOf(group([idOf('ben'), hidden]), ['Member.Read.Hidden'])).toEqual(
      [idOf('ana'), idOf('ben')].sort(),
    );
  });

  test('that holds others which hide nothing is read in full', async () => {
    expect(await membersOf(group([idOf('ben'), group([idOf('ana')])]))).toEqual([idOf('ana'), idOf('ben')].sort());
  });

  test('without members is empty', async () => {
    expect(await membersOf(group([]))).toEqual([]);
    expect(await membersOf(group([group([])]))).toEqual([]);
  });

  test('of which nobody can say whether it hides members is not read', async () => {
    const id = group([]);
    sandbox.graph.faults.once({ operation: 'getGroup', answer: { status: 403, code: 'Authorization_RequestDenied' } });
    await expect(membersOf(id)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
