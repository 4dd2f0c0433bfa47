import type { KeptIdentity } from './identity.ts';
import type { KeptMailbox, NewItem } from './mailbox.ts';
import type { EmailEvent, MailItem, TenantUser } from './types.ts';

/** A tenant as plain data: what one after it begins with, with everybody's ids. */
export interface KeptTenant extends KeptIdentity {
  readonly users: readonly TenantUser[];
  /** By object id of the owner, as are the archives. */
  readonly boxes: readonly (readonly [userId: string, box: KeptMailbox])[];
  readonly archives: readonly (readonly [userId: string, items: readonly MailItem[]])[];
  readonly publicFolders: readonly string[];
  readonly keptAt: readonly (readonly [address: string, items: NewItem[]])[];
  readonly events: readonly EmailEvent[];
}
