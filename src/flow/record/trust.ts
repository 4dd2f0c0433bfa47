import { actionNamed, actionStored, definitionOf, isUndo, isUndoable } from '../../core/action/action.ts';
import { type Plan, shortDigest, targetKey } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { campaignBreach } from '../../core/record/campaign.ts';
import { clickedBreach } from '../../core/record/clicked.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import {
  CASE_ENTRIES,
  HEARD_ENTRIES,
  linkBreach,
  planBreach,
  planlessBreach,
  readable,
  runBreach,
  stateBreach,
  voteBreach,
} from '../../core/record/trust.ts';
import { type Allowed, imageOf, workBreach } from '../../core/record/trust-work.ts';
import { unreadBreach } from '../../core/unread.ts';
import type { Link } from '../../ports/accounts.ts';
import type { ChatUser, Press } from '../../ports/desk.ts';
import type { Held } from '../../ports/held.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Flow, Hash } from '../flow.ts';
import { type Checked, entriesOf } from './entries.ts';
import { heardDifference } from './heard.ts';
import { announce, record } from './record.ts';
import { deadlineBreach, NOT_WAITING, waitBreach } from './wait.ts';

/**
 * What is stored is not believed: before anything is decided, started or carried out it is held against the record. On
 * any difference nothing runs, and the incident says so from then on, in both chats and in the record.
 */

type Trusting = { readonly hash: Pick<Hash, 'digest'> };
/** The same, to mark an incident where something differs. */
type Marking = Bookkeeping & Trusting;
/** The same about somebody who presses. */
type Distrusting = Marking & Pick<Flow, 'chats'>;

/** In the way of a press: null when there is nothing to say about it, or it has no effect anyway. `on`: whose card it is. */
export async function distrust(
  flow: Distrusting,
  tx: Tx,
  { by, card, incident: named, verb }: Press,
  on: string = named,
): Promise<{ readonly refusal: { readonly code: 'tampered' } } | null> {
  if (verb === 'details') return null;
  const incident = await tx.incidents.lock(named.replaceAll('\0', ''));
  const own =
    incident && (await tx.cards.of(on === named ? incident.id : on)).find(({ platform }) => platform === by.platform);
  // From any other place it is refused for that alone: nobody else makes us look.
  if (!incident || own?.ref?.channel !== card.channel || own.ref.message !== card.message) return null;
  return (await isTampered(flow, tx, incident, by)) ? { refusal: { code: 'tampered' } } : null;
}

/** Looks, and marks the incident where something differs. */
export async function isTampered(
  flow: Distrusting,
  tx: Tx,
  incident: Held<Incident>,
  by: ChatUser | null = null,
): Promise<boolean> {
  if (incident.breach !== null) return true;
  const breach = (await caseBreach(flow, tx, incident)) ?? (by && (await accountBreach(flow, tx, by)));
  if (breach === null) return false;
  await mark(flow, tx, incident.id, breach);
  return true;
}

/** What an alert adds to must be what the record says: else it would be put in order by the next alert. */
export async function isHeardAsRecorded(flow: Marking, tx: Tx, incident: Incident): Promise<boolean> {
  const unread = unreadBreach(incident.unread);
  if (unread !== null) {
    await mark(flow, tx, incident.id, unread);
    return false;
  }
  const asked = { incident: incident.id, types: HEARD_ENTRIES };
  const newest = await entriesOf(tx, { ...asked, newest: true });
  // One mail may be reported thousands of times: only where the newest says nothing are all of them read.
  const tells = newest.breach !== null || newest.value.some(({ detail }) => detail.heard !== null);
  const read = tells ? newest : await entriesOf(tx, asked);
  const breach = read.breach ?? (await heardDifference(flow, tx, incident, read.value));
  if (breach !== null) await mark(flow, tx, incident.id, breach);
  return breach === null;
}

/** Everything that a decision on this incident rests on. */
export async function caseBreach(flow: Trusting, tx: Tx, incident: Incident): Promise<string | null> {
  const read = await entriesOf(tx, { incident: incident.id, types: CASE_ENTRIES });
  if (read.breach !== null) return read.breach;
  const entries = read.value;
  return (
    markOf(entries) ??
    unreadBreach(incident.unread) ??
    (await originBreach(tx, incident, entries)) ??
    (await heardDifference(flow, tx, incident, entries)) ??
    (await plansBreach(flow, tx, incident, entries)) ??
    stateBreach(incident, entries) ??
    campaignBreach(incident, entries) ??
    clickedBreach(incident, entries) ??
    waitBreach(incident, entries) ??
    voteBreach(await votesOn(tx, incident), entries)
  );
}

