import { createHash } from 'node:crypto';
import type { EmailEvent } from '../tenant/types.ts';
import { type Fields, fieldsIn } from './filter.ts';
import { type Filter, parseFilter } from './filter-parser.ts';
import { lagOf } from './hunting.ts';
import { type Collection, chosen, pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { licensed, remediate } from './remediate.ts';
import { analyzedIn, type Location, mailKey, type PostDelivery } from './remediations.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Service, Task } from './types.ts';

/** What Defender for Office 365 knows of delivered mail, one row for each recipient (learn.microsoft.com/graph/api/resources/security-analyzedemail). */

const READ = ['SecurityAnalyzedMessage.Read.All'];

export const ANALYZED_ROUTES: readonly Route[] = [
  {
    operation: 'listAnalyzedEmails',
    method: 'GET',
    pattern: ['security', 'collaboration', 'analyzedemails'],
    outlook: false,
    roles: READ,
    handle: listAnalyzed,
  },
  {
    operation: 'getAnalyzedEmail',
    method: 'GET',
    pattern: ['security', 'collaboration', 'analyzedemails', ':analyzed'],
    outlook: false,
    roles: READ,
    handle: getAnalyzed,
  },
  {
    operation: 'remediate',
    method: 'POST',
    pattern: ['security', 'collaboration', 'analyzedemails', 'remediate'],
    outlook: false,
    roles: ['SecurityAnalyzedMessage.ReadWrite.All'],
    handle: remediate,
  },
];

/** As long as Explorer keeps mail (learn.microsoft.com/defender-office-365/threat-explorer-real-time-detections-about). */
const MEMORY_MS = 30 * 86_400_000;
/** Where no start is named. Nothing is documented: whoever relies on more finds nothing. */
const DEFAULT_SPAN_MS = 2 * 86_400_000;

const FIELDS: Fields<EmailEvent> = {
  readers: new Map([
    ['networkMessageId', (event: EmailEvent) => event.networkMessageId],
    ['recipientEmailAddress', (event: EmailEvent) => event.recipient],
  ]),
  caseless: new Set(['networkMessageId', 'recipientEmailAddress']),
};

function listAnalyzed(task: Task): Reply {
  licensed(task);
  const { query, call, service } = task;
  if (query.select !== null || query.orderBy.length > 0 || query.skip > 0)
    badRequest('Only $count, $filter, $skiptoken and $top are supported here.');
  if (query.filter !== null) onlyEqualities(parseFilter(query.filter));
  const [from, until] = spanOf(call.rawQuery, service.clock());
  const events = known(service).filter(({ at }) => at >= from && at <= until);
  const collection: Collection<EmailEvent> = {
    fields: FIELDS,
    indexed: new Set(),
    lookUp: () => events,
    all: () => events,
  };
  const told = toldBy(service);
  return ok(
    pageOf(chosen(query, collection), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'security/collaboration/analyzedEmails',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (event) => analyzedJson(event, told),
    }),
  );
}

function getAnalyzed(task: Task): Reply {
  licensed(task);
  const { params, service } = task;
  const event = known(service).find((one) => idOf(one) === params['analyzed']);
  if (!event) return fail(404, 'NotFound', 'The email was not found.');
  return ok(analyzedJson(event, toldBy(service)));
}

/** The examples of the documentation filter by these two, each by equality. */
function onlyEqualities(filter: Filter): void {
  const isPlain = (one: Filter): boolean =>
    one.kind === 'and' ? isPlain(one.left) && isPlain(one.right) : one.kind === 'compare' && one.op === 'eq';
  const unknown = fieldsIn(filter).find((field) => !FIELDS.readers.has(field));
  if (!isPlain(filter) || unknown !== undefined) badRequest('The filter is not supported for analyzedEmails.');
}

function spanOf(raw: string, now: number): readonly [from: number, until: number] {
  const parts = new URLSearchParams(raw);
  const time = (name: string, otherwise: number) => {
    const text = parts.get(name);
    if (text === null) return otherwise;
    const at = /^\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? badRequest(`The value of ${name} is no date.`) : at;
  };
  const until = time('endTime', now);
  const from = time('startTime', until - DEFAULT_SPAN_MS);
  if (from > until) badRequest('startTime is after endTime.');
  return [from, until];
}

/** What is too new is not shown yet, and what is too old not any more. */
function known(service: Service): readonly EmailEvent[] {
  const now = service.clock();
  return service.tenant
    .emailEvents()
    .filter((event) => event.at > now - MEMORY_MS && event.at + lagOf(service, event) <= now);
}

function toldBy({ remediations }: Service): ReadonlyMap<string, readonly PostDelivery[]> {
  return Map.groupBy(remediations.told(), ({ event }) => mailKey(analyzedIn(event)));
}

function idOf(event: EmailEvent): string {
  const text = createHash('sha256')
    .update(mailKey(analyzedIn(event)))
    .digest('hex');
  return `${event.networkMessageId}-${text.slice(0, 20)}`;
}

const ORIGINAL: Readonly<Record<string, Location>> = {
  'Junk Email': 'junkFolder',
  'Deleted Items': 'deletedFolder',
  Deletions: 'deletedFolder',
};

/** What owners do with their mail is not in it. */
function analyzedJson(event: EmailEvent, told: ReadonlyMap<string, readonly PostDelivery[]>): Json {
  const original = ORIGINAL[event.folder] ?? 'inbox_folder';
  const own = told.get(mailKey(analyzedIn(event))) ?? [];
  const latest = own.findLast(({ result }) => result !== 'failed')?.location ?? original;
  const delivery = (location: Location) => ({
    action: location === 'junkFolder' ? 'deliveredToJunk' : 'delivered',
    location,
    originalThreats: 'Phish',
    latestThreats: 'Phish',
  });
  return {
    id: idOf(event),
    loggedDateTime: new Date(event.at).toISOString(),
    networkMessageId: event.networkMessageId,
    internetMessageId: event.internetMessageId,
    senderDetail: {
      fromAddress: event.sender.address,
      displayName: event.sender.name,
      mailFromAddress: event.sender.address,
    },
    recipientEmailAddress: event.recipient,
    subject: event.subject,
    directionality: 'inbound',
    originalDelivery: delivery(original),
    latestDelivery: delivery(latest),
    threatTypes: ['phish'],
    timelineEvents: own.map(({ at, result, location }) => ({
      eventDateTime: new Date(at).toISOString(),
      eventSource: 'admin',
      eventType: 'unknown',
      eventResult: `${result}: ${location}`,
      eventThreats: [],
      eventDetails: '',
    })),
  };
}
