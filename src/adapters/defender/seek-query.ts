import { type Criteria, wordsOf } from '../../core/find/criteria.ts';
import { isAskable } from '../../core/find/sound-hit.ts';
import type { Question } from '../../ports/seeker.ts';
import { kql } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';

/**
 * What advanced hunting is asked where a person looks for mail: learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table
 * and its neighbours. Whatever was typed stands in a string of its own, and nothing else of it reaches the query.
 */

/** All that advanced hunting remembers; learn.microsoft.com/defender-xdr/advanced-hunting-limits. */
export const MEMORY_DAYS = 30;
/** Taken of one answer; the newest come first. */
export const MOST_ROWS = 10_000;
/** Ids and addresses in one question. */
const MOST_NAMED = 1_000;
/** What has more is left out, without an error; as above. */
export const MOST_ANSWERED = 100_000;
/** Of a subject Exchange keeps 255 characters: an answer to a longer one does not end with it. */
const LONGEST_ANSWERED = 240;

const HITS = [
  ...['Timestamp', 'RecipientEmailAddress', 'RecipientObjectId', 'NetworkMessageId', 'InternetMessageId'],
  ...['SenderFromAddress', 'Subject', 'DeliveryLocation', 'LatestDeliveryLocation'],
].join(', ');

/** Microsoft's own word of it: what comes from outside in the name of an account is inbound, whatever stands in From or envelope. */
const INSIDE = "where EmailDirection == 'Intra-org'";

/** Deliveries into mailboxes that may fit all that was asked for in this span, the newest first: see `holdsSubject`. */
export function seekQuery(criteria: Criteria, { from, until }: Question): string {
  const since = `Timestamp >= todatetime(${kql(from)})`;
  const span = `${since} and Timestamp <= todatetime(${kql(until)})`;
  const { sender, messageId, subject, urlHost, attachment, inside } = criteria;
  const inOther = (table: string, condition: string) =>
    `NetworkMessageId in ((${table} | where ${since} | where ${condition} | distinct NetworkMessageId))`;
  const conditions = [
    ...(sender === null ? [] : [`SenderFromAddress =~ ${kql(sender)} or SenderMailFromAddress =~ ${kql(sender)}`]),
    ...(messageId === null ? [] : [`InternetMessageId == ${kql(messageId)}`]),
    ...(subject === null ? [] : wordsOf(subject).map((word) => `Subject contains ${kql(word)}`)),
    ...(urlHost === null
      ? []
      : [inOther('EmailUrlInfo', `UrlDomain =~ ${kql(urlHost)} or UrlDomain endswith ${kql(`.${urlHost}`)}`)]),
    ...(attachment === null ? [] : [inOther('EmailAttachmentInfo', `SHA256 =~ ${kql(attachment)}`)]),
  ];
  return [
    'EmailEvents',
    `where ${span}`,
    inside ? INSIDE : "where EmailDirection != 'Outbound'",
    ...conditions.map((condition) => `where ${condition}`),
    `top ${MOST_ROWS} by Timestamp desc`,
    `project ${HITS}`,
  ].join(' | ');
}

const LATELY = `where Timestamp > ago(${MEMORY_DAYS}d)`;
const among = (values: Iterable<string>) => [...values].map(kql).join(', ');

/** What can be asked by, in no more than one question. */
export type Asked = ReadonlySet<string>;

export const askedByIds = (ids: readonly string[]): Asked => first(ids, isGuid);
export const askedByPeople = (people: readonly string[]): Asked => first(people, isAskable);
export const askedBySubjects = (subjects: readonly string[]): Asked => first(subjects, canBeAnswered);

/** A subject that shows at the end of what answers it. Every mail ends with none. */
export function canBeAnswered(subject: string): boolean {
  return subject !== '' && subject.length <= LONGEST_ANSWERED && isAskable(subject);
}

function first(values: readonly string[], canBeAsked: (value: string) => boolean): Asked {
  return new Set([...new Set(values)].filter(canBeAsked).slice(0, MOST_NAMED));
}

/** Who pressed a link of these mails, wherever Safe Links took them. */
export const clicksQuery = (ids: Asked) =>
  `UrlClickEvents | ${LATELY} | where NetworkMessageId in (${among(ids)}) | project Timestamp, NetworkMessageId, AccountUpn, ActionType, Through = tostring(IsClickedThrough)`;

/** What was done with them after they were delivered, by whomever. */
export const movedQuery = (ids: Asked) =>
  `EmailPostDeliveryEvents | ${LATELY} | where NetworkMessageId in (${among(ids)}) | project Timestamp, NetworkMessageId, RecipientEmailAddress, ActionResult`;

/** Of mail that people of the tenant sent: whoever writes an address of theirs in From from outside is none of them. */
export const SENT = "EmailDirection in ('Intra-org', 'Outbound')";

/** Mail of these people with one of these subjects at its end: no table tells what a mail answers. */
export function answeredQuery(people: Asked, subjects: Asked): string {
  const endings = [...subjects].map((subject) => `Subject endswith ${kql(subject)}`).join(' or ');
  const columns = 'Timestamp, SenderFromAddress, RecipientEmailAddress, InternetMessageId, Subject';
  return `EmailEvents | ${LATELY} | where SenderFromAddress in~ (${among(people)}) | where ${SENT} | where ${endings} | project ${columns}`;
}
