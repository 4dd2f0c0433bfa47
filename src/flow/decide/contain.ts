import { type Containable, choicesOf } from '../../core/find/containing.ts';
import { type Wanted, wantedFrom } from '../../core/find/measures-wanted.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { ContainForm, ContainProblem, ContainTyped } from '../../core/tell/contain-form.ts';
import { storable } from '../../core/text.ts';
import type { ContainCall, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { personOf, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { factsOf } from '../tell/facts.ts';
import { type Decided, type Ready, type Refusal, said } from './decision.ts';
import { listWanted } from './measures-wanted.ts';
import { notePlace, type Standing } from './standing.ts';

/**
 * Measures about people of an incident are asked for in a form. What it offers is what the command takes, and what comes of it is
 * the same list by the same checks; nothing that the card does not offer now is taken.
 */

const NOTHING: ContainTyped = { what: null, who: [], address: null, reason: null };

/** A press on the card: place, standing and record are checked by then. */
export async function containForm(flow: Deciding, tx: Tx, { incident }: Ready): Promise<Decided> {
  const known = await offered(flow, tx, incident.id);
  if (!known) return { refusal: { code: 'not-shown' } };
  return formOf(known, NOTHING, null);
}

/** Of somebody who holds a role. */
export function contain(flow: Deciding, standing: Standing, call: ContainCall): Promise<Reply> {
  return flow.store.transact(async (tx): Promise<Reply> => {
    await notePlace(flow, tx, call.by.platform, standing);
    const known = await admitted(flow, tx, call);
    if ('refusal' in known) return refuse(flow, tx, standing, call, known);
    if (call.typed === null) return formOf(known, NOTHING, null);
    const read = readTyped(flow, known, call.typed);
    return 'problem' in read ? formOf(known, call.typed, read.problem) : listWanted(flow, tx, standing, call.by, read);
  });
}

interface Refused {
  /** Null for one that is not known. */
  readonly of: string | null;
  readonly refusal: Exclude<Refusal, { readonly code: 'unlinked' }>;
}

async function admitted(flow: Deciding, tx: Tx, { incident: asked, digest }: ContainCall): Promise<Offered | Refused> {
  const incident = await tx.incidents.lock(storable(asked).slice(0, 40).toUpperCase());
  if (!incident) return { of: null, refusal: { code: 'unknown-incident' } };
  const { id: of, planDigest } = incident;
  if (await isTampered(flow, tx, incident)) return { of, refusal: { code: 'tampered' } };
  const known = await offered(flow, tx, of);
  if (!known) return { of, refusal: { code: 'not-shown' } };
  return digest === (planDigest ?? '') ? known : { of, refusal: { code: 'stale-card' } };
}

/** What was filled in, as the command would have it. */
function readTyped(
  flow: Deciding,
  { incident, containable }: Offered,
  typed: ContainTyped,
): Wanted | { readonly problem: ContainProblem } {
  const chosen = choicesOf(containable).find(({ word }) => word === typed.what);
  if (!chosen) return { problem: { is: 'what' } };
  const addresses = [...typed.who, ...(typed.address ?? '').split(/[\s,;]+/)].map(storable).filter((one) => one !== '');
  const odd = addresses.find((word) => !word.includes('@'));
  if (odd !== undefined) return { problem: { is: 'word', word: odd } };
  const reason = storable(typed.reason ?? '').trim();
  const named = [chosen.word, ...addresses];
  return wantedFrom({ incident: incident.id, named, reason }, flow.policy().policy);
}

interface Offered {
  readonly incident: Incident;
  readonly containable: Containable;
  readonly people: readonly string[];
}

/** Null where its card has no such button. */
async function offered(flow: Deciding, tx: Tx, id: string): Promise<Offered | null> {
  const facts = await factsOf(flow, tx, id);
  if (!facts?.containable) return null;
  const { incident, containable, people, plan } = facts;
  const findings = people?.is === 'looked' ? people.look.findings : [];
  const of = (all: readonly { readonly address: string }[]) => all.map(({ address }) => address);
  const addresses = [...of(findings), ...of(plan?.copies ?? []).sort()];
  return { incident, containable, people: [...new Set(addresses)] };
}

function formOf(
  { incident, containable, people }: Offered,
  typed: ContainTyped,
  problem: ContainProblem | null,
): Reply {
  const form: ContainForm = {
    incident: incident.id,
    digest: incident.planDigest ?? '',
    what: choicesOf(containable),
    people,
    typed,
    problem,
  };
  return { kind: 'contain-form', form };
}

async function refuse(
  flow: Deciding,
  tx: Tx,
  standing: Standing,
  { by }: ContainCall,
  { of, refusal }: Refused,
): Promise<Reply> {
  flow.observe({ what: 'press', verb: 'contain', result: refusal.code });
  const detail = { list: null, verb: 'contain', roles: standing.roles };
  const about = { incident: of, actor: personOf(standing), platform: by.platform, outcome: refusal.code };
  await record(flow, tx, [{ ...about, type: 'measures.refused', detail }]);
  return said(refusal);
}
