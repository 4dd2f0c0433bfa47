import { describe, expect, it } from 'vitest';
import { answeredWords, answerTime } from '../../src/core/record/answer-time.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { explainIncident } from '../../src/core/record/why.ts';
import { entryOf } from '../support/entries.ts';

/** How long a report waited for what became of it, by the record alone. */

const chain = (...entries: readonly object[]) => entries.map((entry, n) => ({ ...entry, seq: n + 1 })) as Recorded[];
const at = (time: string, entry: object) => ({ ...entry, at: `2026-11-20T${time}.000Z` });
const reported = (time: string) => at(time, entryOf('alert.received'));
const again = (time: string) => at(time, entryOf('alert.repeated'));
const rejected = (time: string) => at(time, entryOf('decision.rejected'));
const reopened = (time: string) => at(time, entryOf('incident.reopened'));

describe('the time from report to answer', () => {
  it('is counted from the first report to the entry that ended the case', () => {
    expect(answerTime(chain(reported('08:00:00'), again('08:05:00'), rejected('08:12:30')))).toEqual({
      end: 'harmless',
      seq: 3,
      seconds: 750,
    });
  });

  it('is that of the purge, not of what was done with it later', () => {
    const started = at('08:20:00', entryOf('run.started', { action: 'purge', run: 'r1', mode: 'live' }));
    const summary = [{ outcome: 'removed', copies: 1 }];
    const finished = at('08:21:00', entryOf('run.finished', { action: 'purge', run: 'r1', copies: 1, summary }));
    expect(answerTime(chain(reported('08:00:00'), started, finished, again('09:00:00')))).toMatchObject({
      end: 'removed',
      seconds: 21 * 60,
    });
  });

  it.each([
    ['while the case is open', [reported('08:00:00')]],
    ['where it was taken up again', [reported('08:00:00'), rejected('08:12:00'), reopened('08:30:00')]],
    ['where no report began it', [rejected('08:12:00')]],
    ['where the record says no time', [{ ...entryOf('alert.received'), at: 'soon' }, rejected('08:12:00')]],
  ])('is not there %s', (_name, entries) => {
    expect(answerTime(chain(...entries))).toBeNull();
  });

  it('is none, and not less, where a clock was set back', () => {
    expect(answerTime(chain(reported('08:00:00'), rejected('07:00:00')))?.seconds).toBe(0);
  });
});

it.each([
  [0, 'less than a minute'],
  [59.9, 'less than a minute'],
  [60, '1 min'],
  [750, '12 min'],
  [7_199, '119 min'],
  [7_200, '2 h'],
  [172_799, '47 h'],
  [172_800, '2 days'],
])('%d s are told as %s', (seconds, words) => {
  expect(answeredWords({ seconds })).toBe(`answered ${words} after the first report`);
});

describe('why it came as it did', () => {
  const said = 'The case was answered 12 min after the first report.';

  it('says how long it took', () => {
    expect(explainIncident(chain(reported('08:00:00'), rejected('08:12:30')))).toContain(said);
  });

  it('says nothing of it while nothing has ended', () => {
    expect(explainIncident(chain(reported('08:00:00'))).join(' ')).not.toContain('after the first report');
  });
});
