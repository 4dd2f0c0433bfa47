import { type Evidence, evidenceNow, withEvidence } from '../../core/ask/evidence.ts';
import { breakGlassOf } from '../../core/ask/measure-terms.ts';
import type { TenantPolicy } from '../../core/ask/policy.ts';
import { termsOf as termsUnder } from '../../core/ask/rule.ts';
import {
  type ListedMeasure,
  type MeasureList,
  MOST_MEASURES,
  mayBeDone,
  termsOf,
} from '../../core/find/measure-list.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { type AccountSeen, barOf } from '../../core/measure/barred.ts';
import { MEASURES } from '../../core/measure/kinds.ts';
import type { Measure, MeasureKind } from '../../core/measure/measure.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { storable, wellFormed } from '../../core/text.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { knownList } from '../record/measures.ts';
import { announce, record } from '../record/record.ts';
import { evidenceIn } from '../tell/evidence.ts';
import { accountSeen } from './accounts-seen.ts';
import { measuresNamed } from './measures-named.ts';
import { contains, type MailboxRef, type Sets, setsOf } from './sets.ts';

/**
 * Of what somebody asked for, a list: who is meant, what may be done about them and what it takes. Nobody is asked before all
 * of that is written down. Work like any other: claimed, and begun anew after a crash.
 */

const LEASE_MS = 120_000;
/** So long whoever does not answer is asked again; after that it is taken for not known, which bars what is done to accounts. */
const PATIENCE_MS = 120_000;
const REST_MS = 5_000;
/** A moment after its time is over somebody looks whether that was told. */
const AFTER_MS = 1_000;

export async function listMeasures(flow: Finding, id: string): Promise<void> {
  const by = flow.clock.id();
  const claimed = await flow.store.transact(async (tx) => {
    const known = await knownList(flow.hash, tx, id);
    if (known.is !== 'wanted' || !(await tx.measures.claim(id, by, LEASE_MS))) return null;
    const incident = await tx.incidents.get(known.stored.incident);
    if (!incident || incident.breach !== null || !known.account.wanted) return null;
    const plan = incident.planDigest === null ? null : await tx.incidents.plan(incident.planDigest);
    const evidence = await evidenceIn(tx, flow.policy().policy, incident.id);
    return { wanted: known.account.wanted, incident, plan, ...evidence };
  });
  if (!claimed) return;
  try {
    const list = await listFor(flow, { ...claimed, id });
    if (list) return await flow.store.transact((tx) => freeze(flow, tx, id, list, by));
  } catch (error) {
    await flow.store.transact((tx) => tx.measures.release(id, by, REST_MS)).catch(() => undefined);
    throw error;
  }
  await flow.store.transact(async (tx) => {
    await tx.measures.release(id, by, REST_MS);
    await tx.jobs.send({ queue: 'measures', list: id }, REST_MS);
  });
}

interface Asked {
  readonly id: string;
  readonly wanted: Recorded<'measures.wanted'>;
  readonly incident: Incident;
  readonly plan: Plan | null;
  readonly evidence?: Evidence;
}

/** Null where somebody has to be asked again first. */
async function listFor(flow: Finding, asked: Asked): Promise<MeasureList | null> {
  const { policy, digest } = flow.policy();
  const { wanted, incident, id } = asked;
  const { measures, byHand, unwritten } = await measuresNamed(flow, asked);
  const shown = measures.slice(0, MOST_MEASURES);
  const isLate = Date.parse(flow.clock.now()) - Date.parse(wanted.at) >= PATIENCE_MS;
  const accounts = await accountsOf(flow, shown);
  if (accounts.size < new Set(shown.map(({ person }) => person)).size && !isLate) return null;
  const around = {
    sets: await setsOf(flow, policy),
    isBreakGlass: await contains(flow, breakGlassOf(policy), 'breakGlass'),
  };
  const judged = shown.map((measure, at) =>
    barredOf(flow, around, measure, at + 1, accounts.get(measure.person) ?? UNSEEN),
  );
  const terms = await termsByKind(flow, policy, asked, judged, around.sets);
  const list = {
    id,
    incident: incident.id,
    at: flow.clock.now(),
    mode: flow.tenant.mode,
    policy: digest,
    playbook: wanted.detail.playbook,
    asker: { person: wanted.actor.id, name: wanted.actor.name },
    reason: wanted.detail.reason,
    measures: judged.map((one) => (one.barred ? one : { ...one, ...(terms.get(one.kind) ?? {}) })),
    left: measures.length - shown.length,
    byHand,
    ...(unwritten.length > 0 ? { unwritten } : {}),
    salt: flow.hash.secret(),
  };
  const minutes =
    termsOf(
      list,
      mayBeDone(list).map(({ n }) => n),
    )?.expiryMinutes ?? 0;
  const until = new Date(Date.parse(list.at) + minutes * 60_000).toISOString();
  return wellFormed({ ...list, until });
}

const UNSEEN: AccountSeen = {
  ...{ known: true, privileged: null, roles: [], synced: null, missing: 'it did not answer', unseen: '' },
};

