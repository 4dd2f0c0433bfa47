import type { Home } from '../../core/action/copy.ts';
import { addressKey } from '../../core/address.ts';
import { canComeBack, type Cluster, type ClusterCopy, type ClusterMail } from '../../core/find/automation.ts';
import { type MessageKey, networkKey } from '../../core/find/key.ts';
import { formsOfCopies } from '../../core/find/mail-form.ts';
import { match } from '../../core/find/match.ts';
import { type Copy, type LookAlike, type Plan, type Shielded, targetKey } from '../../core/find/plan.ts';
import { saidOfHome } from '../../core/find/release.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import type { FoundMessage, Lookup } from '../../ports/reader.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { clusterAsRecorded, takenOutByUs } from '../record/automation.ts';
import { whileTold } from '../record/delayed.ts';
import { record } from '../record/record.ts';
import { isTampered, mark } from '../record/trust.ts';
import { decidersFor } from './deciders.ts';
import type { Findings } from './findings.ts';
import { openWith } from './open-with.ts';
import { planFor, planNote } from './planning.ts';
import { sealPlan } from './seal-plan.ts';
import type { MailboxRef, Sets } from './sets.ts';
import { setsFor } from './sets-for.ts';
import { lookNote, type Survey, uniqueAddresses } from './survey.ts';

/**
 * The list of what is put back: of a cluster as it was listed, each copy that its mailbox still holds where a soft delete puts it.
 * Nothing else is looked for, and nothing that the mailbox shows to be another mail is in it.
 */

/** Defender is asked about so many mails at once, and a mailbox by a few more. */
const MAILS_AT_ONCE = 20;

/** Throws when the tenant cannot be asked now, so that the job is tried again. */
export async function planRelease(flow: Finding, incident: Incident): Promise<void> {
  const { id, alert } = incident;
  const named = await flow.store.transact(async (tx) => {
    const name = alert.automation ? `${alert.automation.list}/${alert.automation.cluster}` : '';
    const found = await clusterAsRecorded(flow.hash, tx, name);
    if (found !== null && found !== 'changed' && found.digest === alert.automation?.digest)
      return { cluster: found.cluster, seen: await seenBefore(flow, tx, id, found.cluster) };
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
    survey: surveyOf(flow, cluster, lookups),
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
    await openWith(flow, tx, id, plan, sealed);
  });
}

/** What our own record knows of these mails. */
interface Seen {
  /** By `removalKey`: taken out by an action of ours. */
  readonly ours: ReadonlySet<string>;
  /** By `targetKey`: the folder in which the newest list of ours had seen the copy. */
  readonly folders: ReadonlyMap<string, string>;
}

async function seenBefore(flow: Finding, tx: Tx, own: string, { copies, mails }: Cluster): Promise<Seen> {
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
  return new Map(copies.flatMap(({ recipient, recipientId }) => (recipientId === null ? [] : [[recipient, recipientId]])));
}

interface Looked {
  readonly cluster: Cluster;
  readonly lookups: readonly Lookup[];
  readonly sets: Sets;
  readonly seen: Seen;
}

interface Back {
  readonly copy: Copy;
  readonly found: FoundMessage;
}

