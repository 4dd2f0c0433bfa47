import { describe, expect, it } from 'vitest';
import type { TakenAlert } from '../../src/core/find/alert.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { homeOf } from '../../src/core/incident/repeat.ts';
import { alertOf, incidentOf } from '../support/cases.ts';
import { SOURCE } from '../support/source.ts';

const NETWORK = '33333333-0000-4000-8000-00000000000a';
const OTHER = '33333333-0000-4000-8000-00000000000b';

const told = (source: string, change: Partial<TakenAlert> = {}, message: Record<string, unknown> = {}): TakenAlert => {
  const alert = alertOf({ verdict: 'suspicious', severity: 'low' }, { receivedAt: null, ...message });
  const merged = { ...alert, from: { ...SOURCE, name: source }, ...change };
  return { ...merged, said: [{ source, verdict: merged.verdict, severity: merged.severity }] };
};
const old = (state: Situation, alert: TakenAlert = told('desk')) => incidentOf(state, { id: 'CB-OLD', alert });
const homeFor = (incidents: Parameters<typeof homeOf>[0], alert: TakenAlert) => {
  const home = homeOf(incidents, alert);
  return 'joins' in home ? `joins ${home.joins.id}` : `follows ${home.follows?.id ?? 'nothing'}`;
};

describe('an alert about a mail that is known', () => {
  it('is new where nothing is known', () => {
    expect(homeFor([], told('desk'))).toBe('follows nothing');
  });

  it.each(['received', 'open', 'running', 'flagged', 'contained'] as const)('joins an incident that is %s', (state) => {
    expect(homeFor([old(state)], told('defender', { severity: 'critical', verdict: 'malware' }))).toBe('joins CB-OLD');
  });

  describe.each(['rejected', 'expired', 'purged', 'restored', 'rehearsed'] as const)('once it is %s', (state) => {
    it.each([
      ['a worse severity from another source', 'defender', { severity: 'critical' }],
      ['a worse verdict from another source', 'defender', { verdict: 'malware' }],
      ['a worse verdict from the same source', 'desk', { verdict: 'malware' }],
    ] as const)('%s opens it anew', (_name, source, change) => {
      expect(homeFor([old(state)], told(source, change))).toBe('follows CB-OLD');
    });

    it.each([
      ['the same again from the same source', 'desk', {}],
      ['the same from another source', 'defender', {}],
    ] as const)('%s is a count', (_name, source, change) => {
      expect(homeFor([old(state)], told(source, change))).toBe('joins CB-OLD');
    });

    it('another delivery opens it anew', () => {
      const before = told('desk', { networkIds: [NETWORK] });
      expect(homeFor([old(state, before)], told('desk', { networkIds: [OTHER] }))).toBe('follows CB-OLD');
    });

    it('another network id, also where it is only said, opens it anew', () => {
      const before = told('desk', {}, { networkMessageId: NETWORK });
      expect(homeFor([old(state, before)], told('desk', {}, { networkMessageId: OTHER }))).toBe('follows CB-OLD');
    });

    it('a receipt days later opens it anew, where both times are facts', () => {
      const before = told('desk', {}, { receivedAt: '2026-11-01T08:00:00Z' });
      expect(homeFor([old(state, before)], told('desk', {}, { receivedAt: '2026-11-09T08:00:00Z' }))).toBe(
        'follows CB-OLD',
      );
    });

    it.each([
      ['opens it anew where only its headers say that it is the same', {}, {}, 'follows CB-OLD'],
      [
        'is a count where both say one id',
        { networkMessageId: NETWORK },
        { networkMessageId: NETWORK },
        'joins CB-OLD',
      ],
      ['opens it anew where one alone says an id', { networkMessageId: NETWORK }, {}, 'follows CB-OLD'],
      [
        'is a count where both were received at one time, as a fact',
        { receivedAt: '2026-11-01T08:00:00Z' },
        { receivedAt: '2026-11-01T09:00:00Z' },
        'joins CB-OLD',
      ],
    ] as const)('a report more than two days later %s', (_name, before, later, home) => {
      const first = told('desk', { detectedAt: '2026-11-01T10:00:00Z' }, before);
      const repeated = told('desk', { detectedAt: '2026-11-03T10:00:01Z' }, later);
      expect(homeFor([old(state, first)], repeated)).toBe(home);
    });

    it('a report two days later is a count', () => {
      const first = told('desk', { detectedAt: '2026-11-01T10:00:00Z' });
      expect(homeFor([old(state, first)], told('desk', { detectedAt: '2026-11-03T10:00:00Z' }))).toBe('joins CB-OLD');
    });

    it('a later date that the mail says of itself is a count', () => {
      const claims = { ...SOURCE.claims, ids: false };
      const of = (receivedAt: string) => told('desk', { from: { ...SOURCE, name: 'desk', claims } }, { receivedAt });
      expect(homeFor([old(state, of('2026-11-01T08:00:00Z'))], of('2026-11-09T08:00:00Z'))).toBe('joins CB-OLD');
    });
  });

  it.each(['open', 'rejected'] as const)('another subject is another mail, whatever is %s', (state) => {
    expect(homeFor([old(state)], told('desk', {}, { subject: 'All-hands' }))).toBe('follows CB-OLD');
  });

  it.each([
    ['open', 'joins CB-OLD'],
    ['rejected', 'joins CB-OLD'],
  ] as const)('without a subject, beside one that is %s, it %s', (state, home) => {
    expect(homeFor([old(state)], told('desk', {}, { subject: null }))).toBe(home);
  });

  it('an open sibling about another subject does not keep a closed one from being news', () => {
    const sibling = incidentOf('open', { id: 'CB-NEW', alert: told('desk', {}, { subject: 'All-hands' }) });
    expect(homeFor([sibling, old('rejected')], told('defender', { severity: 'critical' }))).toBe('follows CB-OLD');
  });

  it('what a source said of another mail is not said of this one', () => {
    const other = incidentOf('rejected', {
      id: 'CB-NEW',
      alert: told('defender', { severity: 'critical' }, { subject: 'A' }),
    });
    expect(homeFor([other, old('rejected')], told('defender', { severity: 'critical' }))).toBe('follows CB-OLD');
  });

  it('what is open is joined, though something newer is closed', () => {
    const closed = incidentOf('rejected', { id: 'CB-NEW', alert: told('desk') });
    expect(homeFor([closed, old('open')], told('desk'))).toBe('joins CB-OLD');
  });

  it('another sender is another mail', () => {
    expect(homeFor([old('open')], told('desk', {}, { sender: 'boss@contoso.example' }))).toBe('follows CB-OLD');
  });

  it('an incident that was tampered with swallows nothing', () => {
    const marked = incidentOf('open', { id: 'CB-OLD', alert: told('desk'), breach: 'the plan' });
    expect(homeFor([marked], told('desk'))).toBe('follows CB-OLD');
  });

  it('one id of a detector for two mails is two incidents', () => {
    const first = told('desk', {}, { internetMessageId: '<one@x.example>', sender: null });
    expect(
      homeFor([old('open', first)], told('desk', {}, { internetMessageId: '<two@x.example>', sender: null })),
    ).toBe('follows CB-OLD');
  });

  it.each<[string, TakenAlert, TakenAlert]>([
    ['a network id that only the first names as a fact', told('desk', { networkIds: [NETWORK] }), told('desk')],
    ['a network id that only the later one names as a fact', told('desk'), told('desk', { networkIds: [NETWORK] })],
    [
      'the same network id in other letters',
      told('desk', {}, { networkMessageId: NETWORK.toUpperCase() }),
      told('desk', {}, { networkMessageId: NETWORK }),
    ],
    ['a network id that only one of them says', told('desk', {}, { networkMessageId: NETWORK }), told('desk')],
    ['a sender in other letters', told('desk', {}, { sender: 'BILLING@fabrikam.example' }), told('desk')],
    ['a sender that only one of them knows', told('desk', {}, { sender: null }), told('desk')],
    ['a Message-ID that only one of them knows', told('desk'), told('desk', {}, { internetMessageId: null })],
    [
      'times days apart, of which one is no fact',
      told('desk', {}, { receivedAt: '2026-11-01T08:00:00Z' }),
      told(
        'desk',
        { from: { ...SOURCE, name: 'desk', claims: { ...SOURCE.claims, ids: false } } },
        {
          receivedAt: '2026-11-20T08:00:00Z',
        },
      ),
    ],
  ])('%s tells no other mail', (_what, before, now) => {
    expect(homeFor([old('rejected', before)], now)).toBe('joins CB-OLD');
  });

  it('the same delivery joins its own incident, not the newest', () => {
    const first = old('rejected', told('desk', { networkIds: [NETWORK] }));
    const second = incidentOf('open', { id: 'CB-NEW', alert: told('desk', { networkIds: [OTHER] }) });
    expect(homeFor([second, first], told('desk', { networkIds: [NETWORK] }))).toBe('joins CB-OLD');
  });

  it('what was opened anew already is joined', () => {
    const again = incidentOf('open', { id: 'CB-NEW', alert: told('defender', { severity: 'critical' }) });
    expect(homeFor([again, old('rejected')], told('sublime', { severity: 'critical', verdict: 'malware' }))).toBe(
      'joins CB-NEW',
    );
  });

  it('two deliveries that facts tell apart are two incidents, also while both are open', () => {
    const open = old('open', told('desk', { networkIds: [NETWORK] }));
    expect(homeFor([open], told('desk', { networkIds: [OTHER] }))).toBe('follows CB-OLD');
  });

  it('a network id that is only said does not split what is open', () => {
    const open = old('open', told('desk', {}, { networkMessageId: NETWORK }));
    expect(homeFor([open], told('desk', {}, { networkMessageId: OTHER }))).toBe('joins CB-OLD');
  });
});
