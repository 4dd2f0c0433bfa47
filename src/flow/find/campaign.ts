import { saysWorse, type TakenAlert } from '../../core/find/alert.ts';
import {
  bodyMarks,
  type CampaignTerms,
  type Mark,
  type MarkPair,
  marksOf,
  pairsOf,
  placeIn,
} from '../../core/find/campaign.ts';
import { type Incident, isClosed } from '../../core/incident/incident.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import type { Note } from '../record/record.ts';

/**
 * A new incident that shares two independent marks with an open one is shown with it. Nothing else comes of that: it has its own
 * list, its own votes and its own end.
 */

export interface Placed {
  /** The first incident of the campaign that it is a wave of; null where it stands by itself. */
  readonly lead: string | null;
  readonly notes: readonly Note[];
}

const BY_ITSELF: Placed = { lead: null, notes: [] };

/** Holds the pairs of its marks, and then the incident that leads them: two that come at once find each other. */
export async function placeInCampaign(flow: Deciding, tx: Tx, incident: Incident): Promise<Placed> {
  const terms = flow.campaigns;
  return terms ? placeBy(flow, tx, { incident, terms, pairs: pairsOf(marksOf(incident.alert, terms)) }) : BY_ITSELF;
}

/**
 * The same by what was seen of it only when it was looked for: `clusters`, as Microsoft calls what it finds alike. An incident that
 * is shown with others by then stays where it is, and so does what somebody took out of a campaign; others may be known by it.
 */
export async function placeByContent(
  flow: Deciding,
  tx: Tx,
  incident: Incident,
  clusters: readonly string[],
): Promise<Placed> {
  const { campaigns: terms } = flow;
  const bodies = bodyMarks(clusters);
  if (!terms || bodies.length === 0 || incident.parent !== null) return BY_ITSELF;
  const pairs = pairsOf([...marksOf(incident.alert, terms), ...bodies]).filter((pair) => pair.some(isOfContent));
  if (pairs.length === 0) return BY_ITSELF;
  const known = new Set((await contentMarksOf(tx, incident.id)).map(markName));
  if (bodies.every((body) => known.has(markName(body)))) return BY_ITSELF;
  const marked: Note = { type: 'campaign.marked', incident: incident.id, detail: { marks: bodies } };
  if (await isPlaced(tx, incident)) {
    await tx.campaigns.take(
      pairs.map((pair) => pairName(flow, pair)),
      incident.campaign ?? incident.id,
    );
    return { lead: null, notes: [marked] };
  }
  const { lead, notes } = await placeBy(flow, tx, { incident, terms, pairs });
  return { lead, notes: [marked, ...notes] };
}

const isOfContent = ({ kind }: Mark) => kind === 'body';

async function isPlaced(tx: Tx, { id, campaign }: Incident): Promise<boolean> {
  if (campaign !== null || (await tx.campaigns.waves(id)).length > 0) return true;
  return (await tx.ledger.find({ incident: id, types: ['campaign.left', 'campaign.followed'] })).length > 0;
}

interface Placing {
  readonly incident: Incident;
  readonly terms: CampaignTerms;
  readonly pairs: readonly MarkPair[];
}

async function placeBy(flow: Deciding, tx: Tx, { incident, terms, pairs }: Placing): Promise<Placed> {
  const named = new Map(pairs.map((pair) => [pairName(flow, pair), pair]));
  const taken = await tx.campaigns.take([...named.keys()], incident.id);
  const others = [...new Set(taken.values())].filter((id) => id !== incident.id);
  if (others.length === 0) return BY_ITSELF;
  const { open, newest } = await leadsOf(tx, others, (held) => hasMarksOf(tx, held, pairs, terms));
  const ofOthers = [...taken].flatMap(([name, lead]) => (lead === open?.id || lead === incident.id ? [] : [name]));
  if (!open) {
    await tx.campaigns.hand([...named.keys()], incident.id);
    return newest === null ? BY_ITSELF : follows(incident, newest, 'over');
  }
  const waves = await tx.campaigns.waves(open.id);
  const said = [open, ...waves].flatMap(({ alert }) => alert.said);
  // What a source calls another mail is no word that it raises: of the same attack it finds some worse than others.
  const hasSpoken = said.some(({ source }) => source === incident.alert.from.name);
  const place = placeIn(waves.length, !hasSpoken && saysWorse(said, incident.alert));
  if (place.is === 'new') {
    await tx.campaigns.hand([...named.keys()], incident.id);
    return follows(incident, open.id, place.because);
  }
  const own = [...taken].flatMap(([name, lead]) => (lead === incident.id ? [name] : []));
  await tx.campaigns.hand([...own, ...(await withoutOpen(tx, taken, ofOthers))], open.id);
  await tx.campaigns.tie(incident.id, open.id);
  const agreed = [...named].flatMap(([name, pair]) => (taken.get(name) === open.id ? [pair] : []));
  const detail = { lead: open.id, by: 'marks', marks: marksIn(agreed) };
  return { lead: open.id, notes: [{ type: 'campaign.joined', incident: incident.id, detail }] };
}

