import type { PeopleLook } from '../intelligence/look.ts';
import type { KindCount } from '../intelligence/precision.ts';
import { inertOr } from '../text.ts';
import type { Nothing, Words } from './coded.ts';
import { peopleLines } from './people-words.ts';

/** What somebody is told who reads more than cards and lists show. */

export interface ReadFacts {
  /** The list is taken along on a page of ours. */
  readonly 'list-waits': Nothing;
  /** `lines`: of the mail, not yet inert; `cut`: there is more. */
  readonly 'excerpt-shown': {
    readonly incident: string;
    readonly mailbox: string;
    readonly lines: readonly string[];
    readonly cut: boolean;
  };
  /** `again`: another look was asked for. */
  readonly 'people-shown': {
    readonly incident: string;
    readonly look: PeopleLook;
    readonly counts: readonly KindCount[];
    readonly now: string;
    readonly again: boolean;
  };
  /** No copy of it could be read. */
  readonly 'excerpt-missing': { readonly incident: string; readonly tried: number };
}

/** UTF-16 units of one line. */
const LONGEST_LINE = 600;

export const READ_WORDS: Words<ReadFacts> = {
  'list-waits': () => [
    'The list is on a page for you alone: sign in there with your own work account, and take it as CSV or JSON.',
    'The address works once and for ten minutes. Who took the list is recorded.',
  ],
  'excerpt-shown': ({ incident, mailbox, lines, cut }) => [
    `${incident}: how the mail begins, as read in ${inertOr(mailbox, 'a mailbox', 160)}. Only you see this, and it is recorded.`,
    ...(lines.length === 0 ? ['The mail has no text.'] : lines.map((line) => inertOr(line, ' ', LONGEST_LINE))),
    ...(cut ? ['There is more, which is not shown.'] : []),
  ],
  'people-shown': ({ incident, again, ...seen }) => [
    ...peopleLines(incident, seen),
    ...(again ? ['They are being looked at anew: press People again in a minute.'] : []),
  ],
  'excerpt-missing': ({ incident, tried }) => [
    `${incident}: nothing of the mail could be read now, in ${tried === 1 ? 'one mailbox' : `${tried} mailboxes`}. Try again later.`,
  ],
};
