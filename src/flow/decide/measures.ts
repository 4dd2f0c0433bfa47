import { addressKey } from '../../core/address.ts';
import type { Seat, TenantPolicy } from '../../core/ask/policy.ts';
import { verbSeats } from '../../core/ask/policy.ts';
import { type Cast, type SignInProof, seatPeople } from '../../core/ask/tally.ts';
import { termsOf } from '../../core/find/measure-list.ts';
import { type MeasureVote, votesOn } from '../../core/record/measures.ts';
import { aboutNow, type Purpose } from '../../core/record/measures-now.ts';
import { MEASURE_VERBS } from '../../core/tell/measure-buttons.ts';
import { storable } from '../../core/text.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { heldBrake } from '../record/held.ts';
import { knownList, type MadeList } from '../record/measures.ts';
import { actorOf, announce, type Note, personOf, record } from '../record/record.ts';
import { castKey, gather, othersIn } from './again.ts';
import { notStarted } from './approve.ts';
import { heedStopFile } from './brake.ts';
import { type Looked, type PageProof, type Refusal, said } from './decision.ts';
import { formNeeded } from './form.ts';
import { effectOf } from './measures-effect.ts';
import { type NoStanding, notePlace, type Standing, standingOf, voterNow } from './standing.ts';
import { linkReply, sendMeasuresToSignIn } from './ticket.ts';

/**
 * A press on the card of a list of measures. As with a mail: who, where, on what and whether still is all read again, the press
 * itself is believed nothing but its ids, and what it begins is one transaction with what allows it.
 */

/** Each new try has learnt of a person more who voted meanwhile; there are never this many at once. */
const MOST_TRIES = 50;

type Result = Reply | { readonly askAbout: readonly Cast[] };

export async function pressMeasures(flow: Deciding, pressed: Press, proof: PageProof | null = null): Promise<Reply> {
  const looked = new Map<string, Standing | NoStanding>();
  await heedStopFile(flow);
  const { policy, channels, standing } = await prepare(flow, pressed);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await flow.store.transact<Result>(async (tx) => {
      await notePlace(flow, tx, pressed.by.platform, standing);
      const ready = await admit(flow, tx, pressed, standing);
      if ('refusal' in ready) return refuse(flow, tx, pressed, ready.refusal, standing);
      if (proof && proof.person !== ready.standing.person)
        return refuse(flow, tx, pressed, { code: 'ambiguous' }, standing);
      const signIn = proof && { context: proof.context, at: proof.at };
      const decided = await decide(flow, tx, { ...ready, press: pressed, policy, proof: signIn, looked });
      return 'refusal' in decided ? refuse(flow, tx, pressed, decided.refusal, standing) : decided;
    });
    if ('kind' in result) return result;
    const asked = result.askAbout.map(async (cast) => {
      return [castKey(cast), await voterNow(flow, cast, channels.get(cast.platform) ?? null, policy)] as const;
    });
    for (const [key, now] of await Promise.all(asked)) looked.set(key, now);
  }
  throw new Error('the votes on these measures change faster than they can be counted');
}

/** Everything that takes a network call, before anything is held. */
async function prepare(flow: Deciding, { incident: id, by, card }: Press) {
  const { policy, channels, isHere } = await flow.store.transact(async (tx) => {
    const stored = await tx.measures.get(id.replaceAll('\0', ''));
    const cards = stored ? await tx.cards.of(stored.id) : [];
    const own = cards.find(({ platform }) => platform === by.platform);
    return {
      policy: (stored?.list && (await tx.policies.get(stored.list.policy))) || flow.policy().policy,
      channels: new Map(cards.flatMap(({ platform, ref }) => (ref ? [[platform, ref.channel] as const] : []))),
      isHere: own?.ref?.channel === card.channel && own.ref.message === card.message,
    };
  });
  const standing: Standing | NoStanding = isHere
    ? await standingOf(flow, by, card.channel, policy)
    : { is: 'refused', why: 'unknown-person', person: null };
  return { policy, channels, standing };
}

interface Ready {
  readonly known: MadeList;
  readonly standing: Standing;
  readonly of: Purpose;
}

