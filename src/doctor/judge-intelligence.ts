import { ACCOUNT_TABLES, probeOf, SIGN_IN_TABLES } from '../adapters/defender/account-query.ts';
import type { Asked } from '../adapters/graph/probe.ts';
import type { Tenant } from '../config/schema.ts';
import { type Finding, ok, skip, warn } from './finding.ts';
import { said } from './judge-directory.ts';
import { permissionOf } from './permissions.ts';

/** What can be found out about people who received a mail, by the tables that the tenant has. */

/** Harmless queries, by the table that each asks for. */
export const TABLE_QUERIES: ReadonlyMap<string, string> = new Map(
  ACCOUNT_TABLES.map((table) => [table, probeOf(table)]),
);

const CHECK = 'people';
/** What is not known without a table. */
const LACKS: ReadonlyMap<string, string> = new Map([
  ['CloudAppEvents', 'rules, forwarding, consents and access'],
  ['UrlClickEvents', 'clicks'],
  ['EmailEvents', 'mail that people sent, and how known a sender is'],
  ['EmailPostDeliveryEvents', 'what others have done to the mail'],
]);

/** `tables`: by name; null where nobody asked. */
export function judgeIntelligence(
  { graph }: Pick<Tenant, 'graph'>,
  roles: readonly string[],
  tables: ReadonlyMap<string, Asked> | null,
): Finding {
  if (!graph.intelligence) return ok(CHECK, 'switched off: nobody looks at who clicked, signed in or made rules');
  const instead = [
    ...(graph.signInLogs ? ['sign-ins and consents as Entra logs them'] : []),
    ...(graph.auditSearch ? ['rules, forwarding and rights by a search of the audit log'] : []),
  ];
  if (!tables && instead.length > 0)
    return ok(CHECK, `hunting is off; known by other logs: ${instead.join('; ')}. Whether they answer is not tried`);
  if (!tables)
    return warn(
      CHECK,
      'hunting is off: of the people who received a mail hardly anything can be known',
      'set graph.hunting: true, or graph.signInLogs and graph.auditSearch: true, or graph.intelligence: false',
    );
  if (!roles.includes(permissionOf('hunting').permission)) return skip(CHECK, 'the role is missing');
  const isThere = (table: string) => tables.get(table)?.status === 200;
  const busy = [...tables.values()].find(({ status }) => status === 0 || status === 429 || status >= 500);
  if (busy) return warn(CHECK, `not every table answered: ${said(busy)}`, 'ask again in a minute');
  const missing = [...LACKS].filter(([table]) => !isThere(table)).map(([table, what]) => `${what} (${table})`);
  const hasSignIns = SIGN_IN_TABLES.some(isThere);
  const all = [...(hasSignIns ? [] : [`sign-ins (${SIGN_IN_TABLES[0]})`]), ...missing];
  const known = instead.length === 0 ? '' : ` by hunting; asked instead: ${instead.join('; ')}`;
  if (all.length === 0) return ok(CHECK, `all tables are there; sign-ins as ${SIGN_IN_TABLES.find(isThere)}`);
  return warn(
    CHECK,
    `this tenant cannot tell ${all.join('; ')}${known}`,
    'license what fills these tables, or leave it: what is not known is said as that',
  );
}
