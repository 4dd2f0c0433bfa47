import type { Plan } from '../../core/plan.ts';

/** Plans from before there were policies: they can be undone by two approvers, and nothing else. */
export function upgraded(stored: Plan | (Omit<Plan, 'version'> & { readonly version: 1 })): Plan {
  if (stored.version === 2) return stored;
  const refused = {
    is: 'refused',
    rule: null,
    why: 'the plan is from before there were policies: look again',
  } as const;
  const undo = {
    is: 'asked',
    rule: 'from before there were policies',
    seats: [{ role: 'approver', count: 2 }],
    expiryMinutes: 60,
    escalation: [],
    reason: false,
    stepUp: null,
    actFirst: false,
  } as const;
  return {
    ...stored,
    version: 2,
    id: '',
    mode: 'live',
    policy: '',
    terms: { purge: refused, 'hard-purge': refused, flag: refused, contain: refused, restore: undo },
    grownFrom: null,
    shielded: [],
    vip: 0,
    legalHold: 0,
    tooFew: [],
  };
}
