import { describe, expect, it } from 'vitest';
import type { ListedMeasure, MeasureList } from '../../src/core/find/measure-list.ts';
import type { MeasureKind } from '../../src/core/measure/measure.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import {
  accountOf,
  beforeOf,
  doneWith,
  errandOn,
  intentsSince,
  type MeasureAccount,
  votesOn,
} from '../../src/core/record/measures.ts';
import { aboutNow, backable, type Purpose, standOf } from '../../src/core/record/measures-now.ts';
import { ERASED } from '../../src/core/record/personal.ts';

/** What is known of a list of measures is what the record says of it, entry by entry, and where it stands follows from that alone. */

const NOW = '2026-11-20T08:30:00.000Z';
const UNTIL = '2026-11-20T09:00:00.000Z';
const D = 'd1';

interface Said {
  readonly at?: string;
  readonly by?: string;
  readonly kind?: 'person' | 'service';
  readonly outcome?: string;
  readonly detail?: object;
}

const said = (type: string, { by = 'omar', kind = 'person', at = NOW, outcome, detail = {} }: Said = {}) =>
  ({ type, at, platform: 'slack', outcome: outcome ?? null, actor: { kind, id: by, name: by }, detail }) as const;

/** Entries in the order of the record. */
function account(...all: readonly ReturnType<typeof said>[]): MeasureAccount {
  return accountOf(all.map((entry, n) => ({ ...entry, seq: n + 1 })) as unknown as readonly Recorded[]);
}

const vote = (by: string, more: object = {}, at = NOW) =>
  said('measures.approved', {
    by,
    at,
    detail: { of: 'apply', digest: D, account: 'U1', roles: ['lead'], reason: null, ...more },
  });
const gone = (person: string, of = 'apply') => said('measures.withdrawn', { detail: { of, person, name: '' } });
const begun = (items: readonly number[], of = 'apply', errand = 'apply') =>
  said('measures.begun', { detail: { of, errand, items, approvedBy: [] } });
const closed = (outcome: string) => said('measures.closed', { outcome });
const intent = (item: number, errand = 'apply', before = 'b') =>
  said('measure.intent', { detail: { item, errand, before } });
const untried = (item: number) => said('measure.untried', { detail: { item, errand: 'apply' } });
const ended = (item: number, outcome: string, errand = 'apply', at = NOW) =>
  said('measure.outcome', { at, outcome, detail: { item, errand, note: `of ${item}`, after: `after ${item}` } });

const listed = (n: number, kind: MeasureKind = 'rule-off', why: 'privileged' | null = null): ListedMeasure => ({
  ...{ n, kind, person: `p${n}`, address: `p${n}@contoso.example`, ref: '', name: '', flipsBack: false },
  terms: why ? null : { rules: ['r'], seats: [], expiryMinutes: 60, reason: false, stepUp: null },
  barred: why && { why, detail: '' },
});
const list = (...measures: readonly ListedMeasure[]): MeasureList => ({
  ...{ id: 'CM-1', incident: 'CB-1', at: NOW, until: UNTIL, mode: 'live', policy: 'p', playbook: null, left: 0 },
  ...{ asker: { person: 'dana', name: 'Dana' }, reason: 'x', byHand: [], salt: 's', measures },
});
const TWO = list(listed(1), listed(2), listed(3, 'rule-off', 'privileged'));

