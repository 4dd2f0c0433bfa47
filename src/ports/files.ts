import type { Sent } from '../core/tell/file-sent.ts';
import type { ListFile } from '../core/tell/list-file.ts';
import type { Platform } from './rooms.ts';

/** Files for one person, in a chat where nobody else sees them. */
export interface PrivateFiles {
  readonly platform: Platform;
  /** One attempt: whole, or not at all. Never throws for what the chat or the network answers. */
  send(account: string, file: ListFile): Promise<Sent>;
}
