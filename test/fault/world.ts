import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { Alert } from '../../src/core/find/alert.ts';
import { NO_CLAIMS } from '../../src/core/find/source.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { adoptPolicy } from '../../src/flow/decide/govern.ts';
import { receive, takeIn } from '../../src/flow/find/intake.ts';
import type { AdoptedPolicy, CurrentPolicy, Flow, Hash } from '../../src/flow/flow.ts';
import { sweep, work } from '../../src/flow/sweep.ts';
import { ACCOUNT, createFakeChatPeople } from '../support/fake-chat-people.ts';
import { createFakeDirectory } from '../support/fake-directory.ts';
import { createFakeEvidence, keeping } from '../support/fake-evidence.ts';
import { createFakeExcerpts } from '../support/fake-excerpts.ts';
import { type Copy, createFakeMail, type FakeMail, SUBJECT } from '../support/fake-mail.ts';
import { CHAT_NAMES, createFakeRooms, type FakeChat } from '../support/fake-rooms.ts';
import { typedFor } from '../support/forms.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { countedSalts } from '../support/sealed-plans.ts';
import { SOURCE } from '../support/source.ts';

/** The whole flow in memory, with a clock that stands still between steps: one generated history lives in one of these. */

const TENANT = '00000000-0000-4000-8000-00000000c0de';
const TEAM = 'T0SANDBOX';
const MOST_JOBS = 200;
const START = Date.parse('2026-11-20T08:00:00Z');

export interface Someone {
  readonly entraId: string;
  readonly name: string;
  readonly slackId: string;
  readonly accounts: ReadonlyMap<string, string>;
  readonly address: string;
}

/** Three analysts, a lead, one who is both, and one who holds no role. */
export const PEOPLE: readonly Someone[] = Array.from({ length: 6 }, (_none, n) => ({
  entraId: `11111111-0000-4000-8000-00000000000${n}`,
  name: `Person ${n}`,
  slackId: `U0PERSON${n}`,
  accounts: new Map([['slack', `U0PERSON${n}`]]),
  address: `person${n}@contoso.example`,
}));
const ids = (...numbers: readonly number[]) => numbers.map((n) => PEOPLE[n]?.entraId ?? '');
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  approver: ids(0, 1, 2, 3, 4),
  analyst: ids(0, 1, 2, 4),
  lead: ids(3, 4),
};
export const PROTECTED = 'ceo@contoso.example';
/** Mailboxes that mails reach; the first belongs to somebody who may decide. */
export const MAILBOXES = ['person0@contoso.example', 'ann@contoso.example', 'bob@contoso.example', PROTECTED];

const roles = {
  analyst: { people: ROLES['analyst'], entraGroups: [], slackUserGroups: [] },
  lead: { people: ROLES['lead'], entraGroups: [], slackUserGroups: [] },
};
const never = { protected: [{ name: 'board', addresses: [PROTECTED] }] };
const undo = { name: 'undo', when: { action: ['undo'] }, approve: [{ role: 'approver', count: 1 }] };
const flag = { name: 'flag', when: { action: ['flag'] }, approve: [{ role: 'approver', count: 1 }] };
const junk = { name: 'junk', when: { action: ['junk'] }, approve: [{ role: 'approver', count: 1 }] };
const purge = (approve: object, more: object = {}) => ({
  name: 'purge',
  when: { action: ['purge', 'hard-purge'] },
  approve,
  ...more,
});
const two = [{ role: 'approver', count: 2 }];
const both = [
  { role: 'analyst', count: 1 },
  { role: 'lead', count: 1 },
];

