import { type Action, forEachAction } from '../../src/core/action/action.ts';
import { noOutcomes, type OutcomeCounts } from '../../src/core/action/outcome.ts';
import { Policy, type Seat, type TenantPolicy, withApprovers } from '../../src/core/ask/policy.ts';
import type { Asked, Circumstances, Terms } from '../../src/core/ask/rule.ts';
import type { Vote } from '../../src/core/ask/tally.ts';
import { TakenAlert } from '../../src/core/find/alert.ts';
import type { Copy, Plan } from '../../src/core/find/plan.ts';
import {
  type Incident,
  type LastRun,
  type Situated,
  type Situation,
  stateOf,
} from '../../src/core/incident/incident.ts';
import { NO_LATE } from '../../src/core/record/late.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import type { RunFacts } from '../../src/core/tell/run-facts.ts';
import { CHAT_NAMES } from './fake-rooms.ts';

/** Values of the core for tests that need no store: each maker takes what a test wants to be different. */

export const TENANT_ID = '00000000-0000-4000-8000-00000000c0de';
export const DIGEST = 'a1b2c3d4'.repeat(8);

export const person = (n: number) => ({
  entraId: `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`,
  name: `Approver ${n}`,
  slackId: `U0PERSON${n}`,
  address: `approver${n}@contoso.example`,
});

/** `people` approvers; each action takes `needed` of them, an undo too. */
export const policyOf = (people: number, needed: number, change: Record<string, unknown> = {}): TenantPolicy =>
  withApprovers(
    Policy.parse({
      version: 1,
      rules: [
        {
          name: 'all the same',
          when: { action: ['purge', 'hard-purge', 'flag', 'undo'] },
          approve: [{ role: 'approver', count: needed }],
        },
        {
          name: 'contain',
          when: { action: ['contain'] },
          approve: [{ role: 'approver', count: needed }],
          actFirst: true,
        },
      ],
      ...change,
    }),
    Array.from({ length: people }, (_none, n) => person(n).entraId),
  );

export const askedOf = (seats: readonly Seat[], change: Partial<Asked> = {}): Asked => ({
  is: 'asked',
  rule: 'all the same',
  seats,
  expiryMinutes: 60,
  escalation: [],
  reason: false,
  stepUp: null,
  actFirst: false,
  ...change,
});
const refusedTerms: Terms = { is: 'refused', rule: null, why: 'no rule of the policy allows it here' };

/** Two approvers for everything but deleting for good and containing, which nothing allows. */
export const termsOf = (needed = 2, change: Partial<Record<Action, Terms>> = {}): Plan['terms'] => {
  const asked = askedOf([{ role: 'approver', count: needed }]);
  const flag = askedOf([{ role: 'approver', count: 1 }]);
  return { ...forEachAction(() => refusedTerms), purge: asked, restore: asked, flag, ...change };
};

/** A purge of twelve copies on a working day, in Berlin's noon. */
export const circumstancesOf = (change: Partial<Circumstances> = {}): Circumstances => ({
  action: 'purge',
  mode: 'live',
  tenant: 'contoso',
  copies: 12,
  mailboxes: 10,
  share: 0.1,
  vip: 0,
  legalHold: 0,
  protected: {},
  confidence: 80,
  source: 'Defender',
  verdict: 'phishing',
  severity: 'high',
  // A Wednesday, 12:00 in Berlin.
  at: Date.parse('2026-11-25T11:00:00Z'),
  ...change,
});

export function alertOf(change: Record<string, unknown> = {}, message: Record<string, unknown> = {}): TakenAlert {
  return TakenAlert.parse({
    id: 'det-1',
    source: 'test detector',
    verdict: 'phishing',
    severity: 'high',
    detectedAt: '2026-11-20T08:00:00Z',
    message: {
      internetMessageId: '<one@mailer.example>',
      sender: 'billing@fabrikam.example',
      senderName: 'Fabrikam Billing',
      subject: 'Invoice overdue',
      receivedAt: '2026-11-20T07:59:00Z',
      ...message,
    },
    ...change,
  });
}

export const copyOf = (n: number, change: Partial<Copy> = {}): Copy => ({
  mailbox: `22222222-0000-4000-8000-${String(n).padStart(12, '0')}`,
  address: `user${n}@contoso.example`,
  message: `message-${n}`,
  folderId: 'inbox',
  folder: 'Inbox',
  receivedAt: '2026-11-20T07:59:00Z',
  isRead: n % 2 === 0,
  flag: 'notFlagged',
  categories: [],
  ...change,
});

