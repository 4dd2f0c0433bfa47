import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, count, inert, inertOr, shortTime } from '../../src/core/text.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';

/** Pieces that are dangerous next to each other; chance alone would hardly ever put them there. */
const PIECES = [
  '{',
  '{{',
  '$',
  '${',
  '}',
  '\u0000',
  '\n',
  '\r\n',
  '\u2028',
  '\t',
  ' ',
  '.',
  '..',
  ':',
  '//',
  'http',
  'HTTPS',
  'h',
  'tt',
  'ps',
  'ftp',
  'smb',
  'javascript:',
  'evil',
  '.example',
  'e',
  '1',
  '\u200B',
  '\u200D',
  '\uFE0F',
  '\u20E3',
  '\u034F',
  '\u0301',
  '\u00AD',
  '\u202E',
  '\uD800',
  '\uDC00',
  '\u{1F468}',
  '\u{1F3FD}',
  '\u2764',
  '\u{1F1E9}',
  '\u1100',
  '\u2800',
  '\u{E0041}',
  '[',
  ']',
];
const attack = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);

const HIDDEN =
  /\p{Cc}|\u00AD|\u034F|\u061C|\u115F|\u1160|\u17B4|\u17B5|[\u180B-\u180F]|\u200B|\u200C|\u200E|\u200F|[\u2028-\u202E]|[\u2060-\u206F]|\u2800|\u3164|[\uFE00-\uFE0E]|\uFEFF|\uFFA0|[\u{E0000}-\u{E0FFF}]/u;

const PROPERTIES: readonly [string, (line: string) => boolean][] = [
  ['it is one line', (line) => !/[\r\n\u0085\u2028\u2029\v\f]/.test(line)],
  ['nothing in it is hidden', (line) => !HIDDEN.test(line)],
  ['no joiner stands alone', (line) => !/(?:^|[\p{L}\p{N}\s])\u200D|\u200D(?:$|[\p{L}\p{N}\s])/u.test(line)],
  [
    'no emoji selector hides in a word',
    (line) => !/[\p{L}\s.{$]\uFE0F/u.test(line.replace(/\p{Extended_Pictographic}\uFE0F/gu, '')),
  ],
  ['no template opens', (line) => !line.includes('{{') && !line.includes('${')],
  ['no address is live', (line) => !/[a-z]:\/\//i.test(line.replace(/hxxps?:\/\//gi, ''))],
  ['no script or mail scheme is live', (line) => !/(?:javascript|vbscript|data|mailto|msteams|tel):/i.test(line)],
  ['no host name is live', (line) => !/(?:[\p{L}\p{N}-]|\uFE0F)\.\p{L}/u.test(line)],
  ['half characters are gone', (line) => line.isWellFormed()],
  ['it is not longer than allowed', (line) => line.length <= 200],
];

describe('untrusted text, made inert', () => {
  it.each(PROPERTIES)('%s, whatever the mail says', (_name, holds) => {
    fc.assert(
      fc.property(attack, (text) => holds(inert(text))),
      { numRuns: 3_000 },
    );
  });

  it.each(PROPERTIES)('%s, for every known attack', (_name, holds) => {
    expect(hostileTexts().filter((text) => !holds(inert(text)))).toEqual([]);
  });

  it('making it inert twice changes nothing more', () => {
    fc.assert(
      fc.property(attack, (text) => inert(inert(text)) === inert(text)),
      { numRuns: 3_000 },
    );
  });

  it('keeps to a short limit too', () => {
    fc.assert(fc.property(attack, fc.integer({ min: 1, max: 30 }), (text, max) => inert(text, max).length <= max));
  });

  it('leaves honest words as they are', () => {
    const honest = 'Rechnung Nr. 12 für Müller – 3.50 € fällig, 你好。 שלום 👩🏽‍💻 👨‍👩‍👧 ❤️ 1️⃣';
    expect(inert(honest)).toBe(honest);
  });

  it('a megabyte of one letter is cut, visibly', () => {
    const line = inert('A'.repeat(1_000_000));
    expect([line.length, line.at(-1)]).toEqual([200, '…']);
  });

  it.each([
    ['newlines', '\n'],
    ['combining marks', '\u0301'],
  ])('a megabyte of %s does not hide that something followed', (_name, piece) => {
    expect(inert(`${piece.repeat(1_000_000)}tail`).at(-1)).toBe('…');
  });

  it('what is just short enough to be read whole does not look cut', () => {
    expect([inert('\n'.repeat(3_200)), inert('\n'.repeat(3_201))]).toEqual([' \u23CE ', ' \u23CE \u2026']);
  });

  it('nothing of what follows sixteen times the limit is read', () => {
    expect(inert(`${'\n'.repeat(3_200)}tail`)).toBe(' \u23CE \u2026');
  });

  it('a line that just fits is not cut', () => {
    expect([clip('abc', 3), clip('abcd', 3)]).toEqual(['abc', 'ab\u2026']);
  });

  it.each([
    ['one emoji family without end', `${'\u{1F468}\u200D'.repeat(100_000)}\u{1F467}`],
    ['one syllable without end', '\u1100'.repeat(100_000)],
    ['emoji of many units', '👨‍👩‍👧‍👦'.repeat(5_000)],
    ['brackets', '[('.repeat(100_000)],
    ['dots', 'a.'.repeat(100_000)],
  ])('%s still fits a limit that counts units', (_name, text) => {
    expect(inert(text, 180).length).toBeLessThanOrEqual(180);
  });

  it('a cut never leaves half an emoji', () => {
    expect(clip('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 15)).toBe('👨‍👩‍👧‍👦…');
  });

  it.each(['', ' ', '\t', '\n', null, undefined])(
    'where the mail shows nothing (%j), a placeholder stands',
    (value) => {
      expect(inertOr(value === '\n' ? '' : value === '\t' ? '  ' : value, '(none)')).toBe('(none)');
    },
  );
});

describe('numbers and times as people read them', () => {
  it.each([
    [0, '0 copies'],
    [1, '1 copy'],
    [999, '999 copies'],
    [1_000, '1,000 copies'],
    [1_234_567, '1,234,567 copies'],
  ])('%i', (n, words) => {
    expect(count(n, 'copy', 'copies')).toBe(words);
  });

  it.each([
    ['2026-11-23T14:05:59.999Z', '23 Nov 14:05 UTC'],
    ['2026-01-01T00:00:00Z', '1 Jan 00:00 UTC'],
    ['2026-11-23T14:05', '23 Nov 14:05 UTC'],
    ['2026-13-01T00:00:00Z', '1 13 00:00 UTC'],
    ['not a time', 'not a time'],
  ])('%s', (iso, words) => {
    expect(shortTime(iso)).toBe(words);
  });

  it('a time of another zone is not called UTC', () => {
    expect(shortTime('2026-11-23T14:05:00+05:00')).not.toBe('23 Nov 14:05 UTC');
  });
});
