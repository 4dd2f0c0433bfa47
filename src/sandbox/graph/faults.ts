import type { Range } from './types.ts';

export interface Share {
  /** 0 to 1. */
  readonly share: number;
  /** Seconds, from and to; null: without a Retry-After header. */
  readonly retryAfter: Range | null;
  /** In place of the usual one. */
  readonly code?: string;
}

/** What can be wrong with one mailbox or with all of them. */
export interface MailboxFaults {
  /**
   * 'denied': 403 by access policy. 'notEnabled': no mailbox in the cloud. 'unknown': nobody by that name. 'wavering': one
   * time no mailbox in the cloud, the next time nobody, as of mailboxes on-premises or soft-deleted.
   */
  readonly access: 'ok' | 'denied' | 'notEnabled' | 'unknown' | 'wavering';
  /** Recoverable Items has reached its quota: nothing goes in any more. */
  readonly binFull: boolean;
  /** 429 for this share of requests. */
  readonly throttled: Share | null;
  /** 503 for this share of requests. */
  readonly unavailable: Share | null;
  /** Share of HTTP requests with writes whose effect happens and whose answer never arrives; 0 to 1. */
  readonly lostAnswers: number;
  /** Share of all HTTP requests, whosever mailboxes they are about, whose connection is cut: one half undone, one half done; 0 to 1. */
  readonly resets: number;
  /** Defender takes on what it is asked about this mailbox, and never does it. */
  readonly neverRemediated: boolean;
  /** Milliseconds on top of the service time, from and to. */
  readonly latencyMs: Range | null;
}

/** 'unavailable': 503 for everything. 'hang': no answers. 'refuse': nobody listens on the port. */
export type GraphDown = 'no' | 'unavailable' | 'hang' | 'refuse';

interface OneOff {
  /** Operation name such as `move`; any by default. */
  readonly operation?: string;
  /** Any by default. */
  readonly mailbox?: string;
  /** 'lost': done, and the answer is lost. 'dropped': not done, and no answer either. Else this answer, not done. */
  readonly answer:
    | 'lost'
    | 'dropped'
    | { readonly status: number; readonly code: string; readonly message?: string; readonly retryAfter?: string };
  /** Default 1. */
  readonly times?: number;
}

/** `mailbox` is a user's object id throughout; left out, the setting holds for all that have none of their own. */
export interface GraphFaults {
  /** Changes what is named and leaves the rest. */
  set(change: Partial<MailboxFaults>, mailbox?: string): void;
  /** Back to health: one mailbox, or everything including one-offs. Does not end `setDown`. */
  clear(mailbox?: string): void;
  /** The next matching requests, in the order of adding. */
  once(fault: OneOff): void;
  setDown(down: GraphDown): Promise<void>;
  down(): GraphDown;
  of(mailbox: string | null): MailboxFaults;
  current(): { readonly all: MailboxFaults; readonly mailboxes: Readonly<Record<string, Partial<MailboxFaults>>> };
}

const HEALTHY: MailboxFaults = {
  access: 'ok',
  binFull: false,
  throttled: null,
  unavailable: null,
  lostAnswers: 0,
  resets: 0,
  neverRemediated: false,
  latencyMs: null,
};

export interface FaultBoard {
  readonly faults: GraphFaults;
  /** The one-off that is due for this request, used up by asking. */
  due(operation: string, mailbox: string | null): OneOff['answer'] | null;
}

export function createFaults(apply: (down: GraphDown) => Promise<void>): FaultBoard {
  let all: MailboxFaults = HEALTHY;
  let state: GraphDown = 'no';
  const mailboxes = new Map<string, Partial<MailboxFaults>>();
  let oneOffs: { fault: OneOff; left: number }[] = [];
  const faults: GraphFaults = {
    set(change, mailbox) {
      if (mailbox === undefined) all = { ...all, ...change };
      else mailboxes.set(mailbox.toLowerCase(), { ...mailboxes.get(mailbox.toLowerCase()), ...change });
    },
    clear(mailbox) {
      if (mailbox !== undefined) {
        mailboxes.delete(mailbox.toLowerCase());
        return;
      }
      all = HEALTHY;
      mailboxes.clear();
      oneOffs = [];
    },
    once(fault) {
      oneOffs.push({ fault, left: fault.times ?? 1 });
    },
    async setDown(down) {
      state = down;
      await apply(down);
    },
    down: () => state,
    of: (mailbox) => ({ ...all, ...(mailbox === null ? {} : mailboxes.get(mailbox)) }),
    current: () => ({ all, mailboxes: Object.fromEntries(mailboxes) }),
  };
  return {
    faults,
    due(operation, mailbox) {
      const found = oneOffs.find(
        ({ fault }) =>
          (fault.operation ?? operation) === operation && (fault.mailbox?.toLowerCase() ?? mailbox) === mailbox,
      );
      if (!found) return null;
      found.left -= 1;
      if (found.left <= 0) oneOffs = oneOffs.filter((one) => one !== found);
      return found.fault.answer;
    },
  };
}
