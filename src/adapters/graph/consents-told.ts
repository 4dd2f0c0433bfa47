import { z } from 'zod';
import { instantOf } from '../../core/instant.ts';
import type { Consent } from '../../core/intelligence/facts.ts';
import { AUDIT_LOG_LIMIT } from '../../core/limit.ts';
import type { PeopleQuestion, Rows, TenantLogs } from '../../ports/intelligence.ts';
import { odata, query } from '../microsoft/client.ts';
import { consentIn } from '../microsoft/mailbox-record.ts';
import { alone, askLog, pathAfter } from './log-asking.ts';
import { type LogOptions, logTools } from './sign-ins.ts';

/**
 * Consents as the directory's own log tells them, where hunting does not: learn.microsoft.com/graph/api/directoryaudit-list. There are few
 * in a tenant, so that all of them since the mail are asked for, and not each person.
 */

const ACTIVITY = 'Consent to application';
const PAGE = '100';
const MOST_PAGES = 3;
/** learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention: without a licence, which nobody asks about. */
const MEMORY_MS = 7 * 86_400_000;

const Audit = z.object({
  activityDateTime: z.string(),
  activityDisplayName: z.string(),
  result: z.string().nullish(),
  initiatedBy: z.object({ user: z.object({ id: z.string().nullish() }).nullish() }).nullish(),
  targetResources: z
    .array(
      z.object({
        displayName: z.string().nullish(),
        modifiedProperties: z
          .array(z.object({ displayName: z.string().nullish(), newValue: z.string().nullish() }))
          .nullish(),
      }),
    )
    .nullish(),
});
type Audit = z.infer<typeof Audit>;
const Page = z.object({ value: z.array(Audit), '@odata.nextLink': z.string().optional() });

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function consentLogs(options: LogOptions): TenantLogs {
  const tools = logTools(options);
  return {
    async ask(question) {
      const found: Audit[] = [];
      const asked = question.people.length;
      let path: string | null = firstPath(question);
      for (let pages = 0; path !== null && pages < MOST_PAGES; pages += 1) {
        const request = { operation: 'directoryAudits', method: 'GET', path } as const;
        const said = await askLog(tools, AUDIT_LOG_LIMIT, request, Page);
        if (said.is !== 'page') {
          const { is, detail } = said;
          return alone({ source: 'directory events', is, rows: 0, cut: false, asked, detail }, new Map());
        }
        found.push(...said.page.value);
        const next = pathAfter(tools.origin, said.page, path);
        // There is more, and it cannot be followed.
        if (next === null && said.page['@odata.nextLink'] !== undefined) break;
        path = next;
      }
      const rows = rowsOf(found, question);
      const count = [...rows.values()].reduce((sum, { consents = [] }) => sum + consents.length, 0);
      const isOld = tools.clock() - instantOf(question.mailAt) > MEMORY_MS;
      const cut = path !== null || isOld;
      const answer = { source: 'directory events', is: 'answered', rows: count, cut, asked } as const;
      return alone({ ...answer, detail: '' }, rows);
    },
  };
}

function firstPath({ mailAt }: PeopleQuestion): string {
  const filter = `activityDateTime ge ${mailAt} and activityDisplayName eq ${odata(ACTIVITY)}`;
  return `/auditLogs/directoryAudits${query({ $filter: filter, $top: PAGE })}`;
}

function rowsOf(audits: readonly Audit[], { people }: PeopleQuestion): ReadonlyMap<string, Rows> {
  const known = new Set(people.map(({ id }) => id));
  const own = audits.flatMap((audit): [string, Consent][] => {
    const id = audit.initiatedBy?.user?.id?.toLowerCase() ?? '';
    const isOne = audit.activityDisplayName === ACTIVITY && audit.result !== 'failure';
    const consent = isOne && known.has(id) ? consentOf(audit) : null;
    return consent ? [[id, consent]] : [];
  });
  const groups = Map.groupBy(own, ([id]) => id);
  return new Map([...groups].map(([id, some]) => [id, { consents: some.map(([, consent]) => consent) }]));
}

/** What was changed stands as JSON in a text. */
function consentOf({ activityDateTime, targetResources }: Audit): Consent | null {
  const [target] = targetResources ?? [];
  const properties = (target?.modifiedProperties ?? []).map(
    ({ displayName, newValue }) => [(displayName ?? '').toLowerCase(), unquoted(newValue ?? '')] as const,
  );
  const granted = consentIn(new Map(properties), { name: target?.displayName ?? '', objectId: '' });
  return granted && { ...granted, at: activityDateTime, isThere: null, source: 'directory events' };
}

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
