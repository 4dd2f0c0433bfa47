import { OUTCOMES } from '../../../src/core/action/outcome.ts';
import type { Vote } from '../../../src/core/ask/tally.ts';
import { TakenAlert } from '../../../src/core/find/alert.ts';
import type { Plan } from '../../../src/core/find/plan.ts';
import type { Incident, Situation } from '../../../src/core/incident/incident.ts';
import { NO_LATE } from '../../../src/core/record/late.ts';
import type { CardView } from '../../../src/core/tell/card.ts';
import type { CaseFacts } from '../../../src/core/tell/case.ts';
import { present } from '../../../src/core/tell/present.ts';
import type { RunFacts } from '../../../src/core/tell/run-facts.ts';
import { askedOf, policyOf, standingAt, termsOf } from '../cases.ts';
import { CHAT_NAMES } from '../fake-rooms.ts';
import { offering } from '../offers.ts';
import { long } from './long.ts';
import { DIGEST, planOf, runOf, vote } from './parts.ts';
import { UNSURE } from './unsure.ts';

interface Case {
  readonly stands: Situation;
  readonly incident?: Partial<Incident>;
  readonly message?: Record<string, unknown>;
  readonly alert?: Record<string, unknown>;
  readonly plan?: Plan | null;
  readonly votes?: readonly Vote[];
  readonly runs?: readonly RunFacts[];
  readonly more?: Partial<CaseFacts>;
}

/** The card that the product itself makes of a case: the pictures show nothing that it would not say. */
const viewOf = (one: Case): CardView => present(factsOf(one));

export function factsOf({
  stands,
  incident,
  message,
  alert,
  plan = planOf(12, 11),
  votes = [],
  runs = [],
  more,
}: Case): CaseFacts {
  return {
    tenantName: 'Contoso',
    incident: {
      tenant: 'contoso',
      id: 'CB-7F3K2M',
      dedupeKey: '',
      alert: TakenAlert.parse({
        id: 'a',
        source: 'Defender',
        verdict: 'phishing',
        severity: 'high',
        detectedAt: '2026-11-23T13:20:00Z',
        message: {
          sender: 'helpdesk@c0ntoso-mail.example',
          senderName: 'IT Service Desk <it@contoso.example>',
          subject: 'Action required: your password expires today',
          receivedAt: '2026-11-23T13:02:00Z',
          urls: ['https://login.c0ntoso-mail.example/reset'],
          ...message,
        },
        ...alert,
      }),
      alerts: 2,
      revision: 3,
      askedAt: '2026-11-23T13:05:00.000Z',
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
      deadline: stands === 'open' || stands === 'flagged' || stands === 'contained' ? '2026-11-23T14:05:00.000Z' : null,
      runId: null,
      ...standingAt(stands, plan ? DIGEST : null),
      reason: null,
      createdAt: '',
      updatedAt: '',
      ...incident,
    },
    plan,
    votes,
    runs,
    policy: policyOf(3, 2),
    lastHour: [],
    brake: { stopped: false, by: null, reason: null, at: null },
    children: [],
    joinedInto: null,
    twins: [],
    root: 'CB-0001',
    recovered: null,
    unreadSet: null,
    looked: null,
    late: NO_LATE,
    deadRooms: [],
    turnedAwayIn: [],
    chatNames: CHAT_NAMES,
    linkHosts: [],
    looking: null,
    delay: null,
    now: '2026-11-23T15:05:00.000Z',
    waited: 5,
    ...more,
  };
}

