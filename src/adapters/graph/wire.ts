import { z } from 'zod';
import type { FlagDates, Marks } from '../../core/action/marks.ts';

/** The parts of Graph's answers that are used, and nothing else of them. */

const Mailbox = z.object({ emailAddress: z.object({ address: z.string().nullish() }).nullish() }).nullish();

/** A date that cannot be read must not make the message unreadable. */
const FlagDate = z.object({ dateTime: z.string(), timeZone: z.string() }).nullish().catch(undefined);

const Flag = z.object({
  flagStatus: z.string().nullish(),
  startDateTime: FlagDate,
  dueDateTime: FlagDate,
  completedDateTime: FlagDate,
});

const Message = z.object({
  id: z.string().min(1),
  /** Stands there where it is more than a message, whatever was selected [learn.microsoft.com/graph/api/resources/eventmessage; OData 4.01 JSON, 4.6.3]. */
  '@odata.type': z.string().nullish(),
  internetMessageId: z.string().nullish(),
  subject: z.string().nullish(),
  from: Mailbox,
  sender: Mailbox,
  receivedDateTime: z.string().nullish(),
  parentFolderId: z.string().min(1),
  isDraft: z.boolean().nullish(),
  isRead: z.boolean().nullish(),
  flag: Flag.nullish(),
  categories: z.array(z.string()).nullish(),
  internetMessageHeaders: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
export type WireMessage = z.infer<typeof Message>;

const User = z.object({
  id: z.guid().toLowerCase(),
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
export type WireUser = z.infer<typeof User>;

/** A person, or a group, which has no user principal name. */
export interface Addressee {
  readonly mail?: string | null | undefined;
  readonly userPrincipalName?: string | null | undefined;
  readonly proxyAddresses?: readonly string[] | null | undefined;
}

export const WireMessage = Message;
export const WireFolder = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  parentFolderId: z.string().nullish(),
});
export const UserPage = z.object({ value: z.array(User) });
export const MessagePage = z.object({ value: z.array(Message), '@odata.nextLink': z.string().optional() });

/** What `read` needs. */
export const STATE_FIELDS =
  'id,internetMessageId,subject,from,sender,receivedDateTime,parentFolderId,isDraft,isRead,flag,categories';

export const NETWORK_ID_HEADER = 'x-ms-exchange-organization-network-message-id';

/**
 * Meeting mail that may have made a calendar entry: a request comes under its own type or its base, which a cancellation has as well.
 * An answer to a request makes none.
 */
export function isInvitation(message: WireMessage): boolean {
  return /^#microsoft\.graph\.eventMessage(?:Request)?$/.test(message['@odata.type'] ?? '');
}

export function senderOf(message: WireMessage): string | null {
  return message.from?.emailAddress?.address || message.sender?.emailAddress?.address || null;
}

/** Of mail from inside, Exchange may give the name in its own directory in place of the address. */
export function isDirectoryName(sender: string): boolean {
  return !sender.includes('@') || /^(?:\/o=|imceaex-)/i.test(sender);
}

/** Every SMTP address of somebody, in lower case. */
export function addressesOf({ mail, userPrincipalName, proxyAddresses }: Addressee): readonly string[] {
  const more = (proxyAddresses ?? []).filter((address) => /^smtp:/i.test(address)).map((address) => address.slice(5));
  const all = [mail, userPrincipalName, ...more].flatMap((address) => (address ? [address.toLowerCase()] : []));
  return [...new Set(all)];
}

export function networkMessageIdOf(message: WireMessage): string | null {
  const header = message.internetMessageHeaders?.find(({ name }) => name.toLowerCase() === NETWORK_ID_HEADER);
  return header?.value.trim() || null;
}

export function marksOf({ isRead, flag, categories }: WireMessage): Marks {
  return {
    isRead: isRead ?? false,
    flag: flag?.flagStatus ?? 'notFlagged',
    flagDates: datesOf(flag),
    categories: categories ?? [],
  };
}

function datesOf(flag: WireMessage['flag']): FlagDates | null {
  const { startDateTime: start, dueDateTime: due, completedDateTime: completed } = flag ?? {};
  if (!start && !due && !completed) return null;
  return { ...(start ? { start } : {}), ...(due ? { due } : {}), ...(completed ? { completed } : {}) };
}
