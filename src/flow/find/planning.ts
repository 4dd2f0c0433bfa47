import { ACTIONS, type Action, forEachAction, givesBack, policyActionOf } from '../../core/action/action.ts';
import type { TenantPolicy } from '../../core/ask/policy.ts';
import { type Circumstances, type Terms, termsForRecipients, termsOf, termsWords } from '../../core/ask/rule.ts';
import { blastRadius, type Copy, type Plan, sortedPlan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { CurrentPolicy, Finding } from '../flow.ts';
import type { Note } from '../record/record.ts';
import { whyUnable } from './able.ts';
import { countingPeople, type Deciders } from './deciders.ts';
import type { Findings } from './findings.ts';
import type { Sets } from './sets.ts';
import type { Survey } from './survey.ts';

/** The immutable list that people approve, with the terms under which they do. */

export interface Planned {
  readonly survey: Survey;
  readonly findings: Findings;
  readonly sets: Sets;
  readonly current: CurrentPolicy;
  readonly deciders: Deciders;
}

/**
 * `of`: the approved plan whose missing copies these are; its mailboxes count too when the policy is asked, so that a
 * large purge cannot be had in small slices. Throws ClawbackError 'unavailable' when the directory has to be asked and
 * cannot be.
 */
export async function planFor(
  flow: Finding,
  incident: Pick<Incident, 'id' | 'alert' | 'askers' | 'takenIn'>,
  planned: Planned,
  of: { readonly plan: Plan; readonly digest: string; readonly copies: readonly Copy[] } | null = null,
): Promise<Plan> {
  const { survey, findings, sets, current, deciders } = planned;
  const copies = of?.copies ?? findings.copies;
  const touched = [...(of?.plan.copies ?? []), ...copies];
  const { alert } = incident;
  const circumstances = await circumstancesOf(flow, alert, touched, planned);
  const addressesWith = (result: 'denied' | 'missing' | 'unreachable' | 'failed') =>
    survey.lookups.filter((lookup) => lookup.result === result).map((lookup) => lookup.address);
  const plan: Plan = {
    id: flow.clock.id(),
    tenant: flow.tenant.id,
    incident: incident.id,
    mode: flow.tenant.mode,
    policy: current.digest,
    ...(flow.engine ? { engine: flow.engine.terms } : {}),
    terms: isAsked(findings, of) ? allTerms(flow, current.policy, circumstances, alert) : NOT_ASKED,
    grownFrom: of?.digest ?? null,
    key: survey.identified.key,
    foundBy: survey.foundBy,
    finders: survey.finders,
    resolvedAt: flow.clock.now(),
    asked: [...[...survey.lookups, ...survey.groups].map(({ address }) => address), ...survey.skipped],
    copies,
    nothing: of ? [] : findings.nothing,
    denied: of ? [] : addressesWith('denied'),
    missing: of ? [] : addressesWith('missing'),
    unreachable: of ? [] : [...addressesWith('unreachable'), ...survey.unreachable],
    failed: of ? [] : addressesWith('failed'),
    leftAlone: of ? [] : findings.leftAlone,
    unsure: of ? [] : findings.unsure,
    takenIn: incident.takenIn,
    forms: findings.forms,
    shielded: of ? [] : findings.shielded,
    vip: mailboxesIn(copies, findings, sets.isVip),
    legalHold: mailboxesIn(copies, findings, sets.isOnHold),
    recipients: findings.recipients,
    received: findings.received,
    unresolved: of ? [] : survey.unresolved,
    trackingCut: survey.trackingCut,
    notLooked: of ? 0 : survey.notLooked,
    tooFew: [],
  };
  return sortedPlan({ ...plan, ...(await termsThatCanBeMet(deciders, current.policy, plan, incident, circumstances)) });
}

async function circumstancesOf(
  flow: Finding,
  alert: Incident['alert'],
  copies: readonly Copy[],
  { current, findings, sets }: Planned,
): Promise<Omit<Circumstances, 'action'>> {
  const { mailboxes } = blastRadius(copies);
  const guarded: Record<string, number> = {};
  for (const ref of refsIn(copies, findings))
    for (const name of sets.guardsOf(ref)) guarded[name] = (guarded[name] ?? 0) + 1;
  return {
    mode: flow.tenant.mode,
    tenant: flow.tenant.name,
    copies: copies.length,
    mailboxes,
    share: await shareOf(flow, current.policy, mailboxes),
    vip: mailboxesIn(copies, findings, sets.isVip),
    legalHold: mailboxesIn(copies, findings, sets.isOnHold),
    protected: guarded,
    confidence: alert.confidence,
    source: alert.from.name,
    verdict: alert.verdict,
    severity: alert.severity,
    at: Date.parse(flow.clock.now()),
  };
}

function refsIn(copies: readonly Copy[], { refs }: Findings) {
  return [...new Map(copies.map((copy) => [copy.mailbox, copy])).values()].map(
    ({ mailbox, address }) => refs.get(mailbox) ?? { id: mailbox, addresses: [address] },
  );
}

function mailboxesIn(copies: readonly Copy[], findings: Findings, has: Sets['isVip']): number {
  return refsIn(copies, findings).filter(has).length;
}

/** Asked for only where a rule looks at it. Unknown counts as the whole tenant. */
async function shareOf(flow: Finding, policy: TenantPolicy, mailboxes: number): Promise<number | null> {
  if (policy.rules.every((rule) => rule.when.share === undefined)) return null;
  const size = await flow.directory.size().catch(() => 0);
  return size > 0 ? Math.min(1, mailboxes / size) : null;
}

/** What grew out of a list is no exercise: of one nothing is listed. */
const isAsked = ({ exercise }: Pick<Findings, 'exercise'>, of: object | null) => of !== null || !exercise?.whole;

/** A phishing exercise of the customer's own: whatever the policy says. */
const NOT_ASKED = forEachAction(
  (): Terms => ({ is: 'refused', rule: null, why: 'a phishing exercise of your own: nothing is removed' }),
);

/** What only a list of what automation took out is asked about, and what such a list is never asked about. */
const NOT_TAKEN_OUT = 'automation has not taken it out: what Clawback took out has an undo';
const TAKEN_OUT = 'automation took it out: it can only be put back';

function allTerms(
  flow: Finding,
  policy: TenantPolicy,
  circumstances: Omit<Circumstances, 'action'>,
  { automation }: Pick<Incident['alert'], 'automation'>,
): Plan['terms'] {
  return forEachAction((action): Terms => {
    if (givesBack(action) !== (automation !== undefined))
      return { is: 'refused', rule: null, why: automation ? TAKEN_OUT : NOT_TAKEN_OUT };
    const why = whyUnable(flow, action);
    if (why !== null) return { is: 'refused', rule: null, why };
    return termsOf(policy, { ...circumstances, action: policyActionOf(action) });
  });
}

/**
 * Actions whose seats could not be filled even if everybody pressed, and the terms with which they can. A mail to
 * everybody must not leave nobody to decide: where the purge, or the release of what automation took out, lacks people only
 * because they received it, the policy may let them decide about that and its undo. Nothing else is opened to them, and nobody
 * who asked for it ever decides.
 */
async function termsThatCanBeMet(
  deciders: Deciders,
  policy: TenantPolicy,
  plan: Plan,
  incident: Pick<Incident, 'alert' | 'askers'>,
  circumstances: Pick<Circumstances, 'protected'>,
): Promise<Pick<Plan, 'terms' | 'tooFew'>> {
  const lead = incident.alert.automation === undefined ? 'purge' : 'release';
  const { [lead]: asked, restore } = plan.terms;
  const opened = asked.is === 'asked' ? termsForRecipients(policy, asked, circumstances) : null;
  const roles = [...Object.values(plan.terms), ...(opened ? [opened] : [])].flatMap(rolesIn);
  const lacks = await countingPeople(deciders, plan, incident, roles);
  const short: Action[] = [];
  for (const action of ACTIONS) if (await lacks(plan.terms[action])) short.push(action);
  // Would they do if receiving it kept nobody out? Then, and only then, receiving it is the reason.
  const isTheReason = asked.is === 'asked' && short.includes(lead) && !(await lacks({ ...asked, recipientsMay: true }));
  if (!opened || !isTheReason || (await lacks(opened))) return { terms: plan.terms, tooFew: short };
  const opens = restore.is === 'asked' && short.includes('restore');
  const undo = (opens && termsForRecipients(policy, restore, circumstances)) || restore;
  const stillShort = short.filter((action) => action !== lead && action !== 'restore');
  return {
    terms: { ...plan.terms, [lead]: opened, restore: undo },
    tooFew: (await lacks(undo)) ? [...stillShort, 'restore'] : stillShort,
  };
}

const rolesIn = (terms: Terms) => (terms.is === 'asked' ? terms.seats.map(({ role }) => role) : []);

export function planNote(plan: Plan, digest: string, finderRequest: string | null): Note {
  const radius = blastRadius(plan.copies);
  const rules = ACTIONS.map((action) => {
    const terms = plan.terms[action];
    return { action: policyActionOf(action), rule: terms.rule, terms: termsWords(terms) };
  });
  return {
    type: 'plan.made',
    incident: plan.incident,
    planDigest: digest,
    requestId: finderRequest,
    detail: {
      copies: radius.copies,
      mailboxes: radius.mailboxes,
      read: radius.read,
      nothing: plan.nothing.length,
      denied: plan.denied.length,
      missing: plan.missing.length,
      unreachable: plan.unreachable.length,
      failed: plan.failed.length,
      leftAlone: plan.leftAlone.length,
      unsure: plan.unsure.reduce((sum, { addresses }) => sum + addresses.length, 0),
      takenIn: plan.takenIn.length,
      unresolved: plan.unresolved.length,
      notLooked: plan.notLooked,
      trackingCut: plan.trackingCut,
      shielded: plan.shielded.length,
      vip: plan.vip,
      legalHold: plan.legalHold,
      mode: plan.mode,
      foundBy: plan.foundBy,
      finders: plan.finders,
      policy: plan.policy,
      recipientsMay: [plan.terms.purge, plan.terms.release].some(
        (terms) => terms.is === 'asked' && terms.recipientsMay === true,
      ),
      rules,
    },
  };
}

/** What was seen of the mail beside its copies, where there is anything to say: what is an exercise, and what made calendar entries. */
export function besideNotes(
  { exercise, invitations }: Pick<Findings, 'exercise' | 'invitations'>,
  incident: string,
  digest: string,
): readonly Note[] {
  const about = { incident, planDigest: digest };
  return [
    ...(exercise ? [{ ...about, type: 'exercise.recognised', detail: exercise } as const] : []),
    ...(invitations > 0 ? [{ ...about, type: 'invitations.seen', detail: { copies: invitations } } as const] : []),
  ];
}
