import { stampedBy } from './arrival.ts';
import { type Identity, isGroup } from './identity.ts';
import type { NewItem } from './mailbox.ts';
import type { DeliveredCopy, DeliverOrder, EmailEvent, Party, TenantUser } from './types.ts';

/** Whom mail goes to, and what becomes of it on the way. */

interface Addressee {
  readonly party: Party;
  /** With a mailbox. */
  readonly users: readonly TenantUser[];
  /** The address that keeps a copy where Graph does not look: of a Microsoft 365 group or a public folder. */
  readonly keeper: string | null;
}

/** Beyond this, the list of recipients is not in the header: mass mail goes out with everybody in Bcc. */
const SHOWN_RECIPIENTS = 20;

/** A person or a group by address; where nobody has it, by what is left without the tag. */
export function addressees(
  person: (key: string) => TenantUser | null,
  groups: Identity,
  publicFolders: ReadonlySet<string>,
) {
  const hasMailbox = (user: TenantUser) => user.mail !== null;

  function exact(key: string): Addressee | null {
    const user = person(key);
    if (user) {
      const party = { name: user.displayName, address: user.mail ?? user.userPrincipalName };
      return { party, users: [user].filter(hasMailbox), keeper: null };
    }
    const folder = key.toLowerCase();
    if (publicFolders.has(folder)) return { party: { name: folder, address: folder }, users: [], keeper: folder };
    const group = groups.groupByAddress(key);
    if (!group) return null;
    const members = groups.transitiveMembers(group.id).filter((member): member is TenantUser => !isGroup(member));
    const address = group.mail ?? key;
    const keeper = group.kind === 'unified' ? address.toLowerCase() : null;
    return { party: { name: group.displayName, address }, users: members.filter(hasMailbox), keeper };
  }

  return (key: string): Addressee | null => {
    const untagged = key.replace(/^([^+@]+)\+[^@]*@/, '$1@');
    return exact(key) ?? (untagged === key ? null : exact(untagged));
  };
}

/** Hunting names the members of a list, not the list, and everybody by SMTP address. */
export function eventOf(order: DeliverOrder, item: NewItem, copy: DeliveredCopy): EmailEvent {
  const { networkMessageId, internetMessageId, subject } = item;
  const { address: recipient, userId: recipientId, messageId, folder } = copy;
  const at = Date.parse(item.receivedAt);
  const sender = { name: item.from.name, address: order.sender };
  const { attachments = [], body = '' } = order;
  const urls = body.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
  const { cluster, threat, mailFrom, arrival, authentication } = order;
  const inside = {
    urls,
    attachments,
    ...(cluster === undefined ? {} : { cluster }),
    ...(threat === undefined ? {} : { threat }),
    ...(mailFrom === undefined ? {} : { mailFrom }),
    ...(arrival === undefined ? {} : { arrival }),
    ...(authentication === undefined ? {} : { authentication }),
  };
  return {
    at,
    networkMessageId,
    internetMessageId,
    messageId,
    recipient,
    recipientId,
    sender,
    subject,
    folder,
    ...inside,
  };
}

const wholeOf = ({ mime, conversation }: DeliverOrder) => ({
  ...(mime === undefined ? {} : { mime }),
  ...(conversation === undefined ? {} : { conversation }),
});

export function itemOf(order: DeliverOrder, to: readonly Party[], networkId: string, now: number): NewItem {
  const from: Party = { name: order.senderName ?? order.sender, address: order.directoryName ?? order.sender };
  const networkMessageId = networkId.toLowerCase();
  return {
    internetMessageId: order.keptMessageId ?? order.internetMessageId,
    networkMessageId,
    subject: order.subject,
    from,
    sender: order.onBehalf === undefined ? from : { name: order.onBehalf, address: order.onBehalf },
    to: to.length > SHOWN_RECIPIENTS ? [] : to,
    body: order.body ?? '',
    bodyType: order.bodyType ?? 'text',
    receivedAt: new Date(order.receivedAt ?? now).toISOString(),
    isRead: order.read ?? false,
    isDraft: order.draft ?? false,
    categories: order.categories ?? [],
    flagStatus: order.flag ?? 'notFlagged',
    flagDates: order.flagDates ?? {},
    importance: order.importance ?? 'normal',
    headers: [
      ...stampedBy(order),
      { name: 'Message-ID', value: order.internetMessageId },
      { name: 'X-MS-Exchange-Organization-Network-Message-Id', value: networkMessageId },
      ...(order.headers ?? []),
    ],
    ...wholeOf(order),
  };
}
