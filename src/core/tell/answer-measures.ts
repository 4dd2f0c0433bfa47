import type { Mode } from '../ask/rule.ts';
import type { WantedProblem } from '../find/measures-wanted.ts';
import { MEASURE_KINDS } from '../measure/measure.ts';
import type { Purpose } from '../record/measures-now.ts';
import { count, inertOr } from '../text.ts';
import type { Words } from './coded.ts';
import { type Others, othersWords } from './voters.ts';

/** What somebody is told who asks for measures about people, or decides about them. */

export interface MeasureAnswers {
  readonly 'measures-not-understood': { readonly problem: WantedProblem };
  /** `asked`: what was typed for an id. */
  readonly 'measures-no-incident': { readonly asked: string };
  readonly 'measures-stranger': { readonly incident: string; readonly address: string };
  /** It is the address of nobody, or of more than one, in the directory. */
  readonly 'measures-not-inside': { readonly address: string };
  readonly 'measures-wanted': { readonly list: string; readonly incident: string };
  readonly 'measures-counted': {
    readonly list: string;
    readonly of: Purpose;
    readonly counted: number;
    readonly needed: number;
    readonly others: Others;
  };
  readonly 'measures-begun': {
    readonly list: string;
    readonly of: Purpose;
    readonly measures: number;
    readonly mode: Mode;
  };
}

const HOW =
  'Say \u201ccontain CB-\u2026 disable-account ann@contoso.example because \u2026\u201d: the incident, what is wanted, who is meant, and why.';

const PROBLEMS: Readonly<Record<WantedProblem['is'], string>> = {
  incident: `Which incident? ${HOW}`,
  reason: `Why? ${HOW}`,
  nobody: `What is wanted, and who is meant? ${HOW}`,
  'too-many': 'That is more people than one list holds: ask for fewer at once.',
  'not-meant': 'The policy means that playbook for other mails: name the measures one by one.',
  word: `Measures are ${MEASURE_KINDS.join(', ')}, \u201cfound\u201d for what was found, \u201csent-inside\u201d for mail that one account sent to people inside, and the playbooks of the policy.`,
};

const purposeOf = (of: Purpose) => (of.startsWith('back') ? 'back' : (of as Exclude<Purpose, `back ${number}`>));

const BEGUN: Readonly<Record<'apply' | 'decline' | 'cancel' | 'back', (measures: string) => string>> = {
  apply: (measures) => `${measures} begun: each is looked at, done, and looked at again. The card shows what was seen.`,
  decline: () => 'Declined: nothing of it is done.',
  cancel: (measures) => `Ended: ${measures} left alone. What was begun already is looked after to its end.`,
  back: (measures) => `${measures} being put back, unless somebody has changed it since. The card shows what was seen.`,
};

export const MEASURE_ANSWERS: Words<MeasureAnswers> = {
  'measures-not-understood': ({ problem }) => [
    ...(problem.is === 'word' ? [`\u201c${inertOr(problem.word, 'That', 40)}\u201d is none that I know.`] : []),
    PROBLEMS[problem.is],
    'Nothing was asked for.',
  ],
  'measures-no-incident': ({ asked }) => [
    `I know no incident \u201c${inertOr(asked, 'without a name', 40)}\u201d. Nothing was asked for.`,
  ],
  'measures-stranger': ({ incident, address }) => [
    `${inertOr(address, 'That address', 120)} has nothing to do with ${incident} as far as it is known: nothing is done to people beside an incident. That you asked is recorded.`,
  ],
  'measures-not-inside': ({ address }) => [
    `${inertOr(address, 'That address', 120)} is not the address of exactly one person of this tenant: nobody sends mail inside under it. Nothing was looked for.`,
  ],
  'measures-wanted': ({ list, incident }) => [
    `${list} is made for ${incident}: who is meant and what may be done is looked up, and its card comes in a moment.`,
    'You asked for it, so you do not decide about it.',
  ],
  'measures-counted': ({ list, counted, needed, others }) => [
    `Counted for ${list}: ${counted} of ${needed}.${othersWords(others)}`,
  ],
  'measures-begun': ({ list, of, measures, mode }) => [
    `${list}: ${BEGUN[purposeOf(of)](count(measures, 'measure'))}`,
    ...(mode === 'dry-run' ? ['This is a dry run: nothing is changed.'] : []),
  ],
};
