import type { SeenForms } from '../../core/action/copy.ts';
import { addressKey } from '../../core/address.ts';
import { ClawbackError } from '../../core/error.ts';
import { type FinderAnswer, foundBy, troubleWith } from '../../core/find/finder.ts';
import { type Delivered, type Identified, identify } from '../../core/find/identify.ts';
import { aliasKeys, messageKey } from '../../core/find/key.ts';
import { inNoList } from '../../core/find/listed.ts';
import {
  type Copy,
  type LookAlike,
  type Plan,
  type Shielded,
  targetKey,
  type UnsureGroup,
} from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { FinderPatience, MessageIds, Tracking } from '../../ports/finder.ts';
import type { Lookup } from '../../ports/reader.ts';
import type { Finding, Flow } from '../flow.ts';
import type { Note } from '../record/record.ts';
import { type Reached, reach } from './reach.ts';
import { type Found, recognise } from './recognise.ts';
import type { MailboxRef, Sets } from './sets.ts';

/** Which mailboxes did it reach? Graph is asked, outside any transaction. */

/** This many mailboxes at most are looked into for one incident; how many were left out is in the plan. */
const MAX_MAILBOXES = 20_000;

export interface Survey extends Reached {
  readonly identified: Identified;
  /** All that tracking told, of this mail and of what only shares an id with it. */
  readonly tracked: readonly Delivered[];
  readonly foundBy: Plan['foundBy'];
  readonly finders: readonly FinderAnswer[];
  /** Of the first finder that gave one. */
  readonly finderRequest: string | null;
  /** How long finders want to be left alone; null where none asked for that. */
  readonly finderWaitMs: number | null;
  readonly trackingCut: boolean;
  readonly notLooked: number;
  /** Addresses beyond the limit. */
  readonly skipped: readonly string[];
}

type About = Pick<Incident, 'alert' | 'takenIn'>;

interface Where {
  /** Further addresses that are known to have been reached: looked into in any case. */
  readonly also?: readonly string[];
  /** Lists that were made of what was looked into before: not again, unless tracking names what is in none of them. */
  readonly known?: readonly Plan[];
  /** Addresses that somebody else looks into, by these Message-IDs: not where the mail is known by another one, too. */
  readonly except?: { readonly addresses: readonly string[]; readonly internetMessageIds: readonly string[] };
  /** Whether somebody waits for what comes of it. */
  readonly patience?: FinderPatience;
}

export async function survey(
  flow: Finding,
  { alert }: About,
  { also = [], known = [], except, patience = 'short' }: Where = {},
): Promise<Survey> {
  const key = messageKey(alert);
  const told = await askFinders(flow, key, patience);
  const rows = told.flatMap(({ said }) => said.deliveries);
  const identified = identify(key, rows);
  // Tracked deliveries first, those of the mail before those that only share an id with it.
  const named = uniqueAddresses([
    ...identified.deliveries.map(recipientOf),
    ...rows.map(recipientOf),
    ...alert.recipients,
    ...also,
  ]);
  const isDone = new Set(known.flatMap(({ asked }) => asked).map(addressKey));
  for (const address of [...also, ...inNoList(rows, known)]) isDone.delete(addressKey(address));
  if (except && identified.searchFor.every((id) => except.internetMessageIds.includes(id)))
    for (const address of except.addresses) isDone.add(addressKey(address));
  const addresses = named.filter((address) => !isDone.has(addressKey(address)));
  const looked = addresses.slice(0, MAX_MAILBOXES);
  const reached = await reach(flow, looked, { internetMessageIds: identified.searchFor, owners: ownersIn(rows) });
  const asOf = flow.clock.now();
  const finders = told.map((one) => answerOf(one, identified, asOf));
  return {
    ...reached,
    identified,
    tracked: rows,
    foundBy: foundBy(finders, alert.recipients.length > 0),
    finders,
    finderRequest: told.find(({ said }) => said.requestId !== '')?.said.requestId ?? null,
    finderWaitMs: longestOf(told.flatMap(({ said }) => said.waitMs ?? [])),
    trackingCut: told.some(({ said }) => said.cutOff) || identified.notSearchedFor > 0,
    notLooked: addresses.length - looked.length + alert.leftOut + reached.membersLeft,
    skipped: addresses.slice(MAX_MAILBOXES),
  };
}

