import { noOutcomes, type OutcomeCounts } from '../../../src/core/action/outcome.ts';
import type { Vote } from '../../../src/core/ask/tally.ts';
import type { Plan } from '../../../src/core/find/plan.ts';
import type { RunFacts } from '../../../src/core/tell/run-facts.ts';
import { termsOf } from '../cases.ts';

/** What the pictured cases are made of. */

export const DIGEST = 'a1b2c3d4'.repeat(8);
const PEOPLE = ['Adele Vance', 'Lee Gu', 'Nestor Wilke'].map((name, n) => ({
  name,
  entraId: `11111111-0000-4000-8000-00000000000${n}`,
  slackId: null,
  address: null,
}));

export function planOf(copies: number, mailboxes: number, change: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    tenant: 'contoso',
    incident: 'CB-7F3K2M',
    mode: 'live',
    policy: 'b'.repeat(64),
    terms: termsOf(),
    grownFrom: null,
    key: {
      internetMessageId: '<1@c0ntoso-mail.example>',
      networkMessageId: null,
      sender: 'helpdesk@c0ntoso-mail.example',
      subject: null,
      receivedAt: null,
      identified: [],
    },
    unsure: [],
    takenIn: [],
    forms: { internetMessageIds: [], senders: [] },
    received: [],
    unresolved: [],
    trackingCut: false,
    notLooked: 0,
    foundBy: 'hunting and recipients',
    finders: [],
    resolvedAt: '2026-11-23T13:21:00.000Z',
    copies: Array.from({ length: copies }, (_, n) => ({
      mailbox: `m${n % mailboxes}`,
      address: `person${n % mailboxes}@contoso.example`,
      message: `x${n}`,
      folderId: 'f',
      folder: 'Inbox',
      receivedAt: null,
      isRead: n % 3 === 0,
      flag: 'notFlagged',
      categories: [],
    })),
    asked: [],
    nothing: [],
    denied: [],
    missing: [],
    unreachable: [],
    failed: [],
    leftAlone: [{ address: 'person1@contoso.example', why: 'same Message-ID, another sender' }],
    shielded: [],
    vip: 0,
    legalHold: 0,
    recipients: [],
    tooFew: [],
    ...change,
  };
}

export const vote = (who: number, action: Vote['action'], at: string, platform = 'slack'): Vote => ({
  person: PEOPLE[who]?.entraId ?? '',
  name: PEOPLE[who]?.name ?? '',
  platform,
  account: '',
  action,
  planDigest: DIGEST,
  at: `2026-11-23T${at}:00.000Z`,
  roles: ['approver'],
  addresses: [],
  reason: null,
  signIn: null,
});

export const runOf = (action: RunFacts['action'], outcomes: Partial<OutcomeCounts>, open = 0): RunFacts => ({
  id: action,
  action,
  planDigest: DIGEST,
  mode: 'live',
  cause: 'approved',
  state: open > 0 ? 'running' : 'finished',
  startedAt: '2026-11-23T13:34:00.000Z',
  cancelledAt: null,
  finishedAt: '2026-11-23T13:50:00.000Z',
  total: open + Object.values(outcomes).reduce((sum, n) => sum + n, 0),
  open,
  resting: 0,
  outcomes: { ...noOutcomes(), ...outcomes },
});
