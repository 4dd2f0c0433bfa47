import { addressKey } from '../../core/address.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import { bestOf, MOST_ASKED_THEMSELVES, MOST_PEOPLE, type SourceAnswer } from '../../core/intelligence/asked.ts';
import type { Person, PersonFacts } from '../../core/intelligence/facts.ts';
import { findingsAbout } from '../../core/intelligence/findings.ts';
import { type Did, lookOf, type PeopleLook, type PeopleReason } from '../../core/intelligence/look.ts';
import { type Beside, factsOfMail } from '../../core/intelligence/mail-facts.ts';
import { withGrantsNow, withRulesNow } from '../../core/intelligence/own-now.ts';
import { domainSet } from '../../core/signal/domain.ts';
import { type Finding, findingsIn } from '../../core/signal/signals.ts';
import type { Intelligence, PeopleAnswer, PeopleQuestion, Rows } from '../../ports/intelligence.ts';
import type { CurrentPolicy, Flow } from '../flow.ts';

/** What is asked about the people of a list, and what is made of the answers: a few questions, however many people. */

type Looking = Pick<Flow, 'clock' | 'directory'> & { readonly policy: () => CurrentPolicy };

interface Known {
  readonly incident: Incident;
  readonly plan: Plan;
  /** How people closed earlier incidents about mail of its sender; null where that is not known. */
  readonly judged: Beside['judged'];
}

/** Never throws for what a service says or does not say. */
export async function lookAround(
  flow: Looking,
  intelligence: Intelligence,
  { incident, plan, judged }: Known,
  because: PeopleReason,
): Promise<PeopleLook> {
  const at = flow.clock.now();
  const { sender, subject } = incident.alert.message;
  // Together: what is asked of the directory at once goes there at once.
  const [inside, vips] = await Promise.all([
    senderInside(flow, sender),
    intelligence.vips(flow.policy().policy.mailboxes.vip),
  ]);
  const all = [...inside, ...peopleIn(plan)];
  const everybody = [...new Map(all.map((person) => [person.id, person])).values()];
  const people = everybody.slice(0, MOST_PEOPLE);
  const mailAt = firstOf(plan, incident);
  const question: PeopleQuestion = { people, mailAt, networkMessageIds: plan.key.identified, sender, subject };
  const { relays } = intelligence;
  const [{ logs, facts, answers, askedThemselves }, mail] = await whatIsKnown(intelligence, question, at, ({ past }) =>
    mailFindings(intelligence, plan, { at, mailAt, judged, vips, past, relays }),
  );
  return lookOf(
    {
      ...{ at, mailAt, because, mail },
      people: everybody.length,
      asked: people.length,
      ...{ askedThemselves, answers },
      did: didOf(plan, logs, facts),
      ...(logs.already.length > 0 ? { already: logs.already.slice(0, MOST_ALREADY) } : {}),
    },
    facts.flatMap(findingsAbout),
  );
}

interface Asked {
  readonly logs: PeopleAnswer;
  readonly facts: readonly PersonFacts[];
  readonly answers: readonly SourceAnswer[];
  readonly askedThemselves: number;
}

/** Asks about these people. `at`: ISO time, now. `beside`: what else is asked meanwhile, once the logs have answered. */
export async function whatIsKnown<T>(
  intelligence: Intelligence,
  question: PeopleQuestion,
  at: string,
  beside: (logs: PeopleAnswer) => Promise<T>,
): Promise<readonly [Asked, T]> {
  const { people, mailAt } = question;
  const logs = await intelligence.logs.ask(question);
  const knows = (wanted: SourceAnswer['source']) =>
    logs.answers.some(({ source, is }) => source === wanted && is === 'answered');
  const others = intelligence.instead.filter(({ of }) => !knows(of));
  const [all, more] = await Promise.all([
    Promise.all(others.map((one) => one.logs.ask(question))).then((told) => [logs, ...told]),
    beside(logs),
  ]);
  const rowsOf = (id: string) => joined(all.map(({ rows }) => rows.get(id)));
  const own = await askThemselves(intelligence, people, rowsOf);
  const facts = people.map((person): PersonFacts => {
    const rows = rowsOf(person.id);
    return {
      ...rows,
      person,
      mailAt,
      ownDomains: domainSet(
        logs.past?.ownDomains ?? people.map(({ address }) => address.slice(address.lastIndexOf('@') + 1)),
      ),
      ourApps: intelligence.ourApps,
      rules: withRulesNow(rows.rules, own.rules.get(person.id) ?? null),
      consents: withGrantsNow(rows.consents, own.grants.get(person.id) ?? null, at),
    };
  });
  const answers = bestOf([...all.flatMap((one) => one.answers), ...own.answers]);
  return [{ logs, facts, answers, askedThemselves: own.asked }, more];
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

/** Of several logs all that they tell. */
function joined(told: readonly (Rows | undefined)[]): Required<Rows> {
  const names = Object.keys(EMPTY) as (keyof Rows)[];
  const lists = names.map((name) => [name, told.flatMap((rows): readonly unknown[] => rows?.[name] ?? [])] as const);
  // Each list holds what those of the same name do.
  return Object.fromEntries(lists) as unknown as Required<Rows>;
}

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

/** As Exchange has it. What an alert says of it counts only where nobody else knows: an early time would call everything new. */
export function firstOf({ copies, key }: Pick<Plan, 'copies' | 'key'>, { alert, createdAt }: Incident): string {
  const earliest = (times: readonly (string | null)[]) =>
    times
      .filter((time): time is string => time !== null && !Number.isNaN(instantOf(time)))
      .toSorted((a, b) => instantOf(a) - instantOf(b))[0];
  const seen = earliest([...copies.map(({ receivedAt }) => receivedAt), key.receivedAt]);
  return isoOf(instantOf(seen ?? earliest([alert.message.receivedAt]) ?? createdAt));
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
  rowsOf: (id: string) => Required<Rows>,
): Promise<OfThemselves> {
  const having = (name: 'rules' | 'consents') => people.filter(({ id }) => rowsOf(id)[name].length > 0);
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

/** Ways in which others did something to one mail: nobody reads more. */
const MOST_ALREADY = 12;

/** Copies of a mail are written alike: what one of them says is enough, and the next where it is gone. */
const MOST_SAMPLES = 3;

async function mailFindings({ threads }: Intelligence, { copies }: Plan, beside: Beside): Promise<readonly Finding[]> {
  for (const copy of copies.slice(0, MOST_SAMPLES)) {
    const seen = await threads.of(copy);
    const isShared = copies.some(({ mailbox }) => mailbox !== copy.mailbox);
    if (seen) return findingsIn(factsOfMail({ ...seen, owner: [copy.address], isShared }, beside));
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
