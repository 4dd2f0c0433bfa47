import type { Criteria } from '../find/criteria.ts';
import { clip, count, inert, inertOr, shortTime } from '../text.ts';
import type { Nothing, Words } from './coded.ts';
import { criteriaWords } from './found-view.ts';

/** What somebody is told who looks for mail without an alert. */

export interface SearchFacts {
  /** `roles`: those that may. */
  readonly 'may-not-search': { readonly roles: readonly string[] };
  readonly 'search-too-many': { readonly most: number };
  /** It begins once somebody else with this role has allowed it. */
  readonly 'search-waits': { readonly search: string; readonly role: string };
  /** What a second person is asked to allow, as the record has it. `digest`: over just that. */
  readonly 'search-asks': {
    readonly search: string;
    readonly who: string;
    /** ISO time. */
    readonly at: string;
    readonly criteria: Criteria;
    readonly reason: string;
    readonly digest: string;
  };
  readonly 'search-allowed': { readonly search: string };
  readonly 'search-not-allowed': { readonly why: 'own' | 'role' | 'not waiting' | 'another digest' };
  /** `asked`: what was typed for an id. */
  readonly 'search-not-known': { readonly asked: string };
  /** What is stored of it is not what the record says that was asked for, allowed or seen. */
  readonly 'search-changed': { readonly search: string };
  readonly 'search-has-no-mail': { readonly search: string };
  /** `joined`: the mail had an incident already, whose list is its own. */
  readonly 'search-filed': {
    readonly search: string;
    readonly incident: string;
    readonly copies: number;
    readonly joined: boolean;
  };
  /**
   * Every mail of it became an incident, or was one: `joined` of them, whose `copies` do not count here. `left`: mails and copies
   * that are in none; `cut`: and there may be more that no service told.
   */
  readonly 'search-filed-all': {
    readonly search: string;
    readonly incidents: readonly string[];
    readonly copies: number;
    readonly joined: number;
    readonly left: number;
    readonly cut: boolean;
  };
  readonly 'search-says-nothing': Nothing;
}

/** So much of a digest is typed by who allows a search. */
export const LEAST_OF_DIGEST = 16;
const allowingWord = (digest: string) => digest.slice(0, LEAST_OF_DIGEST);

const NOT_ALLOWED: Readonly<Record<SearchFacts['search-not-allowed']['why'], string>> = {
  own: 'Your own search is for somebody else to allow. Nothing was changed.',
  role: 'Your roles do not allow searches of others. Nothing was changed.',
  'another digest':
    'That is not what was shown to you: say “search allow” with the id alone to see what is asked for. Nothing was changed.',
  'not waiting': 'There is no search of this name that waits to be allowed.',
};

export const SEARCH_WORDS: Words<SearchFacts> = {
  'may-not-search': ({ roles }) => [
    roles.length === 0
      ? 'The policy lets nobody look for mail without an alert: reads.search in policy.yaml names who may. Nothing was looked for.'
      : `Your roles may not look for mail without an alert: it takes one of ${roles.join(', ')}. Nothing was looked for, and that you asked is recorded.`,
  ],
  'search-too-many': ({ most }) => [
    `You have searched ${count(most, 'time')} within an hour, which is as often as the policy lets one person. Nothing was looked for.`,
  ],
  'search-waits': ({ search, role }) => [
    `${search} waits: nothing is looked for until somebody else with the role ${inertOr(role, 'that the policy names', 40)} says \u201csearch allow ${search}\u201d, which shows them who looks for what and why.`,
    `After that \u201csearch ${search}\u201d shows you what was found.`,
  ],
  'search-asks': ({ search, who, at, criteria, reason, digest }) => [
    `${inertOr(who, 'Somebody', 80)} wants to look into all mailboxes (${search}, asked ${shortTime(at)}).`,
    `For: ${clip(criteriaWords(criteria), 600)} before it is allowed.`,
    `Why: ${inertOr(reason, 'no reason was given', 1_000)}`,
    `To allow just this, say \u201csearch allow ${search} ${allowingWord(digest)}\u201d. Until then nothing is looked for.`,
  ],
  'search-allowed': ({ search }) => [`${search} is allowed and begins. Only who asked for it sees what it finds.`],
  'search-not-allowed': ({ why }) => [NOT_ALLOWED[why]],
  'search-not-known': ({ asked }) => [
    `I know no search of yours \u201c${inertOr(asked, 'without a name', 40)}\u201d. An answer is kept for a day, and for who asked alone.`,
  ],
  'search-changed': ({ search }) => [
    `What is stored of ${search} is not what the record says of it: nothing is looked for, shown or made of it. Search again, and tell whoever runs Clawback.`,
  ],
  'search-has-no-mail': ({ search }) => [`That mail is not in what ${search} found. Nothing was changed.`],
  'search-filed': ({ search, incident, copies, joined }) =>
    joined
      ? [
          `The mail is ${incident} already: what ${search} saw was told there, and its list stays as it is.`,
          'You asked for it, so you do not decide about it.',
        ]
      : [
          `${incident} is made of ${search}: its list is looked up in the ${count(copies, 'mailbox', 'mailboxes')} that you saw, and in no other.`,
          'You asked for it, so you do not decide about it. Its card comes in a moment.',
        ],
  'search-filed-all': ({ search, incidents, copies, joined, left, cut }) => [
    `${search}: ${count(incidents.length, 'incident')} of the ${count(copies, 'copy', 'copies')} that you saw: ${inert(incidents.join(', '), 600)}.`,
    ...(joined > 0
      ? [
          `${count(joined, 'mail was', 'mails were')} in one of them before: what ${search} saw was told there, and its list stays as it is. Look at its card.`,
        ]
      : []),
    ...(left > 0
      ? [
          `${count(left, 'more mail or delivery is', 'more mails and deliveries are')} in none of them: look for less, and again.`,
        ]
      : []),
    ...(cut ? ['There may be more, of which no service told: look for less, and again.'] : []),
    'You asked for it, so you do not decide about them. Their cards come in a moment. What the account itself keeps of one is taken out by \u201ccontain <incident> take-sent-copy <address> because \u2026\u201d.',
  ],
  'search-says-nothing': () => ['What was found cannot be read any more: search again.'],
};
