import { shortDigest, targetKey } from '../../core/find/plan.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import type { DetailOf } from '../../core/record/payloads.ts';
import { ERASED } from '../../core/record/personal.ts';
import { inert } from '../../core/text.ts';
import type { Store, Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';
import { toldOfCopies } from './copy-entries.ts';
import { unbelieved } from './entries.ts';
import { itemsOf } from './run-items.ts';

/**
 * What an incident leaves in the record when its rows go: the digests of its lists, its runs, how many copies and votes
 * there were, and a digest over what became of every copy, which can be made again from the record alone.
 */

type Retired = Recorded<'incident.retired'>;
type Digests = { readonly hash: Pick<Hash, 'digest'> };

export type Trace = Pick<DetailOf<'incident.retired'>, 'plans' | 'runs' | 'items' | 'outcomes' | 'decisions'>;

export async function traceOf({ hash }: Digests, tx: Tx, id: string): Promise<Trace> {
  const runs = await tx.runs.ofIncident(id);
  const lines: string[] = [];
  for (const run of runs) {
    const { action, planDigest } = run;
    for (const item of await itemsOf(tx, run)) lines.push(lineOf(action, planDigest, targetKey(item), item.outcome));
  }
  return {
    plans: await tx.incidents.plansOf(id),
    runs: runs.map((run) => run.id),
    items: lines.length,
    outcomes: hash.digest(lines.sort()),
    decisions: (await tx.decisions.list(id)).length,
  };
}

function lineOf(action: unknown, planDigest: string | null, target: string, outcome: string | null): string {
  return `${String(action)} ${planDigest} ${target} ${outcome}`.toWellFormed();
}

/** The entry that says so; null for an incident that is not retired, and where that entry was changed. */
export async function retirementOf(tx: Tx, id: string): Promise<Retired | null> {
  return (await tx.ledger.find({ incident: id, types: ['incident.retired'] })).at(-1)?.entry ?? null;
}

/** What should be gone and is not, and what went and is not in the trace that it left. */
export async function retiredDifferences({ store, hash }: Digests & { store: Store }, id: string, entry: Retired) {
  const lines = await store.transact(async (tx) => [
    ...(await leftOvers(tx, id, entry)),
    ...(await untraced(tx, id, entry)),
  ]);
  const told = new Map<string, number>();
  let isErased = false;
  for await (const { action, planDigest, target, outcome, by } of toldOfCopies(store, id)) {
    isErased ||= target.includes(ERASED);
    const line = lineOf(action, planDigest, target, outcome);
    told.set(line, (told.get(line) ?? 0) + by);
  }
  // What takes back something that was never told belongs to no trace.
  const copies = [...told].flatMap(([line, times]) =>
    Array.from({ length: Math.abs(times) }, () => (times > 0 ? line : `not ${line}`)),
  );
  // Of copies whose mailboxes were erased since, it cannot be made again: the chain alone vouches for these.
  if (!isErased && hash.digest(copies.sort()) !== entry.detail.outcomes)
    lines.push('what became of its copies is not what it was retired with');
  return lines.map((line) => `${inert(id, 40)}: ${line}`);
}

async function leftOvers(tx: Tx, id: string, entry: Retired): Promise<string[]> {
  const items: unknown[] = [];
  for (const run of entry.detail.runs) items.push(...(await tx.work.page(run, 0, 1)));
  const listed: string[] = [];
  for (const plan of entry.detail.plans) if (await tx.incidents.rowsLeft(plan)) listed.push(plan);
  const rows: readonly (readonly [string, number])[] = [
    ['the incident', (await tx.incidents.get(id)) ? 1 : 0],
    ['a plan', (await tx.incidents.plansOf(id)).length],
    ['a row of a plan', listed.length],
    ['a decision', (await tx.decisions.list(id)).length],
    ['a run', (await tx.runs.ofIncident(id)).length],
    ['a copy of a run', items.length],
    ['a card', (await tx.cards.of(id)).length],
    ['a flag', (await tx.flags.ofIncident(id)).length],
    ['a mailbox that was looked after', (await tx.flagged.ofIncident(id)).length],
  ];
  return rows.flatMap(([what, n]) => (n > 0 ? [`it was retired at entry ${entry.seq}, and ${what} is stored`] : []));
}

async function untraced(tx: Tx, id: string, entry: Retired): Promise<string[]> {
  const [plans, runs] = [new Set(entry.detail.plans), new Set(entry.detail.runs)];
  const found = await tx.ledger.find({ incident: id, types: ['plan.made', 'run.started'] });
  return found.flatMap(({ seq, entry: told, newer }) => {
    if (told === null) return [unbelieved({ seq, newer })];
    if (told.type === 'plan.made' && !plans.has(told.planDigest ?? ''))
      return [`it was retired without plan ${shortDigest(told.planDigest ?? '')} of entry ${seq}`];
    if (told.type === 'run.started' && !runs.has(told.detail.run))
      return [`it was retired without the run of entry ${seq}`];
    return [];
  });
}