/** Policies that histories change between. */
export const POLICIES: readonly Policy[] = [
  { version: 1, roles, mailboxes: never, rules: [purge(two), junk, undo, flag] },
  {
    version: 1,
    roles,
    mailboxes: never,
    verbs: { reject: [{ role: 'lead', count: 1 }], cancel: both, reopen: [{ role: 'analyst', count: 2 }] },
    rules: [purge(both, { expiryMinutes: 10 }), undo],
  },
  { version: 1, roles, rules: [purge([{ role: 'approver', count: 1 }]), undo, flag] },
  {
    version: 1,
    roles,
    mailboxes: never,
    verbs: { reject: two, rollBack: both },
    rules: [
      { name: 'contain', when: { action: ['contain'] }, approve: both, actFirst: true, expiryMinutes: 20 },
      purge(two),
      undo,
    ],
  },
  {
    version: 1,
    roles,
    caps: { tenant: { mailboxesPerHour: 2 }, override: [{ role: 'lead', count: 1 }] },
    rules: [
      purge([{ role: 'analyst', count: 1 }], { escalation: [{ afterMinutes: 15, ask: [{ role: 'lead', count: 1 }] }] }),
      undo,
    ],
  },
].map((policy) => Policy.parse(policy));

let codes = 0;
export const hash: Hash = {
  digest: (value) =>
    createHash('sha256')
      .update(canonicalize(value) ?? '')
      .digest('hex'),
  ...countedSalts,
  secret: () => 'not used here',
  code: () => String(++codes),
};

/** `mail` number n as it lands in mailboxes. */
const mailOf = (n: number) => ({
  internetMessageId: `<mail-${n}@mailer.example>`,
  sender: `billing${n}@fabrikam.example`,
  subject: SUBJECT,
});

