import { FILE_TROUBLES, type FileTrouble } from '../../src/core/find/offered-file.ts';
import type { NoReport, ReportFacts } from '../../src/core/tell/answer-report.ts';
import type { Case } from './refusal-words.ts';

const MADE = { is: 'taken', incident: 'CB-1', joined: false, again: false } as const;
const NOTHING = { left: 0, others: 0, unproven: false };
const LOOKED = 'Copies are looked for; nothing is removed before people have decided.';
const AGAIN = 'Save the mail as a file (.eml, or .msg in Outlook) and attach that to a message.';

const LEFT: Readonly<Record<FileTrouble, string>> = {
  'forwarded into the chat': `it was forwarded into this chat, which keeps no headers of the mail that you mean. ${AGAIN}`,
  deleted: 'it is not there any more.',
  'lies elsewhere': 'it does not lie where this chat keeps its own files, so it was not fetched.',
  'out of reach':
    'files of channels and of chats with others lie in SharePoint, into which I cannot look. Save it, and send it to me in the chat with me alone: there it is a report.',
  'not handed out':
    'the chat did not hand it out. Clawback has to be in this conversation, and its app has to be allowed to read files.',
  'too large': 'it is larger than 30 MB.',
  'cut off': 'not all of it arrived. Please try again.',
  'no answer': 'it was not handed out in time. Please try again.',
  'a web page':
    'what came is a web page and no mail. Either the file is one, or the chat wants a sign-in: Clawback has to be in this conversation, and its app has to be allowed to read files.',
  'no mail': 'it is no mail that can be read: the file is empty.',
  'too many': 'you have reported as many files as one person can within an hour. Please try again after the full hour.',
};

const TURNED_AWAY: Readonly<Record<NoReport, string>> = {
  outsider:
    'Your account is not one of this workspace or tenant, so nothing was taken in. Please tell your own security team.',
  guest: 'Guests cannot report mail here, so nothing was taken in. Please tell somebody of this organisation.',
  bot: 'Bots cannot report mail here, so nothing was taken in.',
  deactivated: 'This account is deactivated, so nothing was taken in.',
  'nobody known': 'I do not know this account, so nothing was taken in. Please tell whoever runs Clawback.',
  'not now': 'Who you are cannot be checked this moment, so nothing was taken in. Please try again.',
};

/** What somebody is told who has reported the mail in a message. */
export const REPORTED: { readonly [Code in keyof ReportFacts]: readonly Case<Code>[] } = {
  reported: [
    [
      { ...NOTHING, files: [{ name: 'invoice.eml', became: MADE }] },
      ['\u201cinvoice[.]eml\u201d: taken in as CB-1.', LOOKED],
    ],
    [
      {
        left: 1,
        others: 1,
        unproven: true,
        files: [
          { name: 'a.eml', became: { ...MADE, joined: true } },
          { name: '', became: { ...MADE, again: true } },
        ],
      },
      [
        '\u201ca[.]eml\u201d: the mail is CB-1 already, which hears of it.',
        '\u201ca file without a name\u201d: you have reported it before, it is CB-1.',
        '1 more file of this message was not looked at: 5 at a time.',
        '1 other file of this message is no .eml or .msg file and was not fetched.',
        'Which person is behind your account is not known, so the report says that it is not proven to be yours.',
        LOOKED,
      ],
    ],
    [
      { ...NOTHING, left: 2, others: 2, files: [] },
      [
        '2 more files of this message were not looked at: 5 at a time.',
        '2 other files of this message are no .eml or .msg files and were not fetched.',
      ],
    ],
    ...FILE_TROUBLES.map((why): Case<'reported'> => {
      const detail = why === 'no mail' ? 'the file is empty' : 'never shown';
      return [
        { ...NOTHING, unproven: true, files: [{ name: 'x', became: { is: 'not taken', why, detail } }] },
        [`\u201cx\u201d: not taken in, ${LEFT[why]}`],
      ];
    }),
  ],
  'report-has-no-file': [
    [{ instead: 'attached' }, `This message has no file that could be a mail, so there is nothing to report. ${AGAIN}`],
    [
      { instead: 'alone' },
      'This message has no file that could be a mail, so there is nothing to report. Save the mail as a file (.eml, or .msg in Outlook) and send it to me in the chat with me alone.',
    ],
  ],
  'report-not-taken': Object.entries(TURNED_AWAY).map(([why, words]) => [{ why: why as NoReport }, words]),
};
