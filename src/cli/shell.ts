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

export interface Arguments {
  readonly words: readonly string[];
  readonly config: string | undefined;
  readonly tenant: string | undefined;
  readonly json: boolean;
  readonly to: readonly string[];
  readonly verdict: string | undefined;
  /** Public host name of Clawback. */
  readonly host: string | undefined;
  /** Folder to write to. */
  readonly out: string | undefined;
  /** File that answers what would be asked. */
  readonly answers: string | undefined;
}