describe('votes on measures', () => {
  const people = (known: MeasureAccount, of = 'apply', notBefore = '') =>
    votesOn(known, of, D, notBefore).map(({ person }) => person);

  it('are what people said, with where and how', () => {
    const [one] = votesOn(account(vote('ann', { reason: 'seen' })), 'apply', D, '');
    expect(one).toEqual({
      ...{ person: 'ann', name: 'ann', platform: 'slack', account: 'U1', roles: ['lead'], reason: 'seen', at: NOW },
    });
  });

  it('count for the purpose and for the list that they were given to, once a person', () => {
    const known = account(vote('ann'), vote('ann'), vote('ben', { of: 'decline' }), vote('cas', { digest: 'another' }));
    expect([people(known), people(known, 'decline'), people(known, 'back 1')]).toEqual([['ann'], ['ben'], []]);
  });

  it('are those of people, and not what a service writes', () => {
    const service = said('measures.approved', {
      by: 'x',
      kind: 'service',
      detail: { of: 'apply', digest: D, roles: [] },
    });
    expect(people(account(service))).toEqual([]);
  });

  it('are over once what they were for was begun, and what else was begun does not matter', () => {
    expect(people(account(vote('ann'), begun([1]), vote('ben')))).toEqual(['ben']);
    expect(people(account(vote('ann'), begun([1], 'back 1', 'back')))).toEqual(['ann']);
    expect(people(account(vote('ann'), begun([1]), vote('ben'), begun([2]), vote('cas')))).toEqual(['cas']);
  });

  it('age, to the very moment', () => {
    const known = account(vote('ann', {}, '2026-11-20T07:59:59.999Z'), vote('ben', {}, '2026-11-20T08:00:00.000Z'));
    expect(people(known, 'apply', '2026-11-20T08:00:00.000Z')).toEqual(['ben']);
  });

  it('are gone once they are withdrawn, unless they are given again', () => {
    expect(people(account(vote('ann'), vote('ben'), gone('ann')))).toEqual(['ben']);
    expect(people(account(vote('ann'), gone('ann', 'decline')))).toEqual(['ann']);
    expect(people(account(vote('ann'), gone('ann'), vote('ann')))).toEqual(['ann']);
    expect(people(account(gone('ann'), vote('ann')))).toEqual(['ann']);
  });

  it('are anybody’s who may have been the one whose name was erased', () => {
    expect(people(account(vote('ann'), vote('ben'), gone(ERASED), vote('cas')))).toEqual(['cas']);
  });
});

describe('what is written down of measures', () => {
  it('was asked once, or nobody can say what was asked about', () => {
    const asked = said('measures.asked', { detail: { digest: D } });
    expect(account(asked).asked?.detail.digest).toBe(D);
    expect([account().asked, account(asked, asked).asked]).toEqual([null, null]);
  });

  it('begins with who wanted them, ends with how it was closed first, and grows with each entry', () => {
    const known = account(said('measures.wanted', { by: 'dana' }), closed('declined'), closed('cancelled'));
    expect([known.wanted?.actor.id, known.closed?.outcome, known.seq]).toEqual(['dana', 'declined', 3]);
    expect(account()).toMatchObject({ wanted: null, closed: null, seq: 0 });
  });

  it('has one measure under way from when it was begun until its end, and no other', () => {
    const known = account(begun([1, 2]), ended(2, 'done'));
    expect([1, 2, 3].map((n) => errandOn(known, n))).toEqual([{ errand: 'apply', order: 1 }, null, null]);
    const again = account(begun([1]), ended(1, 'done'), begun([1], 'back', 'back'));
    expect(errandOn(again, 1)).toEqual({ errand: 'back', order: 3 });
  });

  it('says what became of a measure last, and of applying it', () => {
    const known = account(
      ended(1, 'not-seen'),
      ended(1, 'done', 'apply', UNTIL),
      ended(2, 'gone'),
      ended(1, 'put-back', 'back'),
    );
    const done = { note: 'of 1', after: 'after 1' };
    expect(doneWith(known, 1)).toEqual({ ...done, errand: 'back', outcome: 'put-back', at: NOW });
    expect(doneWith(known, 1, 'apply')).toEqual({ ...done, errand: 'apply', outcome: 'done', at: UNTIL });
    expect([doneWith(known, 3), doneWith(known, 3, 'apply')]).toEqual([null, null]);
  });

  it('counts a try from what was begun, and none of which the service says that it did nothing', () => {
    const seqs = (known: MeasureAccount, order = 1) => intentsSince(known, 1, order).map(({ seq }) => seq);
    expect(seqs(account(begun([1]), intent(1), intent(2)))).toEqual([2]);
    expect(seqs(account(begun([1]), intent(1), untried(1), intent(1)))).toEqual([4]);
    expect(seqs(account(begun([1]), intent(1), untried(2)))).toEqual([2]);
    expect(seqs(account(begun([1]), untried(1), intent(1)))).toEqual([3]);
    expect(seqs(account(begun([1]), intent(1), intent(1), untried(1)))).toEqual([2]);
    expect(seqs(account(begun([1]), intent(1), begun([1])), 3)).toEqual([]);
  });

  it('goes back to what was seen before the last try to apply it', () => {
    const known = account(
      intent(1, 'apply', 'first'),
      intent(1, 'apply', 'second'),
      intent(2),
      intent(1, 'back', 'left'),
    );
    expect([beforeOf(known, 1), beforeOf(known, 3)]).toEqual(['second', null]);
  });
});

