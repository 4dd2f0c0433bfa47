import { expect, it } from 'vitest';
import { type Looker, waitsFor } from '../../src/core/tell/queue.ts';
import { askedOf, factsOf, incidentOf, planOf, termsOf } from '../support/cases.ts';

const who: Looker = { person: 'p9', name: 'Dana', roles: ['approver'], addresses: [], certain: true };

it('what waits is told with the time of what is asked, however long another action may still be approved', () => {
  const seats = [{ role: 'approver', count: 2 }];
  const terms = { purge: askedOf(seats, { expiryMinutes: 10 }), flag: askedOf(seats, { expiryMinutes: 240 }) };
  const incident = incidentOf('open', {
    askedAt: '2026-11-20T08:00:00.000Z',
    deadline: '2026-11-20T12:00:00.000Z',
  });
  const waiting = factsOf('open', { incident, plan: planOf({ terms: termsOf(2, terms) }), waited: 30 });
  expect(waitsFor(waiting, who).line).toMatchObject({ until: '2026-11-20T08:10:00.000Z', barred: 'late' });
});
