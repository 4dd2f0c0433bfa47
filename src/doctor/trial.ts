import { ZodError } from 'zod';
import { createGraphClient, type GraphClient, query, seg } from '../adapters/microsoft/client.ts';
import { batchLimits, batchPatterns } from './trial-batches.ts';
import { BELIEF_IDS, type BeliefId, type Judged, NEVER_TRIED } from './trial-beliefs.ts';
import { clearAway, type Leftover, leftByOthers } from './trial-clear.ts';
import { answerWords, StepFailed, Stopped, succeeded } from './trial-end.ts';
import { hardDelete } from './trial-hard-delete.ts';
import { untilHunted } from './trial-hunting.ts';
import { createLine, type Line, type Timing } from './trial-line.ts';
import { type Desk, type Own, ownThings, placesOf, TRIAL_NAME } from './trial-own.ts';
import { arrival, flagDates, folderKept, moveAndUndo, outOfDeletions } from './trial-story.ts';

/** The first meeting with a tenant: one mail in one mailbox, and what Clawback believes about Microsoft 365. */

export interface TrialOrder {
  /** Origin of Microsoft Graph. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Entra object id of whose mailbox it is. */
  readonly user: string;
  /** Of a group that the policy names; null: it names none. */
  readonly group: string | null;
  /** Whether the tenant is configured to hunt. */
  readonly hunting: boolean;
  /** Message-ID of a mail that was sent to the mailbox by hand, and for how long hunting is asked about it. */
  readonly delivered: { readonly messageId: string; readonly forMs: number } | null;
}

export interface TrialTools {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>;
  /** Fresh GUIDs. */
  readonly ids: () => string;
  /** Told as soon as something is known. */
  readonly said: (judged: Judged) => void;
  /** Told before the mail is put in: what to look for, should nobody come back to remove it. */
  readonly begins: (name: string) => void;
  /** Told at once, and only if something is left. */
  readonly left: (leftovers: readonly Leftover[], name: string) => void;
}

export interface TrialResult {
  /** One for each belief. */
  readonly judged: readonly Judged[];
  readonly timings: readonly Timing[];
  /** What failed, in words that can be shared. */
  readonly failed: readonly string[];
  readonly leftovers: readonly Leftover[];
  /** Of the mail and the folder. */
  readonly name: string;
  readonly stopped: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
}

const TIMEOUT_MS = 30_000;
/** The story of the mail, without hunting: longer than this something hangs. */
const STORY_MS = 900_000;
const CLEAR_MS = 300_000;

interface Run {
  readonly judged: Map<BeliefId, Judged>;
  readonly failed: string[];
  readonly tools: TrialTools;
}

/** Puts one mail in, tries everything with it and removes it, also after an error or a stop. Throws only for a bug of ours. */
export async function runTrial(order: TrialOrder, tools: TrialTools, stop: AbortSignal): Promise<TrialResult> {
  const { baseUrl, token, user } = order;
  const { clock, sleep, ids } = tools;
  const startedAt = clock();
  const client = createGraphClient({ baseUrl, token, ids, timeoutMs: TIMEOUT_MS });
  const line = createLine({ client, clock, sleep });
  const own = ownThings(ids());
  const run: Run = { judged: new Map(), failed: [], tools };
  const { leftovers, ended } = await mailStory(run, line, user, own, stop);
  const after = async (belief: BeliefId, work: () => Promise<Judged[]>) => {
    for (const judged of (await attempt(run, [belief], stop, work)) ?? []) note(run, judged);
  };
  await after('group-pages', () => groupPages(line, order.group, stop));
  await after('hunting', () => hunting(order, { client, line, clock, sleep }, stop));
  const rest = stop.aborted ? 'it was stopped' : ended ? 'the time was up' : 'a step before it failed';
  for (const belief of BELIEF_IDS) note(run, { belief, verdict: 'not tried', seen: NEVER_TRIED[belief] ?? rest });
  return {
    judged: BELIEF_IDS.flatMap((belief) => run.judged.get(belief) ?? []),
    timings: line.timings(),
    failed: run.failed,
    leftovers,
    name: own.name,
    stopped: ended || stop.aborted,
    startedAt,
    endedAt: clock(),
  };
}

interface Story {
  readonly leftovers: readonly Leftover[];
  /** Before its end: somebody stopped it, or it took too long. */
  readonly ended: boolean;
}

