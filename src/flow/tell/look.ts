import type { Outcome } from '../../core/action/outcome.ts';
import { type Plan, targetKey } from '../../core/find/plan.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { canBeRestored } from '../../core/tell/case.ts';
import { type DetailsPage, type DetailsRow, ROWS_OF_A_PAGE } from '../../core/tell/details.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { type FactSources, factsOf } from './facts.ts';

/** One page of the mailbox list; null while there is no list. A page that is not there is the nearest one. */
export async function details(flow: FactSources, tx: Tx, id: string, page: number): Promise<DetailsPage | null> {
  const facts = await factsOf(flow, tx, id);
  if (!facts?.plan) return null;
  const { plan, incident, runs } = facts;
  const run = runs.findLast((candidate) => candidate.planDigest === incident.planDigest);
  const rows = rowsOf(plan, run ? await outcomesOf(tx, run.id, run.total) : new Map());
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_OF_A_PAGE));
  const at = Math.min(Math.max(0, Math.trunc(page) || 0), pages - 1);
  return {
    incident: id,
    digest: incident.planDigest ?? '',
    copies: plan.copies.length,
    seenAt: plan.resolvedAt,
    found: { foundBy: plan.foundBy, finders: plan.finders },
    restorable: canBeRestored(facts),
    rows: rows.slice(at * ROWS_OF_A_PAGE, (at + 1) * ROWS_OF_A_PAGE),
    page: at,
    pages,
  };
}

type Outcomes = ReadonlyMap<string, Outcome | 'waiting'>;

function rowsOf(plan: Plan, outcomes: Outcomes): readonly DetailsRow[] {
  const plain = (
    list: readonly string[],
    is: 'denied' | 'failed' | 'unreachable' | 'missing' | 'nothing',
  ): DetailsRow[] => list.map((mailbox) => ({ is, mailbox }));
  return [
    ...plan.copies.map((copy): DetailsRow => {
      const { address: mailbox, folder, isRead } = copy;
      return { is: 'copy', mailbox, folder, isRead, outcome: outcomes.get(targetKey(copy)) ?? null };
    }),
    ...plain(plan.denied, 'denied'),
    ...plain(plan.failed, 'failed'),
    ...plain(plan.unreachable, 'unreachable'),
    ...plain(plan.missing, 'missing'),
    ...plan.shielded.map(({ address, set }): DetailsRow => ({ is: 'shielded', mailbox: address, set })),
    ...plan.unsure.flatMap(({ addresses }, group) =>
      addresses.map((mailbox): DetailsRow => ({ is: 'unsure', mailbox, group })),
    ),
    ...plan.leftAlone.map(({ address, why }): DetailsRow => ({ is: 'left alone', mailbox: address, why })),
    ...plain(plan.nothing, 'nothing'),
  ];
}

async function outcomesOf(tx: Tx, run: string, total: number): Promise<Outcomes> {
  const items = await tx.work.page(run, 0, total);
  return new Map(items.map((item) => [targetKey(item), item.outcome ?? 'waiting']));
}

/** What is known of one incident. */
export async function story(flow: FactSources & Pick<Flow, 'store'>, id: string): Promise<Answer> {
  const facts = await flow.store.transact((tx) => factsOf(flow, tx, id.replaceAll('\0', '').toUpperCase()));
  return facts ? { code: 'incident-told', facts } : { code: 'incident-not-known', asked: id };
}
