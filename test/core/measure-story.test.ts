import { expect, it } from 'vitest';
import { tell } from '../../src/core/record/ledger-story.ts';
import type { DetailOf, EntryType } from '../../src/core/record/payloads.ts';
import { entryOf } from '../support/entries.ts';

/** What the story of an incident says of measures: each entry in words that say which of two things it was. */

type Measuring = Extract<EntryType, `measure${string}`>;
const said = <T extends Measuring>(type: T, detail: Partial<DetailOf<T>>, heading: object = {}) =>
  tell(
    entryOf(type, detail, { actor: { kind: 'person', id: 'p', name: 'Omar' }, platform: 'slack', ...heading }) as never,
  );

const LIST = 'CM-1';
const ONE = { list: LIST, item: 2, kind: 'rule-off', address: 'ann@contoso.example', note: '' };

it.each<[string, string, string]>([
  [
    'a list that is carried out',
    said('measures.begun', { list: LIST, items: [1, 2], errand: 'apply' }),
    '2 measures of CM-1 are carried out',
  ],
  [
    'one that is put back',
    said('measures.begun', { list: LIST, items: [1, 2], errand: 'back' }),
    '2 measures of CM-1 are put back',
  ],
  [
    'a measure that is about to be done',
    said('measure.intent', { ...ONE, errand: 'apply' }),
    'about to do rule-off (2 of CM-1) for ann@contoso[.]example',
  ],
  [
    'one that is about to be put back',
    said('measure.intent', { ...ONE, errand: 'back' }),
    'about to put back rule-off (2 of CM-1)',
  ],
  [
    'an approval',
    said('measures.approved', { list: LIST, of: 'apply', count: 1, needed: 2 }),
    'approved the measures of CM-1',
  ],
  [
    'a vote to put one back',
    said('measures.approved', { list: LIST, of: 'back 2', count: 1, needed: 2 }),
    'wants measures put back of CM-1',
  ],
  [
    'a vote for something else',
    said('measures.approved', { list: LIST, of: 'dance', count: 1, needed: 2 }),
    'voted for dance of CM-1',
  ],
  [
    'a press that was refused',
    said('measures.refused', { list: LIST, verb: 'measures-apply' }),
    'measures-apply on CM-1 in',
  ],
  [
    'what was wanted',
    said('measures.wanted', { list: LIST, kinds: ['rule-off', 'reset-mfa'], playbook: null }),
    'rule-off reset-mfa',
  ],
  [
    'a playbook',
    said('measures.wanted', { list: LIST, kinds: ['rule-off'], playbook: 'takeover' }),
    'playbook takeover',
  ],
  ['an end', said('measure.outcome', { ...ONE, errand: 'apply', note: 'it is read-only' }), '(it is read-only)'],
])('%s', (_what, words, expected) => {
  expect(words).toContain(expected);
});

it('nothing stands in brackets where nothing was noted, and no list where there was none', () => {
  expect(said('measure.outcome', { ...ONE, errand: 'apply' })).not.toContain('()');
  expect(said('measures.refused', { list: null, verb: 'contain' })).not.toContain(' on ');
});
