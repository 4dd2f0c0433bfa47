import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptAttack } from '../page/attack-desk.ts';
import type { KeptSandbox } from '../sandbox.ts';

/**
 * The stand-ins' mailboxes and messages, in one file beside the database of the Clawback that speaks of them: both are
 * kept, or neither, so that a card and a mailbox say the same after the next start.
 */

const FILE = 'stand-ins.json';
/** Another shape is another version. What has none of ours is not taken up. */
const VERSION = 1;
const EVERY_MS = 400;

export interface KeptPlace {
  /** Of the Bot connector. */
  readonly teamsPort: number;
  readonly sandbox: KeptSandbox;
  readonly attacks: readonly KeptAttack[];
}

export type Found =
  | { readonly is: 'kept'; readonly place: KeptPlace /** When it was left, ISO time. */; readonly at: string }
  | { readonly is: 'nothing' }
  | { readonly is: 'unreadable' };

/** What an earlier start left in this folder. */
export function readKept(folder: string): Found {
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch (error) {
    const isNoFile = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { is: isNoFile ? 'nothing' : 'unreadable' };
  }
  try {
    const { v, at, ...place } = JSON.parse(text) as KeptPlace & { readonly v: unknown; readonly at: string };
    return v === VERSION ? { is: 'kept', place, at } : { is: 'unreadable' };
  } catch {
    return { is: 'unreadable' };
  }
}

export interface Keeping {
  /** Something has changed. */
  readonly touch: () => void;
  /** Writes a last time. */
  close(): Promise<void>;
}

/** Writes what there is now, and soon after each change. `failed` is told why it could not, in words. */
export function startKeeping(
  folder: string,
  gather: () => Promise<KeptPlace>,
  failed: (problem: string) => void,
): Keeping {
  let isDirty = true;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    isDirty = false;
    try {
      const place = await gather();
      put(join(folder, FILE), JSON.stringify({ v: VERSION, at: new Date().toISOString(), ...place }));
    } catch (error) {
      isDirty = true;
      failed(error instanceof Error ? error.message : String(error));
    }
  }

  let isBusy = false;
  const timer = setInterval(() => {
    if (!isDirty || isBusy) return;
    isBusy = true;
    writing = write().finally(() => {
      isBusy = false;
    });
  }, EVERY_MS);
  return {
    touch() {
      isDirty = true;
    },
    async close() {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}

/** The whole file or the one before it, whenever the power goes. */
function put(file: string, text: string): void {
  const next = `${file}.next`;
  const handle = openSync(next, 'w', 0o600);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(next, file);
}
