import { beforeAll, describe, expect, test } from 'vitest';
import { contractChecker } from './graph-contract.ts';
import { filterOf, IMMUTABLE, odata, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly sent: unknown;
  readonly status: number;
  readonly body: unknown;
}

/** Every operation once as it should go and once as it should not. */
async function conversation(sandbox: Sandbox): Promise<Exchange[]> {
  const { tenant, call } = sandbox;
  const order = { ...PHISH, to: ['alice', 'bob'].map((name) => `${name}@contoso.com`) };
  const [one] = tenant.deliver(order).copies;
  const [two] = tenant.deliver({ ...order, subject: 'Again' }).copies;
  const [three] = tenant.deliver({ ...order, subject: 'Thrice' }).copies;
  tenant.addRule('alice@contoso.com', {
    displayName: 'hide',
    isEnabled: true,
    conditions: { subjectContains: ['invoice'] },
    actions: { moveToFolder: 'archive', stopProcessingRules: true },
  });
  const user = `/users/${one?.userId}`;
  tenant.setRisk(one?.userId ?? '', { riskState: 'atRisk', riskLevel: 'high' });
  const [, bob] = tenant.users();
  const message = (copy: typeof one) => `${user}/messages/${copy?.messageId}`;
  const byId = filterOf(`internetMessageId eq ${odata(PHISH.internetMessageId)}`);
  const patch = { categories: ['Security: under review'], flag: { flagStatus: 'flagged' }, importance: 'high' };
  const inner = { id: '1', method: 'GET', url: `${user}/messages`, headers: IMMUTABLE };
  const Query = `EmailEvents | where Timestamp > ago(30d) | where NetworkMessageId == '${PHISH.networkMessageId}' | take 5`;
  const steps: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ['GET', '/users?$top=1'],
    ['GET', `/users?${filterOf("mail eq 'alice@contoso.com'")}&$select=id,mail,proxyAddresses,accountEnabled`],
    ['GET', '/users?$filter=nonsense'],
    ['GET', user],
    ['GET', '/users/nobody@contoso.com'],
    ['GET', `/identityProtection/riskyUsers/${one?.userId}`],
    ['GET', `/identityProtection/riskyUsers/${bob?.id}`],
    ['GET', `${user}/messages?${byId}`],
    ['GET', `${user}/messages?$select=id,internetMessageHeaders&$count=true&$top=1`],
    ['GET', `${user}/messages?$filter=subject%20eq`],
    ['GET', `${user}/mailFolders/inbox/messages`],
    ['GET', `${user}/mailFolders/gone/messages`],
    ['GET', message(one)],
    ['GET', `${user}/messages/gone`],
    ['PATCH', message(one), patch],
    ['PATCH', message(one), { subject: 'changed' }],
    ['POST', `${message(one)}/move`, { destinationId: 'recoverableitemsdeletions' }],
    ['POST', `${message(one)}/move`, { destinationId: 'gone' }],
    ['DELETE', message(two)],
    ['DELETE', message(one)],
    ['POST', `${message(three)}/permanentDelete`],
    ['POST', `${message(three)}/permanentDelete`],
    ['GET', `${user}/mailFolders`],
    ['GET', `${user}/mailFolders/inbox`],
    ['GET', `${user}/mailFolders/gone`],
    ['GET', `${user}/mailFolders/msgfolderroot/childFolders`],
    ['GET', `${user}/mailFolders/inbox/messageRules`],
    ['POST', `${user}/outlook/masterCategories`, { displayName: 'Security: under review', color: 'preset0' }],
    ['POST', `${user}/outlook/masterCategories`, { displayName: 'Security: under review', color: 'preset0' }],
    ['GET', `${user}/outlook/masterCategories`],
    ['GET', `${user}/mailboxSettings`],
    ['POST', '/security/runHuntingQuery', { Query, Timespan: 'P30D' }],
    ['POST', '/security/runHuntingQuery', { Query: 'EmailEvents | summarize x' }],
    ['POST', '/$batch', { requests: [inner, { id: '2', method: 'GET', url: `${user}/messages/gone` }] }],
  ];
  const exchanges: Exchange[] = [];
  for (const [method, path, sent] of steps) {
    const { status, body } = await call(method, path, sent, IMMUTABLE);
    exchanges.push({ method, path, sent, status, body });
  }
  return exchanges;
}

describe('the Graph of the sandbox', () => {
  let exchanges: Exchange[];
  beforeAll(async () => {
    await using sandbox = await openSandbox({ graph: { limits: { riskPerSecond: 100 } } });
    exchanges = await conversation(sandbox);
  });

  test('answers every operation both ways, and none with a fault of its own', () => {
    const statuses = exchanges.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 201, 204, 400, 403, 404, 409]));
  });

  test('names a code, a message and the request in every refusal', () => {
    const refusals = exchanges.filter(({ status }) => status >= 400);
    expect(refusals.length).toBeGreaterThan(9);
    for (const { body } of refusals) {
      const innerError = { date: expect.any(String), 'request-id': expect.any(String) };
      const error = { code: expect.any(String), message: expect.any(String), innerError: innerError };
      expect(body).toMatchObject({ error });
    }
  });

  const contract = contractChecker();
  if (contract) {
    test('answers as the contract of Graph says', () => {
      const problems = exchanges.flatMap(({ method, path, status, body }) =>
        contract.response(method, path, status, body),
      );
      expect(problems).toEqual([]);
    });

    test('is asked here as the contract of Graph says, wherever it is not refused', () => {
      const fine = exchanges.filter(({ status }) => status < 300);
      expect(fine.flatMap(({ method, path, sent }) => contract.request(method, path, sent))).toEqual([]);
    });

    test('would be caught with an answer that is out of contract', () => {
      const problems = contract.response('GET', '/users/a/mailFolders/inbox', 200, { displayName: 7 });
      expect(problems).not.toEqual([]);
    });
  }
});
