import { describe, expect, it } from 'vitest';
import type { ListedMeasure, MeasureList } from '../../src/core/find/measure-list.ts';
import { type AboutPerson, containmentOf, lookWhetherContainedAt } from '../../src/core/flag/contained.ts';
import type { FlagLook } from '../../src/core/flag/flag.ts';
import type { SourceAnswer } from '../../src/core/intelligence/asked.ts';
import type { PersonFinding } from '../../src/core/intelligence/finding.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { accountOf } from '../../src/core/record/measures.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { openWords, stateName } from '../../src/core/tell/flags.ts';

/** That a mailbox is contained is seen, or it is not so, whoever says it. */

const ANN = 'a0000000-0000-4000-8000-000000000001';
const ADDRESS = 'ann@contoso.example';
const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;
const terms = { rules: ['r'], seats: [], expiryMinutes: 60, reason: false, stepUp: null };
const LINE = 'Set-Mailbox -Identity ann';

const measure = (n: number, kind: ListedMeasure['kind'], change: Partial<ListedMeasure> = {}): ListedMeasure => ({
  ...{ n, kind, person: ANN, address: ADDRESS, ref: '', name: '', terms, barred: null, flipsBack: false },
  ...change,
});

function listOf(measures: readonly ListedMeasure[], change: Partial<MeasureList> = {}): MeasureList {
  return {
    ...{ id: 'CM-1', incident: 'CB-1', at: at(9), until: at(20), mode: 'live', policy: 'p', playbook: null, left: 0 },
    ...{ asker: { person: 'dana', name: 'Dana' }, reason: 'x', measures, byHand: [], salt: 's' },
    ...change,
  };
}

function entry(seq: number, hour: number, type: EntryType, detail: object, outcome: string | null = null): Recorded {
  const actor = { kind: 'person', id: 'omar', name: 'Omar' };
  return { seq, at: at(hour), type, outcome, actor, detail: { list: 'CM-1', ...detail } } as unknown as Recorded;
}
const begun = (seq: number, items: readonly number[], errand = 'apply') =>
  entry(seq, 10, 'measures.begun', { of: errand, errand, items });
const done = (seq: number, item: number, outcome = 'done', errand = 'apply') =>
  entry(seq, 11, 'measure.outcome', { item, errand, note: '', after: null }, outcome);

const finding = (change: Partial<PersonFinding> = {}): PersonFinding => ({
  ...{ kind: 'inbox-rule', person: ANN, address: ADDRESS, strength: 'strong', weight: 40, sentence: 'A rule.' },
  ...{ sources: ['mailbox events'], at: at(8), row: {}, measure: null, byHand: null },
  ...change,
});
const answers: readonly SourceAnswer[] = [
  { source: 'mailbox events', is: 'answered', rows: 1, cut: false, asked: 1, detail: '' },
];
const lookAt = (hour: number, findings: readonly PersonFinding[]) => ({ at: at(hour), findings, answers });

function seen(
  about: Partial<AboutPerson>,
  change: { readonly after?: FlagLook | null; readonly called?: number } = {},
): { readonly seen: boolean; readonly open: readonly string[]; readonly since: string | null } {
  const flag = { person: ANN, address: ADDRESS, after: change.after ?? null };
  const came = containmentOf(flag, { lists: [], differ: 0, looks: [], ...about }, at(change.called ?? 12), at(13));
  return { ...came, open: came.open.map(({ kind, count }) => `${kind} ${count}`) };
}
const applied = (list: MeasureList, ...more: readonly Recorded[]) => ({
  list,
  account: accountOf([
    begun(
      1,
      list.measures.map(({ n }) => n),
    ),
    ...more,
  ]),
});
const asked = (list: MeasureList) => ({ list, account: accountOf([]) });
const two = listOf([measure(1, 'revoke-sessions'), measure(2, 'rule-off', { ref: 'r1' })]);

