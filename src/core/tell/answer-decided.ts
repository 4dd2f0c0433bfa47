import { type Action, definitionOf } from '../action/action.ts';
import type { Verb } from '../ask/policy.ts';
import { isReadRight } from '../ask/reads.ts';
import type { Mode } from '../ask/rule.ts';
import { clip, count, inert } from '../text.ts';
import type { Nothing, Words } from './coded.ts';
import { type Others, othersWords } from './voters.ts';

/** What somebody is told whose press counts, and what is asked first. */

interface CountedVote {
  readonly incident: string;
  /** Full hex digest. */
  readonly plan: string;
  readonly counted: number;
  readonly needed: number;
  /** The cap that asks for more people; null for none. */
  readonly over: string | null;
  readonly others: Others;
}

export interface DecidedFacts {
  readonly 'vote-counted': CountedVote;
  /** It takes people of other roles: this one has no seat yet. */
  readonly 'vote-recorded': CountedVote;
  readonly 'verb-counted': {
    readonly verb: Verb;
    readonly incident: string;
    readonly counted: number;
    readonly needed: number;
    readonly others: Others;
  };
  readonly 'run-started': {
    readonly action: Action;
    readonly mode: Mode;
    readonly incident: string;
    readonly copies: number;
  };
  readonly 'containment-confirmed': { readonly incident: string };
  /** `touched`: something was done to copies before. */
  readonly rejected: { readonly incident: string; readonly touched: boolean };
  readonly reopened: { readonly incident: string };
  readonly 'taken-in': { readonly incident: string; readonly messages: number };
  /** `left`: copies that were not begun. */
  readonly cancelled: { readonly incident: string; readonly left: number };
  readonly 'reason-missing': { readonly verb: string };
  readonly 'reason-too-long': { readonly most: number };
  /** `word`: what has to be typed. */
  readonly 'word-missing': { readonly word: string };
  /** The vote counts once whoever pressed has signed in anew. */
  readonly 'sign-in-wanted': Nothing;
  /** Of a wave, whose campaign was pressed for. */
  readonly 'needs-own-press': { readonly incident: string };
  readonly 'campaign-left': { readonly incident: string; readonly lead: string };
  readonly 'card-comes': { readonly incident: string };
  readonly 'card-is-here': { readonly incident: string };
}

/** Longer ones are cut: with very many names, the last of them. */
const MOST = 400;
const line = (text: string): readonly string[] => [clip(text, MOST)];

const ASKED: Readonly<Record<Verb, (id: string) => string>> = {
  reject: (id) => `You call ${id} not malicious`,
  reopen: (id) => `You ask to look again for copies of ${id}`,
  'take-in': (id) => `You ask to take these copies into the list of ${id}`,
  cancel: (id) => `You ask to cancel what is under way for ${id}`,
};

function votedLine({ incident, plan, counted, needed, over, others }: CountedVote, what: string): readonly string[] {
  const more = over ? ` It is over ${over}, so more people are needed.` : '';
  return line(
    `Your approval of ${incident} ${what}: ${counted} of ${needed}. Plan ${plan.slice(0, 8)}.${more}${othersWords(others)}`,
  );
}

export const DECIDED_WORDS: Words<DecidedFacts> = {
  'vote-counted': (vote) => votedLine(vote, 'counts'),
  'vote-recorded': (vote) => votedLine(vote, 'is recorded, but other roles are missing'),
  'verb-counted': ({ verb, incident, counted, needed, others }) =>
    line(`${ASKED[verb](incident)}: ${counted} of ${needed}.${othersWords(others)}`),
  'run-started': ({ action, mode, incident, copies }) => {
    const what = mode === 'dry-run' ? 'Dry run over' : definitionOf(action).words.work;
    return line(
      `Approved. ${what} ${count(copies, 'copy', 'copies')} of ${incident} now; the card shows what is seen.`,
    );
  },
  'containment-confirmed': ({ incident }) => line(`Confirmed. The copies of ${incident} stay removed.`),
  rejected: ({ incident, touched }) => {
    const before = touched ? 'What was done before stays as it is.' : 'Nothing was touched.';
    return line(`${incident} is closed as not malicious. ${before}`);
  },
  reopened: ({ incident }) => line(`Looking again for copies of ${incident}. The new list needs new approvals.`),
  'taken-in': ({ incident, messages }) =>
    line(
      `Taken in: ${count(messages, 'message')} more in ${incident}. Looking again; the new list needs new approvals.`,
    ),
  cancelled: ({ left }) =>
    line(`Cancelled. ${count(left, 'copy is', 'copies are')} left alone; what was begun is finished.`),
  'reason-missing': ({ verb }) => [
    verb === 'reject'
      ? 'Please say why this is not malicious.'
      : isReadRight(verb)
        ? 'Please say why: it goes into the record.'
        : 'Please say why: the policy wants a reason with each approval.',
  ],
  'reason-too-long': ({ most }) => [`Please use at most ${most} characters.`],
  'word-missing': ({ word }) => [`To approve this, type ${word}. It cannot be undone.`],
  'sign-in-wanted': () => [
    'The policy wants a fresh sign-in for this. Your press counts once you have signed in and confirmed it there.',
  ],
  'needs-own-press': ({ incident }) => [
    `${inert(incident, 40)} asks for more than this press: open its card and press there.`,
  ],
  'campaign-left': ({ incident, lead }) => [
    `${inert(incident, 40)} is not shown with the campaign of ${inert(lead, 40)} any more: it has a card of its own.`,
  ],
  'card-comes': ({ incident }) => [`The card of ${inert(incident, 40)} comes into this channel now.`],
  'card-is-here': ({ incident }) => [`The card of ${inert(incident, 40)} is in this channel already.`],
};
