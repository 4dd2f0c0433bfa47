import { addressKey } from '../core/address.ts';
import { ClawbackError } from '../core/error.ts';
import { type Finder, troubleWith } from '../core/finder.ts';
import { type Delivered, type Identified, identify } from '../core/identify.ts';
import type { Incident } from '../core/incident.ts';
import { messageKey } from '../core/key.ts';
import type { Copy, LookAlike, Plan, SeenForms, Shielded, UnsureGroup } from '../core/plan.ts';
import type { Hunted, Lookup } from '../ports/mail.ts';
import type { Flow } from './flow.ts';
import { type Reached, reach } from './reach.ts';
import { type Found, recognise } from './recognise.ts';
import type { Note } from './record.ts';
import type { MailboxRef, Sets } from './sets.ts';

/** Which mailboxes did it reach? Graph is asked, outside any transaction. */

/** This many mailboxes at most are looked into for one incident; how many were left out is in the plan. */
const MAX_MAILBOXES = 20_000;

export interface Survey extends Reached {
  readonly identified: Identified;
  readonly foundBy: Plan['foundBy'];
  readonly finders: readonly Finder[];
  readonly huntRequest: string | null;
  /** How long hunting wants to be left alone; null where it did not ask for that. */
  readonly huntWaitMs: number | null;
  readonly trackingCut: boolean;
  readonly notLooked: number;
  /** Addresses beyond the limit. */
  readonly skipped: readonly string[];
}

type About = Pick<Incident, 'alert' | 'takenIn'>;

interface Where {
  /** Further addresses that are known to have been reached: looked into in any case. */
  readonly also?: readonly string[];
  /** Looked into before: not again, whoever names them. */
  readonly except?: readonly string[];
  /** Whether somebody waits for what comes of it. */
  readonly patience?: 'short' | 'long';
}

export async function survey(
  flow: Flow,
  { alert }: About,
  { also = [], except = [], patience = 'short' }: Where = {},
): Promise<Survey> {
  const key = messageKey(alert);
  const hunted = await flow.mail.hunt(key, patience);
  const rows = hunted.deliveries;
  const identified = identify(key, rows);
  // Tracked deliveries first, those of the mail before those that only share an id with it.
  const named = uniqueAddresses([
    ...identified.deliveries.map(recipientOf),
    ...rows.map(recipientOf),
    ...alert.recipients,
    ...also,
  ]);
  const isDone = new Set(except.map(addressKey));
  for (const address of also) isDone.delete(addressKey(address));
  const addresses = named.filter((address) => !isDone.has(addressKey(address)));
  const looked = addresses.slice(0, MAX_MAILBOXES);
  const reached = await reach(flow, looked, identified.searchFor);
  const finder = finderOf(hunted, identified, flow.clock.now());
  return {
    ...reached,
    identified,
    foundBy:
      hunted.status !== 'answered' ? 'recipients' : alert.recipients.length > 0 ? 'hunting and recipients' : 'hunting',
    finders: [finder],
    huntRequest: hunted.requestId || null,
    huntWaitMs: hunted.waitMs,
    trackingCut: hunted.cutOff || identified.notSearchedFor > 0,
    notLooked: addresses.length - looked.length + alert.leftOut + reached.membersLeft,
    skipped: addresses.slice(MAX_MAILBOXES),
  };
}

/** Throws when nothing of the tenant answers now: then nobody has to be told anything, and it is tried again. */
export function mustKnowSomething({ finders, lookups }: Survey): void {
  const silent = finders.find(({ status }) => status === 'silent');
  if (silent && lookups.every(({ result }) => result === 'failed'))
    throw new ClawbackError('unavailable', `neither hunting nor any mailbox answered: ${silent.detail}`);
}

function finderOf({ status, cutOff, detail }: Hunted, { deliveries }: Identified, asOf: string): Finder {
  return { name: 'hunting', status, found: deliveries.length, cutOff, asOf, detail };
}

const recipientOf = ({ recipient }: Delivered) => recipient;

function uniqueAddresses(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [addressKey(address), address])).values()];
}

export interface Findings {
  readonly copies: readonly Copy[];
  readonly unsure: readonly UnsureGroup[];
  readonly leftAlone: readonly LookAlike[];
  readonly nothing: readonly string[];
  /** With a copy that the policy never touches. */
  readonly shielded: readonly Shielded[];
  /** Proven to have received it: object ids, and addresses as they were named. */
  readonly recipients: readonly string[];
  readonly received: readonly string[];
  readonly forms: SeenForms;
  /** Of the mailboxes with copies. */
  readonly refs: ReadonlyMap<string, MailboxRef>;
}

