import { describe, expect, it } from 'vitest';
import type { Compared } from '../../src/core/intelligence/compare.ts';
import type { PersonFinding } from '../../src/core/intelligence/finding.ts';
import { lookOf, type PeopleLook } from '../../src/core/intelligence/look.ts';
import { peopleLines, peopleRemarks } from '../../src/core/tell/people-words.ts';
import { LOOK } from '../support/people-words.ts';

/** What the card and the answer say of the people who received a mail: no more than was seen, and what is left out is counted. */

const [FIRST] = LOOK.findings;
const many = (n: number): readonly PersonFinding[] =>
  Array.from({ length: n }, (_none, nth) => ({ ...(FIRST as PersonFinding), sentence: `Finding ${nth + 1}.` }));
const look = (change: Partial<PeopleLook> = {}): PeopleLook => ({ ...LOOK, ...change });
const remarks = (change: Partial<PeopleLook> = {}, since: Compared | null = null) =>
  peopleRemarks({ is: 'looked', look: look(change), since });
const lines = (change: Partial<PeopleLook> = {}) =>
  peopleLines('CB-1', { look: look(change), counts: [], now: LOOK.at });
const SIGNAL = (n: number) => ({ ...{ signal: 'x', sentence: `Signal ${n}.`, strength: 'weak' } }) as never;

describe('on the card', () => {
  it('is nothing before anybody has looked, and one line of what differs', () => {
    expect(peopleRemarks(null)).toEqual([]);
    expect(peopleRemarks({ is: 'differs' })).toHaveLength(1);
  });

  it('three findings are told, and more are counted with those that were not kept', () => {
    const more = (n: number, leftOut = 0) =>
      remarks({ findings: many(n), leftOut }).filter((one) => one.includes('more finding'));
    expect(more(3)).toEqual([]);
    expect(more(4)).toEqual(['1 more finding about people, and where they are from: see People.']);
    expect(more(3, 2)).toEqual(['2 more findings about people, and where they are from: see People.']);
    expect(remarks({ findings: many(5) }).filter((one) => one.includes(': Finding'))).toHaveLength(3);
  });

  it('a suspicion is of those who were asked about', () => {
    const of = (change: Partial<PeopleLook>) => remarks(change).find((one) => one.startsWith('Account takeover'));
    expect(of({ suspected: [] })).toBeUndefined();
    expect(of({ asked: 3, people: 3 })).toBe('Account takeover suspected: 1 of 3 people.');
    expect(of({ asked: 2, people: 3 })).toBe('Account takeover suspected: 1 of 2 people who were asked about, of 3.');
  });

  it('what was done about it is compared, and what nobody knows is said', () => {
    const since = (change: Partial<Compared>) =>
      remarks({ findings: [] }, { before: 4, after: 2, fresh: [], unknown: 0, ...change });
    expect(since({})[0]).toBe('Findings about people before something was done: 4; still seen 20 Nov 10:30 UTC: 2.');
    expect(since({ fresh: many(1) })[0]).toContain(': 2, 1 of them new.');
    expect(since({}).some((one) => one.includes('nobody knows'))).toBe(false);
    expect(since({ unknown: 1 })[1]).toMatch(/^Of 1 of them nobody knows/);
  });

  it('what is not known of them is said as that', () => {
    const last = (did: PeopleLook['did']) => remarks({ did }).at(-1);
    expect(last({ read: null, clicked: 0, replied: null, forwarded: 4 })).toBe(
      'Of 3 people: read: not known, link followed by 0, answered: not known, passed on by 4, as seen 20 Nov 10:30 UTC.',
    );
  });

  it('three signals of the mail itself stand beside them', () => {
    const mail = [1, 2, 3, 4].map(SIGNAL);
    expect(remarks({ mail }).filter((one) => one.startsWith('Signal'))).toHaveLength(3);
  });
});

describe('for whoever presses People', () => {
  it('twenty findings are told, and more are counted', () => {
    const more = (n: number, leftOut = 0) =>
      lines({ findings: many(n), leftOut }).filter((one) => one.includes('none of them heavier'));
    expect([more(20), more(21), more(20, 5)]).toEqual([
      [],
      ['1 more finding, none of them heavier.'],
      ['5 more findings, none of them heavier.'],
    ]);
  });

  it('it is said how many were asked about, and how many of them themselves', () => {
    const head = (change: Partial<PeopleLook>) => lines(change)[0];
    expect(head({ asked: 2, people: 3, askedThemselves: 0 })).toContain('Asked about 2 of 3 people; the mail');
    expect(head({ asked: 3, people: 3, askedThemselves: 1 })).toContain('Asked about 3 people, and looked into');
    expect(head({ because: 'contained' })).toContain('looked at after something was done about it');
  });

  it('what can be answered is said with how, and only then', () => {
    const has = (findings: readonly PersonFinding[]) =>
      lines({ findings }).some((one) => one.startsWith('To have that done'));
    const bare = many(1).map((one) => ({ ...one, measure: null, byHand: null }));
    expect([has(LOOK.findings), has(bare)]).toEqual([true, false]);
    const both = many(1).map((one) => ({ ...one, byHand: 'Get-InboxRule' }));
    expect(lines({ findings: both }).some((one) => one.includes('Get-InboxRule'))).toBe(both[0]?.measure === null);
  });

  it('each source has its own word, and rows only where some were seen', () => {
    const [answer] = LOOK.answers;
    const said = (change: object) =>
      lines({ answers: [{ ...(answer as PeopleLook['answers'][number]), ...change }] }).find((one) =>
        one.startsWith('Sign-ins:'),
      );
    expect(said({ is: 'answered', rows: 1 })).toBe('Sign-ins: seen, 1 row.');
    expect(said({ is: 'answered', rows: 0, cut: true })).toBe(
      'Sign-ins: nothing found; not everything was told or asked.',
    );
    expect(said({ is: 'not permitted', rows: 3 })).toBe('Sign-ins: Clawback is not permitted to read it.');
    expect(said({ is: 'no answer' })).toBe('Sign-ins: gave no answer.');
  });
});

describe('a look', () => {
  it('keeps three hundred findings and counts the others', () => {
    const kept = (n: number) => {
      const { findings, leftOut } = lookOf(LOOK, many(n));
      return [findings.length, leftOut];
    };
    expect([kept(300), kept(301)]).toEqual([
      [300, 0],
      [300, 1],
    ]);
  });

  it('has the heaviest first, then by person', () => {
    const of = (person: string, weight: number) => ({ ...(FIRST as PersonFinding), person, weight });
    const { findings } = lookOf(LOOK, [of('b', 10), of('a', 10), of('c', 40)]);
    expect(findings.map(({ person }) => person)).toEqual(['c', 'a', 'b']);
  });
});
