import { z } from 'zod';
import { seatPeople } from '../ask/tally.ts';
import { type ListedMeasure, type MeasureList, mayBeDone, termsOf } from '../find/measure-list.ts';
import { shortDigest } from '../find/plan.ts';
import { MEASURES } from '../measure/kinds.ts';
import { doneWith, errandOn, type MeasureAccount, votesOn } from '../record/measures.ts';
import { aboutNow, backable, type MeasuresStand, standOf } from '../record/measures-now.ts';
import { clip, count, inertOr, shortTime } from '../text.ts';
import { leftWords, stoppedLine } from './asking.ts';
import { PLAIN } from './button.ts';
import { CardAction, type CardView, Note } from './card.ts';
import type { CaseFacts } from './case.ts';
import { type ChatNames, chatName } from './chats.ts';
import { measuresState } from './measure-state.ts';
import { barWords, beforehand, doneWords, measureTitle, unwrittenWords } from './measure-words.ts';
import { askedWords } from './voters.ts';

/** The card of a list of measures: every string final, inert and clipped, for templates that bind nothing else. */

export interface MeasureFacts {
  readonly tenantName: string;
  readonly id: string;
  readonly incident: string;
  /** Null where what is stored is not what the record says. */
  readonly made: { readonly list: MeasureList; readonly digest: string; readonly account: MeasureAccount } | null;
  /** Lines for an administrator that the last look at the findings still names; all of them where nobody has looked since. */
  readonly openByHand: readonly string[];
  readonly brake: CaseFacts['brake'];
  readonly chatNames: ChatNames;
  /** ISO time. */
  readonly now: string;
}

const line = (max: number) => z.string().min(1).max(max);

export const MeasuresView = z.strictObject({
  tenant: line(80),
  /** Id of the list: what presses on this card name. */
  incident: line(40),
  /** The incident that it belongs to. */
  about: line(40),
  revision: z.string().regex(/^\d+$/),
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  shortDigest: line(20),
  state: line(60),
  tone: z.enum(['neutral', 'busy', 'attention', 'good', 'bad']),
  status: line(300),
  stopped: z.string().max(400),
  /** Who asks, and why. */
  asked: line(600),
  measures: z.array(z.strictObject({ title: line(200), who: line(200), words: line(300), isBad: z.boolean() })).max(20),
  /** `command`: shown as it is, and never cut: half of it would be another. */
  byHand: z.array(z.strictObject({ text: line(160), command: line(1_000) })).max(8),
  /** What cannot be written as one line, and why. */
  unwritten: z.array(Note).max(8),
  needs: z.string().max(300),
  deadline: z.string().regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$/),
  left: z.string().max(60),
  decisions: z.array(Note).max(20),
  actions: z.array(CardAction).max(5),
  /** One button each, by the number of the measure. */
  backs: z.array(z.strictObject({ page: z.string().regex(/^\d+$/), label: line(60) })).max(20),
});
export type MeasuresView = z.infer<typeof MeasuresView>;

export function isMeasures(view: CardView | MeasuresView): view is MeasuresView {
  return 'measures' in view;
}

export function presentMeasures(facts: MeasureFacts): MeasuresView {
  const { made, id, incident, tenantName } = facts;
  const head = { tenant: inertOr(tenantName, 'tenant', 80), incident: id, about: incident };
  if (!made) return { ...head, ...NOTHING, stopped: stoppedLine(facts) };
  const { list, account, digest } = made;
  const stand = standOf(list, account, facts.now);
  const stopped = stoppedLine(facts);
  return {
    ...head,
    revision: String(account.seq),
    digest,
    shortDigest: shortDigest(digest),
    ...measuresState(made, stand, facts.openByHand.length),
    stopped,
    asked: clip(
      `${inertOr(list.asker.name, 'Somebody', 80)} asks for ${whatWords(list)}: ${inertOr(list.reason, 'no reason given', 300)}`,
      600,
    ),
    measures: list.measures.map((measure) => rowOf(measure, account)),
    byHand: list.byHand.map((one) => byHandRow(one, facts)),
    unwritten: (list.unwritten ?? []).map((one) => ({ text: unwrittenWords(one) })),
    ...needsOf(made, stand, facts.now),
    decisions: decisionsOf(facts, account),
    ...(stopped === '' ? buttonsOf(made, facts.now) : { actions: [], backs: [] }),
  };
}

const NOTHING = {
  revision: '0',
  digest: '',
  shortDigest: '\u2014',
  state: 'Differs from the record',
  tone: 'bad',
  status:
    'What is stored of these measures is not what the record says that people were asked about: nothing is decided or done. Whoever runs Clawback has to look: clawback audit verify.',
  asked: 'Nothing of it is shown.',
  measures: [],
  byHand: [],
  unwritten: [],
  needs: '',
  deadline: '',
  left: '',
  decisions: [],
  actions: [],
  backs: [],
} satisfies Partial<MeasuresView>;

function whatWords({ playbook, measures, left }: MeasureList): string {
  const more = left > 0 ? ` (${count(left, 'more was', 'more were')} named than one card holds)` : '';
  const what = count(measures.length, 'measure');
  return `${playbook === null ? what : `\u201c${inertOr(playbook, 'a playbook', 60)}\u201d, ${what}`}${more}`;
}

type Made = NonNullable<MeasureFacts['made']>;

function rowOf(measure: ListedMeasure, account: MeasureAccount): MeasuresView['measures'][number] {
  const { words, isBad } = saidOf(measure, account);
  const who = inertOr(measure.address, 'somebody', 200);
  return { title: clip(measureTitle(measure), 200), who, words: clip(words, 300), isBad };
}

const GOOD: ReadonlySet<string> = new Set(['done', 'already', 'gone', 'rehearsed', 'put-back', 'as-before']);

