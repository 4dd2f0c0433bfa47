import type { Exercise } from '../../core/find/exercise.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import { lateIn } from '../../core/record/late.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import { type Looked, lookedIn } from '../../core/record/looked.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import { type Recovered, recoveredIn } from '../../core/record/recovered.ts';
import type { StoredPlan } from '../../core/record/trust.ts';
import { type UnreadSet, unreadSetIn } from '../../core/record/unread-sets.ts';
import type { CaseFacts } from '../../core/tell/case.ts';
import { exerciseIn } from '../../core/tell/exercise-words.ts';
import { MOST_TROUBLED, NAMED } from '../../core/tell/remarks.ts';
import { type Child, isInSight, type RunFacts } from '../../core/tell/run-facts.ts';
import { type ToldEnd, toldIn } from '../../core/tell/told-words.ts';
import type { Tx } from '../../ports/store.ts';
import type { Containing, Flow } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { joinedInto, twinsOf } from '../record/joined.ts';
import { childrenOf, rootOf } from '../record/lists.ts';
import { leftToUndo } from '../record/removed.ts';
import { campaignOf } from './campaign.ts';
import { containableOf } from './containable.ts';
import { evidenceOf } from './evidence.ts';
import { flagsShown } from './flags-shown.ts';
import { listStands } from './measures.ts';
import { answersIn } from './measures-found.ts';
import { looksNow, peopleNow } from './people.ts';
import { TROUBLE_AFTER } from './room.ts';

const HOUR_MS = 3_600_000;
/** What the record says of a list after it was made. */
const LATER: readonly EntryType[] = [
  'plan.grown',
  'scope.looked',
  'scope.checked',
  'scope.recovered',
  'sets.checked',
  'exercise.recognised',
  'invitations.seen',
  'loop.told',
  'copy.late',
  'campaign.followed',
  'people.looked',
];

/** What is known of an incident beside what is stored of it. */
export type FactSources = Pick<Flow, 'tenant' | 'clock' | 'policy' | 'chatNames' | 'linkHosts' | 'pace' | 'hash'> &
  Containing;

/** Everything a card or a person may want to know of one incident, read in one transaction. */
export async function factsOf(flow: FactSources, tx: Tx, id: string): Promise<CaseFacts | null> {
  const found = await tx.incidents.get(id);
  if (!found) return null;
  const incident = await withItsOrigin(tx, found);
  const seen = await planOf(tx, incident);
  const votes = await tx.decisions.list(id);
  const plan = seen?.plan ?? null;
  const stored = await tx.runs.ofIncident(id);
  const runs: RunFacts[] = [];
  for (const run of stored) runs.push({ ...run, ...(await tx.work.counts(run.id)) });
  const last = runs.pop();
  if (last) runs.push({ ...last, ...(await troubledIn(tx, last)) });
  const now = Date.parse(flow.clock.now());
  const later = await tx.ledger.find({ incident: id, types: LATER });
  const people = await peopleNow(flow, tx, id, later);
  const looks = await looksNow(flow, tx, id, later);
  const answers = looks === null || looks === 'differs' ? null : answersIn(looks);
  const invitations = later.reduce((last, { entry }) => invitationsIn(entry, incident.planDigest) ?? last, 0);
  const deadRooms = (await tx.rooms.dead()).map(({ platform }) => platform);
  // A plan from before there were policies has none on record.
  const policy = (plan && (await tx.policies.get(plan.policy))) ?? flow.policy().policy;
  return {
    tenantName: flow.tenant.name,
    incident,
    plan,
    isOfNewerVersion: [incident, ...stored, ...votes].some(({ unread }) => unread?.newer) || seen?.newer === true,
    policy,
    ...(await evidenceOf(tx, policy, later)),
    votes,
    runs,
    leftToUndo: await leftToUndo(tx, incident, stored),
    lastHour: await tx.runs.usage(new Date(now - HOUR_MS).toISOString()),
    brake: await brakeNow(tx),
    children: await childrenIn(
      tx,
      later.flatMap(({ entry }) => grownIn(entry, incident.planDigest)),
    ),
    joinedInto: await joinedInto(tx, incident),
    twins: await twinsOf(tx, incident),
    ...(await campaignOf(flow, tx, { incident, plan }, later)),
    root: (await rootOf(tx, incident)).id,
    looked: later.reduce<Looked | null>((last, { entry }) => (entry && lookedIn(entry)) ?? last, null),
    recovered: later.reduce<Recovered | null>((last, { entry }) => (entry && recoveredIn(entry)) ?? last, null),
    unreadSet: later.reduce<UnreadSet | null>((last, { entry }) => (entry ? unreadSetIn(entry, last) : last), null),
    exercise: later.reduce<Exercise | null>(
      (last, { entry }) => (entry ? exerciseIn(entry, incident.planDigest, last) : last),
      null,
    ),
    measures: await listStands(flow, tx, id, answers),
    flags: await flagsShown(tx, id, new Date(now).toISOString()),
    people,
    invitations,
    containable: containableOf(flow, incident, answers, invitations),
    told: later.reduce<readonly ToldEnd[]>((told, { entry }) => (entry ? toldIn(entry, told) : told), []),
    late: lateIn(later.flatMap(({ entry }) => entry ?? []).filter(ofType('copy.late'))),
    deadRooms,
    chatNames: flow.chatNames,
    turnedAwayIn: (await tx.cards.of(id))
      .filter(({ platform, attempts }) => attempts >= TROUBLE_AFTER && !deadRooms.includes(platform))
      .map(({ platform }) => platform),
    now: new Date(now).toISOString(),
    linkHosts: flow.linkHosts,
    looking: incident.state === 'received' ? await tx.searches.progress(id) : null,
    delay: await tx.delays.of(id),
    pace: flow.pace?.now() ?? null,
    waited: incident.askedAt === null ? 0 : (now - Date.parse(incident.askedAt)) / 60_000,
  };
}

