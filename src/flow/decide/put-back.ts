import type { TenantPolicy } from '../../core/ask/policy.ts';
import { Address, Alert } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import { canComeBack } from '../../core/find/automation.ts';
import { clusterNamed } from '../../core/find/cluster-name.ts';
import { AUTOMATION, type Source } from '../../core/find/source.ts';
import { clusterFindings } from '../../core/tell/automation-view.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import { automationCard } from '../../ports/outbox.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { clusterAsRecorded, type NamedCluster } from '../record/automation.ts';
import { actorOf, personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import { notePlace, type Standing, standingOf } from './standing.ts';

/**
 * Somebody wants back what automation took out: the cluster as it was listed becomes an incident, whose list people approve under
 * the policy's rules for `release`. Whoever asks is its proven requester, and does not decide.
 */

/** Who asks is proven, and to whom it was delivered the service's own tracking said. */
const LISTED: Source = {
  name: AUTOMATION,
  kind: 'operator',
  claims: { confidence: 100, actFirst: false, recipients: true, ids: false, reporters: true },
};

/** Null when this is no such press: it is judged like any other then. */
export async function putBack(flow: Deciding, pressed: Press): Promise<Reply | null> {
  const { by, card: place, incident: name } = pressed;
  const named = pressed.verb === 'open' && !name.includes('\0') ? clusterNamed(name) : null;
  if (!named) return null;
  const isHere = await flow.store.transact(async (tx) => {
    const card = (await tx.cards.of(automationCard(named.list))).find(({ platform }) => platform === by.platform);
    return card?.ref?.channel === place.channel && card.ref.message === place.message;
  });
  if (!isHere) return null;
  const standing = await standingOf(flow, by, place.channel, flow.policy().policy);
  const roles = rolesFor(flow.policy().policy);
  if (standing.is === 'refused') {
    await refuse(flow, pressed, named, { why: standing.why, actor: actorOf(by, standing), roles: [] });
    return said({ code: 'put-back-not-taken', cluster: name });
  }
  const refused = (why: string) =>
    refuse(flow, pressed, named, { why, actor: personOf(standing), roles: standing.roles });
  if (!standing.roles.some((role) => roles.includes(role))) {
    await refused('may-not-put-back');
    return said({ code: 'may-not-put-back', roles });
  }
  const reply = await flow.store.transact((tx) => open(flow, tx, pressed, standing));
  const code = reply.kind === 'said' ? reply.answer.code : null;
  if (code === 'put-back-changed' || code === 'put-back-forgotten') await refused(code);
  return reply;
}

/** Whoever may decide about it under any rule may ask for it. */
function rolesFor({ rules }: TenantPolicy): readonly string[] {
  const asked = rules.filter(({ when }) => when.action.includes('release'));
  return [...new Set(asked.flatMap(({ approve }) => approve?.map(({ role }) => role) ?? []))].sort();
}

async function open(flow: Deciding, tx: Tx, { by, incident: name }: Press, standing: Standing): Promise<Reply> {
  await notePlace(flow, tx, by.platform, standing);
  const found = await clusterAsRecorded(flow.hash, tx, name);
  // Its message stays in the chat for longer than it is stored: nobody has written into anything then.
  if (found === null) return said({ code: 'put-back-forgotten', cluster: name });
  if (found === 'changed') return said({ code: 'put-back-changed', cluster: name });
  const { list, cluster, digest } = found;
  if (canComeBack(cluster).length === 0) return said({ code: 'put-back-nothing', cluster: name });
  const receipt = await flow.report(tx, alertOf(name, found, standing.person), {
    source: LISTED,
    id: name,
    body: digest,
  });
  const { incident } = receipt;
  if (incident === null) return said({ code: 'put-back-changed', cluster: name });
  const known = receipt.kind !== 'accepted' || !receipt.created;
  const copies = cluster.copies.length;
  await record(flow, tx, [
    {
      type: 'automation.opened',
      incident,
      actor: personOf(standing),
      platform: by.platform,
      outcome: known ? 'known' : 'made',
      detail: { list: list.id, cluster: cluster.key, digest, copies, roles: standing.roles },
    },
  ]);
  flow.observe({ what: 'press', verb: 'put-back', result: 'taken' });
  return said({ code: 'put-back-opened', cluster: name, incident, copies: canComeBack(cluster).length, known });
}

/**
 * Its mail has no ids here: with those it would be one incident with whatever else is known of the same mail, and that is about
 * taking it out.
 */
function alertOf(name: string, { list, cluster, digest }: NamedCluster, person: string): ToldAlert {
  const recipients = [...new Set(cluster.copies.map(({ recipient }) => recipient))];
  const [first] = cluster.mails;
  const alert = Alert.parse({
    id: name,
    source: AUTOMATION,
    verdict: 'suspicious',
    severity: 'low',
    detectedAt: list.asOf,
    message: {
      sender: Address.safeParse(cluster.sender).data ?? null,
      subject: first?.subject ?? null,
    },
    recipients: recipients.filter((one) => Address.safeParse(one).success),
    requester: { entraId: person },
    findings: clusterFindings(cluster, list),
  });
  return { ...alert, automation: { list: list.id, cluster: cluster.key, digest } };
}

interface Refused {
  readonly why: string;
  readonly actor: ReturnType<typeof personOf>;
  readonly roles: readonly string[];
}

async function refuse(
  flow: Deciding,
  { by }: Press,
  { list, key }: { readonly list: string; readonly key: string },
  { why, actor, roles }: Refused,
): Promise<void> {
  flow.observe({ what: 'press', verb: 'put-back', result: why });
  const detail = { list, cluster: key, roles };
  await flow.store.transact((tx) =>
    record(flow, tx, [{ type: 'automation.refused', actor, platform: by.platform, outcome: why, detail }]),
  );
}
