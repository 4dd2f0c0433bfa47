import { forEachAction, isUndo } from '../../core/action/action.ts';
import type { Plan } from '../../core/find/plan.ts';

/** What plans are stored without that were made before it was known. */
type Newer =
  | 'unreachable'
  | 'unsure'
  | 'takenIn'
  | 'forms'
  | 'received'
  | 'unresolved'
  | 'trackingCut'
  | 'notLooked'
  | 'finders'
  | 'key';
type Stored = Omit<Plan, Newer> & Partial<Pick<Plan, Newer>> & { readonly key: Partial<Plan['key']> };

const NO_KEY: Plan['key'] = {
  internetMessageId: null,
  networkMessageId: null,
  sender: null,
  subject: null,
  receivedAt: null,
  identified: [],
};

/** Plans of every age in today's shape. What they were approved as stays: nothing is added that could be touched. */
function upgraded(stored: Stored | (Omit<Stored, 'version'> & { readonly version: 1 })): Plan {
  return withWhatIsNewer(stored.version === 2 ? stored : withTerms(stored));
}

function withWhatIsNewer(stored: Stored): Plan {
  const key = { ...NO_KEY, ...stored.key };
  return {
    unreachable: [],
    unsure: [],
    takenIn: [],
    forms: {
      internetMessageIds: key.internetMessageId === null ? [] : [key.internetMessageId],
      senders: key.sender === null ? [] : [key.sender],
    },
    received: [],
    unresolved: [],
    trackingCut: false,
    notLooked: 0,
    finders: [],
    ...stored,
    terms: { ...forEachAction(() => NOT_THERE_YET), ...stored.terms },
    key,
  };
}

/** Of an action that is newer than the plan. */
const NOT_THERE_YET = {
  is: 'refused',
  rule: null,
  why: 'the plan is from before there was this action: look again',
} as const;

/** Plans from before there were policies: they can be undone by two approvers, and nothing else. */
function withTerms(stored: Omit<Stored, 'version'>): Stored {
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
    terms: forEachAction((action) => (isUndo(action) ? undo : refused)),
    grownFrom: null,
    shielded: [],
    vip: 0,
    legalHold: 0,
    tooFew: [],
  };
}

/** Null for what is no plan any more: somebody has written into it. */
export function readPlan(body: string): Plan | null {
  try {
    const plan = JSON.parse(body) as Parameters<typeof upgraded>[0] | null;
    const isPlan = plan?.terms !== null && typeof plan?.key === 'object' && LISTS.every((list) => isList(plan[list]));
    return isPlan ? upgraded(plan) : null;
  } catch {
    return null;
  }
}

const LISTS = ['asked', 'copies', 'nothing', 'denied', 'missing', 'failed', 'leftAlone', 'recipients'] as const;
const isList = (value: unknown) => Array.isArray(value) && value.every((element) => element !== null);
