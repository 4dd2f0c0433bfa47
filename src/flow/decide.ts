import { isLate } from '../core/case.ts';
import { conflictOf } from '../core/conflict.ts';
import { type Action, advance, type Incident } from '../core/incident.ts';
import type { Plan } from '../core/plan.ts';
import type { TenantPolicy } from '../core/policy.ts';
import type { SignInProof, Voter } from '../core/tally.ts';
import type { Press, Reply } from '../ports/desk.ts';
import type { Tx } from '../ports/store.ts';
import { approve } from './approve.ts';
import { reject, reopen } from './close.ts';
import { factsOf, withItsOrigin } from './facts.ts';
import type { Flow } from './flow.ts';
import { details } from './look.ts';
import { type Refusal, refuse } from './refuse.ts';
import { type NoStanding, type Standing, standingOf, voterNow } from './standing.ts';
import { takeIn } from './take-in.ts';
import { distrust } from './trust.ts';

const VERB_ACTIONS: Readonly<Record<string, Action>> = {
  purge: 'purge',
  'hard-purge': 'hard-purge',
  flag: 'flag',
  confirm: 'contain',
  undo: 'restore',
};
const VERBS = new Set([...Object.keys(VERB_ACTIONS), 'reject', 'reopen', 'take-in', 'details']);
/** Each new try has learnt of a person more who voted meanwhile; there are never this many at once. */
const MOST_TRIES = 50;

/** A press that passed every check that does not depend on the verb. */
export interface Ready {
  readonly press: Press;
  readonly incident: Incident;
  readonly plan: Plan | null;
  readonly standing: Standing;
  readonly proof: SignInProof | null;
  /** Earlier voters as the directory knows them now; null for those that must not count. */
  readonly voters: ReadonlyMap<string, Voter | null>;
}

/** Who signed in on our page, and how. */
export interface PageProof extends SignInProof {
  readonly person: string;
}

export type Decided = Reply | { readonly refusal: Refusal } | { readonly askAbout: readonly string[] };

interface Preparation {
  readonly planDigest: string | null;
  readonly standing: Standing | NoStanding;
}

/**
 * One press of a button. Who, where, on what and whether still: all is read again; the press itself is believed nothing
 * but its ids. People are asked about outside the transaction; vote, count, state, ledger entry and job are one.
 * `proof`: the sign-in behind a vote that was cast on our own page.
 */
export async function press(flow: Flow, pressed: Press, proof: PageProof | null = null): Promise<Reply> {
  const voters = new Map<string, Voter | null>();
  const { policy, ...prepared } = await prepare(flow, pressed);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await flow.store.transact<Reply | { readonly askAbout: readonly string[] }>(async (tx) => {
      const ready = (await distrust(flow, tx, pressed)) ?? (await admit(tx, pressed, prepared));
      if ('refusal' in ready) return refuse(flow, tx, pressed, ready.refusal, prepared.standing);
      // The chat account is linked to somebody else by now than the one who signed in.
      if (proof && proof.person !== ready.standing.person)
        return refuse(flow, tx, pressed, { code: 'ambiguous' }, prepared.standing);
      const signIn = proof && { context: proof.context, at: proof.at };
      const reply = await act(flow, tx, { ...ready, proof: signIn, voters });
      if ('askAbout' in reply) return reply;
      if ('refusal' in reply) return refuse(flow, tx, pressed, reply.refusal, prepared.standing);
      flow.observe({ what: 'press', verb: pressed.verb, result: 'taken' });
      return reply;
    });
    if (!('askAbout' in result)) return result;
    for (const person of result.askAbout) voters.set(person, await voterNow(flow, person, policy));
  }
  throw new Error('the votes on this plan change faster than they can be counted');
}

/** Everything that takes a network call, before anything is held. */
async function prepare(flow: Flow, pressed: Press): Promise<Preparation & { readonly policy: TenantPolicy }> {
  const { planDigest, policy, isHere } = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(withoutNul(pressed.incident));
    const plan = incident?.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
    const card = incident && (await tx.cards.of(incident.id)).find(({ platform }) => platform === pressed.by.platform);
    return {
      planDigest: incident?.planDigest ?? null,
      policy: (plan && (await tx.policies.get(plan.policy))) ?? flow.policy().policy,
      isHere: card?.ref?.channel === pressed.card.channel && card.ref.message === pressed.card.message,
    };
  });
  // A press from elsewhere is refused for that alone: nobody has to be asked who it was.
  const standing: Preparation['standing'] = isHere
    ? await standingOf(flow, pressed.by, pressed.card.channel, policy)
    : { is: 'refused', why: 'unknown-person', person: null };
  return { planDigest, policy, standing };
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
): Promise<Admitted | { readonly refusal: Refusal }> {
  const no = (refusal: Refusal) => ({ refusal });
  if (!VERBS.has(pressed.verb)) return no({ code: 'unknown-button' });
  const locked = await tx.incidents.lock(withoutNul(pressed.incident));
  if (!locked) return no({ code: 'unknown-incident' });
  const incident = await withItsOrigin(tx, locked);
  const cards = await tx.cards.of(incident.id);
  const card = cards.find((candidate) => candidate.platform === pressed.by.platform);
  if (card?.posting && !card.ref) return no({ code: 'too-early' });
  if (card?.ref?.channel !== pressed.card.channel || card.ref.message !== pressed.card.message)
    return no({ code: 'wrong-place' });
  if (standing.is === 'refused') return no({ code: standing.why });
  // The roles were asked for under the policy of another plan: that press is about an older card anyway.
  if (incident.planDigest !== planDigest) return no({ code: 'stale-card' });
  const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  return { press: pressed, incident, plan, standing };
}

async function act(flow: Flow, tx: Tx, ready: Ready): Promise<Decided> {
  const { press: pressed, incident, plan, standing } = ready;
  if (pressed.verb === 'details') {
    const view = await details(flow, tx, incident.id, pressed.page);
    return view ? { kind: 'details', view } : { refusal: { code: 'unknown-incident' } };
  }
  if (pressed.digest !== (incident.planDigest ?? '')) return { refusal: { code: 'stale-card' } };
  if (isOver(flow, incident)) return { refusal: { code: 'expired' } };
  const conflict = conflictOf(standing, plan, incident.askers, incident.alert.received);
  if (conflict) return { refusal: { code: conflict } };
  if (pressed.verb === 'reject') return reject(flow, tx, ready);
  if (pressed.verb === 'reopen') return reopen(flow, tx, ready);
  if (pressed.verb === 'take-in') return takeIn(flow, tx, ready);
  const action = VERB_ACTIONS[pressed.verb];
  if (!action || !plan) return { refusal: { code: 'too-late', state: incident.state } };
  // Held before the facts are read: a stop, and the starts that a cap counts, come before or after, never in between.
  const brake = await tx.brake.lock();
  if (brake.stopped) return { refusal: { code: 'stopped' } };
  const facts = await factsOf(flow, tx, incident.id);
  if (!facts) return { refusal: { code: 'unknown-incident' } };
  if (isLate(facts, action)) return { refusal: { code: 'expired' } };
  return approve(flow, tx, { ...ready, plan, action, facts });
}

/** The deadline binds even before the timer has fired. */
function isOver(flow: Flow, incident: Incident): boolean {
  return (
    incident.deadline !== null && flow.clock.now() >= incident.deadline && advance(incident.state, 'expired') !== null
  );
}
