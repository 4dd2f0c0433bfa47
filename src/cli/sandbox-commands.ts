import { existsSync } from 'node:fs';
import type { Commands } from './shell.ts';

/** The sandbox is left out of what is packed for installation: it is looked for, and nothing of the product imports it. */

const FOLDER = new URL('../sandbox/', import.meta.url);

/** Known also where it is left out, so that whoever asks for one of them is told so. */
export const OF_THE_SANDBOX: readonly string[] = ['sandbox', 'demo', 'playground'];

export const isSandboxHere = () => existsSync(FOLDER);

/** None where it is left out; where it is here and cannot be loaded, that is thrown as it is. */
export async function sandboxCommands(): Promise<Commands> {
  if (!isSandboxHere()) return {};
  const { COMMANDS } = (await import(new URL('cli/commands.ts', FOLDER).href)) as { readonly COMMANDS: Commands };
  return COMMANDS;
}

export const NO_SANDBOX =
  'this installation has no sandbox: that is in the source of Clawback, and left out of what is packed for installation';
