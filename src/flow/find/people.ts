import { addressKey } from '../../core/address.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { instantOf } from '../../core/instant.ts';
import { LATEST_MS, MOST_ASKED_THEMSELVES, MOST_PEOPLE, type SourceAnswer } from '../../core/intelligence/asked.ts';
import type { Person, PersonFacts } from '../../core/intelligence/facts.ts';
import { findingsAbout } from '../../core/intelligence/findings.ts';
import { type Did, kindsIn, lookOf, type PeopleLook, type PeopleReason } from '../../core/intelligence/look.ts';
import { factsOfMail } from '../../core/intelligence/mail-facts.ts';
import { withGrantsNow, withRulesNow } from '../../core/intelligence/own-now.ts';
import { domainSet } from '../../core/signal/domain.ts';
import { type Finding, findingsIn } from '../../core/signal/signals.ts';
import type { Intelligence, PeopleAnswer, PeopleQuestion, Rows } from '../../ports/intelligence.ts';
import type { Job } from '../../ports/jobs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { announce, type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';

/**
 * Who else was touched: a look at the people who received a mail, by a few questions for all of them. It is asked for in the
 * transaction that makes the list, and nothing waits for it: no card, no vote, no purge. What is found is evidence.
 */

type Errand = Extract<Job, { readonly queue: 'people' }>;
type Looking = Pick<
  Flow,
  'tenant' | 'clock' | 'store' | 'rooms' | 'hash' | 'intelligence' | 'directory' | 'chats' | 'policy' | 'people'
>;

/** After the list was made: what is audited shows an hour and more after it happened, and people read mail the next morning. */
const LATER_MS: readonly number[] = [LATEST_MS + 600_000, 24 * 3_600_000];
/** Where something gave no answer. */
const AGAIN_AFTER_MS: readonly number[] = [30_000, 120_000, 900_000];

/** `afterMs`: for who knows that nothing can be seen before. */
export async function askForPeople(
  { intelligence }: Pick<Flow, 'intelligence'>,
  tx: Pick<Tx, 'jobs'>,
  { incident, list }: { readonly incident: string; readonly list: string },
  because: PeopleReason = 'plan',
): Promise<void> {
  if (!intelligence) return;
  await tx.jobs.send({ queue: 'people', incident, list, because, nth: 0, tries: 0 });
}

/** Looks, writes down what was found, and asks for the next look. */
export async function lookAtPeople(flow: Looking, errand: Errand): Promise<void> {
  const { intelligence } = flow;
  if (!intelligence) return;
  const known = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(errand.incident);
    if (!incident || (await isTampered(flow, tx, incident))) return null;
    const list = await tx.incidents.glance(errand.list);
    return list?.intact && list.plan?.incident === incident.id ? { incident, plan: list.plan } : null;
  });
  if (!known || known.plan.copies.length === 0) return;
  const look = await lookAround(flow, intelligence, known, errand.because);
  const digest = flow.hash.digest(look);
  await flow.store.transact(async (tx) => {
    // Gone meanwhile: nothing would ever delete it.
    if (!(await tx.incidents.lock(errand.incident))) return;
    const before = await tx.looks.newest(errand.incident);
    const nth = await tx.looks.add(errand.incident, { list: errand.list, digest, look });
    await tx.looks.spoke(errand.incident, kindsIn(look.findings));
    await record(flow, tx, [noteOf(errand, look, nth, digest)]);
    await askForNext(tx, errand, look);
    if (before?.look == null || isNews(before.look, look)) await announce(flow, tx, errand.incident);
  });
}

async function askForNext(tx: Pick<Tx, 'jobs'>, errand: Errand, { answers }: PeopleLook): Promise<void> {
  const again = answers.some(({ is }) => is === 'no answer') ? AGAIN_AFTER_MS[errand.tries] : undefined;
  if (again !== undefined) {
    await tx.jobs.send({ ...errand, tries: errand.tries + 1 }, again);
    return;
  }
  // What a person asked for is not repeated by itself.
  const isBySelf = errand.because === 'plan' || errand.because === 'late';
  const nth = errand.because === 'plan' ? 0 : errand.nth + 1;
  const later = LATER_MS[nth];
  if (isBySelf && later !== undefined) await tx.jobs.send({ ...errand, because: 'late', nth, tries: 0 }, later);
}

