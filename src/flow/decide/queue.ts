import type { TenantPolicy } from '../../core/ask/policy.ts';
import { RoomError } from '../../core/error.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import { chatName } from '../../core/tell/chats.ts';
import { lineOf, type Queue, type QueueLine, type WaitingCase, waitsFor } from '../../core/tell/queue.ts';
import { rankOf } from '../../core/tell/rank.ts';
import { hasTrouble } from '../../core/tell/run-facts.ts';
import type { Listed } from '../../ports/board.ts';
import type { ChatUser, QueueCall, Reply } from '../../ports/desk.ts';
import type { CardRef } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { evidenceAmong } from '../tell/evidence.ts';
import { withItsOrigin } from '../tell/facts.ts';
import { canBeLinked } from './accounts.ts';
import { said } from './decision.ts';
import { flagsBeside } from './flag-list.ts';
import { stray } from './refuse.ts';
import { notePlace, type Standing, standingOf } from './standing.ts';

/** The queue of one person: read in a few questions however much waits, and judged as their presses would be. */

/** More are counted, and not looked at one by one. */
const MOST_OPEN = 500;
const MOST_ENDED = 200;
/** So long what went wrong is in the queue. */
const ENDED_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;

/** `asked`: typed as a command, which is recorded where it is not answered; looking by itself is nothing to record. */
export async function queueFor(flow: Deciding, call: QueueCall, asked: 'command' | 'look' = 'look'): Promise<Reply> {
  const { by, channel } = call;
  const seenByOthers = channel !== null && (flow.chats.get(by.platform)?.answersAreSeen(channel) ?? true);
  const standing = await standingOf(flow, by, seenByOthers ? channel : null, flow.policy().policy);
  if (standing.is === 'refused') {
    if (asked === 'command') await stray(flow, by, `command from somebody who is not to be answered: ${standing.why}`);
    return said({ code: 'queue-not-shown', why: standing.why, ...chatOf(flow, by) });
  }
  if (call.open !== null) return bring(flow, by, call.open, standing);
  await flow.store.transact((tx) => notePlace(flow, tx, by.platform, standing));
  const roles = new Map([[flow.policy().digest, standing.roles]]);
  for (;;) {
    const seen = await flow.store.transact((tx) => read(flow, tx, { ...standing, rolesUnder: roles }));
    if (seen.unasked.size === 0) return withFlags(flow, seen.queue, standing);
    for (const [digest, policy] of seen.unasked) {
      const then = await standingOf(flow, by, null, policy);
      roles.set(digest, then.is === 'known' ? then.roles : []);
    }
  }
}

async function withFlags(flow: Deciding, queue: Queue, standing: Standing): Promise<Reply> {
  const flags = await flow.store.transact((tx) => flagsBeside(flow, tx, standing));
  return { kind: 'queue', queue: { ...queue, ...(flags ? { flags } : {}) } };
}

/** Somebody, and what they are under each policy that a list was made under: a press counts by that one. */
type Asker = Standing & { readonly rolesUnder: ReadonlyMap<string, readonly string[]> };

function chatOf(flow: Deciding, by: ChatUser) {
  const linkable = flow.signIn !== null && canBeLinked(flow, by);
  return { chat: chatName(flow.chatNames, by.platform), linkable };
}

/** Brings the card into the room of the cards, out of the message that gathers many if need be, or says where it is. */
async function bring(flow: Deciding, by: ChatUser, named: string, standing: Standing): Promise<Reply> {
  const incident = named.replaceAll('\0', '');
  const found = await flow.store.transact(async (tx): Promise<'none' | 'comes' | CardRef> => {
    await notePlace(flow, tx, by.platform, standing);
    const card = (await tx.cards.of(incident)).find(({ platform }) => platform === by.platform);
    if (!card || !(await tx.incidents.get(incident))) return 'none';
    if (card.ref) return card.ref;
    await tx.cards.touch(incident, true);
    await tx.jobs.send({ queue: 'deliver', incident, platform: by.platform });
    return 'comes';
  });
  if (found === 'none') return said({ code: 'incident-not-known', asked: incident });
  if (found === 'comes') return said({ code: 'queue-card-comes', incident });
  const answer = { code: 'queue-card-is-there', incident } as const;
  const url = await addressOf(flow, found);
  return url === null ? said(answer) : { kind: 'link', answer, to: 'card', url };
}

