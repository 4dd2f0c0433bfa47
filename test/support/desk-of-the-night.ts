import { randomUUID } from 'node:crypto';
import type { DatabaseAddress } from '../../src/adapters/store/database.ts';
import { seal } from '../../src/adapters/store/ledger.ts';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { Alert } from '../../src/core/find/alert.ts';
import type { Source } from '../../src/core/find/source.ts';
import { type Situation, situationOf } from '../../src/core/incident/incident.ts';
import { GENESIS, type Recorded, verifyChain } from '../../src/core/record/ledger.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { adoptPolicy } from '../../src/flow/decide/govern.ts';
import { receive, takeIn } from '../../src/flow/find/intake.ts';
import type { Bookkeeping, Flow, Happening } from '../../src/flow/flow.ts';
import { type Audit, auditTenant, type Expected } from '../../src/flow/record/audit.ts';
import { work } from '../../src/flow/sweep.ts';
import type { Desk } from '../../src/ports/desk.ts';
import type { ChatPeople } from '../../src/ports/people.ts';
import type { Platform } from '../../src/ports/rooms.ts';
import { type Answered, answered } from './answered.ts';
import { believed } from './entries.ts';
import { ACCOUNT, createFakeChatPeople, type FakeChatPeople } from './fake-chat-people.ts';
import { createFakeDirectory, type FakeDirectory } from './fake-directory.ts';
import { createFakeEvidence, type FakeEvidence, keeping } from './fake-evidence.ts';
import { createFakeExcerpts, type FakeExcerpts } from './fake-excerpts.ts';
import { createFakeMail, type FakeMail } from './fake-mail.ts';
import { CHAT_NAMES, createFakeRooms, type FakeRooms } from './fake-rooms.ts';
import { typedFor } from './forms.ts';
import { mailFilesHere } from './mail-files.ts';
import { hash } from './night-hash.ts';
import { openNightStore } from './night-store.ts';

import { SOURCE } from './source.ts';

/** The whole flow on a real store, with mail and rooms in memory: a night shift that fits into one test. */

export const TENANT = '00000000-0000-4000-8000-00000000c0de';
export const SLACK_TEAM = 'T0SANDBOX';

export const PEOPLE = {
  dana: {
    name: 'Dana',
    entraId: '11111111-0000-4000-8000-000000000001',
    slackId: 'U0DANA',
    address: 'dana@contoso.example',
  },
  omar: {
    name: 'Omar',
    entraId: '11111111-0000-4000-8000-000000000002',
    slackId: 'U0OMAR',
    address: 'omar@contoso.example',
  },
  lena: {
    name: 'Lena',
    entraId: '11111111-0000-4000-8000-000000000003',
    slackId: null,
    address: 'lena@contoso.example',
  },
} as const;
type PersonName = keyof typeof PEOPLE;

