import { describe, expect, it, test } from 'vitest';
import { bestOf, type SourceAnswer } from '../../src/core/intelligence/asked.ts';
import { peopleLines } from '../../src/core/tell/people-words.ts';
import { LOOK } from '../support/people-words.ts';

/** What People says of what others did, and of what could not be told. */

const linesOf = (change: Partial<typeof LOOK>) =>
  peopleLines('CB-1', { look: { ...LOOK, ...change }, counts: [], now: LOOK.at }).join('\n');
const ANSWER: SourceAnswer = { source: 'mailbox events', is: 'answered', rows: 2, cut: false, asked: 3, detail: '' };
const ZAP = {
  ...{ action: 'Moved to quarantine', way: 'Phish ZAP', trigger: 'SpecialAction', result: 'Success', mailboxes: 12 },
  ...{ first: '2026-11-20T08:10:00.000Z', last: '2026-11-20T08:10:00.000Z' },
};

describe('what others did to the mail', () => {
  test.each([
    [ZAP, 'in 12 mailboxes by Defender’s zero-hour purge (Phish ZAP; post-delivery actions'],
    [{ ...ZAP, way: 'Automated Remediation', trigger: 'Automation' }, 'by an automated investigation of Defender'],
    [
      { ...ZAP, way: 'Manual Remediation', trigger: 'AdminAction' },
      'by an administrator, or Clawback by way of Defender',
    ],
    [{ ...ZAP, result: 'Failure' }, 'with the result “Failure”'],
  ])('is a sentence with its source: %j', (one, words) => {
    expect(linesOf({ already: [one] })).toContain(words);
  });

  it('is not said to be done where it failed', () => {
    const lines = linesOf({ already: [{ ...ZAP, result: 'Failure' }] });
    expect(lines).not.toContain('Already done');
    expect(lines).toContain('Tried on this mail: moved to quarantine in 12 mailboxes');
  });

  it('is not said where nothing was', () => {
    expect(linesOf({})).not.toContain('Already done');
  });

  it('stays short and inert whatever a service calls it', () => {
    const long = '<https://evil.example|x> *a* '.repeat(100);
    const line = linesOf({ already: [{ ...ZAP, action: long, way: long, result: long }] })
      .split('\n')
      .find((one) => one.startsWith('Tried on'));
    expect(line?.length).toBeLessThanOrEqual(300);
    expect(line).not.toContain('<https');
  });
});

describe('a source', () => {
  it('says what it does not know of', () => {
    const text = linesOf({ answers: [{ ...ANSWER, only: 'changes', unresolved: 2 }] });
    expect(text).toContain('only of rules, forwarding and rights that were changed');
    expect(text).toContain('nobody could tell whose mailbox 2 changes since the mail is about');
  });

  it('that another one stands in for is told by the better of the two answers', () => {
    const not: SourceAnswer = { ...ANSWER, is: 'not licensed', rows: 0 };
    const asked = (is: SourceAnswer['is']) => bestOf([not, { ...not, is }]).map((one) => one.is);
    expect([asked('answered'), asked('not permitted'), asked('no answer'), asked('not licensed')]).toEqual([
      ['answered'],
      ['not permitted'],
      ['no answer'],
      ['not licensed'],
    ]);
  });
});
