import { type Alert, messageKey } from '../core/alert.ts';
import { advance } from '../core/incident.ts';
import { match } from '../core/match.ts';
import { blastRadius, type Copy, type LookAlike, type Plan, sortedPlan } from '../core/plan.ts';
import type { Lookup } from '../ports/mail.ts';
import type { Flow } from './flow.ts';
import { announce, type Note, record } from './record.ts';

/** Graph is asked outside any transaction; this many recipients at most are looked into for one incident. */
const MAX_MAILBOXES = 20_000;

/**
 * Which mailboxes did it reach? Looks, then makes the plan: the immutable list that people approve. Throws when the
 * tenant cannot be asked now, so that the job is tried again.
 */
export async function scope(flow: Flow, id: string): Promise<void> {
  const incident = await flow.store.transact((tx) => tx.incidents.get(id));
  if (incident?.state !== 'received') return;
  const key = messageKey(incident.alert);
  const hunted = await flow.mail.hunt(key);
  const addresses = uniqueAddresses([...(hunted?.recipients ?? []), ...incident.alert.recipients]);
  const lookups = await flow.mail.locate(addresses.slice(0, MAX_MAILBOXES), key);
  const plan = makePlan(flow, incident.id, incident.alert, lookups, hunted !== null);
  const digest = flow.digest(plan);

  await flow.store.transact(async (tx) => {
    const now = await tx.incidents.lock(id);
    const state = now && advance(now.state, 'plan-made');
    if (!state) return;
    await tx.incidents.savePlan(plan, digest);
    await record(flow, tx, [
      ...lookups.map((lookup) => lookNote(id, lookup)),
      planNote(plan, digest, hunted?.requestId),
    ]);
    const deadline = new Date(Date.parse(flow.clock.now()) + flow.policy.expiryMinutes * 60_000).toISOString();
    await announce(flow, tx, id, { state, planDigest: digest, deadline });
    await tx.jobs.send({ queue: 'expire', incident: id }, flow.policy.expiryMinutes * 60_000);
  });
}

function uniqueAddresses(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

function makePlan(flow: Flow, incident: string, alert: Alert, lookups: readonly Lookup[], hunted: boolean): Plan {
  const key = messageKey(alert);
  const copies: Copy[] = [];
  const leftAlone: LookAlike[] = [];
  const nothing: string[] = [];
  for (const lookup of lookups) {
    if (!lookup.mailbox) continue;
    let copiesHere = 0;
    for (const found of lookup.messages) {
      const verdict = match(key, found);
      if (verdict.is === 'copy') {
        copiesHere += 1;
        copies.push({
          mailbox: lookup.mailbox.id,
          address: lookup.mailbox.address,
          message: found.message,
          folderId: found.folderId,
          folder: found.folder,
          receivedAt: found.receivedAt,
          isRead: found.isRead,
          flag: found.flag,
          categories: found.categories,
        });
      } else leftAlone.push({ address: lookup.mailbox.address, why: verdict.why });
    }
    const looked = lookup.result === 'found' || lookup.result === 'nothing';
    if (looked && copiesHere === 0) nothing.push(lookup.mailbox.address);
  }
  const addressesWith = (result: Lookup['result']) =>
    lookups.filter((lookup) => lookup.result === result).map((lookup) => lookup.address);
  return sortedPlan({
    version: 1,
    tenant: flow.tenant.id,
    incident,
    key,
    foundBy: !hunted ? 'recipients' : alert.recipients.length > 0 ? 'hunting and recipients' : 'hunting',
    resolvedAt: flow.clock.now(),
    asked: lookups.map((lookup) => lookup.address),
    copies,
    nothing,
    denied: addressesWith('denied'),
    missing: addressesWith('missing'),
    failed: addressesWith('failed'),
    leftAlone,
    recipients: lookups.flatMap((lookup) => (lookup.mailbox ? [lookup.mailbox.id.toLowerCase()] : [])),
  });
}

function lookNote(incident: string, lookup: Lookup): Note {
  return {
    type: 'mailbox.read',
    incident,
    platform: 'graph',
    mailbox: lookup.mailbox?.id ?? lookup.address,
    requestId: lookup.requestId,
    outcome: lookup.result,
    detail: { address: lookup.address, messages: lookup.messages.length, note: lookup.detail },
  };
}

function planNote(plan: Plan, digest: string, huntRequest: string | undefined): Note {
  const radius = blastRadius(plan.copies);
  return {
    type: 'plan.made',
    incident: plan.incident,
    planDigest: digest,
    requestId: huntRequest ?? null,
    detail: {
      copies: radius.copies,
      mailboxes: radius.mailboxes,
      read: radius.read,
      nothing: plan.nothing.length,
      denied: plan.denied.length,
      missing: plan.missing.length,
      failed: plan.failed.length,
      leftAlone: plan.leftAlone.length,
      foundBy: plan.foundBy,
    },
  };
}
