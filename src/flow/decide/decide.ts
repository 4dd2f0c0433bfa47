import { type Ask, isAction } from '../../core/ask/ask.ts';
import { conflictOf } from '../../core/ask/conflict.ts';
import type { TenantPolicy, Verb } from '../../core/ask/policy.ts';
import { canAnybodyRead, isReadRight } from '../../core/ask/reads.ts';
import { NO_RULE } from '../../core/ask/rule.ts';
import type { Cast } from '../../core/ask/tally.ts';
import { advance, type Incident, type Step, situationOf } from '../../core/incident/incident.ts';
import { APART, BUTTONS, CONTAIN, PEOPLE } from '../../core/tell/button.ts';
import { FOR_ALL } from '../../core/tell/campaign-view.ts';
import { barredBy, type CaseFacts, isLate, possible, recipientsMay, termsNow } from '../../core/tell/case.ts';
import type { DetailsPage } from '../../core/tell/details.ts';
import { present } from '../../core/tell/present.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Answering, Deciding } from '../flow.ts';
import { heldBrake } from '../record/held.ts';
import { distrust } from '../record/trust.ts';
import { factsOf, withItsOrigin } from '../tell/facts.ts';
import { withFolderNames } from '../tell/folder-names.ts';
import { details } from '../tell/look.ts';
import { castKey } from './again.ts';
import { approve } from './approve.ts';
import { heedStopFile } from './brake.ts';
import { containForm } from './contain.ts';
import type { Decided, PageProof, Ready, Refusal } from './decision.ts';
import { leaveCampaign } from './leave-campaign.ts';
import { showPeople } from './people.ts';
import { type ExcerptOrder, readMore, showExcerpt } from './reading.ts';
import { refuse } from './refuse.ts';
import { type NoStanding, notePlace, type Standing, standingOf, voterNow } from './standing.ts';
import { decideVerb } from './verb.ts';

/** Each new try has learnt of a person more who voted meanwhile; there are never this many at once. */
const MOST_TRIES = 50;

interface Preparation {
  readonly planDigest: string | null;
  readonly standing: Standing | NoStanding;
}

/**
 * One press of a button. Who, where, on what and whether still: all is read again; the press itself is believed nothing
 * but its ids. People are asked about outside the transaction; vote, count, state, ledger entry and job are one.
 * `proof`: the sign-in behind a vote that was cast on our own page. `on`: the incident whose card was pressed, where that is
 * the card of its campaign; nothing that comes from outside names it.
 */
export async function press(
  flow: Answering,
  pressed: Press,
  proof: PageProof | null = null,
  on: string = pressed.incident,
): Promise<Reply> {
  const looked = new Map<string, Standing | NoStanding>();
  // Whoever has put the file there must not see a vote taken before the next look that somebody else takes.
  await heedStopFile(flow);
  const { policy, channels, ...prepared } = await prepare(flow, pressed, on);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await flow.store.transact<Result>(async (tx) => {
      const ready = (await distrust(flow, tx, pressed, on)) ?? (await admit(tx, pressed, prepared, on));
      await notePlace(flow, tx, pressed.by.platform, prepared.standing);
      if ('refusal' in ready) return refuse(flow, tx, pressed, ready.refusal, prepared.standing);
      // The chat account is linked to somebody else by now than the one who signed in.
      if (proof && proof.person !== ready.standing.person)
        return refuse(flow, tx, pressed, { code: 'ambiguous' }, prepared.standing);
      const signIn = proof && { context: proof.context, at: proof.at };
      const reply = await decideOn(flow, tx, { ...ready, policy, proof: signIn, looked });
      if ('refusal' in reply) return refuse(flow, tx, pressed, reply.refusal, prepared.standing);
      return 'kind' in reply ? taken(flow, tx, { ...pressed, incident: on }, reply) : reply;
    });
    if ('excerpt' in result) return showExcerpt(flow, result.excerpt);
    if ('kind' in result)
      return result.kind === 'details' ? { ...result, page: await withFolderNames(flow.reader, result.page) } : result;
    const now = (cast: Cast) => voterNow(flow, cast, channels.get(cast.platform) ?? null, policy);
    const asked = result.askAbout.map(async (cast) => [castKey(cast), await now(cast)] as const);
    for (const [key, standing] of await Promise.all(asked)) looked.set(key, standing);
  }
  throw new Error('the votes on this plan change faster than they can be counted');
}

