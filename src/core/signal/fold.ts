/**
 * What a name looks like to somebody who reads it quickly: letters that look alike become one, whatever alphabet they are of. For
 * comparison and nothing else. The letters are our own choice from Unicode's confusables (UTS 39): those that mail is forged with.
 */

/** Names and labels are shorter; whatever is longer is cut before anything is done with it. */
const LONGEST = 256;

/** Capital letters whose small ones look different. */
const CAPITALS: Readonly<Record<string, string>> = {
  ...{
    А: 'a',
    В: 'b',
    С: 'c',
    Е: 'e',
    Н: 'h',
    І: 'i',
    Ј: 'j',
    К: 'k',
    М: 'm',
    О: 'o',
    Р: 'p',
    Ѕ: 's',
    Т: 't',
    У: 'y',
    Х: 'x',
  },
  ...{ Α: 'a', Β: 'b', Ε: 'e', Ζ: 'z', Η: 'h', Ι: 'i', Κ: 'k', Μ: 'm', Ν: 'n', Ο: 'o', Ρ: 'p', Τ: 't', Υ: 'y', Χ: 'x' },
};

const SMALL: Readonly<Record<string, string>> = {
  // Cyrillic
  ...{
    а: 'a',
    ь: 'b',
    с: 'c',
    ԁ: 'd',
    е: 'e',
    ҽ: 'e',
    һ: 'h',
    і: 'l',
    ј: 'j',
    к: 'k',
    ӏ: 'l',
    м: 'm',
    п: 'n',
    о: 'o',
    р: 'p',
  },
  ...{ ԛ: 'q', ѕ: 's', т: 't', ц: 'u', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', ү: 'y', з: 'e' },
  // Greek
  ...{
    α: 'a',
    β: 'b',
    ϲ: 'c',
    ε: 'e',
    η: 'n',
    ι: 'l',
    ϳ: 'j',
    κ: 'k',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    γ: 'y',
    ω: 'w',
  },
  // Armenian
  ...{ օ: 'o', ս: 'u', հ: 'h', ց: 'g', ո: 'n' },
  // Latin letters that are no letter with a mark
  ...{
    ı: 'l',
    ł: 'l',
    ø: 'o',
    đ: 'd',
    ħ: 'h',
    ɑ: 'a',
    ɡ: 'g',
    ɩ: 'l',
    ƒ: 'f',
    ǀ: 'l',
    ŧ: 't',
    ß: 'b',
    æ: 'ae',
    œ: 'oe',
  },
  // Signs and letters within ASCII: a capital I is small once it is compared, and is read as an l.
  ...{ '0': 'o', '1': 'l', '3': 'e', '5': 's', '8': 'b', i: 'l' },
};

const PAIRS = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
] as const;

/** `Fаbrikarn-1` -> `fabrlkaml`: small letters and digits alone, nothing between them. At most 256 UTF-16 units are looked at. */
export function fold(text: string): string {
  return foldedWords(text).join('');
}

/** The same word by word; what is neither letter nor digit separates them, but for what nobody sees. */
export function foldedWords(text: string): readonly string[] {
  const plain = plainOf(text);
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => PAIRS.reduce((folded, [pair, one]) => folded.replace(pair, one), asciiOf(word)))
    .filter((word) => word !== '');
}

/** Compatibility forms are resolved (full-width, mathematical letters), marks and hidden characters are gone. */
function plainOf(text: string): string {
  const cut = text.slice(0, LONGEST).toWellFormed().replaceAll('|', 'l');
  const resolved = cut
    .normalize('NFKD')
    .slice(0, LONGEST)
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '');
  return Array.from(resolved, (letter) => CAPITALS[letter] ?? letter)
    .join('')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
}

function asciiOf(word: string): string {
  return Array.from(word, (letter) => SMALL[letter] ?? letter).join('');
}
