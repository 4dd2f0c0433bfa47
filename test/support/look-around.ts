import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { defaultPolicy, withApprovers } from '../../src/core/ask/policy.ts';
import type { PeopleLook } from '../../src/core/intelligence/look.ts';
import { lookAround } from '../../src/flow/find/people-around.ts';
import { intelligenceOf } from '../../src/intelligence.ts';
import type { DeliverOrder } from '../../src/sandbox/tenant/types.ts';
import { APP, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { copyOf, incidentOf, planOf } from './cases.ts';

/** A whole look at the people of a list, with the services as they are wired, against the stand-in. */

export const NETWORK_ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
export const MAIL = {
  internetMessageId: '<p@fabrikam.example>',
  networkMessageId: NETWORK_ID,
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
};
export const LOOK_ROLES = [
  ...['Mail.ReadWrite', 'User.Read.All', 'ThreatHunting.Read.All', 'MailboxSettings.Read'],
  ...['DelegatedPermissionGrant.Read.All', 'IdentityRiskEvent.Read.All'],
];
export const OTHER_LOGS = ['AuditLog.Read.All', 'AuditLogsQuery-Exchange.Read.All'];

interface LookOrder {
  readonly mail?: Partial<DeliverOrder>;
  /** As in clawback.yaml, under `graph`. */
  readonly on?: Readonly<Record<string, boolean>>;
  /** Whoever the policy calls important. */
  readonly vips?: readonly string[];
  readonly ownRelays?: Parameters<typeof intelligenceOf>[0]['tenant']['ownRelays'];
  readonly judged?: Parameters<typeof lookAround>[2]['judged'];
  /** Who waits. Left out: the clock of the stand-in goes on, and nobody does. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** The mail comes to them now. */
export function delivered(sandbox: Sandbox, names: readonly string[], order: LookOrder = {}) {
  const copies = sandbox.tenant
    .deliver({ ...MAIL, to: names, ...order.mail })
    .copies.map(({ userId, address, messageId }, n) =>
      copyOf(n, { mailbox: userId, address, message: messageId, receivedAt: new Date(sandbox.clock()).toISOString() }),
    );
  const plan = planOf({ copies, key: { ...MAIL, receivedAt: null, identified: [NETWORK_ID] } });
  const toGraph = {
    baseUrl: sandbox.graph.url,
    token: () => sandbox.entra.issue({ clientId: APP, lifetimeSeconds: 3_600 }),
    clock: sandbox.clock,
    ids: randomUUID,
    sleep: order.sleep ?? (async (ms: number) => sandbox.pass(ms)),
  };
  const graph = {
    ...{ intelligence: true, hunting: true, identityProtection: true, signInLogs: false, auditSearch: false },
    ...{ clientId: APP, ...order.on },
  };
  const directory = createDirectory({ ...toGraph, identityProtection: false });
  const { intelligence } = intelligenceOf({ tenant: { graph, ownRelays: order.ownRelays }, toGraph, directory });
  if (!intelligence) throw new Error('nobody is asked');
  const { mailboxes, ...rest } = withApprovers(defaultPolicy(), []);
  const vip = { addresses: [...(order.vips ?? [])], entraGroups: [] };
  const policy = () => ({ digest: 'digest', policy: { ...rest, mailboxes: { ...mailboxes, vip } } });
  const clock = { now: () => new Date(sandbox.clock()).toISOString(), id: randomUUID, incidentId: () => 'CB-1' };
  const known = { incident: incidentOf('open'), plan, judged: order.judged ?? null };
  return { around: (): Promise<PeopleLook> => lookAround({ clock, directory, policy }, intelligence, known, 'plan') };
}
