import type { DefenderName } from '../../core/action/engine-names.ts';
import { type Target, targetKey } from '../../core/find/plan.ts';
import type { Named } from './orders.ts';

/** What Defender has taken on and not shown as done: it begins nothing new beside fifty orders. */

/** learn.microsoft.com/defender-office-365/remediate-malicious-email-delivered-office-365. */
const MOST_ORDERS = 50;

export interface UnderWay {
  isFull(): boolean;
  /** `goal`: where Defender will tell it to be. */
  begun(mails: readonly Named[], goal: string): void;
  /** Where Defender tells it to be now. */
  seen(mail: DefenderName, location: string): void;
  /** The same in Defender's word, where the mailbox itself has told it. */
  seenInMailbox(copy: Target, location: string): void;
}

interface Order {
  readonly at: number;
  readonly goal: string;
  /** What each open one is called in its mailbox. */
  readonly open: Map<string, string>;
}

/** Of this process. What was begun `forgetMs` ago counts as over, whatever became of it. */
export function createUnderWay(clock: () => number, forgetMs: number): UnderWay {
  let orders: readonly Order[] = [];
  const at = (goal: string) => orders.filter((order) => order.goal === goal).map(({ open }) => open);
  return {
    isFull() {
      orders = orders.filter((order) => order.open.size > 0 && clock() - order.at < forgetMs);
      return orders.length >= MOST_ORDERS;
    },
    begun(mails, goal) {
      const open = new Map(mails.map((mail) => [keyOf(mail.via), targetKey(mail)]));
      orders = [...orders, { at: clock(), goal, open }];
    },
    seen(mail, location) {
      for (const open of at(location)) open.delete(keyOf(mail));
    },
    seenInMailbox(copy, location) {
      const key = targetKey(copy);
      for (const open of at(location)) for (const [name, own] of open) if (own === key) open.delete(name);
    },
  };
}

function keyOf({ networkMessageId, recipient }: DefenderName): string {
  return `${networkMessageId.toLowerCase()} ${recipient.toLowerCase()}`;
}