function isNews(before: PeopleLook, now: PeopleLook): boolean {
  const said = ({ findings, suspected, did, mail }: PeopleLook) =>
    JSON.stringify([
      findings.map(({ person, sentence }) => [person, sentence]),
      suspected,
      did,
      mail.map(({ sentence }) => sentence),
    ]);
  return said(before) !== said(now);
}

function noteOf({ incident, list, because }: Errand, look: PeopleLook, nth: number, digest: string): Note {
  const { people, asked, findings, leftOut, suspected, answers } = look;
  return {
    type: 'people.looked',
    incident,
    planDigest: list,
    detail: {
      ...{ nth, because, digest, people, asked },
      findings: findings.length + leftOut,
      suspected: suspected.length,
      kinds: kindsIn(findings).map((kind) => ({
        kind,
        findings: findings.filter((finding) => finding.kind === kind).length,
      })),
      sources: answers.map(({ source, is }) => ({ source, is })),
    },
  };
}

interface Known {
  readonly incident: Incident;
  readonly plan: Plan;
}

async function lookAround(
  flow: Looking,
  intelligence: Intelligence,
  { incident, plan }: Known,
  because: PeopleReason,
): Promise<PeopleLook> {
  const at = flow.clock.now();
  const { sender, subject } = incident.alert.message;
  const all = [...(await senderInside(flow, sender)), ...peopleIn(plan)];
  const everybody = [...new Map(all.map((person) => [person.id, person])).values()];
  const people = everybody.slice(0, MOST_PEOPLE);
  const mailAt = firstOf(plan, incident);
  const question: PeopleQuestion = { people, mailAt, networkMessageIds: plan.key.identified, sender, subject };
  const logs = await intelligence.logs.ask(question);
  const hasSignIns = logs.answers.some(({ source, is }) => source === 'sign-ins' && is === 'answered');
  const [risks, own, mail] = await Promise.all([
    hasSignIns ? null : (intelligence.risks?.ask(question) ?? null),
    askThemselves(intelligence, people, logs),
    mailFindings(intelligence, plan, logs, { at, mailAt }),
  ]);
  const facts = people.map((person): PersonFacts => {
    const rows = { ...EMPTY, ...logs.rows.get(person.id), ...risks?.rows.get(person.id) };
    return {
      ...rows,
      person,
      mailAt,
      ownDomains: domainSet(
        logs.past?.ownDomains ?? people.map(({ address }) => address.slice(address.lastIndexOf('@') + 1)),
      ),
      ourApps: intelligence.ourApps,
      rules: withRulesNow(rows.rules, own.rules.get(person.id) ?? null),
      consents: withGrantsNow(rows.consents, own.grants.get(person.id) ?? null),
    };
  });
  return lookOf(
    {
      ...{ at, mailAt, because, mail },
      people: everybody.length,
      asked: people.length,
      askedThemselves: own.asked,
      answers: [...logs.answers, ...(risks?.answers ?? []), ...own.answers],
      did: didOf(plan, logs, facts),
    },
    facts.flatMap(findingsAbout),
  );
}

const EMPTY: Required<Rows> = {
  clicks: [],
  signIns: [],
  risks: [],
  rules: [],
  forwardings: [],
  delegates: [],
  consents: [],
  accesses: [],
  deletions: [],
  bursts: [],
};

/** Everybody with a copy, once. */
function peopleIn({ copies }: Plan): readonly Person[] {
  return [...new Map(copies.map(({ mailbox, address }) => [mailbox.toLowerCase(), address])).entries()].map(
    ([id, address]) => ({ id, address: addressKey(address) }),
  );
}

