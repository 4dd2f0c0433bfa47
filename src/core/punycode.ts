/** RFC 3492, the reading half: what a label of an internationalised domain looks like to people. */

const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const BASE = DIGITS.length;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
/** A label of a domain has at most 63 characters; whatever is longer is no label. */
const MAX_LABEL = 63;

/** `bcher-kva` (without `xn--`) -> `bücher`; null for what is no punycode. */
export function decodePunycode(label: string): string | null {
  if (label === '' || label.length > MAX_LABEL || /[^a-z0-9-]/.test(label)) return null;
  const dash = label.lastIndexOf('-');
  if (dash === 0) return null;
  const basic = dash === -1 ? 0 : dash;
  const letters = [...label.slice(0, basic)];
  let at = dash + 1;
  let code = 128;
  let bias = 72;
  let place = 0;
  while (at < label.length) {
    const read = readNumber(label, at, bias);
    if (read === null) return null;
    at = read.next;
    const length = letters.length + 1;
    const total = place + read.value;
    code += quotient(total, length);
    // However large a number is: there is no character behind the last one.
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
    bias = adapted(read.value, length, letters.length === basic);
    place = total % length;
    letters.splice(place, 0, String.fromCodePoint(code));
    place += 1;
  }
  return letters.join('');
}

function readNumber(label: string, from: number, bias: number): { value: number; next: number } | null {
  let value = 0;
  let weight = 1;
  for (let at = from, k = BASE; ; at += 1, k += BASE) {
    const digit = digitAt(label, at);
    if (digit === null) return null;
    value += digit * weight;
    const limit = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
    if (digit < limit) return { value, next: at + 1 };
    weight *= BASE - limit;
  }
}

function digitAt(label: string, at: number): number | null {
  const letter = label[at];
  return letter === undefined ? null : DIGITS.indexOf(letter);
}

function adapted(delta: number, length: number, first: boolean): number {
  let rest = quotient(delta, first ? DAMP : 2);
  rest += quotient(rest, length);
  let k = 0;
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = quotient(rest, BASE - T_MIN);
    k += BASE;
  }
  return k + quotient((BASE - T_MIN + 1) * rest, rest + SKEW);
}

function quotient(value: number, by: number): number {
  return (value - (value % by)) / by;
}
