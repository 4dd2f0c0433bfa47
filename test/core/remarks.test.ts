import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/find/plan.ts';
import type { Incident, Situation } from '../../src/core/incident/incident.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { remarksOf, troubleLines } from '../../src/core/tell/remarks.ts';
import type { RunFacts } from '../../src/core/tell/run-facts.ts';
import { alertOf, factsOf, incidentOf, person, planOf, runOf } from '../support/cases.ts';
import { SOURCE } from '../support/source.ts';

const remarks = (change: Partial<CaseFacts> = {}) => remarksOf(factsOf('open', change));
const ofPlan = (change: Partial<Plan>) => remarks({ plan: planOf(change) });
const ofAlert = (change: Record<string, unknown>, incident: Partial<Incident> = {}) =>
  remarks({ incident: incidentOf('open', { alert: alertOf(change), ...incident }) });
const said = (source: string, verdict = 'phishing', severity = 'high') => ({ source, verdict, severity });
const [a, b] = ['a@contoso.example', 'b@contoso.example'];

describe('what we know of a case that deserves care', () => {
  it('is nothing where all is well', () => {
    expect(remarks()).toEqual([]);
  });

  it.each<[string, Partial<Plan>, string]>([
    ['where we may not look', { denied: [a] }, '1 mailbox not looked into: we are not allowed to'],
    [
      'where nobody answered',
      { failed: [a, b] },
      '2 mailboxes not looked into: no clear answer, a@contoso[.]example first. Looked into again by itself.',
    ],
    [
      'who cannot be reached',
      { unreachable: [a] },
      '1 mailbox not looked into: in the directory, but not reachable this way',
    ],
    ['who is not here', { missing: [a] }, '1 mailbox named as recipient, but nobody in the directory has the address'],
    [
      'behind which address nobody is known',
      { unresolved: [a, b] },
      '2 addresses with nobody behind that could be found out, a@contoso[.]example first: who received it there is not known.',
    ],
    [
      'that tracking was cut',
      { trackingCut: true },
      'Tracking named more than can be followed: there may be copies that are not in this list.',
    ],
    [
      'who is beyond the limit',
      { notLooked: 2 },
      '2 recipients beyond the limit: not looked into, and not in this list.',
    ],
    ['what was left alone', { leftAlone: [{ address: a, why: 'a draft' }] }, '1 message left alone: a draft'],
  ])('is %s', (_name, change, line) => {
    expect(ofPlan(change)).toEqual([line]);
  });

  it('is who became known after the list was made', () => {
    expect(ofAlert({ recipients: [a, b] })).toEqual([
      '2 recipients became known after this list was made: look again.',
    ]);
    expect(ofAlert({ recipients: [a, b] }, { parent: 'CB-0000' })).toEqual([
      'These copies turned up after the list of CB-0000 was made: they need an approval of their own.',
    ]);
  });

  it.each([
    [1, 'purge', '1 copy of this list was removed by CB-0002, 20 Nov 08:00 UTC.'],
    [2, 'restore', '2 copies of this list were put back by CB-0002, 20 Nov 08:00 UTC.'],
  ] as const)('is what became of %i copy elsewhere: %s', (copies, action, line) => {
    const elsewhere = [{ incident: 'CB-0002', action, copies, at: '2026-11-20T08:00:00Z' }];
    expect(ofAlert({}, { elsewhere })).toEqual([line]);
  });
});

describe('what became of the list', () => {
  it.each([
    [['CB-0002'], 'More copies turned up after this list was made: CB-0002 asks for them.'],
    [['CB-0002', 'CB-0003'], 'More copies turned up after this list was made: CB-0002, CB-0003 ask for them.'],
  ])('is where its later copies are asked for: %j', (children, line) => {
    expect(remarks({ children: children.map((id) => ({ id, stands: 'open' })) })).toEqual([line]);
  });

  it.each([
    [1, '1 copy of this list was not put back'],
    [2, '2 copies of this list were not put back'],
  ])('is what a roll-back by time left out for another incident: %i', (copies, words) => {
    const elsewhere = [
      { incident: 'CB-0002', action: 'purge', copies, at: '2026-11-20T08:00:00Z', kept: true } as const,
    ];
    expect(ofAlert({}, { elsewhere })).toEqual([`${words}, 20 Nov 08:00 UTC: people approved the removal in CB-0002.`]);
  });

  it.each([
    [{ stands: 'open' }, []],
    [{ stands: 'purged', inSight: false }, []],
    [{ stands: 'purged', inSight: true }, ['Copies of CB-0002 may still be readable.']],
    [{ stands: 'expired' }, ['Copies of CB-0002 may still be readable.']],
  ] as const)('is what is left of one that grew out of it: %j', (child, lines) => {
    const told = remarksOf(factsOf('running', { children: [{ id: 'CB-0002', ...child }] }));
    expect(told.filter((text) => text.startsWith('Copies of'))).toEqual(lines);
  });

  it.each([
    ['slack', 'Slack'],
    ['teams', 'Teams'],
  ] as const)('is that a chat does not take this card: %s', (room, name) => {
    expect(remarks({ turnedAwayIn: [room] })).toEqual([
      `${name} does not take this card: nobody there sees this as it is.`,
    ]);
  });

  it.each([
    ['slack', 'Slack'],
    ['teams', 'Teams'],
  ] as const)('is that a chat takes no messages any more: %s', (room, name) => {
    expect(remarks({ deadRooms: [room] })).toEqual([
      `The channel in ${name} takes no messages any more: nobody there sees this as it is.`,
    ]);
  });

  const finder = {
    name: 'hunting',
    status: 'busy',
    found: 0,
    cutOff: false,
    asOf: '2026-11-20T08:00:05.000Z',
    detail: '',
  } as const;
  const unclear = planOf({ failed: [a], finders: [finder] });
  const looked = (at: string) => ({
    at,
    finders: [{ ...finder, status: 'answered' as const, found: 2 }],
    grown: 0,
    failed: 0,
    failedFirst: null,
    left: null,
    again: false,
  });
  const busy = 'Advanced hunting asked to wait, 20 Nov 08:00 UTC: who else received it is not known yet.';

  it('is what a later look saw in its place', () => {
    const lines = [
      '1 mailbox not looked into: no clear answer, a@contoso[.]example first. Looked into again by itself.',
      `${busy} It is asked again by itself.`,
    ];
    expect(remarks({ plan: unclear })).toEqual(lines);
    expect(remarks({ plan: unclear, looked: looked('2026-11-20T08:00:04.999Z') })).toEqual(lines);
    for (const at of ['2026-11-20T08:00:05.000Z', '2026-11-20T08:00:06.000Z'])
      expect(remarks({ plan: unclear, looked: looked(at) })).toEqual([
        'Looked again 20 Nov 08:00 UTC: no further copy.',
      ]);
  });

  it('is nothing more in a dry run: there it is not looked into again', () => {
    expect(remarks({ plan: planOf({ failed: [a], finders: [finder], mode: 'dry-run' }) })).toEqual([
      '1 mailbox not looked into: no clear answer, a@contoso[.]example first.',
      busy,
    ]);
  });
});

