import { storable } from '../text.ts';
import { type Target, targetKey } from './plan.ts';

/** In which forms one mail came, and what its header looks like as a text. */

/** By what Exchange and the mail itself call it; null where that is not known. Ten thousand copies have few of these. */
export interface MailForm {
  readonly networkMessageId: string | null;
  readonly internetMessageId: string | null;
}

/** A form, and copies that have it: the first that can be read is enough. */
export interface FormToRead extends MailForm {
  readonly copies: readonly Target[];
}

/** More than these are no forms of one mail that anybody could read through; the first ones are read. */
const MOST_FORMS = 5;
/** A copy may be gone, or its mailbox closed, where the next one is not. */
const COPIES_OF_A_FORM = 3;
/** A header names its mail in 998 characters at most [RFC 5322 2.1.1]; what is longer is told apart by its beginning. */
const LONGEST_NAME = 998;

/** One word for a form, the same wherever it is met. */
export const formKey = ({ networkMessageId, internetMessageId }: MailForm) =>
  `${networkMessageId ?? '-'} ${internetMessageId ?? '-'}`;

const name = (id: string | null) => (id === null ? null : storable(id).slice(0, LONGEST_NAME).toWellFormed());

/** By `targetKey`. Copies of one form share it: there may be a hundred thousand. */
export function formsOfCopies(copies: Iterable<Target & { readonly form: MailForm }>): ReadonlyMap<string, MailForm> {
  const shared = new Map<string, MailForm>();
  const forms = new Map<string, MailForm>();
  for (const { form: told, ...target } of copies) {
    const form = {
      networkMessageId: name(told.networkMessageId)?.toLowerCase() ?? null,
      internetMessageId: name(told.internetMessageId),
    };
    const key = formKey(form);
    const one = shared.get(key) ?? form;
    shared.set(key, one);
    forms.set(targetKey(target), one);
  }
  return forms;
}

/** Of these copies, in their order; those whose form is not known are left out. */
export function formsToRead(copies: readonly Target[], forms: ReadonlyMap<string, MailForm>): readonly FormToRead[] {
  const found = new Map<string, FormToRead>();
  for (const { mailbox, message } of copies) {
    const form = forms.get(targetKey({ mailbox, message }));
    if (!form) continue;
    const key = formKey(form);
    const before = found.get(key)?.copies ?? [];
    if (before.length >= COPIES_OF_A_FORM || (before.length === 0 && found.size >= MOST_FORMS)) continue;
    found.set(key, { ...form, copies: [...before, { mailbox, message }] });
  }
  return [...found.values()];
}

export interface HeaderLine {
  readonly name: string;
  readonly value: string;
}

/** A folded line is one line [RFC 5322 2.2.3]; a break that folds nothing must not begin another header. */
const BREAKS = /\s*[\r\n\u0085\u2028\u2029]+\s*/g;

/**
 * `Name: value`, a line each, in the order in which the service tells them, ended by a line feed. The same headers are the
 * same text wherever they are read, and no value can pass for a header. Without what no database and no record can hold.
 */
export function headerText(headers: readonly HeaderLine[]): string {
  const flat = (text: string) => storable(text).replace(BREAKS, ' ');
  return headers.map((header) => `${flat(header.name)}: ${flat(header.value)}\n`).join('');
}
