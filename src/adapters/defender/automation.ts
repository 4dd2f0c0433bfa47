import type { z } from 'zod';
import { authenticationIn } from '../../core/find/authentication.ts';
import type { KnownDelivery, Removal } from '../../core/find/automation.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import type { Automation, AutomationTold } from '../../ports/automation.ts';
import { kql } from '../microsoft/client.ts';
import { errorCode } from '../microsoft/said.ts';
import {
  askInTime,
  BUSY,
  type HuntingOptions,
  type HuntingTools,
  huntingOffered,
  huntingTools,
  refusalOf,
  waitIn,
} from './hunt.ts';
import { cellsOf, Results, TOO_LONG } from './hunting.ts';
import { notLicensed } from './licence.ts';

/**
 * What Defender took out of mailboxes on its own, as advanced hunting tells it. Automated remediation is told by
 * ActionType `Automated Remediation` with ActionTrigger `Automation` [learn: defender-office-365/air-auto-remediation], its
 * zero-hour purge by ActionTypes `Phish ZAP` and `Malware ZAP` [learn: defender-xdr/advanced-hunting-emailpostdeliveryevents-table].
 */

/** Taken of one answer; the newest come first. More are left out by the service itself beyond 100,000 [learn: advanced hunting quotas]. */
const MOST_ROWS = 20_000;

const REMOVED = [
  ...['Timestamp', 'NetworkMessageId', 'InternetMessageId', 'RecipientEmailAddress', 'Action', 'ActionType'],
  ...['ActionResult', 'DeliveryLocation', 'ThreatTypes'],
].join(', ');
/** A number of 64 bits does not survive JSON. */
const DELIVERED = [
  ...['Timestamp', 'NetworkMessageId', 'InternetMessageId', 'RecipientEmailAddress', 'RecipientObjectId'],
  ...['SenderFromAddress', 'SenderMailFromAddress', 'Subject', 'DeliveryLocation', 'LatestDeliveryLocation'],
  ...['ThreatTypes', 'AuthenticationDetails', 'Cluster = tostring(EmailClusterId)'],
].join(', ');

export interface AutomationOptions extends HuntingOptions {
  readonly samples: number;
}

/** Throws ClawbackError 'config' for a base URL that is no https origin. */
export function createAutomation(options: AutomationOptions): Automation {
  const { long } = huntingTools(options);
  const offered = huntingOffered(options.baseUrl);
  return {
    isOn: options.isOn,
    samples: options.samples,
    ask: (from, until) =>
      offered === 'yes' ? askInParts(long, from, until) : Promise.resolve(no('not licensed', offered.no)),
  };
}

/** So often a span is halved whose answer was too long. */
const MOST_HALVINGS = 5;

/**
 * Subjects are as long as their senders like: many of them make an answer that the service refuses as too long, and the list would
 * be kept from being made for as long as they are remembered. What is too long for a span is asked for each half of it.
 */
async function askInParts(tools: HuntingTools, from: string, until: string, halvings = 0): Promise<AutomationTold> {
  const whole = await askBoth(tools, from, until);
  if (whole.is !== 'too long') return whole;
  const middle = isoOf(Math.floor((instantOf(from) + instantOf(until)) / 2));
  if (halvings >= MOST_HALVINGS) return no('silent', whole.why);
  const first = await askInParts(tools, from, middle, halvings + 1);
  const second = first.is === 'told' ? await askInParts(tools, middle, until, halvings + 1) : first;
  if (first.is !== 'told' || second.is !== 'told') return second;
  return {
    is: 'told',
    removals: [...first.removals, ...second.removals],
    deliveries: [...first.deliveries, ...second.deliveries],
    cutAt: first.cutAt ?? second.cutAt,
    requestId: second.requestId,
  };
}

interface TooLong {
  readonly is: 'too long';
  readonly why: string;
}

/** Two questions, and no join: an event whose delivery is not known must not be lost with it. */
async function askBoth(tools: HuntingTools, from: string, until: string): Promise<AutomationTold | TooLong> {
  const events = await put(tools, removalsQuery(from, until));
  if (events.is !== 'rows') return events;
  const deliveries = events.rows.length === 0 ? events : await put(tools, deliveriesQuery(from, until));
  if (deliveries.is !== 'rows') return deliveries;
  return {
    is: 'told',
    removals: events.rows.map(removalIn),
    deliveries: events.rows.length === 0 ? [] : deliveries.rows.map(deliveryIn),
    cutAt: events.rows.length >= MOST_ROWS ? MOST_ROWS : null,
    requestId: events.requestId,
  };
}