async function addressOf(flow: Deciding, ref: CardRef): Promise<string | null> {
  const room = flow.rooms.find(({ platform }) => platform === ref.platform);
  try {
    return (await room?.addressOf(ref)) ?? null;
  } catch (error) {
    // Where the card is was said: the way to it is only shorter with an address.
    if (error instanceof RoomError) return null;
    throw error;
  }
}

interface Read {
  readonly queue: Queue;
  /** Policies that lists here were made under, and under which nobody has asked yet what this person is. */
  readonly unasked: ReadonlyMap<string, TenantPolicy>;
}

async function read(flow: Deciding, tx: Tx, who: Asker): Promise<Read> {
  const at = flow.clock.now();
  const brake = await brakeNow(tx);
  const open = await tx.board.open(MOST_OPEN);
  const ended = await tx.board.ended(new Date(Date.parse(at) - ENDED_MS).toISOString(), MOST_ENDED);
  const look = await lookAt(flow, tx, open.incidents, { at, brake });
  const inOrder = open.incidents.toSorted((a, b) => look.rank(b) - look.rank(a));
  const waits = inOrder.filter(isAsked).map((incident) => look.trouble(incident) ?? look.waits(incident, who));
  const busy = inOrder.filter((incident) => !isAsked(incident));
  const running = busy.flatMap((incident) => (isMarked(incident) ? [] : [lineOf(incident, look.copies(incident))]));
  const marked = inOrder.filter(isMarked).map((incident) => lineOf(incident, look.copies(incident), 'marked'));
  const lines = (place: string) => waits.flatMap((one) => (one.place === place ? [one.line] : []));
  const queue = {
    tenantName: flow.tenant.name,
    at,
    stopped: brake.stopped ? { by: brake.by, reason: brake.reason } : null,
    who,
    mine: lines('mine'),
    role: lines('role'),
    running,
    trouble: [...marked, ...lines('trouble'), ...(await endedBadly(tx, ended.incidents))],
    others: lines('others').length,
    over: { open: partOf(open), ended: partOf(ended) },
  };
  return { queue, unasked: new Map([...look.policies].filter(([digest]) => !who.rolesUnder.has(digest))) };
}

const partOf = ({ incidents, total }: Listed) => ({ looked: incidents.length, all: total });

const isMarked = ({ breach, unread }: Incident) => breach !== null || unread !== undefined;
const isAsked = (incident: Incident) => incident.state === 'open' && !isMarked(incident);

type Placed = { readonly place: 'mine' | 'role' | 'others' | 'trouble'; readonly line: QueueLine };

interface Looked {
  readonly policies: ReadonlyMap<string, TenantPolicy>;
  readonly copies: (incident: Incident) => number | null;
  /** Reckoned anew: what is stored of it only says which ones are read. */
  readonly rank: (incident: Incident) => number;
  /** Null for one whose list is as it was made. */
  readonly trouble: (incident: Incident) => Placed | null;
  readonly waits: (incident: Incident, who: Asker) => Placed;
}