/** Whoever of the house the mail says that it is from: their account may be what sent it. Who cannot be asked about now is left out. */
async function senderInside({ directory }: Looking, sender: string | null): Promise<readonly Person[]> {
  if (sender === null) return [];
  const found = await directory.byAddress(sender).catch(() => []);
  return found.length === 1 ? found.map(({ id }) => ({ id: id.toLowerCase(), address: addressKey(sender) })) : [];
}

function firstOf({ copies, key }: Plan, { alert, createdAt }: Incident): string {
  const times = [...copies.map(({ receivedAt }) => receivedAt), key.receivedAt, alert.message.receivedAt].filter(
    (time): time is string => time !== null && !Number.isNaN(instantOf(time)),
  );
  return times.toSorted((a, b) => instantOf(a) - instantOf(b))[0] ?? createdAt;
}

interface OfThemselves {
  readonly rules: ReadonlyMap<string, Parameters<typeof withRulesNow>[1]>;
  readonly grants: ReadonlyMap<string, Parameters<typeof withGrantsNow>[1]>;
  readonly answers: readonly SourceAnswer[];
  readonly asked: number;
}

/** Only whose log tells of a rule or of a consent, and no more than a batch of them: the others stay as the log has them. */
async function askThemselves(
  { own }: Intelligence,
  people: readonly Person[],
  { rows }: PeopleAnswer,
): Promise<OfThemselves> {
  const having = (name: 'rules' | 'consents') => people.filter(({ id }) => (rows.get(id)?.[name]?.length ?? 0) > 0);
  const [withRules, withConsents] = [having('rules'), having('consents')];
  const some = (list: readonly Person[]) => list.slice(0, MOST_ASKED_THEMSELVES);
  const [rules, grants] = await Promise.all([
    withRules.length === 0 ? null : own.rules(some(withRules)),
    withConsents.length === 0 ? null : own.grants(some(withConsents)),
  ]);
  const sampled = (answer: SourceAnswer, list: readonly Person[]) => ({
    ...answer,
    cut: answer.cut || list.length > MOST_ASKED_THEMSELVES,
  });
  const asked = new Set([...some(withRules), ...some(withConsents)].map(({ id }) => id));
  return {
    rules: rules?.of ?? new Map(),
    grants: grants?.of ?? new Map(),
    answers: [
      ...(rules ? [sampled(rules.answer, withRules)] : []),
      ...(grants ? [sampled(grants.answer, withConsents)] : []),
    ],
    asked: asked.size,
  };
}

/** Copies of a mail are written alike: what one of them says is enough, and the next where it is gone. */
const MOST_SAMPLES = 3;

async function mailFindings(
  { threads }: Intelligence,
  { copies }: Plan,
  { past }: PeopleAnswer,
  times: { readonly at: string; readonly mailAt: string },
): Promise<readonly Finding[]> {
  for (const copy of copies.slice(0, MOST_SAMPLES)) {
    const seen = await threads.of(copy);
    if (seen) return findingsIn(factsOfMail({ ...seen, owner: [copy.address] }, past, times));
  }
  return [];
}

function didOf({ copies }: Plan, { answers, answered }: PeopleAnswer, facts: readonly PersonFacts[]): Did {
  const isKnown = (source: SourceAnswer['source']) =>
    answers.some((answer) => answer.source === source && answer.is === 'answered');
  const who = (is: 'reply' | 'forward') =>
    new Set(answered.filter((one) => one.is === is).map(({ person }) => person)).size;
  const read = new Set(copies.filter(({ isRead }) => isRead).map(({ mailbox }) => mailbox));
  const clicked = facts.filter(({ clicks }) => clicks.some(({ outcome }) => outcome !== 'blocked'));
  return {
    read: read.size,
    clicked: isKnown('link clicks') ? clicked.length : null,
    replied: isKnown('sent mail') ? who('reply') : null,
    forwarded: isKnown('sent mail') ? who('forward') : null,
  };
}
