import { randomUUID } from 'node:crypto';
import type { Origin } from '../../src/core/find/exercise.ts';
import type { Delivered } from '../../src/core/find/identify.ts';
import type { LookResult, Target } from '../../src/core/find/plan.ts';
import type { Term } from '../../src/core/lease.ts';
import type { EffectAnswer, EffectName, Effects } from '../../src/ports/effects.ts';
import type { Finder, MessageIds, Tracking } from '../../src/ports/finder.ts';
import type { MessageState, Reader, Reading, Unread, Wanted } from '../../src/ports/reader.ts';
import { RECOVERABLE, toFound, toState } from './fake-mail-shapes.ts';

/** A tenant in memory for the tests of the flow; the stories use the loopback Graph instead. */

export interface Copy {
  readonly mailbox: string;
  readonly address: string;
  readonly message: string;
  internetMessageId: string;
  readonly networkMessageId: string | null;
  sender: string;
  /** What hunting says of the sender: of mail from inside the mailbox may have a directory name. */
  readonly huntedSender: string;
  readonly subject: string;
  receivedAt: string;
  folderId: string;
  isRead: boolean;
  flag: string;
  categories: readonly string[];
  origin?: Origin | undefined;
  readonly isInvitation?: boolean;
  /** What hunting calls the mails whose content it finds like this one's. */
  readonly cluster?: string | undefined;
}

/** Of every mail here that is given no other. */
export const SUBJECT = 'Invoice overdue';

interface FakeDelivery {
  readonly internetMessageId: string;
  readonly networkMessageId?: string;
  readonly sender: string;
  /** What the mailbox says in place of the sender's address. */
  readonly directoryName?: string;
  readonly subject?: string;
  readonly isRead?: boolean;
  readonly origin?: Origin;
  readonly isInvitation?: boolean;
  readonly cluster?: string;
}

export { RECOVERABLE };
export const JUNK = 'junk';

/** What is answered in place of doing anything; the first that fits is taken away once used unless `always`. */
interface TroubleWith<Method, Answer> {
  readonly method: Method;
  readonly mailbox: string;
  readonly answer: Answer;
  readonly always?: boolean;
}
type ReadTrouble = TroubleWith<'locate' | 'read', Unread>;
/** `applied`: the effect happened all the same, as after every 'unknown'. */
type EffectTrouble = TroubleWith<EffectName, EffectAnswer> & { readonly applied?: boolean };
export type Trouble = ReadTrouble | EffectTrouble;

export interface FakeMail extends Reader, Effects {
  readonly can: Reader['can'] & Effects['can'];
  readonly copies: Copy[];
  /** Hunting, as what it is asked through: `hunt` may be put in another's place. */
  readonly finder: Finder;
  hunt: Finder['find'];
  readonly trouble: Trouble[];
  /** What is between us and hunting. */
  readonly hunting: {
    /** Answered in place of deliveries, until it is taken away. */
    trouble: (Pick<Tracking, 'status'> & Partial<Tracking>) | null;
    /** Copies that it does not know of yet. */
    readonly late: Set<Copy>;
    asked: number;
  };
  /** Writes that had their effect. */
  readonly effects: { method: EffectName; target: Target }[];
  /** Gives the address an empty mailbox, unless it has one, and answers its id. */
  open(address: string): string;
  /** Mailboxes without Junk Email, by id. */
  readonly withoutJunk: Set<string>;
  put(address: string, mail: FakeDelivery): Copy;
}

