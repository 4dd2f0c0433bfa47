import { count, inert } from '../text.ts';
import { AUTOMATION_WORDS, type AutomationFacts } from './answer-automation.ts';
import { DECIDED_WORDS, type DecidedFacts } from './answer-decided.ts';
import { FLAG_WORDS, type FlagFacts } from './answer-flag.ts';
import { LINK_WORDS, type LinkFacts } from './answer-link.ts';
import { MEASURE_ANSWERS, type MeasureAnswers } from './answer-measures.ts';
import { QUEUE_WORDS, type QueueAnswers } from './answer-queue.ts';
import { READ_WORDS, type ReadFacts } from './answer-read.ts';
import { REFUSED_WORDS, type RefusalFacts } from './answer-refused.ts';
import { REPORT_WORDS, type ReportFacts } from './answer-report.ts';
import { SEARCH_WORDS, type SearchFacts } from './answer-search.ts';
import { STOP_WORDS, type StopFacts } from './answer-stop.ts';
import { TOLD_WORDS, type ToldFacts } from './answer-told.ts';
import type { Coded, Words } from './coded.ts';

/** Everything that the desk says to one person: a code with its facts. Facts are data as they came, not yet inert. */

/** What became of the press for one wave. */
export interface Vote {
  readonly incident: string;
  readonly answer: Answer;
}

interface AnswerFacts
  extends AutomationFacts,
    DecidedFacts,
    FlagFacts,
    LinkFacts,
    MeasureAnswers,
    QueueAnswers,
    ReadFacts,
    RefusalFacts,
    ReportFacts,
    SearchFacts,
    StopFacts,
    ToldFacts {
  /** One press for all waves of a campaign: what became of it for each. */
  readonly 'all-decided': { readonly votes: readonly Vote[] };
}

export type Answer = Coded<AnswerFacts>;
export type AnswerCode = Answer['code'];
/** Why a press had no effect. */
export type Refusal = Coded<RefusalFacts>;

const WORDS: Words<AnswerFacts> = {
  ...AUTOMATION_WORDS,
  ...DECIDED_WORDS,
  ...FLAG_WORDS,
  ...LINK_WORDS,
  ...MEASURE_ANSWERS,
  ...QUEUE_WORDS,
  ...READ_WORDS,
  ...REFUSED_WORDS,
  ...REPORT_WORDS,
  ...SEARCH_WORDS,
  ...STOP_WORDS,
  ...TOLD_WORDS,
  'all-decided': ({ votes }) => {
    const counted = votes.filter(({ answer }) => COUNTED.has(answer.code)).length;
    return [
      `Your press counts for ${counted} of ${count(votes.length, 'wave')}.`,
      ...votes.map(({ incident, answer }) => `${inert(incident, 40)}: ${linesOf(answer)[0] ?? ''}`),
    ];
  },
};

const COUNTED: ReadonlySet<string> = new Set<AnswerCode>([
  'vote-counted',
  'vote-recorded',
  'verb-counted',
  'run-started',
  'rejected',
]);

/**
 * The words of an answer, asked for at the last moment: plain lines, inert, to be shown literally. The one door through
 * which an answer becomes language.
 */
export function linesOf(answer: Answer): readonly string[] {
  const words = WORDS[answer.code] as (facts: Answer) => readonly string[];
  return words(answer);
}

/** Why what was filled in cannot be taken. */
export type FormProblem = Extract<Answer, { readonly code: 'reason-missing' | 'reason-too-long' | 'word-missing' }>;

/** Empty where nothing is wrong yet: nobody was asked before. */
export function problemWords(problem: FormProblem | null): string {
  return problem ? linesOf(problem).join(' ') : '';
}

/**
 * What a button leads to: a page of ours, to vote there, to say who one is or to take a list along; or the card itself where
 * the chat can show it.
 */
export type PageFor = 'vote' | 'link' | 'list' | 'card';

export const PAGE_LABELS: Readonly<Record<PageFor, string>> = {
  vote: 'Sign in and approve',
  link: 'Sign in to say who you are',
  card: 'Go to the card',
  list: 'Sign in and take the list',
};
