import { describe, expect, it } from 'vitest';
import type { UnsureGroup } from '../../src/core/find/plan.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { alertOf, askedOf, copyOf, factsOf, incidentOf, planOf, runOf, termsOf, voteOf } from '../support/cases.ts';
import { SOURCE } from '../support/source.ts';

const card = (state: Situation, change: Partial<CaseFacts> = {}) => present(factsOf(state, change));
const about = (change: Record<string, unknown>, message: Record<string, unknown> = {}, alerts = 1) => ({
  incident: incidentOf('open', { alert: alertOf(change, message), alerts }),
});
const factsIn = (state: Situation, change: Partial<CaseFacts> = {}) =>
  card(state, change).facts.map(({ label, value }) => `${label}: ${value}`);
const group = (n: number, change: Partial<UnsureGroup> = {}): UnsureGroup => ({
  key: `g${n}`,
  differences: ['subject'],
  sender: 'boss@contoso.example',
  subject: `All-hands ${n}`,
  from: null,
  until: null,
  addresses: [`user${n}@contoso.example`],
  ...change,
});

describe('the head of a card', () => {
  it('names how bad it is', () => {
    expect(card('open').headline).toBe('HIGH \u00b7 Phishing');
  });

  it.each<[Situation, Partial<CaseFacts>, string]>([
    ['received', {}, 'busy'],
    ['running', {}, 'busy'],
    ['open', {}, 'attention'],
    ['open', { plan: null }, 'attention'],
    ['open', { plan: planOf({ copies: [] }) }, 'neutral'],
    ['flagged', {}, 'attention'],
    ['contained', {}, 'attention'],
    ['expired', {}, 'attention'],
    ['purged', { runs: [runOf({ removed: 1 })] }, 'good'],
    ['restored', { runs: [runOf({ failed: 1 }, { action: 'restore' })] }, 'bad'],
    ['rejected', {}, 'neutral'],
    ['rehearsed', {}, 'neutral'],
  ])('looks as the case is: %s', (state, change, tone) => {
    expect(card(state, change).tone).toBe(tone);
  });

  it.each([
    ['no readable sender address', { sender: null, senderName: null }],
    ['billing@fabrikam[.]example', { senderName: null }],
    ['x@b\u00fccher[.]example (x@xn--bcher-kva[.]example)', { sender: 'x@b\u00fccher.example', senderName: null }],
  ])('names the sender: %s', (line, message) => {
    expect(card('open', about({}, message)).sender).toBe(line);
  });

  it.each<[string, Partial<CaseFacts>]>([
    ['Not known yet', { plan: null }],
    ['No copies in 2 mailboxes looked into', { plan: planOf({ copies: [], nothing: ['a', 'b'] }) }],
    [
      '3 copies in 2 mailboxes, 1 read',
      { plan: planOf({ copies: [copyOf(1), copyOf(2), copyOf(1, { message: 'x' })] }) },
    ],
  ])('says how far it reaches: %s', (line, change) => {
    expect(card('open', change).reach).toBe(line);
  });
});

describe('the facts of a card', () => {
  it('are all there', () => {
    const alert = { source: 'test detector' };
    const message = { urls: ['a', 'b'], attachments: ['c'] };
    expect(factsIn('open', about(alert, message))).toEqual([
      'Reported: test detector, 20 Nov 08:00 UTC',
      'Received: 20 Nov 07:59 UTC',
      'Links go to: a, b',
      'Attachments: c',
      'Found by: recipients',
      'Rule: all the same',
    ]);
  });

  it('are few while little is known', () => {
    const incident = incidentOf('received', { alert: alertOf({}, { receivedAt: null }) });
    expect(factsIn('received', { incident })).toEqual(['Reported: test detector, 20 Nov 08:00 UTC']);
  });

  it('name the rule of the undo once it is done', () => {
    const plan = planOf({ terms: termsOf(2, { restore: askedOf([], { rule: 'undo' }) }) });
    expect(factsIn('purged', { plan }).at(-1)).toBe('Rule: undo');
  });

  it.each([
    ['a source that calls itself so', { name: 'test detector' }, 'test detector'],
    ['a source that calls itself otherwise', { name: 'defender' }, 'defender (\u201ctest detector\u201d)'],
  ])('name %s', (_name, from, words) => {
    expect(factsIn('open', about({ from: { ...SOURCE, ...from } }))[0]).toBe(`Reported: ${words}, 20 Nov 08:00 UTC`);
  });

  it('count the alerts, and what there is no room for', () => {
    const message = { urls: ['a', 'b', 'c', 'd'], attachments: ['e', 'f', 'g', 'h'] };
    expect(factsIn('open', about({}, message, 3))).toEqual(
      expect.arrayContaining([
        'Reported: test detector, 20 Nov 08:00 UTC; 3 alerts',
        'Links go to: a, b, c and 1 more host',
        'Attachments: e; f; g and 1 more',
      ]),
    );
  });
});

