import { expect, it } from 'vitest';
import { differences } from '../../src/core/diff.ts';
import type { Recorded } from '../../src/core/ledger.ts';
import { explainIncident } from '../../src/core/why.ts';
import { DIGEST, person, TENANT_ID } from '../support/cases.ts';

let seq = 0;
const entry = (type: Recorded['type'], change: Partial<Recorded> = {}): Recorded => ({
  tenant: TENANT_ID,
  at: '2026-11-20T08:00:00.000Z',
  type,
  incident: 'CB-0001',
  actor: { kind: 'person', id: person(1).entraId, name: 'Dana' },
  platform: 'slack',
  planDigest: DIGEST,
  mailbox: null,
  message: null,
  requestId: null,
  outcome: null,
  detail: {},
  seq: ++seq,
  prev: '',
  ...change,
});

it('tells which rule, which people and which digest', () => {
  const lines = explainIncident([
    entry('plan.made', {
      detail: { copies: 3, mailboxes: 2, policy: 'b'.repeat(64), 'rule.purge': 'two: 2 \u00d7 approver' },
    }),
    entry('decision.approved', { detail: { action: 'purge', roles: 'approver', reason: 'seen it before' } }),
    entry('run.started', {
      detail: { action: 'purge', run: 'r1', copies: 3, mailboxes: 2, rule: 'two', approvedBy: person(1).entraId },
    }),
    entry('run.finished', { detail: { run: 'r1', summary: 'removed 3' } }),
  ]).join('\n');
  for (const part of ['purge: two: 2 \u00d7 approver', DIGEST, 'Approved by Dana', 'seen it before', 'removed 3'])
    expect(lines).toContain(part);
});

it('tells why something was refused, and that nothing was carried out', () => {
  const lines = explainIncident([
    entry('press.refused', { outcome: 'recipient', detail: { verb: 'purge' } }),
    entry('decision.approved', { detail: { action: 'purge', count: 1, needed: 2 } }),
    entry('incident.expired'),
  ]);
  expect(lines).toContain('Nothing was carried out.');
  expect(lines.join('\n')).toMatch(
    /Not enough for purge: 1 of 2.*\n.*neither consent nor refusal.*\n.*received the mail/s,
  );
});

it('a hostile name stays one inert line', () => {
  const actor = { kind: 'stranger', id: 'slack:U1', name: '<!here>\nhttps://evil.example' } as const;
  const lines = explainIncident([entry('press.refused', { actor, outcome: 'guest', detail: { verb: 'purge' } })]);
  expect(lines.every((line) => !line.includes('\n') && !line.includes('https://'))).toBe(true);
});

it('of an unknown incident there is nothing to tell', () => {
  expect(explainIncident([])).toEqual([]);
});

it('a change of policy is told place by place', () => {
  const before = { rules: [{ count: 1 }], people: ['a', 'b'] };
  expect(differences(before, before)).toEqual([]);
  expect(differences(before, { rules: [{ count: 2 }], people: ['b', 'c'] })).toEqual([
    'rules.0.count: 1 -> 2',
    'people: +c -a',
  ]);
});
