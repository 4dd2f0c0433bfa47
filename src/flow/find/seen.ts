import { addressKey } from '../../core/address.ts';
import type { LookResult, Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import {
  type Before,
  isNews,
  keptFrom,
  type LeftOpen,
  type Looked,
  leavesTrouble,
  leftOf,
  lookedDetail,
  lookedIn,
} from '../../core/record/looked.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import type { FoundEntry, Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import type { Note } from '../record/record.ts';
import type { Findings } from './findings.ts';
import type { Survey } from './survey.ts';

/** What a look after the list was made saw, in the form that the record and the cards tell it. */

interface Look {
  readonly survey: Survey;
  readonly findings: Findings;
  readonly own: Plan;
  /** What is told already; null in lists from before finders were kept. */
  readonly before: Before | null;
}

type More = Pick<Looked, 'again' | 'grown'>;
/** `again`: whether the card says that it is asked again by itself. */
type Told = Before & Pick<Looked, 'again'>;

export function lookedOf(flow: Pick<Flow, 'clock'>, { survey, findings, own, before }: Look, more: More): Looked {
  const failed = addressesWith(survey, 'failed');
  const now: Looked = {
    at: flow.clock.now(),
    finders: survey.finders.map((finder) => ({ ...finder, cutOff: survey.trackingCut })),
    failed: failed.length,
    failedFirst: failed[0] ?? null,
    left: leftOpen(survey, findings, own),
    ...more,
  };
  return before ? keptFrom(before, now) : now;
}

function leftOpen(survey: Survey, findings: Findings, own: Plan): LeftOpen {
  const known = new Set(own.shielded.map(({ address }) => addressKey(address)));
  const shielded = findings.shielded.filter(({ address }) => !known.has(addressKey(address)));
  return {
    denied: addressesWith(survey, 'denied').length,
    unreachable: addressesWith(survey, 'unreachable').length + survey.unreachable.length,
    missing: addressesWith(survey, 'missing').length,
    unresolved: survey.unresolved.length,
    unresolvedFirst: survey.unresolved[0] ?? null,
    notLooked: Math.max(survey.notLooked, own.notLooked),
    shielded: shielded.length,
    shieldedBy: shielded[0]?.set ?? null,
    unsure: unsureBeyond(findings, own),
  };
}

function unsureBeyond({ unsure }: Findings, own: Plan): number {
  return unsure.reduce((sum, { key, addresses }) => {
    const known = own.unsure.find((group) => group.key === key)?.addresses ?? [];
    const more = (address: string) => timesIn(addresses, address) - timesIn(known, address);
    return sum + [...new Set(addresses)].reduce((all, address) => all + Math.max(0, more(address)), 0);
  }, 0);
}

const timesIn = (all: readonly string[], one: string) => all.filter((address) => address === one).length;

function addressesWith({ lookups }: Survey, result: LookResult): readonly string[] {
  const found = lookups.filter((lookup) => lookup.result === result);
  return [...new Map(found.map(({ address }) => [addressKey(address), address])).values()];
}

/** What is told of this list already: by the newest look after it was made, or else by itself. */
export async function toldOf(tx: Tx, incident: string, plan: Plan): Promise<Told | null> {
  const last = await lastLook(tx, incident, plan);
  if (last) return last.looked;
  if (plan.finders.length === 0) return null;
  const finders = plan.finders.map((finder) => ({ ...finder, cutOff: plan.trackingCut }));
  return { finders, failed: plan.failed.length, left: leftOf(plan), again: true };
}

interface Answered {
  readonly child: Incident;
  readonly looked: Looked;
}

/**
 * What lists that grew out of another left open is asked about with that one: each card tells what the look answered of its
 * own. Holds those of which that is news.
 */
export async function childrenAnswered(
  flow: Pick<Flow, 'clock'>,
  tx: Tx,
  children: readonly string[],
  { survey, findings }: Pick<Look, 'survey' | 'findings'>,
  again: boolean,
): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const id of children) {
    const incident = await tx.incidents.get(id);
    const own = incident && (await tx.incidents.plan(incident.planDigest ?? ''));
    const before = own && (await toldOf(tx, id, own));
    if (!own || !before || !leavesTrouble(before)) continue;
    const looked = lookedOf(flow, { survey, findings, own, before }, { again, grown: 0 });
    if (!isNews(looked, before) && looked.again === before.again) continue;
    const child = await tx.incidents.lock(id);
    if (child) answered.push({ child, looked });
  }
  return answered;
}

export function answerNote({ child: { id, planDigest }, looked }: Answered, { shielded }: Findings): Note {
  const detail = {
    run: null,
    grown: 0,
    shielded: shielded.length,
    looked: 0,
    noted: 0,
    look: lookedDetail(looked),
  };
  return { type: 'scope.checked', incident: id, planDigest, detail };
}

async function lastLook(tx: Tx, incident: string, { resolvedAt }: Plan) {
  const found = await tx.ledger.find({ incident, types: ['scope.looked', 'scope.checked'] });
  const looks = entriesIn(found).flatMap((entry) => {
    const looked = lookedIn(entry);
    return looked && looked.at >= resolvedAt ? [{ entry, looked }] : [];
  });
  return looks.at(-1) ?? null;
}

/** As far as they can be read. */
const entriesIn = <T extends EntryType>(found: readonly FoundEntry<T>[]) => found.flatMap(({ entry }) => entry ?? []);

const OPEN: ReadonlySet<string | null> = new Set<LookResult>(['failed', 'denied', 'unreachable', 'missing']);

/** Which lookups of a look are written down before it in any case. */
export const leftSomething = ({ result }: { readonly result: LookResult }) => OPEN.has(result);

/** Into whose mailboxes the newest look could not look: asked anew, also where nothing names them any more. */
export async function leftBy(tx: Tx, incident: string, plan: Plan): Promise<readonly string[]> {
  const last = await lastLook(tx, incident, plan);
  if (!last) return [];
  const { seq, detail } = last.entry;
  const from = { afterSeq: seq - detail.noted - 1, limit: detail.noted };
  const reads = await tx.ledger.find({ incident, types: ['mailbox.read'], ...from });
  return entriesIn(reads).flatMap((entry) => (OPEN.has(entry.outcome) ? [entry.detail.address] : []));
}