/** What was found, judged: which messages are copies, and which of those must not be touched. */
export function findingsOf(flow: Pick<Flow, 'hash'>, seen: Survey, { alert, takenIn }: About, sets: Sets): Findings {
  const { lookups, identified } = seen;
  const refs = refsOf(lookups);
  const found = lookups.flatMap(({ mailbox, messages }) =>
    mailbox ? messages.map((message) => ({ mailbox, message })) : [],
  );
  const { copies: all, unsure, others } = recognise(flow.hash, identified.key, found, takenIn);
  const setOf = new Map(all.map(({ mailbox }) => [mailbox.id, sets.shieldOf(refs.get(mailbox.id) ?? NOBODY)]));
  const copies = all.filter(({ mailbox }) => setOf.get(mailbox.id) === null);
  const shielded = new Map<string, Shielded>();
  for (const { mailbox } of all) {
    const set = setOf.get(mailbox.id);
    if (set) shielded.set(mailbox.id, { address: mailbox.address, set });
  }
  const unsureAt = new Set(unsure.flatMap(({ addresses }) => addresses));
  return {
    copies: copies.map(copyOf),
    unsure,
    leftAlone: others.map(({ mailbox, why }) => ({ address: mailbox.address, why })),
    nothing: lookups.flatMap(({ mailbox, result }) =>
      mailbox &&
      !setOf.has(mailbox.id) &&
      !unsureAt.has(mailbox.address) &&
      (result === 'found' || result === 'nothing')
        ? [mailbox.address]
        : [],
    ),
    shielded: [...shielded.values()],
    ...provenRecipients(seen, alert.received, all),
    forms: {
      internetMessageIds: all.flatMap(({ message }) => message.internetMessageId?.toWellFormed() ?? []),
      senders: all.map(({ message }) => addressKey(message.sender?.toWellFormed() ?? '')),
    },
    refs,
  };
}

const NOBODY: MailboxRef = { id: null, addresses: [] };

/**
 * Somebody with a copy in their mailbox, or named as a recipient by the service's tracking of this mail, or by a source whose
 * recipients are facts. Being looked into proves nothing: a mail's own To and Cc say whatever its writer likes.
 */
function provenRecipients({ lookups, groups, identified }: Survey, named: readonly string[], copies: readonly Found[]) {
  const received = uniqueAddresses([...identified.deliveries.map(recipientOf), ...named]);
  const isNamed = new Set(received.map(addressKey));
  const behind = lookups.flatMap(({ address, mailbox }) =>
    mailbox && isNamed.has(addressKey(address)) ? [mailbox.id] : [],
  );
  const members = groups.flatMap(({ address, people }) => (isNamed.has(addressKey(address)) ? people : []));
  const tracked = identified.deliveries.flatMap(({ recipientId }) => recipientId ?? []);
  const ids = [...copies.map(({ mailbox }) => mailbox.id), ...behind, ...members, ...tracked];
  return { recipients: ids.map((id) => id.toLowerCase()), received };
}

/** Every address under which each mailbox was asked for, with its own. */
function refsOf(lookups: readonly Lookup[]): ReadonlyMap<string, MailboxRef> {
  const refs = new Map<string, MailboxRef>();
  for (const { mailbox, address } of lookups) {
    if (!mailbox) continue;
    const known = refs.get(mailbox.id)?.addresses ?? [mailbox.address];
    refs.set(mailbox.id, { id: mailbox.id, addresses: [...known, address] });
  }
  return refs;
}

function copyOf({ mailbox, message: found }: Found): Copy {
  return {
    mailbox: mailbox.id,
    address: mailbox.address,
    message: found.message,
    folderId: found.folderId,
    // People name folders and categories as they like; the plan is hashed, and half a character cannot be.
    folder: found.folder.toWellFormed(),
    receivedAt: found.receivedAt,
    isRead: found.isRead,
    flag: found.flag,
    categories: found.categories.map((category) => category.toWellFormed()),
  };
}

/** An alarm for who runs this, beside the words on the card. `delivered`: as for `troubleWith`. */
export function tellFinders(flow: Pick<Flow, 'observe'>, finders: readonly Finder[], delivered: boolean): void {
  for (const finder of finders)
    if (finder.status !== 'off')
      flow.observe({ what: 'finder', finder: finder.name, result: troubleWith(finder, delivered) ?? 'answered' });
}

export function lookNote(incident: string, lookup: Lookup): Note {
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
