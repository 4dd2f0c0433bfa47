import { randomUUID } from 'node:crypto';
import { createNames } from '../../src/adapters/graph/names.ts';
import type { PeopleQuestion } from '../../src/ports/intelligence.ts';
import { APP, openSandbox, type Sandbox, type SandboxOrder } from '../sandbox/graph-stand-in.ts';

/** A tenant with Ann and Bob, and how its logs are asked. */

export const MINUTE = 60_000;
export const PHISH = {
  internetMessageId: '<p@fabrikam.example>',
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
};
const ROLES = [
  ...['Mail.ReadWrite', 'ThreatHunting.Read.All', 'MailboxSettings.Read', 'IdentityRiskEvent.Read.All'],
  ...['DelegatedPermissionGrant.Read.All', 'User.Read.All'],
];

/** Who waits lets the clock go on. */
export async function opened(order: SandboxOrder = {}) {
  const sandbox = await openSandbox({ users: ['ann', 'bob'], roles: ROLES, ...order });
  const options = {
    baseUrl: sandbox.graph.url,
    token: () => sandbox.entra.issue({ clientId: APP, lifetimeSeconds: 3_600 }),
    clock: sandbox.clock,
    ids: randomUUID,
    sleep: async (ms: number) => sandbox.pass(ms),
    isOn: true,
  };
  return { sandbox, options: { ...options, names: createNames(options) } };
}

export function questionOf({ tenant, clock }: Sandbox, change: Partial<PeopleQuestion> = {}): PeopleQuestion {
  const people = tenant.users().map(({ id, mail, userPrincipalName }) => ({ id, address: mail ?? userPrincipalName }));
  return {
    people,
    mailAt: new Date(clock()).toISOString(),
    networkMessageIds: [PHISH.networkMessageId],
    sender: PHISH.sender,
    subject: PHISH.subject,
    ...change,
  };
}
