import { createHash } from 'node:crypto';
import type { EmailEvent } from '../tenant/types.ts';
import { ACCOUNT_TABLES } from './account-tables.ts';
import { ARRIVAL_COLUMNS, arrivalCells, directionOf } from './arrivals.ts';
import { condition, type Row, stages, type Token } from './kql.ts';
import type { ColumnType } from './kql-expression.ts';
import { isJoining, joined, type Sheet } from './kql-union.ts';
import { mailTables } from './mail-tables.ts';
import { locationNow, locationOf } from './places-told.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Service, Task } from './types.ts';

const DAY_MS = 86_400_000;
/** Advanced hunting remembers 30 days (learn.microsoft.com/defender-xdr). */
const MEMORY_MS = 30 * DAY_MS;

const COLUMNS: Readonly<Record<string, string>> = {
  Timestamp: 'DateTime',
  NetworkMessageId: 'String',
  InternetMessageId: 'String',
  SenderFromAddress: 'String',
  SenderObjectId: 'String',
  SenderDisplayName: 'String',
  SenderMailFromAddress: 'String',
  RecipientEmailAddress: 'String',
  RecipientObjectId: 'String',
  Subject: 'String',
  EmailDirection: 'String',
  DeliveryAction: 'String',
  DeliveryLocation: 'String',
  LatestDeliveryAction: 'String',
  LatestDeliveryLocation: 'String',
  ThreatTypes: 'String',
  EmailClusterId: 'Int64',
  ...ARRIVAL_COLUMNS,
};
const NAMES: ReadonlySet<string> = new Set(Object.keys(COLUMNS));

export const HUNTING_ROUTES: readonly Route[] = [
  {
    operation: 'hunt',
    method: 'POST',
    pattern: ['security', 'runhuntingquery'],
    outlook: false,
    roles: ['ThreatHunting.Read.All'],
    handle: hunt,
  },
];

interface Table {
  readonly rows: readonly Row[];
  readonly names: readonly string[];
}

function hunt({ service, json }: Task): Reply {
  if (!service.hunting()) fail(403, 'Forbidden', 'The tenant is not licensed for advanced hunting.');
  const body = json();
  const query = body['Query'] ?? body['query'];
  if (typeof query !== 'string' || query.trim() === '') badRequest("The parameter 'Query' is required.");
  const span = spanMs(body['Timespan'] ?? body['timespan']);
  const { schema, all } = isJoining(String(query))
    ? ofUnion(service, span, String(query))
    : ofTable(service, span, String(query));
  const { huntingRows, huntingSize } = service.limits();
  const results = all.slice(0, huntingRows);
  if (JSON.stringify(results).length > huntingSize) badRequest(TOO_LONG);
  return ok({ schema, results });
}

interface Evaluated {
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly all: readonly Json[];
}

function ofTable(service: Service, span: number, query: string): Evaluated {
  const { rows, names } = evaluated(service, span, stages(query));
  return {
    schema: names.map((name) => ({ name, type: TYPES[name] ?? 'Int64' })),
    all: rows.map((row) => wire(row, names)),
  };
}

function ofUnion(service: Service, span: number, query: string): Evaluated {
  const { columns, rows } = joined(query, { now: service.clock(), table: (name) => sheetOf(service, span, name) });
  const names = Object.entries(columns);
  const cell = (type: ColumnType, value: unknown) =>
    type === 'DateTime' && typeof value === 'number' ? new Date(value).toISOString() : (value ?? null);
  return {
    schema: names.map(([name, type]) => ({ name, type })),
    all: rows.map((row) => Object.fromEntries(names.map(([name, type]) => [name, cell(type, row[name])]))),
  };
}

function sheetOf(service: Service, span: number, name: string): Sheet {
  needTable(service, name);
  const account = Object.hasOwn(ACCOUNT_TABLES, name) ? ACCOUNT_TABLES[name] : undefined;
  if (account) return account(service, span);
  const { rows, names } = tableOf(service, span, name);
  return { rows, columns: Object.fromEntries(names.map((one) => [one, (TYPES[one] ?? 'Int64') as ColumnType])) };
}

