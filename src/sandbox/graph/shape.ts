import { createHash } from 'node:crypto';
import type { Mailbox } from '../tenant/mailbox.ts';
import type { Folder, MailItem, Party, TenantUser } from '../tenant/types.ts';
import { type BodyForm, bodyJson, textOf } from './body.ts';
import { badRequest, type Json } from './reply.ts';

/** With and without `Prefer: IdType="ImmutableId"`. */
export type IdForm = 'immutable' | 'mutable';

export function idForm(headers: Readonly<Record<string, string>>): IdForm {
  return /(?:^|[,;\s])IdType\s*=\s*"ImmutableId"/i.test(headers['prefer'] ?? '') ? 'immutable' : 'mutable';
}

const recipient = ({ name, address }: Party) => ({ emailAddress: { name, address } });

/** Only with `$select`. */
const ON_REQUEST = new Set(['internetMessageHeaders']);
/** Not for Mail.ReadBasic.All. */
const NOT_BASIC = new Set(['body', 'bodyPreview', 'uniqueBody', 'internetMessageHeaders']);

export function etag(item: MailItem): string {
  return `W/"${item.changeKey}"`;
}

export function messageJson(
  item: MailItem,
  form: IdForm,
  select: readonly string[] | null,
  roles: ReadonlySet<string>,
  body: BodyForm = 'as written',
): Json {
  const id = form === 'immutable' ? item.immutableId : item.mutableId;
  const all = everything(item, id, body);
  const names = select ?? Object.keys(all).filter((name) => !ON_REQUEST.has(name));
  const shown = names.filter((name) => roles.has('Mail.Read') || !NOT_BASIC.has(name));
  return { '@odata.etag': etag(item), id, ...picked(all, shown, 'microsoft.graph.message') };
}

function everything(item: MailItem, id: string, body: BodyForm): Json {
  return {
    id,
    createdDateTime: wireTime(item.receivedAt),
    lastModifiedDateTime: wireTime(item.modifiedAt),
    changeKey: item.changeKey,
    categories: item.categories,
    receivedDateTime: wireTime(item.receivedAt),
    sentDateTime: wireTime(item.receivedAt),
    hasAttachments: item.mime !== undefined,
    internetMessageId: item.internetMessageId,
    subject: item.subject,
    bodyPreview: textOf(item).slice(0, 255),
    importance: item.importance,
    parentFolderId: item.parentFolderId,
    conversationId: conversationOf(item),
    conversationIndex: indexOf(item),
    isDeliveryReceiptRequested: null,
    isReadReceiptRequested: false,
    isRead: item.isRead,
    isDraft: item.isDraft,
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}`,
    inferenceClassification: 'focused',
    body: bodyJson(item, body),
    sender: recipient(item.sender),
    from: recipient(item.from),
    toRecipients: item.to.map(recipient),
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    flag: flagJson(item),
    internetMessageHeaders: item.headers,
  };
}

/** The same id in every mailbox, which is more than Graph promises. */
export const conversationOf = ({ conversation, immutableId }: MailItem) =>
  `AAQk${conversation ?? immutableId.slice(6)}`;

/** As its sender marked it; else Exchange marks it: 22 bytes that begin with 1. */
function indexOf(item: MailItem): string {
  const marked = item.headers.find(({ name }) => /^(?:thread|conversation)-index$/i.test(name))?.value;
  const own = createHash('sha256').update(conversationOf(item)).digest().subarray(0, 21);
  return marked ?? Buffer.concat([Buffer.of(1), own]).toString('base64');
}

function flagJson({ flagStatus, flagDates: { start, due, completed } }: MailItem): Json {
  const date = (day: string) => ({ dateTime: `${day}T00:00:00.0000000`, timeZone: 'UTC' });
  return {
    flagStatus,
    ...(start === undefined ? {} : { startDateTime: date(start) }),
    ...(due === undefined ? {} : { dueDateTime: date(due) }),
    ...(completed === undefined ? {} : { completedDateTime: date(completed) }),
  };
}

/** Graph writes whole seconds. */
function wireTime(iso: string): string {
  return iso.replace(/\.\d{3}Z$/, 'Z');
}

export function folderJson(folder: Folder, box: Mailbox): Json {
  const counts = box.summary().find((one) => one.id === folder.id);
  return {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: folder.parentFolderId,
    childFolderCount: box.folders.children(folder.id).length,
    unreadItemCount: counts?.unread ?? 0,
    totalItemCount: counts?.total ?? 0,
    isHidden: false,
  };
}

const USER_DEFAULTS = ['businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone'];
const USER_NAMES = ['officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName', 'id'];
/** What User.ReadBasic.All does not show. */
const NOT_BASIC_USER = new Set([
  ...['accountEnabled', 'proxyAddresses', 'userType', 'onPremisesSyncEnabled', 'signInSessionsValidFromDateTime'],
  ...['securityIdentifier', 'onPremisesSecurityIdentifier', 'mailNickname'],
]);

export function userJson(user: TenantUser, select: readonly string[] | null, roles: ReadonlySet<string>): Json {
  const { id, displayName, mail, userPrincipalName, accountEnabled, proxyAddresses, userType } = user;
  const none = { givenName: null, jobTitle: null, mobilePhone: null, officeLocation: null, preferredLanguage: null };
  const all: Json = {
    ...none,
    surname: null,
    businessPhones: [],
    id,
    displayName,
    mail,
    mailNickname: nicknameOf(user),
    userPrincipalName,
    accountEnabled,
    proxyAddresses,
    userType,
    onPremisesSyncEnabled: user.onPremisesSyncEnabled ?? null,
    signInSessionsValidFromDateTime:
      user.sessionsValidFrom === undefined ? null : wireTime(new Date(user.sessionsValidFrom).toISOString()),
    securityIdentifier: cloudIdentifier(id),
    onPremisesSecurityIdentifier: onPremisesIdentifier(user),
  };
  const names = (select ?? [...USER_DEFAULTS, ...USER_NAMES]).filter(
    (name) => roles.has('User.Read.All') || !NOT_BASIC_USER.has(name),
  );
  return picked(all, names, 'microsoft.graph.user');
}

export const nicknameOf = ({ alias, userPrincipalName }: TenantUser) => alias ?? userPrincipalName.split('@')[0] ?? '';

/** S-1-12-1 and the object id as four numbers: GUIDs begin with their three first parts turned round. */
export function cloudIdentifier(id: string): string {
  const [a = '', b = '', c = '', d = '', e = ''] = id.split('-');
  const turned = (hex: string) => (hex.match(/../g) ?? []).toReversed().join('');
  const bytes = Buffer.from(`${turned(a)}${turned(b)}${turned(c)}${d}${e}`, 'hex');
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join('-')}`;
}

export function onPremisesIdentifier({ id, onPremisesSyncEnabled }: TenantUser): string | null {
  return onPremisesSyncEnabled ? cloudIdentifier(id).replace('S-1-12-1-', 'S-1-5-21-') : null;
}

/** The service answers 400 for a property that does not exist. */
export function picked(all: Json, names: readonly string[], type: string): Json {
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) badRequest(`Could not find a property named '${unknown}' on type '${type}'.`);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