/** Everything that is needed to judge many cases, each kind of it asked for once. */
async function lookAt(
  flow: Deciding,
  tx: Tx,
  incidents: readonly Incident[],
  { at, brake }: { readonly at: string; readonly brake: WaitingCase['brake'] },
): Promise<Looked> {
  const asked = incidents.filter(isAsked);
  const plans = await tx.incidents.glances([...new Set(incidents.flatMap(({ planDigest }) => planDigest ?? []))]);
  const planOf = ({ planDigest }: Incident) => plans.get(planDigest ?? '') ?? null;
  const policies = await policiesOf(
    tx,
    [...plans.values()].flatMap(({ plan }) => plan?.policy ?? []),
  );
  const votes = await tx.board.votes(asked.map(({ id }) => id));
  const evidence = await evidenceAmong(tx, [...policies.values(), flow.policy().policy], asked);
  const lastHour = await tx.runs.usage(new Date(Date.parse(at) - HOUR_MS).toISOString());
  const origins = await originsOf(tx, asked);
  const known = { incidents: { get: (id: string) => Promise.resolve(origins.get(id) ?? null) } };
  const whole = new Map<string, Incident>();
  for (const incident of asked) whole.set(incident.id, await withItsOrigin(known, incident));
  return {
    policies,
    rank: (incident) => rankOf({ ...incident, plan: planOf(incident)?.plan ?? null }),
    copies: (incident) => planOf(incident)?.plan?.copies.length ?? null,
    trouble(incident) {
      const stored = planOf(incident);
      const isWhole = incident.planDigest === null || (stored?.intact === true && stored.plan !== null);
      return isWhole ? null : { place: 'trouble', line: lineOf(incident, null, 'marked') };
    },
    waits(incident, who) {
      const plan = planOf(incident)?.plan ?? null;
      return waitsFor(
        {
          tenantName: flow.tenant.name,
          incident: whole.get(incident.id) ?? incident,
          plan,
          policy: policies.get(plan?.policy ?? '') ?? flow.policy().policy,
          votes: votes.get(incident.id) ?? [],
          ...evidence(incident.id),
          lastHour,
          brake,
          chatNames: flow.chatNames,
          now: at,
          waited: incident.askedAt === null ? 0 : (Date.parse(at) - Date.parse(incident.askedAt)) / 60_000,
        },
        { ...who, roles: who.rolesUnder.get(plan?.policy ?? '') ?? who.roles },
      );
    },
  };
}

/** There are as many as the policy was changed lately, and not as many as there are plans. */
async function policiesOf(tx: Tx, digests: readonly string[]): Promise<ReadonlyMap<string, TenantPolicy>> {
  const found = new Map<string, TenantPolicy>();
  for (const digest of new Set(digests)) {
    const policy = await tx.policies.get(digest);
    if (policy) found.set(digest, policy);
  }
  return found;
}

/** Everything that these grew out of, one question for each generation. */
async function originsOf(tx: Tx, incidents: readonly Incident[]): Promise<ReadonlyMap<string, Incident>> {
  const found = new Map(incidents.map((incident) => [incident.id, incident]));
  const missing = (from: Iterable<Incident>) => [
    ...new Set([...from].flatMap(({ parent }) => (parent === null || found.has(parent) ? [] : [parent]))),
  ];
  for (let wanted = missing(incidents); wanted.length > 0; ) {
    const parents = await tx.board.named(wanted);
    for (const parent of parents) found.set(parent.id, parent);
    wanted = missing(parents);
  }
  return found;
}

/** What ended and is not over: people have to look at it. */
async function endedBadly(tx: Tx, incidents: readonly Incident[]): Promise<readonly QueueLine[]> {
  const outcomes = await tx.board.outcomes(incidents.flatMap(({ runId }) => runId ?? []));
  return incidents.flatMap((incident) => {
    if (isMarked(incident)) return [lineOf(incident, null, 'marked')];
    if (situationOf(incident) === 'expired') return [lineOf(incident, null, 'nobody decided')];
    const counts = outcomes.get(incident.runId ?? '');
    const copies = counts ? Object.values(counts).reduce((sum, n) => sum + n, 0) : null;
    return counts && hasTrouble(counts) ? [lineOf(incident, copies, 'not done')] : [];
  });
}