function saidOf(measure: ListedMeasure, account: MeasureAccount): { readonly words: string; readonly isBad: boolean } {
  const { n, barred } = measure;
  if (barred) return { words: barWords(barred), isBad: true };
  const errand = errandOn(account, n);
  if (errand) return { words: errand.errand === 'back' ? 'Being put back.' : 'Being done.', isBad: false };
  const done = doneWith(account, n);
  if (!done) return { words: beforehand(measure), isBad: false };
  const flips =
    done.outcome === 'done' && measure.flipsBack ? ' It is synced and will flip back: disable it on premises.' : '';
  const gone =
    done.outcome === 'done' && MEASURES[measure.kind].undo === 'none' ? ` ${MEASURES[measure.kind].words.back}` : '';
  return {
    words: `${doneWords(measure, done)}${flips}${gone} (${shortTime(done.at)})`,
    isBad: !GOOD.has(done.outcome),
  };
}

function byHandRow(
  { address, line: words, isFound }: MeasureList['byHand'][number],
  { openByHand }: MeasureFacts,
): MeasuresView['byHand'][number] {
  const open = isFound ? 'open, as the last look saw it' : 'nobody sees from here whether it was run';
  const state = openByHand.includes(words) ? open : 'not found any more by the last look';
  return { text: clip(`${inertOr(address, 'somebody', 100)}: ${state}`, 160), command: lineOf(words) };
}

/** Breaks and what cannot be seen are no part of a line. One that is too long for a card stands in the record. */
function lineOf(words: string): string {
  const plain = words.replace(/[\p{C}\u2028\u2029]/gu, '');
  return plain === '' || plain.length > MOST_LINE || MEANT.test(plain)
    ? 'too long for a card: clawback incident shows it'
    : plain;
}
const MOST_LINE = 600;
/** To templates and clients this means something. */
const MEANT = /\{\{|\$\{/;

function needsOf(made: Made, stand: MeasuresStand, now: string): Pick<MeasuresView, 'needs' | 'deadline' | 'left'> {
  const { list, account, digest } = made;
  const terms =
    stand === 'asked'
      ? termsOf(
          list,
          mayBeDone(list).map(({ n }) => n),
        )
      : null;
  if (!terms) return { needs: '', deadline: '', left: '' };
  const { people, needed } = seatPeople(votesOn(account, 'apply', digest, ''), terms.seats);
  const more = [terms.reason ? 'each says why' : '', terms.stepUp === null ? '' : 'each signs in anew'].filter(
    (one) => one !== '',
  );
  const words = `${people.length} of ${needed} approvals: ${askedWords(seatPeople(votesOn(account, 'apply', digest, ''), terms.seats).seats)}${more.length === 0 ? '' : `; ${more.join(', ')}`}. Not whoever asked, and nobody it is about.`;
  const minutes = (instant(list.until) - instant(now)) / 60_000;
  return { needs: clip(words, 300), deadline: `${list.until.slice(0, 19)}Z`, left: leftWords(minutes) };
}

// biome-ignore lint/style/noRestrictedGlobals: reads a given text, no clock
const instant = (iso: string) => Date.parse(iso);

function decisionsOf({ chatNames }: MeasureFacts, account: MeasureAccount): MeasuresView['decisions'] {
  return account.approvals.slice(-20).map(({ actor, platform, at, detail }) => ({
    text: clip(
      `${inertOr(actor.name, 'Somebody', 80)} ${VOTED[detail.of.split(' ')[0] ?? ''] ?? 'voted'}${numberIn(detail.of)} in ${chatName(chatNames, platform ?? '')}, ${shortTime(at)}`,
      300,
    ),
  }));
}

const numberIn = (of: string) => (of.startsWith('back ') ? ` (${of.slice(5)})` : '');

const VOTED: Readonly<Record<string, string>> = {
  apply: 'approved',
  back: 'wants it put back',
  decline: 'declined',
  cancel: 'wants to end it',
};

function buttonsOf({ list, account }: Made, now: string): Pick<MeasuresView, 'actions' | 'backs'> {
  const has = (of: 'apply' | 'decline' | 'cancel') => aboutNow(list, account, of, now);
  const [apply, decline, cancel, back] = [has('apply'), has('decline'), has('cancel'), backable(list, account)];
  const isReady = standOf(list, account, now) !== 'running';
  const actions = [
    ...(apply.length > 0 ? [approveButton(list, apply)] : []),
    ...(decline.length > 0 ? [plain('measures-decline', 'Decline')] : []),
    ...(cancel.length > 0 ? [plain('measures-cancel', 'End it: leave the rest alone')] : []),
    ...(back.length > 1 && isReady ? [plain('measures-back', `Put all ${back.length} back`)] : []),
  ];
  return { actions, backs: back.map((n) => ({ page: String(n), label: `Put ${n} back` })) };
}

function approveButton(list: MeasureList, about: readonly number[]): MeasuresView['actions'][number] {
  const final = mayBeDone(list).filter(({ kind }) => MEASURES[kind].undo === 'none').length;
  const kept = final === 0 ? 'Each can be put back.' : `${count(final, 'measure')} of them cannot be taken back.`;
  return {
    ...plain('measures-apply', `Approve ${count(about.length, 'measure')}`),
    style: 'primary',
    confirmation: {
      title: `Carry out ${count(about.length, 'measure')}?`,
      text: `${list.mode === 'dry-run' ? 'A dry run: nothing is changed. ' : ''}Each is looked at, done, and looked at again. ${kept}`,
      yes: 'Approve',
      no: 'Not yet',
    },
  };
}

function plain(id: string, label: string): MeasuresView['actions'][number] {
  return { ...PLAIN, id, label };
}