/**
 * Throws when nothing of the tenant answers now: then nobody has to be told anything, and it is tried again. So it is where
 * no mailbox is known to look into: who is silent is the only one who could name it. For searches that leave nothing out;
 * after one for which everything was looked into before, silence is told instead.
 */
export function mustKnowSomething({ finders, lookups }: Survey): void {
  const silent = finders.find(({ status }) => status === 'silent');
  const isAnswered = finders.some(({ status }) => status === 'answered');
  if (silent && !isAnswered && lookups.every(({ result }) => result === 'failed'))
    throw new ClawbackError('unavailable', `neither ${silent.name} nor any mailbox answered: ${silent.detail}`);
}

interface Told {
  readonly name: string;
  readonly said: Tracking;
}

/** All at once: none waits for another. */
function askFinders({ finders }: Pick<Flow, 'finders'>, ids: MessageIds, patience: FinderPatience): Promise<Told[]> {
  return Promise.all(finders.map(async (finder) => ({ name: finder.name, said: await finder.find(ids, patience) })));
}

function answerOf({ name, said }: Told, { deliveries }: Identified, asOf: string): FinderAnswer {
  const { status, cutOff, detail } = said;
  const own = new Set(said.deliveries);
  return { name, status, found: deliveries.filter((one) => own.has(one)).length, cutOff, asOf, detail };
}

/** Of mail of ours or another's: whose an address is does not depend on that. Not where tracking contradicts itself. */
function ownersIn(rows: readonly Delivered[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string | null>();
  for (const { recipient, recipientId } of rows) {
    if (recipientId === null) continue;
    const known = owners.get(recipient);
    owners.set(recipient, known === undefined || known === recipientId ? recipientId : null);
  }
  return new Map([...owners].flatMap(([address, id]) => (id === null ? [] : [[address, id]])));
}

const longestOf = (waits: readonly number[]) => (waits.length > 0 ? Math.max(...waits) : null);

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
  /** What the mail is known by besides, from its proven copies and deliveries. */
  readonly aliases: readonly string[];
  /** Network ids of proven copies, by `targetKey`; null where Exchange's own is not told. */
  readonly copyIds: ReadonlyMap<string, string | null>;
  /** Of the mailboxes with copies. */
  readonly refs: ReadonlyMap<string, MailboxRef>;
}

/** What was found, judged: which messages are copies, and which of those must not be touched. */
export function findingsOf(flow: Pick<Flow, 'hash'>, seen: Survey, { alert, takenIn }: About, sets: Sets): Findings {
  const { lookups, identified, tracked } = seen;
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
    // What bears an id of the mail is the mail, also where nothing else is known to compare it with: that files it, no more.
    aliases: aliasKeys([
      ...all.map(({ message }) => message),
      ...identified.deliveries,
      ...[...found.map(({ message }) => message), ...tracked].filter(bears(identified.key.identified)),
    ]),
    copyIds: new Map(
      all.map(({ mailbox, message }) => [
        targetKey({ mailbox: mailbox.id, message: message.message }),
        message.networkMessageId,
      ]),
    ),
    refs,
  };
}

const bears = (ids: readonly string[]) => (seen: Pick<Delivered, 'networkMessageId'>) =>
  seen.networkMessageId !== null && ids.includes(seen.networkMessageId.toLowerCase());

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
    // Asked for when somebody looks: it would take a question for each mailbox, and decides nothing.
    folder: '',
    receivedAt: found.receivedAt,
    isRead: found.isRead,
    flag: found.flag,
    // People name them as they like; the plan is hashed, and half a character cannot be.
    categories: found.categories.map((category) => category.toWellFormed()),
  };
}

/** An alarm for who runs this, beside the words on the card. `delivered`: as for `troubleWith`. */
export function tellFinders(flow: Pick<Flow, 'observe'>, finders: readonly FinderAnswer[], delivered: boolean): void {
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
