import { describe, expect, it } from 'vitest';
import { barredBy, canCancel, recipientsMay, termsNow, verbVotesSince } from '../../src/core/tell/case.ts';
import { askedOf, factsOf, person, planOf, policyOf, runOf, termsOf } from '../support/cases.ts';

/** Who is asked at this moment, and what of it is open to whom. */
const seat = (count: number, role = 'approver') => ({ role, count });

describe('rolling back what is contained', () => {
  const plan = planOf({ terms: termsOf(2, { restore: askedOf([seat(2)], { recipientsMay: true, stepUp: 'c1' }) }) });
  const rollBack = [seat(1, 'lead')];
  const policy = policyOf(3, 2, { roles: { lead: { people: [person(9).entraId] } }, verbs: { rollBack } });

  it('asks what undo asks', () => {
    expect(termsNow(factsOf('contained', { plan }), 'restore')).toEqual(plan.terms.restore);
  });

  it('asks those whom the policy names instead, with reason and sign-in as for the undo, and no recipient', () => {
    expect(termsNow(factsOf('contained', { plan, policy }), 'restore')).toMatchObject({
      rule: 'verbs.rollBack',
      seats: rollBack,
      stepUp: 'c1',
      recipientsMay: false,
    });
  });

  it('can be asked for although the policy undoes nothing, where it names them', () => {
    const never = planOf({ terms: termsOf(2, { restore: termsOf()['hard-purge'] }) });
    expect(termsNow(factsOf('contained', { plan: never, policy }), 'restore')?.seats).toEqual(rollBack);
    expect(termsNow(factsOf('contained', { plan: never }), 'restore')).toBeNull();
  });

  it('is another thing than the undo of what was confirmed', () => {
    expect(termsNow(factsOf('purged', { plan, policy }), 'restore')).toEqual(plan.terms.restore);
  });
});

describe('who received it decides', () => {
  const opened = askedOf([seat(2)], { recipientsMay: true });
  const facts = factsOf('open', { plan: planOf({ terms: termsOf(2, { purge: opened, restore: opened }) }) });

  it.each(['purge', 'restore', 'reject', 'reopen', 'take-in', 'cancel'] as const)(
    'where nobody else is left: %s',
    (ask) => {
      // Another look may always be asked for: it gives nothing away.
      expect([recipientsMay(facts, ask), recipientsMay(factsOf('open'), ask)]).toEqual([true, ask === 'reopen']);
    },
  );

  it.each(['hard-purge', 'flag', 'contain'] as const)('never: %s', (ask) => {
    expect(recipientsMay(facts, ask)).toBe(false);
  });

  it('and whoever asked for it never does', () => {
    expect([barredBy('recipient', true), barredBy('recipient', false)]).toEqual([null, 'recipient']);
    expect([barredBy('requester', true), barredBy(null, false)]).toEqual(['requester', null]);
  });
});

describe('cancelling', () => {
  const running = (change: Parameters<typeof runOf>[1] = {}) =>
    factsOf('running', { runs: [runOf({ removed: 1 }, { state: 'running', total: 3, open: 2, ...change })] });

  it('is possible while a run that takes mail out, or an approved undo, has something left to do', () => {
    expect(canCancel(running())).toBe(true);
    expect(canCancel(running({ action: 'restore' }))).toBe(true);
    expect(canCancel(running({ action: 'contain', cause: 'policy' }))).toBe(true);
    expect(canCancel(running({ cause: 'late' }))).toBe(true);
  });

  it.each([
    ['a roll-back', { action: 'restore' as const, cause: 'roll-back' as const }],
    ['what is cancelled already', { cancelledAt: '2026-11-20T08:13:00.000Z' }],
    ['what has nothing left to do', { open: 0 }],
    ['what has ended', { state: 'finished' as const }],
  ])('is not for %s', (_what, change) => {
    expect(canCancel(running(change))).toBe(false);
  });

  it('votes for it speak of the run under way', () => {
    expect(verbVotesSince(running(), 'cancel')).toBe('2026-11-20T08:12:00.000Z');
    expect(verbVotesSince(running(), 'reject')).toBe('');
  });
});
