import { inert, inertOr } from '../text.ts';
import type { Entry } from './ledger.ts';

/** What stands in an entry, for a line of the story: inert, and never empty. */

export function who({ actor }: Entry): string {
  return inert(actor.name || actor.id || 'somebody', 80);
}

export function word(value: string | number | null): string {
  return inertOr(value === null ? null : String(value), 'unknown', 160);
}

export const words = (values: readonly string[], by: string) => word(values.join(by));

export const chat = ({ platform }: Entry) => platform ?? 'chat';

export function placeWords(entry: Entry): string {
  return inert(entry.mailbox ?? 'a mailbox', 330);
}

export function ending(entry: Entry): string {
  return inert(entry.outcome ?? 'no answer', 160);
}