/** A mark that was wiped off the row is still in the record. */
function markOf(entries: readonly Recorded[]): string | null {
  const said = entries.filter(ofType('integrity.broken')).at(-1);
  if (said) return said.detail.what;
  // A row that was put back would make its old votes count again.
  const retired = entries.find(({ type }) => type === 'incident.retired');
  return retired ? `it was retired at entry ${retired.seq} of the record, and is stored` : null;
}

async function votesOn(tx: Tx, { id, planDigest }: Incident) {
  return (await tx.decisions.list(id)).filter((vote) => vote.planDigest === (planDigest ?? ''));
}

/** Whoever is part of the incident that this one grew out of has no say here either: where it came from is in the record. */
export async function originBreach(
  tx: Tx,
  { id, parent }: Incident,
  entries: readonly Recorded[],
): Promise<string | null> {
  if (parent === null)
    return entries.some(({ type }) => type === 'alert.received') ? null : 'the record knows no alert of this incident';
  const grown = await entriesOf(tx, { incident: parent, types: ['plan.grown'], detail: ['child', id] });
  if (grown.breach !== null) return grown.breach;
  return grown.value.length > 0 ? null : `the record does not say that this incident grew out of ${parent}`;
}

async function plansBreach(
  flow: Trusting,
  tx: Tx,
  incident: Incident,
  entries: readonly Recorded[],
): Promise<string | null> {
  if (incident.planDigest === null) return planlessBreach(incident, entries);
  const plan = await trustedPlan(tx, incident, incident.planDigest, entries, true);
  return plan.breach ?? deadlineBreach(incident, plan.value) ?? policyBreach(flow, tx, plan.value.policy);
}

async function trustedPlan(
  tx: Tx,
  incident: Incident,
  digest: string,
  entries: readonly Recorded[],
  newest: boolean,
): Promise<Checked<Plan>> {
  const stored = await tx.incidents.storedPlan(digest);
  const breach = planBreach(incident, digest, stored, entries, newest);
  const plan = breach === null ? readable(stored, digest) : null;
  return plan ? { breach: null, value: plan } : { breach: breach ?? `plan ${shortDigest(digest)} cannot be read` };
}

export async function policyBreach(flow: Trusting, tx: Tx, digest: string): Promise<string | null> {
  // A plan from before there were policies names none.
  if (digest === '') return null;
  const name = `policy ${digest.slice(0, 8)}`;
  const stored = await tx.policies.stored(digest);
  if (!stored) return `${name} is not stored any more`;
  if ('unread' in stored) return unreadBreach(stored.unread);
  if (flow.hash.digest(stored.value) !== digest) return `${name} is not as it was adopted`;
  const adopted = await entriesOf(tx, { incident: null, types: ['policy.adopted'], detail: ['policy', digest] });
  return adopted.breach ?? (adopted.value.length > 0 ? null : `the record knows no ${name}`);
}

async function accountBreach(
  { chats }: Pick<Flow, 'chats'>,
  tx: Tx,
  { platform, id }: ChatUser,
): Promise<string | null> {
  if (chats.get(platform)?.knownBy !== 'link') return null;
  const link = await tx.people.of(platform, id.replaceAll('\0', ''));
  return link && differenceOf(tx, link);
}

async function differenceOf(tx: Tx, link: Link): Promise<string | null> {
  const types = ['account.linked', 'account.unlinked'] as const;
  const read = await entriesOf(tx, { incident: null, types, detail: ['account', link.account] });
  return read.breach ?? linkBreach(link, read.value);
}

/** A link that the record does not know links nobody. */
export async function provenLink(tx: Tx, platform: Platform, account: string): Promise<Link | null> {
  const link = await tx.people.of(platform, account.replaceAll('\0', ''));
  return link && (await differenceOf(tx, link)) === null ? link : null;
}

/** The account of a person by a link that the record knows. */
export async function provenAccount(tx: Tx, platform: Platform, person: string): Promise<string | null> {
  const account = await tx.people.account(platform, person);
  return account !== null && (await provenLink(tx, platform, account))?.person === person ? account : null;
}

