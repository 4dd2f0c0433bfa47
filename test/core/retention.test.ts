import { describe, expect, it } from 'vitest';
import type { IncidentState } from '../../src/core/incident/incident.ts';
import { mayRetire, oldBefore, type Tie } from '../../src/core/record/retention.ts';
import { incidentOf } from '../support/cases.ts';

/** Which incidents may be let go of. */

const NOW = '2026-11-29T08:00:00.000Z';
const before = oldBefore(NOW, 400);
const old = { updatedAt: '2025-01-01T00:00:00.000Z' };
const facts = { before, runs: [], ties: [] };
const tie = (bond: Tie['bond'], state: IncidentState, incident = 'CB-0001'): Tie => ({ incident, bond, state });

describe('an old incident', () => {
  it.each(['rejected', 'expired', 'purged', 'restored', 'rehearsed'] as const)('may go when it is %s', (state) => {
    expect(mayRetire(incidentOf(state, old), facts)).toBe(true);
  });

  it.each(['received', 'open', 'running', 'flagged', 'contained'] as const)('stays while it is %s', (state) => {
    expect(mayRetire(incidentOf(state, old), facts)).toBe(false);
  });

  it('stays when it is marked: that is evidence', () => {
    expect(mayRetire(incidentOf('purged', { ...old, breach: 'a plan differs' }), facts)).toBe(false);
  });

  it('stays while a run of it is not over, or has a copy that is not done', () => {
    const may = (state: string, open: number) =>
      mayRetire(incidentOf('purged', old), {
        ...facts,
        runs: [
          { state: 'finished', open: 0 },
          { state, open },
        ],
      });
    expect([may('running', 0), may('finished', 1), may('finished', 0)]).toEqual([false, false, true]);
  });

  it.each(['previous', 'child', 'elsewhere', 'copies'] as const)('stays for an open one by its tie: %s', (bond) => {
    const may = (state: IncidentState, incident?: string) =>
      mayRetire(incidentOf('purged', old), { ...facts, ties: [tie(bond, state, incident)] });
    expect([may('open'), may('running'), may('settled'), may('open', 'CB-OTHER')]).toEqual([false, false, true, true]);
  });

  it('stays as long as anything that grew out of it, closed or not: its people have no say there', () => {
    for (const state of ['open', 'settled'] as const)
      expect(mayRetire(incidentOf('purged', old), { ...facts, ties: [tie('parent', state)] })).toBe(false);
  });
});

it('age is counted from the last change, to the millisecond', () => {
  const may = (updatedAt: string) => mayRetire(incidentOf('purged', { updatedAt }), facts);
  expect(before).toBe('2025-10-25T08:00:00.000Z');
  expect([may('2025-10-25T07:59:59.999Z'), may('2025-10-25T08:00:00.000Z')]).toEqual([true, false]);
});
