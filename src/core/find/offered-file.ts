/** Mail files that people point at in a chat: what is taken for one, and why one cannot be used. */

/** As much as a file on disk may have: Exchange Online takes messages up to 150 MB, but a phishing mail of this size is something else. */
export const MOST_FILE_BYTES = 30 * 1024 * 1024;
/** Of one message. */
export const MOST_FILES = 5;
/** Of one person, within an hour of the clock. */
export const FILES_PER_HOUR = 20;

/** Why nothing was made of a file. The record has these words. */
export const FILE_TROUBLES = [
  /** A mail that was sent into the chat: the chat keeps no headers of the one that was forwarded with it. */
  'forwarded into the chat',
  'deleted',
  /** It lies with another service or organisation, or its address is not one of the chat's own. */
  'lies elsewhere',
  /** In Teams: only Graph would hand it out, with a permission on everybody's files. */
  'out of reach',
  /** The chat wants a sign-in, or says no. */
  'not handed out',
  'too large',
  /** Fewer bytes came than the chat says that it has. */
  'cut off',
  /** No answer, or not all of it, in time. */
  'no answer',
  /** What came is a page for browsers: the file is one, or it is the chat's sign-in page. */
  'a web page',
  /** Its bytes are no mail, whatever its name says. */
  'no mail',
  /** The person has had as many read as there are in an hour. */
  'too many',
] as const;
export type FileTrouble = (typeof FILE_TROUBLES)[number];

/** Of these endings alone: what else is in a message is never fetched. */
export function isMailName(name: string): boolean {
  return /\.(?:eml|msg)$/i.test(name.trim());
}
