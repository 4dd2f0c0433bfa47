import type { FlagLook, OpenPoint } from '../flag/flag.ts';
import type { FlagRefusal } from '../flag/may.ts';
import { inert, inertOr, shortTime } from '../text.ts';
import type { Words } from './coded.ts';
import { findingsWords, lookWords, openWords, stateName } from './flags.ts';
import { type Others, othersWords } from './voters.ts';

/** What somebody is told who looks after flagged mailboxes. */

type Looks = { readonly before: FlagLook | null; readonly after: FlagLook | null };

export interface FlagFacts {
  readonly 'flag-raised': { readonly flag: string; readonly address: string; readonly dueAt: string };
  /** One of this mailbox was not cleared yet. */
  readonly 'flag-raised-again': {
    readonly flag: string;
    readonly address: string;
    readonly dueAt: string;
    /** It was put off as often as the policy lets it be: the date stays. */
    readonly held: boolean;
  };
  readonly 'flag-taken': { readonly flag: string; readonly dueAt: string };
  /** `by`: whose word it is. `seen`: what was done was seen to be done; else what is in the way of that. */
  readonly 'flag-contained': {
    readonly flag: string;
    readonly by: string;
    readonly seen: boolean;
    readonly open: readonly OpenPoint[];
  };
  readonly 'flag-cleared': { readonly flag: string } & Looks;
  /** It takes more people. */
  readonly 'flag-clear-counted': {
    readonly flag: string;
    readonly look: FlagLook;
    readonly counted: number;
    readonly needed: number;
    readonly others: Others;
  };
  /** `held`: as above. */
  readonly 'flag-reopened': { readonly flag: string; readonly dueAt: string; readonly held: boolean };
  /** `look`: what was seen, where that is why. */
  readonly 'flag-refused': { readonly flag: string; readonly why: FlagRefusal; readonly look?: FlagLook };
  /** Somebody did something about it since it was shown. */
  readonly 'flag-changed': { readonly flag: string };
  /** What is stored is not what the record says. */
  readonly 'flag-differs': { readonly flag: string };
  readonly 'flag-not-known': { readonly asked: string };
  /** `roles`: who sees them. */
  readonly 'flags-not-shown': { readonly roles: readonly string[] };
  readonly 'flag-not-by-hand': { readonly roles: readonly string[] };
  readonly 'flag-names-nobody': { readonly address: string };
  readonly 'flag-how': Readonly<Record<never, never>>;
}

export const FLAG_WORDS: Words<FlagFacts> = {
  'flag-raised': ({ flag, address, dueAt }) => [
    `${id(flag)}: the mailbox of ${inertOr(address, 'somebody', 120)} is flagged, until ${shortTime(dueAt)}. Nothing in it was changed.`,
  ],
  'flag-raised-again': ({ flag, address, dueAt, held }) => [
    `The mailbox of ${inertOr(address, 'somebody', 120)} was flagged already: your reason is added to ${id(flag)}, which ${held ? 'stays' : 'is'} due ${shortTime(dueAt)}${held ? '' : ' now'}.`,
    ...(held ? [HELD] : []),
  ],
  'flag-taken': ({ flag, dueAt }) => [`You look after ${id(flag)} now. It is due ${shortTime(dueAt)}.`],
  'flag-contained': ({ flag, by, seen, open }) =>
    seen
      ? [`${id(flag)} is contained: what was done about it was seen to be done. It stays open until it is cleared.`]
      : [
          `${id(flag)} is ${stateName({ state: 'contained', contained: { by, at: '', seen, open, looks: 0 }, owner: null })}. Still open: ${openWords(open)}.`,
          'It is looked at again by itself, and called contained once that is seen. It stays open until it is cleared.',
        ],
  'flag-cleared': ({ flag, before, after }) => [`${id(flag)} is cleared: ${findingsWords({ before, after })}.`],
  'flag-clear-counted': ({ flag, look, counted, needed, others }) => [
    `Your word counts for ${id(flag)}: ${counted} of ${needed}. It is not cleared yet; somebody else has to agree.`,
    look.is === 'seen'
      ? `Findings that are seen now: ${lookWords(look)}.`
      : `Whether there are findings now is ${lookWords(look)}.`,
    ...[othersWords(others).trim()].filter((words) => words !== ''),
  ],
  'flag-reopened': ({ flag, dueAt, held }) => [
    `${id(flag)} is open again, until ${shortTime(dueAt)}.`,
    ...(held ? [HELD] : []),
  ],
  'flag-refused': ({ flag, why, look }) => [
    `${id(flag)}: ${WHY[why]}`,
    ...(look ? [`Findings that are seen now: ${lookWords(look)}.`] : []),
  ],
  'flag-changed': ({ flag }) => [
    `Somebody did something about ${id(flag)} since this was shown: look again before you decide. Nothing was done.`,
  ],
  'flag-differs': ({ flag }) => [
    `What is stored of ${id(flag)} differs from the record, so nothing is done with it. clawback audit verify says more.`,
  ],
  'flag-not-known': ({ asked }) => [`I know no flag \u201c${inertOr(asked, 'without a name', 40)}\u201d.`],
  'flags-not-shown': ({ roles }) => [
    `Flagged mailboxes are shown to ${inertOr(roles.join(', '), 'nobody', 200)}: flags in policy.yaml says who.`,
  ],
  'flag-not-by-hand': ({ roles }) => [
    roles.length === 0
      ? 'The policy lets nobody flag a mailbox by hand: flags.raise in policy.yaml. The action flag of an incident does.'
      : `Mailboxes are flagged by hand by ${inert(roles.join(', '), 200)}. Nothing was done.`,
  ],
  'flag-names-nobody': ({ address }) => [
    `\u201c${inertOr(address, 'nothing', 120)}\u201d is not the address of exactly one person of this tenant. Nothing was flagged.`,
  ],
  'flag-how': () => ['Say: flag <address> <reason>. The reason goes into the record.'],
};

const HELD =
  'Its date was moved as often as the policy lets it be, so it stays, and those who are asked when it is overdue are told.';

const id = (flag: string) => inertOr(flag, 'it', 40);

const WHY: Readonly<Record<FlagRefusal, string>> = {
  'own-mailbox': 'it is your own mailbox, so others decide about it. Nothing was done.',
  'no-role': 'your roles are not asked for this. Nothing was done.',
  'is-yours': 'you look after it already.',
  'not-yours': 'whoever looks after it says so. Take it first.',
  'not-now': 'there is nothing of this kind to do as it stands. Look again.',
  'not-clean': 'findings are still seen, or cannot be seen yet, and the policy clears nothing then. It is not cleared.',
  'not-looked': 'something cannot be looked at here, and the policy clears nothing then. It is not cleared.',
};
