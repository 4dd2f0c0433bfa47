import type { Environment } from '../config/secrets.ts';

/** What a command may know of the process it runs in. */
export interface Shell {
  readonly env: Environment;
  readonly node: string;
  readonly folder: string;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborted when the process is asked to end. */
  readonly stop: AbortSignal;
}

/** Answers the exit code: 0 done, 1 failed, 2 called wrongly. */
type Command = (shell: Shell, args: Arguments) => Promise<number>;

interface Listed {
  readonly help: string;
  /** Loaded when called: the chat libraries alone take two seconds to import. */
  readonly load: () => Promise<Command>;
  /** It has something to bring to its end when the process is asked to end, and does. */
  readonly endsItself?: (args: Arguments) => boolean;
}

/** By the name that is typed. */
export type Commands = Readonly<Record<string, Listed>>;

export interface Arguments {
  readonly words: readonly string[];
  readonly config: string | undefined;
  /** Of `start`: where there is no configuration, the sandbox is meant. */
  readonly orSandbox: boolean;
  /** The sandbox begins anew, whatever an earlier one left. */
  readonly fresh: boolean;
  readonly tenant: string | undefined;
  readonly json: boolean;
  /** Entries of the ledger that were kept elsewhere, as they were typed. */
  readonly expect: readonly string[];
  readonly to: readonly string[];
  readonly verdict: string | undefined;
  /** `report`: the mail attached to the file is meant. */
  readonly as: string | undefined;
  /** Print what would be sent, and send nothing. */
  readonly check: boolean;
  /** Public host name of Clawback. */
  readonly host: string | undefined;
  /** Folder, or file, to write to. */
  readonly out: string | undefined;
  /** File that answers what would be asked. */
  readonly answers: string | undefined;
  /** Mailbox that a trial may use, the same once more, a mail that was sent to it, and how long hunting is asked about that. */
  readonly trial: string | undefined;
  readonly consent: string | undefined;
  readonly delivered: string | undefined;
  readonly minutes: string | undefined;
  /** Whole messages too, where they are kept. */
  readonly mime: boolean;
  /** Tell which rule, which people, which digest. */
  readonly why: boolean;
  /** What `policy explain` and `search` ask about, by option name without the dashes; as it was typed. */
  readonly about: Readonly<Record<string, string | undefined>>;
  /** Names of protected sets for `policy explain`. */
  readonly protected: readonly string[];
}

/** Options that describe a case to the policy. */
export const ABOUT = [
  'action',
  'mode',
  'copies',
  'mailboxes',
  'share',
  'vip',
  'legal-hold',
  'confidence',
  'source',
  'severity',
  'at',
] as const;

/** Options that say what mail is looked for, and why. */
export const SEARCHED = ['from', 'message-id', 'subject', 'url-host', 'attachment', 'days', 'reason'] as const;

/** Resolves when the process is asked to end. */
export function ended({ stop }: Pick<Shell, 'stop'>): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
