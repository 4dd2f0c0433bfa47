import { randomUUID } from 'node:crypto';
import { Policy } from '../../src/core/ask/policy.ts';
import { type Situation, situationOf } from '../../src/core/incident/incident.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { record } from '../../src/flow/record/record.ts';
import type { ChatUser, Reply } from '../../src/ports/desk.ts';
import type { Tx } from '../../src/ports/store.ts';
import { answered } from '../support/answered.ts';
import { type Night, PEOPLE, SLACK_TEAM, TENANT } from '../support/desk-of-the-night.ts';
import { ACCOUNT } from '../support/fake-chat-people.ts';
import { type FakeChat, ofChat } from '../support/fake-rooms.ts';
import { typedFor } from '../support/forms.ts';
import type { ShownCard } from '../support/offers.ts';

/** What the stories of the flow have in common: a mail lands, somebody presses, something is seen. */

type PersonName = keyof typeof PEOPLE;
export const MINUTE = 60_000;

export const inSlack = (who: PersonName): ChatUser => slackUser(PEOPLE[who].slackId ?? '', PEOPLE[who].name);
export const inTeams = (who: PersonName): ChatUser => teamsUser(PEOPLE[who].entraId, PEOPLE[who].name);
export const slackUser = (id: string, name = id): ChatUser => ({ platform: 'slack', id, home: SLACK_TEAM, name });
const teamsUser = (id: string, name = id): ChatUser => ({ platform: 'teams', id, home: TENANT, name });

/** Object ids for people and groups of a story. */
export const guid = (n: number) => `33333333-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const policyWith = (rules: readonly object[], more: object = {}): Policy =>
  Policy.parse({ version: 1, rules, ...more });

/** A rule named after its actions, with so many people of each role; `more` is everything else of it. */
export function ruleFor(
  action: readonly string[],
  seats: Readonly<Record<string, number>>,
  { when, ...more }: { readonly when?: object } & Readonly<Record<string, unknown>> = {},
): object {
  const approve = Object.entries(seats).map(([role, count]) => ({ role, count }));
  return { name: action.join(' or '), when: { action, ...when }, approve, ...more };
}

/** Somebody more in the directory, with an account in Teams and perhaps one in Slack. */
export function joins(night: Night, n: number, slackId: string | null = null): ChatUser {
  const address = `person${n}@contoso.example`;
  const person = { id: guid(n), name: `Person ${n}`, addresses: [address], enabled: true, guest: false };
  night.directory.people.set(person.id, person);
  night.teamsPeople.accounts.set(person.id, ACCOUNT);
  if (slackId) night.slackPeople.accounts.set(slackId, { ...ACCOUNT, address });
  return teamsUser(person.id, person.name);
}

/** As after a sign-in and the code in the chat: the link, and its entry in the record. */
export function links(night: Night, account: string, person: string): Promise<void> {
  const { flow } = night;
  return flow.store.transact(async (tx) => {
    await tx.people.add({ platform: 'slack', account, person, how: 'sign-in', at: flow.clock.now() });
    const actor = { kind: 'person', id: person, name: 'Somebody' } as const;
    await record(flow, tx, [{ type: 'account.linked', actor, platform: 'slack', detail: { account, how: 'sign-in' } }]);
  });
}

export interface Told {
  readonly id: string;
  readonly mail: { readonly internetMessageId: string; readonly sender: string };
  readonly copies: readonly ReturnType<Night['mail']['put']>[];
}

/** The words of a story, about the night that `tonight` answers. */
export function storyteller(tonight: () => Night) {
  const read = <T>(ask: (tx: Tx) => Promise<T>) => tonight().flow.store.transact(ask);
  const room = (platform: string) => ofChat(tonight(), platform);
  const card = (id: string, platform: string) => room(platform).cards.findLast(({ view }) => view.incident === id);

  /** A mail of its own lands in these mailboxes and is reported. Nothing is waited for. */
  async function report(
    names: readonly string[] = ['ann', 'bob'],
    change: Record<string, unknown> = {},
  ): Promise<Told> {
    const mail = { internetMessageId: `<${randomUUID()}@mailer.example>`, sender: 'billing@fabrikam.example' };
    const copies = names.map((name) => tonight().mail.put(`${name}@contoso.example`, mail));
    const recipients = copies.map(({ address }) => address);
    const id = await tonight().alert({ message: { ...mail, subject: 'Invoice overdue' }, recipients, ...change });
    return { id, mail, copies };
  }

  /** The same, and both cards show the plan. */
  async function lands(names?: readonly string[], change?: Record<string, unknown>): Promise<Told> {
    const told = await report(names, change);
    await cardsShow(told.id, 'the plan', ({ digest }) => digest !== '');
    return told;
  }

  /** Waits until both cards of the incident are on record, at its newest plan, and look like this. */
  async function cardsShow(id: string, what: string, seen: (view: ShownCard) => boolean): Promise<void> {
    await tonight().until(`both cards of ${id} show ${what}`, async () => {
      const [rows, incident] = await read(async (tx) => [await tx.cards.of(id), await tx.incidents.get(id)] as const);
      const views = [card(id, 'slack')?.view, card(id, 'teams')?.view];
      return (
        rows.every(({ ref }) => ref !== null) &&
        views.every((view) => view && view.digest === (incident?.planDigest ?? '') && seen(view))
      );
    });
  }

  /** A press on the live card of the incident, or on what `more` says. */
  async function reply(id: string, by: ChatUser, verb: string, more: Record<string, unknown> = {}): Promise<Reply> {
    const live = card(id, by.platform);
    return tonight().desk.press({
      by,
      card: { platform: by.platform, channel: live?.ref.channel ?? '', message: live?.ref.message ?? '' },
      verb,
      incident: id,
      digest: live?.view.digest ?? '',
      reason: null,
      page: 0,
      ...typedFor(verb),
      ...more,
    });
  }

  const incident = async (id: string) => {
    const found = await read((tx) => tx.incidents.get(id));
    return found && { ...found, stands: situationOf(found) };
  };
  const stands = async (id: string) => (await incident(id))?.stands;
  const entries = async <T extends EntryType>(id: string, type: T) =>
    (await tonight().entries(id)).filter(ofType(type));

  return {
    report,
    lands,
    cardsShow,
    reply,
    press: async (...pressed: Parameters<typeof reply>) => answered(await reply(...pressed)),
    say: async (by: ChatUser, line: string) =>
      answered(await tonight().desk.command({ by, channel: `${by.platform}-alerts`, words: line })),
    incident,
    stands,
    entries,
    card: (id: string, platform: FakeChat = 'slack') => card(id, platform)?.view,
    votes: (id: string) => read((tx) => tx.decisions.list(id)),
    runs: (id: string) => read((tx) => tx.runs.ofIncident(id)),
    plan: async (id: string) => {
      const plan = await read(async (tx) => tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? ''));
      if (!plan) throw new Error(`${id} has no plan`);
      return plan;
    },
    /** Why presses were refused, in order. */
    refusals: async (id: string) => (await entries(id, 'press.refused')).map(({ outcome }) => outcome),
    /** What was seen of the copies, sorted. */
    outcomes: async (id: string) => (await entries(id, 'copy.outcome')).map(({ outcome }) => outcome).sort(),
    becomes: (id: string, wanted: Situation) =>
      tonight().until(`${id} is ${wanted}`, async () => (await stands(id)) === wanted),
  };
}