export const planOf = (change: Partial<Plan> = {}): Plan => ({
  id: 'plan-1',
  tenant: TENANT_ID,
  incident: 'CB-0001',
  mode: 'live',
  policy: 'b'.repeat(64),
  terms: termsOf(),
  grownFrom: null,
  key: {
    internetMessageId: '<one@mailer.example>',
    networkMessageId: null,
    sender: 'billing@fabrikam.example',
    subject: 'Invoice overdue',
    receivedAt: null,
    identified: [],
  },
  unsure: [],
  takenIn: [],
  forms: { internetMessageIds: ['<one@mailer.example>'], senders: ['billing@fabrikam.example'] },
  received: [],
  unresolved: [],
  trackingCut: false,
  notLooked: 0,
  foundBy: 'recipients',
  finders: [],
  resolvedAt: '2026-11-20T08:00:05.000Z',
  copies: [copyOf(1), copyOf(2)],
  asked: [],
  nothing: [],
  denied: [],
  missing: [],
  unreachable: [],
  failed: [],
  leftAlone: [],
  shielded: [],
  vip: 0,
  legalHold: 0,
  recipients: [],
  tooFew: [],
  ...change,
});

export const voteOf = (n: number, change: Partial<Vote> = {}): Vote => ({
  person: person(n).entraId,
  name: person(n).name,
  platform: 'slack',
  account: person(n).slackId,
  action: 'purge',
  planDigest: DIGEST,
  at: '2026-11-20T08:10:00.000Z',
  roles: ['approver'],
  addresses: [person(n).address],
  reason: null,
  signIn: null,
  ...change,
});

const DONE: Readonly<Partial<Record<Situation, Pick<LastRun, 'action' | 'mode'>>>> = {
  flagged: { action: 'flag', mode: 'live' },
  contained: { action: 'contain', mode: 'live' },
  rehearsed: { action: 'purge', mode: 'dry-run' },
  purged: { action: 'purge', mode: 'live' },
  junked: { action: 'junk', mode: 'live' },
  restored: { action: 'restore', mode: 'live' },
};

/** As an incident is stored that stands there, about the list with this digest. */
export function standingAt(situation: Situation, planDigest: string | null = DIGEST): Situated {
  const done = DONE[situation];
  return {
    state: stateOf(situation),
    planDigest: situation === 'received' ? null : planDigest,
    lastRun: done ? { ...done, planDigest: planDigest ?? '' } : null,
    closedBy: situation === 'rejected' ? 'Dana' : null,
  };
}

export const incidentOf = (situation: Situation, change: Partial<Incident> = {}): Incident => ({
  tenant: TENANT_ID,
  id: 'CB-0001',
  dedupeKey: 'message <one@mailer.example> from billing@fabrikam.example',
  alert: alertOf(),
  alerts: 1,
  revision: 3,
  askedAt: situation === 'open' ? '2026-11-20T08:00:00.000Z' : null,
  deadline: situation === 'open' ? '2026-11-20T09:00:00.000Z' : null,
  nudges: 0,
  nudgeAt: null,
  parent: null,
  askers: [],
  takenIn: [],
  elsewhere: [],
  breach: null,
  previous: null,
  campaign: null,
  clicked: 0,
  runId: null,
  reason: null,
  createdAt: '2026-11-20T08:00:00.000Z',
  updatedAt: '2026-11-20T08:00:00.000Z',
  ...standingAt(situation),
  ...change,
});

export const runOf = (outcomes: Partial<OutcomeCounts>, change: Partial<RunFacts> = {}): RunFacts => {
  const counted = { ...noOutcomes(), ...outcomes };
  return {
    id: 'run-1',
    action: 'purge',
    planDigest: DIGEST,
    mode: 'live',
    cause: 'approved',
    state: 'finished',
    startedAt: '2026-11-20T08:12:00.000Z',
    cancelledAt: null,
    finishedAt: '2026-11-20T08:15:00.000Z',
    total: Object.values(counted).reduce((sum, n) => sum + n, 0),
    open: 0,
    resting: 0,
    outcomes: counted,
    ...change,
  };
};

export const factsOf = (situation: Situation, change: Partial<CaseFacts> = {}): CaseFacts => ({
  tenantName: 'contoso',
  incident: incidentOf(situation),
  plan: situation === 'received' ? null : planOf(),
  votes: [],
  runs: [],
  policy: policyOf(3, 2),
  lastHour: [],
  brake: { stopped: false, by: null, reason: null, at: null },
  children: [],
  joinedInto: null,
  twins: [],
  root: 'CB-0001',
  looked: null,
  recovered: null,
  unreadSet: null,
  late: NO_LATE,
  deadRooms: [],
  turnedAwayIn: [],
  chatNames: CHAT_NAMES,
  linkHosts: [],
  looking: null,
  delay: null,
  now: '2026-11-20T08:05:00.000Z',
  waited: 5,
  ...change,
});
