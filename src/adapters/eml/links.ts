/** Where a mail leads. Browsers are generous with what they take for a link, and so is this. */

const MAX_TEXT = 2_000_000;
/** More than the alert holds, so that the reader of the alert can say how many there were. */
const MAX_LINKS = 20_000;

const NAMED: Readonly<Record<string, string>> = { amp: '&', colon: ':', sol: '/', period: '.', bsol: '\\', num: '#' };

export interface Links {
  readonly urls: readonly string[];
  readonly findings: readonly string[];
}

export function linksIn(html: string, text: string): Links {
  const shown = withoutEntities(html.slice(0, MAX_TEXT));
  const found = new Set<string>();
  for (const [url] of `${shown}\n${text.slice(0, MAX_TEXT)}`.matchAll(/https?:\/\/[^\s"'<>\\]+/gi)) found.add(url);
  for (const [, quoted, single, bare] of shown.matchAll(
    /\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi,
  )) {
    const url = asBrowsersRead(quoted ?? single ?? bare ?? '');
    if (url !== null) found.add(url);
  }
  const findings =
    Math.max(html.length, text.length) > MAX_TEXT
      ? ['The text of the mail is very long: links beyond its first 2,000,000 characters were not read.']
      : [];
  return { urls: [...found].slice(0, MAX_LINKS), findings };
}

/** `//host` and `https:\\host`, which the general search does not see. */
function asBrowsersRead(value: string): string | null {
  const url = value
    .replace(/[\t\r\n]/g, '')
    .trim()
    .replaceAll('\\', '/');
  const [, scheme = 'https:', rest] = /^(https?:)?\/\/+([^/].*)$/i.exec(url) ?? [];
  return rest === undefined || /[\s"'<>]/.test(rest) ? null : `${scheme}//${rest}`;
}

/** What would end a link where it stands is kept in its encoded form. */
function withoutEntities(html: string): string {
  return html.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    if (code <= 0x20 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '';
    const sign = String.fromCodePoint(code);
    return /["'<>]/.test(sign) ? encodeURIComponent(sign).replace("'", '%27') : sign;
  });
}
