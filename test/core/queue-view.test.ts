import { describe, expect, it } from 'vitest';
import { lineOf, type Queue, type QueueLine, waitsFor } from '../../src/core/tell/queue.ts';
import { presentQueue } from '../../src/core/tell/queue-view.ts';
import { factsOf, incidentOf, person, planOf, voteOf } from '../support/cases.ts';

/** The words of a queue, and for whom a case waits. */

const AT = '2026-11-20T08:10:00.000Z';
const who = {
  ...person(1),
  person: person(1).entraId,
  roles: ['approver'],
  addresses: [person(1).address],
  certain: true,
};
const waits = { ask: 'purge', counted: 1, needed: 2 } as const;
const queueWith = (change: Partial<Queue>): Queue => ({
  ...{ tenantName: 'contoso', at: AT, stopped: null, who, mine: [], role: [], running: [], trouble: [] },
  ...{ others: 0, over: { open: { looked: 0, all: 0 }, ended: { looked: 0, all: 0 } } },
  ...change,
});
const line = (change: Partial<QueueLine> = {}, deadline: string | null = '2026-11-20T09:00:00.000Z'): QueueLine => ({
  ...{
    incident: incidentOf('open', { deadline }),
    why: '',
    copies: 12,
    votes: waits,
    barred: null,
    until: deadline,
    trouble: null,
  },
  ...change,
});
const factsIn = (one: QueueLine) => presentQueue(queueWith({ mine: [one] }), 10).mine.lines[0]?.facts;

describe('a line', () => {
  it('says severity, subject, copies, votes and the time left, with the hour at which it ends', () => {
    expect(presentQueue(queueWith({ mine: [line()] }), 10).mine.lines).toEqual([
      {
        incident: 'CB-0001',
        what: 'HIGH \u00b7 Phishing',
        subject: '\u201cInvoice overdue\u201d',
        facts: '12 copies \u00b7 1 of 2 approvals \u00b7 50 min left, until 20 Nov 09:00 UTC',
      },
    ]);
  });

  it.each([
    ['2026-11-20T08:10:30.000Z', 'less than a minute left, until 20 Nov 08:10 UTC'],
    ['2026-11-20T10:11:00.000Z', '2 h 1 min left, until 20 Nov 10:11 UTC'],
    ['2026-11-20T08:00:00.000Z', 'ended 20 Nov 08:00 UTC'],
  ])('that ends at %s says %j', (deadline, words) => {
    expect(factsIn(line({}, deadline))).toContain(words);
  });

  it('says why somebody does not decide, and what went wrong', () => {
    expect(factsIn(line({ barred: 'recipient' }))).toMatch(/you received this mail, so others decide$/);
    expect(factsIn(lineOf(incidentOf('purged'), 14, 'not done'))).toBe(
      '14 copies \u00b7 not everything could be done: see its card',
    );
    expect(factsIn(lineOf(incidentOf('received', { deadline: null }), null))).toBe('copies not known yet');
  });

  it('speaks of closing where nothing can be approved', () => {
    expect(factsIn(line({ copies: 0, votes: { ask: 'reject', counted: 0, needed: 1 } }))).toContain(
      '0 of 1 for \u201cNot malicious\u201d',
    );
  });
});

describe('what is left out', () => {
  it('is counted, and the sections behind keep a few lines', () => {
    const view = presentQueue(queueWith({ mine: Array(9).fill(line()), trouble: Array(5).fill(line()) }), 8);
    expect([view.mine.lines.length, view.trouble.lines.length]).toEqual([5, 3]);
    expect([view.mine.remark, view.trouble.remark]).toEqual(['4 more are not shown.', '2 more are not shown.']);
    expect([view.mine.heading, view.role.remark]).toEqual(['Waits for you (9)', 'Nothing else waits for it.']);
  });
});

describe('what the numbers are counted over', () => {
  const part = (looked: number, all: number) => ({ looked, all });
  const told = (open: [number, number], ended: [number, number]) => {
    const over = { open: part(...open), ended: part(...ended) };
    const view = presentQueue(queueWith({ mine: [line()], trouble: [line()], others: 3, over }), 8);
    return [view.mine.heading, view.trouble.heading, ...view.notes.map(({ text }) => text)];
  };

  it('is not said where it is everything', () => {
    expect(told([4, 4], [1, 1])).toEqual([
      'Waits for you (1)',
      'In trouble (1)',
      '3 incidents wait for roles that you do not hold.',
    ]);
  });

  it('is said where more is open than is looked at: every number is a part', () => {
    expect(told([500, 10_000], [1, 1])).toEqual([
      'Waits for you (at least 1)',
      'In trouble (at least 1)',
      'At least 3 incidents wait for roles that you do not hold.',
      'Counted over 500 of 10,000 open incidents, those that rank highest: the others were not looked at here.',
    ]);
  });

  it('is said of what ended by itself', () => {
    expect(told([4, 4], [200, 203])).toEqual([
      'Waits for you (1)',
      'In trouble (at least 1)',
      '3 incidents wait for roles that you do not hold.',
      'Counted over 200 of 203 that ended lately or are marked, the newest: the others were not looked at here.',
    ]);
  });
});

describe('for whom a case waits', () => {
  const open = factsOf('open');
  const place = (change: Partial<typeof open>, looker = who) => {
    const { place: where, line: told } = waitsFor({ ...open, ...change }, looker);
    return [where, told.barred];
  };

  it('is whoever would take a free seat', () => {
    expect(place({})).toEqual(['mine', null]);
    expect(place({ votes: [voteOf(2)] })).toEqual(['mine', null]);
    expect(place({ votes: [voteOf(2), voteOf(3)] })).toEqual(['role', 'enough']);
    expect(place({ votes: [voteOf(1)] })).toEqual(['role', 'voted']);
    expect(place({}, { ...who, roles: ['lead'] })).toEqual(['others', null]);
  });

  it('is not whoever received it or asked for it', () => {
    expect(place({ plan: planOf({ recipients: [who.person] }) })).toEqual(['role', 'recipient']);
    expect(place({ incident: incidentOf('open', { askers: [{ entraId: who.person, address: null }] }) })).toEqual([
      'role',
      'requester',
    ]);
  });

  it('is nobody once its time is over', () => {
    expect(place({ waited: 60 })).toEqual(['role', 'late']);
  });

  it('is whoever can close it where there is nothing to remove', () => {
    const { place: where, line: told } = waitsFor({ ...open, plan: planOf({ copies: [] }) }, who);
    expect([where, told.votes]).toEqual(['mine', { ask: 'reject', counted: 0, needed: 1 }]);
  });
});
