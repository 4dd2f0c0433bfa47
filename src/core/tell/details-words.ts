import { OUTCOME_WORDS, type Outcome } from '../action/outcome.ts';
import { inertOr } from '../text.ts';
import type { CopyStands, DetailsRow, Filter, SearchProblem } from './details-rows.ts';
import { LONGEST_SEARCH } from './details-rows.ts';

/** The words of the mailbox list: what is the case with each, and why. */

export const FILTER_WORDS: Readonly<Record<Filter, string>> = {
  all: 'All',
  trouble: 'Trouble',
  'not-looked': 'Not looked into',
  'left-alone': 'Left alone',
  waiting: 'Waiting',
  done: 'Done',
  'no-copy': 'No copy',
};

export const SEARCH_WORDS: Readonly<Record<SearchProblem, string>> = {
  'too long': `Nothing was looked for: a search has at most ${LONGEST_SEARCH} characters.`,
  'not of an address':
    'Nothing was looked for: a search is part of a mail address, such as ann or @contoso, without blanks, brackets or quotation marks.',
};

/** Why, where the outcome alone leaves that open. */
const CAUSES: Partial<Readonly<Record<Outcome, string>>> = {
  stillThere: 'found in its folder after the last try',
  notAllowed: 'Clawback has no right to this mailbox',
  unreachable: 'it is archived, inactive or on premises, or only asks to wait',
  movedByUser: 'found in another folder, and perhaps still readable',
  vanished: 'somebody else deleted it, or it is in an archive that nobody can look into',
  noMailbox: 'its mailbox was deleted or renamed after the list was made',
  restoredElsewhere: 'its folder is gone, or somebody moved it',
  shielded: 'the policy protects this mailbox since the list was made',
  cancelled: 'people ended the work before its turn came',
  alreadyGone: 'its owner had deleted it before',
  alreadyJunk: 'it is left there, by an undo too',
  junked: 'its owner can still open it there',
  restoredChanged: 'read state, flag or categories were changed since and are left so',
};

/** Codes of a service and names of ours are for the record, not for people. */
const OF_MACHINES = /\b\d{3}\b|[a-z][A-Z]|[A-Z]{3,}|[_{}<>]/;
const NO_ANSWER = 'Microsoft 365 refused it or gave no clear answer; the record has its words';

interface RowWords {
  readonly outcome: string;
  /** Empty where there is nothing to say. */
  readonly cause: string;
}

export function rowWords(row: DetailsRow): RowWords {
  switch (row.is) {
    case 'copy':
      return copyWords(row.outcome, row.detail);
    case 'denied':
      return notLooked('Clawback has no right to this mailbox');
    case 'failed':
      return notLooked('no clear answer came');
    case 'unreachable':
      return notLooked('in the directory, and archived, inactive or on premises');
    case 'missing':
      return notLooked('nobody in the directory has this address');
    case 'nothing':
      return { outcome: 'No copy found', cause: '' };
    case 'shielded':
      return { outcome: 'Protected, never touched', cause: inertOr(row.set, 'a set of the policy', 120) };
    case 'unsure':
      return { outcome: `May be this mail, group ${row.group + 1}`, cause: 'left alone unless people take it in' };
    case 'left alone':
      return { outcome: 'Another mail, left alone', cause: inertOr(row.why, '', 120) };
  }
}

const notLooked = (cause: string): RowWords => ({ outcome: 'Not looked into', cause });

function copyWords(outcome: CopyStands, detail: string | null): RowWords {
  if (outcome === null) return { outcome: 'Untouched', cause: '' };
  if (outcome === 'undecided') return { outcome: 'Untouched', cause: 'waits for a decision' };
  if (outcome === 'waiting') return { outcome: 'Waiting its turn', cause: '' };
  if (outcome === 'failed') return { outcome: 'Not done', cause: causeIn(detail) };
  return { outcome: OUTCOME_WORDS[outcome], cause: CAUSES[outcome] ?? '' };
}

function causeIn(detail: string | null): string {
  // What a service said stands behind what we saw.
  const said = inertOr(detail?.split('; the service said')[0], '', 160);
  return said === '' || OF_MACHINES.test(said) ? NO_ANSWER : said;
}
