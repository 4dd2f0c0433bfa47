import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/action/action.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { NO_LATE } from '../../src/core/record/late.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { askedOf, factsOf, incidentOf, planOf, policyOf, runOf, termsOf, voteOf } from '../support/cases.ts';

const card = (state: Situation, change: Partial<CaseFacts> = {}) => present(factsOf(state, change));
const without = (change: Partial<Parameters<typeof planOf>[0]> = {}) => planOf({ copies: [], ...change });
const key = planOf().key;
const elsewhere = (action: Action, at: string, copies = 1) => ({
  incident: incidentOf('purged', { elsewhere: [{ incident: 'CB-0009', action, copies, at }] }),
  runs: [runOf({ removed: 2 })],
});
const group = (name: string) => ({
  key: name,
  differences: ['subject' as const],
  sender: null,
  subject: null,
  from: null,
  until: null,
  addresses: ['emma@contoso.example'],
});

describe('the status of a case', () => {
  it.each<[string, Situation, Partial<CaseFacts>, string]>([
    [
      'when copies came back without us',
      'purged',
      {
        runs: [runOf({ removed: 2 })],
        recovered: {
          at: '2026-11-20T09:00:00.000Z',
          copies: 1,
          first: 'emma@contoso.example',
          kept: 0,
          keptSeen: null,
        },
      },
      'Purged: 2 removed, seen gone. Since then 1 copy that was gone has come back to a mailbox and can be read again.',
    ],
    [
      'when what a late request put back was removed once more',
      'purged',
      {
        runs: [
          runOf({ removed: 2, stillThere: 1 }),
          runOf({ removed: 9 }, { action: 'contain' }),
          runOf({ removed: 1 }, { cause: 'late' }),
          runOf({ removed: 1 }, { cause: 'late' }),
        ],
      },
      'Purged: 2 removed, seen gone; 1 still there. A request that came late put 1 copy back; removed once more: 1 removed, seen gone.',
    ],
    [
      'when another run’s copies were taken out late',
      'purged',
      {
        runs: [runOf({ removed: 1 }, { cancelledAt: '2026-11-20T08:14:00.000Z' })],
        late: {
          ...NO_LATE,
          takenOut: [{ run: 'another', address: 'emma@contoso.example', at: '2026-11-20T08:11:00.000Z' }],
        },
      },
      'Purged: 1 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    ['while copies are looked for', 'received', {}, 'Looking for copies in the mailboxes.'],
    ['when people are asked', 'open', {}, 'Waiting for approval: 0 of 2 given. Nothing has been touched yet.'],
    [
      'with one vote',
      'open',
      { votes: [voteOf(1)] },
      'Waiting for approval: 1 of 2 given. Nothing has been touched yet.',
    ],
    [
      'when people are asked again',
      'open',
      { runs: [runOf({ removed: 1 })] },
      'Waiting for approval: 0 of 2 given. Since the last action nothing has been touched.',
    ],
    [
      'before there is a list',
      'open',
      { plan: null },
      'The policy allows nothing here: no rule fits. Nothing has been touched yet.',
    ],
    [
      'when nothing is proven, but something agrees in part',
      'open',
      { plan: without({ unsure: [group('g1')], key: { ...key, internetMessageId: null } }) },
      'No copy is proven. There are mails that agree in part: look at them below and take in what is this mail.',
    ],
    [
      'when nothing could be searched for',
      'open',
      { plan: without({ key: { ...key, internetMessageId: null } }) },
      'The mailboxes cannot be searched, because the mail has no usable Message-ID and tracking names none.',
    ],
    [
      'when some mailboxes could not be looked into',
      'open',
      {
        plan: without({
          denied: ['a@contoso.example'],
          failed: ['b@contoso.example', 'c@contoso.example'],
          unreachable: ['d@contoso.example', 'e@contoso.example'],
        }),
      },
      'No copy seen, but 5 mailboxes could not be looked into.',
    ],
    ['when there is nothing', 'open', { plan: without() }, 'No copy was found in the mailboxes looked into.'],
    ['when something runs that nobody knows', 'running', {}, 'Working.'],
    [
      'while it runs',
      'running',
      { runs: [runOf({}, { state: 'running' })] },
      'Approved. Moving the copies out of the mailboxes and looking after each one.',
    ],
    [
      'once it was cancelled',
      'running',
      { runs: [runOf({}, { state: 'running', cancelledAt: '2026-11-20T08:13:00.000Z' })] },
      'Cancelled. What was begun is finished; the rest is left alone.',
    ],
    [
      'when it is flagged',
      'flagged',
      {},
      'Waiting for approval: 0 of 2 given. The copies are flagged; the mail is still there.',
    ],
    ['when it is purged, and nothing is known of the run', 'purged', {}, 'Purged.'],
    [
      'when it is purged',
      'purged',
      { runs: [runOf({ removed: 2 })] },
      'Purged: 2 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      'when some copies gave trouble',
      'purged',
      { runs: [runOf({ removed: 2, stillThere: 1, notAllowed: 1, failed: 1 })] },
      'Purged with trouble: 3 of 5 copies may still be readable. 2 removed, seen gone; 1 still there; 1 not allowed; 1 failed. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      'when it was cancelled, and copies are left',
      'purged',
      { runs: [runOf({ removed: 2, cancelled: 1 }, { cancelledAt: '2026-11-20T08:13:00.000Z' })] },
      'Purge cancelled: 1 of 3 copies may still be readable. 2 removed, seen gone; 1 cancelled, left alone.',
    ],
    [
      'when it was cancelled too late to leave anything',
      'purged',
      { runs: [runOf({ removed: 2 }, { cancelledAt: '2026-11-20T08:13:00.000Z' })] },
      'Purged: 2 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      'when another incident has put copies back since',
      'purged',
      elsewhere('restore', '2026-11-20T08:12:00.001Z', 2),
      'Purged: 2 removed, seen gone. Since then CB-0009 has put 2 copies back: they can be read again.',
    ],
    [
      'when another incident had put copies back before',
      'purged',
      elsewhere('restore', '2026-11-20T08:12:00.000Z'),
      'Purged: 2 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      'when another incident has removed copies since',
      'purged',
      elsewhere('purge', '2026-11-20T09:00:00.000Z'),
      'Purged: 2 removed, seen gone. No copy of the plan is in sight: each was seen gone by 20 Nov 08:15 UTC. Owners can still recover what was removed, from Recoverable Items.',
    ],
    [
      'when it is undone',
      'restored',
      { runs: [runOf({ restored: 1 }, { action: 'restore' })] },
      'Undone: 1 restored, seen back.',
    ],
    [
      'while it is put back once more',
      'running',
      { runs: [runOf({}, { action: 'restore', cause: 'late', state: 'running' })] },
      'Putting back once more what a request that came late took out again.',
    ],
    [
      'when it was put back once more',
      'restored',
      {
        runs: [
          runOf({ restored: 2 }, { action: 'restore' }),
          runOf({ flagged: 3 }, { action: 'flag' }),
          runOf({ restored: 1 }, { action: 'restore', cause: 'late' }),
        ],
      },
      'Undone: 2 restored, seen back. A request that came late took 1 copy out again; put back once more: 1 restored, seen back.',
    ],
    [
      'when it is purged, and nobody knows since when',
      'purged',
      { runs: [runOf({ destroyed: 1 }, { finishedAt: null })] },
      'Purged: 1 deleted for good, seen gone. No copy of the plan is in sight: each was seen gone.',
    ],
    ['when nothing was left to do', 'restored', { runs: [runOf({}, { action: 'restore' })] }, 'Undone: nothing to do.'],
    [
      'when somebody called it not malicious',
      'rejected',
      { incident: incidentOf('rejected', { closedBy: 'Dana', reason: 'newsletter' }) },
      'Not malicious, says Dana: newsletter',
    ],
    ['when nobody decided', 'expired', {}, 'Nobody decided in time. Nothing was done; the mail is still there.'],
    [
      'when nobody decided again',
      'expired',
      { runs: [runOf({ flagged: 1 }, { action: 'flag' })] },
      'Nobody decided in time. Nothing more was done.',
    ],
  ])('%s', (_name, state, change, status) => {
    expect(card(state, change).status).toBe(status);
  });

  it('tells what is being said of the case, each question by itself', () => {
    const votes = [
      voteOf(1, { action: 'reject', reason: 'newsletter' }),
      voteOf(2, { action: 'take-in', reason: 'g1' }),
      voteOf(3, { action: 'take-in', reason: 'g2' }),
      voteOf(4, { action: 'take-in', reason: null }),
    ];
    const two = [{ role: 'approver', count: 2 }];
    const policy = { ...policyOf(4, 2), verbs: { reject: two, takeIn: two } } as CaseFacts['policy'];
    const { status } = card('open', { votes, policy });
    expect(status.split('Nothing has been touched yet. ')[1]).toBe(
      'Called not malicious by 1 of 2. Taking unsure copies in asked for by 1 of 2. Taking unsure copies in asked for by 1 of 2.',
    );
  });
});

describe('who is needed', () => {
  const plan = (seats: { role: string; count: number }[]) => planOf({ terms: termsOf(2, { purge: askedOf(seats) }) });

  it.each<[string, Situation, Partial<CaseFacts>, string]>([
    [
      'is told without a time where there is none',
      'flagged',
      {},
      '2 approvals by people who neither received nor reported the mail.',
    ],
    [
      'is told without a time for an undo',
      'purged',
      {
        incident: incidentOf('purged', { deadline: '2026-11-20T09:00:00.000Z' }),
        runs: [runOf({ removed: 1 })],
      },
      '2 approvals for the undo by people who neither received nor reported the mail.',
    ],
    ['is nobody where there is nothing to do', 'open', { plan: without() }, ''],
    [
      'is told by role where one role is another',
      'open',
      {
        plan: plan([
          { role: 'approver', count: 1 },
          { role: 'lead', count: 1 },
        ]),
      },
      'approval of 1 × approver and 1 × lead by people who neither received nor reported the mail.',
    ],
    [
      'is told by what is open of a role',
      'open',
      { plan: plan([{ role: 'lead', count: 3 }]), votes: [voteOf(1, { roles: ['lead'] })] },
      'approval still of 2 × lead by people who neither received nor reported the mail.',
    ],
  ])('%s', (_name, state, change, needs) => {
    expect(card(state, change).needs).toBe(needs);
  });
});

describe('what would be done, and how far it is', () => {
  it('an undo is proposed where something was removed', () => {
    expect(card('purged', { runs: [runOf({ removed: 1 })] }).effect).toBe(
      'Puts 1 copy back where they were, with read state and flags, as far as they still exist: people can open them again.',
    );
  });

  it.each([
    ['some', { total: 4, open: 1 }, '3 of 4 copies checked (75 %)'],
    ['none', { total: 0, open: 0 }, '0 of 0 copies checked (100 %)'],
    ['waiting', { total: 4, open: 4, resting: 2 }, '0 of 4 copies checked (0 %); 2 wait for the mail service'],
  ])('of copies: %s', (_name, change, progress) => {
    expect(card('running', { runs: [runOf({}, { state: 'running', ...change })] }).progress).toBe(progress);
  });
});
