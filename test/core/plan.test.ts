import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import { blastRadius, grownBy, notAskedYet, type Plan, shortDigest, sortedPlan } from '../../src/core/find/plan.ts';
import { copyOf, planOf } from '../support/cases.ts';

const digest = (plan: Plan) =>
  createHash('sha256')
    .update(seal.canonical(sortedPlan(plan)))
    .digest('hex');

const full = planOf({
  copies: [
    copyOf(3),
    copyOf(1),
    copyOf(2),
    copyOf(1, { message: 'message-9' }),
    copyOf(1, { isRead: true, address: 'alias1@contoso.example' }),
  ],
  nothing: ['n2@contoso.example', 'n1@contoso.example', 'n1@contoso.example'],
  denied: ['d2@contoso.example', 'd1@contoso.example'],
  missing: ['m2@contoso.example', 'm1@contoso.example'],
  failed: ['f2@contoso.example', 'f1@contoso.example'],
  leftAlone: [
    { address: 'l1@contoso.example', why: 'a draft' },
    { address: 'l1@contoso.example', why: 'another sender' },
    { address: 'l0@contoso.example', why: 'a draft' },
  ],
  shielded: [
    { address: 's1@contoso.example', set: 'legal' },
    { address: 's1@contoso.example', set: 'board' },
    { address: 's0@contoso.example', set: 'legal' },
  ],
  recipients: ['r2', 'r1', 'r2'],
});
const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

describe('the plan that people approve', () => {
  it('has the largest unsure groups first, and equal ones always in one order', () => {
    const group = (key: string, size: number) => ({
      key,
      differences: ['subject' as const],
      sender: null,
      subject: null,
      from: null,
      until: null,
      addresses: Array<string>(size).fill('emma@contoso.example'),
    });
    const unsure = [group('c', 1), group('b', 2), group('d', 3), group('a', 2)];
    expect(sortedPlan(planOf({ unsure })).unsure.map(({ key }) => key)).toEqual(['d', 'a', 'b', 'c']);
  });

  it('the same findings in any order have the same digest', () => {
    const orders = fc.record({
      copies: shuffled(full.copies),
      nothing: shuffled(full.nothing),
      denied: shuffled(full.denied),
      missing: shuffled(full.missing),
      failed: shuffled(full.failed),
      leftAlone: shuffled(full.leftAlone),
      shielded: shuffled(full.shielded),
      recipients: shuffled(full.recipients),
    });
    fc.assert(fc.property(orders, (order) => digest({ ...full, ...order }) === digest(full)));
  });

  it('a copy found by two addresses of one mailbox is one copy', () => {
    expect(sortedPlan(full).copies).toHaveLength(4);
  });

  it('sorting a sorted plan changes nothing', () => {
    expect(sortedPlan(sortedPlan(full))).toEqual(sortedPlan(full));
  });

  it('the plan it was made from is not touched', () => {
    const before = structuredClone(full);
    sortedPlan(full);
    expect(full).toEqual(before);
  });

  it.each([
    ['another copy', { copies: [...full.copies, copyOf(7)] }],
    ['one copy fewer', { copies: full.copies.slice(1) }],
    ['a copy read meanwhile', { copies: [copyOf(1, { isRead: true }), copyOf(2)] }],
    ['another recipient', { recipients: ['r1'] }],
    ['a mailbox that may not be read', { denied: [] }],
    ['another tenant', { tenant: '00000000-0000-4000-8000-000000000bad' }],
    ['another incident', { incident: 'CB-0002' }],
    ['another Message-ID', { key: { ...full.key, internetMessageId: '<two@mailer.example>' } }],
    ['another time of looking', { resolvedAt: '2026-11-20T08:00:06.000Z' }],
  ])('%s has another digest', (_name, change) => {
    expect(digest({ ...full, ...change })).not.toBe(digest(full));
  });

  it('two mailboxes whose ids run into each other stay two copies', () => {
    const copies = [copyOf(1, { mailbox: 'a', message: 'bc' }), copyOf(1, { mailbox: 'ab', message: 'c' })];
    expect(sortedPlan(planOf({ copies })).copies).toHaveLength(2);
  });

  it('lists its copies by mailbox, and within one by message', () => {
    const copies = [
      copyOf(1, { mailbox: 'b', message: '1', address: 'a1@contoso.example' }),
      copyOf(1, { mailbox: 'a', message: '2', address: 'z@contoso.example' }),
      copyOf(1, { mailbox: 'a', message: '1', address: 'zz@contoso.example' }),
    ];
    const listed = sortedPlan(planOf({ copies })).copies.map(({ mailbox, message }) => mailbox + message);
    expect(listed).toEqual(['a1', 'a2', 'b1']);
  });

  it('counts copies, mailboxes and what was read', () => {
    expect(blastRadius(sortedPlan(full).copies)).toEqual({ copies: 4, mailboxes: 3, read: expect.any(Number) });
  });

  it('people compare eight digits', () => {
    expect(shortDigest('a1b2c3d4e5')).toBe('a1b2 c3d4');
  });
});

describe('a plan and what is known since', () => {
  const approved = planOf({ copies: [copyOf(1), copyOf(2)], asked: ['Ann@contoso.example', 'bob@contoso.example'] });

  it('copies that it does not hold are new, by mailbox and message', () => {
    const read = copyOf(1, { isRead: true });
    const another = copyOf(1, { message: 'message-9' });
    expect(grownBy(approved, [read, copyOf(2), another, copyOf(3)])).toEqual([another, copyOf(3)]);
    expect(grownBy(approved, [copyOf(2)])).toEqual([]);
  });

  it('recipients that it did not ask are left, in whatever letters the others are written', () => {
    const told = ['ann@contoso.example', 'BOB@contoso.example', 'Eve@contoso.example'];
    expect(notAskedYet(told, approved)).toEqual(['Eve@contoso.example']);
  });
});