describe('groups of unsure mails on a card', () => {
  const withGroups = (n: number) =>
    card('open', { plan: planOf({ unsure: Array.from({ length: n }, (_none, at) => group(at)) }) });
  const told = (n: number) => withGroups(n).warnings.map(({ text }) => text);

  it('are numbered as in the plan', () => {
    expect(withGroups(2).unsure).toEqual([
      {
        text: '1. 1 message in 1 mailbox, another subject: \u201cAll-hands 0\u201d from boss@contoso[.]example',
        page: '0',
        label: 'Take in group 1',
      },
      expect.objectContaining({ page: '1', label: 'Take in group 2' }),
    ]);
  });

  it('are three, and how many more there are is said', () => {
    expect([3, 4, 5].map((n) => withGroups(n).unsure.length)).toEqual([3, 3, 3]);
    expect([3, 4, 5].map(told)).toEqual([
      [],
      ['1 more group of mails that may be this one: see Details.'],
      ['2 more groups of mails that may be this one: see Details.'],
    ]);
  });

  it.each<[string, Partial<UnsureGroup>, Partial<CaseFacts['incident']['alert']['message']>, string]>([
    [
      'which nobody wrote',
      { sender: null, subject: null },
      {},
      'another subject: \u201cno subject\u201d from no sender',
    ],
    ['where the alert names no subject', {}, { subject: null }, 'the alert names no subject'],
    ['where the alert names no sender', { differences: ['sender'] }, { sender: null }, 'the alert names no sender'],
    [
      'where the sender is a name of the directory',
      { differences: ['sender'], sender: '/O=EXCHANGELABS' },
      {},
      'the sender as a name of the directory',
    ],
    ['of another sender', { differences: ['sender'] }, {}, 'another sender'],
    [
      'of another sender, whose address ends like a directory',
      { differences: ['sender'], sender: 'x@y/' },
      {},
      'another sender:',
    ],
    [
      'of another subject, where the alert names neither sender nor Message-ID',
      { differences: ['subject', 'time'] },
      { sender: null, internetMessageId: null },
      'another subject, received at another time:',
    ],
    [
      'of another subject, where the sender is a name of the directory',
      { sender: '/O=EXCHANGELABS' },
      {},
      'another subject:',
    ],
    [
      'of another delivery, where the alert names no subject',
      { differences: ['delivery'] },
      { subject: null },
      'another delivery:',
    ],
    [
      'where the alert names no Message-ID',
      { differences: ['message-id'] },
      { internetMessageId: null },
      'the alert names no Message-ID',
    ],
    ['of another Message-ID', { differences: ['message-id'] }, {}, 'another Message-ID'],
    [
      'received at one time',
      { from: '2026-11-11T08:00:00Z', until: '2026-11-11T08:00:00Z' },
      {},
      ', received 11 Nov 08:00 UTC',
    ],
    [
      'received over days',
      { from: '2026-11-11T08:00:00Z', until: '2026-11-12T08:00:00Z' },
      {},
      ', received 11 Nov 08:00 UTC and later',
    ],
  ])('say how they differ: %s', (_name, change, missing, words) => {
    const plan = planOf({ unsure: [group(1, change)], key: { ...planOf().key, ...missing } });
    const text = card('open', { plan }).unsure[0]?.text ?? '';
    expect(text.includes(words) && (words.startsWith(',') ? text.endsWith(words) : true), text).toBe(true);
  });

  it('say in how many mailboxes they are', () => {
    const addresses = ['a@contoso.example', 'a@contoso.example', 'b@contoso.example'];
    const plan = planOf({ unsure: [group(1, { addresses })] });
    expect(card('open', { plan }).unsure[0]?.text).toMatch(/^1\. 3 messages in 2 mailboxes,/);
  });
});

describe('what was decided and done', () => {
  it('names the chat of each vote', () => {
    const votes = [voteOf(1), voteOf(2, { platform: 'teams', action: 'reject' })];
    expect(card('open', { votes }).decisions.map(({ text }) => text)).toEqual([
      'Approver 1 approved the purge in Slack, 20 Nov 08:10 UTC',
      'Approver 2 called it not malicious in Teams, 20 Nov 08:10 UTC',
    ]);
  });

  it.each<[Situation, number]>([
    ['received', 0],
    ['open', 0],
    ['flagged', 1],
  ])('is told of the last run, unless copies are looked for anew: %s', (state, rows) => {
    const runs = [runOf({ flagged: 2 }, { action: 'flag' })];
    expect(card(state, { plan: planOf(), runs }).outcomes).toHaveLength(rows);
  });
});

it('our own warnings have their places, whatever the mail holds', () => {
  const elsewhere = Array.from({ length: 18 }, (_none, n) => ({
    incident: `CB-${n}`,
    action: 'purge' as const,
    copies: 1,
    at: '2026-11-20T08:00:00Z',
  }));
  const findings = Array.from({ length: 9 }, (_none, n) => `finding ${n}`);
  const incident = incidentOf('open', { elsewhere, alert: alertOf({ findings }) });
  const plan = planOf({ unsure: [1, 2, 3, 4].map((n) => group(n)) });
  const warnings = card('open', { incident, plan }).warnings.map(({ text }) => text);
  expect([warnings.length, ...warnings.slice(0, 5)]).toEqual([
    20,
    'finding 0',
    'finding 1',
    '7 more findings: incident CB-0001 lists them',
    '1 more group of mails that may be this one: see Details.',
    '1 copy of this list was removed by CB-0, 20 Nov 08:00 UTC.',
  ]);
  expect(warnings.at(-1)).toContain('CB-15');
});
