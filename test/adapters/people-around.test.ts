import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { lookAround } from '../../src/flow/find/people-around.ts';
import { intelligenceOf } from '../../src/intelligence.ts';
import type { DeliverOrder } from '../../src/sandbox/tenant/types.ts';
import { ownRequests } from '../sandbox/graph-contract.ts';
import { APP, openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { copyOf, incidentOf, planOf } from '../support/cases.ts';

/** A whole look at the people of a list, with the services as they are wired, against a tenant that knows what to refuse. */

const MINUTE = 60_000;
const NETWORK_ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
const MAIL = {
  internetMessageId: '<p@fabrikam.example>',
  networkMessageId: NETWORK_ID,
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
};
const ROLES = [
  ...['Mail.ReadWrite', 'User.Read.All', 'ThreatHunting.Read.All', 'MailboxSettings.Read'],
  ...['DelegatedPermissionGrant.Read.All', 'IdentityRiskEvent.Read.All'],
];

async function looked(sandbox: Sandbox, names: readonly string[], more: Partial<DeliverOrder> = {}) {
  const copies = sandbox.tenant
    .deliver({ ...MAIL, to: names, ...more })
    .copies.map(({ userId, address, messageId }, n) =>
      copyOf(n, { mailbox: userId, address, message: messageId, receivedAt: new Date(sandbox.clock()).toISOString() }),
    );
  const plan = planOf({ copies, key: { ...MAIL, receivedAt: null, identified: [NETWORK_ID] } });
  const toGraph = {
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: sandbox.clock,
    ids: randomUUID,
    sleep: async () => undefined,
  };
  const graph = { intelligence: true, hunting: true, identityProtection: true, clientId: APP };
  const { intelligence } = intelligenceOf({ tenant: { graph }, toGraph });
  const directory = createDirectory({ ...toGraph, identityProtection: false });
  const clock = { now: () => new Date(sandbox.clock()).toISOString(), id: randomUUID, incidentId: () => 'CB-1' };
  const around = () =>
    intelligence
      ? lookAround({ clock, directory }, intelligence, { incident: incidentOf('open'), plan }, 'plan')
      : expect.fail('nobody is asked');
  return { around, plan };
}

describe('a look at a thousand people', () => {
  it('takes at most a dozen requests, each in the form that Graph documents', async () => {
    const names = Array.from({ length: 1_000 }, (_none, n) => `person${n}`);
    await using sandbox = await openSandbox({ users: names, roles: ROLES });
    const { around } = await looked(sandbox, names);
    sandbox.pass(MINUTE);
    for (const name of names.slice(0, 40)) {
      sandbox.tenant.ruleTold(name, { name: '.', deletes: true, marksRead: true });
      sandbox.tenant.consentTold(name, { name: 'Mail Helper', id: randomUUID(), scopes: ['Mail.Read'] });
      sandbox.tenant.userClicks(name, { networkMessageId: NETWORK_ID, url: 'https://x.example' });
    }
    sandbox.pass(100 * MINUTE);
    let batches = 0;
    sandbox.graph.onBatch(() => {
      batches += 1;
    });
    const look = await around();
    const asked = sandbox.graph.log.entries();
    expect(asked.filter(({ inBatch }) => !inBatch).length + batches).toBeLessThanOrEqual(12);
    expect([look.people, look.asked, look.askedThemselves, look.did.clicked]).toEqual([1_000, 1_000, 20, 40]);
    expect(look.findings.filter(({ kind }) => kind === 'inbox-rule')).toHaveLength(40);
    const own = ownRequests();
    expect(asked.flatMap(({ method, path, body }) => own.request(method, path, body))).toEqual([]);
  });
});

describe('a look at people', () => {
  it('knows an account that was taken over, what would answer it, and what ours read', async () => {
    await using sandbox = await openSandbox({ users: ['ann', 'bob'], roles: ROLES });
    const { tenant } = sandbox;
    tenant.userSignsIn('ann', { ip: '203.0.113.10' });
    sandbox.pass(10 * 60 * MINUTE);
    const { around } = await looked(sandbox, ['ann', 'bob']);
    sandbox.pass(5 * MINUTE);
    tenant.userClicks('ann', { networkMessageId: NETWORK_ID, url: 'https://login.fabrikam.example' });
    sandbox.pass(10 * MINUTE);
    tenant.userSignsIn('ann', { ip: '198.51.100.7', country: 'NG', factor: 'single' });
    tenant.addRule('ann', { displayName: '.', isEnabled: true, conditions: {}, actions: { markAsRead: true } });
    tenant.ruleTold('ann', { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    tenant.accessTold('ann', { app: APP.toUpperCase(), mails: 500 });
    sandbox.pass(100 * MINUTE);
    const { findings, suspected, answers } = await around();
    const [ann] = tenant.users();
    expect(suspected).toEqual([ann?.id]);
    expect(findings.map(({ kind, strength, measure }) => [kind, strength, measure?.kind ?? null])).toEqual([
      ['inbox-rule', 'strong', 'rule-off'],
      ['sign-in', 'strong', 'revoke-sessions'],
      ['clicked', 'weak', null],
    ]);
    expect(answers.map(({ is }) => is)).toEqual(answers.map(() => 'answered'));
  });

  it('finds the domain that was never in a conversation of theirs', async () => {
    await using sandbox = await openSandbox({ users: ['ann'], roles: ROLES });
    const carl = {
      ...MAIL,
      internetMessageId: '<1@partner.example>',
      networkMessageId: randomUUID(),
      sender: 'carl@partner.example',
    };
    sandbox.tenant.deliver({ ...carl, to: ['ann'], conversation: 'deal' });
    sandbox.pass(30 * MINUTE);
    const { around } = await looked(sandbox, ['ann'], { conversation: 'deal' });
    sandbox.pass(MINUTE);
    const { mail } = await around();
    expect(mail.map(({ signal, sentence }) => [signal, sentence])).toContainEqual([
      'thread-hijack',
      'Answers in a thread of yours from a domain that was never in it: fabrikam[.]example.',
    ]);
  });
});
