import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafOf, type SealedPlan, streamOf } from '../../src/core/find/manifest.ts';
import { type Plan, sortedPlan } from '../../src/core/find/plan.ts';
import { ADDRESS_LISTS } from '../../src/core/find/plan-rows.ts';
import { copyOf, planOf, termsOf } from '../support/cases.ts';
import { countedSalts, opened, sealed } from '../support/sealed-plans.ts';

const addresses = fc.uniqueArray(
  fc.constantFrom('a@x.example', 'b@x.example', 'ß@x.example', 'é"@x.example', 'A@x.example'),
);
const anyPlan = fc
  .record({
    copies: fc.uniqueArray(fc.nat({ max: 30 })).map((all) => all.map((n) => copyOf(n, { categories: [`c${n}`] }))),
    ...(Object.fromEntries(ADDRESS_LISTS.map((list) => [list, addresses])) as Record<'asked', typeof addresses>),
    recipients: fc.uniqueArray(fc.uuid(), { maxLength: 5 }),
    shielded: addresses.map((all) => all.map((address) => ({ address, set: 'board' }))),
    leftAlone: fc.array(fc.record({ address: fc.string(), why: fc.string() }), { maxLength: 3 }),
  })
  .map((change) => planOf(change));

const whole = (plan: Plan) => ({ plan: sortedPlan(plan), intact: true, newer: false });
const withRows = (plan: SealedPlan, rows: SealedPlan['rows']) => opened({ ...plan, rows });

describe('a plan as manifest and rows', () => {
  it('is the same plan again, and whole', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(opened(sealed(plan))).toEqual(whole(plan));
      }),
    );
  });

  it('is not whole with one row less, or two in each other’s place', () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(), (plan, which) => {
        const made = sealed(plan);
        fc.pre(made.rows.length > 1);
        const at = which % made.rows.length;
        expect(withRows(made, made.rows.toSpliced(at, 1)).intact).toBe(false);
        const [one, other] = [made.rows[0], made.rows[at]];
        fc.pre(one !== undefined && other !== undefined && one.content !== other.content);
        if (!one || !other) return;
        const swapped = made.rows
          .with(0, { ...one, content: other.content })
          .with(at, { ...other, content: one.content });
        expect(withRows(made, swapped).intact).toBe(false);
      }),
    );
  });

  it('has another digest with other salts, and tells nothing of what the rows say in its manifest', () => {
    const plan = planOf({ asked: ['ann@contoso.example'], received: ['ann@contoso.example'] });
    const other = sealed(plan, { ...countedSalts, salts: (count) => Array(count).fill('f'.repeat(32)) });
    expect(other.digest).not.toBe(sealed(plan).digest);
    expect(other.manifest).not.toContain('ann@contoso.example');
  });

  it('is proven by what is left of a row whose content is gone', () => {
    const asked = Array.from({ length: 2_500 }, (_none, n) => `user${n}@contoso.example`);
    const { rows, manifest } = sealed(planOf({ copies: [], asked }));
    const leaves = rows.flatMap((row) => (row.kind === 'address' ? leafOf(row, countedSalts) : []));
    const stream = streamOf(countedSalts);
    for (const leaf of leaves) stream.add(leaf);
    expect(JSON.parse(manifest).rows.address).toEqual(stream.end());
  });

  it('has a digest that never changes with the code: what people approved stays what they approved', () => {
    const { purge } = termsOf();
    // Written out, so that it stands for itself when there are more actions.
    const terms = { purge } as Plan['terms'];
    expect(sealed(planOf({ terms })).digest).toBe('b9fad98c98f9b1680555d1c970e57f279a68b851f3f3b219e7fd9d053ca6fe6d');
  });
});