describe('whose copies people have to think about', () => {
  const run = (troubled: RunFacts['troubled']) => ({
    runs: [{ ...runOf({ removed: 1 }), ...(troubled ? { troubled } : {}) }],
  });
  const troubledIn = (state: Situation, troubled: RunFacts['troubled']) =>
    troubleLines(factsOf(state, { plan: planOf(), ...run(troubled) }));

  it.each<[string, NonNullable<RunFacts['troubled']>, string[]]>([
    [
      'all of them',
      [{ outcome: 'stillThere', addresses: [a, b], mailboxes: 2 }],
      ['Still in the mailbox of a@contoso[.]example, b@contoso[.]example.'],
    ],
    [
      'one more',
      [{ outcome: 'failed', addresses: [a], mailboxes: 2 }],
      ['Not done, see the record, for a@contoso[.]example and 1 more mailbox.'],
    ],
    [
      'more',
      [{ outcome: 'failed', addresses: [a], mailboxes: 4 }],
      ['Not done, see the record, for a@contoso[.]example and 3 more mailboxes.'],
    ],
    [
      'what has no words of its own',
      [{ outcome: 'shielded', addresses: [a], mailboxes: 1 }],
      ['Protected, left alone a@contoso[.]example.'],
    ],
  ])('is said: %s', (_name, troubled, lines) => {
    expect(troubledIn('purged', troubled)).toEqual(lines);
  });

  it.each<[Situation, number]>([
    ['received', 0],
    ['open', 0],
    ['flagged', 1],
  ])('is not said of what is looked for anew: %s', (state, lines) => {
    expect(troubledIn(state, [{ outcome: 'failed', addresses: [a], mailboxes: 1 }])).toHaveLength(lines);
  });

  it('is nobody where nothing went wrong', () => {
    expect(troubledIn('purged', undefined)).toEqual([]);
  });
});

describe('what other sources say', () => {
  it.each([
    ['the same', [said('desk')], []],
    ['another verdict', [said('desk', 'malware')], ['desk calls it malware, high.']],
    ['another severity', [said('desk', 'phishing', 'low')], ['desk calls it phishing, low.']],
    [
      'more than there is room for',
      [said('desk', 'malware'), said('sublime', 'bec'), said('defender'), said('lab', 'spam')],
      ['sublime calls it business e-mail compromise, high.', 'lab calls it spam, high.'],
    ],
  ])('is told where it differs: %s', (_name, all, lines) => {
    expect(ofAlert({ said: all })).toEqual(lines);
  });
});

describe('who reported the mail', () => {
  const unproven = (who: string) =>
    `The alert names ${who} as having reported it. That is not proven, and keeps nobody from deciding.`;
  const emma = { entraId: null, address: 'emma@contoso.example' };

  it('cannot be read', () => {
    expect(ofAlert({ unreadablePeople: true })).toEqual([
      'Who reported it or asked for its removal cannot be read: nothing is done before people decide.',
    ]);
  });

  it.each([
    ['a reporter', { reporter: emma }, 'emma@contoso[.]example'],
    ['a requester', { requester: emma }, 'emma@contoso[.]example'],
    ['only an id', { reporter: { entraId: person(1).entraId, address: null } }, person(1).entraId],
  ])('is not proven: %s', (_name, change, who) => {
    expect(ofAlert(change)).toEqual([unproven(who)]);
  });

  it.each([
    ['by its source', { reporter: emma, from: SOURCE }, {}],
    ['by another alert', { reporter: emma }, { askers: [emma] }],
  ])('is proven %s', (_name, change, incident) => {
    expect(ofAlert(change, incident)).toEqual([]);
  });
});

describe('copies that came back', () => {
  const recovered = { copies: 1, first: a, kept: 0, keptSeen: null };
  const { resolvedAt } = planOf();

  it('before the list was made are in it, and told no more', () => {
    const lines = ['2026-11-20T08:00:04.999Z', resolvedAt].map(
      (at) => remarks({ recovered: { at, ...recovered } }).filter((line) => line.includes('that was gone is')).length,
    );
    expect(lines).toEqual([0, 1]);
  });
});