type Result = Reply | { readonly askAbout: readonly Cast[] } | { readonly excerpt: ExcerptOrder };

/** Whoever pressed looks at the card: what it shows now goes before everything else. */
async function taken(flow: Deciding, tx: Tx, { incident, verb }: Press, reply: Reply): Promise<Reply> {
  if (reply.kind === 'said' || reply.kind === 'people') await tx.cards.touch(incident, true);
  flow.observe({ what: 'press', verb, result: 'taken' });
  return reply;
}

interface Asking extends Preparation {
  readonly policy: TenantPolicy;
  /** Where the card is, by platform. */
  readonly channels: ReadonlyMap<string, string>;
}

/** Everything that takes a network call, before anything is held. */
async function prepare(flow: Deciding, pressed: Press, on: string): Promise<Asking> {
  const { planDigest, policy, isHere, channels } = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(withoutNul(pressed.incident));
    const plan = incident?.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
    const cards = incident ? await tx.cards.of(on === pressed.incident ? incident.id : on) : [];
    const card = cards.find(({ platform }) => platform === pressed.by.platform);
    return {
      channels: new Map(cards.flatMap(({ platform, ref }) => (ref ? [[platform, ref.channel] as const] : []))),
      planDigest: incident?.planDigest ?? null,
      // Who may read more is a matter of today, not of when the list was made.
      policy: (!isReadRight(pressed.verb) && plan && (await tx.policies.get(plan.policy))) || flow.policy().policy,
      isHere: card?.ref?.channel === pressed.card.channel && card.ref.message === pressed.card.message,
    };
  });
  // A press from elsewhere is refused for that alone: nobody has to be asked who it was.
  const standing: Preparation['standing'] = isHere
    ? await standingOf(flow, pressed.by, pressed.card.channel, policy)
    : { is: 'refused', why: 'unknown-person', person: null };
  return { planDigest, policy, channels, standing };
}

/** PostgreSQL refuses U+0000 in any text: such an id must not become a query. */
function withoutNul(id: string): string {
  return id.includes('\0') ? '' : id;
}

type Admitted = Pick<Ready, 'press' | 'incident' | 'plan' | 'standing'>;

async function admit(
  tx: Tx,
  pressed: Press,
  { standing, planDigest }: Preparation,
  on: string,
): Promise<Admitted | { readonly refusal: Refusal }> {
  const no = (refusal: Refusal) => ({ refusal });
  // The line of a message that gathers many has one of its own, which is known only together with its incident.
  const isLine = pressed.verb === 'open';
  if (!isLine && !BUTTONS.has(pressed.verb) && !isReadRight(pressed.verb)) return no({ code: 'unknown-button' });
  const locked = await tx.incidents.lock(withoutNul(pressed.incident));
  if (!locked) return no({ code: 'unknown-incident' });
  if (isLine) return no({ code: 'unknown-button' });
  const incident = await withItsOrigin(tx, locked);
  const isOfCampaign = on !== pressed.incident;
  // It was taken out of the campaign whose card this is.
  if (isOfCampaign && incident.id !== on && incident.campaign !== on) return no({ code: 'stale-card' });
  const cards = await tx.cards.of(isOfCampaign ? on : incident.id);
  const card = cards.find((candidate) => candidate.platform === pressed.by.platform);
  if (card?.posting) return no({ code: 'too-early' });
  if (card?.ref?.channel !== pressed.card.channel || card.ref.message !== pressed.card.message)
    return no({ code: 'wrong-place' });
  if (standing.is === 'refused') return no({ code: standing.why });
  // The roles were asked for under the policy of another plan: that press is about an older card anyway.
  if (incident.planDigest !== planDigest) return no({ code: 'stale-card' });
  const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  return { press: pressed, incident, plan, standing };
}

