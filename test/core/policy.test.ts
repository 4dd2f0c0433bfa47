import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/core/incident.ts';
import { approverBehind, conflictOf, eligibleApprovers, tally } from '../../src/core/policy.ts';
import { alertOf, copyOf, DIGEST, person, planOf, policyOf, voteOf } from '../support/cases.ts';

const NOT_BEFORE = '2026-11-20T08:00:00.000Z';
const asked = { action: 'purge', plan: planOf(), planDigest: DIGEST, notBefore: NOT_BEFORE } as const;
const count = (votes: Parameters<typeof tally>[0], change: Partial<typeof asked> = {}, alert = alertOf()) =>
  tally(votes, { ...asked, ...change }, policyOf(5, 2), alert);

/** Votes of approvers 0 to 4 and of strangers 5 to 8, on this and other plans, actions and times, with repeats. */
const anyVote = fc
  .record({
    who: fc.integer({ min: 0, max: 8 }),
    action: fc.constantFrom(...ACTIONS),
    planDigest: fc.constantFrom(DIGEST, 'f'.repeat(64), ''),
    platform: fc.constantFrom('slack', 'teams'),
    at: fc.constantFrom('2026-11-20T07:59:59.999Z', NOT_BEFORE, '2026-11-20T08:10:00.000Z'),
  })
  .map(({ who, ...change }) => voteOf(who, change));
const ballots = fc.array(anyVote, { maxLength: 25 });

describe('counting approvals', () => {
  it('is approved exactly when enough different approvers voted for this', () => {
    fc.assert(
      fc.property(ballots, fc.integer({ min: 1, max: 6 }), (votes, needed) => {
        const right = votes.filter(
          (vote) => vote.action === 'purge' && vote.planDigest === DIGEST && vote.at >= NOT_BEFORE,
        );
        const people = new Set(
          right.map((vote) => vote.person).filter((id) => policyOf(5, 1).approvers.some((a) => a.entraId === id)),
        );
        expect(tally(votes, asked, policyOf(5, needed), alertOf())).toMatchObject({
          needed,
          approved: people.size >= needed,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('recipients and the requester never count, however often they vote', () => {
    const alert = alertOf({
      recipients: ['APPROVER1@contoso.example'],
      reporter: { entraId: person(2).entraId.toUpperCase() },
    });
    const plan = planOf({ recipients: [person(0).entraId] });
    fc.assert(
      fc.property(ballots, (votes) => {
        const { people } = count(votes, { plan }, alert);
        expect(people.filter((id) => [0, 1, 2].some((n) => person(n).entraId === id))).toEqual([]);
      }),
    );
  });

  it('nobody is counted twice', () => {
    fc.assert(fc.property(ballots, (votes) => new Set(count(votes).people).size === count(votes).people.length));
  });

  it('more votes never take an approval away', () => {
    fc.assert(
      fc.property(ballots, ballots, (some, more) => !count(some).approved || count([...some, ...more]).approved),
    );
  });

  it.each([
    ['for another plan', { planDigest: 'f'.repeat(64) }],
    ['for another action', { action: 'flag' as const }],
    ['from before the question was asked', { at: '2026-11-20T07:59:59.999Z' }],
    ['of somebody no longer on the list', { person: person(7).entraId }],
    ['of nobody', { person: '' }],
  ])('a vote %s does not count', (_name, change) => {
    expect(count([voteOf(0), voteOf(1, change)])).toMatchObject({ approved: false, people: [person(0).entraId] });
  });
});

describe('who is in conflict', () => {
  it.each([
    ['named by the alert as recipient', alertOf({ recipients: ['Approver1@Contoso.example'] }), planOf(), 'recipient'],
    [
      'found with a copy',
      alertOf(),
      planOf({ copies: [copyOf(1, { address: 'approver1@contoso.example' })] }),
      'recipient',
    ],
    ['with a mailbox that was reached', alertOf(), planOf({ recipients: [person(1).entraId] }), 'recipient'],
    ['whose mailbox may not be read', alertOf(), planOf({ denied: ['approver1@contoso.example'] }), 'recipient'],
    ['whose mailbox gave no answer', alertOf(), planOf({ failed: ['APPROVER1@contoso.example'] }), 'recipient'],
    ['who moved the copy away', alertOf(), planOf({ nothing: ['approver1@contoso.example'] }), 'recipient'],
    ['who reported it, by id', alertOf({ reporter: { entraId: person(1).entraId } }), null, 'requester'],
    ['who reported it, by address', alertOf({ reporter: { address: 'APPROVER1@contoso.example' } }), null, 'requester'],
    ['with nothing to do with it', alertOf({ recipients: ['ann@contoso.example'] }), planOf(), null],
  ])('an approver %s', (_name, alert, plan, conflict) => {
    expect(conflictOf(person(1), plan, alert)).toBe(conflict);
  });

  it('an approver without a known address is never mistaken for an unknown reporter', () => {
    expect(conflictOf({ ...person(1), address: null }, null, alertOf({ reporter: {} }))).toBeNull();
  });

  it('those in conflict are not asked', () => {
    const plan = planOf({ recipients: [person(0).entraId, person(2).entraId] });
    expect(eligibleApprovers(policyOf(3, 2), plan, alertOf()).map((approver) => approver.name)).toEqual(['Approver 1']);
  });
});

describe('who is behind a chat identity', () => {
  it('a Slack id is compared as it is', () => {
    expect(approverBehind(policyOf(3, 2), 'slack', 'u0person1')).toBeNull();
  });

  it('an Entra id is the same in other letters', () => {
    expect(approverBehind(policyOf(3, 2), 'teams', person(1).entraId.toUpperCase())?.name).toBe('Approver 1');
  });

  it.each(['', 'approver1@contoso.example', 'Approver 1', 'U0PERSON1'])('in Teams %j is nobody', (id) => {
    expect(approverBehind(policyOf(3, 2), 'teams', id)).toBeNull();
  });

  it('an identity that two people share is nobody', () => {
    const shared = { ...policyOf(1, 1), approvers: [person(0), { ...person(1), slackId: person(0).slackId }] };
    expect(approverBehind(shared, 'slack', 'U0PERSON0')).toBeNull();
  });

  it('approvers without Slack are not behind an empty id', () => {
    expect(approverBehind({ ...policyOf(1, 1), approvers: [{ ...person(0), slackId: '' }] }, 'slack', '')).toBeNull();
  });
});
