import { isAskable } from '../../core/find/sound-hit.ts';
import type { PeopleQuestion } from '../../ports/intelligence.ts';
import { kql } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { SENT } from './seek-query.ts';

/**
 * Two questions to advanced hunting about everybody who received a mail: learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables.
 * Ids and addresses stand in lists of their own. A table that the tenant does not have makes a whole question fail, so that each is made
 * of those that are there.
 */

/** The newer name first: the older one, with the same columns, is there until it goes. */
export const SIGN_IN_TABLES = ['EntraIdSignInEvents', 'AADSignInEventsBeta'] as const;
export const ACCOUNT_TABLES = [
  ...SIGN_IN_TABLES,
  ...(['CloudAppEvents', 'UrlClickEvents', 'EmailEvents', 'EmailPostDeliveryEvents'] as const),
] as const;
export type AccountTable = (typeof ACCOUNT_TABLES)[number];

/** So long ago is what is called usual. */
export const DAYS = 14;
/** All that hunting remembers. */
export const MEMORY_DAYS = 30;
const MOST_DOMAINS = 5_000;
/** Fewer recipients in an hour are nobody's burst; and the usual of a person is only asked for above it. */
const BURST_FLOOR = 10;

export const probeOf = (table: AccountTable) => `${table} | where Timestamp > ago(1h) | project Timestamp | take 1`;

/** A list that a query gives a name: JSON is what `dynamic` takes. */
const listed = (name: string, values: readonly string[]) => `let ${name} = dynamic(${JSON.stringify(values)});`;
const lately = (days: number) => `where Timestamp > ago(${days}d)`;

const CHANGES = [
  ...[
    'New-InboxRule',
    'Set-InboxRule',
    'Enable-InboxRule',
    'Remove-InboxRule',
    'Disable-InboxRule',
    'UpdateInboxRules',
  ],
  ...[
    'Set-Mailbox',
    'Add-MailboxPermission',
    'Remove-MailboxPermission',
    'AddFolderPermissions',
    'UpdateCalendarDelegation',
  ],
  ...['Consent to application.', 'Add OAuth2PermissionGrant.', 'Add delegated permission grant.'],
];
const DELETED = ['SoftDelete', 'HardDelete', 'MoveToDeletedItems'];
/** In any language of the notices that Microsoft sends; which of them is one is looked at again. */
const NOTICES = [
  'MFA',
  'factor',
  'authenticat',
  'security info',
  'verification',
  'sign-in',
  'Anmeldung',
  'Sicherheitsinfo',
];

const RAW = [
  ...[
    'Parameters',
    'OperationProperties',
    'ModifiedProperties',
    'AffectedItems',
    'Item',
    'ObjectId',
    'MailboxOwnerUPN',
    'ResultStatus',
  ],
].map((name) => `${name} = tostring(RawEventData.${name})`);

const quotedList = (values: readonly string[]) => `(${values.map(kql).join(', ')})`;

/** Sign-ins, and what was changed, opened and deleted in mailboxes. Null where neither table is there, or nobody can be asked about. */
export function accountQuery({ people, mailAt }: PeopleQuestion, tables: ReadonlySet<AccountTable>): string | null {
  const ids = people.map(({ id }) => id).filter(isGuid);
  const names = people.map(({ address }) => address).filter(isAskable);
  const signIns = SIGN_IN_TABLES.find((table) => tables.has(table));
  const legs = [
    ...(signIns ? [signInLeg(signIns, mailAt)] : []),
    ...(tables.has('CloudAppEvents') ? [changeLeg(mailAt), accessLeg(mailAt), deletionLeg()] : []),
  ];
  if (legs.length === 0 || ids.length === 0) return null;
  return `${listed('U', ids)} ${listed('N', names)} union ${legs.join(', ')}`;
}

/** Risk of before the mail, and risk that is over, has nothing to do with it. `RiskState` as in `account-rows.ts`. */
const STANDS = 'RiskState >= 4';