/** `approvers`: who holds the role of that name; by default everybody but the last. */
export function createWorld(approvers: readonly string[] = ROLES['approver'] ?? [], mail: FakeMail = createFakeMail()) {
  let now = START;
  let serial = 0;
  const id = () => `00000000-0000-4000-9000-${String(++serial).padStart(12, '0')}`;
  const memory = createMemoryStore({ tenant: TENANT, id, now: () => now });
  const rooms = { slack: createFakeRooms('slack'), teams: createFakeRooms('teams') };
  const people = [...PEOPLE];
  const directory = createFakeDirectory(
    PEOPLE.map(({ entraId, name, address }) => ({
      id: entraId,
      name,
      addresses: [address],
      enabled: true,
      guest: false,
    })),
  );
  const chats = { slack: createFakeChatPeople('slack', TEAM), teams: createFakeChatPeople('teams', TENANT) };
  for (const { slackId, entraId } of PEOPLE) {
    chats.slack.accounts.set(slackId, ACCOUNT);
    chats.teams.accounts.set(entraId, ACCOUNT);
  }
  const currentOf = (policy: Policy): CurrentPolicy => {
    const own = withApprovers(policy, approvers);
    return { policy: own, digest: hash.digest(own) };
  };
  // Every history begins with a policy of its own.
  let current = currentOf(POLICIES[0] as Policy) as AdoptedPolicy;
  const flow: Flow = {
    tenant: { id: TENANT, name: 'contoso', mode: 'live' },
    people,
    policy: () => current,
    store: memory.store,
    pulled: [],
    onCall: null,
    quiet: null,
    linkHosts: [],
    finders: [mail.finder],
    seekers: [],
    mailFiles: { toAlert: () => Promise.resolve({ problem: 'nobody reports anything here' }) },
    report: (tx, told, delivery) => takeIn(flow, tx, told, delivery),
    reader: mail,
    effects: mail,
    excerpts: createFakeExcerpts(mail),
    evidence: createFakeEvidence(mail),
    keeping: keeping('nothing'),
    rooms: [rooms.slack, rooms.teams],
    directory,
    chats: new Map(Object.entries(chats)),
    files: new Map(),
    chatNames: CHAT_NAMES,
    signIn: null,
    lookAgainAfter: [15, 60, 240, 1_440],
    stopFile: () => Promise.resolve(null),
    mayBegin: () => true,
    clock: { now: () => new Date(now).toISOString(), id, incidentId: () => `CB-${String(++serial).padStart(4, '0')}` },
    elapsed: () => now,
    hash,
    observe: () => undefined,
  };
  const desk = createDesk(flow);
  const by = (someone: Someone, platform: FakeChat) => ({
    platform,
    id: platform === 'slack' ? someone.slackId : someone.entraId,
    home: platform === 'slack' ? TEAM : TENANT,
    name: someone.name,
  });

  return {
    flow,
    desk,
    memory,
    mail,
    directory,
    chats,
    rooms,
    /** Whom the configuration names; a history may change it. */
    people,
    userOf: by,
    now: () => now,
    pass(minutes: number) {
      now += minutes * 60_000;
    },
    async govern(policy: Policy) {
      current = await adoptPolicy(flow, currentOf(policy), 'a history');
    },
    land(number: number, address: string, more: { networkMessageId?: string } = {}): Copy {
      return mail.put(address, { ...mailOf(number), ...more });
    },
    /** Another sender's mail with the same Message-ID: never to be touched. */
    decoy(number: number, address: string): Copy {
      return mail.put(address, { ...mailOf(number), sender: 'colleague@contoso.example' });
    },
    /** A good mail whose Message-ID and sender the mail repeats: only people may say that it is the same. */
    copycat(number: number, address: string): Copy {
      return mail.put(address, { ...mailOf(number), subject: 'Minutes of Monday' });
    },
    /** Another source says that it is the worst there is; what it names as recipients proves nothing. */
    worse(number: number, source: string, delivery: string) {
      const alert = Alert.parse({
        id: delivery,
        source: 'a history',
        verdict: 'malware',
        severity: 'critical',
        detectedAt: '2026-11-20T07:59:00Z',
        message: mailOf(number),
        recipients: PEOPLE.map(({ address }) => address),
      });
      return receive(flow, alert, {
        source: { ...SOURCE, name: source, claims: NO_CLAIMS },
        id: delivery,
        body: delivery,
      });
    },
    alert(number: number, delivery: string, reporter: Someone | null, recipients: readonly string[] = MAILBOXES) {
      const alert = Alert.parse({
        id: delivery,
        source: 'a history',
        verdict: 'phishing',
        detectedAt: '2026-11-20T07:59:00Z',
        message: mailOf(number),
        recipients,
        reporter: reporter && { entraId: reporter.entraId },
      });
      return receive(flow, alert, { source: SOURCE, id: delivery, body: delivery });
    },
    report(source: string, change: Record<string, unknown>) {
      const alert = Alert.parse({
        id: 'one',
        source: 'a cell',
        verdict: 'phishing',
        detectedAt: '2026-11-20T07:59:00Z',
        message: mailOf(0),
        ...change,
      });
      return receive(flow, alert, { source: { ...SOURCE, name: source }, id: 'one', body: 'one' });
    },
    /** A press on the live card of a room; `digest` other than the card's own makes it a forged or older one. */
    async press(someone: Someone, platform: FakeChat, verb: string, incident: string, digest?: string) {
      const card = rooms[platform].cards.find(({ view }) => view.incident === incident);
      if (!card) return null;
      const reply = await desk.press({
        by: by(someone, platform),
        card: { platform, channel: card.ref.channel, message: card.ref.message },
        verb,
        incident,
        digest: digest ?? card.view.digest,
        reason: verb === 'reject' ? 'known sender' : null,
        page: 0,
        ...typedFor(verb),
      });
      return { reply, digest: digest ?? card.view.digest };
    },
    say: (someone: Someone, platform: FakeChat, words: string) =>
      desk.command({ by: by(someone, platform), channel: 'anywhere', words }),
    /** Lets everything run that is due now, and answers the errors of jobs that will be tried again. */
    async settle(most = MOST_JOBS): Promise<unknown[]> {
      const errors: unknown[] = [];
      for (let done = 0; done < most; done += 1) {
        const due = memory.jobs().find(({ dueAt }) => dueAt <= now);
        if (!due || !memory.take(due)) break;
        await work(flow, due.job).catch((error: unknown) => errors.push(error));
      }
      return errors;
    },
    /** Whatever a process kept in mind is gone; a chunk is never cut in two here, so there is no lease to free. */
    restart: () => sweep(flow, 'at start'),
    sweep: () => sweep(flow, 'later'),
  };
}

export type World = ReturnType<typeof createWorld>;