export interface Night {
  readonly flow: Flow;
  readonly desk: Desk;
  readonly mail: FakeMail;
  readonly excerpts: FakeExcerpts;
  readonly evidence: FakeEvidence;
  readonly slack: FakeRooms;
  readonly teams: FakeRooms;
  readonly directory: FakeDirectory;
  readonly slackPeople: FakeChatPeople;
  readonly teamsPeople: FakeChatPeople;
  readonly clock: { now: number };
  /** What was counted. */
  readonly happenings: readonly Happening[];
  /** Another policy holds for new plans. */
  govern(policy: Policy): Promise<void>;
  setStopFile(words: string | null): void;
  /** `unreadablePeople`: as the reader of alerts tells it, beside what the alert says. */
  alert(change?: Record<string, unknown>, delivery?: string, source?: Source): Promise<string>;
  press(who: PersonName, platform: Platform, verb: string, more?: Record<string, unknown>): Promise<Answered>;
  /** Waits until the cards of both chats ask for a decision on this incident, and can be pressed. */
  asks(incident: string): Promise<void>;
  /** Waits until `seen` holds, and fails with `what` if it never does. */
  until(what: string, seen: () => boolean | Promise<boolean>): Promise<void>;
  entries(incident?: string): Promise<Recorded[]>;
  /** Where an incident stands by now; null for none. */
  stands(incident: string): Promise<Situation | null>;
  ledgerFault(): Promise<string | null>;
  run(job: Parameters<typeof work>[1]): Promise<void>;
  /** As somebody would who has the database and nothing else. */
  intrude(statement: string, ...values: unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What `audit verify` finds. */
  audit(expected?: readonly Expected[]): Promise<Audit>;
  close(): Promise<void>;
}

export const ATTACK = { internetMessageId: '<wave-1@mailer.example>', sender: 'billing@fabrikam.example' };

function anAlert(change: Record<string, unknown> = {}) {
  return Alert.parse({
    id: 'det-1',
    source: 'test detector',
    verdict: 'phishing',
    severity: 'high',
    detectedAt: '2026-11-20T08:00:00Z',
    message: {
      ...ATTACK,
      senderName: 'Fabrikam Billing',
      subject: 'Invoice overdue',
      receivedAt: '2026-11-20T07:59:00Z',
    },
    recipients: ['ann@contoso.example', 'bob@contoso.example', 'cas@contoso.example'],
    ...change,
  });
}

/** Two approvers for a purge and an undo, one for a flag. */
export const twoOfThree = (): Policy =>
  Policy.parse({
    version: 1,
    rules: [
      { name: 'purge', when: { action: ['purge', 'undo'] }, approve: [{ role: 'approver', count: 2 }] },
      { name: 'flag', when: { action: ['flag'] }, approve: [{ role: 'approver', count: 1 }] },
    ],
  });

const LOOK_MS = 25;

const inDirectory = ({ entraId: id, name, address }: { entraId: string; name: string; address: string }) => {
  return { id, name, addresses: [address], enabled: true, guest: false };
};

const inConfiguration = ({ entraId, name, slackId }: (typeof PEOPLE)[PersonName]) => ({
  entraId,
  name,
  accounts: new Map(slackId === null ? [] : [['slack', slackId]]),
});

export async function startNight(
  options: {
    policy?: Policy;
    mail?: FakeMail;
    workers?: boolean;
    mode?: Flow['tenant']['mode'];
    signIn?: Flow['signIn'];
    files?: Flow['files'];
    seekers?: Flow['seekers'];
    /** Left out: nobody asks what automation took out. */
    automation?: NonNullable<Flow['automation']>;
    /** Left out: nothing is kept of mails. */
    keeping?: Flow['keeping'];
    /** Left out: nothing is done about people. */
    measures?: NonNullable<Flow['measures']>;
    /** Left out: nobody looks at people. */
    intelligence?: Flow['intelligence'];
    /** What is shown as one attack, and how many cards an hour brings. */
    grouping?: Pick<Flow, 'campaigns' | 'cardLimits'>;
    /** Somebody writes into the tables of this night. */
    intruded?: boolean;
    /** Leaves in the database what this night finds there. */
    found?: (address: DatabaseAddress) => Promise<void>;
  } = {},
): Promise<Night> {
  const base = await openNightStore(TENANT, options.intruded ?? false, options.found);
  const { store, reader } = base;
  const clock = { now: Date.parse('2026-11-20T08:00:01Z') };
  const mail = options.mail ?? createFakeMail();
  const excerpts = createFakeExcerpts(mail);
  const evidence = createFakeEvidence(mail);
  const slack = createFakeRooms('slack');
  const teams = createFakeRooms('teams');
  let incidents = 0;
  const directory = createFakeDirectory(Object.values(PEOPLE).map(inDirectory));
  const slackPeople = createFakeChatPeople('slack', SLACK_TEAM);
  const teamsPeople = createFakeChatPeople('teams', TENANT);
  for (const one of Object.values(PEOPLE)) {
    if (one.slackId) slackPeople.accounts.set(one.slackId, { ...ACCOUNT, address: one.address });
    teamsPeople.accounts.set(one.entraId, ACCOUNT);
  }
  const currentOf = (policy: Policy) => {
    const own = withApprovers(
      policy,
      Object.values(PEOPLE).map(({ entraId }) => entraId),
    );
    return { policy: own, digest: hash.digest(own) };
  };
  const happenings: Happening[] = [];
  let stopFile: string | null = null;
  const books: Bookkeeping = {
    tenant: { id: TENANT, name: 'contoso', mode: options.mode ?? 'live' },
    clock: {
      now: () => new Date(clock.now).toISOString(),
      id: randomUUID,
      incidentId: () => `CB-${String(++incidents).padStart(4, '0')}`,
    },
    store,
    rooms: [slack, teams],
  };
  let current = await adoptPolicy(books, currentOf(options.policy ?? twoOfThree()), 'test');
  const flow: Flow = {
    ...books,
    people: Object.values(PEOPLE).map(inConfiguration),
    policy: () => current,
    pulled: [],
    onCall: null,
    quiet: null,
    linkHosts: [],
    finders: [mail.finder],
    seekers: options.seekers ?? [],
    ...(options.automation ? { automation: options.automation } : {}),
    report: (tx, told, delivery) => takeIn(flow, tx, told, delivery),
    mailFiles: mailFilesHere,
    reader: mail,
    effects: mail,
    excerpts,
    evidence,
    keeping: options.keeping ?? keeping('nothing'),
    directory,
    chats: new Map<string, ChatPeople>([
      ['slack', slackPeople],
      ['teams', teamsPeople],
    ]),
    files: options.files ?? new Map(),
    chatNames: CHAT_NAMES,
    signIn: options.signIn ?? null,
    lookAgainAfter: [15, 60, 240, 1_440],
    stopFile: () => Promise.resolve(stopFile),
    mayBegin: () => true,
    elapsed: () => performance.now(),
    hash,
    ...options.grouping,
    ...(options.measures ? { measures: options.measures } : {}),
    ...(options.intelligence ? { intelligence: options.intelligence, looksAtPeople: true } : {}),
    observe: (happening) => void happenings.push(happening),
  };
  const problems: unknown[] = [];
  // Without workers the queue still runs, because sending needs it; its jobs are simply dropped.
  const working = options.workers ?? true;
  await base.start(
    async (job) => {
      if (working) await work(flow, job);
    },
    (error) => problems.push(error),
  );
  const desk = createDesk(flow);
  const night: Night = {
    flow,
    desk,
    mail,
    excerpts,
    evidence,
    slack,
    teams,
    directory,
    slackPeople,
    teamsPeople,
    clock,
    happenings,
    async govern(policy) {
      current = await adoptPolicy(flow, currentOf(policy), 'test');
    },
    setStopFile(words) {
      stopFile = words;
    },
    async alert({ unreadablePeople = false, exercise, ...change } = {}, delivery = randomUUID(), source = SOURCE) {
      const own: { readonly exercise?: true } = exercise === true ? { exercise } : {};
      const told = { ...anAlert(change), ...own, unreadablePeople: unreadablePeople === true };
      const receipt = await receive(flow, told, { source, id: delivery, body: delivery });
      return receipt.incident ?? '';
    },
    async press(who, platform, verb, more = {}) {
      const room = platform === 'slack' ? slack : teams;
      const card = room.cards.at(-1);
      const reply = await desk.press({
        by: {
          platform,
          id: (platform === 'slack' ? PEOPLE[who].slackId : PEOPLE[who].entraId) ?? '',
          home: platform === 'slack' ? SLACK_TEAM : TENANT,
          name: PEOPLE[who].name,
        },
        card: { platform, channel: card?.ref.channel ?? '', message: card?.ref.message ?? '' },
        verb,
        incident: card?.view.incident ?? '',
        digest: card?.view.digest ?? '',
        ...typedFor(verb),
        reason: null,
        page: 0,
        ...more,
      });
      return answered(reply);
    },
    async asks(incident) {
      await night.until('both cards ask', async () => {
        const posted = await store.transact((tx) => tx.cards.of(incident));
        const views = [slack, teams].map((room) => room.cards.at(-1)?.view);
        return (
          posted.every((card) => card.ref !== null) &&
          views.every((view) => view?.incident === incident && view.canPurge)
        );
      });
    },
    async until(what, seen) {
      for (let tries = 0; tries < base.patienceMs / LOOK_MS; tries += 1) {
        if (await seen()) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
      throw new Error(`waited in vain until ${what}; problems: ${problems.map(String).join('; ') || 'none'}`);
    },
    async stands(id) {
      const incident = await flow.store.transact((tx) => tx.incidents.get(id));
      return incident && situationOf(incident);
    },
    async entries(incident) {
      const rows = incident ? await reader.ofIncident(incident, 0, 100_000) : await reader.read(0, 100_000);
      return rows.flatMap(believed);
    },
    async ledgerFault() {
      const head = await reader.head();
      const { end, fault } = verifyChain(await reader.read(0, 100_000), { seq: 0, hash: GENESIS }, TENANT, seal);
      return fault?.problem ?? (end.hash === head.hash ? null : 'the head differs from the last entry');
    },
    run: (job) => work(flow, job),
    intrude: (statement, ...values) => base.intrude(statement, values),
    audit: (expected = []) => auditTenant({ reader, store, hash, seal, tenant: TENANT }, expected),
    close: () => base.close(),
  };
  return night;
}
