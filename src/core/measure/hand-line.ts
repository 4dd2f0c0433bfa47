import { inert } from '../text.ts';

/** One line of PowerShell for an administrator, for what no interface of Graph can do. */

/** PowerShell ends a text in single quotes at each of these, and takes two of them for one [learn: about_Quoting_Rules; its lexer takes curly ones too]. */
const QUOTES = /['\u2018\u2019\u201A\u201B]/g;
/** Somebody reads the line before it is run: nothing in it may show as something else, or end it. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u;
const LONGEST = 256;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why something cannot stand in a line that is shown literally and copied by hand. */
export const UNFITS = ['no address', 'no id', 'empty', 'hidden', 'too long', 'shown otherwise'] as const;
export type Unfit = (typeof UNFITS)[number];

/** What would have to be made inert first is unfit. Null for what is fit. */
export function unfitIn(value: string): Exclude<Unfit, 'no address' | 'no id'> | null {
  if (value === '') return 'empty';
  if (UNFIT.test(value)) return 'hidden';
  if (value.length > LONGEST) return 'too long';
  return inert(value, LONGEST).replaceAll('[.]', '.') === value ? null : 'shown otherwise';
}

/** Null where the value is unfit. */
export function quoted(value: string): string | null {
  if (unfitIn(value) !== null) return null;
  return `'${value.replace(QUOTES, (quote) => quote + quote)}'`;
}

/** `parts`: each either words of ours or a value of somebody; null as soon as one of the values is unfit. */
export function line(words: TemplateStringsArray, ...values: readonly string[]): string | null {
  const safe = values.map(quoted);
  if (safe.includes(null)) return null;
  return words.reduce((whole, part, n) => `${whole}${safe[n - 1] ?? ''}${part}`);
}

export const isGuid = (value: string) => GUID.test(value);