const byItself = (from: string, until: string) =>
  [
    'EmailPostDeliveryEvents',
    `where Timestamp >= todatetime(${kql(from)}) and Timestamp <= todatetime(${kql(until)})`,
    `where ActionTrigger =~ ${kql('Automation')} or ActionType =~ ${kql('Automated Remediation')} or ActionType contains ${kql('ZAP')}`,
  ].join(' | ');

function removalsQuery(from: string, until: string): string {
  return `${byItself(from, until)} | top ${MOST_ROWS} by Timestamp desc | project ${REMOVED}`;
}

function deliveriesQuery(from: string, until: string): string {
  const ids = `(${byItself(from, until)} | distinct NetworkMessageId)`;
  return `EmailEvents | where Timestamp > ago(30d) | where NetworkMessageId in (${ids}) | project ${DELIVERED}`;
}

function removalIn(row: Row): Removal {
  const { raw, text } = cellsOf(row);
  return {
    recipient: text('RecipientEmailAddress')?.toLowerCase() ?? '',
    networkMessageId: text('NetworkMessageId')?.toLowerCase() ?? '',
    internetMessageId: raw('InternetMessageId'),
    at: timeIn(text('Timestamp')),
    way: text('ActionType') ?? '',
    action: text('Action') ?? '',
    result: text('ActionResult') ?? '',
    location: text('DeliveryLocation'),
    threats: text('ThreatTypes'),
  };
}

function deliveryIn(row: Row): KnownDelivery {
  const { raw, text } = cellsOf(row);
  return {
    recipient: text('RecipientEmailAddress')?.toLowerCase() ?? '',
    recipientId: text('RecipientObjectId')?.toLowerCase() ?? null,
    networkMessageId: text('NetworkMessageId')?.toLowerCase() ?? '',
    internetMessageId: raw('InternetMessageId'),
    sender: text('SenderFromAddress'),
    mailFrom: text('SenderMailFromAddress'),
    authentication: authenticationIn(text('AuthenticationDetails')),
    subject: raw('Subject'),
    at: timeIn(text('Timestamp')),
    cluster: clusterIn(text('Cluster')),
    delivered: text('DeliveryLocation'),
    latest: text('LatestDeliveryLocation'),
    threats: text('ThreatTypes'),
  };
}

const timeIn = (text: string | null) => (Number.isNaN(instantOf(text)) ? null : text);

/** Zero is no cluster, and what is no whole number is none of the service's. */
function clusterIn(text: string | null): string | null {
  return text !== null && /^-?\d{1,20}$/.test(text) && !/^-?0+$/.test(text) ? text : null;
}

type Row = z.infer<typeof Results>['results'][number];
type Answered =
  | { readonly is: 'rows'; readonly rows: readonly Row[]; readonly requestId: string }
  | Exclude<AutomationTold, { readonly is: 'told' }>
  | TooLong;

const no = (is: Exclude<AutomationTold['is'], 'told'>, why: string, waitMs: number | null = null) =>
  ({ is, why, waitMs }) as const;

async function put(tools: HuntingTools, query: string): Promise<Answered> {
  const { reply, detail, waitMs } = await askInTime(tools, query);
  if (waitMs !== undefined) return no('busy', detail, waitMs);
  if (!reply) return no('silent', detail);
  const { status, requestId, body } = reply;
  const said = `${status} ${errorCode(body)}`.trim();
  if (BUSY.has(status)) return no('busy', said, waitIn(reply, tools.clock()));
  const rows = status === 200 ? Results.safeParse(body).data?.results : undefined;
  if (rows) return { is: 'rows', rows, requestId };
  if (status === 400 && TOO_LONG.test(refusalOf(reply))) return { is: 'too long', why: said };
  if (notLicensed(status, refusalOf(reply))) return no('not licensed', said);
  return status === 401 || status === 403 ? no('not permitted', said) : no('silent', said);
}