function findingsIn({ cluster, lookups, sets, seen }: Looked): Findings {
  const byRecipient = Map.groupBy(canComeBack(cluster), ({ recipient }) => addressKey(recipient));
  const mails = new Map(cluster.mails.map((mail) => [mail.networkMessageId, mail]));
  const refs = new Map<string, MailboxRef>();
  const back: Back[] = [];
  const shielded = new Map<string, Shielded>();
  const leftAlone: LookAlike[] = [];
  for (const lookup of lookups) {
    const { mailbox, address } = lookup;
    if (!mailbox) continue;
    const ref = { id: mailbox.id, addresses: [mailbox.address, ...(refs.get(mailbox.id)?.addresses ?? []), address] };
    refs.set(mailbox.id, ref);
    const listed = byRecipient.get(addressKey(address)) ?? [];
    const set = sets.shieldOf(ref);
    for (const found of lookup.messages) {
      const copy = listed.find((one) => isIt(mails.get(one.networkMessageId), found));
      if (!copy) leftAlone.push({ address: mailbox.address, why: OTHER });
      else if (seen.ours.has(`${copy.networkMessageId} ${copy.recipient}`))
        leftAlone.push({ address: mailbox.address, why: OURS });
      else if (set !== null) shielded.set(mailbox.id, { address: mailbox.address, set });
      else back.push({ copy: copyOf(mailbox, found, homeOf({ copy, found, lookup, seen, mailbox: mailbox.id })), found });
    }
  }
  const copies = back.map(({ copy }) => copy);
  const withCopy = new Set(copies.map(({ mailbox }) => mailbox));
  return {
    copies,
    unsure: [],
    leftAlone,
    nothing: lookups.flatMap(({ mailbox, result }) =>
      mailbox && !withCopy.has(mailbox.id) && !shielded.has(mailbox.id) && (result === 'nothing' || result === 'found')
        ? [mailbox.address]
        : [],
    ),
    shielded: [...shielded.values()],
    // Everybody to whom it was delivered, whether a copy is left or not.
    recipients: cluster.copies.flatMap(({ recipientId }) => recipientId ?? []).concat(copies.map(({ mailbox }) => mailbox)),
    received: uniqueAddresses(cluster.copies.map(({ recipient }) => recipient)),
    forms: {
      internetMessageIds: back.flatMap(({ found }) => found.internetMessageId?.toWellFormed() ?? []),
      senders: back.map(({ found }) => addressKey(found.sender?.toWellFormed() ?? '')),
    },
    exercise: null,
    aliases: [],
    copyForms: formsOfCopies(back.map(({ copy, found }) => ({ ...copy, form: found }))),
    refs,
  };
}

/** As lists name them. */
const OURS = 'taken out by an approved action of Clawback: that one has an undo';
const OTHER = 'not the mail that was listed for this mailbox';

function isIt(mail: ClusterMail | undefined, found: FoundMessage): boolean {
  return mail !== undefined && match(keyOf(mail), { ...found, inSentItems: false }).is === 'copy';
}

function keyOf({ networkMessageId, internetMessageId, sender, subject, receivedAt }: ClusterMail): MessageKey {
  return {
    internetMessageId,
    networkMessageId,
    sender: sender === null ? null : addressKey(sender),
    subject: subject?.toWellFormed() ?? null,
    receivedAt,
    identified: [networkMessageId],
  };
}

interface Placed {
  readonly copy: ClusterCopy;
  readonly found: FoundMessage;
  readonly lookup: Lookup;
  readonly seen: Seen;
  readonly mailbox: string;
}

/** Where it was, as far as anybody knows: of a folder that its owner chose, only a list of ours from before that. */
function homeOf({ copy, found, lookup: { places }, seen, mailbox }: Placed): Home | null {
  const before = seen.folders.get(targetKey({ mailbox, message: found.message }));
  if (before !== undefined && before !== found.folderId) return { folderId: before, known: 'our list' };
  if (copy.was === 'junk' && places?.junk) return { folderId: places.junk, known: 'delivery' };
  return places ? { folderId: places.inbox, known: 'not known' } : null;
}

function copyOf(mailbox: { readonly id: string; readonly address: string }, found: FoundMessage, home: Home | null): Copy {
  return {
    mailbox: mailbox.id,
    address: mailbox.address,
    message: found.message,
    folderId: found.folderId,
    folder: '',
    receivedAt: found.receivedAt,
    isRead: found.isRead,
    flag: found.flag,
    categories: found.categories.map((category) => category.toWellFormed()),
    ...(found.refs ? { refs: found.refs } : {}),
    ...(home ? { said: saidOfHome(home) } : {}),
  };
}

function surveyOf(flow: Finding, cluster: Cluster, lookups: readonly Lookup[]): Survey {
  const [first] = cluster.mails;
  const key = first ? keyOf(first) : NO_KEY;
  return {
    lookups,
    groups: [],
    unresolved: [],
    unreachable: [],
    membersLeft: 0,
    identified: {
      key: { ...key, identified: cluster.mails.map(({ networkMessageId }) => networkMessageId) },
      deliveries: [],
      searchFor: [],
      notSearchedFor: 0,
    },
    tracked: [],
    foundBy: 'hunting',
    finders: [
      {
        name: 'hunting',
        status: 'answered',
        found: cluster.copies.length,
        cutOff: false,
        asOf: flow.clock.now(),
        detail: '',
      },
    ],
    finderRequest: null,
    finderWaitMs: null,
    trackingCut: false,
    notLooked: 0,
    unlisted: 0,
    skipped: [],
  };
}

const NO_KEY: MessageKey = {
  internetMessageId: null,
  networkMessageId: null,
  sender: null,
  subject: null,
  receivedAt: null,
  identified: [],
};
