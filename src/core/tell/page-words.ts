import { type Action, definitionOf } from '../action/action.ts';
import type { SignInRefusalCode } from '../ask/refusal.ts';
import { shortDigest } from '../find/plan.ts';
import { inertOr } from '../text.ts';
import { type Answer, linesOf } from './answer.ts';
import type { ListFormat } from './list-file.ts';

/** What the sign-in page says, as codes with facts, and its words. Names and addresses are data, not yet inert. */

/** What somebody is asked to sign in for. */
export type SignInFor =
  /** `chat`: what people call it; `account`: its name there. */
  | { readonly is: 'link'; readonly chat: string; readonly account: string }
  | { readonly is: 'list'; readonly incident: string; readonly digest: string }
  | { readonly is: 'vote'; readonly action: Action; readonly incident: string; readonly digest: string };

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
  | {
      readonly code: 'confirm';
      readonly as: SignedInAs;
      readonly vote: Extract<SignInFor, { readonly is: 'vote' }>;
      readonly ticket: string;
    }
  /** The list can be taken now. */
  | {
      readonly code: 'take-list';
      readonly as: SignedInAs;
      readonly list: Extract<SignInFor, { readonly is: 'list' }>;
      readonly ticket: string;
    }
  /** What the desk said to the vote; null where it could not be said on a page. */
  | { readonly code: 'answered'; readonly answer: Answer | null };

/** Plain text, inert, to be shown literally. */
export interface PageWords {
  readonly title: string;
  readonly lines: readonly string[];
}

const NOT_COUNTED = 'Nothing was approved or linked';
export const CONFIRM_LABEL = 'Approve';
export const TAKE_LABELS: Readonly<Record<ListFormat, string>> = { csv: 'Take it as CSV', json: 'Take it as JSON' };

export function signInWords(what: SignInFor): PageWords {
  if (what.is === 'vote')
    return {
      title: 'Sign in to approve',
      lines: [
        voteLine(what),
        'Compare the plan with the one on the card. If you did not press a button there, close this page.',
      ],
    };
  if (what.is === 'list')
    return {
      title: 'Sign in to take the list',
      lines: [listLine(what), 'If you did not ask for this in the chat yourself, close this page.'],
    };
  return {
    title: 'Say who you are',
    lines: [
      `Sign in with your own work account to link it to the ${what.chat} account ${quoted(what.account)}.`,
      `If you did not ask for this in ${what.chat} yourself, close this page.`,
    ],
  };
}

export function pageWords(page: PageAnswer): PageWords {
  switch (page.code) {
    case 'gone':
      return {
        title: 'This address does not work any more',
        lines: ['It works once and for ten minutes. Go back to the chat and press the button again.'],
      };
    case 'not-counted':
      return {
        title: NOT_COUNTED,
        lines: [
          `The sign-in does not count: ${inertOr(WHY_NOT[page.why](page.said), 'no reason', 200)}.`,
          'Press the button in the chat again.',
        ],
      };
    case 'type-code':
      return {
        title: 'One step more',
        lines: [
          signedInLine(page.as),
          `Type this in ${page.chat}, as ${quoted(page.account)}: /clawback link ${page.typed}`,
          'Give this code to nobody: whoever types it decides as you.',
        ],
      };
    case 'confirm':
      return { title: 'Approve?', lines: [signedInLine(page.as), voteLine(page.vote)] };
    case 'take-list':
      return {
        title: 'Take the list along?',
        lines: [
          signedInLine(page.as),
          listLine(page.list),
          'The file names people. It comes once, and the record says that you took it.',
        ],
      };
    case 'answered':
      return { title: 'Clawback says', lines: page.answer ? linesOf(page.answer) : [NOT_COUNTED] };
  }
}

const WHY_NOT: Readonly<Record<SignInRefusalCode, (said: string) => string>> = {
  'entra-refused': (said) => `Entra says ${said.slice(0, 60)}`,
  'sign-in-failed': (said) => said,
  'somebody-else': () => 'the sign-in was somebody else\u2019s than the press in the chat',
};

function signedInLine({ name, address }: SignedInAs): string {
  return `You are signed in as ${inertOr(name, 'somebody', 80)} (${inertOr(address, 'no address', 120)}).`;
}

function voteLine({ action, incident, digest }: Extract<SignInFor, { readonly is: 'vote' }>): string {
  return `Sign in to ${definitionOf(action).words.signInFor}: incident ${incident}, plan ${shortDigest(digest)}.`;
}

function listLine({ incident, digest }: Extract<SignInFor, { readonly is: 'list' }>): string {
  return `The mailboxes of incident ${incident}, plan ${shortDigest(digest)}.`;
}

function quoted(account: string): string {
  return `\u201c${inertOr(account, 'without a name', 80)}\u201d`;
}
