import { type Cluster, type ClusterCopy, canComeBack } from '../../core/find/automation.ts';
import { networkKey } from '../../core/find/key.ts';
import { type Plan, targetKey } from '../../core/find/plan.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Lookup } from '../../ports/reader.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { clusterAsRecorded, isForgotten, takenOutByUs } from '../record/automation.ts';
import { whileTold } from '../record/delayed.ts';
import { record } from '../record/record.ts';
import { isTampered, mark } from '../record/trust.ts';
import { decidersFor } from './deciders.ts';
import { openWith } from './open-with.ts';
import { planFor, planNote } from './planning.ts';
import { findingsIn, type Seen, surveyOf } from './release-findings.ts';
import { sealPlan } from './seal-plan.ts';
import { setsFor } from './sets-for.ts';
import { lookNote, uniqueAddresses } from './survey.ts';

/**
 * The list of what is put back: of a cluster as it was listed, each copy that its mailbox still holds where a soft delete puts it.
 * Nothing else is looked for, and nothing that the mailbox shows to be another mail is in it.
 */

/** Defender is asked about so many mails at once, and a mailbox by a few more. */
const MAILS_AT_ONCE = 20;

/** Of a list whose time is over nothing is known by which to look for anything. */
const FORGOTTEN: { readonly cluster: Cluster; readonly seen: Seen } = {
  cluster: {
    ...{ key: '', by: 'mail', sender: null, mailFrom: null },
    ...{ mails: [], copies: [], ways: [], actions: [], threatsThen: [], threatsNow: [] },
  },
  seen: { ours: new Set(), folders: new Map() },
};

/** Throws when the tenant cannot be asked now, so that the job is tried again. */
export async function planRelease(flow: Finding, incident: Incident): Promise<void> {
  const { id, alert } = incident;
  const named = await flow.store.transact(async (tx) => {
    const name = alert.automation ? `${alert.automation.list}/${alert.automation.cluster}` : '';
    const found = await clusterAsRecorded(flow.hash, tx, name);
    if (found !== null && found !== 'changed' && found.digest === alert.automation?.digest)
      return { cluster: found.cluster, seen: await seenBefore(tx, id, found.cluster) };
    if (alert.automation && (await isForgotten(tx, alert.automation.list, flow.clock.now()))) return FORGOTTEN;
    await mark(flow, tx, id, `what is stored of ${name} is not what the record says that automation took out`);
    return null;
  });
  if (!named) return;
  const { cluster, seen } = named;
  const current = flow.policy();
  const deciders = decidersFor(flow, current.policy);
  const { sets, lookups } = await whileTold(flow, id, 'looking', async () => ({
    sets: await setsFor(flow, id, current.policy),
    lookups: await lookFor(flow, cluster),
  }));
  const found = findingsIn({ cluster, lookups, sets, seen });
  const plan = await planFor(flow, incident, {
    survey: surveyOf(flow.clock.now(), named === FORGOTTEN ? null : cluster, lookups),
    findings: found,
    sets,
    current,
    deciders,
  });
  const sealed = await sealPlan(flow, plan);
  await flow.store.transact(async (tx) => {
    const now = await tx.incidents.lock(id);
    const state = now && advance(situationOf(now), 'plan-made');
    if (!state || (await isTampered(flow, tx, now))) return;
    await record(flow, tx, [...lookups.map((lookup) => lookNote(id, lookup)), planNote(plan, sealed.digest, null)]);
    await openWith(flow, tx, now, plan, sealed);
  });
}

async function seenBefore(tx: Tx, own: string, { copies, mails }: Cluster): Promise<Seen> {
  const ours = await takenOutByUs(tx, copies, copies);
  const folders = new Map<string, { readonly folderId: string; readonly at: string }>();
  const keys = mails.map(({ networkMessageId }) => networkKey(networkMessageId));
  for (const { id } of await tx.incidents.filedUnder(keys)) {
    if (id === own) continue;
    for (const digest of await tx.incidents.plansOf(id)) {
      const stored = await tx.incidents.storedPlan(digest);
      const plan = stored?.intact === true ? stored.plan : null;
      const isKnown = plan && (await isMade(tx, id, digest));
      if (isKnown) takeFolders(folders, plan);
    }
  }
  return { ours, folders: new Map([...folders].map(([key, { folderId }]) => [key, folderId])) };
}

async function isMade(tx: Tx, incident: string, digest: string): Promise<boolean> {
  const made = await tx.ledger.find({ incident, types: ['plan.made', 'plan.grown'] });
  return made.some(({ entry }) => entry?.planDigest === digest);
}

function takeFolders(folders: Map<string, { readonly folderId: string; readonly at: string }>, plan: Plan): void {
  for (const copy of plan.copies) {
    const known = folders.get(targetKey(copy));
    if (!known || known.at < plan.resolvedAt)
      folders.set(targetKey(copy), { folderId: copy.folderId, at: plan.resolvedAt });
  }
}

/** In parts: neither a mailbox nor Defender is asked about any number of mails at once. */
async function lookFor(flow: Finding, cluster: Cluster): Promise<readonly Lookup[]> {
  const wanted = canComeBack(cluster);
  const lookups: Lookup[] = [];
  for (let at = 0; at < cluster.mails.length; at += MAILS_AT_ONCE) {
    const part = cluster.mails.slice(at, at + MAILS_AT_ONCE);
    const ids = new Set(part.map(({ networkMessageId }) => networkMessageId));
    const copies = wanted.filter(({ networkMessageId }) => ids.has(networkMessageId));
    if (copies.length === 0) continue;
    const found = await flow.reader.locate(uniqueAddresses(copies.map(({ recipient }) => recipient)), {
      internetMessageIds: part.flatMap(({ internetMessageId }) => internetMessageId ?? []),
      networkMessageIds: [...ids],
      owners: ownersIn(copies),
      where: 'bin',
    });
    lookups.push(...found);
  }
  return lookups;
}

function ownersIn(copies: readonly ClusterCopy[]): ReadonlyMap<string, string> {
  return new Map(
    copies.flatMap(({ recipient, recipientId }) => (recipientId === null ? [] : [[recipient, recipientId]])),
  );
}
