import { z } from 'zod';
import type { ContainWhat } from '../find/containing.ts';
import type { WantedProblem } from '../find/measures-wanted.ts';
import { clip, count, inert, inertOr, storable } from '../text.ts';
import { HAND_WORDS } from './measure-words.ts';
import { MEASURE_WORDS } from './people-words.ts';

/** The form in which measures about people of an incident are asked for: what, whom, and why. Nothing is done by it. */

/** What stands in it, as it was chosen and typed. */
export interface ContainTyped {
  readonly what: string | null;
  readonly who: readonly string[];
  readonly address: string | null;
  readonly reason: string | null;
}

/** `what`: none of those that are offered. */
export type ContainProblem = WantedProblem | { readonly is: 'what' };

export interface ContainForm {
  readonly incident: string;
  /** Of the list of mailboxes that it was asked for on. */
  readonly digest: string;
  readonly what: readonly ContainWhat[];
  /** Addresses of people who have to do with the mail, those with findings first. */
  readonly people: readonly string[];
  readonly typed: ContainTyped;
  /** Null where nobody was asked yet. */
  readonly problem: ContainProblem | null;
}

const CONTAIN_FIELDS = ['what', 'who', 'address', 'reason'] as const;
type ContainField = (typeof CONTAIN_FIELDS)[number];

/** Both chats take these: an option of Slack carries no more than 150 characters and shows no more than 75 [docs.slack.dev, option object]. */
const MOST_VALUE = 150;
const MOST_LABEL = 75;
const MOST_PEOPLE = 20;

const line = (max: number) => z.string().min(1).max(max);
const Choice = z.strictObject({ label: line(MOST_LABEL), buttonValue: line(MOST_VALUE) });

/** Final strings; what was typed goes back into the fields it was typed into, and nowhere else. */
export const ContainFormView = z.strictObject({
  incident: line(40),
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  intro: line(400),
  /** Empty where nothing is wrong. */
  problem: z.string().max(200),
  field: z.enum(CONTAIN_FIELDS),
  what: z.array(Choice).min(1).max(60),
  who: z.array(Choice).max(MOST_PEOPLE),
  /** The `buttonValue` that is chosen; empty for none. */
  chosen: z.string().max(MOST_VALUE),
  chosenWho: z.array(z.string().max(MOST_VALUE)).max(MOST_PEOPLE),
  address: z.string().max(1_000),
  reason: z.string().max(1_000),
});
export type ContainFormView = z.infer<typeof ContainFormView>;

export const CONTAIN_LABELS: Readonly<Record<ContainField, string>> = {
  what: 'What is wanted?',
  who: 'For whom? None: everybody whom it is about',
  address: 'Somebody else of this mail (mail addresses)',
  reason: 'Why? It goes into the record.',
};

export function presentContainForm(form: ContainForm): ContainFormView {
  const { incident, digest, typed, problem } = form;
  const people = [...new Set(form.people)];
  const who = people.filter(isPlain).slice(0, MOST_PEOPLE);
  const left = people.length - who.length;
  const more =
    left === 0 ? '' : ` ${count(left, 'more person is', 'more people are')} not on the list: type the address.`;
  const words = form.what.map(({ word }) => word);
  const typedWhat = typed.what ?? '';
  return ContainFormView.parse({
    incident: inertOr(incident, 'incident', 40),
    digest,
    intro: clip(
      `This makes a list of measures: who is meant and what may be done is looked up, and others decide about it on a card of its own. Nothing is done before that. You asked, so you do not decide.${more}`,
      400,
    ),
    problem: problem === null ? '' : PROBLEMS[problem.is],
    field: problem === null ? 'what' : FIELDS[problem.is],
    what: form.what.map((one) => ({ label: clip(whatWords(one), MOST_LABEL), buttonValue: one.word })),
    who: who.map((address) => ({ label: inertOr(address, 'somebody', MOST_LABEL), buttonValue: address })),
    chosen: words.some((word) => word === typedWhat) ? typedWhat : '',
    chosenWho: who.filter((address) => typed.who.includes(address)),
    address: backInto(typed.address),
    reason: backInto(typed.reason),
  });
}

/** As addresses are every day. What else is allowed in one may be markup somewhere: whoever is meant is typed then. */
const EVERYDAY = /^[\p{L}\p{N}._%+'&-]+@[\p{L}\p{N}.-]+$/u;

function isPlain(address: string): boolean {
  return address.length <= MOST_VALUE && EVERYDAY.test(address) && inert(address).replaceAll('[.]', '.') === address;
}

function backInto(typed: string | null): string {
  return storable(typed ?? '')
    .replace(/[\p{C}\u2028\u2029]+/gu, ' ')
    .slice(0, 1_000)
    .toWellFormed();
}

function whatWords(what: ContainWhat): string {
  switch (what.is) {
    case 'found': {
      const hand = what.byHand === 0 ? '' : `, ${count(what.byHand, 'line', 'lines')} for an administrator`;
      return `Everything found: ${count(what.measures, 'measure')}${hand}`;
    }
    case 'playbook':
      return `Playbook \u201c${inertOr(what.word, 'unnamed', 45)}\u201d`;
    case 'kind':
      return MEASURE_WORDS[what.word].replace(/^./, (first) => first.toUpperCase());
    case 'by hand':
      return `For an administrator: ${HAND_WORDS[what.word]}`;
  }
}

const PROBLEMS: Readonly<Record<ContainProblem['is'], string>> = {
  what: 'That is not offered any more: choose again. Nothing was asked for.',
  incident: 'Which incident? Press the button on its card again. Nothing was asked for.',
  reason: 'Please say why, in at most 1,000 characters: it goes into the record. Nothing was asked for.',
  nobody: 'Who is meant? Choose somebody, or type an address. Nothing was asked for.',
  'too-many': 'That is more people than one list holds: ask for fewer at once. Nothing was asked for.',
  'not-meant': 'The policy means that playbook for other mails. Nothing was asked for.',
  word: 'That is no mail address: give addresses alone, with blanks between them. Nothing was asked for.',
};

const FIELDS: Readonly<Record<ContainProblem['is'], ContainField>> = {
  what: 'what',
  incident: 'what',
  reason: 'reason',
  nobody: 'address',
  'too-many': 'address',
  'not-meant': 'what',
  word: 'address',
};
