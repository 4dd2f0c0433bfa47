import { describe, expect, it } from 'vitest';
import { ACTIONS, advance, canRequest, type IncidentState, type Step } from '../../src/core/incident.ts';

const STATES: readonly IncidentState[] = [
  'received',
  'open',
  'running',
  'flagged',
  'purged',
  'restored',
  'rejected',
  'expired',
];
const STEPS: readonly Step[] = [
  'plan-made',
  'purge-approved',
  'flag-approved',
  'restore-approved',
  'purge-finished',
  'flag-finished',
  'restore-finished',
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

  it('only an approval starts an action', () => {
    expect(leading(({ next }) => next === 'running').filter(({ step }) => !step.endsWith('-approved'))).toEqual([]);
  });

  it('an approval never does anything but start an action', () => {
    expect(leading(({ step }) => step.endsWith('-approved')).filter(({ next }) => next !== 'running')).toEqual([]);
  });

  it('while an action runs only its end is possible', () => {
    expect(leading(({ state }) => state === 'running').map(({ step }) => step)).toEqual([
      'purge-finished',
      'flag-finished',
      'restore-finished',
    ]);
  });

  it('an action ends only after it ran', () => {
    expect(leading(({ step, state }) => step.endsWith('-finished') && state !== 'running')).toEqual([]);
  });

  it('a purge is asked for only while a plan waits for a decision', () => {
    expect(STATES.filter((state) => canRequest(state, 'purge'))).toEqual(['open', 'flagged']);
  });

  it('what nobody decided about cannot expire twice', () => {
    expect(STATES.filter((state) => advance(state, 'expired'))).toEqual(['open', 'flagged']);
  });

  it('every closed incident can be looked at again', () => {
    expect(STATES.filter((state) => !advance(state, 'reopened'))).toEqual(['received', 'running']);
  });

  it('no state is a dead end', () => {
    expect(STATES.filter((state) => STEPS.every((step) => !advance(state, step)))).toEqual([]);
  });

  it.each(ACTIONS)('nothing can be asked for while copies are looked for: %s', (action) => {
    expect(canRequest('received', action)).toBe(false);
  });
});
