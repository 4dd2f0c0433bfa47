import { addressKey } from '../address.ts';
import { instantOf } from '../instant.ts';
import type { Delivered } from './identify.ts';
import type { Plan } from './plan.ts';

/** Which deliveries that tracking names the lists can hold copies of. */

type List = Pick<Plan, 'copies' | 'resolvedAt'>;

/** Of one mailbox: how many copies the lists hold, and when the newest of those lists was made. */
interface Held {
  readonly messages: ReadonlySet<string>;
  readonly until: number;
}

/**
 * Recipients of deliveries for which no list has a copy: more deliveries into a mailbox than copies that are listed there, or
 * one from after the list was made. A copy is not told by which delivery it came.
 */
export function inNoList(rows: readonly Delivered[], lists: readonly List[]): readonly string[] {
  const held = heldIn(lists);
  const into = Map.groupBy(rows, ({ recipientId, recipient }) => recipientId?.toLowerCase() ?? addressKey(recipient));
  return [...into].flatMap(([mailbox, deliveries]) => {
    const here = held.get(mailbox) ?? held.get(addressKey(deliveries[0]?.recipient ?? ''));
    return here && isCovered(deliveries, here) ? [] : deliveries.map(({ recipient }) => recipient);
  });
}

function isCovered(deliveries: readonly Delivered[], { messages, until }: Held): boolean {
  // One mail to a person and to a list with that person on it is told twice and delivered once.
  const distinct = new Set(deliveries.map(({ networkMessageId }, nth) => networkMessageId ?? nth));
  return distinct.size <= messages.size && !deliveries.some(({ at }) => instantOf(at) > until);
}

function heldIn(lists: readonly List[]): ReadonlyMap<string, Held> {
  const held = new Map<string, { readonly messages: Set<string>; until: number }>();
  for (const { copies, resolvedAt } of lists) {
    const made = instantOf(resolvedAt);
    for (const { mailbox, address, message } of copies)
      for (const key of [mailbox.toLowerCase(), addressKey(address)]) {
        const here = held.get(key) ?? { messages: new Set(), until: made };
        here.messages.add(message);
        if (made > here.until) here.until = made;
        held.set(key, here);
      }
  }
  return held;
}
