import { isUndo, takesOut } from '../../core/action/action.ts';
import { type Outcome, SEEN_BACK } from '../../core/action/outcome.ts';
import { type Copy, type Target, targetKey } from '../../core/find/plan.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import {
  isOtherThan,
  type Recovered,
  recoveredDetail,
  recoveredIn,
  recoveredOf,
  type Sight,
} from '../../core/record/recovered.ts';
import { LEFT_OUT } from '../../core/tell/run-facts.ts';
import type { Reading } from '../../ports/reader.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding, Flow } from '../flow.ts';
import type { Note } from '../record/record.ts';
import { itemsOf } from '../record/run-items.ts';
import { lateEntries } from '../tell/facts.ts';
import type { Survey } from './survey.ts';

/** What was out of sight when a run ended, whoever had put it there, and where it is now. It is told, and never taken again. */

export interface Watched extends Target {
  readonly incident: string;
  readonly address: string;
  /** As the list has it. */
  readonly receivedAt: string | null;
  /** When we set out to take it, or came and found it gone; ISO time. */
  readonly since: string;
  /** It was brought back from here, is in hand, or is asked for: nothing is told of it, and it is nothing new. */
  readonly ours: boolean;
  /** It was back when it was last looked at. */
  readonly wasBack: boolean;
}

const OUT: readonly Outcome[] = ['removed', 'alreadyGone', 'vanished'];

export async function watchedCopies(tx: Tx, incidents: readonly string[]): Promise<readonly Watched[]> {
  const all: Watched[] = [];
  for (const incident of incidents) all.push(...(await watchedIn(tx, incident)));
  return all;
}

type Out = Omit<Watched, 'wasBack'>;

async function watchedIn(tx: Tx, incident: string): Promise<readonly Watched[]> {
  const out = await outOf(tx, incident);
  const moved = new Set(await movedByUs(tx, incident, out));
  const seen = new Map<string, { readonly at: string; readonly outcome: string | null }>();
  for (const { entry } of await tx.ledger.find({ incident, types: ['copy.recovered'] }))
    if (entry) seen.set(keyOf(entry), entry);
  return [...out.values()].map((copy) => {
    const last = seen.get(targetKey(copy));
    const ours = copy.ours || moved.has(targetKey(copy));
    return { ...copy, ours, wasBack: last !== undefined && last.outcome === 'back' && last.at > copy.since };
  });
}

const keyOf = ({ mailbox, message }: { readonly mailbox: string | null; readonly message: string | null }) =>
  targetKey({ mailbox: mailbox ?? '', message: message ?? '' });

/** What the runs of an incident took out of sight; `ours` where one brought it back, or has it in hand. */
async function outOf(tx: Tx, incident: string): Promise<Map<string, Out>> {
  const out = new Map<string, Out>();
  const runs = (await tx.runs.ofIncident(incident)).filter(({ mode }) => mode === 'live');
  for (const run of runs) {
    const leaves = leavesOut(run);
    const received = new Map((await tx.incidents.plan(run.planDigest))?.copies.map((copy) => [targetKey(copy), copy]));
    for (const item of await itemsOf(tx, run)) {
      const { mailbox, message, address, outcome } = item;
      const key = targetKey(item);
      const known = out.get(key);
      const receivedAt = received.get(key)?.receivedAt ?? known?.receivedAt ?? null;
      const since = item.intentAt ?? run.startedAt;
      const isLeftOut = outcome !== null && leaves.includes(outcome);
      if (isLeftOut) out.set(key, { incident, mailbox, message, address, receivedAt, since, ours: false });
      else if (known && !leavesAsItWas(run, outcome)) out.set(key, { ...known, ours: true });
    }
  }
  return out;
}

/** Outcomes after which a copy is out of sight. What a `late` undo is about was out again before it. */
function leavesOut({ action, cause }: Run): readonly Outcome[] {
  if (isUndo(action)) return cause === 'late' ? LEFT_OUT : [];
  if (cause === 'late') return ['removed'];
  return takesOut(action) ? OUT : [];
}

/** Whether it lies where it lay before the run. What a `late` purge is about was back. */
function leavesAsItWas({ action, cause }: Run, outcome: Outcome | null): boolean {
  if (outcome === null) return false;
  if (isUndo(action)) return !SEEN_BACK.includes(outcome);
  return cause !== 'late';
}

/** What was brought back from here without a run of the incident, and what its list asks for as it is. */
async function movedByUs(tx: Tx, incident: string, out: ReadonlyMap<string, Out>): Promise<readonly string[]> {
  const isSince = (key: string, at: string | null) => at !== null && at > (out.get(key)?.since ?? at);
  const late = (await lateEntries(tx, incident)).filter(({ outcome }) => outcome === 'put back again');
  const moved = late.flatMap((entry) => (isSince(keyOf(entry), entry.at) ? [keyOf(entry)] : []));
  for (const run of await restoresElsewhere(tx, incident))
    for (const item of await itemsOf(tx, run)) {
      const isMoved = item.outcome === null || SEEN_BACK.includes(item.outcome);
      if (isMoved && isSince(targetKey(item), item.intentAt)) moved.push(targetKey(item));
    }
  return [...moved, ...(await askedFor(tx, incident))];
}