const longest: CardView = {
  ...viewOf({ stands: 'open', alert: { verdict: 'bec', severity: 'critical' } }),
  tenant: long('Contoso Holding ', 80),
  headline: long('CRITICAL · Business e-mail compromise ', 120),
  status: long('Waiting for approval by people who did not receive it. ', 300),
  sender: long('Международная служба поддержки ', 600),
  subject: long('Unbreakable'.repeat(6).concat(' '), 400),
  reach: long('5,000 copies in 4,900 mailboxes, 812 read ', 300),
  facts: Array.from({ length: 10 }, (_, n) => ({
    label: long(`Fact number ${n} `, 60),
    value: long('value "quoted" ', 600),
  })),
  warnings: Array.from({ length: 20 }, (_, n) => ({ text: long(`Warning ${n} with much to say. `, 300) })),
  state: long('Approval needed ', 60),
  effect: long('Moves all copies out of reach. ', 300),
  troubles: Array.from({ length: 8 }, (_, n) => ({ text: long(`Still in the mailbox ${n} of `, 300) })),
  waits: long('The mail service asks to wait ', 300),
  links: [0, 1, 2].map((n) => ({
    label: `Page number ${n}`,
    url: `https://security.microsoft.com/${'x'.repeat(300)}`,
  })),
  needs: long('2 approvals by people of the security team ', 300),
  decisions: Array.from({ length: 20 }, (_, n) => ({ text: long(`Decision ${n} by somebody. `, 300) })),
  progress: long('120 of 400 copies checked ', 200),
  outcomes: Array.from({ length: OUTCOMES.length }, (_, n) => ({
    label: long(`Outcome ${n} `, 60),
    value: long(`${n},000 copies `, 600),
  })),
  unsure: [0, 1, 2].map((n) => ({
    text: long(`${n + 1}. 12 messages, another subject, and much to say of it `, 500),
    page: String(n),
    label: `Take in group ${n + 1}`,
  })),
  canTakeIn: true,
  ...offering('purge', 'hard-purge', 'junk', 'flag', 'reject', 'undo', 'reopen', 'cancel', 'details'),
};

const JUNKED = [vote(0, 'junk', '13:31'), vote(1, 'junk', '13:33', 'teams')];
const TWO = askedOf([{ role: 'approver', count: 2 }]);
const NO = { is: 'refused', rule: null, why: 'no rule of the policy allows it here' } as const;
const APPROVED = [vote(0, 'purge', '13:31'), vote(1, 'purge', '13:33', 'teams')];

