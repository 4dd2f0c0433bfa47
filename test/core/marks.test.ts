import { describe, expect, it } from 'vitest';
import { type Marks, markChange } from '../../src/core/action/marks.ts';

const marks = (change: Partial<Marks> = {}): Marks => ({
  isRead: false,
  flag: 'flagged',
  flagDates: null,
  categories: ['Red', 'Blue'],
  ...change,
});
const day = (date: string, timeZone = 'UTC') => ({ dateTime: `${date}T00:00:00.0000000`, timeZone });
const dates = { start: day('2026-11-20'), due: day('2026-11-30') };

describe('what has to be set so that a mail is marked as before', () => {
  it.each<[string, Marks, Marks]>([
    ['the same marks', marks(), marks()],
    ['the same categories in another order', marks(), marks({ categories: ['Blue', 'Red'] })],
    ['the same dates', marks({ flagDates: dates }), marks({ flagDates: dates })],
    [
      'the same dates with other fractions',
      marks({ flagDates: dates }),
      marks({ flagDates: { ...dates, due: { dateTime: '2026-11-30T00:00:00', timeZone: 'UTC' } } }),
    ],
    // Images from before dates were kept.
    [
      'dates that nobody knows of',
      marks({ flag: 'flagged', flagDates: undefined } as never),
      marks({ flagDates: dates }),
    ],
    ['dates that nobody looked at', marks({ flagDates: dates }), marks({ flagDates: undefined } as never)],
    // The service takes no due date without a start.
    ['a start that had to be written', marks({ flagDates: { due: dates.due } }), marks({ flagDates: dates })],
  ])('nothing: %s', (_, wanted, seen) => {
    expect(markChange(wanted, seen)).toBeNull();
  });

  it.each<[string, Marks, Marks, unknown]>([
    ['read state', marks(), marks({ isRead: true }), { isRead: false }],
    ['categories', marks(), marks({ categories: ['Red'] }), { categories: ['Red', 'Blue'] }],
    ['flag', marks(), marks({ flag: 'complete' }), { flag: { status: 'flagged', dates: null } }],
    [
      'due date',
      marks({ flagDates: dates }),
      marks({ flagDates: { ...dates, due: day('2026-12-01') } }),
      { flag: { status: 'flagged', dates } },
    ],
    ['a date that was lost', marks({ flagDates: dates }), marks(), { flag: { status: 'flagged', dates } }],
    ['a date that came', marks(), marks({ flagDates: dates }), { flag: { status: 'flagged', dates: null } }],
    [
      'the zone of a date',
      marks({ flagDates: dates }),
      marks({ flagDates: { ...dates, due: day('2026-11-30', 'Tokyo Standard Time') } }),
      { flag: { status: 'flagged', dates } },
    ],
    [
      'when it was done',
      marks({ flag: 'complete', flagDates: { completed: day('2026-11-20') } }),
      marks({ flag: 'complete', flagDates: { completed: day('2026-11-29') } }),
      { flag: { status: 'complete', dates: { completed: day('2026-11-20') } } },
    ],
    [
      'a start that came beside what was done',
      marks({ flag: 'complete', flagDates: { completed: day('2026-11-20') } }),
      marks({ flag: 'complete', flagDates: { completed: day('2026-11-20'), start: day('2026-11-19') } }),
      { flag: { status: 'complete', dates: { completed: day('2026-11-20') } } },
    ],
    [
      'the start beside the same due date',
      marks({ flagDates: dates }),
      marks({ flagDates: { ...dates, start: day('2026-11-21') } }),
      { flag: { status: 'flagged', dates } },
    ],
    [
      'the start alone',
      marks({ flagDates: { start: day('2026-11-20') } }),
      marks({ flagDates: { start: day('2026-11-21') } }),
      { flag: { status: 'flagged', dates: { start: day('2026-11-20') } } },
    ],
  ])('%s, and nothing else', (_, wanted, seen, change) => {
    expect(markChange(wanted, seen)).toEqual(change);
  });

  it('a flag without its dates where nobody knows them', () => {
    const { flagDates: _unknown, ...old } = marks();
    expect(markChange(old, marks({ flag: 'notFlagged' }))).toStrictEqual({ flag: { status: 'flagged' } });
  });
});
