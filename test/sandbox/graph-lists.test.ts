import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { APP, filterOf, IMMUTABLE, openSandbox, PHISH, type Sandbox, send } from './graph-stand-in.ts';

const DIRECTORY_NAME = '/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP (FYDIBOHF23SPDLT)/CN=RECIPIENTS/CN=3F-ALICE';

let sandbox: Sandbox;
beforeEach(async () => {
  const boxless = { userPrincipalName: 'nora', mail: null };
  const shared = { userPrincipalName: 'desk', accountEnabled: false };
  const alice = { userPrincipalName: 'alice', aliases: ['a.lopez@contoso.com'] };
  sandbox = await openSandbox({
    users: [alice, 'bob', 'carol', boxless, shared],
    graph: { limits: { huntingLagMs: [0, 0] } },
  });
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const idOf = (name: string) => sandbox.tenant.userByKey(`${name}@contoso.com`)?.id ?? '';
const deliver = (to: readonly string[], change: object = {}) => sandbox.tenant.deliver({ ...PHISH, to, ...change });
const namesIn = ({ copies }: ReturnType<typeof deliver>) =>
  copies.map(({ address }) => address.split('@')[0]).toSorted();

async function as(roles: readonly string[], path: string) {
  const token = await sandbox.entra.issue({ clientId: APP, roles });
  return send(`${sandbox.graph.url}/v1.0${path}`, 'GET', token, undefined, {});
}

async function hunted(): Promise<readonly Record<string, unknown>[]> {
  const Query = 'EmailEvents | project RecipientEmailAddress, RecipientObjectId, SenderFromAddress, InternetMessageId';
  sandbox.pass(1);
  return (await sandbox.call('POST', '/security/runHuntingQuery', { Query })).body.results;
}

async function inMailbox(name: string) {
  const fields = '$select=from,internetMessageId,internetMessageHeaders,toRecipients';
  return (await sandbox.call('GET', `/users/${idOf(name)}/messages?${fields}`, undefined, IMMUTABLE)).body.value;
}

describe('mail to a list', () => {
  beforeEach(() => {
    const inner = sandbox.tenant.setGroup({ displayName: 'Two', mail: 'two@contoso.com', members: [idOf('carol')] });
    sandbox.tenant.setGroup({
      displayName: 'All',
      mail: 'all@contoso.com',
      aliases: ['everybody@contoso.com'],
      members: [idOf('alice'), idOf('nora'), inner.id],
    });
  });

  test('lands in the mailbox of everybody in it and in the lists inside it, once', () => {
    expect(namesIn(deliver(['All@contoso.com', 'alice@contoso.com', 'two@contoso.com']))).toEqual(['alice', 'carol']);
  });

  test('is known to hunting by its members, not by the list', async () => {
    deliver(['everybody@contoso.com']);
    expect((await hunted()).map((row) => [row['RecipientEmailAddress'], row['RecipientObjectId']])).toEqual([
      ['alice@contoso.com', idOf('alice')],
      ['carol@contoso.com', idOf('carol')],
    ]);
  });

  test('names the list in its header', async () => {
    deliver(['everybody@contoso.com']);
    const [mail] = await inMailbox('carol');
    expect(mail.toRecipients).toEqual([{ emailAddress: { name: 'All', address: 'all@contoso.com' } }]);
  });

  test('goes to nobody where the list is not there, is empty, or has nobody with a mailbox', () => {
    sandbox.tenant.setGroup({ displayName: 'None', mail: 'none@contoso.com', members: [idOf('nora')] });
    const to = ['none@contoso.com', 'nowhere@contoso.com', 'alice@contoso.com'];
    const delivered = deliver(to);
    expect([namesIn(delivered), delivered.unknown]).toEqual([['alice'], to.slice(0, 2)]);
  });

  test('no list has the address of a person or of another list', () => {
    const { tenant } = sandbox;
    for (const mail of ['Alice@contoso.com', 'a.lopez@contoso.com', 'two@contoso.com'])
      expect(() => tenant.setGroup({ displayName: 'x', mail, members: [] })).toThrow(mail.toLowerCase());
  });
});

describe('mail to an address with a tag', () => {
  test('lands with the owner of the rest, unless somebody has the whole', () => {
    expect(namesIn(deliver(['alice+news@contoso.com', 'A.Lopez+x+y@contoso.com']))).toEqual(['alice']);
    sandbox.tenant.addUser('alice+news');
    expect(namesIn(deliver(['alice+news@contoso.com']))).toEqual(['alice+news']);
  });

  test('goes to nobody where nobody has the rest', () => {
    expect(deliver(['zoe+x@contoso.com', '+x@contoso.com']).unknown).toHaveLength(2);
  });
});

describe('what Exchange makes of a mail', () => {
  test('from inside: Graph gives a name of its own directory, hunting the address', async () => {
    deliver(['bob'], { sender: 'alice@contoso.com', senderName: 'Alice', directoryName: DIRECTORY_NAME });
    expect((await inMailbox('bob'))[0].from).toEqual({ emailAddress: { name: 'Alice', address: DIRECTORY_NAME } });
    expect((await hunted())[0]).toMatchObject({ SenderFromAddress: 'alice@contoso.com' });
  });

  test('with a Message-ID that it mends: mailbox and hunting have the mended one, the header has its own', async () => {
    const kept = '<mended@contoso.com>';
    const { networkMessageId } = deliver(['bob'], { internetMessageId: '<a b', keptMessageId: kept });
    const [mail] = await inMailbox('bob');
    expect(mail.internetMessageId).toBe(kept);
    expect(mail.internetMessageHeaders).toEqual([
      { name: 'Message-ID', value: '<a b' },
      { name: 'X-MS-Exchange-Organization-Network-Message-Id', value: networkMessageId },
    ]);
    expect((await hunted())[0]).toMatchObject({ InternetMessageId: kept });
  });

  test('one Message-ID may be there several times', async () => {
    for (let n = 0; n < 3; n += 1) deliver(['bob']);
    const filter = filterOf(`internetMessageId eq '${PHISH.internetMessageId.replaceAll("'", "''")}'`);
    const { body } = await sandbox.call('GET', `/users/${idOf('bob')}/messages?${filter}`, undefined, IMMUTABLE);
    expect(body.value).toHaveLength(3);
  });

  test('for a mailbox whose account is switched off: it is delivered', () => {
    expect(namesIn(deliver(['desk']))).toEqual(['desk']);
  });
});

describe('groups', () => {
  const fields = '$select=id,mail,proxyAddresses,groupTypes,visibility,mailEnabled,securityEnabled';

  test('are found by main address and by another one, in any case', async () => {
    const order = { displayName: 'All', mail: 'All@contoso.com', aliases: ['Every.Body@contoso.com'], members: [] };
    const { id } = sandbox.tenant.setGroup(order);
    const expected = {
      id,
      mail: 'All@contoso.com',
      proxyAddresses: ['SMTP:All@contoso.com', 'smtp:Every.Body@contoso.com'],
      groupTypes: [],
      visibility: null,
      mailEnabled: true,
      securityEnabled: false,
    };
    for (const filter of ["mail eq 'ALL@contoso.com'", "proxyAddresses/any(p:p eq 'smtp:every.body@contoso.com')"]) {
      const { body } = await as(['GroupMember.Read.All'], `/groups?${filterOf(filter)}&${fields}`);
      expect(body.value).toEqual([expected]);
    }
  });

  test.each([
    ['security', undefined, { groupTypes: [], mailEnabled: false, securityEnabled: true }],
    ['distribution', 'x@contoso.com', { groupTypes: [], mailEnabled: true, securityEnabled: false }],
    ['mail security', 'x@contoso.com', { groupTypes: [], mailEnabled: true, securityEnabled: true }],
    ['unified', 'x@contoso.com', { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }],
  ] as const)('of the kind %s are told by their properties', async (kind, mail, expected) => {
    sandbox.tenant.setGroup({ displayName: 'X', kind, members: [], ...(mail ? { mail } : {}) });
    const { body } = await as(['GroupMember.Read.All'], `/groups?${fields}`);
    expect(body.value).toMatchObject([expected]);
  });

  test('are not found without the permission', async () => {
    const { status, body } = await as(['User.Read.All'], `/groups?${filterOf("mail eq 'x@contoso.com'")}`);
    expect([status, body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
  });

  test('with hidden members have none, without an error, except for who may see them', async () => {
    const hidden = sandbox.tenant.setGroup({ displayName: 'H', members: [idOf('bob')], hidden: true }).id;
    const outer = sandbox.tenant.setGroup({ displayName: 'O', members: [idOf('alice'), hidden] }).id;
    const told = async (roles: readonly string[], id: string) => {
      const { status, body } = await as(roles, `/groups/${id}/transitiveMembers?$select=id,visibility`);
      return [status, ...body.value.map((one: { id: string }) => one.id)];
    };
    const roles = ['GroupMember.Read.All', 'User.Read.All'];
    expect(await told(roles, hidden)).toEqual([200]);
    expect(await told(roles, outer)).toEqual([200, idOf('alice'), hidden]);
    expect(await told([...roles, 'Member.Read.Hidden'], outer)).toEqual([200, idOf('alice'), hidden, idOf('bob')]);
  });
});
