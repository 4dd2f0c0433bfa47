import { describe, expect, it } from 'vitest';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { PAYLOADS } from '../../src/core/record/payloads.ts';
import { type Flat, oldEntry } from '../support/entries.ts';

/** What was written down before there were payloads is read in today's shape: nothing of it is lost, and nothing invented. */

const AT = '2026-11-20T08:00:00.000Z';
const NO_LOOK = { finders: [], grown: 0, failed: 0, failedFirst: null, left: null, again: false };

describe('an old entry', () => {
  it.each<[string, EntryType, Flat, object]>([
    [
      'a vote',
      'decision.approved',
      {
        action: 'purge',
        count: 1,
        needed: 2,
        seats: '1 × approver and 2 × lead',
        roles: 'approver lead',
        signIn: `c1 ${AT}`,
      },
      {
        seats: [
          { role: 'approver', count: 1 },
          { role: 'lead', count: 2 },
        ],
        roles: ['approver', 'lead'],
        signIn: { context: 'c1', at: AT },
        account: null,
        votedAt: null,
      },
    ],
    [
      'a vote from before there were roles',
      'decision.approved',
      { action: 'purge' },
      { roles: ['approver'], seats: [] },
    ],
    ['a vote to go on from before its roles were kept', 'brake.lift-voted', {}, { roles: null, account: null }],
    ['a lift', 'brake.lifted', { people: 'Dana, Omar' }, { people: ['Dana', 'Omar'] }],
    [
      'a run',
      'run.started',
      { action: 'purge', run: 'r1', copies: 2, approvedBy: 'one two', confirm: '1 × lead', leftFor: 'CB-1 CB-2' },
      {
        approvedBy: ['one', 'two'],
        cause: 'approved',
        mode: 'live',
        mailboxes: null,
        confirm: [{ role: 'lead', count: 1 }],
        leftFor: ['CB-1', 'CB-2'],
      },
    ],
    ['a run that nobody approved', 'run.started', { approvedBy: '' }, { approvedBy: [] }],
    [
      'the end of a run',
      'run.finished',
      { run: 'r1', copies: 3, summary: 'removed 2, alreadyGone 1' },
      {
        summary: [
          { outcome: 'removed', copies: 2 },
          { outcome: 'alreadyGone', copies: 1 },
        ],
      },
    ],
    ['a run with nothing to do', 'run.finished', { summary: 'nothing to do' }, { summary: [] }],
    [
      'a list made anew by itself',
      'incident.reopened',
      { seats: 'nobody: the list held no copies', approvedBy: '' },
      { seats: [{ role: 'nobody: the list held no copies', count: 0 }], approvedBy: [] },
    ],
    ['what was taken in', 'group.taken-in', { differences: 'sender subject' }, { differences: ['sender', 'subject'] }],
    [
      'a list',
      'plan.made',
      {
        mode: 'live',
        'finder.hunting': `silent, ${AT}: 0 named, 429 Too Many`,
        'finder.trace': `answered, ${AT}: 3 named, cut off`,
        'rule.purge': 'two: people: 2 × approver within 60 minutes',
        'rule.flag': 'no rule: refused: no rule of the policy allows flag here',
      },
      {
        finders: [
          { name: 'hunting', status: 'silent', asOf: AT, found: 0, cutOff: false, detail: '429 Too Many' },
          { name: 'trace', status: 'answered', asOf: AT, found: 3, cutOff: true, detail: '' },
        ],
        rules: [
          { action: 'purge', rule: 'two', terms: 'people: 2 × approver within 60 minutes' },
          { action: 'flag', rule: null, terms: 'refused: no rule of the policy allows flag here' },
        ],
      },
    ],
    ['a list from before there were terms', 'plan.made', { copies: 1 }, { mode: null, policy: null, rules: [] }],
    [
      'a look with two finders',
      'scope.looked',
      {
        finders: 'hunting, trace',
        finder: 'answered',
        named: 2,
        'finder.1': 'busy',
        'why.1': '429',
        denied: 1,
        protected: 2,
      },
      {
        look: {
          finders: [
            { name: 'hunting', status: 'answered', found: 2, cutOff: false, detail: '' },
            { name: 'trace', status: 'busy', found: 0, cutOff: false, detail: '429' },
          ],
          left: { denied: 1, shielded: 2 },
        },
      },
    ],
    ['a look with nobody to ask', 'scope.checked', { finders: '' }, { look: NO_LOOK }],
    ['a look from before it was kept', 'scope.checked', { run: 'r1', looked: 3 }, { look: null, looked: 3 }],
    [
      'refused requests',
      'request.refused',
      { since: AT, requests: 3, 'web, old': 2, 'web, bad': 1 },
      {
        since: AT,
        requests: 3,
        kinds: [
          { kind: 'web, old', count: 2 },
          { kind: 'web, bad', count: 1 },
        ],
      },
    ],
    ['a retirement', 'incident.retired', { plans: 'p1 p2', runs: '' }, { plans: ['p1', 'p2'], runs: [] }],
    ['a gathering', 'cards.gathered', { count: 2, incidents: 'CB-1 CB-2' }, { incidents: ['CB-1', 'CB-2'] }],
    [
      'a lost card',
      'card.lost',
      { why: 'gone', channel: 'C', message: 'm', via: '', platform: 'slack' },
      { why: 'gone', place: { channel: 'C', message: 'm', via: '' } },
    ],
    ['a card that never was anywhere', 'card.lost', { why: 'unfit' }, { place: null }],
    ['a policy', 'policy.adopted', { policy: 'p', diff: 'a: 1 -> 2; b: +c' }, { diff: ['a: 1 -> 2', 'b: +c'] }],
  ])('%s', (_what, type, detail, expected) => {
    expect(oldEntry(type, { detail }).detail).toMatchObject(expected);
  });

  it.each(Object.keys(PAYLOADS) as EntryType[])(
    'of each type is what one of today is, also where it says nothing: %s',
    (type) => {
      const { detail } = oldEntry(type, {});
      expect(PAYLOADS[type].parse(detail)).toEqual(detail);
    },
  );
});