/** 400 for a table that is not there: `hunting` says which. */
function needTable(service: Service, table: string): void {
  const hunting = service.hunting();
  const isOfAccounts = Object.hasOwn(ACCOUNT_TABLES, table);
  const isGone =
    (hunting === 'no mail' && !isOfAccounts) ||
    (hunting === 'no clicks' && table === 'UrlClickEvents') ||
    (hunting === 'no accounts' && isOfAccounts) ||
    (isOfAccounts && table !== 'CloudAppEvents' && !service.signInTables().includes(table));
  if (isGone) badRequest(noTable(table));
}

const TABLES = mailTables((service, messageId) => lagOf(service, { messageId }));
const TYPES: Readonly<Record<string, string>> = Object.assign(
  {},
  ...Object.values(TABLES).map(({ columns }) => columns),
  COLUMNS,
);

/** A whole query, or one that stands in another. */
function evaluated(service: Service, span: number, [source = [], ...rest]: readonly (readonly Token[])[]): Table {
  const [name, ...more] = source;
  const table = more.length === 0 && name?.type === 'word' ? name.text : '';
  needTable(service, table);
  const start = tableOf(service, span, table);
  const inner = (inside: readonly (readonly Token[])[]) => {
    const found = evaluated(service, span, inside);
    const [only, ...others] = found.names;
    if (only === undefined || others.length > 0) return badRequest('A query in another one has to have one column.');
    return found.rows.map((row) => row[only] ?? '');
  };
  return rest.reduce((done, stage) => apply(done, stage, service.clock(), inner), start);
}

function tableOf(service: Service, span: number, name: string): Table {
  if (name === 'EmailEvents') return { rows: rowsOf(service, span), names: [...NAMES] };
  const account = Object.hasOwn(ACCOUNT_TABLES, name) ? ACCOUNT_TABLES[name]?.(service, span) : undefined;
  // Their dynamic column is for queries that join: here it is left out.
  if (account) {
    const names = Object.keys(account.columns).filter((one) => account.columns[one] !== 'Object');
    return {
      rows: account.rows.map((row) => Object.fromEntries(names.map((one) => [one, row[one] as string]))),
      names,
    };
  }
  const known = TABLES[name];
  if (!known) return badRequest(`Only EmailEvents and its neighbours are known here, not '${name}'.`);
  return { rows: known.rows(service, span), names: Object.keys(known.columns) };
}

type Inner = Parameters<typeof condition>[3];

const noTable = (name: string) => `'where' operator: Failed to resolve table or column expression named '${name}'.`;
/** learn.microsoft.com, run-advanced-query-api. */
const TOO_LONG = 'Query execution has exceeded the allowed result size. Optimize your query by limiting the results.';

/** `P30D` or `PT12H`. */
function spanMs(timespan: unknown): number {
  if (timespan === undefined || timespan === null) return MEMORY_MS;
  const found = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(String(timespan)) ?? badRequest('The timespan is not valid.');
  return Math.min(MEMORY_MS, (Number(found[1] ?? 0) * 24 + Number(found[2] ?? 0)) * 3_600_000);
}

function rowsOf(service: Service, span: number): Row[] {
  const now = service.clock();
  return service.tenant
    .emailEvents()
    .filter((event) => event.at > now - span && event.at + lagOf(service, event) <= now)
    .map((event) => rowOf(service, event));
}

/** The same for one delivery however often it is asked for. */
export function lagOf(service: Service, { messageId }: Pick<EmailEvent, 'messageId'>): number {
  const [from, to] = service.limits().huntingLagMs;
  const digits = createHash('sha256').update(messageId).digest().readUInt32BE() / 2 ** 32;
  return from + digits * (to - from);
}

function rowOf(service: Service, event: EmailEvent): Row {
  const { tenant } = service;
  return {
    Timestamp: event.at,
    NetworkMessageId: event.networkMessageId,
    InternetMessageId: event.internetMessageId,
    SenderFromAddress: event.sender.address,
    SenderObjectId: tenant.userByAddress(event.sender.address)?.id ?? '',
    SenderDisplayName: event.sender.name,
    SenderMailFromAddress: event.mailFrom ?? event.sender.address,
    RecipientEmailAddress: event.recipient,
    RecipientObjectId: event.recipientId,
    Subject: event.subject,
    EmailDirection: directionOf(tenant, event),
    DeliveryAction: 'Delivered',
    DeliveryLocation: locationOf(event.folder),
    LatestDeliveryAction: 'Delivered',
    // Only for the rows that are asked for: it looks into the mailbox.
    get LatestDeliveryLocation() {
      return locationNow(service, event);
    },
    ThreatTypes: event.threat ?? 'Phish',
    EmailClusterId: event.cluster ?? '',
    ...arrivalCells(event),
  };
}