function signInLeg(table: AccountTable, mailAt: string): string {
  return `(${[
    table,
    lately(DAYS),
    'where AccountObjectId in (U)',
    'where ErrorCode == 0',
    `extend ${sinceMail(mailAt)}`,
    [
      'summarize First = min(Timestamp), Last = max(Timestamp), Times = count()',
      "Single = countif(AuthenticationRequirement == 'singleFactorAuthentication')",
      'Unmanaged = countif(IsManaged == 0)',
      `Risk = maxif(RiskLevelAggregated, Since and ${STANDS}), State = maxif(RiskState, Since)`,
      `RiskAt = maxif(Timestamp, Since and ${STANDS})`,
    ].join(', '),
  ].join(' | ')} by AccountObjectId, AccountUpn, IPAddress, Country | extend Kind = 'sign-in')`;
}

/**
 * An administrator may have done it: then the mailbox is named in the record alone, and not by an address everywhere. What names it
 * otherwise is asked for of the whole tenant, since the mail and as far as it says anything.
 */
function changeLeg(mailAt: string): string {
  const named = 'tostring(RawEventData.MailboxOwnerUPN) in~ (N) or tostring(RawEventData.ObjectId) in~ (N)';
  const otherwise = [
    `Timestamp >= todatetime(${kql(mailAt)})`,
    `ActionType in ${quotedList(NAMED_OTHERWISE)}`,
    "tostring(RawEventData.ObjectId) !contains '@'",
    "(ActionType != 'Set-Mailbox' or tostring(RawEventData.Parameters) contains 'Forwarding')",
  ].join(' and ');
  return `(CloudAppEvents | ${lately(DAYS)} | where ActionType in ${quotedList(CHANGES)} | where AccountObjectId in (U) or ${named} or (${otherwise}) | project Timestamp, AccountObjectId, ActionType, ObjectName, IPAddress, ${RAW.join(', ')}, Kind = 'change')`;
}

const NAMED_OTHERWISE = ['Set-Mailbox', 'Add-MailboxPermission', 'Remove-MailboxPermission'];

/** What was in the hour of the mail is counted before it and after it. */
const sinceMail = (mailAt: string) => `Since = Timestamp >= todatetime(${kql(mailAt)})`;

/** By the hour and application: of each mail there is a record. What is dynamic is written without blanks. */
function accessLeg(mailAt: string): string {
  return `(CloudAppEvents | ${lately(DAYS)} | where ActionType == 'MailItemsAccessed' | where AccountObjectId in (U) | extend App = tolower(tostring(RawEventData.ClientAppId)), Hour = bin(Timestamp, 1h), ${sinceMail(mailAt)} | summarize First = min(Timestamp), Times = sum(toint(RawEventData.OperationCount)), Throttled = countif(tostring(RawEventData.OperationProperties) contains ${kql('"Name":"IsThrottled","Value":"True"')}) by AccountObjectId, App, Hour, Since | extend Kind = 'access')`;
}

function deletionLeg(): string {
  return `(CloudAppEvents | ${lately(DAYS)} | where ActionType in ${quotedList(DELETED)} | where AccountObjectId in (U) | where tostring(RawEventData.AffectedItems) has_any ${quotedList(NOTICES)} | project Timestamp, AccountObjectId, ActionType, AffectedItems = tostring(RawEventData.AffectedItems), Kind = 'deletion')`;
}

/** Clicks, what people sent, and what the tenant's mail says of the sender. Null as above. */
export function mailQuery(question: PeopleQuestion, tables: ReadonlySet<AccountTable>): string | null {
  const { people, networkMessageIds } = question;
  const ids = people.map(({ id }) => id).filter(isGuid);
  const mails = networkMessageIds.filter(isGuid).map((id) => id.toLowerCase());
  const legs = [
    ...(tables.has('UrlClickEvents') && mails.length > 0 ? [clickLeg()] : []),
    ...(tables.has('EmailPostDeliveryEvents') && mails.length > 0 ? [alreadyLeg()] : []),
    ...(tables.has('EmailEvents')
      ? [
          burstLeg(question),
          ...answerLeg(question),
          ...domainLegs(),
          ...senderLegs(question),
          ...(mails.length > 0 ? [arrivalLeg()] : []),
        ]
      : []),
  ];
  if (legs.length === 0 || ids.length === 0) return null;
  return `${listed('U', ids)} ${listed('M', mails)} union ${legs.join(', ')}`;
}

