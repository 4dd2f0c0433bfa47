import { describe, expect, it } from 'vitest';
import { noOutcomes } from '../../src/core/action/outcome.ts';
import { joined } from '../../src/core/find/alert.ts';
import { joinedEvidence } from '../../src/core/find/evidence.ts';
import { formsOfCopies } from '../../src/core/find/mail-form.ts';
import { saidOfHome } from '../../src/core/find/release.ts';
import { homeLines, releaseLine, releaseState } from '../../src/core/tell/release-words.ts';
import { alertOf, copyOf, incidentOf, planOf } from '../support/cases.ts';

/** What is said of what automation took out, and what alerts about one mail add to each other. */

describe('where copies go back to', () => {
  const copy = (n: number, known: 'our list' | 'delivery' | 'not known') =>
    copyOf(n, { said: saidOfHome({ folderId: 'f', known }) });
  const lines = (...copies: readonly ReturnType<typeof copy>[]) => homeLines(planOf({ copies: [...copies] }));

  it('is said of each way in which it is known, and of none that there is none of', () => {
    expect(lines()).toEqual([]);
    expect(lines(copy(1, 'our list'))).toEqual([
      'All 1 copy: back into the folder in which an earlier list of Clawback had seen it.',
    ]);
    expect(lines(copy(1, 'delivery'), copy(2, 'delivery'))).toEqual([
      'All 2 copies: back into Junk Email, into which they were delivered, says Defender.',
    ]);
    expect(lines(copy(1, 'not known'), copy(2, 'our list'), copy(3, 'our list'))).toEqual([
      '1 of 3 copies: nobody knows in which folder it was, so the Inbox it is.',
      '2 of 3 copies: back into the folder in which an earlier list of Clawback had seen them.',
    ]);
  });
});

describe('the sentence of a case', () => {
  const list = { id: 'AU-1', key: '1' } as never;
  const facts = (situation: 'open' | 'expired' | 'restored', plan = planOf(), automation: unknown = list) =>
    ({
      incident: { ...incidentOf(situation), alert: { ...alertOf(), ...(automation ? { automation } : {}) } },
      plan,
    }) as never;
  const run = (change: object = {}) =>
    ({
      cancelledAt: null,
      total: 3,
      outcomes: { ...noOutcomes(), restored: 1, restoredElsewhere: 1 },
      ...change,
    }) as never;

  it('is the usual one where automation has nothing to do with it', () => {
    expect(releaseLine(facts('expired', planOf(), null), undefined, '')).toBeNull();
    expect(releaseState(facts('restored', planOf(), null), 'restored', false)).toBeNull();
  });

  it('says what is empty, what is over and what was put back', () => {
    const empty = planOf({ copies: [], finders: [{ name: 'hunting' }] as never });
    expect(releaseLine(facts('open', empty), undefined, '')).toBe(
      'Nothing of it lies where a mailbox could give it back any more.',
    );
    expect(releaseLine(facts('open'), undefined, '')).toBeNull();
    expect(releaseLine(facts('expired'), undefined, '')).toContain('the mail stays out');
    expect(releaseLine(facts('restored'), run(), '2 back.')).toBe('Put back: 2 back.');
    expect(releaseLine(facts('restored'), run({ cancelledAt: 'x' }), '2 back.')).toBe(
      'Cancelled: 2 of 3 copies put back. 2 back.',
    );
    expect(releaseLine(facts('restored'), undefined, '')).toBeNull();
  });

  it('names trouble for a glance', () => {
    const state = (isTroubled: boolean) => releaseState(facts('restored'), 'restored', isTroubled);
    expect([state(true), state(false)]).toEqual(['Put back, with trouble', 'Put back: can be read again']);
    expect(releaseState(facts('open'), 'open', true)).toBeNull();
  });
});

describe('what is told of one mail more than once', () => {
  const none = { spf: null, dkim: null, dmarc: null, firstContact: null, files: [] };

  it('has the clicks of whoever saw more, and none where nobody counted', () => {
    const clicks = (a?: number, b?: number) =>
      joinedEvidence(
        { ...none, ...(a === undefined ? {} : { clicks: a }) },
        { ...none, ...(b === undefined ? {} : { clicks: b }) },
      );
    expect([clicks(2, 5), clicks(5, 2), clicks(0, undefined), clicks(undefined, 3)].map((one) => one?.clicks)).toEqual([
      5, 5, 0, 3,
    ]);
    expect(clicks()).toEqual(none);
    expect([
      joinedEvidence(none, undefined),
      joinedEvidence(undefined, none),
      joinedEvidence(undefined, undefined),
    ]).toEqual([none, none, undefined]);
  });

  it('is taken back by who said it, once, and by nobody else', () => {
    const first = { ...alertOf(), said: [{ source: 'watcher', id: '1', verdict: 'phishing' }] } as never;
    const back = (source: string) =>
      ({ ...alertOf({ id: '2' }), retracted: [{ source, at: '2026-11-20T09:00:00Z', why: 'benign' }] }) as never;
    expect(joined(first, back('watcher'))?.retracted).toMatchObject([{ source: 'watcher' }]);
    expect(joined(first, back('another'))?.retracted).toBeUndefined();
  });
});

it('copies of one form share it', () => {
  const form = { networkMessageId: 'ABC', internetMessageId: '<one@mailer.example>' };
  const copies = [1, 2].map((n) => ({ mailbox: `m${n}`, message: 'x', form: { ...form } }));
  const [one, other] = [...formsOfCopies(copies).values()];
  expect(one).toEqual({ ...form, networkMessageId: 'abc' });
  expect(one).toBe(other);
});
