const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HEX = '0123456789abcdef';

/** Numbers in [0, 1), as Math.random gives them. */
export type Random = () => number;

function letters(random: Random, alphabet: string, length: number): string {
  let text = '';
  for (let n = 0; n < length; n += 1) text += alphabet[Math.floor(random() * alphabet.length)];
  return text;
}

/** A GUID in lower case, version 4. */
export function guid(random: Random): string {
  const hex = (length: number) => letters(random, HEX, length);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${letters(random, '89ab', 1)}${hex(3)}-${hex(12)}`;
}

/** Shape of Exchange's ids in Graph: a recognisable head, base64url, sometimes padding, and upper case matters. */
export function opaqueId(random: Random, head: string): string {
  return `${head}${letters(random, BASE64URL, 43)}=`;
}

export function changeKey(random: Random): string {
  return `CQAAAB${letters(random, BASE64URL, 22)}`;
}
