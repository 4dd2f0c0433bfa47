import {
  type AutomationList,
  clustersOf,
  isNamed,
  type Listed,
  listedAt,
  removalKey,
  sortRemovals,
} from '../../core/find/automation.ts';
import { listId } from '../../core/find/cluster-name.ts';
import { AUTOMATION } from '../../core/find/source.ts';
import { isoOf } from '../../core/instant.ts';
import { storable, wellFormed } from '../../core/text.ts';
import type { Automation, AutomationTold } from '../../ports/automation.ts';
import { automationCard } from '../../ports/outbox.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding, Flow } from '../flow.ts';
import { listAsRecorded, listedNote, takenOutByUs } from '../record/automation.ts';
import { record } from '../record/record.ts';

/**
 * Once a day the tenant's own defence is asked what it took out of mailboxes by itself. One process at a time asks; list, entry,
 * card and the place to go on from are one transaction under the fence of whoever asked, so that a kill or a freeze in between
 * leaves nothing, and whoever comes next asks again.
 */

const KEY = { source: AUTOMATION, vendor: 'hunting' } as const;
/**
 * So long after its last word somebody who asks is taken for dead. Many mails with long subjects take dozens of questions, each with the
 * waits that hunting asks for: whoever lives says so again and again.
 */
const LEASE_MS = 900_000;
const EXTEND_EVERY_MS = 120_000;
const DAY_MS = 86_400_000;
/** So late the tables may still learn of what was done: asked about once more, and what was listed is known by then. */
const OVERLAP_MS = 6 * 3_600_000;
/** Nobody reads a list of a month: after a long silence it begins a week back. */
const LONGEST_SPAN_MS = 7 * DAY_MS;
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 3_600_000;
const LONGEST_WISH_MS = 6 * 3_600_000;

/** Has it asked where it is due. */
export async function askAutomation(flow: Pick<Flow, 'automation' | 'store'>): Promise<void> {
  if (!flow.automation?.isOn) return;
  await flow.store.transact(async (tx) => {
    if (await tx.cursors.isDue(KEY)) await tx.jobs.send({ queue: 'automation' });
  });
}

/** What came of it: the name of the list, null where there was nothing to list, or why nobody could be asked. */
export type Asked =
  | { readonly is: 'listed'; readonly list: string | null }
  | { readonly is: 'not due' }
  | Exclude<AutomationTold, { readonly is: 'told' }>;

/** `at`: by whom it is wanted before its time comes. */
export async function listAutomation(flow: Finding, when: 'due' | 'now' = 'due'): Promise<Asked> {
  const { automation } = flow;
  if (!automation?.isOn) return { is: 'not due' };
  const claim = await flow.store.transact(async (tx) => {
    // Whoever asks by hand has perhaps just mended what was wrong. Hunting's own rests are kept in any case.
    if (when === 'now') await tx.cursors.hurry(KEY, true);
    return tx.cursors.claim(KEY, LEASE_MS);
  });
  if (!claim) return { is: 'not due' };
  const until = flow.clock.now();
  const from = fromOf(claim.cursor, until);
  const told = await whileHeld(flow, claim.fence, () => automation.ask(from, until));
  if (told.is !== 'told') return endFailed(flow, claim, told);
  const listed = await flow.store
    .transact((tx) => putDown(flow, tx, claim.fence, { automation, told, from, until }))
    .catch(async (error: unknown) => {
      // Or nobody would hear of a list that is never made.
      await endFailed(flow, claim, { is: 'silent', why: 'what it told could not be written down', waitMs: null });
      throw error;
    });
  if (listed === 'overtaken') return { is: 'not due' };
  flow.observe({ what: 'source', source: AUTOMATION, result: claim.failures > 0 ? 'back' : 'answered' });
  return { is: 'listed', list: listed };
}

