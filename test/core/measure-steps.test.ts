import { describe, expect, it } from 'vitest';
import { Flags } from '../../src/core/ask/flags.ts';
import { measureStepsNow, type WaitingList } from '../../src/core/flag/measure-steps.ts';
import { instantOf, isoOf } from '../../src/core/instant.ts';

/** When somebody is told that a list of measures waits. */

const AT = '2026-11-20T08:00:00.000Z';
const HOUR = 3_600_000;
const terms = Flags.parse({ dueHours: 48, remindBefore: [24, 2], escalate: { afterHours: 8, to: 'lead' } });
const waiting = (change: Partial<WaitingList> = {}): WaitingList => ({
  list: { at: AT, until: isoOf(instantOf(AT) + HOUR) },
  stand: 'asked',
  open: 0,
  over: [],
  ...change,
});
const at = (hours: number, list: Partial<WaitingList>, by = terms) => {
  const { due, next } = measureStepsNow(waiting(list), by, instantOf(AT) + hours * HOUR);
  return { due: due.map(({ name }) => name), next: next === null ? null : (next - instantOf(AT)) / HOUR };
};

describe('votes', () => {
  it.each<[number, Partial<WaitingList>, readonly string[], number | null]>([
    [0, {}, [], 0.5],
    [0.5, {}, ['votes, halfway'], 0.75],
    [0.6, { over: ['votes, halfway'] }, [], 0.75],
    [0.75, { over: ['votes, halfway'] }, ['votes, escalated to lead'], null],
    [0.9, {}, ['votes, escalated to lead'], null],
    [0.9, { over: ['votes, escalated to lead'] }, [], null],
    [0.9, { stand: 'running' }, [], null],
    [0.9, { stand: 'declined' }, [], null],
  ])('after %d hours of one, %j: %j, and again after %s', (hours, list, due, next) => {
    expect(at(hours, list)).toEqual({ due, next });
  });

  it('go by the hours of flags where these lie within their time', () => {
    const list = { at: AT, until: isoOf(instantOf(AT) + 10 * HOUR) };
    expect([at(0, { list }), at(8, { list }), at(9, { list })]).toEqual([
      { due: [], next: 8 },
      { due: ['votes, 2 h before'], next: 9 },
      { due: ['votes, escalated to lead'], next: null },
    ]);
  });

  it('are never escalated where the policy names nobody for it', () => {
    expect(at(0.9, {}, Flags.parse({}))).toEqual({ due: ['votes, halfway'], next: null });
  });
});

describe('lines for an administrator', () => {
  const ended = { stand: 'ended', open: 2 } as const;

  it.each<[number, Partial<WaitingList>, readonly string[], number | null]>([
    [1, ended, [], 24],
    [25, ended, ['by hand, 24 h before'], 46],
    [49, { ...ended, over: ['by hand, 24 h before'] }, ['by hand, overdue'], 56],
    [57, { ...ended, over: ['by hand, overdue'] }, ['by hand, escalated to lead'], null],
    [57, { ...ended, over: ['by hand, overdue', 'by hand, escalated to lead'] }, [], null],
    [57, { ...ended, open: 0 }, [], null],
    [57, { ...ended, stand: 'expired' }, [], null],
    [57, { ...ended, stand: 'declined' }, [], null],
  ])('after %d hours, %j: %j, and again after %s', (hours, list, due, next) => {
    expect(at(hours, list)).toEqual({ due, next });
  });
});
