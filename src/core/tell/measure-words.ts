import type { ListedMeasure, Unwritten } from '../find/measure-list.ts';
import type { Bar } from '../measure/barred.ts';
import type { Unfit } from '../measure/hand-line.ts';
import { MEASURES } from '../measure/kinds.ts';
import type { MeasureOutcome } from '../measure/outcome.ts';
import type { Done } from '../record/measures.ts';
import { clip, inertOr } from '../text.ts';

/** Words about measures: what each does, why it is not done, and what became of it. */

const BAR_WORDS: Readonly<Record<Bar, (detail: string) => string>> = {
  'unknown-account': () => 'the directory knows no such account, or more than one',
  'break-glass': () => 'an account for emergencies: nothing is ever done to it',
  privileged: (roles) =>
    `an administrator (${inertOr(roles, 'of a role that is not named', 120)}): a person has to do this`,
  'roles-unknown': (missing) =>
    `whether it is an administrator cannot be found out${missing === '' ? '' : ` (${serviceWords(missing)})`}`,
  protected: (set) => `in \u201c${inertOr(set, 'a protected set', 80)}\u201d, which is never touched`,
  policy: (why) => inertOr(why, 'no rule of the policy allows it', 160),
  'not-on': () => 'not switched on in this tenant',
};

/** The name of a permission has to be found again as it is; only our own adapters say which it is. */
const PERMISSION = /^(missing )?([A-Z][A-Za-z]*(?:\.[A-Za-z]+){1,4})(?:: ([\s\S]*))?$/;

function serviceWords(said: string): string {
  const [, missing = '', permission, why] = PERMISSION.exec(said) ?? [];
  if (permission === undefined) return inertOr(said, 'the service did not say why', 200);
  return `${missing}${permission}${why ? `: ${inertOr(why, 'no reason', 160)}` : ''}`;
}

export function barWords({ why, detail }: NonNullable<ListedMeasure['barred']>): string {
  return `Not done: ${BAR_WORDS[why](detail)}.`;
}

const isBar = (note: string): note is Bar => Object.hasOwn(BAR_WORDS, note);

const OUTCOME_WORDS: Readonly<Record<MeasureOutcome, (measure: ListedMeasure, note: string) => string>> = {
  done: ({ kind }) => `Seen: ${MEASURES[kind].words.done}.`,
  already: ({ kind }) => `It was so already: ${MEASURES[kind].words.done}.`,
  gone: () => 'It was not there any more: nothing was done.',
  refused: (_, note) => `Not done: ${serviceWords(note)}.`,
  barred: (_, note) =>
    isBar(note) ? `Not done: ${BAR_WORDS[note]('')}.` : `Not done: ${inertOr(note, 'it is never done', 120)}.`,
  'not-seen': () => 'Asked for, and not seen to be so: look at it yourself.',
  'not-known': (_, note) => `Nobody knows whether it was done: ${serviceWords(note)}.`,
  cancelled: () => 'Left alone: it was ended before its turn.',
  rehearsed: () => 'A dry run: it would be done.',
  'put-back': ({ kind }) => `Put back: ${MEASURES[kind].words.isBack}.`,
  'as-before': () => 'Somebody else has put it back already.',
  changed: () => 'Not put back: somebody has changed it since, and that is not overwritten.',
};

/** In words, what became of it last. */
export function doneWords(measure: ListedMeasure, { outcome, note, errand }: Done): string {
  const words = OUTCOME_WORDS[outcome as MeasureOutcome] as (typeof OUTCOME_WORDS)[MeasureOutcome] | undefined;
  const said = words?.(measure, note) ?? inertOr(outcome, 'What became of it is not known here.', 80);
  return errand === 'back' && outcome === 'refused' ? said.replace('Not done', 'Not put back') : said;
}

/** `2. Disable the account`; whose stands apart, so that neither is cut for the sake of the other. */
export function measureTitle({ n, kind, name }: ListedMeasure): string {
  const does = MEASURES[kind].words.does({ name });
  return `${n}. ${does.slice(0, 1).toUpperCase()}${does.slice(1)}`;
}

/** What has to be known before the press: whether it can be taken back, and what becomes of it by itself. */
export function beforehand({ kind, flipsBack, rolesUnseen }: ListedMeasure): string {
  const { undo, words } = MEASURES[kind];
  const back =
    undo === 'none' ? words.back : undo === 'exact' ? 'Can be put back as it was.' : `Can be put back: ${words.back}.`;
  const flips = flipsBack ? ' The account is synced and will flip back: disable it on premises.' : '';
  const unseen =
    rolesUnseen === undefined
      ? ''
      : ` Eligible roles, and those of a part of the directory, not looked at: ${serviceWords(`missing ${rolesUnseen}`)}.`;
  return `${back}${flips}${unseen}`;
}

/** What an administrator is to do. */
export const HAND_WORDS: Readonly<Record<Unwritten['what'], string>> = {
  'stop-forwarding': 'stop the forwarding',
  'block-sender': 'block the sender',
  'reset-password': 'have the password reset',
  'reset-mfa': 'look at the sign-in methods',
  'inbox-rule': 'switch the inbox rule off',
  delegate: 'take the rights on the mailbox back',
  consent: 'switch the app off for everybody',
};

const UNFIT_WORDS: Readonly<Record<Unfit, string>> = {
  'no address': 'what is named is no mail address',
  'no id': 'the app has no id that a line could name',
  empty: 'nothing is named',
  hidden: 'what is named holds characters that do not show',
  'too long': 'what is named is longer than such a line may be',
  'shown otherwise': 'what is named cannot be shown as it is',
};

/** It stays to be done: somebody has to find a way. */
export function unwrittenWords({ address, what, why }: Unwritten): string {
  const who = inertOr(address, 'somebody', 100);
  return clip(`${who}: to ${HAND_WORDS[what]} cannot be written as one line, because ${UNFIT_WORDS[why]}.`, 300);
}
