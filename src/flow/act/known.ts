import { type Action, isUndo, setsAside } from '../../core/action/action.ts';
import type { Home, SeenForms } from '../../core/action/copy.ts';
import { engineFor } from '../../core/action/engine.ts';
import { type DefenderName, defenderNameOf } from '../../core/action/engine-names.ts';
import type { Put } from '../../core/action/put.ts';
import type { MessageKey } from '../../core/find/key.ts';
import { type Plan, type Target, targetKey } from '../../core/find/plan.ts';
import { homesOf } from '../../core/find/release.ts';
import { LONGEST_REQUEST_MS } from '../../core/lease.ts';
import { LEFT_OUT } from '../../core/tell/run-facts.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import { listsAround } from '../record/lists.ts';
import { takenFromJunk } from '../record/removed.ts';

/** By what a run recognises its copies when it reads them again: as its plan saw them. */
export interface Known {
  readonly key: MessageKey;
  readonly takenIn: readonly string[];
  readonly forms: SeenForms;
  /** Every copy of the list and of those around it, as `targetKey` writes it, with when it was received. */
  readonly listed: ReadonlyMap<string, string | null>;
  /** Copies that an earlier undo may have put back when it had been told that it did not. */
  readonly mayBeBack: ReadonlySet<string>;
  /**
   * Copies, as `targetKey` writes them, that are not left to their mailboxes: what Defender calls them, or that nobody whom the
   * list allows can do it.
   */
  readonly through: ReadonlyMap<string, DefenderName | 'nobody'>;
  /** Of an undo: copies that what it undoes has put into Junk Email. */
  readonly inJunk: ReadonlySet<string>;
  /** Of a list of what others have taken out: where each copy is to be put. */
  readonly homes: ReadonlyMap<string, Home>;
  /** The incident has put copies into Junk Email before: what is seen there may come from that. */
  readonly mayBeInJunk: boolean;
}

/** Where what an undo undoes has put a copy. */
export function putOf({ inJunk }: Known, copy: Target): Put {
  return inJunk.has(targetKey(copy)) ? 'junk' : 'bin';
}

/** Where a copy is to be put that nobody here has taken out; nothing for any other. */
export function homeIn({ homes }: Known, copy: Target): { readonly home?: Home } {
  const home = homes.get(targetKey(copy));
  return home ? { home } : {};
}

/** An undo gives back what earlier lists of the incident removed as well. Throws when the plan is not there. */
export async function knownOf(tx: Tx, run: Run): Promise<Known> {
  const plan = await tx.incidents.plan(run.planDigest);
  if (!plan) throw new Error(`the plan of run ${run.id} is not there`);
  const { key, takenIn, forms } = plan;
  const incident = await tx.incidents.get(run.incident);
  const around = (incident && (await listsAround(tx, incident, run.planDigest))?.all) ?? [];
  const listed = new Map(
    [...around, plan].flatMap(({ copies }) => copies.map((one) => [targetKey(one), one.receivedAt])),
  );
  const runs = await tx.runs.ofIncident(run.incident);
  const mayBeInJunk = runs.some(({ id, action }) => id !== run.id && setsAside(action));
  const same = { key, takenIn, listed, mayBeInJunk, homes: homesOf(plan) };
  if (!isUndo(run.action)) {
    const through = throughIn(run.action, [plan]);
    return { ...same, forms, mayBeBack: new Set(), inJunk: new Set(), through };
  }
  const digests = new Set(runs.map(({ planDigest }) => planDigest));
  const plans = [plan];
  for (const digest of digests) {
    const earlier = digest === run.planDigest ? null : await tx.incidents.plan(digest);
    if (earlier) plans.push(earlier);
  }
  const any = (list: keyof SeenForms) => [...new Set(plans.flatMap(({ forms }) => forms[list]))];
  // A list from before senders were kept takes any; so does a union with one.
  const senders = plans.some(({ forms }) => forms.senders.length === 0) ? [] : any('senders');
  return {
    ...same,
    forms: { internetMessageIds: any('internetMessageIds'), senders },
    mayBeBack: await inTheAir(tx, run, runs),
    through: throughIn(run.action, plans),
    inJunk: mayBeInJunk ? await takenFromJunk(tx, run, runs) : new Set(),
  };
}

/** Nothing comes so long after its end that this undo began later and would not know of it. */
async function inTheAir(tx: Tx, { id, startedAt }: Run, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const run of runs) {
    const isJustOver = run.finishedAt !== null && msBetween(run.finishedAt, startedAt) <= LONGEST_REQUEST_MS;
    if (!isUndo(run.action) || run.id === id || !isJustOver) continue;
    for (const item of await tx.work.ownDoubts(run.id))
      if (item.outcome !== null && LEFT_OUT.includes(item.outcome)) found.add(targetKey(item));
  }
  return found;
}

const msBetween = (from: string, to: string) => Date.parse(to) - Date.parse(from);

/** As each list says for its own copies. */
function throughIn(action: Action, plans: readonly Plan[]): Known['through'] {
  const through = new Map<string, DefenderName | 'nobody'>();
  for (const { engine: terms, copies } of plans) {
    if (!terms) continue;
    for (const copy of copies) {
      const engine = engineFor(action, copy, terms);
      if (engine !== 'mailbox') through.set(targetKey(copy), (engine && defenderNameOf(copy)) ?? 'nobody');
    }
  }
  return through;
}