async function admit(
  flow: Deciding,
  tx: Tx,
  { incident: id, by, card, verb, digest, page }: Press,
  standing: Standing | NoStanding,
): Promise<Ready | { readonly refusal: Refusal }> {
  const no = (refusal: Refusal) => ({ refusal });
  const purpose = MEASURE_VERBS.get(verb);
  if (!purpose) return no({ code: 'unknown-button' });
  const stored = await tx.measures.get(id.replaceAll('\0', ''));
  if (!stored) return no({ code: 'unknown-incident' });
  const own = (await tx.cards.of(stored.id)).find(({ platform }) => platform === by.platform);
  if (own?.posting) return no({ code: 'too-early' });
  if (own?.ref?.channel !== card.channel || own.ref.message !== card.message) return no({ code: 'wrong-place' });
  if (standing.is === 'refused') return no({ code: standing.why });
  // Whatever is held is held in this order, wherever it is held.
  const incident = await tx.incidents.lock(stored.incident);
  const known = await knownList(flow.hash, tx, stored.id, true);
  if (!incident || known.is !== 'made' || incident.breach !== null) return no({ code: 'tampered' });
  if (digest !== known.digest) return no({ code: 'stale-card' });
  return { known, standing, of: purpose === 'back-one' ? `back ${page}` : purpose };
}

interface Deciders extends Ready {
  readonly press: Press;
  readonly policy: TenantPolicy;
  readonly proof: SignInProof | null;
  readonly looked: Looked;
}

interface Needed {
  readonly rules: readonly string[];
  readonly seats: readonly Seat[];
  readonly expiryMinutes: number;
  readonly reason: boolean;
  readonly stepUp: string | null;
}

async function decide(flow: Deciding, tx: Tx, deciding: Deciders): Promise<Result | { readonly refusal: Refusal }> {
  const { known, standing, of, press, proof, looked } = deciding;
  const { list, account, digest } = known;
  const about = aboutNow(list, account, of, flow.clock.now());
  const needed = neededFor(deciding, about);
  const refusal = await whyNot(tx, deciding, about);
  if (refusal || !needed) return { refusal: refusal ?? { code: 'not-shown' } };
  const vote = voteOf(flow, deciding);
  const count = (votes: readonly MeasureVote[]) => seatPeople(votes, needed.seats);
  const earlier = votesOn(account, of, digest, notBefore(flow, of, needed)).filter(
    ({ person }) => person !== vote.person,
  );
  const { seats } = count([...earlier, vote]);
  if (!seats.some(({ role }) => standing.roles.includes(role))) return { refusal: { code: 'not-asked', seats } };
  const amount = { copies: about.length, mailboxes: null, mode: list.mode };
  const form = formNeeded(press, amount, { reason: needed.reason, word: false });
  if (form) return form;
  if (needed.stepUp !== null && proof?.context !== needed.stepUp)
    return sendMeasuresToSignIn(flow, tx, { press, standing, of, context: needed.stepUp, incident: list.incident });
  const gathered = gather({ earlier, vote, looked, count, conflict: () => null });
  if ('askAbout' in gathered) return gathered;
  const { result, starts, gone, unsure, refused } = gathered;
  const lost = gone.map(({ vote: cast, why }): Note => {
    const detail = { list: list.id, of, person: cast.person, name: cast.name };
    return { type: 'measures.withdrawn', incident: list.incident, outcome: why, detail };
  });
  const isNew =
    refused === null &&
    !votesOn(account, of, digest, notBefore(flow, of, needed)).some((one) => one.person === vote.person);
  const notes: readonly Note[] = isNew ? [...lost, voteNote(deciding, vote, needed, result)] : lost;
  if (starts) {
    await record(flow, tx, [...notes, ...(await effectOf(flow, tx, { known, of, about, people: result.people }))]);
    await redraw(flow, tx, known);
    return said({ code: 'measures-begun', list: list.id, of, measures: about.length, mode: list.mode });
  }
  await record(flow, tx, notes);
  if (notes.length > 0) await redraw(flow, tx, known);
  if (!isNew) return { refusal: refused ?? notStarted(unsure, result) };
  const tally = { counted: result.people.length, needed: result.needed };
  return said({ code: 'measures-counted', list: list.id, of, ...tally, others: othersIn(gathered) });
}

