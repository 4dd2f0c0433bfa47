import { type Action, isUndoable } from '../action/action.ts';
import type { SignInRefusalCode } from '../ask/refusal.ts';
import { shortDigest } from '../find/plan.ts';
import { inertOr } from '../text.ts';
import { type Answer, linesOf } from './answer.ts';
import { REFUSED_WORDS } from './answer-refused.ts';
import { type Amount, effectOf, isIrreversible } from './effect.ts';
import { NOT_SENT_WORDS, type NotSent } from './file-sent.ts';
import { type MeasuresVote, measureFacts, signedInFor } from './measure-page-words.ts';

/** What the sign-in page says, as codes with facts, and its words. Names, addresses and mail are data, not yet inert. */

/** What somebody is asked to sign in for. */
export type SignInFor =
  /** `chat`: what people call it; `account`: its name there. */
  { readonly is: 'link'; readonly chat: string; readonly account: string } | SignInList | SignInVote;

interface SignInList {
  readonly is: 'list';
  readonly incident: string;
  readonly digest: string;
}

export interface SignInVote {
  readonly is: 'vote';
  readonly action: Action;
  readonly incident: string;
  readonly digest: string;
  /** Of a vote on measures about people: then `action` says nothing. */
  readonly measures?: MeasuresVote;
  /** What the list holds that the vote is for; null where that list is not the one that is asked about any more. */
  readonly about: VoteAbout | null;
}

export interface VoteAbout {
  readonly subject: string | null;
  readonly sender: string | null;
  readonly amount: Amount;
  /** What the voter gave as a reason; null where none was asked for. */
  readonly reason: string | null;
}

interface SignedInAs {
  readonly name: string;
  readonly address: string;
}

export type PageAnswer =
  | { readonly code: 'gone' }
  | {
      readonly code: 'not-counted';
      readonly why: SignInRefusalCode;
      /** What Entra, or whoever looked at its answer, said of it. */
      readonly said: string;
    }
  /** Type this into the chat. */
  | {
      readonly code: 'type-code';
      readonly as: SignedInAs;
      readonly chat: string;
      readonly account: string;
      readonly typed: string;
    }
  | { readonly code: 'confirm'; readonly as: SignedInAs; readonly vote: SignInVote; readonly ticket: string }
  /** The list can be taken now. `sendsTo`: the chat that it can be sent to as well, null where none takes it. */
  | {
      readonly code: 'take-list';
      readonly as: SignedInAs;
      readonly list: SignInList;
      readonly sendsTo: string | null;
      readonly ticket: string;
    }
  /** It is in the messages of whoever asked, in this chat. */
  | { readonly code: 'list-sent'; readonly chat: string; readonly file: string }
  /** It may be. */
  | { readonly code: 'list-lost'; readonly chat: string; readonly file: string }
  /** It is not, and can be taken on the page. */
  | {
      readonly code: 'list-not-sent';
      readonly chat: string;
      readonly why: NotSent;
      readonly list: SignInList;
      readonly ticket: string;
    }
  /** Why it cannot be; null where it could not be said on a page. */
  | { readonly code: 'not-taken'; readonly answer: Answer | null }
  /** What the desk said to the vote; null where it could not be said on a page. */
  | { readonly code: 'answered'; readonly answer: Answer | null; readonly vote: SignInVote };

/** A label and what stands there. */
type PageFact = readonly [label: string, value: string];

/** Plain text, inert, to be shown literally. */
export interface PageWords {
  readonly title: string;
  readonly lines: readonly string[];
  /** What is approved, line by line; empty where nothing is. */
  readonly facts: readonly PageFact[];
}

const NOT_COUNTED = 'Nothing was approved or linked';
const CARD_AGAIN = 'Go back to the chat, look at the card as it is now, and press the button there.';

/** The page leads on only where there is something to approve. */
export function leadsOn(what: SignInFor): boolean {
  return what.is !== 'vote' || what.about !== null;
}

export function signInWords(what: SignInFor): PageWords {
  if (what.is === 'link')
    return {
      title: 'Say who you are',
      lines: [
        `Sign in with your own work account to link it to the ${what.chat} account ${quoted(what.account)}.`,
        `If you did not ask for this in ${what.chat} yourself, close this page.`,
      ],
      facts: [],
    };
  if (what.is === 'list')
    return {
      title: 'Sign in to take the list',
      lines: [listLine(what), 'If you did not ask for this in the chat yourself, close this page.'],
      facts: [],
    };
  if (what.about === null) return changedWords(what);
  return {
    title: `Sign in to ${signedInFor(what)}`,
    lines: ['Compare this with the card in the chat. If you did not press a button there, close this page.'],
    facts: factsOf(what, what.about),
  };
}