async function whileHeld<T>(flow: Finding, fence: number, work: () => Promise<T>): Promise<T> {
  const extend = () => flow.store.transact((tx) => tx.cursors.hold(KEY, fence, LEASE_MS));
  // A failed extension is no harm: only whoever holds it puts a list down.
  const heartbeat = setInterval(() => void extend().catch(() => undefined), EXTEND_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}

function fromOf(cursor: string | null, until: string): string {
  const now = Date.parse(until);
  const since = cursor === null ? now - DAY_MS : Date.parse(cursor);
  const from = Number.isNaN(since) ? now - DAY_MS : since;
  return isoOf(Math.max(Math.min(from, now) - OVERLAP_MS, now - LONGEST_SPAN_MS));
}

interface Answer {
  readonly automation: Automation;
  readonly told: Extract<AutomationTold, { readonly is: 'told' }>;
  readonly from: string;
  readonly until: string;
}

/** Answers the name of the list, null for nothing to list, and 'overtaken' where somebody else has it in hand by now. */
async function putDown(flow: Finding, tx: Tx, fence: number, answer: Answer): Promise<string | null | 'overtaken'> {
  const { until } = answer;
  if (!(await tx.cursors.hold(KEY, fence, LEASE_MS))) return 'overtaken';
  const day = until.slice(0, 10);
  const list = await listOf(flow, tx, await freeId(tx, day), answer);
  const isNews = list.clusters.length > 0 || list.apart.left > 0;
  // That there was nothing is written down too: a day without a list is a day on which it was asked.
  await record(flow, tx, [listedNote(flow.hash, list)]);
  if (isNews && (await tx.automation.keep(list))) {
    for (const { platform } of flow.rooms) {
      await tx.cards.ensure(automationCard(list.id), platform, flow.clock.id());
      await tx.jobs.send({ queue: 'deliver', incident: '', platform });
    }
  }
  await tx.cursors.move(KEY, { cursor: until, heard: list.clusters.length, restMs: DAY_MS }, until);
  return isNews ? list.id : null;
}

/** What was written down under a name has it for good, kept or not. */
async function freeId(tx: Tx, day: string): Promise<string> {
  for (let nth = 1; ; nth += 1) {
    const id = listId(day, nth);
    const used = await tx.ledger.find({
      incident: null,
      types: ['automation.listed'],
      detail: ['list', id],
      newest: true,
    });
    if (used.every(({ entry }) => entry !== null && entry.detail.list !== id)) return id;
  }
}

async function listOf(
  flow: Finding,
  tx: Tx,
  id: string,
  { automation, told, from, until }: Answer,
): Promise<AutomationList> {
  const { removals, deliveries, cutAt } = told;
  // The others are in no list, and what cannot be an id is no question for a database.
  const ours = await takenOutByUs(tx, removals.filter(isNamed), deliveries);
  const { taken, apart } = sortRemovals(removals, ours, await listedBefore(flow, tx, from));
  const { clusters, left } = clustersOf(taken, deliveries);
  return wellFormed({
    id,
    from,
    until,
    asOf: until,
    clusters,
    apart: { ...apart, left },
    cutAt,
    samples: automation.samples,
  });
}

/** A list that is not as it was written down hides nothing. */
async function listedBefore(flow: Finding, tx: Tx, from: string): Promise<Listed> {
  const known = new Map<string, number>();
  for (const id of await tx.automation.since(from)) {
    const list = await listAsRecorded(flow.hash, tx, id);
    if (list === null || list === 'changed') continue;
    for (const copy of list.clusters.flatMap(({ copies }) => copies)) {
      const before = known.get(removalKey(copy)) ?? Number.NEGATIVE_INFINITY;
      known.set(removalKey(copy), Math.max(before, listedAt(copy.removedAt)));
    }
  }
  return known;
}

async function endFailed(
  flow: Finding,
  { fence, failures }: { readonly fence: number; readonly failures: number },
  told: Exclude<AutomationTold, { readonly is: 'told' }>,
): Promise<Asked> {
  // What needs somebody to change something is asked again at the usual pace of such changes.
  const isLasting = told.is === 'not licensed' || told.is === 'not permitted';
  const longer = Math.min(FIRST_REST_MS * 2 ** Math.min(failures, 10), LONGEST_REST_MS);
  const rest = Math.max(isLasting ? LONGEST_REST_MS : longer, Math.min(told.waitMs ?? 0, LONGEST_WISH_MS));
  await flow.store.transact(async (tx) => {
    if (await tx.cursors.hold(KEY, fence, LEASE_MS))
      await tx.cursors.failed(
        KEY,
        { why: storable(`${told.is}: ${told.why}`.slice(0, 300)), restMs: rest },
        flow.clock.now(),
      );
  });
  flow.observe({ what: 'source', source: AUTOMATION, result: 'failed' });
  return told;
}

/** For whoever asks whether everything works; null where nothing is wrong. */
export async function automationTrouble({
  automation,
  store,
}: Pick<Flow, 'automation' | 'store'>): Promise<string | null> {
  if (!automation?.isOn) return null;
  const state = await store.transact((tx) => tx.cursors.state(KEY));
  if (!state) return 'it was not asked yet';
  return state.failingSince === null
    ? null
    : `it gives no answer since ${state.failingSince} (asked ${state.failures} times): ${state.why}`;
}
