import { describe, expect, it } from 'vitest';
import { isCalledAllTheSame, type QuietHours, quietUntil } from '../../src/core/ask/quiet.ts';
import { gapsIn, onCallAt, peopleIn, Schedule } from '../../src/core/ask/schedule.ts';
import { instantIn, isZone, wallTime } from '../../src/core/zone.ts';

const at = (iso: string) => Date.parse(iso);
const [ONE, TWO, THREE] = [1, 2, 3].map((n) => `11111111-0000-4000-8000-00000000000${n}`) as [string, string, string];
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe('the clock on the wall', () => {
  it('is read and set, on both sides of a change of the clocks', () => {
    expect(wallTime('Europe/Berlin', at('2026-11-23T13:05:59Z'))).toBe('2026-11-23T14:05');
    expect(wallTime('America/St_Johns', at('2026-01-01T00:00:00Z'))).toBe('2025-12-31T20:30');
    for (const [zone, wall, instant] of [
      ['Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59:00.000Z'],
      ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
      ['Europe/Berlin', '2026-10-25T08:00', '2026-10-25T07:00:00.000Z'],
      ['Asia/Kolkata', '2026-06-01T00:00', '2026-05-31T18:30:00.000Z'],
      ['Pacific/Auckland', '2026-01-01T00:00', '2025-12-31T11:00:00.000Z'],
    ] as const)
      expect([zone, wall, iso(instantIn(zone, wall))]).toEqual([zone, wall, instant]);
  });

  it('is of a zone that there is', () => {
    expect([isZone('Europe/Berlin'), isZone('Mars/Olympus'), isZone('')]).toEqual([true, false, false]);
  });
});

describe('quiet hours', () => {
  const night: QuietHours = { zone: 'Europe/Berlin', from: '22:00', until: '07:00', calledFrom: 'high' };
  it.each([
    ['2026-11-23T20:59:00Z', null],
    ['2026-11-23T21:00:00Z', '2026-11-24T06:00:00.000Z'],
    ['2026-11-24T05:59:59Z', '2026-11-24T06:00:00.000Z'],
    ['2026-11-24T06:00:00Z', null],
    // The clocks are set forward in this night, and back in that one.
    ['2026-03-28T23:00:00Z', '2026-03-29T05:00:00.000Z'],
    ['2026-10-24T22:00:00Z', '2026-10-25T06:00:00.000Z'],
  ])('at %s end at %s', (now, end) => {
    expect(iso(quietUntil(night, at(now)))).toBe(end);
  });

  it('of a day end on that day', () => {
    const noon: QuietHours = { zone: 'UTC', from: '12:00', until: '13:00', calledFrom: 'critical' };
    expect(iso(quietUntil(noon, at('2026-11-23T12:30:00Z')))).toBe('2026-11-23T13:00:00.000Z');
    expect(quietUntil(noon, at('2026-11-23T13:00:00Z'))).toBeNull();
  });

  it('are none for what is bad enough', () => {
    expect((['low', 'medium', 'high', 'critical'] as const).map((one) => isCalledAllTheSame(night, one))).toEqual([
      ...[false, false, true, true],
    ]);
  });
});

const scheduleWith = (change: object) => Schedule.parse({ version: 1, zone: 'Europe/Berlin', ...change });

describe('a rotation', () => {
  const weekly = scheduleWith({ rotation: { start: '2026-11-30T08:00', people: [ONE, TWO, THREE] } });
  it.each([
    ['2026-11-30T06:59:00Z', []],
    ['2026-11-30T07:00:00Z', [ONE]],
    ['2026-12-07T06:59:00Z', [ONE]],
    ['2026-12-07T07:00:00Z', [TWO]],
    ['2026-12-14T07:00:00Z', [THREE]],
    ['2026-12-21T07:00:00Z', [ONE]],
    // The hour on the wall counts, when the clocks have changed as well.
    ['2027-04-05T05:59:00Z', [THREE]],
    ['2027-04-05T06:00:00Z', [ONE]],
  ])('at %s has %j on call', (now, people) => {
    expect(onCallAt(weekly, at(now))).toEqual(people);
  });

  it('gives way to whoever has a shift', () => {
    const both = scheduleWith({
      rotation: { start: '2026-11-30T08:00', days: 1, people: [ONE, TWO] },
      shifts: [{ person: THREE, from: '2026-12-01T20:00', until: '2026-12-02T08:00' }],
    });
    expect(
      ['2026-12-01T18:59:00Z', '2026-12-01T19:00:00Z', '2026-12-02T07:00:00Z'].map((now) => onCallAt(both, at(now))),
    ).toEqual([...[[TWO], [THREE], [ONE]]]);
    expect([...peopleIn(both)].sort()).toEqual([ONE, TWO, THREE]);
  });
});

describe('gaps', () => {
  it('are the times with nobody, each as a whole', () => {
    const shifts = [
      { person: ONE, from: '2026-12-01T08:00', until: '2026-12-01T20:00' },
      { person: TWO, from: '2026-12-01T18:00', until: '2026-12-02T08:00' },
      { person: ONE, from: '2026-12-02T10:00', until: '2026-12-02T12:00' },
    ];
    const gaps = gapsIn(scheduleWith({ shifts }), at('2026-12-01T06:00:00Z'), at('2026-12-03T00:00:00Z'));
    expect(gaps.map(({ from, until }) => [iso(from), iso(until)])).toEqual([
      ['2026-12-01T06:00:00.000Z', '2026-12-01T07:00:00.000Z'],
      ['2026-12-02T07:00:00.000Z', '2026-12-02T09:00:00.000Z'],
      ['2026-12-02T11:00:00.000Z', '2026-12-03T00:00:00.000Z'],
    ]);
  });

  it('has none where a rotation goes on', () => {
    const weekly = scheduleWith({ rotation: { start: '2026-11-30T08:00', people: [ONE] } });
    expect(gapsIn(weekly, at('2026-12-01T00:00:00Z'), at('2027-12-01T00:00:00Z'))).toEqual([]);
    expect(gapsIn(weekly, at('2026-11-29T00:00:00Z'), at('2026-12-01T00:00:00Z'))).toHaveLength(1);
  });
});

describe('a schedule that cannot be used', () => {
  const shift = { person: ONE, from: '2026-12-01T08:00', until: '2026-12-01T20:00' };
  it.each<[string, object, string]>([
    ['names nobody', {}, 'names nobody: give shifts or a rotation'],
    ['is of no zone', { zone: 'Berlin', shifts: [shift] }, 'must be an IANA time zone such as Europe/Berlin'],
    ['ends before it begins', { shifts: [{ ...shift, until: '2026-12-01T08:00' }] }, 'must be after from'],
    [
      'has no such hour',
      { shifts: [{ ...shift, from: '2026-12-01 08:00' }] },
      'must be a local time such as 2026-12-01T08:00',
    ],
    ['has no such day', { shifts: [{ ...shift, until: '2026-13-01T08:00' }] }, 'is no day of the calendar'],
    ['names no person', { shifts: [{ ...shift, person: 'dana' }] }, 'must be an Entra object id (a GUID)'],
    ['rotates among nobody', { rotation: { start: '2026-12-01T08:00', people: [] } }, 'Too small'],
    ['has another key', { shifts: [shift], timezone: 'UTC' }, 'Unrecognized key'],
  ])('because it %s says so', (_why, change, says) => {
    const { error } = Schedule.safeParse({ version: 1, zone: 'Europe/Berlin', ...change });
    expect(error?.issues.map(({ message }) => message).join('\n')).toContain(says);
  });
});