export function pageWords(page: PageAnswer): PageWords {
  switch (page.code) {
    case 'gone':
      return {
        title: 'This address does not work any more',
        lines: ['It works once and for ten minutes. Go back to the chat and press the button again.'],
        facts: [],
      };
    case 'not-counted':
      return {
        title: NOT_COUNTED,
        lines: [
          `The sign-in does not count: ${inertOr(WHY_NOT[page.why](page.said), 'no reason', 200)}.`,
          WHAT_NEXT[page.why],
        ],
        facts: [],
      };
    case 'type-code':
      return {
        title: 'One step more',
        lines: [
          signedInLine(page.as),
          `Type this in ${page.chat}, as ${quoted(page.account)}: /clawback link ${page.typed}`,
          'Give this code to nobody: whoever types it decides as you.',
        ],
        facts: [],
      };
    case 'confirm':
      if (page.vote.about === null) return changedWords(page.vote);
      return {
        title: `${capital(signedInFor(page.vote))}?`,
        lines: [signedInLine(page.as), 'Your approval counts for exactly this list and is recorded under your name.'],
        facts: factsOf(page.vote, page.vote.about),
      };
    case 'take-list':
      return {
        title: 'Take the list along?',
        lines: [
          signedInLine(page.as),
          listLine(page.list),
          'The file names people. It comes once, and the record says that you took it.',
        ],
        facts: [],
      };
    case 'list-sent':
      return {
        title: `The list is in your messages in ${page.chat}`,
        lines: [
          `Look for ${page.file} among the messages between you and Clawback. Nobody else sees it there.`,
          'The record says that you took it.',
        ],
        facts: [],
      };
    case 'list-lost':
      return {
        title: `Whether ${page.chat} took the list is not known`,
        lines: [
          `Look for ${page.file} among the messages between you and Clawback. It is not sent again by itself, so that it is not there twice.`,
          'Is it not there in a minute? Press the button in the chat again.',
        ],
        facts: [],
      };
    case 'list-not-sent':
      return {
        title: `The list was not sent to ${page.chat}`,
        lines: [NOT_SENT_WORDS[page.why](page.chat), listLine(page.list), 'Take it here: it still comes once.'],
        facts: [],
      };
    case 'not-taken':
      return {
        title: 'The list was not taken',
        lines: page.answer ? linesOf(page.answer) : ['Press the button in the chat again.'],
        facts: [],
      };
    case 'answered':
      return answeredWords(page.answer, page.vote);
  }
}

/** On the button that casts the vote. */
export function confirmLabel(vote: SignInVote): string {
  return capital(signedInFor(vote));
}

function changedWords({ incident }: SignInVote): PageWords {
  return {
    title: 'This is not asked about any more',
    lines: [
      `The list of copies of incident ${incident} has changed since you pressed the button, or it was closed. Nothing was approved.`,
      CARD_AGAIN,
    ],
    facts: [],
  };
}

function answeredWords(answer: Answer | null, vote: SignInVote): PageWords {
  const facts = vote.about ? factsOf(vote, vote.about) : [];
  if (!answer) return { title: NOT_COUNTED, lines: [CARD_AGAIN], facts };
  const isRefused = Object.hasOwn(REFUSED_WORDS, answer.code) && !COUNTED_ALREADY.has(answer.code);
  return {
    title: isRefused ? 'Your approval does not count' : 'Clawback says',
    lines: [...linesOf(answer), isRefused ? CARD_AGAIN : 'The card in the chat shows how it goes on.'],
    facts,
  };
}

/** Refused as one more vote, because the first one stands. */
const COUNTED_ALREADY: ReadonlySet<string> = new Set([
  'repeated',
  'unchecked',
] satisfies (keyof typeof REFUSED_WORDS)[]);

function factsOf({ action, incident, digest, measures }: SignInVote, about: VoteAbout): readonly PageFact[] {
  const { reason } = about;
  if (measures) return measureFacts(measures, digest, reason);
  return [
    ['What happens', effectOf(action, about.amount)],
    ['Can it be undone?', isIrreversible(action) ? 'No' : isUndoable(action) ? 'Yes' : 'Not needed: nothing is lost'],
    ['Mail', `\u201c${inertOr(about.subject, 'no subject', 200)}\u201d`],
    ['From', inertOr(about.sender, 'no readable sender', 200)],
    ...(reason === null ? [] : [['Your reason', inertOr(reason, 'none', 300)] as const]),
    ['Incident', `${incident}, plan ${shortDigest(digest)}`],
  ];
}

const WHY_NOT: Readonly<Record<SignInRefusalCode, (said: string) => string>> = {
  'entra-refused': (said) => {
    const code = said.slice(0, 60);
    const words = Object.hasOwn(ENTRA_SAYS, code) ? ENTRA_SAYS[code] : undefined;
    return words ? `${words} (Entra says ${code})` : `Entra says ${code}`;
  },
  'sign-in-failed': (said) => said,
  'somebody-else': () => 'the sign-in was somebody else\u2019s than the press in the chat',
};

/** Of the codes of OpenID Connect, those that people can do something about. */
const ENTRA_SAYS: Readonly<Record<string, string>> = {
  access_denied: 'it was not finished, or your organisation does not let this account in',
  consent_required: 'your organisation has not allowed it yet',
  interaction_required: 'Microsoft wants to ask you something first',
  login_required: 'you were not signed in',
  server_error: 'Microsoft could not do it this moment',
  temporarily_unavailable: 'Microsoft could not do it this moment',
};

const WHAT_NEXT: Readonly<Record<SignInRefusalCode, string>> = {
  'entra-refused':
    'Press the button in the chat again for a new page, and finish the sign-in there. If it fails again, ask whoever runs Clawback.',
  'sign-in-failed': 'Press the button in the chat again for a new page. If it fails again, ask whoever runs Clawback.',
  'somebody-else':
    'Press the button in the chat again for a new page, and sign in there with the account that is yours in the chat: choose \u201cUse another account\u201d, or open the page in a private window.',
};

function signedInLine({ name, address }: SignedInAs): string {
  return `You are signed in as ${inertOr(name, 'somebody', 80)} (${inertOr(address, 'no address', 120)}).`;
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function listLine({ incident, digest }: SignInList): string {
  return `The mailboxes of incident ${incident}, plan ${shortDigest(digest)}.`;
}

function quoted(account: string): string {
  return `\u201c${inertOr(account, 'without a name', 80)}\u201d`;
}
