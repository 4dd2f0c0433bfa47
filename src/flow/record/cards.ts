import type { Plan } from '../../core/find/plan.ts';
import type { Source } from '../../core/find/source.ts';
import { type Incident, isClosed, situationOf } from '../../core/incident/incident.ts';
import {
  type Alerter,
  alerterOf,
  type BudgetKind,
  isGranted,
  mayRise,
  risesBy,
  type Spending,
  spentOf,
} from '../../core/tell/budget.ts';
import { rankOf } from '../../core/tell/rank.ts';
import { WAITING_LIST } from '../../ports/outbox.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Deciding } from '../flow.ts';
import { record } from './record.ts';

/** Which incidents get a card of their own, and where they stand in the queue. */

type Granting = Bookkeeping & Pick<Deciding, 'hash' | 'cardLimits'>;

const HOUR_MS = 3_600_000;

/** A card in each room; for one of a campaign, and for one that waits, only a line of another one. */
export async function openCards(flow: Granting, tx: Tx, incident: Incident, lead: string | null): Promise<void> {
  const teller = lead ?? ((await mayHaveCard(flow, tx, incident)) ? undefined : WAITING_LIST);
  await tx.cards.open(incident.id, keysIn(flow), teller);
}

/** What turned up later waits where the list waits that it was not in. */
export async function openCardsOfChild(
  flow: Granting,
  tx: Tx,
  child: string,
  parent: string,
  lead: string | null,
): Promise<void> {
  const teller = lead ?? ((await isHeld(tx, parent)) ? WAITING_LIST : undefined);
  await tx.cards.open(child, keysIn(flow), teller);
}

const keysIn = ({ rooms, clock }: Granting) => new Map(rooms.map(({ platform }) => [platform, clock.id()]));

/** Whoever asks has the record: nobody else counts at the same time. */
async function mayHaveCard(flow: Granting, tx: Tx, incident: Incident): Promise<boolean> {
  const who = alerterOf(incident.alert);
  if (!flow.cardLimits || who === null) return true;
  if (risesBy({ ...incident, plan: null, acted: false }) === 'fact') return true;
  const { kind, name } = spendingOf(flow, incident, who);
  const limits = flow.cardLimits;
  return grant(flow, tx, incident.id, { kind, who: name }, (spent) => isGranted(limits, who, spent));
}

/** One card more, written down where the hour still has one. Once for each incident: it has one card however often it is asked for. */
async function grant(
  flow: Granting,
  tx: Tx,
  incident: string,
  detail: { readonly kind: BudgetKind; readonly who: string },
  isLeft: (spent: Spending) => boolean,
): Promise<boolean> {
  const granted = await tx.budget.since(new Date(Date.parse(flow.clock.now()) - HOUR_MS).toISOString());
  const others = granted.map((entry) => entry.detail);
  if (!isLeft(spentOf(others, detail.kind, detail.who))) return false;
  if (granted.every((entry) => entry.incident !== incident))
    await record(flow, tx, [{ type: 'card.granted', incident, detail }]);
  return true;
}

function spendingOf({ hash }: Granting, { alert }: Incident, who: Alerter) {
  // However many sources prove nobody, they are one.
  const from = who === 'nobody' ? null : alert.from.name;
  const { entraId, address } = (who === 'person' && alert.reporter) || { entraId: null, address: null };
  const person = entraId?.toLowerCase() ?? address?.toLowerCase() ?? null;
  return {
    kind: who === 'detector' ? ('detector' as const) : ('report' as const),
    name: hash.digest([from, person]),
  };
}

