import { beginsAtOnce, bringsBack } from '../../core/action/action.ts';
import { addressKey } from '../../core/address.ts';
import { isDelivered, type Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { isNews, leavesTrouble, lookedDetail } from '../../core/record/looked.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import { decidersFor } from '../find/deciders.ts';
import { type Findings, findingsOf } from '../find/findings.ts';
import { growthOf, isStillNew, openChild, unlisted } from '../find/grow.ts';
import { askSoon } from '../find/look-times.ts';
import { leftSomething, lookedOf, toldOf } from '../find/seen.ts';
import { setsFor } from '../find/sets-for.ts';
import { lookNote, mustKnowSomething, type Survey, survey, tellFinders } from '../find/survey.ts';
import type { Flow } from '../flow.ts';
import { whileTold } from '../record/delayed.ts';
import { type Lists, listsAround, rootOf } from '../record/lists.ts';
import { announce, record } from '../record/record.ts';

/**
 * The scope once more beside a run: what was approved is begun at once, and copies that are new get an incident and an approval
 * of their own. Whatever is found, only the stored list is ever executed. Mailboxes with copies are searched by the run itself,
 * with the question that tells it what it is about to touch; where that shows more than the lists hold, they are looked into
 * when the run has ended.
 */
export async function rescope(flow: Flow, runId: string): Promise<void> {
  const job = await flow.store.transact((tx) => jobOf(tx, runId));
  if (!job) return;
  const { run, incident, lists, beside } = job;
  const current = flow.policy();
  const sets = await setsFor(flow, incident.id, current.policy);
  const deciders = decidersFor(flow, current.policy);
  const seen = await whileTold(flow, incident.id, 'looking again', async () => {
    const seen = await survey(flow, incident, whereToLook(lists.own, beside));
    if (lists.own.copies.length === 0) mustKnowSomething(seen);
    return seen;
  });
  const findings = findingsOf(flow, seen, incident, sets);
  const copies = unlisted(lists, findings.copies);
  const growth = await growthOf(flow, incident, lists, { survey: seen, findings, sets, current, deciders }, copies);
  tellFinders(flow, seen.finders, isDelivered(lists.own) || findings.copies.length > 0);

  await flow.store.transact(async (tx) => {
    const locked = await tx.incidents.lock(incident.id);
    const now = await tx.runs.get(run.id);
    if (!locked || !now || !(await mayStillGrow(tx, now, locked, beside))) return;
    const opens = growth && (await isStillNew(tx, locked, lists, growth)) ? growth : null;
    await tx.runs.rescoped(run.id, flow.clock.now());
    if (beside.length === 0 && now.state === 'finished') await lookBeside(tx, now);
    const isNew = await tellScope(flow, tx, job, { survey: seen, findings, grown: opens?.plan.copies.length ?? 0 });
    if (opens) await openChild(flow, tx, locked, lists, opens, { run: run.id, contains: false });
    else if (isNew) await announce(flow, tx, incident.id);
  });
}

/** When the run has ended, for what it saw beside its copies. */
export async function lookBeside(tx: Tx, run: Run): Promise<void> {
  if (looksForMore(run) && (await seenBeside(tx, run)).length > 0)
    await tx.jobs.send({ queue: 'rescope', run: run.id });
}

interface Seen {
  readonly survey: Survey;
  readonly findings: Findings;
  readonly grown: number;
}

/** Answers whether it is news. What gave no answer just now is asked again soon, beside the looks at set times. */
async function tellScope(
  flow: Flow,
  tx: Tx,
  { run, incident, lists }: Job,
  { survey, findings, grown }: Seen,
): Promise<boolean> {
  const failed = survey.lookups.filter(({ result }) => result === 'failed').length;
  const again = leavesTrouble({ finders: survey.finders, failed });
  const before = await toldOf(tx, incident.id, lists.own);
  const looked = lookedOf(flow, { survey, findings, own: lists.own, before }, { again, grown });
  const open = survey.lookups.filter(leftSomething);
  await record(flow, tx, [
    ...open.map((lookup) => lookNote(incident.id, lookup)),
    {
      type: 'scope.checked',
      incident: incident.id,
      planDigest: run.planDigest,
      requestId: survey.finderRequest,
      detail: {
        run: run.id,
        grown,
        shielded: findings.shielded.length,
        looked: survey.lookups.length,
        noted: open.length,
        // A rehearsal is not looked after: its card says what its list says.
        look: run.mode === 'live' ? lookedDetail(looked) : null,
      },
    },
  ]);
  if (again) await askSoon(tx, await rootOf(tx, incident), 0, survey.finderWaitMs);
  return run.mode === 'live' && (before === null || isNews(looked, before));
}

/** Those with copies are left to the run; when it has ended, those in which it saw more are all that is left to look into. */
function whereToLook({ asked, copies, forms: { internetMessageIds } }: Plan, beside: readonly string[]) {
  const withCopies = copies.map(({ address }) => address);
  if (beside.length === 0) return { also: asked, except: { addresses: withCopies, internetMessageIds } };
  const isBeside = new Set(beside.map(addressKey));
  const addresses = [...asked, ...withCopies].filter((address) => !isBeside.has(addressKey(address)));
  return { also: beside, except: { addresses, internetMessageIds } };
}

/** What brings mail back looks for no more of it, and what is contained at once was looked for a moment ago. */
export function looksForMore({ cancelledAt, action }: Pick<Run, 'cancelledAt' | 'action'>): boolean {
  return cancelledAt === null && !bringsBack(action) && !beginsAtOnce(action);
}

export function isRescoped(run: Run): boolean {
  return run.rescopedAt !== null || !looksForMore(run);
}

function mayGrow(run: Run, { breach }: Incident, beside: readonly string[]): boolean {
  return breach === null && (!isRescoped(run) || (looksForMore(run) && beside.length > 0));
}

/** Another process may have looked into the same ones meanwhile. */
async function mayStillGrow(tx: Tx, run: Run, incident: Incident, beside: readonly string[]): Promise<boolean> {
  return mayGrow(run, incident, beside.length > 0 ? await seenBeside(tx, run) : []);
}

interface Job {
  readonly run: Run;
  readonly incident: Incident;
  readonly lists: Lists;
  /** Addresses in which the run saw more than its lists hold; none before it has ended. */
  readonly beside: readonly string[];
}

async function jobOf(tx: Tx, runId: string): Promise<Job | null> {
  const run = await tx.runs.get(runId);
  const incident = run && (await tx.incidents.get(run.incident));
  if (!run || !incident) return null;
  const beside = run.state === 'finished' && run.rescopedAt !== null ? await seenBeside(tx, run) : [];
  if (!mayGrow(run, incident, beside)) return null;
  const lists = await listsAround(tx, incident, run.planDigest);
  if (!lists) throw new Error(`the plan of run ${run.id} is not there`);
  return { run, incident, lists, beside };
}

/** Addresses in which a run saw more than its lists hold, and that were not looked into since. */
async function seenBeside(tx: Tx, { id, incident }: Pick<Run, 'id' | 'incident'>): Promise<readonly string[]> {
  const found = await tx.ledger.find({ incident, types: ['copy.beside', 'scope.checked'] });
  const entries = found.flatMap(({ entry }) => (entry?.detail.run === id ? entry : []));
  // Once beside the run, and once for these.
  if (entries.filter(({ type }) => type === 'scope.checked').length > 1) return [];
  return [...new Set(entries.flatMap((entry) => (entry.type === 'copy.beside' ? entry.detail.address : [])))];
}
