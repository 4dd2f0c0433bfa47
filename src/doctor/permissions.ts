import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ENGINES, orderOf } from '../core/action/engine.ts';
import { MEASURES } from '../core/measure/kinds.ts';
import { MEASURE_KINDS, type MeasureKind } from '../core/measure/measure.ts';
import type { InUse } from './in-use.ts';

/** What the features need, from the files under manifest/ that the app registrations are made of. */

const FOLDER = `${import.meta.dirname}/../../manifest`;

const Permission = z.strictObject({
  feature: z.enum([
    'purge',
    'defender',
    'people',
    'hunting',
    'groups',
    'risk',
    'risk-events',
    'rules',
    'grants',
    'sign-in-logs',
    'audit-search',
    'roles',
    'alerts',
    'tell',
    'trace',
    'submissions',
    'review',
    'reports',
    'rule-off',
    'revoke-sessions',
    'disable-account',
    'mark-compromised',
    'revoke-grant',
    'remove-event',
  ]),
  does: z.string(),
  permission: z.string(),
  appRoleId: z.guid(),
  engine: z.enum(ENGINES),
  reversible: z.boolean(),
  required: z.boolean(),
  exchangeRbac: z.string().nullable(),
});
type Permission = z.infer<typeof Permission>;
type Feature = Permission['feature'];

const Permissions = z.strictObject({
  resourceAppId: z.guid(),
  permissions: z.array(Permission),
  dangerous: z.array(z.string()),
});

export function graphPermissions(): z.infer<typeof Permissions> {
  return Permissions.parse(JSON.parse(readFileSync(`${FOLDER}/graph-permissions.json`, 'utf8')));
}

export function permissionOf(feature: Feature): Permission {
  const found = graphPermissions().permissions.find((permission) => permission.feature === feature);
  if (!found) throw new Error(`manifest/graph-permissions.json does not name ${feature}`);
  return found;
}

/** Permissions are called by the measure that takes them. A sent copy takes what the purge takes. */
function featureOf(kind: MeasureKind): Feature {
  return kind === 'take-sent-copy' ? 'purge' : kind;
}

export function permissionOfMeasure(kind: MeasureKind): Permission {
  return permissionOf(featureOf(kind));
}

/** Nothing else needs it. */
export function ofMeasuresAlone({ feature }: Permission): boolean {
  return MEASURE_KINDS.some((kind) => kind === feature);
}

/**
 * What Defender for Identity takes to do the same to accounts that it watches, in place of the user's own permissions. Both
 * together; of no use for anything else.
 */
export const IDENTITY_PERMISSIONS: readonly string[] = [
  'SecurityIdentitiesAccount.Read.All',
  'SecurityIdentitiesActions.ReadWrite.All',
];
export const BY_IDENTITIES: ReadonlySet<MeasureKind> = new Set([
  'revoke-sessions',
  'disable-account',
  'mark-compromised',
]);

/** The smallest set for what is in use. */
export function leastPermissions({
  measures = [],
  hunting,
  groups,
  identityProtection,
  engine,
  bySources = new Set(),
  messageTrace = false,
  intelligence = false,
  signInLogs = false,
  auditSearch = false,
  allRoles = false,
}: InUse): readonly Permission[] {
  const engines = orderOf(engine);
  const byMeasures = new Set<string>(measures.map(featureOf));
  const used: Readonly<Record<string, boolean>> = {
    hunting,
    groups,
    // The one includes the other.
    risk: identityProtection && !byMeasures.has('mark-compromised'),
    purge: engines.includes('mailbox') || byMeasures.has('purge'),
    defender: engines.includes('defender'),
    // The one includes the other.
    alerts: bySources.has('alerts') && !bySources.has('tell'),
    tell: bySources.has('tell'),
    submissions: bySources.has('submissions') && !bySources.has('review'),
    review: bySources.has('review'),
    // In Entra it would reach every mailbox: it is given by Exchange, for the one alone.
    reports: false,
    trace: messageTrace,
    'risk-events': intelligence && identityProtection,
    // What changes them may read them.
    rules: intelligence && !byMeasures.has('rule-off'),
    grants: intelligence && !byMeasures.has('revoke-grant'),
    'sign-in-logs': intelligence && signInLogs,
    'audit-search': intelligence && auditSearch,
    roles: allRoles && measures.some((kind) => MEASURES[kind].ofAccount),
  };
  return graphPermissions().permissions.filter(
    ({ feature, required }) => used[feature] ?? (required || byMeasures.has(feature)),
  );
}

/**
 * What is in use, and what only makes answers better: without it lists that mail was sent to are not opened, and roles that somebody may
 * switch on are not seen.
 */
export function usefulPermissions(used: InUse): readonly Permission[] {
  return leastPermissions({ ...used, groups: true, allRoles: true });
}

const SlackManifest = z.object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) });

/** Only to take Slack accounts for the Entra accounts with the same address (linkByEmail): not in the manifest. */
export const ADDRESS_SCOPE = 'users:read.email';
/** In the manifest, so that user groups can be named later without installing the app anew; used only then. */
export const USER_GROUP_SCOPE = 'usergroups:read';

/** Only to send files to people (slack.files): not in the manifest. */
export const FILE_SCOPES: readonly string[] = ['files:write', 'im:write'];

/** Only to fetch files that people report (slack.reports): not in the manifest. */
export const REPORT_SCOPE = 'files:read';

/** Scopes of the bot token, as the Slack app manifest asks for them. */
export function slackScopes(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(`${FOLDER}/slack/manifest.json`, 'utf8'));
  return SlackManifest.parse(manifest).oauth_config.scopes.bot;
}
