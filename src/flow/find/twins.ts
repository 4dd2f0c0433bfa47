import { aliasKeys, networkKeys } from '../../core/find/key.ts';
import { targetKey } from '../../core/find/plan.ts';
import { advance, type Incident, isClosed, situationOf } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { announce, askForCards, type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { NOT_WAITING } from '../record/wait.ts';
import type { Findings } from './findings.ts';
import { alertNote, learn } from './intake.ts';
import { lookNow } from './look-times.ts';

/**
 * A mail that two sources name by different ids is one incident. What mailboxes and tracking say of proven copies files it
 * under every id that the mail has, so that a later alert joins it. Where two were opened before that was known, the one
 * whose search ends last is joined to the other; where both have lists already, both cards say so.
 */

/** By which of these it is not filed yet. */
export async function newAliases(
  tx: Tx,
  { id }: Pick<Incident, 'id'>,
  aliases: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(aliases.length === 0 ? [] : (await tx.incidents.keysOf([id])).get(id));
  return aliases.filter((key) => !known.has(key));
}

/** Cards of others that are open about the same mail are told of this news. */
export async function fileAliases(
  flow: Finding,
  tx: Tx,
  incident: Held<Incident>,
  news: readonly string[],
): Promise<void> {
  if (news.length === 0) return;
  await tx.incidents.file(incident.id, news);
  // Two that find each other at once may wait for each other: then one of them is run again.
  for (const { id } of await openTwins(tx, incident, news)) await announce(flow, tx, id);
}

interface Home {
  readonly incident: Incident;
  /** Copies were found here that its list does not hold. */
  readonly hasMore: boolean;
}

/** The one that this one goes on in, held; null for none. Only what nobody was asked about yet is joined to another. */
async function goesOnIn(flow: Finding, tx: Tx, incident: Incident, findings: Findings): Promise<Home | null> {
  if (incident.planDigest !== null) return null;
  // Two searches that find the same mail end one after the other: the second one sees the first.
  await tx.incidents.holdKeys(networkKeys(findings.aliases));
  const ready = (await openTwins(tx, incident, findings.aliases)).filter(({ state }) => state !== 'received');
  const oldest = ready.at(-1);
  const held = oldest && (await tx.incidents.lock(oldest.id));
  if (!held || isClosed(held.state) || (await isTampered(flow, tx, held))) return null;
  const missing = await missingThere(tx, held, findings);
  return missing && { incident: held, hasMore: missing.length > 0 };
}

/**
 * What would not be in its list, and be found by its next look; null where something might not: copies that were found are
 * never given up for a list that has none, or is about other deliveries.
 */
async function missingThere(tx: Tx, { id, planDigest }: Incident, { copies, copyForms }: Findings) {
  const listed = new Set((await tx.incidents.plan(planDigest ?? ''))?.copies.map(targetKey));
  if (listed.size === 0 && copies.length > 0) return null;
  const known = new Set((await tx.incidents.keysOf([id])).get(id));
  const missing = copies.map(targetKey).filter((copy) => !listed.has(copy));
  const isKnown = (copy: string) =>
    aliasKeys([{ ...NO_HEADERS, networkMessageId: copyForms.get(copy)?.networkMessageId ?? null }]).some((key) =>
      known.has(key),
    );
  return missing.every(isKnown) ? missing : null;
}

const NO_HEADERS = { internetMessageId: null, sender: null, subject: null } as const;

export async function joinTwin(
  flow: Finding,
  tx: Tx,
  incident: Held<Incident>,
  findings: Findings,
  notes: readonly Note[],
): Promise<boolean> {
  const state = advance(situationOf(incident), 'rejected');
  const home = state && (await goesOnIn(flow, tx, incident, findings));
  if (!state || !home) return false;
  const into = home.incident;
  const { alert, askers, id } = incident;
  const { aliases } = findings;
  await tx.incidents.createOrRepeat({ ...incident, dedupeKey: into.dedupeKey, updatedAt: flow.clock.now() });
  const heard = await learn(flow, tx, { incident: into, created: false }, alert, askers);
  await record(flow, tx, [
    ...notes,
    { type: 'incident.joined', incident: id, detail: { into: into.id } },
    alertNote('alert.repeated', into.id, alert, { delivery: id, previous: null, heard }),
  ]);
  const keys = (await tx.incidents.keysOf([id])).get(id) ?? [];
  await tx.incidents.file(into.id, [...keys, ...aliases]);
  await tx.incidents.file(id, aliases);
  await askForCards(flow, tx, into.id);
  if (home.hasMore) await lookNow(tx, into);
  const words = { closedBy: 'Clawback', reason: `the same mail as ${into.id}` };
  await announce(flow, tx, id, { state, ...words, ...NOT_WAITING });
  return true;
}

/** Others that are open and known by one of the network ids; newest first. Headers alone prove no mail to be the same. */
async function openTwins(tx: Tx, { id }: Pick<Incident, 'id'>, keys: readonly string[]): Promise<readonly Incident[]> {
  const found = await tx.incidents.filedUnder(networkKeys(keys));
  return found.filter((one) => one.id !== id && one.parent === null && one.breach === null && !isClosed(one.state));
}
