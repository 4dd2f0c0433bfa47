import { type FileTrouble, MOST_FILES } from '../find/offered-file.ts';
import { count, inertOr } from '../text.ts';
import type { Words } from './coded.ts';

/** What somebody is told who has reported the mail in a message. */

/** One file of the message, and what became of it. */
export interface ReportedFile {
  readonly name: string;
  readonly became: /** `again`: reported before by the same person in the same message. `joined`: the mail had an incident already. */
    | { readonly is: 'taken'; readonly incident: string; readonly joined: boolean; readonly again: boolean }
    /** `detail`: in the words of whoever has read it; empty where there is nothing to add. */
    | { readonly is: 'not taken'; readonly why: FileTrouble; readonly detail: string };
}

/** Why somebody's report is not taken at all. */
export type NoReport = 'outsider' | 'guest' | 'bot' | 'deactivated' | 'nobody known' | 'not now';

/** Attached to a message, or sent to the app in the chat with it alone. */
export type ReportWay = 'attached' | 'alone';

export interface ReportFacts {
  /** `left`: so many more mails were in the message, and `others` that are none. `unproven`: who reported is not known for sure. */
  readonly reported: {
    readonly files: readonly ReportedFile[];
    readonly left: number;
    readonly others: number;
    readonly unproven: boolean;
  };
  readonly 'report-has-no-file': { readonly instead: ReportWay };
  readonly 'report-not-taken': { readonly why: NoReport };
}

const HOW = 'Save the mail as a file (.eml, or .msg in Outlook) and attach that to a message.';
const ALONE = 'Save it, and send it to me in the chat with me alone: there it is a report.';
const WAYS: Readonly<Record<ReportWay, string>> = {
  attached: HOW,
  alone: 'Save the mail as a file (.eml, or .msg in Outlook) and send it to me in the chat with me alone.',
};

const WHY: Readonly<Record<FileTrouble, string>> = {
  'forwarded into the chat': `it was forwarded into this chat, which keeps no headers of the mail that you mean. ${HOW}`,
  deleted: 'it is not there any more.',
  'lies elsewhere': 'it does not lie where this chat keeps its own files, so it was not fetched.',
  'out of reach': `files of channels and of chats with others lie in SharePoint, into which I cannot look. ${ALONE}`,
  'not handed out':
    'the chat did not hand it out. Clawback has to be in this conversation, and its app has to be allowed to read files.',
  'too large': 'it is larger than 30 MB.',
  'cut off': 'not all of it arrived. Please try again.',
  'no answer': 'it was not handed out in time. Please try again.',
  'a web page':
    'what came is a web page and no mail. Either the file is one, or the chat wants a sign-in: Clawback has to be in this conversation, and its app has to be allowed to read files.',
  'no mail': 'it is no mail that can be read',
  'too many': 'you have reported as many files as one person can within an hour. Please try again after the full hour.',
};

const NOT_TAKEN: Readonly<Record<NoReport, string>> = {
  outsider:
    'Your account is not one of this workspace or tenant, so nothing was taken in. Please tell your own security team.',
  guest: 'Guests cannot report mail here, so nothing was taken in. Please tell somebody of this organisation.',
  bot: 'Bots cannot report mail here, so nothing was taken in.',
  deactivated: 'This account is deactivated, so nothing was taken in.',
  'nobody known': 'I do not know this account, so nothing was taken in. Please tell whoever runs Clawback.',
  'not now': 'Who you are cannot be checked this moment, so nothing was taken in. Please try again.',
};

function fileWords({ name, became }: ReportedFile): string {
  const file = `\u201c${inertOr(name, 'a file without a name', 80)}\u201d`;
  if (became.is === 'taken') {
    const { incident, joined, again } = became;
    if (again) return `${file}: you have reported it before, it is ${incident}.`;
    return joined
      ? `${file}: the mail is ${incident} already, which hears of it.`
      : `${file}: taken in as ${incident}.`;
  }
  const detail = became.detail === '' ? '' : `: ${inertOr(became.detail, '', 200)}`;
  return `${file}: not taken in, ${WHY[became.why]}${became.why === 'no mail' ? `${detail}.` : ''}`;
}

export const REPORT_WORDS: Words<ReportFacts> = {
  reported: ({ files, left, others, unproven }) => {
    const isAnyTaken = files.some(({ became }) => became.is === 'taken');
    return [
      ...files.map(fileWords),
      ...(left > 0
        ? [
            `${count(left, 'more file')} of this message ${left === 1 ? 'was' : 'were'} not looked at: ${MOST_FILES} at a time.`,
          ]
        : []),
      ...(others > 0
        ? [
            `${count(others, 'other file')} of this message ${others === 1 ? 'is no' : 'are no'} .eml or .msg ${others === 1 ? 'file and was' : 'files and were'} not fetched.`,
          ]
        : []),
      ...(isAnyTaken && unproven
        ? ['Which person is behind your account is not known, so the report says that it is not proven to be yours.']
        : []),
      ...(isAnyTaken ? ['Copies are looked for; nothing is removed before people have decided.'] : []),
    ];
  },
  'report-has-no-file': ({ instead }) => [
    `This message has no file that could be a mail, so there is nothing to report. ${WAYS[instead]}`,
  ],
  'report-not-taken': ({ why }) => [NOT_TAKEN[why]],
};
