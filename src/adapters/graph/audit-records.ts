import { addressKey } from '../../core/address.ts';
import { instantOf } from '../../core/instant.ts';
import type { Rows } from '../../ports/intelligence.ts';
import { changeIn, mailboxIn, type Read, whoseIs } from '../microsoft/mailbox-change.ts';

/** Records of the audit log, person by person: learn.microsoft.com/graph/api/resources/security-auditlogrecord. */

export interface AuditRecord {
  readonly createdDateTime?: string | null | undefined;
  readonly operation?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly userPrincipalName?: string | null | undefined;
  readonly clientIp?: string | null | undefined;
  readonly objectId?: string | null | undefined;
  /** As the service that was changed has written it. */
  readonly auditData?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Changes {
  readonly rows: ReadonlyMap<string, Rows>;
  /** Rows about these people. */
  readonly count: number;
  /** Changes since the mail of mailboxes that nobody could tell whose they are. */
  readonly unresolved: number;
}

/** By which names mailboxes are called that the directory has to be asked about. */
export function strangersAmong(
  records: readonly AuditRecord[],
  known: ReadonlyMap<string, string | null>,
): readonly string[] {
  const names = new Set(records.filter(isTelling).flatMap((record) => mailboxIn(readerOf(record)).names));
  return [...names].filter((name) => !name.includes('@') && !known.has(name));
}

/** `known`: object ids by name; null for somebody who is not asked about. */
export function changesIn(
  records: readonly AuditRecord[],
  known: ReadonlyMap<string, string | null>,
  mailAt: string,
): Changes {
  const of = new Map<string, Record<string, unknown[]>>();
  let count = 0;
  let unresolved = 0;
  for (const record of records) {
    const text = readerOf(record);
    const parts = Object.entries(changeIn(text));
    if (parts.length === 0) continue;
    const names = [record.userPrincipalName, record.userId].map((name) => known.get(addressKey(name ?? '')));
    const whose = whoseIs(mailboxIn(text), known, names.find((id) => typeof id === 'string') ?? null, true);
    if (whose.is === 'nobody known' && !(instantOf(text('Timestamp')) < instantOf(mailAt))) unresolved += 1;
    if (whose.is !== 'person') continue;
    count += 1;
    const own = of.get(whose.id) ?? {};
    of.set(whose.id, own);
    for (const [name, value] of parts) own[name] = [...(own[name] ?? []), value];
  }
  // Each list holds what its name says: `changeIn` is the only one that fills it.
  return { rows: of as unknown as ReadonlyMap<string, Rows>, count, unresolved };
}

/** Of what says nothing of anybody nobody has to be found out. */
const isTelling = (record: AuditRecord) => Object.keys(changeIn(readerOf(record))).length > 0;

function readerOf(record: AuditRecord): Read {
  const { createdDateTime, operation, clientIp, objectId, auditData } = record;
  const raw = new Map(Object.entries(auditData ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const own: Readonly<Record<string, string | null | undefined>> = {
    Timestamp: createdDateTime,
    ActionType: operation,
    IPAddress: clientIp ?? asText(raw.get('clientip')),
    ObjectId: objectId ?? asText(raw.get('objectid')),
  };
  return (name) => (Object.hasOwn(own, name) ? (own[name] ?? '') : asText(raw.get(name.toLowerCase())));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
