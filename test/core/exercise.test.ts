import { describe, expect, it } from 'vitest';
import {
  type Exercise,
  exerciseOf,
  NO_EXERCISES,
  type Origin,
  type OwnExercises,
  vouchersOf,
} from '../../src/core/find/exercise.ts';
import { exerciseLines, exerciseView } from '../../src/core/tell/exercise-words.ts';
import { incidentOf } from '../support/cases.ts';

/** Who vouches for an exercise, when all of a mail is one, and what a card says of it. */

const origin = (change: Partial<Origin> = {}): Origin => ({
  ...{ clientIp: '203.0.113.7', returnPath: 'exercise.example', marks: [], ...change },
});
const address: OwnExercises['isOwnAddress'] = (ip) => ip === '203.0.113.7';
const path: OwnExercises['isOwnReturnPath'] = (domain) => domain === 'exercise.example';
const vouch = (own: Partial<OwnExercises>, where: Origin | undefined = origin(), named: readonly string[] = []) =>
  vouchersOf({ networkMessageId: 'ABC', origin: where }, named, { ...NO_EXERCISES, ...own });

describe('one copy is vouched for', () => {
  it('by the word of Microsoft about this very delivery', () => {
    expect(vouch({}, origin(), ['abc'])).toEqual(['microsoft']);
    expect(vouch({}, origin(), ['abd'])).toEqual([]);
    expect(vouchersOf({ networkMessageId: null }, ['null'], NO_EXERCISES)).toEqual([]);
  });

  it('by every list that the configuration gives, and by none where one does not agree', () => {
    expect(vouch({ isOwnAddress: address, isOwnReturnPath: path })).toEqual(['address', 'return-path']);
    expect(vouch({ isOwnAddress: address })).toEqual(['address']);
    expect(vouch({ isOwnAddress: address, isOwnReturnPath: () => false })).toEqual([]);
    expect(vouch({ isOwnAddress: () => false, isOwnReturnPath: path })).toEqual([]);
    expect(vouch({})).toEqual([]);
  });

  it('by nothing that could not be told', () => {
    const anything = () => true;
    expect(vouch({ isOwnAddress: anything }, origin({ clientIp: null }))).toEqual([]);
    expect(vouchersOf({ networkMessageId: 'ABC' }, [], { ...NO_EXERCISES, isOwnReturnPath: anything })).toEqual([]);
  });
});

describe('a mail', () => {
  const copy = (by: readonly ('microsoft' | 'address')[], marks: readonly string[] = []) => ({ by, marks });

  it('is an exercise as a whole where all of it is vouched for, or where nothing was seen that Microsoft names', () => {
    expect(exerciseOf([copy(['address']), copy(['address'])], false)).toEqual({
      whole: true,
      by: ['address'],
      copies: 2,
      marks: [],
    });
    expect(exerciseOf([], true)).toEqual({ whole: true, by: ['microsoft'], copies: 0, marks: [] });
    expect(exerciseOf([], false)).toBeNull();
    expect(exerciseOf([copy(['address'])], true)?.by).toEqual(['microsoft', 'address']);
  });

  it('is none as a whole with one copy for which nobody vouches, whatever Microsoft says of another', () => {
    expect(exerciseOf([copy(['address']), copy([])], true)).toEqual({
      whole: false,
      by: ['address'],
      copies: 1,
      marks: [],
    });
    expect(exerciseOf([copy([])], true)).toBeNull();
  });

  it('has its marks told once each, only of copies for which nobody vouches', () => {
    const seen = exerciseOf([copy(['address'], ['x-own']), copy([], ['x-b', 'x-a']), copy([], ['x-a'])], false);
    expect(seen?.marks).toEqual(['x-a', 'x-b']);
  });
});

describe('the card', () => {
  const whole = { whole: true, by: ['address'] as const, copies: 2, marks: [] };
  const shown = (exercise: Exercise | null, situation: 'open' | 'expired' | 'purged' = 'open') =>
    exerciseView({ exercise, incident: incidentOf(situation) });

  it('says so in place of a question, while nobody has decided', () => {
    expect(shown(whole)).toMatchObject({ state: 'Phishing exercise', reach: '2 copies of the exercise, left alone' });
    expect(shown(whole, 'expired')).toMatchObject({ state: 'Phishing exercise' });
    expect([shown(whole, 'purged'), shown(null), shown({ ...whole, whole: false })]).toEqual([{}, {}, {}]);
  });

  it('counts copies where some were seen', () => {
    expect(shown(whole).status).toContain(' 2 copies seen, none touched. Nobody is asked');
    expect(shown({ ...whole, copies: 0 }).status).toContain('). Nobody is asked');
  });

  it('warns where not all of it is one, and of headers that anybody can write', () => {
    const part = { ...whole, whole: false };
    expect(exerciseLines({ ...part, copies: 1 })[0]).toMatch(/^1 copy .* and is left alone/);
    expect(exerciseLines(part)[0]).toMatch(/^2 copies .* and are left alone/);
    expect([exerciseLines(null), exerciseLines(whole), exerciseLines({ ...part, copies: 0 })]).toEqual([[], [], []]);
    const marks = ['x-a', 'x-b', 'x-c', 'x-d'];
    expect(exerciseLines({ ...whole, marks })[0]).toContain('(x-a, x-b, x-c)');
  });
});
