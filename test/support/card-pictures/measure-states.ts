import type { ListedMeasure, MeasureList } from '../../../src/core/find/measure-list.ts';
import { MEASURE_KINDS } from '../../../src/core/measure/measure.ts';
import type { Recorded } from '../../../src/core/record/ledger.ts';
import { accountOf } from '../../../src/core/record/measures.ts';
import type { EntryType } from '../../../src/core/record/payloads.ts';
import { type MeasureFacts, type MeasuresView, presentMeasures } from '../../../src/core/tell/measures-view.ts';
import { CHAT_NAMES } from '../fake-rooms.ts';
import { hostileTexts } from './hostile.ts';

/** A list of measures on its card: asked, under way, done with one that failed, put back, barred, and of the longest texts. */

const HOSTILE = hostileTexts().slice(0, 8).join(' ');
const AT = '2026-11-20T08:00:00.000Z';
const DIGEST = 'c0ffee12'.repeat(8);
const terms = {
  rules: ['measures'],
  seats: [{ role: 'approver', count: 2 }],
  expiryMinutes: 60,
  reason: true,
  stepUp: 'c1',
};

const one = (n: number, kind: ListedMeasure['kind'], change: Partial<ListedMeasure> = {}): ListedMeasure => ({
  kind,
  person: 'ann',
  address: 'ann.of.accounts@contoso.example',
  ref: 'r',
  name: '..',
  n,
  terms,
  barred: null,
  flipsBack: false,
  ...change,
});

const USUAL = [
  one(1, 'revoke-sessions'),
  one(2, 'disable-account', { flipsBack: true }),
  one(3, 'rule-off'),
  one(4, 'revoke-grant', { name: 'Mail Sync Pro' }),
];

const listOf = (measures: readonly ListedMeasure[], change: Partial<MeasureList> = {}): MeasureList => ({
  id: 'CM-7F3K2MQ4',
  incident: 'CB-7F3K2M',
  at: AT,
  until: '2026-11-20T09:00:00.000Z',
  mode: 'live',
  policy: 'p',
  playbook: 'suspected-takeover',
  asker: { person: 'dana', name: 'Dana' },
  reason: 'her account sends mail to customers that she does not know of',
  measures,
  left: 0,
  byHand: [],
  salt: 's',
  ...change,
});

const BY_HAND = {
  address: 'ann.of.accounts@contoso.example',
  line: `Set-Mailbox -Identity 'ann.of.accounts@contoso.example' -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false`,
  isFound: true,
};

function entry<T extends EntryType>(seq: number, type: T, detail: object, outcome: string | null = null, who = 'Omar') {
  const heading = { seq, prev: '', tenant: 't', at: AT, incident: 'CB-7F3K2M', platform: 'teams', planDigest: null };
  const actor = { kind: 'person', id: who, name: who };
  const more = { mailbox: null, message: null, requestId: null, outcome, actor };
  return {
    ...heading,
    ...more,
    type,
    detail: { list: 'CM-7F3K2MQ4', digest: DIGEST, ...detail },
  } as unknown as Recorded;
}

const approved = (seq: number, who: string, of = 'apply') =>
  entry(seq, 'measures.approved', { of, roles: ['approver'], reason: null, account: who }, null, who);
const begun = (seq: number, items: readonly number[], of = 'apply') =>
  entry(seq, 'measures.begun', { of, errand: of === 'apply' ? 'apply' : 'back', items });
const done = (seq: number, item: number, outcome: string, note = '', errand = 'apply') =>
  entry(seq, 'measure.outcome', { item, errand, note, after: null }, outcome);

function viewOf(
  list: MeasureList,
  entries: readonly Recorded[] = [],
  change: Partial<MeasureFacts> = {},
): MeasuresView {
  return presentMeasures({
    tenantName: 'contoso',
    id: list.id,
    incident: list.incident,
    made: { list, digest: DIGEST, account: accountOf(entries) },
    openByHand: list.byHand.map(({ line }) => line),
    brake: { stopped: false, by: null, reason: null, at: null },
    chatNames: CHAT_NAMES,
    now: '2026-11-20T08:10:00.000Z',
    ...change,
  });
}

export function measureStates(): { name: string; view: MeasuresView }[] {
  const list = listOf(USUAL, { byHand: [BY_HAND] });
  const start = [approved(1, 'Omar'), approved(2, 'Lena'), begun(3, [1, 2, 3, 4])];
  const all = [done(4, 1, 'done'), done(5, 2, 'refused', 'missing User.EnableDisableAccount.All'), done(6, 3, 'done')];
  const ended = [...start, ...all, done(7, 4, 'done')];
  const back = [
    ...ended,
    begun(8, [3, 4], 'back'),
    done(9, 3, 'put-back', '', 'back'),
    done(10, 4, 'changed', '', 'back'),
  ];
  const barred = USUAL.map((measure) => {
    return { ...measure, terms: null, barred: { why: 'privileged', detail: 'Exchange Administrator' } } as const;
  });
  const many = Array.from({ length: 20 }, (_none, n) => {
    const kind = MEASURE_KINDS[n % MEASURE_KINDS.length] ?? 'rule-off';
    return one(n + 1, kind, {
      name: HOSTILE.slice(0, 200),
      address: `${'long'.repeat(20)}@contoso.example`,
      flipsBack: true,
    });
  });
  const handful = Array.from({ length: 8 }, () => ({ ...BY_HAND, line: `${BY_HAND.line} # ${'x'.repeat(420)}` }));
  const unwritten = Array.from({ length: 8 }, () => {
    return { address: HOSTILE.slice(0, 320), what: 'stop-forwarding', why: 'shown otherwise' } as const;
  });
  const longest = listOf(many, { reason: HOSTILE.repeat(20).slice(0, 900), byHand: handful, unwritten, left: 30 });
  const numbers = many.map(({ n }) => n);
  return [
    { name: 'measures-asked', view: viewOf(list, [approved(1, 'Omar')]) },
    { name: 'measures-running', view: viewOf(list, [...start, done(4, 1, 'done')]) },
    { name: 'measures-in-part', view: viewOf(list, ended) },
    {
      name: 'measures-contained',
      view: viewOf(listOf(USUAL.slice(2), { playbook: null }), [
        ...start.slice(0, 2),
        begun(3, [3, 4]),
        done(4, 3, 'done'),
        done(5, 4, 'done'),
      ]),
    },
    { name: 'measures-back', view: viewOf(list, back) },
    { name: 'measures-barred', view: viewOf(listOf(barred)) },
    { name: 'measures-changed', view: viewOf(list, [], { made: null }) },
    {
      name: 'measures-stopped',
      view: viewOf(list, [], { brake: { stopped: true, by: 'Omar', reason: 'a drill', at: AT } }),
    },
    { name: 'measures-longest', view: viewOf(longest) },
    {
      name: 'measures-longest-done',
      view: viewOf(longest, [begun(3, numbers), ...numbers.map((n) => done(3 + n, n, 'done', 'x'.repeat(300)))]),
    },
  ];
}
