import { randomUUID } from 'node:crypto';
import type { LookResult, Target } from '../../src/core/plan.ts';
import type { Answer, FoundMessage, Mail, MessageState, Reading } from '../../src/ports/mail.ts';

/** A tenant in memory for the tests of the flow; the stories use the loopback Graph instead. */

interface Copy {
  readonly mailbox: string;
  readonly address: string;
  readonly message: string;
  internetMessageId: string;
  sender: string;
  folderId: string;
  isRead: boolean;
  flag: string;
  categories: readonly string[];
}

export const RECOVERABLE = 'recoverable';

export interface FakeMail extends Mail {
  readonly copies: Copy[];
  /** Answers given instead of doing anything, per method and mailbox; taken away once used unless `always`. */
  readonly trouble: { method: string; mailbox: string; answer: Answer; always?: boolean }[];
  /** Writes that had their effect. */
  readonly effects: { method: string; target: Target }[];
  put(address: string, mail: { internetMessageId: string; sender: string; isRead?: boolean }): Copy;
}

export function createFakeMail(options: { hunting?: readonly string[] | null } = {}): FakeMail {
  const copies: Copy[] = [];
  let made = 0;
  const mailboxes = new Map<string, string>();
  const trouble: FakeMail['trouble'] = [];
  const effects: FakeMail['effects'] = [];

  function find(target: Target): Copy | undefined {
    return copies.find((copy) => copy.mailbox === target.mailbox && copy.message === target.message);
  }

  function troubled(method: string, mailbox: string): Answer | null {
    const index = trouble.findIndex((item) => item.method === method && item.mailbox === mailbox);
    const hit = trouble[index];
    if (!hit) return null;
    if (!hit.always) trouble.splice(index, 1);
    return hit.answer;
  }

  function effect<T extends Target>(method: string, orders: readonly T[], apply: (copy: Copy, order: T) => void) {
    return Promise.resolve(
      orders.map((order) => {
        const target = { mailbox: order.mailbox, message: order.message };
        const answer = troubled(method, order.mailbox);
        const copy = find(order);
        // 'lost' means that the effect happened and the answer did not arrive.
        if (copy && (answer === null || answer.status === 'lost')) {
          apply(copy, order);
          effects.push({ method, target });
        }
        return { target, requestId: randomUUID(), ...(answer ?? (copy ? { status: 'ok' as const } : ABSENT)) };
      }),
    );
  }

  return {
    copies,
    trouble,
    effects,
    put(address, mail) {
      const mailbox = mailboxes.get(address) ?? randomUUID();
      mailboxes.set(address, mailbox);
      const copy = {
        mailbox,
        address,
        message: `m${++made}`,
        internetMessageId: mail.internetMessageId,
        sender: mail.sender,
        folderId: 'inbox',
        isRead: mail.isRead ?? false,
        flag: 'notFlagged',
        categories: [],
      };
      copies.push(copy);
      return copy;
    },
    hunt: () => Promise.resolve(options.hunting ? { recipients: options.hunting, requestId: randomUUID() } : null),
    locate: (addresses, key) =>
      Promise.resolve(
        addresses.map((address) => {
          const mailbox = mailboxes.get(address);
          const answer = mailbox ? troubled('locate', mailbox) : null;
          const here = copies.filter((copy) => copy.address === address && copy.folderId !== RECOVERABLE);
          const messages = here.filter((copy) => copy.internetMessageId === key.internetMessageId);
          return {
            address,
            mailbox: mailbox ? { id: mailbox, address } : null,
            result: resultOf(mailbox, answer, messages.length),
            messages: answer ? [] : messages.map(toFound),
            requestId: randomUUID(),
            detail: '',
          };
        }),
      ),
    read: (targets) =>
      Promise.resolve(
        targets.map(({ mailbox, message }): Reading => {
          const target = { mailbox, message };
          const requestId = randomUUID();
          const answer = troubled('read', mailbox);
          if (answer && answer.status !== 'ok') return { target, requestId, ...answer };
          const copy = find(target);
          return copy ? { target, requestId, status: 'ok', state: toState(copy) } : { target, requestId, ...ABSENT };
        }),
      ),
    softDelete: (targets) =>
      effect('softDelete', targets, (copy) => {
        copy.folderId = RECOVERABLE;
      }),
    mark: (orders) =>
      effect('mark', orders, (copy, order) => {
        copy.categories = order.categories;
        copy.flag = order.flag ?? copy.flag;
      }),
    putBack: (orders) =>
      effect('putBack', orders, (copy, order) => {
        Object.assign(copy, {
          folderId: order.folderId,
          isRead: order.isRead,
          flag: order.flag,
          categories: order.categories,
        });
      }),
  };
}

function resultOf(mailbox: string | undefined, answer: Answer | null, messages: number): LookResult {
  if (!mailbox) return 'missing';
  if (answer?.status === 'denied') return 'denied';
  return messages > 0 ? 'found' : 'nothing';
}

const ABSENT = { status: 'absent', detail: 'ErrorItemNotFound' } as const;

function toState(copy: Copy): MessageState {
  const { internetMessageId, sender, folderId, isRead, flag, categories } = copy;
  return {
    internetMessageId,
    sender,
    folderId,
    isRead,
    flag,
    categories,
    inRecoverableItems: folderId === RECOVERABLE,
  };
}

function toFound(copy: Copy): FoundMessage {
  return {
    message: copy.message,
    internetMessageId: copy.internetMessageId,
    sender: copy.sender,
    networkMessageId: null,
    isDraft: false,
    inSentItems: false,
    folderId: copy.folderId,
    folder: 'Inbox',
    receivedAt: '2026-11-20T08:00:00Z',
    isRead: copy.isRead,
    flag: copy.flag,
    categories: copy.categories,
  };
}
