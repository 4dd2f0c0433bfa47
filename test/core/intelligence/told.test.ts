import { describe, expect, it } from 'vitest';
import type { SourceAnswer } from '../../../src/core/intelligence/asked.ts';
import type { PersonFinding } from '../../../src/core/intelligence/finding.ts';
import { looksThatCount, saysAll } from '../../../src/core/intelligence/told.ts';

/** A service that gives no answer takes nothing away of what it told before. */

const answer = (source: SourceAnswer['source'], change: Partial<SourceAnswer> = {}): SourceAnswer => ({
  ...{ source, is: 'answered', rows: 0, cut: false, asked: 1, detail: '' },
  ...change,
});
const EVENTS = ['mailbox events', 'directory events'] as const;
const told = EVENTS.map((source) => answer(source));
const silent = EVENTS.map((source) => answer(source, { is: 'no answer' }));
const forwarding = (sentence: string, to = 'x@fabrikam.example'): PersonFinding => ({
  ...{ kind: 'forwarding', person: 'p', address: 'ann@contoso.example', strength: 'strong', weight: 40, sentence },
  ...{ sources: ['mailbox events'], at: '2026-11-20T08:00:00.000Z', row: { to }, measure: null, byHand: 'Set-Mailbox' },
});
const look = (answers: readonly SourceAnswer[], findings: readonly PersonFinding[] = [], leftOut = 0) => ({
  answers,
  findings,
  leftOut,
});
const named = (looks: Parameters<typeof looksThatCount>[0]) =>
  looksThatCount(looks).map(({ findings }) => findings.map(({ sentence }) => sentence));

describe('which looks tell what is there', () => {
  it('the newest one, where it was told all', () => {
    expect(named([look(told, [forwarding('before')]), look(told)])).toEqual([[]]);
  });

  it.each([
    ['gave no answer', silent],
    ['may not be asked any more', EVENTS.map((source) => answer(source, { is: 'not permitted' }))],
    ['told only a part', EVENTS.map((source) => answer(source, { cut: true }))],
    ['were not asked', []],
  ])('and those before it, back to one that was told all, where services %s', (_, answers) => {
    const looks = [look(told, [forwarding('long ago')]), look(told, [forwarding('before')]), look(answers)];
    expect(named(looks)).toEqual([['before'], []]);
  });

  it('and those before it, where more was found than is kept', () => {
    expect(named([look(told, [forwarding('before')]), look(told, [], 7)])).toEqual([['before'], []]);
  });

  it('what never answered is waited for by nobody', () => {
    const blind = [answer('mailbox events', { is: 'not permitted' }), answer('directory events')];
    expect(named([look(blind, [forwarding('before')]), look(blind)])).toEqual([[]]);
  });

  it('of the same thing the later one has the word, each is told once', () => {
    const looks = [look(told, [forwarding('before'), forwarding('other', 'y@fabrikam.example')])];
    expect(named([...looks, look(silent, [forwarding('now')])])).toEqual([['other'], ['now']]);
  });
});

describe('whether one look says all', () => {
  it.each([
    ['everybody answered', look(told), true],
    ['somebody never will', look([...told, answer('sign-ins', { is: 'not licensed' })]), true],
    ['somebody may not be asked', look([...told, answer('sign-ins', { is: 'not permitted' })]), false],
    ['somebody gave no answer', look(silent), false],
    ['what was done to the mail is not known', look([...told, answer('link clicks', { is: 'no answer' })]), true],
    ['more was found than is kept', look(told, [], 1), false],
  ])('where %s', (_, one, says) => {
    expect(saysAll(one)).toBe(says);
  });
});
