import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overCap } from '../../src/core/ask/cap.ts';

const done = (mailboxes: number, ...approvedBy: string[]) => ({ mailboxes, approvedBy });
const next = (mailboxes: number, ...people: string[]) => ({ mailboxes, people });

describe('caps', () => {
  it.each([
    ['exactly up to the mailboxes of the tenant', { mailboxesPerHour: 10 }, {}, [done(7)], next(3), null],
    ['one mailbox above', { mailboxesPerHour: 10 }, {}, [done(7)], next(4), 'the tenant’s cap of 10 mailboxes an hour'],
    ['one large plan alone', { mailboxesPerHour: 10 }, {}, [], next(11), 'the tenant’s cap of 10 mailboxes an hour'],
    ['exactly up to the plans of the tenant', { plansPerHour: 2 }, {}, [done(1)], next(1), null],
    ['one plan above', { plansPerHour: 2 }, {}, [done(1), done(1)], next(1), 'the tenant’s cap of 2 plans an hour'],
    [
      'somebody at their own limit',
      {},
      { plansPerHour: 1 },
      [done(1, 'dana')],
      next(1, 'dana'),
      'one person’s cap of 1 plan an hour',
    ],
    ['somebody else', {}, { plansPerHour: 1 }, [done(1, 'dana')], next(1, 'omar'), null],
    [
      'one of two',
      {},
      { mailboxesPerHour: 5 },
      [done(5, 'omar')],
      next(1, 'dana', 'omar'),
      'one person’s cap of 5 mailboxes an hour',
    ],
    [
      'a plan that several approved, for each of them',
      {},
      { plansPerHour: 1 },
      [done(1, 'dana', 'omar')],
      next(1, 'omar'),
      'one person’s cap of 1 plan an hour',
    ],
    ['what the policy did by itself, for nobody', {}, { plansPerHour: 1 }, [done(9)], next(1, 'dana'), null],
    [
      'what the policy did by itself, for the tenant',
      { mailboxesPerHour: 10 },
      {},
      [done(9)],
      next(2, 'dana'),
      'the tenant’s cap of 10 mailboxes an hour',
    ],
    ['nobody yet', {}, { mailboxesPerHour: 1 }, [], next(5), null],
    ['no cap at all', {}, {}, [done(1_000_000, 'dana')], next(1_000_000, 'dana'), null],
  ] as const)('%s', (_what, tenant, analyst, lastHour, more, said) => {
    expect(overCap({ tenant, analyst }, lastHour, more)).toBe(said);
  });

  it('what is over stays over when still more was done', () => {
    const usage = fc.record({
      mailboxes: fc.integer({ min: 0, max: 20 }),
      approvedBy: fc.subarray(['dana', 'omar', 'ana']),
    });
    const cap = fc.record(
      { plansPerHour: fc.integer({ min: 1, max: 4 }), mailboxesPerHour: fc.integer({ min: 1, max: 40 }) },
      { requiredKeys: [] },
    );
    const some = fc.array(usage, { maxLength: 5 });
    fc.assert(
      fc.property(cap, cap, some, some, fc.nat(20), (tenant, analyst, before, more, mailboxes) => {
        const asked = next(mailboxes, 'dana', 'omar');
        const caps = { tenant, analyst };
        return overCap(caps, before, asked) === null || overCap(caps, [...before, ...more], asked) !== null;
      }),
    );
  });
});
