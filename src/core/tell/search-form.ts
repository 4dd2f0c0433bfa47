import { CRITERIA, type CriteriaProblem, LONGEST_DAYS, type Typed } from '../find/criteria.ts';
import { inertOr, storable } from '../text.ts';

/** The form in which somebody says what mail to look for. What was typed comes back into it as it was. */

export interface SearchForm {
  readonly typed: Typed & { readonly reason?: string | null };
  /** Which field cannot be taken; null where nobody was asked yet. */
  readonly problem: SearchProblem | null;
  /** The role of which somebody else has to allow it; null where nobody has to. */
  readonly second: string | null;
}

export type SearchProblem = CriteriaProblem | 'reason';
export const SEARCH_FIELDS = [...CRITERIA, 'days', 'reason'] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];

export const FIELD_LABELS: Readonly<Record<SearchField, string>> = {
  sender: 'Sender (one address)',
  messageId: 'Message-ID',
  subject: 'Words of the subject',
  urlHost: 'Host of a link, such as login.example.com',
  attachment: 'SHA-256 of an attached file',
  days: `Days back (1 to ${LONGEST_DAYS})`,
  reason: 'Why? It goes into the record.',
};

/** Final strings; what was typed goes back into the fields it was typed into, and nowhere else. */
export interface SearchFormView {
  readonly intro: string;
  /** Empty where nothing is wrong. */
  readonly problem: string;
  /** Where it is wrong; null where it is no single field. */
  readonly field: SearchField | null;
  readonly typed: Readonly<Record<SearchField, string>>;
}

const LONGEST = 1_000;

export function presentSearchForm({ typed, problem, second }: SearchForm): SearchFormView {
  const value = (name: SearchField) =>
    storable(typed[name] ?? '')
      .replace(/[\p{C}\u2028\u2029]+/gu, ' ')
      .slice(0, LONGEST)
      .toWellFormed();
  return {
    intro: `Looks in the whole tenant for mail to which all that you fill in applies. Hunting remembers 30 days; message trace, where it is on, 90. Who searched for what and why is recorded, and only you see the answer.${second === null ? '' : ` Somebody else with the role ${inertOr(second, 'that the policy names', 40)} has to allow it first.`}`,
    problem: problem === null ? '' : PROBLEMS[problem],
    field: problem === 'nothing' ? null : problem,
    typed: {
      sender: value('sender'),
      messageId: value('messageId'),
      subject: value('subject'),
      urlHost: value('urlHost'),
      attachment: value('attachment'),
      days: value('days') || '30',
      reason: value('reason'),
    },
  };
}

const PROBLEMS: Readonly<Record<SearchProblem, string>> = {
  nothing: 'Fill in at least one thing that the mail is like: nothing was looked for.',
  sender: 'That is not one plain mail address: nothing was looked for.',
  messageId: 'That is not one Message-ID: give the whole header value, without blanks.',
  subject: 'The words of a subject are one line of at most 255 characters.',
  urlHost: 'That is not the name of a host: give it as in login.example.com.',
  attachment: 'That is not a SHA-256: give its 64 hex digits.',
  days: `Give a whole number of days from 1 to ${LONGEST_DAYS}.`,
  reason: 'Please say why, in at most 1,000 characters: it goes into the record.',
};

export const searchProblemWords = (problem: SearchProblem): string => PROBLEMS[problem];
