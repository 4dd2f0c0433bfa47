import { vendorOf } from '../adapters/sources/vendors.ts';
import type { Tenant } from '../config/schema.ts';
import type { EngineTerms } from '../core/action/engine.ts';
import type { MailboxSet, Policy } from '../core/ask/policy.ts';
import type { MeasureKind } from '../core/measure/measure.ts';

/** What of Entra and Slack this tenant's configuration and policy really use: nothing else needs a permission. */

export interface InUse {
  readonly hunting: boolean;
  readonly groups: boolean;
  readonly messageTrace?: boolean;
  readonly identityProtection: boolean;
  /** Whether the people who received a mail are looked at. */
  readonly intelligence?: boolean;
  /** In the logs of Entra too, and by a search of the audit log. */
  readonly signInLogs?: boolean;
  readonly auditSearch?: boolean;
  /** Whether roles are read that are not in force over all of the tenant. Left out: not. */
  readonly allRoles?: boolean;
  /** What sources are asked, or told, through Graph, by the names of manifest/graph-permissions.json. */
  readonly bySources?: ReadonlySet<string>;
  /** Left out: each mailbox itself. */
  readonly engine?: EngineTerms;
  /** What may be done about accounts and mailboxes. Left out: nothing. */
  readonly measures?: readonly MeasureKind[];
}

/** A group that the policy names, with every place where it does. */
export interface NamedGroup {
  readonly id: string;
  readonly at: readonly string[];
}

export function usedBy(
  { graph, sources, measures }: Pick<Tenant, 'graph' | 'sources' | 'measures'>,
  policy: Policy,
): InUse {
  const { hunting, messageTrace, identityProtection, intelligence, signInLogs, auditSearch, engine } = graph;
  const bySources = new Set(
    sources.flatMap(({ vendor, tellEnd }) => {
      const { pull, back } = vendorOf(vendor);
      return [pull?.byGraph ?? [], tellEnd ? (back?.byGraph ?? []) : []].flat();
    }),
  );
  return {
    hunting,
    identityProtection,
    engine,
    groups: entraGroupsIn(policy).length > 0,
    bySources,
    messageTrace,
    intelligence,
    signInLogs,
    auditSearch,
    measures,
  };
}

export function entraGroupsIn({ roles, mailboxes }: Policy): readonly NamedGroup[] {
  const sets: readonly (readonly [string, MailboxSet])[] = [
    ['mailboxes.vip', mailboxes.vip],
    ['mailboxes.legalHold', mailboxes.legalHold],
    ...mailboxes.protected.map((set) => [`mailboxes.protected \u201c${set.name}\u201d`, set] as const),
  ];
  return byId([
    ...Object.entries(roles).map(([name, { entraGroups }]) => [`roles.${name}`, entraGroups] as const),
    ...sets.map(([at, { entraGroups }]) => [at, entraGroups] as const),
  ]);
}

export function slackGroupsIn({ roles }: Policy): readonly NamedGroup[] {
  return byId(Object.entries(roles).map(([name, { slackUserGroups }]) => [`roles.${name}`, slackUserGroups] as const));
}

interface NamedPerson {
  readonly entraId: string;
  readonly name: string;
}

/** Everybody who is named one by one: the approvers, and the people of the policy's roles. */
export function peopleIn({ approvers }: Pick<Tenant, 'approvers'>, { roles }: Policy): readonly NamedPerson[] {
  const named = [
    ...approvers.map(({ entraId, name }) => ({ entraId, name })),
    ...Object.entries(roles).flatMap(([role, { people }]) =>
      people.map((entraId) => ({ entraId, name: `somebody in roles.${role}` })),
    ),
  ];
  return named.filter(({ entraId }, index) => named.findIndex((one) => one.entraId === entraId) === index);
}

function byId(named: readonly (readonly [string, readonly string[]])[]): readonly NamedGroup[] {
  const places = new Map<string, string[]>();
  for (const [at, ids] of named) for (const id of ids) places.set(id, [...(places.get(id) ?? []), at]);
  return [...places].map(([id, at]) => ({ id, at: [...new Set(at)] }));
}
