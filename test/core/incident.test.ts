import { describe, expect, it } from 'vitest';
import { ACTIONS, policyActionOf } from '../../src/core/action/action.ts';
import { wordOf } from '../../src/core/ask/ask.ts';
import { advance, canRequest, type IncidentState, type Step } from '../../src/core/incident/incident.ts';

const STATES: readonly IncidentState[] = [
  'received',
  'open',
  'running',
  'flagged',
  'contained',
  'rehearsed',
  'purged',
  'restored',
  'rejected',
  'expired',
];
const STEPS: readonly Step[] = [
  'plan-made',
  'purge-approved',
  'hard-purge-approved',
  'flag-approved',
  'contain-approved',
  'restore-approved',
  'purge-finished',
  'hard-purge-finished',
  'flag-finished',
  'contain-finished',
  'restore-finished',
  'rehearsal-finished',
  'confirmed',
  'rejected',
  'expired',
  'reopened',
];
const all = STATES.flatMap((state) => STEPS.map((step) => ({ state, step, next: advance(state, step) })));
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
      'flag-finished',
      'contain-finished',
      'restore-finished',
      'rehearsal-finished',
    ]);
  });

  it('an action ends only after it ran', () => {
    expect(leading(({ step, state }) => step.endsWith('-finished') && state !== 'running')).toEqual([]);
  });

  it.each(['purge', 'hard-purge'] as const)('a %s is asked for only while a plan waits for a decision', (action) => {
    expect(STATES.filter((state) => canRequest(state, action))).toEqual(['open', 'flagged']);
  });

  it('to contain is asked for only afterwards: that it stays so', () => {
    expect(STATES.filter((state) => canRequest(state, 'contain'))).toEqual(['contained']);
  });

  it('what nobody decided about cannot expire twice', () => {
    expect(STATES.filter((state) => advance(state, 'expired'))).toEqual(['open', 'flagged', 'contained']);
  });

  it('every incident can be looked at again, but not in the middle of something', () => {
    expect(STATES.filter((state) => !advance(state, 'reopened'))).toEqual(['received', 'running', 'contained']);
  });

  it('no state is a dead end', () => {
    expect(STATES.filter((state) => STEPS.every((step) => !advance(state, step)))).toEqual([]);
  });

  it('an undo is called that in the policy and in the record; every other action has one name', () => {
    expect(ACTIONS.map(policyActionOf)).toEqual(['purge', 'hard-purge', 'flag', 'contain', 'undo']);
    expect(wordOf('reject')).toBe('reject');
  });

  it.each(ACTIONS)('nothing can be asked for while copies are looked for: %s', (action) => {
    expect(canRequest('received', action)).toBe(false);
  });
});