function clickLeg(): string {
  return `(UrlClickEvents | ${lately(MEMORY_DAYS)} | where NetworkMessageId in (M) | project Timestamp, Account = AccountUpn, Url, ActionType, Through = tostring(IsClickedThrough), IPAddress, Kind = 'click')`;
}

/** What somebody else did to the mail: a row a way and not a mailbox. learn.microsoft.com/defender-xdr/advanced-hunting-emailpostdeliveryevents-table. */
function alreadyLeg(): string {
  return `(EmailPostDeliveryEvents | ${lately(MEMORY_DAYS)} | where NetworkMessageId in (M) | summarize Recipients = dcount(RecipientEmailAddress), First = min(Timestamp), Last = max(Timestamp) by Action, ActionType, ActionTrigger, ActionResult | extend Kind = 'already')`;
}

function burstLeg({ mailAt }: PeopleQuestion): string {
  return `(EmailEvents | ${lately(DAYS)} | where SenderObjectId in (U) | where ${SENT} | extend Hour = bin(Timestamp, 1h), ${sinceMail(mailAt)} | summarize First = min(Timestamp), Times = dcount(NetworkMessageId), Recipients = dcount(RecipientEmailAddress) by SenderObjectId, Hour, Since | where Recipients > ${BURST_FLOOR} | extend Kind = 'burst')`;
}

/** Under the subject with more in front; of a longer subject Exchange cuts the end away. */
const LONGEST_ANSWERED = 240;

function answerLeg({ subject }: PeopleQuestion): readonly string[] {
  const end = subject?.trim() ?? '';
  if (end === '' || end.length > LONGEST_ANSWERED || /[\p{Cc}\u2028\u2029]/u.test(end)) return [];
  return [
    `(EmailEvents | ${lately(MEMORY_DAYS)} | where SenderObjectId in (U) | where ${SENT} | where Subject endswith ${kql(end)} | project Timestamp, SenderObjectId, RecipientEmailAddress, Subject, InternetMessageId, Kind = 'answer')`,
  ];
}

const domainOf = (column: string) => `tolower(tostring(split(${column}, '@')[1]))`;

function domainLegs(): readonly string[] {
  const by = (kind: string, test: string) =>
    `(EmailEvents | ${lately(MEMORY_DAYS)} | where ${test} | extend Domain = ${domainOf('RecipientEmailAddress')} | summarize Times = count() by Domain | extend Kind = '${kind}' | take ${MOST_DOMAINS})`;
  return [
    by('own domain', "EmailDirection in ('Inbound', 'Intra-org')"),
    by('partner', "EmailDirection == 'Outbound'"),
  ];
}

/** How the mail itself came in: learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table. No sender writes any of it. */
function arrivalLeg(): string {
  return `(EmailEvents | ${lately(MEMORY_DAYS)} | where NetworkMessageId in (M) | summarize Times = count() by NetworkMessageId, AuthenticationDetails, SenderIPv4, SenderIPv6, Connectors | extend Kind = 'arrival')`;
}

/** Before the mail: what came with it says nothing of what was usual. */
function senderLegs({ sender, mailAt }: PeopleQuestion): readonly string[] {
  if (sender === null || !isAskable(sender)) return [];
  const domain = sender.slice(sender.lastIndexOf('@'));
  const of = (kind: string, test: string) =>
    `(EmailEvents | ${lately(MEMORY_DAYS)} | where Timestamp < todatetime(${kql(mailAt)}) | where ${test} | extend Kind = '${kind}' | summarize Times = dcount(NetworkMessageId), First = min(Timestamp) by Kind)`;
  return [
    of('from address', `SenderFromAddress =~ ${kql(sender)}`),
    of('from domain', `SenderFromAddress endswith ${kql(domain)}`),
    of('to address', `RecipientEmailAddress =~ ${kql(sender)} and EmailDirection == 'Outbound'`),
    of('to domain', `RecipientEmailAddress endswith ${kql(domain)} and EmailDirection == 'Outbound'`),
  ];
}
