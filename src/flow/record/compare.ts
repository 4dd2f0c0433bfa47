import { actionNamed, actionStored } from '../../core/action/action.ts';
import type { Ask } from '../../core/ask/ask.ts';
import { VERBS } from '../../core/ask/policy.ts';
import type { Vote } from '../../core/ask/tally.ts';
import { shortDigest, targetKey } from '../../core/find/plan.ts';
import { campaignBreach } from '../../core/record/campaign.ts';
import { clickedBreach } from '../../core/record/clicked.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import { ERASED } from '../../core/record/personal.ts';
import {
  CASE_ENTRIES,
  linkBreach,
  planBreach,
  planlessBreach,
  runBreach,
  type StoredPlan,
  stateBreach,
  voteBreach,
  wordsOf,
} from '../../core/record/trust.ts';
import { inert } from '../../core/text.ts';
import type { Run } from '../../ports/runs.ts';
import type { FoundEntry, Store, Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';
import { COPIES_AT_ONCE, toldOfCopies } from './copy-entries.ts';
import { unbelieved } from './entries.ts';
import { flagDifferences } from './flag.ts';
import { heardDifference } from './heard.ts';
import { liftVotesOf } from './held.ts';
import { measureDifferences } from './measures.ts';
import { retiredDifferences, retirementOf } from './retired.ts';
import { originBreach, policyBreach } from './trust.ts';
import { deadlineBreach, waitBreach } from './wait.ts';

/**
 * Every row that a decision rests on, held against the record, and every entry that should have a row: for
 * `audit verify`. Incident by incident, and copies page by page, so that the size of the record does not matter.
 */

export interface Comparison {
  /** Of these, the first ones. */
  readonly differences: readonly string[];
  readonly count: number;
  /** Incidents of which only the record is left, as it says itself. */
  readonly retired: number;
}

type Digests = { readonly hash: Pick<Hash, 'digest'> };
export type Compared = Digests & { readonly store: Store };

const IDS_AT_ONCE = 500;
/** More tell nothing new, and they are all held in memory. */
const MOST_KEPT = 10_000;

export async function compareStored({ store, hash }: Compared): Promise<Comparison> {
  const differences: string[] = [];
  let count = 0;
  let retired = 0;
  const found = (lines: readonly string[]) => {
    count += lines.length;
    differences.push(...lines.slice(0, Math.max(0, MOST_KEPT - differences.length)));
  };
  for (let after = ''; ; ) {
    const ids = await store.transact((tx) => tx.incidents.idsAfter(after, IDS_AT_ONCE));
    for (const id of ids) {
      const retirement = await store.transact((tx) => retirementOf(tx, id));
      if (retirement) retired += 1;
      found(
        retirement
          ? await retiredDifferences({ store, hash }, id, retirement)
          : await differencesOf({ store, hash }, id),
      );
    }
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
  }
  found(await settled(store, linkDifferences));
  found(await settled(store, (tx) => policyDifferences(tx, { hash })));
  found(await settled(store, brakeDifferences));
  found(await settled(store, (tx) => flagDifferences(tx, null)));
  return { differences, count, retired };
}

/** Of one incident that is stored. */
export async function differencesOf({ store, hash }: Compared, id: string): Promise<readonly string[]> {
  const rows = await settled(store, (tx) => incidentDifferences(tx, id, { hash }));
  return [...rows, ...(await copyDifferences(store, id))];
}

/** While others write, a row and its entry may be read at different moments: what is there twice is there. */
async function settled(store: Store, look: (tx: Tx) => Promise<string[]>): Promise<string[]> {
  const first = await store.transact(look);
  if (first.length === 0) return [];
  const again = new Set(await store.transact(look));
  return first.filter((line) => again.has(line));
}

async function incidentDifferences(tx: Tx, id: string, digests: Digests): Promise<string[]> {
  const about = (line: string) => `${inert(id, 40)}: ${line}`;
  // Held, so that nobody decides in between.
  const incident = await tx.incidents.lock(id);
  const { entries, broken } = sorted(await tx.ledger.find({ incident: id, types: CASE_ENTRIES }));
  const runs = await tx.runs.ofIncident(id);
  const votes = await tx.decisions.list(id);
  const own = incident ?? { id, tenant: entries[0]?.tenant ?? '', state: 'received' as const };
  // It went while it was being compared: that is looked at the next time.
  if (!incident && entries.some(({ type }) => type === 'incident.retired')) return [];
  const lines: (string | null)[] = [...broken];
  const plans = new Set([
    ...(await tx.incidents.plansOf(id)),
    ...entries.flatMap((entry) => (entry.type === 'plan.made' && entry.planDigest ? [entry.planDigest] : [])),
  ]);
  for (const digest of plans) {
    const stored = await tx.incidents.storedPlan(digest);
    const isAsked = digest === incident?.planDigest;
    lines.push(planBreach(own, digest, stored, entries, isAsked), unchecked(digest, stored));
    if (stored?.plan && isAsked) lines.push(deadlineBreach(incident, stored.plan));
  }
  if (incident) {
    lines.push(
      await originBreach(tx, incident, entries),
      stateBreach(incident, entries),
      campaignBreach(incident, entries),
      clickedBreach(incident, entries),
      ...(await measureDifferences(digests.hash, tx, id)),
    );
    lines.push(waitBreach(incident, entries), planlessBreach(incident, entries));
    lines.push(incident.unread?.what ?? (await heardDifference(digests, tx, incident, entries)));
    if (incident.planDigest !== null && !plans.has(incident.planDigest))
      lines.push(`the record knows no plan ${shortDigest(incident.planDigest)} of this incident`);
    lines.push(...markDifferences(incident.breach, entries));
  } else if (plans.size + runs.length + votes.length > 0 || entries.some(({ type }) => type === 'alert.received')) {
    lines.push('the incident is not stored any more');
  }
  lines.push(...votes.map((vote) => vote.unread?.what ?? voteBreach([vote], entries)), ...missingVotes(votes, entries));
  lines.push(...runs.map((run) => run.unread?.what ?? runBreach(run, entries)), ...missingRuns(runs, entries));
  lines.push(...(await flagDifferences(tx, id)));
  return [...new Set(lines.flatMap((line) => (line === null ? [] : about(line))))];
}

/** It is no breach, and what cannot be checked is not said to agree. */
function unchecked(digest: string, stored: StoredPlan | null): string | null {
  return stored?.newer && stored.intact
    ? `plan ${shortDigest(digest)} is of a newer version of Clawback: this one cannot check its rows`
    : null;
}

function markDifferences(breach: string | null, entries: readonly Recorded[]): string[] {
  const said = entries.filter(ofType('integrity.broken')).at(-1);
  if (said) return [`marked at entry ${said.seq}: ${said.detail.what}`];
  return breach === null ? [] : ['it is marked as tampered with, and the record does not say so'];
}

function missingVotes(votes: readonly Vote[], entries: readonly Recorded[]): string[] {
  const stored = new Set(votes.map(({ person, planDigest, action }) => `${person} ${planDigest} ${action}`));
  return entries.filter(ofType('decision.approved')).flatMap((entry) => {
    const { actor, detail, seq } = entry;
    const vote = { person: actor.id, planDigest: entry.planDigest ?? '', action: askOf(detail.action) };
    const isStored = vote.action !== null && stored.has(`${vote.person} ${vote.planDigest} ${vote.action}`);
    const wasTakenBack = vote.action !== null && !wordsOf({ ...vote, action: vote.action }, entries).includes(entry);
    return isStored || wasTakenBack ? [] : [`the approval of entry ${seq} is not stored any more`];
  });
}

/** The record has the policy's word for an action. */
function askOf(said: string): Ask | null {
  return actionNamed(said) ?? actionStored(said) ?? VERBS.find((verb) => verb === said) ?? null;
}

function missingRuns(runs: readonly Run[], entries: readonly Recorded[]): string[] {
  const stored = new Set(runs.map(({ id }) => id));
  return entries
    .filter(ofType('run.started'))
    .flatMap(({ detail, seq }) => (stored.has(detail.run) ? [] : [`the run of entry ${seq} is not stored any more`]));
}

/** Looked at once more before anything is said: a run may have begun meanwhile. */
async function copyDifferences(store: Store, id: string): Promise<string[]> {
  const many = await copiesThatDiffer(store, id);
  const still = many === 0 ? 0 : await copiesThatDiffer(store, id);
  return still === 0 ? [] : [`${inert(id, 40)}: what became of its copies differs from the record, ${still} times`];
}

/** What became of each copy, by run and by record. Of runs that have ended: those do not change any more. */
async function copiesThatDiffer(store: Store, id: string): Promise<number> {
  const all = await store.transact((tx) => tx.runs.ofIncident(id));
  const aboutOf = ({ action, planDigest }: Run) => `${action} ${planDigest}`;
  const open = new Set(all.filter(({ state }) => state === 'running').map(aboutOf));
  const runs = all.filter((run) => !open.has(aboutOf(run)));
  if (runs.length === 0) return 0;
  const balance = new Map<string, number>();
  const add = (key: string, by: number) => {
    const now = (balance.get(key) ?? 0) + by;
    if (now === 0) balance.delete(key);
    else balance.set(key, now);
  };
  const ended = new Set(runs.map(aboutOf));
  for await (const { action, planDigest, target, outcome, by } of toldOfCopies(store, id)) {
    const about = `${action} ${planDigest}`;
    if (ended.has(about)) add(`${about} ${target} ${outcome}`, by);
  }
  for (const run of runs)
    for (let at = 0; ; at += COPIES_AT_ONCE) {
      const items = await store.transact((tx) => tx.work.page(run.id, at, COPIES_AT_ONCE));
      for (const item of items) add(`${aboutOf(run)} ${targetKey(item)} ${item.outcome}`, -1);
      if (items.length < COPIES_AT_ONCE) break;
    }
  return [...balance.values()].reduce((sum, n) => sum + Math.abs(n), 0);
}

async function linkDifferences(tx: Tx): Promise<string[]> {
  const links = await tx.people.list();
  const found = await tx.ledger.find({ incident: null, types: ['account.linked', 'account.unlinked'] });
  const { entries, broken } = sorted(found);
  // What was erased tells of nobody: whether it is stored cannot be asked.
  const told = entries.filter(({ detail }) => detail.account !== ERASED);
  const byAccount = Map.groupBy(told, (entry) => accountOf(entry));
  const linked = new Set(links.map(({ platform, account }) => `${platform} ${account}`));
  const missing = [...byAccount].flatMap(([account, all]) =>
    all.at(-1)?.type === 'account.linked' && !linked.has(account)
      ? [`the link of the ${inert(account, 60)} account, entry ${all.at(-1)?.seq}, is not stored any more`]
      : [],
  );
  const forged = links.flatMap((link) => linkBreach(link, entries) ?? []);
  return [...broken, ...forged, ...missing];
}

const accountOf = ({ platform, detail }: Recorded<'account.linked' | 'account.unlinked'>) =>
  `${platform} ${detail.account}`;

async function policyDifferences(tx: Tx, { hash }: Digests): Promise<string[]> {
  const { entries, broken } = sorted(await tx.ledger.find({ incident: null, types: ['policy.adopted'] }));
  const digests = new Set([...(await tx.policies.digests()), ...entries.map(({ detail }) => detail.policy)]);
  const lines: string[] = [...broken];
  for (const digest of digests) {
    const stored = await tx.policies.stored(digest);
    const unread = stored && 'unread' in stored ? stored.unread.what : null;
    const breach = unread ?? (await policyBreach({ hash }, tx, digest));
    if (breach !== null) lines.push(breach);
  }
  return lines;
}

async function brakeDifferences(tx: Tx): Promise<string[]> {
  const brake = await tx.brake.read();
  const { entries, broken } = sorted(
    await tx.ledger.find({ incident: null, types: ['brake.stopped', 'brake.lifted'] }),
  );
  const isStopped = entries.at(-1)?.type === 'brake.stopped';
  const { forged } = brake.stopped ? await liftVotesOf(tx, brake) : { forged: [] };
  broken.push(...forged.map(({ person }) => `a vote for going on by ${inert(person, 60)} is not in the record`));
  if (isStopped === brake.stopped) return broken;
  return [...broken, isStopped ? 'the record says that Clawback is stopped' : 'the record knows of no stop that holds'];
}

function sorted<T extends EntryType>(found: readonly FoundEntry<T>[]) {
  return {
    entries: found.flatMap(({ entry }) => entry ?? []),
    broken: found.flatMap((one) => (one.entry ? [] : [unbelieved(one)])),
  };
}
