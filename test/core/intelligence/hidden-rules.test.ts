import { describe, expect, it, test } from 'vitest';
import { inboxRule, rulesSince } from '../../../src/core/intelligence/inbox-rule.ts';
import { withRulesNow } from '../../../src/core/intelligence/own-now.ts';
import { at, factsOf, rule } from './facts.ts';

/** A rule that works unseen, behind another of its name that can be seen. */

const HIDING = rule({
  name: 'Work',
  turn: 'made',
  deletes: true,
  marksRead: true,
  sendsTo: ['mallory@fabrikam.example'],
});
const DOES = { deletes: true, moves: false, copies: false, marksRead: true, sendsTo: ['mallory@fabrikam.example'] };
const shown = (does: Partial<typeof DOES> = {}, change: { name?: string; isEnabled?: boolean; id?: string } = {}) => ({
  ...{ id: 'rule-1', name: 'Work', isEnabled: true, ...change },
  does: { ...DOES, ...does },
});

describe('a rule that is seen', () => {
  const standing = (now: Parameters<typeof withRulesNow>[1], rules = [HIDING]) =>
    withRulesNow(rules, now).map(({ stands, id }) => [stands, id]);

  it('is the one in the log where it does the same', () => {
    expect(standing([shown()])).toEqual([['on', 'rule-1']]);
    expect(standing([shown({ deletes: false, moves: true })])).toEqual([['on', 'rule-1']]);
    expect(standing([shown({}, { isEnabled: false })])).toEqual([['off', null]]);
    expect(standing([{ id: 'rule-1', name: 'Work', isEnabled: true }])).toEqual([['on', 'rule-1']]);
  });

  test.each([
    ['deletes nothing', { deletes: false }],
    ['only copies', { deletes: false, copies: true }],
    ['leaves mail unread', { marksRead: false }],
    ['sends on to somebody else', { sendsTo: ['bob@contoso.example'] }],
    ['sends on to nobody', { sendsTo: [] }],
  ])('and only has its name is not it: it %s', (_what, does) => {
    expect(standing([shown(does)])).toEqual([['beside', null]]);
    expect(standing([shown(does, { isEnabled: false })])).toEqual([['beside', null]]);
  });

  it('may be it where Graph tells names of the directory', () => {
    expect(standing([shown({ sendsTo: ['/o=exchangelabs/cn=mallory'] })])).toEqual([['on', 'rule-1']]);
  });

  it('beside another that does the same does not answer for both', () => {
    const both = [HIDING, { ...HIDING, at: at(40) }];
    expect(standing([shown()], both)).toEqual([
      ['beside', null],
      ['beside', null],
    ]);
    expect(standing([shown({}, { isEnabled: false })], both)[0]).toEqual(['beside', null]);
    expect(standing([shown(), shown({}, { id: 'rule-2' })], both)[0]).toEqual(['on', null]);
  });

  it('answers for one that the log tells of twice', () => {
    expect(standing([shown()], [HIDING, { ...HIDING }])[0]).toEqual(['on', 'rule-1']);
  });

  it('answers for the one that is left of two', () => {
    const gone = rule({ name: 'Work', turn: 'gone', isEnd: true, at: at(60) });
    expect(standing([shown()], [HIDING, { ...HIDING, at: at(40) }, gone])[0]).toEqual(['on', 'rule-1']);
  });
});

describe('of two rules of one name', () => {
  const decoy = rule({ name: 'Work', turn: 'made', at: at(40), moveTo: 'Projects' });
  const gone = rule({ name: 'Work', turn: 'gone', isEnd: true, at: at(60) });

  it('the newer one, which harms nobody, does not stand for the other', () => {
    const told = inboxRule(factsOf({ rules: [{ ...HIDING, sendsTo: [] }, decoy] }));
    expect(told.map(({ row }) => [row['deletes'], row['moveTo']])).toEqual([
      [false, 'Projects'],
      [true, null],
    ]);
  });

  it('one that is gone does not end the other', () => {
    const hidden = { ...HIDING, stands: 'not shown' as const };
    expect(rulesSince([hidden, decoy, gone], at(0)).map(({ stands }) => stands)).toContain('not shown');
    expect(rulesSince([hidden, gone], at(0)).map(({ stands }) => stands)).toEqual(['off']);
  });

  it('one that was changed is still one, as it is by now', () => {
    const changed = rule({ name: 'Work', at: at(50), moveTo: 'Archive' });
    expect(rulesSince([HIDING, changed], at(0)).map(({ moveTo }) => moveTo)).toEqual(['Archive']);
  });
});

it('a rule behind another is nothing to switch off: an administrator can look at both', () => {
  const [finding] = inboxRule(factsOf({ rules: [{ ...HIDING, sendsTo: [], stands: 'beside' }] }));
  expect(finding?.measure).toBeNull();
  expect(finding?.byHand).toMatch(/ -IncludeHidden \| Where-Object Name -eq 'Work'$/);
  expect(finding?.sentence).toContain('it may be hidden');
});
