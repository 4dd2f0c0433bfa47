/** The headers of a mail as they stand there: what decides is never what a parser makes of a broken one. */

export interface Header {
  /** Lower case. */
  readonly name: string;
  /** Unfolded; a bare CR or a NUL stays in it. */
  readonly value: string;
}

const MAX_HEAD = 1_048_576;

export function headersOf(mail: Buffer): readonly Header[] {
  const text = mail.subarray(0, MAX_HEAD).toString('latin1');
  const end = /\n\r?\n/.exec(text)?.index ?? text.length;
  const headers: { name: string; lines: string[] }[] = [];
  for (const line of text.slice(0, end).split('\n')) {
    const ended = line.replace(/\r$/, '');
    const [, name, value = ''] = /^([!-9;-~]{1,200})[ \t]*:(.*)$/s.exec(ended) ?? [];
    if (/^[ \t]/.test(ended)) headers.at(-1)?.lines.push(ended);
    else if (name !== undefined) headers.push({ name: name.toLowerCase(), lines: [value] });
  }
  return headers.map(({ name, lines }) => ({ name, value: decoded(lines.join('')).trim() }));
}

/** Every value of one header, in order. */
export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter((header) => header.name === name).map(({ value }) => value);
}

/** RFC 6532 headers are UTF-8; other letters beyond ASCII are shown as Latin-1. */
function decoded(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}