describe('a mailbox that somebody calls contained', () => {
  it('is contained where every measure about this person was seen to be done, from when the last one was', () => {
    const came = seen({ lists: [applied(two, done(2, 1), done(3, 2, 'gone'))] });
    expect(came).toEqual({ seen: true, open: [], since: at(11) });
  });

  it('is not where only what a mail left behind was taken out', () => {
    const traces = listOf([measure(1, 'remove-event', { ref: 'm' }), measure(2, 'take-sent-copy', { ref: '<m>' })]);
    const came = seen({ lists: [applied(traces, done(2, 1), done(3, 2, 'gone'))] });
    expect(came).toEqual({ seen: false, open: ['nothing-done 1'], since: null });
  });

  it('is not where nothing was done', () => {
    expect(seen({})).toMatchObject({ seen: false, open: ['nothing-done 1'] });
    const others = listOf([measure(1, 'revoke-sessions', { person: 'bob' })]);
    expect(seen({ lists: [applied(others, done(2, 1))] })).toMatchObject({ seen: false, open: ['nothing-done 1'] });
  });

  it.each([
    ['waits for people', [asked(two)], ['nothing-done 1', 'asked 2']],
    ['is under way', [applied(two, done(2, 1))], ['running 1']],
    ['failed', [applied(two, done(2, 1), done(3, 2, 'refused'))], ['failed 1']],
    ['was not seen to be done', [applied(two, done(2, 1), done(3, 2, 'not-seen'))], ['failed 1']],
    ['was only rehearsed', [applied(two, done(2, 1), done(3, 2, 'rehearsed'))], ['failed 1']],
    [
      'was put back',
      [applied(two, done(2, 1), done(3, 2), begun(4, [2], 'back'), done(5, 2, 'put-back', 'back'))],
      ['put-back 1'],
    ],
    [
      'expired',
      [applied(two, done(2, 1), done(3, 2)), asked(listOf([measure(1, 'disable-account')], { until: at(10) }))],
      ['failed 1'],
    ],
  ] as const)('is not where one of them %s', (_how, lists, open) => {
    expect(seen({ lists })).toMatchObject({ seen: false, open });
  });

  it('is not where one may not be done to this account, unless a later look is clean', () => {
    const barred = measure(2, 'disable-account', { terms: null, barred: { why: 'privileged', detail: '' } });
    const lists = [applied(listOf([measure(1, 'revoke-sessions'), barred]), done(2, 1))];
    expect(seen({ lists })).toMatchObject({ seen: false, open: ['barred 1'] });
    const after = { is: 'seen', findings: 0, unlooked: [], at: at(13) } as const;
    expect(seen({ lists }, { after })).toMatchObject({ seen: true });
  });

  it('is by what a later list has seen to be done, whatever an earlier one failed at', () => {
    const failed = applied(listOf([measure(1, 'revoke-sessions')]), done(2, 1, 'refused'));
    const worked = applied(listOf([measure(1, 'revoke-sessions')], { id: 'CM-2' }), done(2, 1));
    expect(seen({ lists: [failed, worked] })).toMatchObject({ seen: true });
    expect(seen({ lists: [worked, failed] })).toMatchObject({ open: ['nothing-done 1', 'failed 1'] });
    expect(seen({ lists: [worked, asked(listOf([measure(1, 'revoke-sessions')]))] })).toMatchObject({ seen: true });
  });

  it('is not where what is stored of a list is not what the record says', () => {
    expect(seen({ lists: [applied(two, done(2, 1), done(3, 2))], differ: 1 })).toMatchObject({ open: ['differs 1'] });
  });
});

describe('a line for an administrator', () => {
  const byHand = [{ address: ADDRESS, line: LINE, isFound: true }];
  const lists = [applied({ ...two, byHand }, done(2, 1), done(3, 2))];
  const forwards = finding({ kind: 'forwarding', byHand: LINE });

  it('is open until a look that was told everything does not find any more what it was for', () => {
    expect(seen({ lists })).toMatchObject({ seen: false, open: ['by-hand 1'] });
    expect(seen({ lists, looks: [lookAt(8, [])] })).toMatchObject({ open: ['by-hand 1'] });
    const blind = { ...lookAt(12, []), answers: [{ ...answers[0], is: 'not permitted' } as SourceAnswer] };
    expect(seen({ lists, looks: [blind] })).toMatchObject({ open: ['by-hand 1'] });
    expect(seen({ lists, looks: [lookAt(12, [forwards])] })).toMatchObject({ open: ['by-hand 1', 'findings 1'] });
    expect(seen({ lists, looks: [lookAt(12, [])] })).toMatchObject({ seen: true });
  });

  it('that no look can see stays open whatever is found', () => {
    const unseen = [
      applied(
        { ...two, byHand: [{ address: ADDRESS, line: 'Update-MgUser', isFound: false }] },
        done(2, 1),
        done(3, 2),
      ),
    ];
    expect(seen({ lists: unseen, looks: [lookAt(12, [])] })).toMatchObject({ open: ['by-hand-unseen 1'] });
  });

  it('of another mailbox is none of its own', () => {
    const bobs = [
      applied(
        { ...two, byHand: [{ address: 'bob@contoso.example', line: LINE, isFound: true }] },
        done(2, 1),
        done(3, 2),
      ),
    ];
    expect(seen({ lists: bobs })).toMatchObject({ seen: true });
  });
});