async function whyNot(tx: Tx, { known, of, standing }: Deciders, about: readonly number[]): Promise<Refusal | null> {
  // Held until the end: a stop comes before what is begun here or after it, never in between.
  const brake = await heldBrake(tx);
  if (about.length === 0) return { code: 'not-shown' };
  if (brake.stopped && decides(of)) return { code: 'stopped' };
  const own = conflictOf(known, of, standing);
  return own && { code: own };
}

/** To have something done or put back, and not to have it left. */
const decides = (of: Purpose) => of === 'apply' || of.startsWith('back');

/** What was frozen with the list; to decline or to end it takes whom the policy names for a mail. */
function neededFor({ known, of, policy }: Deciders, about: readonly number[]): Needed | null {
  if (of !== 'decline' && of !== 'cancel') return termsOf(known.list, about);
  const verb = of === 'decline' ? 'reject' : 'cancel';
  return { rules: [`verbs.${verb}`], seats: verbSeats(policy, verb), expiryMinutes: 60, reason: false, stepUp: null };
}

/** Whoever is meant by any of them, and whoever asked for them, does not decide that they are done or put back. */
function conflictOf({ list }: MadeList, of: Purpose, who: Standing): 'own-account' | 'own-measures' | null {
  const { person } = who;
  const own = new Set(who.addresses.map(addressKey));
  const lines = [...list.byHand, ...(list.unwritten ?? [])];
  if (list.measures.some((measure) => measure.person === person)) return 'own-account';
  if (lines.some(({ address }) => own.has(addressKey(address)))) return 'own-account';
  return decides(of) && list.asker.person === person ? 'own-measures' : null;
}

/** What is asked about has a deadline of its own; to put something back is asked whenever somebody wants it, and votes age. */
function notBefore(flow: Deciding, of: Purpose, { expiryMinutes }: Needed): string {
  if (!of.startsWith('back')) return '';
  return new Date(Date.parse(flow.clock.now()) - expiryMinutes * 60_000).toISOString();
}

function voteOf(flow: Deciding, { press, standing }: Deciders): MeasureVote {
  return {
    person: standing.person,
    name: standing.name,
    platform: press.by.platform,
    account: press.by.id,
    roles: standing.roles,
    reason: press.reason === null ? null : storable(press.reason.trim()),
    at: flow.clock.now(),
  };
}

function voteNote(
  { known, of, standing, proof }: Deciders,
  vote: MeasureVote,
  needed: Needed,
  result: ReturnType<typeof seatPeople>,
): Note {
  const { list, digest } = known;
  return {
    type: 'measures.approved',
    incident: list.incident,
    actor: personOf(standing),
    platform: vote.platform,
    detail: {
      list: list.id,
      digest,
      of,
      count: result.people.length,
      needed: result.needed,
      rules: needed.rules,
      seats: needed.seats,
      roles: standing.roles,
      reason: vote.reason,
      signIn: proof,
      account: vote.account,
    },
  };
}

async function redraw(flow: Deciding, tx: Tx, { list }: MadeList): Promise<void> {
  await tx.cards.touch(list.id, true);
  await announce(flow, tx, list.incident);
}

async function refuse(
  flow: Deciding,
  tx: Tx,
  { by, verb, incident: id }: Press,
  refusal: Refusal,
  standing: Standing | NoStanding,
): Promise<Reply> {
  flow.observe({ what: 'press', verb: MEASURE_VERBS.has(verb) ? verb : 'other', result: refusal.code });
  const stored = await tx.measures.get(id.replaceAll('\0', ''));
  const roles = standing.is === 'known' ? standing.roles : [];
  const detail = { list: stored?.id ?? null, verb: verb.slice(0, 40).toWellFormed(), roles };
  const about = { incident: stored?.incident ?? null, actor: actorOf(by, standing), platform: by.platform };
  await record(flow, tx, [{ ...about, type: 'measures.refused', outcome: refusal.code, detail }]);
  if (refusal.code !== 'unlinked') return said(refusal);
  const answer = { code: refusal.code, chat: by.platform } as const;
  return (await linkReply(flow, tx, by, answer)) ?? said(answer);
}