/** Answers only once the mailbox has been cleared, or it is known what is left in it. */
async function mailStory(run: Run, line: Line, user: string, own: Own, asked: AbortSignal): Promise<Story> {
  const { tools } = run;
  const stop = AbortSignal.any([asked, AbortSignal.timeout(STORY_MS)]);
  const places = await attempt(run, [], stop, () => placesOf(line, user, stop));
  if (!places) return { leftovers: [], ended: stop.aborted };
  const desk: Desk = { line, user, own, places };
  let leftovers: readonly Leftover[] = [];
  try {
    await steps(run, desk, stop);
  } finally {
    leftovers = await clearAway(desk, tools.sleep, AbortSignal.timeout(CLEAR_MS));
    if (leftovers.length > 0) tools.left(leftovers, own.name);
  }
  const others = (await attempt(run, [], stop, () => leftByOthers(desk, stop))) ?? [];
  if (others.length > 0) tools.left(others, TRIAL_NAME.trim());
  return { leftovers: [...leftovers, ...others], ended: stop.aborted };
}

async function steps(run: Run, desk: Desk, stop: AbortSignal): Promise<void> {
  const { tools } = run;
  const step = async (beliefs: readonly BeliefId[], work: () => Promise<Judged[]>) => {
    for (const judged of (await attempt(run, beliefs, stop, work)) ?? []) note(run, judged);
  };
  await step(['batch-patterns'], () => batchPatterns(desk, stop));
  await step(['batch-waits', 'mailbox-limit'], () => batchLimits(desk, stop));
  if (stop.aborted) return;
  tools.begins(desk.own.name);
  await step(['no-draft', 'message-id', 'found-at-once'], () => arrival(desk, tools, stop));
  if (desk.own.mail.state !== 'there') return;
  await step(['flag-dates'], () => flagDates(desk, tools, stop));
  await step(['id-kept', 'undo'], () => moveAndUndo(desk, stop));
  await step(['out-of-deletions'], () => outOfDeletions(desk, stop));
  await step(['folder-kept'], () => folderKept(desk, stop));
  await step(['delete-refused', 'purges', 'id-answers'], () => hardDelete(desk, tools, stop));
}

/** What `work` found; null when it failed, and then its beliefs say so. */
async function attempt<T>(
  run: Run,
  beliefs: readonly BeliefId[],
  stop: AbortSignal,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (stop.aborted || error instanceof Stopped) return null;
    const words = failureWords(error);
    if (words === null) throw error;
    run.failed.push(words);
    for (const belief of beliefs) note(run, { belief, verdict: 'not tried', seen: words });
    return null;
  }
}

/** Null: a bug of ours. */
function failureWords(error: unknown): string | null {
  if (error instanceof StepFailed) return error.message;
  return error instanceof ZodError ? 'an answer had a shape that is not known here' : null;
}

/** The first that is said about a belief counts. */
function note({ judged, tools }: Run, one: Judged): void {
  if (judged.has(one.belief)) return;
  judged.set(one.belief, one);
  tools.said(one);
}

/** A read; the product asks for members in this way. */
async function groupPages(line: Line, group: string | null, stop: AbortSignal): Promise<Judged[]> {
  const belief = 'group-pages';
  if (group === null) return [{ belief, verdict: 'not tried', seen: 'the policy names no Entra group' }];
  const path = `/groups/${seg(group)}/transitiveMembers${query({ $select: 'id', $top: '999' })}`;
  const said = await line.ask({ step: 'read a group', method: 'GET', path }, stop);
  if (!succeeded(said) && said.status !== 400) throw new StepFailed('read a group', said);
  return [{ belief, verdict: succeeded(said) ? 'confirmed' : 'not so', seen: answerWords(said) }];
}

type Hunters = Pick<TrialTools, 'clock' | 'sleep'> & { readonly client: GraphClient; readonly line: Line };

async function hunting(order: TrialOrder, hunters: Hunters, stop: AbortSignal): Promise<Judged[]> {
  const why = (seen: string): Judged[] => [{ belief: 'hunting', verdict: 'not tried', seen }];
  if (!order.delivered)
    return why(
      'a mail that is put in is not delivered, so hunting never lists it: send one by hand, and name it with --delivered',
    );
  if (!order.hunting) return why('hunting is off in clawback.yaml');
  return await untilHunted({ ...hunters, ...order.delivered, user: order.user }, stop);
}
