/** What programs put around a mail when they save it: marks, encodings, and the envelopes of mbox and Apple Mail. */

export interface Unwrapped {
  readonly bytes: Buffer;
  readonly findings: readonly string[];
}

const LF = 0x0a;
const CR = 0x0d;
const BLANK: ReadonlySet<number> = new Set([LF, CR, 0x20, 0x09]);
/** How much of a file tells its encoding. */
const SAMPLE = 512;

/** The mail alone. Line ends stay as they are, unless there is no line feed at all. */
export function unwrapped(file: Buffer): Unwrapped {
  const bytes = fromFirstHeader(utf8(file));
  const apple = fromEmlx(bytes);
  if (apple) return { bytes: withLineFeeds(fromFirstHeader(apple)), findings: [] };
  const mails = fromMbox(bytes);
  if (!mails) return { bytes: withLineFeeds(bytes), findings: [] };
  const findings = mails.more ? ['The file holds several mails (mbox): only the first one was read.'] : [];
  return { bytes: withLineFeeds(fromFirstHeader(mails.first)), findings };
}

/** A file of `Windows Unicode` is UTF-16; a mail in it has a NUL beside every letter of its headers. */
function utf8(file: Buffer): Buffer {
  const order = utf16Order(file);
  if (order === null) return file;
  const even = Buffer.from(file.subarray(0, file.length - (file.length % 2)));
  const text = (order === 'be' ? even.swap16() : even).toString('utf16le');
  return Buffer.from(text, 'utf8');
}

function utf16Order(file: Buffer): 'le' | 'be' | null {
  if (file[0] === 0xff && file[1] === 0xfe) return 'le';
  if (file[0] === 0xfe && file[1] === 0xff) return 'be';
  const sample = file.subarray(0, SAMPLE);
  const zeros = (odd: 0 | 1) => sample.filter((byte, at) => at % 2 === odd && byte === 0).length;
  const half = sample.length >> 1;
  const [even, odd] = [zeros(0), zeros(1)];
  if (half < 8) return null;
  if (odd > half * 0.9 && even < half * 0.1) return 'le';
  return even > half * 0.9 && odd < half * 0.1 ? 'be' : null;
}

/** Nothing of what stands before the first header is a part of it: blank lines, and marks wherever a program put one. */
function fromFirstHeader(bytes: Buffer): Buffer {
  let start = 0;
  for (; ; start += 1) {
    if (isMark(bytes, start)) start += 2;
    else if (!BLANK.has(bytes[start] ?? 0)) return bytes.subarray(start);
  }
}

function isMark(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** Apple Mail: the length of the mail, the mail, and a property list about it. */
function fromEmlx(bytes: Buffer): Buffer | null {
  const first = /^(\d{1,10})[ \t]*\r?\n/.exec(bytes.subarray(0, 64).toString('latin1'));
  if (!first) return null;
  const mail = bytes.subarray(first[0].length);
  const told = mail.subarray(0, Number(first[1]));
  if (told.length === mail.length || isList(mail.subarray(told.length))) return told;
  // A changed line end makes the length wrong; the list still begins where it begins.
  const list = mail.lastIndexOf('<?xml');
  return list > 0 && isList(mail.subarray(list)) ? mail.subarray(0, list) : mail;
}

function isList(rest: Buffer): boolean {
  const text = rest.subarray(0, 512).toString('latin1').trim();
  return text === '' || (text.startsWith('<?xml') && text.includes('plist'));
}

/** mbox: every mail begins with a line of its envelope. What looks like one inside of a mail is only told. */
function fromMbox(bytes: Buffer): { first: Buffer; more: boolean } | null {
  const [line] = /^From [^\s:][^\r\n]*(?:\r\n|\r|\n)/.exec(bytes.subarray(0, 1_000).toString('latin1')) ?? [];
  if (line === undefined || !isEnvelope(line)) return null;
  const mail = bytes.subarray(line.length);
  const end = endOfFirst(mail);
  return { first: mail.subarray(0, end ?? mail.length), more: end !== null };
}

/** Two tests of one line: as one expression they would try every pair of places in it. */
function isEnvelope(line: string): boolean {
  return /^From \S+ /.test(line) && /\d{4}/.test(line.replace(/^From \S+ /, ''));
}

/** Line by line, and no line twice: after a blank line an envelope, and a header behind it. */
function endOfFirst(mail: Buffer): number | null {
  for (let at = mail.indexOf('\nFrom '); at >= 0; ) {
    const lineEnd = mail.indexOf(LF, at + 1);
    if (lineEnd < 0) return null;
    const end = beforeBlankLine(mail, at);
    if (end !== null && isEnvelope(mail.toString('latin1', at + 1, lineEnd)) && isHeader(mail, lineEnd + 1)) return end;
    at = mail.indexOf('\nFrom ', lineEnd);
  }
  return null;
}

/** Where the line before ends, if the line feed is that of a blank line. */
function beforeBlankLine(mail: Buffer, feed: number): number | null {
  const start = mail[feed - 1] === CR ? feed - 1 : feed;
  if (mail[start - 1] !== LF) return null;
  return mail[start - 2] === CR ? start - 2 : start - 1;
}

function isHeader(mail: Buffer, at: number): boolean {
  return /^[!-9;-~]{1,200}:/.test(mail.toString('latin1', at, at + 201));
}

/** Old files end their lines with CR alone. Where both stand, a bare CR is no line end: senders hide headers behind it. */
function withLineFeeds(bytes: Buffer): Buffer {
  return bytes.includes(LF) || !bytes.includes(CR)
    ? bytes
    : Buffer.from(bytes.toString('latin1').replaceAll('\r', '\r\n'), 'latin1');
}