/** Undos of other incidents that hold the same copies. */
async function restoresElsewhere(tx: Tx, incident: string): Promise<readonly Run[]> {
  const found = new Map<string, Run>();
  for (const { id } of await tx.runs.ofIncident(incident))
    for (const shared of await tx.work.sharedWith(id, OUT)) {
      const run = await tx.runs.get(shared.run);
      if (run && isUndo(run.action) && run.incident !== incident) found.set(run.id, run);
    }
  return [...found.values()];
}

/** Nobody has to look again for what is being decided about. */
async function askedFor(tx: Tx, id: string): Promise<readonly string[]> {
  const incident = await tx.incidents.get(id);
  const stands = incident && situationOf(incident);
  if (!incident || (stands !== 'open' && stands !== 'flagged')) return [];
  return (await tx.incidents.plan(incident.planDigest ?? ''))?.copies.map(targetKey) ?? [];
}

/** `absent`: not there any more under the id that it had. */
type Found = Sight['is'] | 'absent';

export interface Whereabouts {
  readonly copy: Watched;
  readonly is: Found;
}

const READ_AT_ONCE = 200;

/** Read by its id, without searching anybody's mailbox. */
export async function whereabouts(flow: Finding, watched: readonly Watched[]): Promise<readonly Whereabouts[]> {
  const found: Whereabouts[] = [];
  for (let start = 0; start < watched.length; start += READ_AT_ONCE) {
    const part = watched.slice(start, start + READ_AT_ONCE);
    const readings = await flow.reader.read(part);
    found.push(...part.map((copy, nth) => ({ copy, is: foundAt(readings[nth]) })));
  }
  return found;
}

function foundAt(reading: Reading | undefined): Found {
  if (reading?.status === 'ok') return reading.state.inRecoverableItems ? 'gone' : 'back';
  if (reading?.status === 'absent') return reading.beyond ? 'gone' : 'absent';
  return 'unread';
}

export type Seen = Sight & Watched;

/** Under the lock: what was begun or ended since it was looked at has changed what may be said of a copy. */
export async function stillWatched(
  tx: Tx,
  incidents: readonly string[],
  sights: readonly Seen[],
): Promise<readonly Seen[]> {
  const now = new Map((await watchedCopies(tx, incidents)).map((copy) => [watchKey(copy), copy]));
  return sights.flatMap((sight) => {
    const copy = now.get(watchKey(sight));
    return copy && !copy.ours ? [{ ...sight, wasBack: copy.wasBack }] : [];
  });
}

const watchKey = (copy: Watched) => `${copy.incident} ${copy.since} ${targetKey(copy)}`;

/** With what was found in the mailboxes of those that were absent: under another id it is the same copy. */
export function sightsOf(
  found: readonly Whereabouts[],
  { lookups }: Survey,
  fresh: readonly Copy[],
): { readonly sights: readonly Seen[]; readonly copies: readonly Copy[] } {
  const searched = new Set(
    lookups.flatMap(({ mailbox, result }) =>
      mailbox && (result === 'found' || result === 'nothing') ? mailbox.id : [],
    ),
  );
  const known = new Set(found.map(({ copy }) => targetKey(copy)));
  const copies = fresh.filter((copy) => !known.has(targetKey(copy)));
  const sights = found.map(({ copy, is }): Seen => {
    if (is !== 'absent') return { ...copy, is };
    const moved = copies.findIndex((one) => one.mailbox === copy.mailbox && one.receivedAt === copy.receivedAt);
    // Each stands for one: what is left over came later.
    if (moved >= 0) copies.splice(moved, 1);
    return { ...copy, is: moved >= 0 ? 'back' : searched.has(copy.mailbox) ? 'gone' : 'unread' };
  });
  return { sights, copies };
}

/** Of each copy what has changed: what is not written down is as it was. */
export function sightNotes(sights: readonly Seen[]): readonly Note[] {
  return sights
    .filter(({ is, wasBack }) => is !== 'unread' && (is === 'back') !== wasBack)
    .map(({ incident, mailbox, message, address, is }) => ({
      type: 'copy.recovered',
      incident,
      platform: 'graph',
      mailbox,
      message,
      outcome: is,
      detail: { address },
    }));
}

/** What the cards of an incident say of it now; null for nothing yet. */
export async function recoveredBefore(tx: Tx, incident: string): Promise<Recovered | null> {
  const found = await tx.ledger.find({ incident, types: ['scope.looked', 'scope.recovered'] });
  return found.reduce<Recovered | null>((last, { entry }) => (entry && recoveredIn(entry)) ?? last, null);
}

interface Told {
  readonly child: Incident;
  readonly now: Recovered;
  readonly isNew: boolean;
}

/**
 * A list that grew out of another is looked after with that one: its card tells what became of its own copies. Holds those
 * of which there is something to tell.
 */
export async function childrenToTell(
  flow: Pick<Flow, 'clock'>,
  tx: Tx,
  children: readonly string[],
  sights: readonly Seen[],
): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const id of children) {
    const before = await recoveredBefore(tx, id);
    const own = sights.filter(({ incident }) => incident === id);
    const now = recoveredOf(own, flow.clock.now(), before);
    if (now.copies === 0 && (before?.copies ?? 0) === 0) continue;
    const child = await tx.incidents.lock(id);
    if (child) told.push({ child, now, isNew: isOtherThan(now, before) });
  }
  return told;
}

export function childNote({ child: { id, planDigest }, now }: Told): Note {
  return { type: 'scope.recovered', incident: id, planDigest, detail: { recovered: recoveredDetail(now) } };
}
