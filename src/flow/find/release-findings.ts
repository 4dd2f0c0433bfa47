import type { Home } from '../../core/action/copy.ts';
import { addressKey } from '../../core/address.ts';
import {
  type Cluster,
  type ClusterCopy,
  type ClusterMail,
  canComeBack,
  removalKey,
} from '../../core/find/automation.ts';
import type { FinderAnswer } from '../../core/find/finder.ts';
import type { MessageKey } from '../../core/find/key.ts';
import { formsOfCopies } from '../../core/find/mail-form.ts';
import { match } from '../../core/find/match.ts';
import { type Copy, type LookAlike, type Shielded, targetKey } from '../../core/find/plan.ts';
import { saidOfHome } from '../../core/find/release.ts';
import type { FoundMessage, Lookup } from '../../ports/reader.ts';
import { copyOf, type Findings } from './findings.ts';
import type { MailboxRef, Sets } from './sets.ts';
import { type Survey, uniqueAddresses } from './survey.ts';

/** What was found of a cluster where it could come back from: which messages are the mail, whose they are, and where they go. */

/** What our own record knows of these mails. */
export interface Seen {
  /** By `removalKey`: taken out by an action of ours. */
  readonly ours: ReadonlySet<string>;
  /** By `targetKey`: the folder in which the newest list of ours had seen the copy. */
  readonly folders: ReadonlyMap<string, string>;
}

/** All that is known of a cluster once its mailboxes were looked into. */
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

interface Sorted {
  readonly back: Back[];
  readonly shielded: Map<string, Shielded>;
  readonly leftAlone: LookAlike[];
  readonly refs: Map<string, MailboxRef>;
}

function sorted(looked: Looked): Sorted {
  const all: Sorted = { back: [], shielded: new Map(), leftAlone: [], refs: new Map() };
  const byRecipient = Map.groupBy(canComeBack(looked.cluster), ({ recipient }) => addressKey(recipient));
  const mails = new Map(looked.cluster.mails.map((mail) => [mail.networkMessageId, mail]));
  for (const lookup of looked.lookups) {
    const { mailbox, address } = lookup;
    if (!mailbox) continue;
    const known = all.refs.get(mailbox.id)?.addresses ?? [];
    const ref = { id: mailbox.id, addresses: [mailbox.address, ...known, address] };
    all.refs.set(mailbox.id, ref);
    const listed = byRecipient.get(addressKey(address)) ?? [];
    for (const found of lookup.messages) {
      const copy = listed.find((one) => isIt(mails.get(one.networkMessageId), found));
      sortOne(all, looked, { copy, found, lookup, mailbox, set: looked.sets.shieldOf(ref) });
    }
  }
  return all;
}

type Seeing = Omit<Placed, 'copy' | 'seen'> & {
  readonly copy: ClusterCopy | undefined;
  /** The protected set that its mailbox is in. */
  readonly set: string | null;
};

function sortOne({ back, shielded, leftAlone }: Sorted, { seen }: Looked, { copy, set, ...found }: Seeing): void {
  const { id, address } = found.mailbox;
  if (!copy) leftAlone.push({ address, why: OTHER });
  else if (seen.ours.has(removalKey(copy))) leftAlone.push({ address, why: OURS });
  else if (set !== null) shielded.set(id, { address, set });
  else back.push(backOf({ ...found, copy, seen }));
}

export function findingsIn(looked: Looked): Findings {
  const { cluster, lookups } = looked;
  const { back, shielded, leftAlone, refs } = sorted(looked);
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
    recipients: cluster.copies
      .flatMap(({ recipientId }) => recipientId ?? [])
      .concat(copies.map(({ mailbox }) => mailbox)),
    received: uniqueAddresses(cluster.copies.map(({ recipient }) => recipient)),
    forms: {
      internetMessageIds: back.flatMap(({ found }) => found.internetMessageId?.toWellFormed() ?? []),
      senders: back.map(({ found }) => addressKey(found.sender?.toWellFormed() ?? '')),
    },
    exercise: null,
    invitations: 0,
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
  readonly mailbox: { readonly id: string; readonly address: string };
}

function backOf(placed: Placed): Back {
  const home = homeOf(placed);
  const copy = copyOf({ mailbox: placed.mailbox, message: placed.found });
  return { copy: home ? { ...copy, said: saidOfHome(home) } : copy, found: placed.found };
}

/** Where it was, as far as anybody knows: of a folder that its owner chose, only a list of ours from before that. */
function homeOf({ copy, found, lookup: { places }, seen, mailbox }: Placed): Home | null {
  const before = seen.folders.get(targetKey({ mailbox: mailbox.id, message: found.message }));
  if (before !== undefined && before !== found.folderId) return { folderId: before, known: 'our list' };
  if (copy.was === 'junk' && places?.junk) return { folderId: places.junk, known: 'delivery' };
  return places ? { folderId: places.inbox, known: 'not known' } : null;
}

/** `cluster`: null where its list is forgotten; then nobody was asked about anything. */
export function surveyOf(asOf: string, cluster: Cluster | null, lookups: readonly Lookup[]): Survey {
  const mails = cluster?.mails ?? [];
  const [first] = mails;
  const key = first ? keyOf(first) : NO_KEY;
  return {
    lookups,
    groups: [],
    unresolved: [],
    unreachable: [],
    membersLeft: 0,
    identified: {
      key: { ...key, identified: mails.map(({ networkMessageId }) => networkMessageId) },
      deliveries: [],
      searchFor: [],
      notSearchedFor: 0,
    },
    tracked: [],
    foundBy: 'hunting',
    finders: cluster ? [answerOf(asOf, cluster)] : [],
    finderRequest: null,
    finderWaitMs: null,
    trackingCut: false,
    notLooked: 0,
    unlisted: 0,
    skipped: [],
  };
}

const answerOf = (asOf: string, { copies }: Cluster): FinderAnswer => ({
  ...{ name: 'hunting', status: 'answered', found: copies.length },
  ...{ cutOff: false, asOf, detail: '' },
});

const NO_KEY: MessageKey = {
  internetMessageId: null,
  networkMessageId: null,
  sender: null,
  subject: null,
  receivedAt: null,
  identified: [],
};