/**
 * What this run may touch, once per turn; null when it may touch nothing, and the incident says why. For an undo that is
 * what the incident's own removing runs took out.
 */
export async function allowedFor(flow: Marking, tx: Tx, run: Run, incident: Incident): Promise<Allowed | null> {
  if (incident.breach !== null) return null;
  const checked = await checkRun(flow, tx, run, incident);
  if (checked.breach === null) return checked.value;
  await mark(flow, tx, incident.id, checked.breach);
  return null;
}

/** Row and record name the same kind of thing: none of ours. A row alone that does is one that somebody has changed. */
export async function isOfNewerVersion(tx: Tx, { id, incident, action }: Run): Promise<boolean> {
  if (actionStored(action) !== null) return false;
  const read = await entriesOf(tx, { incident, types: ['run.started'] });
  const said = read.breach === null ? read.value.find(({ detail }) => detail.run === id)?.detail.action : undefined;
  return said !== undefined && actionNamed(said) === null && actionStored(said) === null;
}

async function checkRun(flow: Trusting, tx: Tx, run: Run, incident: Incident): Promise<Checked<Allowed>> {
  const read = await entriesOf(tx, { incident: incident.id, types: CASE_ENTRIES });
  if (read.breach !== null) return read;
  const breach =
    markOf(read.value) ??
    unreadBreach(incident.unread) ??
    runBreach(run, read.value) ??
    (run.id === incident.runId ? null : 'a run that is not the one of this incident') ??
    (await heardDifference(flow, tx, incident, read.value));
  if (breach !== null) return { breach };
  const plan = await trustedPlan(tx, incident, run.planDigest, read.value, false);
  if (plan.breach !== null) return plan;
  if (plan.value.mode !== run.mode) return { breach: 'the mode of a run differs from its plan' };
  const policy = await policyBreach(flow, tx, plan.value.policy);
  if (policy !== null) return { breach: policy };
  if (isUndo(run.action)) return takenOut(tx, incident, read.value);
  return {
    breach: null,
    value: new Map(plan.value.copies.map((copy) => [targetKey(copy), { address: copy.address, befores: null }])),
  };
}

async function takenOut(tx: Tx, incident: Incident, entries: readonly Recorded[]): Promise<Checked<Allowed>> {
  const allowed = new Map<string, { address: string; befores: string[] }>();
  for (const run of await tx.runs.ofIncident(incident.id)) {
    if (!isUndoable(run.action)) continue;
    const breach = runBreach(run, entries);
    if (breach !== null) return { breach };
    const plan = await trustedPlan(tx, incident, run.planDigest, entries, false);
    if (plan.breach !== null) return plan;
    const removed = await tx.work.all(run.id, definitionOf(run.action).done);
    const copies = new Map(
      plan.value.copies.map((copy) => [targetKey(copy), { address: copy.address, befores: null }]),
    );
    const stray = workBreach(removed, copies);
    if (stray !== null) return { breach: stray };
    for (const item of removed) {
      const befores = allowed.get(targetKey(item))?.befores ?? [];
      allowed.set(targetKey(item), { address: item.address, befores: [...befores, imageOf(item.before)] });
    }
  }
  return { breach: null, value: allowed };
}

/** Whether claimed items may be worked on. Where not, they are given back and the incident is marked. */
export async function mayTouch(
  flow: Bookkeeping,
  tx: Tx,
  run: Run,
  items: readonly WorkItem[],
  allowed: Allowed,
): Promise<boolean> {
  const breach = workBreach(items, allowed);
  if (breach === null) return true;
  await tx.work.release(run.id, items);
  await mark(flow, tx, run.incident, breach);
  return false;
}

/** Once: from then on the incident waits for nothing, and no timer asks for it. */
export async function mark(flow: Bookkeeping, tx: Tx, id: string, what: string): Promise<void> {
  const incident = await tx.incidents.lock(id);
  if (!incident || incident.breach !== null) return;
  const known = await tx.ledger.find({ incident: id, types: ['integrity.broken'] });
  if (known.length === 0)
    await record(flow, tx, [
      { type: 'integrity.broken', incident: id, planDigest: incident.planDigest, detail: { what } },
    ]);
  await announce(flow, tx, id, { breach: what, ...NOT_WAITING });
}
