import { describe, expect, it } from 'vitest';
import { ACTIONS, policyActionOf } from '../../src/core/action/action.ts';
import { wordOf } from '../../src/core/ask/ask.ts';
import {
  advance,
  canRequest,
  follows,
  type Situation,
  type Step,
  situationOf,
} from '../../src/core/incident/incident.ts';
import { standingAt } from '../support/cases.ts';

const STATES: readonly Situation[] = [
  'received',
  'open',
  'running',
  'flagged',
  'contained',
  'rehearsed',
  'purged',
  'junked',
  'restored',
  'rejected',
  'expired',
];
const STEPS: readonly Step[] = [
  'plan-made',
  'purge-approved',
  'hard-purge-approved',
  'junk-approved',
  'flag-approved',
  'contain-approved',
  'restore-approved',
  'purge-finished',
  'hard-purge-finished',
  'junk-finished',
  'flag-finished',
  'contain-finished',
  'restore-finished',
  'rehearsal-finished',
  'confirmed',
  'rejected',
  'expired',
  'reopened',
];
const all = STATES.flatMap((state) => STEPS.map((step) => ({ state, step, next: follows(state, step) })));
const leading = (wanted: (move: (typeof all)[number]) => boolean) =>
  all.filter((move) => move.next !== null && wanted(move));

describe('the way of an incident', () => {
  it('every step in every state leads to a state or nowhere', () => {
    expect(all.filter(({ next }) => next !== null && !STATES.includes(next))).toEqual([]);
  });

  it('only an approval starts an action, but for the roll-back of a containment that nobody confirmed', () => {
    const others = leading(({ next }) => next === 'running').filter(({ step }) => !step.endsWith('-approved'));
    expect(others.map(({ state, step }) => `${state}: ${step}`)).toEqual(['contained: expired']);
  });

  it('a containment ends confirmed or rolled back, and in no other way', () => {
    const ways = leading(({ state }) => state === 'contained').map(({ step, next }) => `${step} -> ${next}`);
    expect(ways).toEqual(['restore-approved -> running', 'confirmed -> purged', 'expired -> running']);
  });

  it('nothing but a containment can be confirmed, and only an open question contained', () => {
    expect(leading(({ step }) => step === 'confirmed').map(({ state }) => state)).toEqual(['contained']);
    expect(leading(({ step }) => step === 'contain-approved').map(({ state }) => state)).toEqual(['open']);
  });

  it('after a dry run there is only another look', () => {
    expect(leading(({ state }) => state === 'rehearsed').map(({ step, next }) => `${step} -> ${next}`)).toEqual([
      'reopened -> received',
    ]);
  });

  it('an approval never does anything but start an action', () => {
    expect(leading(({ step }) => step.endsWith('-approved')).filter(({ next }) => next !== 'running')).toEqual([]);
  });

  it('while an action runs only its end is possible', () => {
    expect(leading(({ state }) => state === 'running').map(({ step }) => step)).toEqual([
      'purge-finished',
      'hard-purge-finished',
      'junk-finished',
      'flag-finished',
      'contain-finished',
      'restore-finished',
      'rehearsal-finished',
    ]);
  });

  it('an action ends only after it ran', () => {
    expect(leading(({ step, state }) => step.endsWith('-finished') && state !== 'running')).toEqual([]);
  });

  it.each(['purge', 'hard-purge', 'junk'] as const)(
    'a %s is asked for only while a plan waits for a decision',
    (action) => {
      expect(STATES.filter((state) => canRequest(state, action))).toEqual(['open', 'flagged']);
    },
  );

  it('to contain is asked for only afterwards: that it stays so', () => {
    expect(STATES.filter((state) => canRequest(state, 'contain'))).toEqual(['contained']);
  });

  it('what nobody decided about cannot expire twice', () => {
    expect(STATES.filter((state) => follows(state, 'expired'))).toEqual(['open', 'flagged', 'contained']);
  });

  it('every incident can be looked at again, but not in the middle of something', () => {
    expect(STATES.filter((state) => !follows(state, 'reopened'))).toEqual(['received', 'running', 'contained']);
  });

  it('no state is a dead end', () => {
    expect(STATES.filter((state) => STEPS.every((step) => !follows(state, step)))).toEqual([]);
  });

  it('an undo is called that in the policy and in the record; every other action has one name', () => {
    expect(ACTIONS.map(policyActionOf)).toEqual(['purge', 'hard-purge', 'junk', 'flag', 'contain', 'release', 'undo']);
    expect(wordOf('reject')).toBe('reject');
  });

  it.each(ACTIONS)('nothing can be asked for while copies are looked for: %s', (action) => {
    expect(canRequest('received', action)).toBe(false);
  });
});

describe('where a case stands', () => {
  it.each(STATES)('is told from its state and its last run: %s', (situation) => {
    expect(situationOf(standingAt(situation))).toBe(situation);
  });

  it('is not told from what was done about an earlier list', () => {
    const about = (situation: Situation) => situationOf({ ...standingAt(situation), planDigest: 'another' });
    expect([about('flagged'), about('contained')]).toEqual(['open', 'open']);
  });

  it('is that the mail is out, once a containment was confirmed', () => {
    expect(situationOf({ ...standingAt('contained'), state: 'settled' })).toBe('purged');
  });

  it.each([
    ['received', 'plan-made', 'open'],
    ['open', 'flag-approved', 'running'],
    ['running', 'flag-finished', 'open'],
    ['running', 'contain-finished', 'open'],
    ['running', 'purge-finished', 'settled'],
    ['running', 'restore-finished', 'settled'],
    ['running', 'rehearsal-finished', 'settled'],
    ['contained', 'confirmed', 'settled'],
    ['flagged', 'rejected', 'closed'],
    ['open', 'expired', 'closed'],
    ['purged', 'restore-approved', 'running'],
    ['rejected', 'reopened', 'received'],
    ['rejected', 'confirmed', null],
  ] as const)('%s, then %s: stored as %s', (situation, step, state) => {
    expect(advance(situation, step)).toBe(state);
  });
});