/** `hunting`: the addresses that it names; null: there is none; 'delivered': whoever has the message. */
export function createFakeMail(options: { hunting?: readonly string[] | 'delivered' | null } = {}): FakeMail {
  const copies: Copy[] = [];
  let made = 0;
  const mailboxes = new Map<string, string>();
  /** Every folder that a message was ever seen in: any other is gone. */
  const folders = new Set(['inbox', JUNK, RECOVERABLE]);
  const withoutJunk = new Set<string>();
  const trouble: FakeMail['trouble'] = [];
  const effects: FakeMail['effects'] = [];
  const hunting: FakeMail['hunting'] = { trouble: null, late: new Set(), asked: 0 };

  function find(target: Target): Copy | undefined {
    const found = copies.find((copy) => copy.mailbox === target.mailbox && copy.message === target.message);
    if (found) folders.add(found.folderId);
    return found;
  }

  function open(address: string): string {
    const mailbox = mailboxes.get(address) ?? randomUUID();
    mailboxes.set(address, mailbox);
    return mailbox;
  }

  function huntedBy(key: MessageIds): readonly Delivered[] {
    if (options.hunting !== 'delivered')
      return (options.hunting ?? []).map((recipient) =>
        deliveryTo(recipient, copies.find(({ address }) => address === recipient) ?? key),
      );
    const hit = (copy: Copy) =>
      (key.internetMessageId !== null && copy.internetMessageId === key.internetMessageId) ||
      (key.networkMessageId !== null && copy.networkMessageId === key.networkMessageId);
    return copies
      .filter((copy) => hit(copy) && !hunting.late.has(copy))
      .map((copy) => ({
        ...deliveryTo(copy.address, { ...copy, sender: copy.huntedSender }),
        recipientId: copy.mailbox,
        ...(copy.cluster === undefined ? {} : { cluster: copy.cluster }),
      }));
  }

  function taken<T extends Trouble>(isIt: (one: Trouble) => one is T, mailbox: string): T | null {
    const hit = trouble.filter(isIt).find((one) => one.mailbox === mailbox);
    if (!hit) return null;
    if (!hit.always) trouble.splice(trouble.indexOf(hit), 1);
    return hit;
  }

  function besideIn(targets: readonly Target[], mailbox: string, { internetMessageIds }: Wanted): readonly string[] {
    const asked = new Set(targets.filter((target) => target.mailbox === mailbox).map(({ message }) => message));
    const here = copies.filter((copy) => copy.mailbox === mailbox && copy.folderId !== RECOVERABLE);
    const found = here.filter((copy) => internetMessageIds.includes(copy.internetMessageId));
    return found.map(({ message }) => message).filter((message) => !asked.has(message));
  }

  const unread = (method: ReadTrouble['method'], mailbox: string) =>
    taken((one): one is ReadTrouble => one.method === method, mailbox)?.answer ?? null;
  const troubled = (method: EffectName, mailbox: string) =>
    taken((one): one is EffectTrouble => one.method === method, mailbox);

  function effect<T extends Target>(
    method: EffectName,
    orders: readonly T[],
    apply: (copy: Copy, order: T) => void,
    term: Term | undefined,
  ) {
    return Promise.resolve(
      orders.map((order) => {
        const target = { mailbox: order.mailbox, message: order.message };
        if (term && term.left() <= 0) return { target, requestId: '', ...UNSENT };
        const hit = troubled(method, order.mailbox);
        const answer = hit?.answer ?? null;
        const copy = find(order);
        // 'unknown' means that the effect happened and the answer did not arrive.
        if (copy && (answer === null || answer.status === 'unknown' || hit?.applied)) {
          apply(copy, order);
          effects.push({ method, target });
        }
        return { target, requestId: randomUUID(), ...(answer ?? answerFor(order.mailbox, copy)) };
      }),
    );
  }

  /** As the other reader: of what lies in Recoverable Items nothing is told. */
  function junkOf({ mailbox, folderId }: Copy, isAsked: boolean): Pick<MessageState, 'junk'> {
    if (!isAsked || folderId === RECOVERABLE) return {};
    if (withoutJunk.has(mailbox)) return { junk: 'none' };
    return { junk: folderId === JUNK ? 'inside' : 'outside' };
  }

  function answerFor(mailbox: string, copy: Copy | undefined): EffectAnswer {
    if (copy) return { status: 'done' };
    return [...mailboxes.values()].includes(mailbox)
      ? { status: 'refused', why: 'absent', detail: ABSENT.detail }
      : { status: 'refused', why: 'failed', detail: 'not a mailbox id' };
  }

  const fake: FakeMail = {
    can: {
      locate: 'yes',
      read: 'yes',
      softDelete: 'yes',
      hardDelete: 'yes',
      toJunk: 'yes',
      mark: 'yes',
      putBack: 'yes',
    },
    copies,
    finder: { name: 'hunting', isOn: true, can: { find: 'yes' }, find: (ids, patience) => fake.hunt(ids, patience) },
    trouble,
    hunting,
    effects,
    withoutJunk,
    open,
    put(address, mail) {
      const copy = {
        mailbox: open(address),
        address,
        message: `m${++made}`,
        internetMessageId: mail.internetMessageId,
        networkMessageId: mail.networkMessageId ?? null,
        sender: mail.directoryName ?? mail.sender,
        huntedSender: mail.sender,
        subject: mail.subject ?? SUBJECT,
        receivedAt: '2026-11-20T08:00:00Z',
        folderId: 'inbox',
        ...{ isRead: mail.isRead ?? false, flag: 'notFlagged', categories: [] },
        ...(mail.origin ? { origin: mail.origin } : {}),
        ...(mail.isInvitation ? { isInvitation: true } : {}),
        ...(mail.cluster === undefined ? {} : { cluster: mail.cluster }),
      };
      copies.push(copy);
      return copy;
    },
    hunt: (key) => {
      hunting.asked += 1;
      const nothing = { deliveries: [], requestId: randomUUID(), cutOff: false, detail: '', waitMs: null };
      if (!options.hunting) return Promise.resolve({ ...nothing, status: 'off' });
      if (hunting.trouble) return Promise.resolve({ ...nothing, ...hunting.trouble });
      return Promise.resolve({ ...nothing, status: 'answered', deliveries: huntedBy(key) });
    },
    locate: (addresses, { internetMessageIds, where }) =>
      Promise.resolve(
        addresses.map((address) => {
          const mailbox = mailboxes.get(address);
          const answer = (mailbox && unread('locate', mailbox)) || null;
          const isThere = (copy: Copy) => (copy.folderId === RECOVERABLE) === (where === 'bin');
          const here = copies.filter((copy) => copy.address === address && isThere(copy));
          const messages = here.filter((copy) => internetMessageIds.includes(copy.internetMessageId));
          return {
            address,
            mailbox: mailbox ? { id: mailbox, address } : null,
            result: internetMessageIds.length === 0 ? 'failed' : resultOf(mailbox, answer, messages.length),
            messages: answer ? [] : messages.map(toFound),
            ...(where === 'bin' ? { places: { inbox: 'inbox', junk: JUNK } } : {}),
            requestId: randomUUID(),
            detail: '',
          };
        }),
      ),
    folderNames: (places) => Promise.resolve(places.map(() => 'Inbox')),
    read: (targets, { expected, junk = false } = {}) =>
      Promise.resolve(
        targets.map(({ mailbox, message }): Reading => {
          const target = { mailbox, message };
          const requestId = randomUUID();
          const answer = unread('read', mailbox);
          if (answer) return { target, requestId, ...answer };
          const copy = find(target);
          const beside = expected?.in === 'sight' ? { beside: besideIn(targets, mailbox, expected) } : {};
          return copy
            ? {
                target,
                requestId,
                status: 'ok',
                state: { ...toState(copy), ...junkOf(copy, junk || expected?.in === 'junk') },
                ...beside,
              }
            : { target, requestId, ...ABSENT, ...beside };
        }),
      ),
    softDelete: (targets, term) =>
      effect(
        'softDelete',
        targets,
        (copy) => {
          copy.folderId = RECOVERABLE;
        },
        term,
      ),
    hardDelete: (targets, term) =>
      effect(
        'hardDelete',
        targets,
        (copy) => {
          copies.splice(copies.indexOf(copy), 1);
        },
        term,
      ),
    toJunk: (targets, term) =>
      effect(
        'toJunk',
        targets,
        (copy) => {
          if (!withoutJunk.has(copy.mailbox)) copy.folderId = JUNK;
        },
        term,
      ),
    mark: (orders, term) =>
      effect(
        'mark',
        orders,
        (copy, order) => {
          copy.categories = order.categories;
          copy.flag = order.flag ?? copy.flag;
        },
        term,
      ),
    putBack: (orders, term) =>
      effect(
        'putBack',
        orders,
        (copy, order) => {
          const folderId = folders.has(order.folderId) ? order.folderId : 'inbox';
          Object.assign(copy, {
            folderId: order.moved ? copy.folderId : folderId,
            isRead: order.isRead,
            flag: order.flag,
            categories: order.categories,
          });
        },
        term,
      ),
  };
  return fake;
}

function deliveryTo(recipient: string, mail: MessageIds & Partial<Pick<Copy, 'sender' | 'subject'>>): Delivered {
  const { networkMessageId, internetMessageId, sender = null, subject = SUBJECT } = mail;
  return { recipient, recipientId: null, networkMessageId, internetMessageId, sender, subject, at: null };
}

function resultOf(mailbox: string | undefined, answer: Unread | null, messages: number): LookResult {
  if (!mailbox || answer?.status === 'missing') return 'missing';
  if (answer?.status === 'denied' || answer?.status === 'unreachable') return answer.status;
  return messages > 0 ? 'found' : 'nothing';
}

const UNSENT = { status: 'unsent', detail: 'the time to act was over' } as const;
const ABSENT = { status: 'absent', detail: 'ErrorItemNotFound' } as const;
