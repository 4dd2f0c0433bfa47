import { addressKey } from '../../core/address.ts';
import { ClawbackError } from '../../core/error.ts';
import { type FinderAnswer, foundBy, troubleWith } from '../../core/find/finder.ts';
import { type Delivered, type Identified, identify } from '../../core/find/identify.ts';
import { messageKey } from '../../core/find/key.ts';
import { inNoList } from '../../core/find/listed.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { FinderPatience, MessageIds, Tracking } from '../../ports/finder.ts';
import type { Lookup, Reader } from '../../ports/reader.ts';
import type { Finding, Flow } from '../flow.ts';
import type { Note } from '../record/record.ts';
import { type Reached, reach } from './reach.ts';

/** Which mailboxes did it reach? Graph is asked, outside any transaction. */

/**
 * This many mailboxes at most are looked into for one incident; how many were left out is in the plan. Hunting names 100,000
 * deliveries at most in one answer [learn.microsoft.com/defender-xdr/advanced-hunting-limits].
 */
const MAX_MAILBOXES = 120_000;

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
  /** Of these, addresses that the mail reached and that are not in the list that was to be kept to. */
  readonly unlisted: number;
  /** Addresses beyond the limit. */
  readonly skipped: readonly string[];
}

/** What is looked for. */
export type About = Pick<Incident, 'alert' | 'takenIn'>;

interface Where {
  /** Further addresses that are known to have been reached: looked into in any case. */
  readonly also?: readonly string[];
  /** Lists that were made of what was looked into before: not again, unless tracking names what is in none of them. */
  readonly known?: readonly Plan[];
  /** Addresses that somebody else looks into, by these Message-IDs: not where the mail is known by another one, too. */
  readonly except?: { readonly addresses: readonly string[]; readonly internetMessageIds: readonly string[] };
  /** Only into these mailboxes: a list that somebody saw and made an incident of. What tracking names besides is counted. */
  readonly listed?: readonly string[];
  /** How mailboxes are looked into; else nothing of it is kept as it goes. */
  readonly locate?: Reader['locate'];
  /** Whether somebody waits for what comes of it. */
  readonly patience?: FinderPatience;
}

export async function survey(
  flow: Finding,
  { alert }: About,
  { also = [], known = [], except, listed, locate, patience = 'short' }: Where = {},
): Promise<Survey> {
  const key = messageKey(alert);
  const told = await askFinders(flow, key, patience);
  const rows = told.flatMap(({ said }) => said.deliveries);
  const identified = identify(key, rows);
  // Tracked deliveries first, those of the mail before those that only share an id with it.
  const all = uniqueAddresses([
    ...identified.deliveries.map(recipientOf),
    ...rows.map(recipientOf),
    ...alert.recipients,
    ...also,
  ]);
  const named = listed ? uniqueAddresses(listed) : all;
  const isDone = new Set(known.flatMap(({ asked }) => asked).map(addressKey));
  for (const address of [...also, ...inNoList(rows, known)]) isDone.delete(addressKey(address));
  if (except && identified.searchFor.every((id) => except.internetMessageIds.includes(id)))
    for (const address of except.addresses) isDone.add(addressKey(address));
  const addresses = named.filter((address) => !isDone.has(addressKey(address)));
  const looked = addresses.slice(0, MAX_MAILBOXES);
  const unlisted = listed ? beyond(listed, [...identified.deliveries.map(recipientOf), ...alert.recipients]) : 0;
  const { directory, reader } = flow;
  const reached = await reach({ directory, locate: locate ?? ((...asked) => reader.locate(...asked)) }, looked, {
    internetMessageIds: identified.searchFor,
    owners: ownersIn(rows),
    networkMessageIds: identified.key.identified,
  });
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
    notLooked: addresses.length - looked.length + alert.leftOut + reached.membersLeft + unlisted,
    unlisted,
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

export const recipientOf = ({ recipient }: Delivered) => recipient;

function beyond(listed: readonly string[], reached: readonly string[]): number {
  const isListed = new Set(listed.map(addressKey));
  return uniqueAddresses(reached).filter((address) => !isListed.has(addressKey(address))).length;
}

export function uniqueAddresses(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [addressKey(address), address])).values()];
}

/** An alarm for who runs this, beside the words on the card. `delivered`: as for `troubleWith`. */
export function tellFinders(flow: Pick<Flow, 'observe'>, finders: readonly FinderAnswer[], delivered: boolean): void {
  for (const finder of finders)
    if (finder.status !== 'off')
      flow.observe({ what: 'finder', finder: finder.name, result: troubleWith(finder, delivered) ?? 'answered' });
}

/** `incident`: null where a person looks for mail that has none. */
export function lookNote(incident: string | null, lookup: Lookup): Note {
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
