/**
 * The beginning of what a mail says: its text without markup, with hosts in the place of links. It is still text of
 * whoever wrote the mail, and goes through `inert` before anybody sees it.
 */

/** As the mail service tells it. */
export interface MailText {
  readonly type: 'text' | 'html';
  readonly content: string;
}

export interface Excerpt {
  readonly lines: readonly string[];
  /** Of all lines. */
  readonly characters: number;
  /** There is more. */
  readonly cut: boolean;
}

/** UTF-16 units of an excerpt. */
const MOST_CHARACTERS = 500;
const MOST_LINES = 25;
/** Of what a mail says as much is looked at as can hold so much text: markup may be long. */
const MOST_READ = 200_000;

export function excerptOf({ type, content }: MailText): Excerpt {
  const read = content.slice(0, MOST_READ).toWellFormed();
  const text = type === 'html' ? withoutMarkup(read) : read;
  const all = withoutLinks(text)
    .split(/[\r\n\u0085\u2028\u2029]+/)
    .map((line) => line.replace(/[\s\u00A0]+/g, ' ').trim())
    .filter((line) => line !== '');
  const lines: string[] = [];
  let left = MOST_CHARACTERS;
  for (const line of all) {
    if (left <= 0 || lines.length >= MOST_LINES) break;
    const part = line.slice(0, left).toWellFormed();
    lines.push(part);
    left -= part.length;
  }
  const characters = MOST_CHARACTERS - left;
  const whole = all.reduce((sum, line) => sum + line.length, 0);
  return { lines, characters, cut: characters < whole || content.length > MOST_READ };
}

const LINK = /<?\b(?:https?|hxxps?|ftp):\/\/(?:\[[0-9a-f:.]{2,45}\])?[^\s<>"'()[\]]*>?/gi;

/** Where a link leads is said by its host alone: paths and queries hold whom it was sent to. */
function withoutLinks(text: string): string {
  return text.replace(LINK, (link) => ` [link to ${hostOf(link.replace(/^<|>$/g, ''))}] `);
}

function hostOf(address: string): string {
  return URL.parse(address.replace(/^hxxp/i, 'http'))?.hostname || 'an address that cannot be read';
}

/** What people never see of it, up to the tag that ends it. */
const UNSEEN: ReadonlySet<string> = new Set(['style', 'script', 'head', 'title', 'noscript', 'template', 'svg']);
const ENDS_LINE: ReadonlySet<string> = new Set(
  'address article blockquote br center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul'.split(
    ' ',
  ),
);

/** One pass from the front to the end, so that nobody's mail takes longer than its length. */
function withoutMarkup(html: string): string {
  const lower = html.toLowerCase();
  let text = '';
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    text += unescaped(html.slice(at, open < 0 ? html.length : open)).replace(/\s+/g, ' ');
    if (open < 0) break;
    const part = markupAt(html, lower, open);
    text += part.text;
    at = part.end;
  }
  return text;
}

/** What begins with this bracket: what people see in its place, and where it ends. */
function markupAt(html: string, lower: string, open: number): { readonly text: string; readonly end: number } {
  const [, slash, tag = ''] = /^(\/?)([a-z][a-z0-9]*)/.exec(lower.slice(open + 1, open + 30)) ?? [];
  if (tag === '' && !/^[!?]/.test(html.charAt(open + 1))) return { text: '<', end: open + 1 };
  const ending = html.startsWith('<!--', open) ? '-->' : '>';
  const close = html.indexOf(ending, open);
  if (close < 0) return { text: '', end: html.length };
  const line = ENDS_LINE.has(tag) ? '\n' : '';
  const end = close + ending.length;
  if (slash !== '') return { text: line, end };
  if (UNSEEN.has(tag)) return { text: line, end: after(lower, `</${tag}`, end) };
  return { text: tag === 'a' ? linkIn(html.slice(open, close)) : line, end };
}

/** Behind the tag that begins so; the end where there is none. */
function after(lower: string, tag: string, from: number): number {
  const start = lower.indexOf(tag, from);
  const end = start < 0 ? -1 : lower.indexOf('>', start);
  return end < 0 ? lower.length : end + 1;
}

function linkIn(tag: string): string {
  const [, quoted, single, bare] = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(tag.slice(0, 4_000)) ?? [];
  const address = unescaped(quoted ?? single ?? bare ?? '').trim();
  return /^(?:https?|ftp):\/\//i.test(address) ? ` [link to ${hostOf(address)}] ` : ' ';
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Once: what was written to be read as markup stays text. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hex, name: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code).toWellFormed() : '\uFFFD';
  });
}
