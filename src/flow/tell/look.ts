import type { Plan } from '../../core/find/plan.ts';
import { isClosed } from '../../core/incident/incident.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { type CaseFacts, canBeRestored } from '../../core/tell/case.ts';
import { type DetailsPage, ROWS_OF_A_PAGE } from '../../core/tell/details.ts';
import {
  type CopyEnd,
  countsOf,
  type DetailsRow,
  EVERYTHING,
  type Look,
  readSearch,
  rowsFor,
  rowsOf,
} from '../../core/tell/details-rows.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { type FactSources, factsOf } from './facts.ts';

/** One page of the mailbox list; null while there is no list. A page that is not there is the nearest one. */
export async function details(
  flow: FactSources,
  tx: Tx,
  id: string,
  page: number,
  look: Look = EVERYTHING,
): Promise<DetailsPage | null> {
  const list = await listOf(flow, tx, id);
  if (!list) return null;
  const { facts, plan, rows } = list;
  const search = readSearch(look.search);
  const wanted = search.problem === null ? rowsFor(rows, look.filter, search.text) : [];
  const pages = Math.max(1, Math.ceil(wanted.length / ROWS_OF_A_PAGE));
  const at = Math.min(Math.max(0, Math.trunc(page) || 0), pages - 1);
  return {
    incident: id,
    digest: facts.incident.planDigest ?? '',
    copies: plan.copies.length,
    seenAt: plan.resolvedAt,
    found: { foundBy: plan.foundBy, finders: plan.finders },
    restorable: canBeRestored(facts),
    notLooked: plan.notLooked,
    answers: answersMeanwhile(flow, facts),
    counts: countsOf(rows),
    look,
    matches: wanted.length,
    rows: wanted.slice(at * ROWS_OF_A_PAGE, (at + 1) * ROWS_OF_A_PAGE),
    page: at,
    pages,
    offers: { export: false, excerpt: false },
  };
}

/** While the last run went on, whoever it was that asked. */
function answersMeanwhile({ pace }: FactSources, { runs, now }: CaseFacts) {
  const run = runs.at(-1);
  return run ? (pace?.between(run.startedAt, run.finishedAt ?? now) ?? null) : null;
}

interface MailboxList {
  readonly facts: CaseFacts;
  readonly plan: Plan;
  /** All of them, trouble first. */
  readonly rows: readonly DetailsRow[];
}

/** Every mailbox behind a card, and what became of each copy; null while there is no list. */
export async function listOf(flow: FactSources, tx: Tx, id: string): Promise<MailboxList | null> {
  const facts = await factsOf(flow, tx, id);
  if (!facts?.plan) return null;
  const { plan, incident, runs } = facts;
  const ends = new Map<string, CopyEnd>();
  // An undo speaks only of what was taken out: what became of the others, the run before it says.
  for (const run of runs.filter(({ planDigest }) => planDigest === incident.planDigest))
    for (const [target, end] of await tx.work.ends(run.id)) ends.set(target, end);
  return { facts, plan, rows: rowsOf(plan, ends, !isClosed(incident.state)) };
}

/** What is known of one incident. */
export async function story(flow: FactSources & Pick<Flow, 'store'>, id: string): Promise<Answer> {
  const facts = await flow.store.transact((tx) => factsOf(flow, tx, id.replaceAll('\0', '').toUpperCase()));
  return facts ? { code: 'incident-told', facts } : { code: 'incident-not-known', asked: id };
}