describe('where a list of measures stands', () => {
  it.each<[string, readonly ReturnType<typeof said>[], string, string]>([
    ['nobody has decided', [vote('ann')], NOW, 'asked'],
    ['its time is over', [], UNTIL, 'expired'],
    ['its time is not quite over', [], '2026-11-20T08:59:59.999Z', 'asked'],
    ['people declined it', [closed('declined')], NOW, 'declined'],
    ['it was closed as expired, whatever the clock says now', [closed('expired')], NOW, 'expired'],
    ['people declined it, and its time is over too', [closed('declined')], UNTIL, 'declined'],
    ['something is under way', [begun([1, 2]), ended(1, 'done')], UNTIL, 'running'],
    ['all came to an end', [begun([1, 2]), ended(1, 'done'), ended(2, 'refused')], UNTIL, 'ended'],
    ['people ended it', [begun([1]), closed('cancelled'), ended(1, 'cancelled')], NOW, 'cancelled'],
    ['people ended it while one was under way', [begun([1]), closed('cancelled')], NOW, 'running'],
    ['it was begun in spite of a deadline', [begun([1]), closed('expired'), ended(1, 'done')], UNTIL, 'ended'],
  ])('%s', (_what, entries, now, stand) => {
    expect(standOf(TWO, account(...entries), now)).toBe(stand);
  });

  it('nothing of it may be done', () => {
    expect(standOf(list(listed(1, 'rule-off', 'privileged')), account(begun([1])), NOW)).toBe('barred');
  });
});

describe('what can be put back', () => {
  const both = list(listed(1), listed(2, 'revoke-sessions'), listed(3, 'rule-off', 'privileged'));
  const left = (...entries: readonly ReturnType<typeof said>[]) => backable(both, account(begun([1, 2]), ...entries));

  it('is what was done, or may have been, and has a way back', () => {
    expect(left(ended(1, 'done'), ended(2, 'done'))).toEqual([1]);
    for (const outcome of ['done', 'not-seen', 'not-known']) expect(left(ended(1, outcome))).toEqual([1]);
    for (const outcome of ['already', 'gone', 'refused', 'barred', 'cancelled', 'rehearsed'])
      expect(left(ended(1, outcome))).toEqual([]);
    expect(backable(both, account())).toEqual([]);
  });

  it('is nothing that is under way, or is back', () => {
    expect(left()).toEqual([]);
    expect(left(ended(1, 'done'), begun([1], 'back', 'back'))).toEqual([]);
    const back = (outcome: string) => left(ended(1, 'done'), begun([1], 'back', 'back'), ended(1, outcome, 'back'));
    expect([back('put-back'), back('as-before'), back('changed'), back('not-seen')]).toEqual([[], [], [1], [1]]);
  });

  it('is there again where it was done again after it was back', () => {
    const again = [
      ended(1, 'done'),
      begun([1], 'back', 'back'),
      ended(1, 'put-back', 'back'),
      begun([1]),
      ended(1, 'done'),
    ];
    expect(left(...again)).toEqual([1]);
  });
});

describe('what a vote is about', () => {
  const about = (of: Purpose, ...entries: readonly ReturnType<typeof said>[]) =>
    aboutNow(TWO, account(...entries), of, NOW);

  it('is all that may be done while people are asked, and nothing afterwards', () => {
    expect([about('apply'), about('decline')]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    for (const entry of [closed('declined'), begun([1, 2])])
      expect([about('apply', entry), about('decline', entry)]).toEqual([[], []]);
  });

  it('is what nobody has set out to do, where it is to be ended', () => {
    expect(about('cancel', begun([1, 2]), intent(1))).toEqual([2]);
    expect(about('cancel', begun([1, 2]), intent(1), untried(1))).toEqual([1, 2]);
    expect(about('cancel', begun([1, 2]), closed('cancelled'))).toEqual([]);
    expect(about('cancel')).toEqual([]);
  });

  it('is what was done, or that one alone, where it is to be put back', () => {
    const done = [begun([1, 2]), ended(1, 'done'), ended(2, 'done')];
    expect([about('back', ...done), about('back 2', ...done), about('back 3', ...done)]).toEqual([[1, 2], [2], []]);
  });
});
