import fc from 'fast-check';

/** Texts of which a platform might make something. */
const PIECES = [
  ...[
    '<!channel>',
    '<@U012AB3CD>',
    '<https://evil.example|x>',
    '<!date^1^{date}^https://evil.example|x>',
    '<at>x</at>',
  ],
  ...['](https://evil.example)', '![i](https://evil.example)', '**b**', '- item', '> quote', '`', ':lock:', '&lt;'],
  ...['\u0024{1+1}', '\u0024\u0024{', '{{DATE(2026-01-01T00:00:00Z)}}', '{{{', '","type":"Image","url":"', '=cmd()'],
  ...[
    'https://evil.example/',
    'xHTTPS://evil.example',
    'javascript:alert(1)',
    'mailto:a@evil.example',
    '//evil.example',
  ],
  ...['evil.example', '|act=deleted', '\n', '\r', '\u2028', '\u0085', '\t', '\u0000', '\u001b[2J', '\u202E', '\u2066'],
  ...['\u200B', '\u200D', '\uFEFF', '\uFE0F', '\u{E0041}', '\uD800', '\uDC00', '\u0301'.repeat(40)],
  ...['\u{1F468}\u200D\u{1F469}', '</p><script>', '" onload="', "'--", '__proto__', '&amp;'],
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'<>&*_~`[]():/\\@#!|{}$%"\'=;,.- \n'), maxLength: 8 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...PIECES), fc.nat({ max: 400 })).map(([text, n]) => text.repeat(n)),
  },
);

/** At most as many as one incident takes in, so that each generated text is used. */
export const TEXTS_A_LIFE = 50;
export const anyTexts = fc.array(
  fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  { minLength: TEXTS_A_LIFE, maxLength: TEXTS_A_LIFE },
);

/** Hands them out in turn, from the start again when they are used up; `used` counts. */
export function inTurn(texts: readonly string[]): { next(): string; used(): number } {
  let used = 0;
  return {
    next: () => texts[used++ % texts.length] ?? '',
    used: () => used,
  };
}