/** What the record has of requests that came late; oldest first. */
export async function lateEntries(tx: Tx, incident: string): Promise<readonly Recorded<'copy.late'>[]> {
  const found = await tx.ledger.find({ incident, types: ['copy.late'] });
  return found.flatMap(({ entry }) => entry ?? []);
}

async function troubledIn(tx: Tx, { id, outcomes }: RunFacts): Promise<Pick<RunFacts, 'troubled'>> {
  const named = NAMED.filter((outcome) => outcomes[outcome] > 0);
  return named.length === 0 ? {} : { troubled: await tx.work.troubled(id, named, MOST_TROUBLED) };
}

/** What was tampered with is not drawn on a card either. */
async function planOf(tx: Tx, { planDigest, breach }: Incident): Promise<StoredPlan | null> {
  if (planDigest === null) return null;
  if (breach === null) return tx.incidents.glance(planDigest);
  const stored = await tx.incidents.storedPlan(planDigest);
  return stored?.intact ? stored : null;
}

/** Copies of this list that are invitations; null for an entry that says nothing of it. */
function invitationsIn(entry: Recorded | null, planDigest: string | null): number | null {
  return entry?.type === 'invitations.seen' && entry.planDigest === planDigest ? entry.detail.copies : null;
}

/** The incident that grew out of this list. */
function grownIn(entry: Recorded | null, planDigest: string | null): readonly string[] {
  return entry?.type === 'plan.grown' && entry.planDigest === planDigest ? [entry.detail.child] : [];
}

/** These and all that grew out of them. */
async function childrenIn(tx: Tx, grown: readonly string[]): Promise<readonly Child[]> {
  const all: Child[] = [];
  for (const child of grown)
    for (const id of [child, ...(await childrenOf(tx, child))]) all.push(await childOf(tx, id));
  return all;
}

/** What was retired has no state any more. */
async function childOf(tx: Tx, id: string): Promise<Child> {
  const incident = await tx.incidents.get(id);
  const stands = incident && situationOf(incident);
  const last = stands === 'purged' || stands === 'junked' ? (await tx.runs.ofIncident(id)).at(-1) : undefined;
  if (!incident || !last) return { id, stands };
  const runs = [{ ...last, ...(await tx.work.counts(last.id)) }];
  return { id, stands, inSight: isInSight({ incident, runs, late: lateIn(await lateEntries(tx, id)) }) };
}

/** Under which copies that a plan did not hold make an incident of their own: found twice at once, it is opened once. */
export function childKey(incident: string, planDigest: string, earlier: number): string {
  return `more than ${incident} ${planDigest}${earlier > 0 ? ` ${earlier + 1}` : ''}`;
}

/**
 * With everybody whom alerts name: these join the incident that the first of them made, and whoever is part of that one
 * has no say in what grew out of it either.
 */
export async function withItsOrigin<I extends Incident>(
  tx: { readonly incidents: Pick<Tx['incidents'], 'get'> },
  incident: I,
): Promise<I> {
  const parent = incident.parent === null ? null : await tx.incidents.get(incident.parent);
  if (!parent) return incident;
  const { askers, alert } = await withItsOrigin(tx, parent);
  const both = (name: 'recipients' | 'received') => [...new Set([...incident.alert[name], ...alert[name]])];
  const named = { recipients: both('recipients'), received: both('received') };
  return { ...incident, askers: [...incident.askers, ...askers], alert: { ...incident.alert, ...named } };
}
