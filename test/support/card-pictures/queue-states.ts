import type { Incident } from '../../../src/core/incident/incident.ts';
import { lineOf, type Queue, type QueueLine } from '../../../src/core/tell/queue.ts';
import { alertOf, incidentOf } from '../cases.ts';
import { usualFlags } from './flag-states.ts';
import { hostileTexts } from './hostile.ts';

/** The queue of one person: on a usual day, with nothing in it, with more than has room, and with what attackers write. */

const AT = '2026-11-23T14:05:00.000Z';
const WHO = {
  person: '11111111-0000-4000-8000-000000000001',
  name: 'Dana Analyst',
  roles: ['approver', 'analyst'],
  addresses: [],
  certain: true,
};
const SUBJECTS = [
  'Overdue invoice 48213: service ends today',
  'RE: RE: Contract 7718',
  'Your mailbox is almost full',
  'Shared document: Q4 bonus plan',
];
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

function incidentAt(n: number, minutes: number | null, subject = SUBJECTS[n % SUBJECTS.length] ?? ''): Incident {
  const alert = alertOf(
    { severity: SEVERITIES[n % SEVERITIES.length], verdict: n % 3 ? 'phishing' : 'bec' },
    { subject },
  );
  const deadline = minutes === null ? null : new Date(Date.parse(AT) + minutes * 60_000).toISOString();
  return incidentOf('open', { id: `CB-7F3K${20 + n}`, alert, deadline });
}

const waiting = (n: number, minutes: number, change: Partial<QueueLine> = {}, subject?: string): QueueLine => ({
  incident: incidentAt(n, minutes, subject),
  until: incidentAt(n, minutes, subject).deadline,
  why: '',
  copies: 1 + n * 7,
  votes: { ask: 'purge', counted: n % 2, needed: 2 },
  barred: null,
  trouble: null,
  ...change,
});

const EMPTY: Queue = {
  ...{ tenantName: 'contoso', at: AT, stopped: null, who: WHO },
  ...{ mine: [], role: [], running: [], trouble: [], others: 0 },
  over: { open: { looked: 9, all: 9 }, ended: { looked: 2, all: 2 } },
};

export function queueStates(): { name: string; queue: Queue }[] {
  const usual: Queue = {
    ...EMPTY,
    mine: [waiting(0, 4), waiting(1, 23), waiting(2, 48)],
    role: [waiting(3, 12, { barred: 'voted' }), waiting(4, 35, { barred: 'recipient' })],
    running: [lineOf(incidentAt(5, null), 120), lineOf(incidentAt(6, null), null)],
    trouble: [lineOf(incidentAt(7, null), 14, 'not done'), lineOf(incidentAt(8, null), null, 'nobody decided')],
    others: 2,
  };
  const hostile = hostileTexts();
  return [
    { name: 'queue', queue: usual },
    { name: 'queue-empty', queue: EMPTY },
    { name: 'queue-with-flags', queue: { ...usual, flags: usualFlags() } },
    {
      name: 'queue-many',
      queue: {
        ...EMPTY,
        mine: Array.from({ length: 300 }, (_none, n) => waiting(n, n + 1)),
        role: Array.from({ length: 120 }, (_none, n) => waiting(n, 5 * n, { barred: 'voted' })),
        running: Array.from({ length: 30 }, (_none, n) => lineOf(incidentAt(n, null), n)),
        trouble: Array.from({ length: 50 }, (_none, n) => lineOf(incidentAt(n, null), n, 'not done')),
        others: 41,
        over: { open: { looked: 500, all: 1_704 }, ended: { looked: 50, all: 50 } },
        who: { ...WHO, certain: false },
        stopped: { by: 'Omar Analyst', reason: 'Something is wrong with the detector' },
      },
    },
    {
      name: 'queue-hostile',
      queue: {
        ...EMPTY,
        mine: hostile.slice(0, 12).map((text, n) => waiting(n, n + 3, {}, text)),
        role: [waiting(1, 70, { votes: { ask: 'reject', counted: 0, needed: 1 } }, 'a'.repeat(900))],
      },
    },
  ];
}