/**
 * Whether this alert calls a wave worse than anybody has called its campaign, its own source as well. Asked before it is joined to what was said: people
 * may have judged that already.
 */
export async function isWorseWave(tx: Tx, { campaign }: Incident, alert: TakenAlert): Promise<boolean> {
  const lead = campaign === null ? null : await tx.incidents.get(campaign);
  if (!lead) return false;
  const said = [lead, ...(await tx.campaigns.waves(lead.id))].flatMap((one) => one.alert.said);
  return saysWorse(said, alert);
}

function follows(incident: Incident, older: string, because: string): Placed {
  return { lead: null, notes: [{ type: 'campaign.followed', incident: incident.id, detail: { older, because } }] };
}

/** The newest of these that others may be shown with, held; and the newest of all that are over. */
async function leadsOf(tx: Tx, ids: readonly string[], isShared: (lead: Incident) => Promise<boolean>) {
  const found: Incident[] = [];
  for (const id of ids) {
    const incident = await tx.incidents.get(id);
    if (incident) found.push(incident);
  }
  const sorted = found.sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
  for (const { id } of sorted.filter(leads)) {
    const held = await tx.incidents.lock(id);
    if (held && leads(held) && (await isShared(held))) return { open: held, newest: id };
  }
  return { open: null, newest: sorted.find((one) => !leads(one))?.id ?? null };
}

/** Whose a pair is says a table alone: whoever writes into it would hide the next mail of an attack on the card of a harmless one. */
async function hasMarksOf(tx: Tx, lead: Incident, pairs: readonly MarkPair[], terms: CampaignTerms): Promise<boolean> {
  const byContent = pairs.some((pair) => pair.some(isOfContent));
  for (const { id, alert } of [lead, ...(await tx.campaigns.waves(lead.id))]) {
    const marks = [...marksOf(alert, terms), ...(byContent ? await contentMarksOf(tx, id) : [])];
    const own = new Set(marks.map(markName));
    if (pairs.some((pair) => pair.every((mark) => own.has(markName(mark))))) return true;
  }
  return false;
}

/** As the record has them. */
async function contentMarksOf(tx: Tx, incident: string): Promise<readonly Mark[]> {
  const [found] = await tx.ledger.find({ incident, types: ['campaign.marked'], newest: true });
  return bodyMarks(found?.entry?.detail.marks.map(({ value }) => value) ?? []);
}

function leads({ state, breach, unread, campaign }: Incident): boolean {
  return !isClosed(state) && breach === null && unread === undefined && campaign === null;
}

/** Of these pairs, those whose campaign is over: they are of the one that goes on. */
async function withoutOpen(tx: Tx, taken: ReadonlyMap<string, string>, names: readonly string[]) {
  const over: string[] = [];
  for (const name of names) {
    const lead = await tx.incidents.get(taken.get(name) ?? '');
    if (!lead || !leads(lead)) over.push(name);
  }
  return over;
}

/** A digest: what is stored of it leads nowhere. */
function pairName({ hash }: Deciding, pair: MarkPair): string {
  return hash.digest(pair.map(({ kind, value }) => [kind, value]));
}

function marksIn(pairs: readonly MarkPair[]): readonly Mark[] {
  return [...new Map(pairs.flat().map((mark) => [markName(mark), mark])).values()];
}

const markName = ({ kind, value }: Mark) => `${kind} ${value}`;

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
