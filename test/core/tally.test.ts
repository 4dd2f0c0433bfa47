import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictOf } from '../../src/core/ask/conflict.ts';
import { seatPeople, type Voter, votesFor } from '../../src/core/ask/tally.ts';
import { countOf } from '../../src/core/tell/case.ts';
import { askedOf, DIGEST, factsOf, person, planOf, policyOf, termsOf, voteOf } from '../support/cases.ts';

const ROLES = ['analyst', 'lead', 'legal'];
const anyVoter = fc.record({
  person: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
  roles: fc.subarray(ROLES),
});
const anySeats = fc.array(fc.record({ role: fc.constantFrom(...ROLES), count: fc.integer({ min: 1, max: 2 }) }), {
  minLength: 1,
  maxLength: 3,
});

/** Brute force: whether every chair can have a person of its own who holds its role. */
function canAllSit(people: readonly Voter[], chairs: readonly string[]): boolean {
  const [role, ...others] = chairs;
  if (role === undefined) return true;
  return people.some(
    (one) =>
      one.roles.includes(role) &&
      canAllSit(
        people.filter((other) => other !== one),
        others,
      ),
  );
}

describe('seating people', () => {
  it('is complete exactly when every chair can have a person of its own', () => {
    fc.assert(
      fc.property(fc.array(anyVoter, { maxLength: 7 }), anySeats, (voters, seats) => {
        const people = [...new Map(voters.map((one) => [one.person, one])).values()];
        const chairs = seats.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
        const { approved, people: seated, needed } = seatPeople(voters, seats);
        expect([approved, needed]).toEqual([canAllSit(people, chairs), chairs.length]);
        expect(new Set(seated).size).toBe(seated.length);
        expect(seated.length).toBeLessThanOrEqual(chairs.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('who came first keeps the seat, and nobody is sent away by a later one', () => {
    fc.assert(
      fc.property(fc.array(anyVoter, { maxLength: 7 }), anySeats, (voters, seats) => {
        const people = [...new Map(voters.map((one) => [one.person, one])).values()];
        const after = people.map((_one, n) => seatPeople(people.slice(0, n + 1), seats).people);
        for (const [n, seated] of after.entries())
          expect(seated.slice(0, after[n - 1]?.length ?? 0)).toEqual(after[n - 1] ?? []);
      }),
    );
  });

  it('only seats of a role that somebody on them holds are filled', () => {
    fc.assert(
      fc.property(fc.array(anyVoter, { maxLength: 7 }), anySeats, (voters, seats) => {
        const people = [...new Map(voters.map((one) => [one.person, one])).values()];
        const tally = seatPeople(people, seats);
        const roles = tally.people.map((id) => people.find(({ person: other }) => other === id)?.roles ?? []);
        const filled = tally.seats.flatMap((seat) => Array.from({ length: seat.filled }, () => seat.role));
        expect(filled).toHaveLength(tally.people.length);
        expect(
          canAllSit(
            roles.map((held, n) => ({ person: `${n}`, roles: held })),
            filled,
          ),
        ).toBe(true);
        for (const seat of tally.seats) expect(seat.filled).toBeLessThanOrEqual(seat.count);
      }),
    );
  });

  it('nobody sits without the role, however often they vote', () => {
    const twice = [
      { person: 'p1', roles: ['lead'] },
      { person: 'p1', roles: ['lead'] },
    ];
    const seats = [
      { role: 'analyst', count: 1 },
      { role: 'lead', count: 1 },
    ];
    expect(seatPeople(twice, seats)).toMatchObject({ approved: false, people: ['p1'] });
  });

  it('somebody with both roles makes room for whoever has only one', () => {
    const both = { person: 'p1', roles: ['analyst', 'lead'] };
    const analyst = { person: 'p2', roles: ['analyst'] };
    const seats = [
      { role: 'analyst', count: 1 },
      { role: 'lead', count: 1 },
    ];
    expect(seatPeople([both, analyst], seats).approved).toBe(true);
  });

  it('no seats are no approval', () => {
    expect(seatPeople([{ person: 'p1', roles: ['analyst'] }], []).approved).toBe(false);
  });
});

describe('which votes count', () => {
  const asked = { action: 'purge', planDigest: DIGEST, notBefore: '2026-11-20T08:00:00.000Z' } as const;
  it.each([
    ['another action', voteOf(1, { action: 'flag' })],
    ['another plan', voteOf(1, { planDigest: 'f'.repeat(64) })],
    ['a time that is over', voteOf(1, { at: '2026-11-20T07:59:59.999Z' })],
  ])('not one for %s', (_what, vote) => {
    expect(votesFor([vote], asked)).toEqual([]);
  });
  it('one for exactly this', () => {
    expect(votesFor([voteOf(1)], asked)).toHaveLength(1);
  });

  it('over a cap more people are needed', () => {
    const policy = policyOf(3, 2, { caps: { tenant: { mailboxesPerHour: 3 } } });
    const lastHour = [{ approvedBy: [], mailboxes: 2 }];
    const facts = factsOf('open', { votes: [voteOf(1), voteOf(2)], policy, lastHour });
    const counted = countOf(facts, { action: 'purge', notBefore: '' });
    expect([counted.approved, counted.needed, counted.over !== null]).toEqual([false, 3, true]);
  });

  it('after an escalation only those who are asked then', () => {
    const escalation = [{ afterMinutes: 30, ask: [{ role: 'lead', count: 1 }] }];
    const purge = askedOf([{ role: 'approver', count: 1 }], { escalation });
    const facts = factsOf('open', { votes: [voteOf(1)], plan: planOf({ terms: termsOf(1, { purge }) }) });
    const question = { action: 'purge', notBefore: '' } as const;
    expect(countOf({ ...facts, waited: 29 }, question).approved).toBe(true);
    expect(countOf({ ...facts, waited: 30 }, question).approved).toBe(false);
  });
});

describe('whoever is part of a case', () => {
  const who = { person: person(1).entraId, addresses: ['Approver1@contoso.example'] };
  const byAddress = { entraId: null, address: 'approver1@CONTOSO.example' };
  it.each([
    ['who reported it, by id', planOf(), [{ entraId: who.person.toUpperCase(), address: null }], [], 'requester'],
    ['who asked for it, by address', planOf(), [byAddress], [], 'requester'],
    ['whose mailbox was reached', planOf({ recipients: [who.person] }), [], [], 'recipient'],
    ['whose address was only looked into', planOf({ asked: ['APPROVER1@contoso.example'] }), [], [], null],
    ['whom an alert named', null, [], ['approver1@contoso.example'], 'recipient'],
    ['who has nothing to do with it', planOf(), [], ['other@contoso.example'], null],
  ] as const)('%s', (_who, plan, askers, recipients, conflict) => {
    expect(conflictOf(who, plan, askers, recipients)).toBe(conflict);
  });
});