/** Has it a card after all? Asked wherever something of it changes that might make it more than one person's report. */
export async function riseWhereDue(flow: Granting, tx: Tx, id: string, by: 'detector' | null = null): Promise<void> {
  if (!flow.cardLimits) return;
  const incident = await tx.incidents.get(id);
  const lead = incident?.campaign === null ? incident : incident && (await tx.incidents.get(incident.campaign ?? ''));
  if (!incident || !lead || isClosed(lead.state) || !(await isHeld(tx, lead.id))) return;
  // Who was held back as a detector is not let out by being one.
  const isBacked = by !== null && lead.alert.from.kind === 'report';
  const why = isBacked ? 'fact' : await rises(tx, lead);
  const who = alerterOf(lead.alert);
  if (why === null || who === null) return;
  if (why === 'reporters' && who !== 'detector') {
    const limits = flow.cardLimits;
    const detail = { kind: 'risen', who: spendingOf(flow, lead, who).name } as const;
    if (!(await grant(flow, tx, lead.id, detail, (spent) => mayRise(limits, spent)))) return;
  }
  await tx.cards.release(lead.id);
  for (const { platform } of flow.rooms) await tx.jobs.send({ queue: 'deliver', incident: '', platform });
}

/**
 * What was told by the card of another one, which tells nothing of it any more: a card of its own, or where there is none left for
 * it a place in the list of what waits. A campaign that is over must not be a flood of cards.
 */
export async function comeOut(flow: Granting, tx: Tx, id: string): Promise<void> {
  const incident = await tx.incidents.get(id);
  if (!incident) return;
  const isSeen = flow.cardLimits !== undefined && (await rises(tx, incident)) === 'fact';
  if (isSeen || (await mayHaveCard(flow, tx, incident))) await tx.cards.release(id);
  else await tx.cards.hold(id);
}

/** A wave of which somebody says more than its line tells has a card beside that: at once, or where reports have one left. */
export async function comeForward(flow: Granting, tx: Tx, id: string, { kind }: Source): Promise<void> {
  const incident = await tx.incidents.get(id);
  if (!incident || isClosed(incident.state)) return;
  if (kind !== 'report' || (await mayHaveCard(flow, tx, incident))) await tx.cards.touch(id, true);
}

async function isHeld(tx: Tx, id: string): Promise<boolean> {
  return (await tx.cards.of(id)).some(({ gathered, ref }) => gathered === WAITING_LIST && ref === null);
}

/** By itself, or together with what is shown with it. */
async function rises(tx: Tx, lead: Incident): Promise<'fact' | 'reporters' | null> {
  const all = [lead, ...(await tx.campaigns.waves(lead.id))];
  const asked = new Map(
    all.flatMap(({ askers }) => askers.map((one) => [JSON.stringify([one.entraId, one.address]), one])),
  );
  const askers = [...asked.values()];
  let why: 'fact' | 'reporters' | null = null;
  for (const incident of all) {
    const situation = situationOf(incident);
    const acted = situation === 'running' || situation === 'contained';
    why = risesBy({ ...incident, askers, plan: await planOf(tx, incident), acted });
    const isDetected = lead.alert.from.kind === 'report' && incident.alert.from.kind === 'detector';
    if (why === 'fact' || isDetected) return 'fact';
  }
  return why;
}

/**
 * Whether people are reminded of it by another message: the card of its campaign while that asks something, or the list of what
 * waits, which would be a flood of cards if each of it came out.
 */
export async function isToldByAnother(tx: Tx, gathered: string): Promise<boolean> {
  if (gathered === WAITING_LIST) return true;
  const lead = await tx.incidents.get(gathered);
  return lead?.state === 'open' && lead.askedAt !== null;
}

/** Wherever its alert has changed, or what is known of it. */
export async function rankAnew(tx: Tx, incident: Incident): Promise<void> {
  await tx.board.rank(incident.id, rankOf({ ...incident, plan: await planOf(tx, incident) }));
}

/** Somebody has seen who followed its link: where it stands in the queue is redone with that. Null: nobody could say. */
export async function knowClicked(tx: Tx, id: string, people: number | null): Promise<void> {
  if (people === null || people === 0) return;
  await tx.board.clicked(id, people);
  const incident = await tx.incidents.get(id);
  if (incident) await rankAnew(tx, incident);
}

async function planOf(tx: Tx, { planDigest }: Incident): Promise<Plan | null> {
  return planDigest === null ? null : ((await tx.incidents.glance(planDigest))?.plan ?? null);
}