/** Every state an incident card can be in, for pictures and for tests. */
export function cardStates(): { name: string; view: CardView }[] {
  const states: Record<string, Case> = {
    'looking-for-copies': { stands: 'received', plan: null },
    'waiting-0-of-2': { stands: 'open' },
    'waiting-1-of-2': { stands: 'open', votes: APPROVED.slice(0, 1) },
    'nothing-found': {
      stands: 'open',
      plan: planOf(0, 1, { nothing: ['ann@contoso.example'], denied: ['vip@contoso.example'], leftAlone: [] }),
    },
    running: { stands: 'running', votes: APPROVED, runs: [runOf('purge', { removed: 6, alreadyGone: 1 }, 5)] },
    'purged-all-well': { stands: 'purged', votes: APPROVED, runs: [runOf('purge', { removed: 11, alreadyGone: 1 })] },
    'purged-with-trouble': {
      stands: 'purged',
      votes: APPROVED,
      runs: [
        {
          ...runOf('purge', { removed: 8, movedByUser: 1, stillThere: 1, notAllowed: 1, failed: 1 }),
          troubled: [
            { outcome: 'stillThere', addresses: ['person1@contoso.example'], mailboxes: 1 },
            { outcome: 'notAllowed', addresses: ['person4@contoso.example'], mailboxes: 1 },
          ],
        },
      ],
    },
    undone: {
      stands: 'restored',
      votes: [...APPROVED, vote(0, 'restore', '15:02'), vote(2, 'restore', '15:03')],
      runs: [runOf('purge', { removed: 11, alreadyGone: 1 }), runOf('restore', { restored: 11 })],
    },
    rejected: {
      stands: 'rejected',
      incident: { closedBy: 'Lee Gu', reason: 'Our own awareness campaign, see the calendar.' },
    },
    expired: { stands: 'expired' },
    'for-good-1-of-2': {
      stands: 'open',
      plan: planOf(12, 11, { terms: termsOf(2, { 'hard-purge': askedOf([{ role: 'approver', count: 2 }]) }) }),
      votes: [vote(1, 'hard-purge', '13:31')],
    },
    'waiting-with-junk': {
      stands: 'open',
      plan: planOf(12, 11, {
        terms: termsOf(2, { 'hard-purge': TWO, junk: askedOf([{ role: 'approver', count: 1 }]) }),
      }),
    },
    'waiting-junk-alone': {
      stands: 'open',
      plan: planOf(12, 11, { terms: termsOf(2, { purge: NO, flag: NO, junk: TWO }) }),
      votes: [vote(1, 'junk', '13:31')],
    },
    'running-to-junk': { stands: 'running', votes: JUNKED, runs: [runOf('junk', { junked: 6, alreadyJunk: 1 }, 5)] },
    'in-junk': { stands: 'junked', votes: JUNKED, runs: [runOf('junk', { junked: 11, alreadyJunk: 1 })] },
    'in-junk-with-trouble': {
      stands: 'junked',
      votes: JUNKED,
      runs: [
        {
          ...runOf('junk', { junked: 10, stillThere: 1, alreadyGone: 1 }),
          troubled: [{ outcome: 'stillThere', addresses: ['person1@contoso.example'], mailboxes: 1 }],
        },
      ],
    },
    'undone-to-junk': {
      stands: 'restored',
      votes: [...JUNKED, ...APPROVED, vote(0, 'restore', '13:34'), vote(2, 'restore', '13:34')],
      runs: [
        runOf('junk', { junked: 12 }),
        runOf('purge', { removed: 12 }),
        runOf('restore', { restored: 10, restoredChanged: 2 }),
      ],
    },
    stopped: {
      stands: 'open',
      more: {
        brake: { stopped: true, by: 'Nestor Wilke', reason: 'wrong tenant', at: '2026-11-23T13:25:00.000Z' },
      },
    },
    resting: {
      stands: 'running',
      votes: APPROVED,
      runs: [{ ...runOf('purge', { removed: 9 }, 3), resting: 3 }],
      more: {
        delay: {
          of: 'working',
          why: 'busy',
          since: '2026-11-23T13:36:00.000Z',
          until: '2026-11-23T13:41:00.000Z',
        },
      },
    },
    evidence: {
      stands: 'open',
      alert: {
        confidence: 92,
        reporter: { address: 'adele@contoso.example' },
        findings: ['The link leads to a page that asks for a password.', 'The domain was registered two days ago.'],
        evidence: {
          spf: 'fail',
          dkim: 'none',
          dmarc: 'fail',
          firstContact: true,
          files: [{ name: 'invoice.html', type: 'text/html', sha256: 'ab'.repeat(32) }],
        },
      },
    },
    flagged: { stands: 'flagged', votes: [vote(1, 'flag', '13:29')], runs: [runOf('flag', { flagged: 12 })] },
    'hostile-subject': {
      stands: 'open',
      message: {
        subject:
          '<!channel> [Release](https://evil.example) **Verdict: Clean** {{DATE(2026-01-01T00:00:00Z)}} \u0024{1+1} \u202Etxt.exe\u200B\n> approved :lock:',
        senderName: '"Security Team" <!here> *Approved by* _Ana_ <ceo@contoso.example>',
        urls: ['https://evil.example/a?u=victim@contoso.example', 'javascript:alert(1)'],
        attachments: ['report\u202Efdp.exe'],
      },
    },
    'five-thousand-mailboxes': {
      stands: 'open',
      alert: { verdict: 'malware', severity: 'critical' },
      plan: planOf(5_214, 5_000, { denied: Array.from({ length: 17 }, (_, n) => `vip${n}@contoso.example`) }),
    },
    'unsure-groups': {
      stands: 'open',
      plan: planOf(4, 4, { unsure: UNSURE }),
      incident: {
        previous: 'CB-2K9QWE',
        elsewhere: [{ incident: 'CB-5TT8NM', action: 'purge', copies: 2, at: '2026-11-23T13:40:00.000Z' }],
      },
    },
    'nothing-proven': { stands: 'open', plan: planOf(0, 0, { unsure: UNSURE.slice(0, 1), leftAlone: [] }) },
    contained: {
      stands: 'contained',
      plan: planOf(12, 11, {
        terms: termsOf(2, { contain: askedOf([{ role: 'approver', count: 1 }], { actFirst: true }) }),
      }),
      runs: [runOf('contain', { removed: 12 })],
    },
    tampered: { stands: 'open', incident: { breach: 'plan a1b2 c3d4 is not as it was made' } },
    'one-mailbox': {
      stands: 'open',
      alert: { verdict: 'bec', severity: 'critical' },
      plan: planOf(1, 1, { leftAlone: [] }),
    },
  };
  const shown = Object.entries(states).map(([name, facts]) => ({ name, view: viewOf(facts) }));
  return [...shown, { name: 'longest-texts', view: longest }];
}