async function decideOn(flow: Deciding, tx: Tx, ready: Ready): Promise<Decided | { readonly excerpt: ExcerptOrder }> {
  const { press: pressed, incident, plan, standing } = ready;
  if (isReadRight(pressed.verb)) return readMore(flow, tx, ready, pressed.verb);
  const button = BUTTONS.get(pressed.verb);
  if (!button) return { refusal: { code: 'unknown-button' } };
  // A list of waves that no card of this place has shown.
  if (FOR_ALL.has(pressed.verb)) return { refusal: { code: 'stale-card' } };
  if (button.asks === null) return showing(flow, tx, ready);
  if (pressed.digest !== (incident.planDigest ?? '')) return { refusal: { code: 'stale-card' } };
  if (isOver(flow, incident)) return { refusal: { code: 'expired' } };
  // Held before the facts are read: a stop, and the starts that a cap counts, come before or after, never in between.
  const brake = await heldBrake(tx);
  const facts = await factsOf(flow, tx, incident.id);
  if (!facts) return { refusal: { code: 'unknown-incident' } };
  const ask = button.asks;
  const conflict = barredBy(
    conflictOf(standing, plan, incident.askers, incident.alert.received),
    recipientsMay(facts, ask),
  );
  if (conflict) return { refusal: { code: conflict } };
  const refusal = whyNot(facts, ask, brake.stopped);
  if (refusal) return { refusal };
  // Whatever a client was made to send: what the card does not offer has no effect.
  if (!button.isShown(present(facts), pressed.page)) return { refusal: { code: 'not-shown' } };
  if (!isAction(ask)) return decideVerb(flow, tx, { ...ready, facts }, ask);
  return plan
    ? approve(flow, tx, { ...ready, plan, action: ask, facts, brake })
    : { refusal: { code: 'too-late', stands: situationOf(incident) } };
}

function showing(flow: Deciding, tx: Tx, ready: Ready): Promise<Decided> {
  if (ready.press.verb === APART) return leaveCampaign(flow, tx, ready);
  if (ready.press.verb === CONTAIN) return containForm(flow, tx, ready);
  return ready.press.verb === PEOPLE ? showPeople(flow, tx, ready) : showList(flow, tx, ready);
}

async function showList(flow: Deciding, tx: Tx, { press: { page: at, look }, incident }: Ready): Promise<Decided> {
  const page = await details(flow, tx, incident.id, at, look);
  return page ? { kind: 'details', page: { ...page, offers: offersOf(flow) } } : { refusal: { code: 'not-shown' } };
}

/** A button for what nobody has a right to would only be refused. */
function offersOf(flow: Deciding): DetailsPage['offers'] {
  const { policy } = flow.policy();
  return {
    export: flow.signIn !== null && canAnybodyRead(policy, 'export'),
    excerpt: canAnybodyRead(policy, 'excerpt'),
  };
}

/** The refusals that explain more than that the card does not offer it; null where there is none. */
function whyNot(facts: CaseFacts, ask: Ask, stopped: boolean): Refusal | null {
  const { incident, plan } = facts;
  const tooLate = { code: 'too-late', stands: situationOf(incident) } as const;
  if (ask === 'cancel') return situationOf(incident) === 'running' ? null : tooLate;
  if (!isAction(ask)) return STEPS[ask] && advance(situationOf(incident), STEPS[ask]) === null ? tooLate : null;
  if (!plan) return tooLate;
  if (stopped) return { code: 'stopped' };
  if (isLate(facts, ask)) return { code: 'expired' };
  if (termsNow(facts, ask)) return possible(facts)[ask] ? null : tooLate;
  const terms = plan.terms[ask];
  return { code: 'policy', why: terms.is === 'refused' ? terms.why : NO_RULE };
}

const STEPS: Readonly<Partial<Record<Verb, Step>>> = { reject: 'rejected', reopen: 'reopened', 'take-in': 'reopened' };

/** The deadline binds even before the timer has fired. */
function isOver(flow: Deciding, incident: Incident): boolean {
  return (
    incident.deadline !== null &&
    flow.clock.now() >= incident.deadline &&
    advance(situationOf(incident), 'expired') !== null
  );
}
