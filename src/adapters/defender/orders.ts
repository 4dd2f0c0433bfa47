import type { Ordered } from '../../ports/effects.ts';

/** In which orders many mails are handed to Defender, so that none of its limits is met. */

/** How many one request may hold is not documented; Explorer takes a hundred by hand. */
const MOST_MAILS = 50;
/**
 * Recipients have to be at least 40 % of the messages of an order (learn.microsoft.com/defender-office-365/
 * remediate-malicious-email-delivered-office-365): with two for each they are half.
 */
const MOST_FOR_ONE = 2;

export type Named = Ordered & Required<Pick<Ordered, 'via'>>;

/** What is called the same goes together. More than two mails of one recipient are spread over several orders. */
export function inOrders(targets: readonly Named[]): readonly (readonly Named[])[] {
  const orders: { readonly name: string; readonly mails: Named[]; readonly perRecipient: Map<string, number> }[] = [];
  for (const target of targets) {
    const { order: name, recipient } = target.via;
    const key = recipient.toLowerCase();
    const fits = orders.find(
      (one) => one.name === name && one.mails.length < MOST_MAILS && (one.perRecipient.get(key) ?? 0) < MOST_FOR_ONE,
    );
    const order = fits ?? { name, mails: [], perRecipient: new Map<string, number>() };
    if (!fits) orders.push(order);
    order.mails.push(target);
    order.perRecipient.set(key, (order.perRecipient.get(key) ?? 0) + 1);
  }
  return orders.map(({ mails }) => mails);
}
