/** The headers of a mail as they stand there: what decides is never what a parser makes of a broken one. */

export interface Header {
  /** Lower case. */
  readonly name: string;
  /** Unfolded; a bare CR or a NUL stays in it. */
  readonly value: string;
  /** Its letters name no encoding and are not UTF-8. */
  readonly guessed?: true;
}

const MAX_HEAD = 1_048_576;

export function headersOf(mail: Buffer): readonly Header[] {
  const headers: { name: string; lines: string[] }[] = [];
  for (const line of headOf(mail).split('\n')) {
    const ended = line.replace(/\r$/, '');
    const [, name, value = ''] = /^([!-9;-~]{1,200})[ \t]*:(.*)$/s.exec(ended) ?? [];
    if (/^[ \t]/.test(ended)) headers.at(-1)?.lines.push(ended);
    else if (name !== undefined) headers.push({ name: name.toLowerCase(), lines: [value] });
  }
  return headers.map(({ name, lines }) => {
    const { text, guessed } = decoded(lines.join(''));
    return { name, value: text.trim(), ...(guessed ? { guessed } : {}) };
  });
}

/** Latin-1: one letter is one byte. */
function headOf(mail: Buffer): string {
  const text = mail.subarray(0, MAX_HEAD).toString('latin1');
  return text.slice(0, /\n\r?\n/.exec(text)?.index ?? text.length);
}

/** The same mail, with every line of its head in UTF-8: the parser would show other letters as U+FFFD. */
export function withReadableHead(mail: Buffer): Buffer {
  const head = headOf(mail);
  if (!decoded(head).guessed) return mail;
  const lines = head.split('\n').map((line) => decoded(line).text);
  return Buffer.concat([Buffer.from(lines.join('\n'), 'utf8'), mail.subarray(head.length)]);
}

/** Every value of one header, in order. */
export function valuesOf(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter((header) => header.name === name).map(({ value }) => value);
}

/** RFC 6532 headers are UTF-8; other letters beyond ASCII are read as Exchange does. */
function decoded(latin1: string): { text: string; guessed?: true } {
  if (!/[\x80-\xff]/.test(latin1)) return { text: latin1 };
  const bytes = Buffer.from(latin1, 'latin1');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), guessed: true };
  }
}