/** By object id; one that could not be told is left out. */
async function accountsOf(flow: Finding, measures: readonly Measure[]): Promise<ReadonlyMap<string, AccountSeen>> {
  const { service } = flow.measures ?? {};
  const accounts = new Map<string, AccountSeen>();
  for (const measure of measures) {
    if (accounts.has(measure.person)) continue;
    const isNobody = measure.person === '';
    const seen = isNobody || !service ? { ...UNSEEN, known: !isNobody } : await accountSeen(service, measure);
    if (seen) accounts.set(measure.person, seen);
  }
  return accounts;
}

interface Around {
  readonly sets: Sets;
  readonly isBreakGlass: (mailbox: MailboxRef) => boolean;
}

function barredOf(
  flow: Finding,
  { sets, isBreakGlass }: Around,
  measure: Measure,
  n: number,
  account: AccountSeen,
): ListedMeasure {
  const mailbox = refOf(measure);
  const bar = barOf(measure.kind, account, isBreakGlass(mailbox));
  const shield = sets.shieldOf(mailbox);
  const flipsBack = measure.kind === 'disable-account' && account.synced === true;
  const unseen = textOf(MEASURES[measure.kind].ofAccount ? account.unseen : '');
  const listed = { ...measure, n, terms: null, flipsBack, ...(unseen === '' ? {} : { rolesUnseen: unseen }) };
  if (!flow.measures?.kinds.includes(measure.kind)) return { ...listed, barred: { why: 'not-on', detail: '' } };
  if (bar === 'privileged') return { ...listed, barred: { why: bar, detail: textOf(account.roles.join(', ')) } };
  if (bar) return { ...listed, barred: { why: bar, detail: textOf(account.missing) } };
  return { ...listed, barred: shield === null ? null : { why: 'protected', detail: shield } };
}

const textOf = (said: string) => storable(said.slice(0, 200));
const refOf = ({ person, address }: Measure): MailboxRef => ({ id: person || null, addresses: [address] });

type Judged = Pick<ListedMeasure, 'terms' | 'barred'>;

/** By kind, what the policy says of as many as there are of it. */
async function termsByKind(
  flow: Finding,
  policy: TenantPolicy,
  { incident: { alert }, evidence }: Pick<Asked, 'incident' | 'evidence'>,
  judged: readonly ListedMeasure[],
  sets: Sets,
): Promise<ReadonlyMap<MeasureKind, Judged>> {
  const open = judged.filter(({ barred }) => barred === null);
  const people = [...new Map(open.map((measure) => [measure.person, refOf(measure)])).values()];
  const guarded: Record<string, number> = {};
  for (const name of people.flatMap((one) => sets.guardsOf(one))) guarded[name] = (guarded[name] ?? 0) + 1;
  const size = await flow.directory.size().catch(() => 0);
  const circumstances = {
    mode: flow.tenant.mode,
    tenant: flow.tenant.name,
    mailboxes: people.length,
    share: size > 0 ? Math.min(1, people.length / size) : null,
    vip: people.filter(sets.isVip).length,
    legalHold: people.filter(sets.isOnHold).length,
    protected: guarded,
    confidence: alert.confidence,
    source: alert.from.name,
    verdict: alert.verdict,
    severity: alert.severity,
    at: Date.parse(flow.clock.now()),
  };
  return new Map(
    [...Map.groupBy(open, ({ kind }) => kind)].map(([action, those]): [MeasureKind, Judged] => {
      const terms = termsUnder(policy, { ...circumstances, action, copies: those.length });
      if (terms.is === 'refused') return [action, { terms: null, barred: { why: 'policy', detail: terms.why } }];
      const spoken = evidenceNow(policy.evidence, evidence);
      const { rule, seats, expiryMinutes, reason, stepUp } = withEvidence(terms, action, spoken);
      return [action, { terms: { rules: [rule], seats, expiryMinutes, reason, stepUp }, barred: null }];
    }),
  );
}

/** What people are asked about from now on, with a card of its own in each room. */
async function freeze(flow: Finding, tx: Tx, id: string, list: MeasureList, by: string): Promise<void> {
  const incident = await tx.incidents.lock(list.incident);
  if (!incident || incident.breach !== null) return;
  if (!(await tx.measures.extend(id, by, LEASE_MS)) || !(await tx.measures.freeze(list))) return;
  const terms = termsOf(
    list,
    mayBeDone(list).map(({ n }) => n),
  );
  await record(flow, tx, [
    {
      type: 'measures.asked',
      incident: list.incident,
      detail: {
        list: id,
        digest: flow.hash.digest(list),
        measures: list.measures.map(({ n, kind, person, address, ref, name, barred }) => {
          return { item: n, kind, person, address, ref, name, barred: barred?.why ?? null };
        }),
        byHand: list.byHand,
        policy: list.policy,
        rules: terms?.rules ?? [],
        seats: terms?.seats ?? [],
        stepUp: terms?.stepUp ?? null,
      },
    },
  ]);
  await tx.measures.release(id, by, 0);
  // When somebody is reminded of it is reckoned by who looks at it next.
  await tx.measures.remindAt(id, list.at);
  const waitMs = Math.max(0, Date.parse(list.until) - Date.parse(list.at)) + AFTER_MS;
  await tx.jobs.send({ queue: 'measures', list: id }, waitMs);
  for (const { platform } of flow.rooms) await tx.cards.ensure(id, platform, flow.clock.id());
  await announce(flow, tx, list.incident);
}
