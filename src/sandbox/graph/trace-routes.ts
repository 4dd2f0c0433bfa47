import type { EmailEvent } from '../tenant/types.ts';
import { nextLink } from './query.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Task } from './types.ts';

/** learn.microsoft.com/graph/api/messagetracingroot-list-messagetraces: ten days at once, ninety back, one value a property. */

export const TRACE_ROUTES: readonly Route[] = [
  {
    operation: 'trace',
    method: 'GET',
    pattern: ['admin', 'exchange', 'tracing', 'messagetraces'],
    outlook: false,
    roles: ['ExchangeMessageTrace.Read.All'],
    handle: trace,
  },
];

const DAY_MS = 86_400_000;
const DEFAULT_PAGE = 1_000;
const MOST_PAGE = 5_000;

interface Asked {
  from: number | null;
  until: number | null;
  readonly tests: ((event: EmailEvent) => boolean)[];
}

function trace({ service, call, query }: Task): Reply {
  // Without Microsoft's service principal for it in the tenant, nobody is answered.
  if (!service.tracing()) fail(401, 'Unauthorized', 'Service principal-less Authentication failed.');
  if (query.select !== null || query.orderBy.length > 0 || query.skip > 0)
    badRequest('The query option is not supported here.');
  const top = query.top ?? DEFAULT_PAGE;
  if (top < 1 || top > MOST_PAGE) badRequest(`Invalid value '${top}' for $top query option found.`);
  const now = service.clock();
  const { from, until, tests } = askedIn(query.filter ?? '');
  const [start, end] = [from ?? now - 2 * DAY_MS, until ?? now];
  if ((from === null) !== (until === null)) badRequest('Both receivedDateTime bounds have to be given.');
  if (end > now) badRequest('The end date is in the future.');
  if (start < now - 90 * DAY_MS) badRequest('The start date is more than 90 days ago.');
  if (end - start > 10 * DAY_MS) badRequest('The span is longer than 10 days.');
  const fitting = service.tenant
    .emailEvents()
    .filter((event) => event.at >= start && event.at <= end && tests.every((fits) => fits(event)))
    .toSorted((a, b) => b.at - a.at);
  const first = Number(query.skipToken ?? 0);
  const page = fitting.slice(first, first + top);
  const more = first + page.length < fitting.length;
  return ok({
    '@odata.context': `${service.origin()}/v1.0/$metadata#admin/exchange/tracing/messageTraces`,
    ...(more
      ? {
          '@odata.nextLink': nextLink(service.origin(), '/admin/exchange/tracing/messageTraces', call.rawQuery, {
            $skiptoken: String(first + page.length),
          }),
        }
      : {}),
    value: page.map((event) => rowOf(event, service.traceStatus(event.recipient))),
  });
}

type Fits = (event: EmailEvent) => boolean;
const TESTS: Readonly<Record<string, (value: string) => Fits>> = {
  messageId: (value) => (event) => event.internetMessageId === value,
  senderAddress: (value) => (event) => event.sender.address.toLowerCase() === value.toLowerCase(),
  recipientAddress: (value) => (event) => event.recipient.toLowerCase() === value.toLowerCase(),
};

const PART =
  /\s*(?:receivedDateTime (ge|le) (\S+)|(\w+) eq '((?:[^']|'')*)'|(contains|startsWith|endsWith)\((\w+), ?'((?:[^']|'')*)'\))\s*(and|or|$)/y;

/** `and` between parts, outside of strings; `or` is heeded by nobody, and of one property the first value alone. */
function askedIn(filter: string): Asked {
  const asked: Asked = { from: null, until: null, tests: [] };
  const heeded = new Set<string>();
  for (let at = 0; at < filter.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const found = PART.exec(filter);
    if (!found) return badRequest(`Invalid filter clause: '${filter.slice(at, at + 40)}'.`);
    const [, bound, time, name, , , textName] = found;
    if (bound !== undefined) setBound(asked, bound, Date.parse(time ?? ''));
    const property = name ?? textName;
    if (property === undefined || heeded.has(property)) continue;
    heeded.add(property);
    asked.tests.push(testOf(found));
  }
  return asked;
}

function testOf([, , , name, value, how, textName, textValue]: RegExpExecArray): Fits {
  const wanted = (value ?? textValue ?? '').replaceAll("''", "'");
  if (name !== undefined) return TESTS[name]?.(wanted) ?? badRequest(`Could not find a property named '${name}'.`);
  if (textName !== 'subject') return badRequest(`'${textName}' does not support this.`);
  return subjectTest(how ?? '', wanted);
}

function setBound(asked: Asked, bound: string, at: number): void {
  if (Number.isNaN(at)) badRequest('The date is not valid.');
  if (bound === 'ge') asked.from = at;
  else asked.until = at;
}

function subjectTest(how: string, value: string): Fits {
  const low = value.toLowerCase();
  return ({ subject }) => {
    const text = subject.toLowerCase();
    if (how === 'startsWith') return text.startsWith(low);
    return how === 'endsWith' ? text.endsWith(low) : text.includes(low);
  };
}

function rowOf(event: EmailEvent, status: string | null): Json {
  return {
    id: event.networkMessageId,
    messageId: event.internetMessageId,
    senderAddress: event.sender.address,
    recipientAddress: event.recipient,
    subject: event.subject,
    status: status ?? (event.folder === 'Junk Email' ? 'filteredAsSpam' : 'delivered'),
    receivedDateTime: new Date(event.at).toISOString(),
    size: 10_000,
    fromIP: '192.0.2.10',
    // The server that takes mail for the other domain; blank for what comes in.
    toIP: event.recipientId === '' ? '203.0.113.25' : '',
  };
}
