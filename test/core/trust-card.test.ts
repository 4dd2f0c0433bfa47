import { describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf, incidentOf } from '../support/cases.ts';
import { shown } from '../support/offers.ts';

describe('the card of an incident that was tampered with', () => {
  it.each<Situation>(['received', 'open', 'running', 'flagged', 'contained', 'purged', 'restored', 'expired'])(
    'in state %s says so first, and only the list can still be looked at',
    (state) => {
      const incident = incidentOf(state, { breach: `a \u202Eplan ${'x'.repeat(400)}` });
      const { status, tone, canSeeDetails, ...view } = shown(present(factsOf(state, { incident })));
      expect([status.slice(0, 72), tone]).toEqual([
        'What is stored about this incident differs from the record: a [U+202E]pl',
        'bad',
      ]);
      expect(status).toMatch(/Nothing runs\.$/);
      expect(Object.entries(view).filter(([key, value]) => key.startsWith('can') && value)).toEqual([]);
      expect(canSeeDetails).toBe(state !== 'received');
    },
  );

  it('still tells which mail it is', () => {
    const whole = present(factsOf('open'));
    const view = present(factsOf('open', { incident: incidentOf('open', { breach: 'the plan' }) }));
    expect(view).toMatchObject({ incident: whole.incident, subject: whole.subject, sender: whole.sender });
    expect([view.effect, view.needs, view.deadline, view.progress]).toEqual(['', '', '', '']);
  });
});
