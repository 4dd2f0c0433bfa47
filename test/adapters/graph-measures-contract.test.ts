import { MEASURE_KINDS, type Measure, type MeasureKind } from '../../src/core/measure/measure.ts';
import { type MeasureWorld, measuresContract } from '../contract/measures.ts';
import { createFakeMeasures } from '../support/measures-fake.ts';
import { DEFENDER_ROLES, MEASURE_ROLES, measuresOnGraph } from '../support/measures-on-graph.ts';

const ANA = '00000000-0000-4000-8000-000000000001';

const IMAGES: Readonly<Record<MeasureKind, Readonly<Record<string, unknown>>>> = {
  'rule-off': { id: 'rule-1', displayName: '..', sequence: 1, isEnabled: true, conditions: {}, isReadOnly: false },
  'revoke-sessions': { signInSessionsValidFromDateTime: '2026-01-01T00:00:00Z' },
  'disable-account': {
    ...{ accountEnabled: true, onPremisesSyncEnabled: null, userType: 'Member', privileged: false, roles: [] },
  },
  'mark-compromised': {
    ...{ riskState: 'atRisk', riskLevel: 'medium', riskDetail: 'none' },
    riskLastUpdatedDateTime: '2026-11-30T00:00:00Z',
  },
  'revoke-grant': {
    ...{ id: 'grant-1', clientId: 'app', consentType: 'Principal', principalId: ANA, resourceId: 'graph' },
    scope: 'Mail.Read offline_access',
  },
  'remove-event': { id: 'event-1', iCalUId: '0400', subject: 'Payroll call', isOrganizer: false },
  'take-sent-copy': {
    ...{ id: 'sent-1', folderId: 'sentitems', isRead: true, categories: [], flag: { flagStatus: 'notFlagged' } },
    inRecoverableItems: false,
  },
};

const TOUCHED: Readonly<Partial<Record<MeasureKind, Readonly<Record<string, unknown>>>>> = {
  'rule-off': { conditions: { subjectContains: ['pay'] } },
  'take-sent-copy': { isRead: false },
};
const PROTECTED: Readonly<Partial<Record<MeasureKind, Readonly<Record<string, unknown>>>>> = {
  'rule-off': { isReadOnly: true },
  'disable-account': { privileged: true, roles: ['Exchange Administrator'] },
  'remove-event': { isOrganizer: true },
};

function fakeWorld(): Promise<MeasureWorld> {
  const fake = createFakeMeasures();
  const measure = (kind: MeasureKind): Measure => ({
    ...{ kind, person: ANA, address: 'ana@contoso.com', name: '' },
    ref: String(IMAGES[kind]['id'] ?? ''),
  });
  for (const kind of MEASURE_KINDS) fake.set(measure(kind), IMAGES[kind]);
  const done = () => Promise.resolve();
  return Promise.resolve({
    measures: fake,
    of: Object.fromEntries(MEASURE_KINDS.map((kind) => [kind, measure(kind)])) as MeasureWorld['of'],
    settle: done,
    remove: (one) => done().then(() => fake.remove(one)),
    touch: (one) =>
      done().then(() =>
        one.kind === 'revoke-grant'
          ? fake.set(one, { ...IMAGES['revoke-grant'], scope: 'User.Read' })
          : fake.change(one, TOUCHED[one.kind] ?? {}),
      ),
    protect: (one) => done().then(() => fake.change(one, PROTECTED[one.kind] ?? {})),
    withhold(kind) {
      fake.withhold(kind, `${kind}.Permission`);
      return Promise.resolve({ look: `${kind}.Permission`, effect: `${kind}.Permission` });
    },
    throttle: (on, kind, retryAfterMs) => done().then(() => fake.once(on, kind, { is: 'throttled', retryAfterMs })),
    lose: (kind, isDone) => done().then(() => fake.once('effect', kind, { is: isDone ? 'lost' : 'dropped' })),
    sent: () => Promise.resolve(fake.sent),
    close: done,
  });
}

measuresContract('Microsoft Graph', () => measuresOnGraph());
measuresContract('Microsoft Graph with Defender for Identity', () =>
  measuresOnGraph({ watched: true, roles: [...MEASURE_ROLES, ...DEFENDER_ROLES] }),
);
measuresContract('the one in memory', fakeWorld);