describe('what a look finds', () => {
  const lists = [applied(two, done(2, 1), done(3, 2))];

  it('keeps it from being contained where it is there, or happened since', () => {
    const consent = finding({ kind: 'consent', row: { isThere: true } });
    expect(seen({ lists, looks: [lookAt(12, [consent])] })).toMatchObject({ seen: false, open: ['findings 1'] });
    const signIn = (hour: number) => finding({ kind: 'sign-in', at: at(hour) });
    expect(seen({ lists, looks: [lookAt(13, [signIn(12)])] })).toMatchObject({ open: ['findings 1'] });
    expect(seen({ lists, looks: [lookAt(13, [signIn(10)])] })).toMatchObject({ seen: true });
  });

  it('is over where a measure has answered it, unless a later look sees it there itself', () => {
    const answer = { kind: 'rule-off', ref: 'r1', name: '', person: ANN, address: ADDRESS } as const;
    const rule = (stands: string | null) => finding({ measure: answer, row: { stands } });
    expect(seen({ lists, looks: [lookAt(8, [rule('on')])] })).toMatchObject({ seen: true });
    expect(seen({ lists, looks: [lookAt(12, [rule(null)])] })).toMatchObject({ seen: true });
    expect(seen({ lists, looks: [lookAt(12, [rule('on')])] })).toMatchObject({ seen: false, open: ['findings 1'] });
  });

  it('does without any measure, where the look is clean and from after it was called so', () => {
    const clean = (hour: number) => ({ is: 'seen', findings: 0, unlooked: [], at: at(hour) }) as const;
    expect(seen({}, { after: clean(13) })).toMatchObject({ seen: true });
    expect(seen({}, { after: clean(11) })).toMatchObject({ seen: false });
    const part = { ...clean(13), is: 'seen in part' } as const;
    expect(seen({}, { after: part })).toMatchObject({ seen: false });
  });
});

describe('another look by itself', () => {
  const called = (open: readonly string[], looks = 0, isSeen = false) =>
    lookWhetherContainedAt({
      state: 'contained',
      contained: { by: 'Omar', at: at(0), seen: isSeen, open: open.map((kind) => ({ kind, count: 1 })), looks },
    });

  it('comes later and later, and is for what a look can see', () => {
    expect(called(['nothing-done'])).toBe(Date.parse(at(0)) + 100 * 60_000);
    expect(called(['findings'], 2)).toBe(Date.parse(at(0)) + 24 * 3_600_000);
    expect(called(['by-hand'], 4)).toBeNull();
    expect(called(['findings', 'asked'])).toBeNull();
    expect(called([], 0, true)).toBeNull();
  });
});

describe('its words', () => {
  const of = (contained: { seen: boolean } | null) =>
    stateName({
      state: 'contained',
      contained: contained && { by: 'Omar', at: at(0), open: [], looks: 0, ...contained },
      owner: { person: 'omar', name: 'Omar' },
    });

  it('say that it is contained only where that was seen', () => {
    expect([of({ seen: true }), of({ seen: false }), of(null)]).toEqual([
      'contained',
      'called contained by Omar, not seen',
      'called contained by Omar, not seen',
    ]);
  });

  it('say what is still open, also of a kind that a newer version knows', () => {
    const open = [
      { kind: 'asked', count: 1 },
      { kind: 'by-hand', count: 2 },
      { kind: 'unheard-of', count: 1 },
    ];
    expect(openWords(open)).toBe('1 measure waits for people, 2 lines by hand were not seen to be run, unheard-of');
  });
});
