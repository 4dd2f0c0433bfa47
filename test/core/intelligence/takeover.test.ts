import { describe, expect, it, test } from 'vitest';
import { type SourceAnswer, standingOf } from '../../../src/core/intelligence/asked.ts';
import { compared } from '../../../src/core/intelligence/compare.ts';
import type { PersonFinding } from '../../../src/core/intelligence/finding.ts';
import { findingsAbout } from '../../../src/core/intelligence/findings.ts';
import { networkOf } from '../../../src/core/intelligence/network.ts';
import { withGrantsNow, withRulesNow } from '../../../src/core/intelligence/own-now.ts';
import { precisionOf } from '../../../src/core/intelligence/precision.ts';
import { suspectedIn } from '../../../src/core/intelligence/takeover.ts';
import { quoted } from '../../../src/core/measure/hand-line.ts';
import { ANN, at, click, factsOf, rule, signIns } from './facts.ts';

/** When an account looks taken over, what is left of findings after something was done, and what is not known. */

const BOB = { id: '00000000-0000-4000-8000-00000000000b', address: 'bob@contoso.example' };
const hiding = rule({ name: '.', marksRead: true, moveTo: 'RSS Feeds', id: 'rule-1', stands: 'on' });
const abroad = signIns({ ip: '198.51.100.7', country: 'NG', first: at(40), last: at(50) });

describe('a takeover', () => {
  it('is suspected where a strong finding and another one of the account agree', () => {
    const taken = findingsAbout(factsOf({ clicks: [click(10)], signIns: [signIns(), abroad], rules: [hiding] }));
    const other = findingsAbout(factsOf({ person: BOB, clicks: [click(10)] }));
    expect(suspectedIn([...taken, ...other])).toEqual([ANN.id]);
  });

  it('is not suspected for one strong finding alone', () => {
    expect(suspectedIn(findingsAbout(factsOf({ rules: [hiding] })))).toEqual([]);
  });

  it('is not suspected for weak ones, however many they are', () => {
    const many = Array.from({ length: 20 }, (_, n) => rule({ name: `A perfectly ordinary rule ${n}`, deletes: true }));
    const facts = factsOf({ rules: many, clicks: [click(1)], deletions: [{ at: at(2), subject: 'New sign-in' }] });
    expect(suspectedIn(findingsAbout(facts))).toEqual([]);
  });

  it('is suspected on the word of Entra alone where that confirms it', () => {
    const seen = { at: at(5), level: 'low', state: 'confirmed', type: null, source: 'sign-ins' } as const;
    expect(suspectedIn(findingsAbout(factsOf({ risks: [seen] })))).toEqual([ANN.id]);
  });
});

describe('after containment', () => {
  const facts = factsOf({ clicks: [click(10)], signIns: [signIns(), abroad], rules: [hiding] });
  const before = findingsAbout(facts);

  const told = (is: SourceAnswer['is'], cut = false) =>
    (['link clicks', 'sign-ins', 'mailbox events'] as const).map((source) => {
      return { source, is, cut, rows: 0, asked: 1, detail: '' };
    });
  const against = (findings: readonly PersonFinding[], answers = told('answered')) =>
    compared(before, { findings, answers }, at(120));

  it('nothing is left of what is off, and of what only happened once', () => {
    const after = findingsAbout({ ...facts, rules: [{ ...hiding, stands: 'off', id: null }] });
    expect(against(after)).toEqual({ before: 3, after: 0, fresh: [], unknown: 0 });
  });

  it.each([
    [told('no answer'), 3],
    [told('not permitted'), 3],
    [told('answered', true), 3],
    [told('answered'), 0],
  ])('%# what a log that did not answer in full no longer tells is not called over', (answers, unknown) => {
    expect(against([], answers)).toMatchObject({ after: 0, unknown });
  });

  it('a rule that stands still counts, and a sign-in that came since is told as new', () => {
    const again = findingsAbout({
      ...facts,
      signIns: [signIns(), { ...abroad, ip: '192.0.2.1', first: at(130), last: at(130) }],
    });
    const { after, fresh } = against(again);
    expect([after, fresh.map(({ kind }) => kind)]).toEqual([2, ['sign-in']]);
  });

  it('a rule that Graph does not show is not taken for gone', () => {
    const after = findingsAbout({ ...facts, rules: withRulesNow([hiding], []) });
    expect(against(after).after).toBe(1);
  });
});

describe('what mailbox and account say now', () => {
  it('gives a rule its id where one alone has the name', () => {
    const now = [{ id: 'r1', name: '.', isEnabled: true }];
    const twice = [...now, { id: 'r2', name: '.', isEnabled: true }];
    const seen = [now, twice].map((list) => withRulesNow([rule({ name: '.' })], list)[0]);
    expect(seen.map((one) => [one?.stands, one?.id])).toEqual([
      ['on', 'r1'],
      ['on', null],
    ]);
  });

  describe('of a consent', () => {
    const given = (grant: string | null) => ({
      ...{ at: at(1), app: 'x', appId: '', scopes: ['Mail.Read'], isForAll: false, grant, isThere: null },
      source: 'mailbox events' as const,
    });
    const reader = { id: 'g2', scopes: ['Mail.Read', 'User.Read'] };

    it('knows the grant that the log names', () => {
      expect(withGrantsNow([given('g2')], [reader], at(2))).toMatchObject([{ grant: 'g2', isThere: true }]);
    });

    it.each([null, 'g1'])('takes none of another app for it that lets that one do the same (%s)', (grant) => {
      expect(withGrantsNow([given(grant)], [reader], at(120))).toMatchObject([{ grant, isThere: null }]);
    });

    it('says that it is gone where nothing lets any app do that', () => {
      expect(withGrantsNow([given('g1')], [], at(120))).toMatchObject([{ isThere: false }]);
    });

    it('is not asked whether one is gone that is too fresh for the list of the account', () => {
      expect(withGrantsNow([given('g1')], [], at(30))).toEqual([given('g1')]);
    });
  });
});

describe('an answer of a source', () => {
  const answer = { source: 'mailbox events', is: 'answered', rows: 0, cut: false, asked: 3, detail: '' } as const;
  test.each([
    [answer, 30, 'not seen yet'],
    [answer, 120, 'nothing found'],
    [{ ...answer, rows: 2 }, 1, 'seen'],
    [{ ...answer, is: 'not licensed' } as const, 30, 'not licensed'],
    [{ ...answer, is: 'not permitted' } as const, 30, 'not permitted'],
  ])('%# is one of four, and never another', (one, minutes, expected) => {
    expect(standingOf(one, at(0), at(minutes))).toBe(expected);
  });
});

it('is measured over enough closed incidents, or not at all', () => {
  const counts = [
    { malicious: 20, harmless: 9 },
    { malicious: 20, harmless: 10 },
  ];
  expect(counts.map((count) => precisionOf({ kind: 'burst', ...count }).percent)).toEqual([null, 66]);
});

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2::7', '2001:db8:1::/48'],
  ['2001:0db8:0001::', '2001:db8:1::/48'],
  ['not an address', 'not an address'],
])('%s is in %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test.each([
  ["it's", "'it''s'"],
  ['\u2018a\u2019\u201A\u201B', "'\u2018\u2018a\u2019\u2019\u201A\u201A\u201B\u201B'"],
  ['a\u202Eb', null],
  ['https://x.example', null],
  ['', null],
])('%j stands in a line of PowerShell as %j', (value, expected) => {
  expect(quoted(value)).toBe(expected);
});