function apply(table: Table, [verb, ...rest]: readonly Token[], now: number, inner: Inner): Table {
  if (verb?.type !== 'word') return badRequest('The query failed: an operator is missing after |.');
  if (verb.text === 'where')
    return { ...table, rows: table.rows.filter(condition(rest, new Set(table.names), now, inner)) };
  if (verb.text === 'take' || verb.text === 'limit') return { ...table, rows: table.rows.slice(0, numberOf(rest)) };
  if (verb.text === 'top') return { ...table, rows: topOf(rest, table) };
  if (verb.text === 'project') return projected(rest, table);
  if (verb.text === 'distinct') return distinct(table, namesIn(rest, table));
  if (verb.text === 'count') return { rows: [{ Count: table.rows.length }], names: ['Count'] };
  return badRequest(`The operator '${verb.text}' is not known here.`);
}

/** `top 10 by Timestamp desc`: the largest first where nothing else is said, as the language has it. */
function topOf([number, by, column, order, ...more]: readonly Token[], { rows, names }: Table): readonly Row[] {
  const most = numberOf(number ? [number] : []);
  const isKnown = by?.text === 'by' && column !== undefined && names.includes(column.text) && more.length === 0;
  if (!isKnown || !['asc', 'desc', undefined].includes(order?.text))
    return badRequest('top has to be followed by a number, by and a column.');
  const sorted = rows.toSorted((a, b) => ((a[column.text] ?? '') < (b[column.text] ?? '') ? 1 : -1));
  return (order?.text === 'asc' ? sorted.reverse() : sorted).slice(0, most);
}

/** `project A, B = tostring(C)`. A whole number of 64 bits that is projected as it is loses its last digits on the way, as in any JSON. */
function projected(tokens: readonly Token[], table: Table): Table {
  const texts = tokens.map(({ text }) => text);
  const made = new Map<string, string>();
  const plain: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    if (texts[at + 1] !== '=') {
      plain.push(token);
      continue;
    }
    const [, , call, open, column = '', close] = texts.slice(at);
    if (call !== 'tostring' || open !== '(' || close !== ')' || !table.names.includes(column))
      return badRequest('Only tostring of a column is known here.');
    made.set(token.text, column);
    plain.push(token);
    at += 5;
  }
  const names = namesIn(plain, { ...table, names: [...table.names, ...made.keys()] });
  const numbers = names.filter((name) => TYPES[name] === 'Int64');
  const rows = table.rows.map((row) => ({
    ...row,
    ...Object.fromEntries([...made].map(([name, column]) => [name, String(row[column] ?? '')])),
    ...Object.fromEntries(numbers.map((name) => [name, Number(row[name])])),
  }));
  return { rows: made.size + numbers.length > 0 ? rows : table.rows, names };
}

function numberOf([token, ...more]: readonly Token[]): number {
  const fits = token !== undefined && more.length === 0 && /^\d+$/.test(token.text);
  return fits ? Number(token.text) : badRequest('A number of rows was expected.');
}

function namesIn(tokens: readonly Token[], { names }: Table): string[] {
  const chosen = tokens.filter((_, n) => n % 2 === 0).map(({ text }) => text);
  const separated = tokens.every((token, n) => n % 2 === 0 || token.text === ',') && tokens.length % 2 === 1;
  const unknown = chosen.find((name) => !names.includes(name));
  if (!separated || unknown !== undefined) badRequest(`Unknown column '${unknown ?? ''}'.`);
  return chosen;
}

function distinct({ rows }: Table, names: readonly string[]): Table {
  const seen = new Map(rows.map((row) => [JSON.stringify(names.map((name) => row[name])), row]));
  return { rows: [...seen.values()], names };
}

function wire(row: Row, names: readonly string[]): Json {
  return Object.fromEntries(
    names.map((name) => [name, name === 'Timestamp' ? new Date(Number(row[name])).toISOString() : (row[name] ?? null)]),
  );
}
