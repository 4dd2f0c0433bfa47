import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { DIGEST, person, TENANT_ID } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

const dana = { kind: 'person', id: person(1).entraId, name: 'Dana' } as const;
const omar = { kind: 'person', id: person(2).entraId, name: 'Omar' } as const;
const entry = <T extends EntryType>(type: T, change: Old = {}) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: '2026-11-20T08:00:00.000Z',
    incident: 'CB-0001',
    actor: dana,
    platform: 'slack',
    planDigest: DIGEST,
    mailbox: null,
    message: null,
    requestId: null,
    outcome: null,
    seq: 1,
    prev: '',
    ...change,
  });
/** Numbered as they stand in a list. */
const explained = (entries: readonly Recorded[]) =>
  explainIncident(entries.map((one, at) => ({ ...one, seq: at + 1 })));
const vote = (actor: Recorded['actor'], action = 'purge', change: Old = {}) =>
  entry('decision.approved', {
    actor,
    detail: { action, count: 1, needed: 2, seats: '2 \u00d7 approver', roles: 'approver' },
    ...change,
  });
const ran = (detail: Flat = {}, change: Old = {}) =>
  entry('run.started', {
    detail: { action: 'purge', cause: 'approved', run: 'r1', copies: 3, mailboxes: 2, rule: 'two', ...detail },
    ...change,
  });
const approvedBy = (...people: readonly Recorded['actor'][]) => people.map(({ id }) => id).join(' ');
const line = ({ id, name }: Recorded['actor'], chat = 'slack') =>
  `  Approved by ${name} (${id}) as approver, in ${chat}, 20 Nov 08:00 UTC.`;
const NOTHING = 'Nothing was carried out.';

describe('a whole story', () => {
  it('is told by plan, run and end, each once', () => {
    const detail = { copies: 3, mailboxes: 2, policy: 'b'.repeat(64), 'rule.purge': 'two: 2 \u00d7 approver' };
    expect(
      explained([
        entry('alert.received'),
        entry('plan.made', { detail }),
        vote(dana),
        vote(omar),
        ran({ approvedBy: approvedBy(dana, omar) }),
        entry('copy.outcome'),
        entry('run.finished', { detail: { run: 'r1', summary: 'removed 3' } }),
      ]),
    ).toEqual([
      `Plan ${DIGEST}, 20 Nov 08:00 UTC: 3 copies in 2 mailboxes, under policy bbbbbbbb.`,
      '  purge: two: 2 \u00d7 approver',
      'purge of 3 copies in 2 mailboxes ran, 20 Nov 08:00 UTC.',
      '  Rule: two.',
      `  Plan: ${DIGEST}. Every approval named this digest.`,
      line(dana),
      line(omar),
      '  Ended: removed 3.',
    ]);
  });

  it('of old entries that name no plan and no chat says so', () => {
    const nameless = { planDigest: null, platform: null };
    const lines = explained([
      entry('plan.made', nameless),
      vote(dana, 'purge', nameless),
      ran({ approvedBy: approvedBy(dana) }, nameless),
      entry('containment.confirmed', nameless),
      entry('press.refused', { ...nameless, outcome: 'expired' }),
    ]);
    expect(lines).toEqual([
      'Plan unknown, 20 Nov 08:00 UTC: 0 copies in 0 mailboxes, under policy none.',
      'purge of 3 copies in 2 mailboxes ran, 20 Nov 08:00 UTC.',
      '  Rule: two.',
      '  Plan: unknown. Every approval named this digest.',
      line(dana, 'chat'),
      '  Ended: not yet.',
      'Containment confirmed: it stays removed. Plan: unknown. Every approval named this digest.',
      'Refused: Dana in chat, press, plan none, 20 Nov 08:00 UTC: the time to decide was over.',
    ]);
  });
});

describe('an approval that started nothing', () => {
  const notEnough = (action: string, plan = DIGEST) =>
    `Not enough for ${action}: 1 of 2 (2 \u00d7 approver), plan ${plan}. Approved by Dana (${dana.id}) as approver, in slack, 20 Nov 08:00 UTC.`;

  it('is told with how many were needed', () => {
    expect(explained([vote(dana)])).toEqual([NOTHING, notEnough('purge')]);
    expect(explained([vote(dana, 'purge', { planDigest: null })])).toEqual([NOTHING, notEnough('purge', 'unknown')]);
  });

  it('is told of somebody whose word was not among those that ended it', () => {
    const rejected = entry('decision.rejected', { actor: omar, detail: { reason: 'newsletter', approvedBy: omar.id } });
    expect(explained([vote(dana, 'reject'), vote(omar, 'reject'), rejected])).toEqual([
      NOTHING,
      notEnough('reject'),
      'Ended by Omar: not malicious, because newsletter.',
      line(omar),
    ]);
  });

  it('is told though the same person approved something else that was done', () => {
    const lines = explained([vote(dana, 'reject'), vote(dana), ran({ approvedBy: dana.id })]);
    expect(lines.filter((text) => text.startsWith('Not enough'))).toEqual([notEnough('reject')]);
  });
});

describe('who approved something', () => {
  it('is nobody who did something else about it', () => {
    const refused = entry('press.refused', { outcome: 'expired', detail: { action: 'purge', verb: 'purge' } });
    const lines = explained([refused, ran({ approvedBy: dana.id })]);
    expect(lines.filter((text) => text.includes('Approved by'))).toEqual([]);
  });

  it.each([
    ['reopen', 'incident.reopened', 'Dana asked to look again: what was approved before does not count any more.'],
    ['cancel', 'run.cancelled', 'Cancelled by Dana: 0 copies were left alone.'],
  ] as const)('is told of each verb by its own votes: %s', (verb, type, words) => {
    const end = entry(type, { detail: { approvedBy: approvedBy(dana, omar) } });
    expect(explained([vote(omar, 'reject'), vote(dana, verb), end]).slice(-2)).toEqual([words, line(dana)]);
  });
});

describe('why something went back', () => {
  const why = (detail: Flat) => explained([ran(detail)]).slice(3, -1);
  it.each([
    ['on one word, as earlier versions did', { cause: 'roll-back', why: 'rejected' }, 1],
    ['on approvals', { cause: 'roll-back', why: null }, 0],
    ['once more, after a late request', { cause: 'late', why: null }, 1],
    ['not at all: it was approved', { cause: 'approved', why: 'rejected' }, 0],
  ])('%s', (_name, detail, lines) => {
    expect(why(detail)).toHaveLength(lines);
  });
});

it('a vote that stopped counting for a reason that is new is told with it', () => {
  const gone = entry('decision.withdrawn', { outcome: 'something new', detail: { name: 'Dana', action: 'purge' } });
  expect(explained([gone])).toContain('The vote of Dana for purge did not count any more: something new.');
});
