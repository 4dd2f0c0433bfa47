import { resolve } from 'node:path';
import { DEFAULT_VENDOR, type VendorName, vendorOf } from '../adapters/sources/vendors.ts';
import { ClawbackError } from '../core/error.ts';
import type { Config, Tenant } from './schema.ts';
import { allSources, type SourceSecrets, sourceOf } from './sources.ts';
import { refuseNoFile } from './text-file.ts';

/** A type of its own: nothing of it may be logged, shown or stored in clear. */
export interface Secrets {
  readonly databaseUrl: string | null;
  /** Encrypts cached tokens; null keeps them in memory only. */
  readonly cacheKey: string | null;
  /** Whoever shows it may read the metrics; null: only on the port for monitoring. */
  readonly metricsToken: string | null;
  readonly tenants: Readonly<Record<string, TenantSecrets>>;
}

export type AppCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly certificate: string }
  /** File with a token that the platform issues and renews, e.g. AZURE_FEDERATED_TOKEN_FILE of workload identity. */
  | { readonly kind: 'federated'; readonly tokenFile: string };

export interface TenantSecrets {
  readonly graph: AppCredential;
  readonly bot: AppCredential | null;
  readonly signIn: AppCredential | null;
  readonly slack: {
    readonly botToken: string;
    readonly signingSecret: string;
    readonly appToken: string | null;
  } | null;
  /** REST API key of PagerDuty; null where it is not asked. */
  readonly pagerDuty?: string | null;
  /** Encrypts whole messages that are kept; null where none is given. */
  readonly evidenceKey?: string | null;
  /** Standard Webhooks secrets (whsec_…) of the source that has no name of its own; empty when others are named. */
  readonly intake: readonly string[];
  /** Those of the configuration, in its order. */
  readonly sources: readonly SourceSecrets[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Throws ClawbackError 'config' naming every variable that is missing or unusable, all at once. `folder`: where the
 * configuration is; paths of keys and certificates are meant from there.
 */
export function readSecrets(config: Config, env: Environment, folder: string): Secrets {
  const problems: string[] = [];
  const need = (name: string, why: string, form = /\S/): string => {
    const value = env[name]?.trim() ?? '';
    if (value === '') problems.push(`${name} is not set: ${why}`);
    else if (!form.test(value)) problems.push(`${name} does not look right: ${why}`);
    return value;
  };
  const tenants = Object.fromEntries(
    config.tenants.map((tenant) => [tenant.id, tenantSecrets(tenant, env, need, folder)]),
  );
  problems.push(...sharedSourceSecrets(config, tenants));
  const metricsToken = env['CLAWBACK_METRICS_TOKEN']?.trim() || null;
  if (metricsToken !== null && !METRICS_TOKEN.test(metricsToken))
    problems.push('CLAWBACK_METRICS_TOKEN does not look right: 16 or more visible characters, hard to guess');
  if (problems.length > 0) {
    throw new ClawbackError(
      'config',
      `secrets are missing or unusable in the environment or .env:\n  ${problems.join('\n  ')}`,
    );
  }
  return {
    databaseUrl: env['DATABASE_URL'] || null,
    cacheKey: env['CLAWBACK_CACHE_KEY'] || null,
    metricsToken,
    tenants,
  };
}

/** 32 bytes as base64. */
const EVIDENCE_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const METRICS_TOKEN = /^[\x21-\x7e]{16,200}$/;
/** Paths of private keys and of tokens, where files were named. A certificate is no secret. */
export function keyFiles({ tenants }: Secrets): readonly string[] {
  const credentials = Object.values(tenants).flatMap(({ graph, bot, signIn }) =>
    [graph, bot ?? [], signIn ?? []].flat(),
  );
  return credentials.flatMap((given) => {
    if (given.kind === 'federated') return [given.tokenFile];
    return given.kind === 'certificate' && !given.privateKey.includes('-----BEGIN') ? [given.privateKey] : [];
  });
}

/** The secret that verifies a delivery names its tenant and its source: shared, one could pass for the other. */
function sharedSourceSecrets(config: Config, secrets: Readonly<Record<string, TenantSecrets>>): string[] {
  const owners = new Map<string, string>();
  return config.tenants
    .flatMap(({ id, name }) => heldBy(name, secrets[id]))
    .flatMap(({ variable, secret }) => {
      const other = owners.get(secret);
      if (other === undefined) owners.set(secret, variable);
      return other === undefined || other === variable
        ? []
        : [`${variable} holds a secret of ${other}: each source of each tenant needs its own`];
    });
}

/** Every secret of a tenant that signs alerts, and the variable that it is in. */
function heldBy(tenant: string, held: TenantSecrets | undefined): { variable: string; secret: string }[] {
  if (!held) return [];
  return allSources(held).flatMap(({ source, secrets }) => {
    const variable = source.name === 'intake' ? intakeVariable(tenant) : sourceVariable(tenant, source.name);
    return secrets.map((secret) => ({ variable, secret }));
  });
}

/** What the names of a tenant's secrets begin with. */
export function prefixOf(name: string): string {
  return `CLAWBACK_${name.toUpperCase().replaceAll('-', '_')}`;
}

function intakeVariable(tenant: string): string {
  return `${prefixOf(tenant)}_INTAKE_SECRETS`;
}

/** Where the secrets of a source are. */
function sourceVariable(tenant: string, source: string): string {
  return `${prefixOf(tenant)}_SOURCE_${source.toUpperCase().replaceAll('-', '_')}_SECRETS`;
}

type Need = (name: string, why: string, form?: RegExp) => string;

function tenantSecrets(tenant: Tenant, env: Environment, need: Need, folder: string): TenantSecrets {
  const ofApp = (kind: AppCredential['kind'], name: string, why: string) => credential(kind, name, why, need, folder);
  const prefix = prefixOf(tenant.name);
  const { slack, teams, signIn } = tenant;
  return {
    graph: ofApp(tenant.graph.credential, `${prefix}_GRAPH`, 'the mail executor has to sign in'),
    bot: teams ? ofApp(teams.credential, `${prefix}_BOT`, 'the Teams bot has to sign in') : null,
    signIn: signIn ? ofApp(signIn.credential, `${prefix}_SIGNIN`, 'the sign-in page has to sign in') : null,
    slack: slack
      ? {
          botToken: need(`${prefix}_SLACK_BOT_TOKEN`, 'the token that begins with xoxb-', /^xox[be]/),
          signingSecret: need(`${prefix}_SLACK_SIGNING_SECRET`, 'without it anybody could press buttons', /^\S{8,}$/),
          appToken:
            slack.mode === 'socket'
              ? need(`${prefix}_SLACK_APP_TOKEN`, 'Socket Mode needs the xapp- token', /^xapp-/)
              : null,
        }
      : null,
    pagerDuty:
      tenant.onCall?.source === 'pagerduty'
        ? need(`${prefix}_PAGERDUTY_TOKEN`, 'a read-only REST API key, to ask who is on call', /^\S{10,200}$/)
        : null,
    evidenceKey: evidenceKey(tenant, env, need),
    intake: intakeSecrets(tenant, env, need),
    sources: tenant.sources.map((settings) => ({
      source: sourceOf(settings),
      tellEnd: settings.tellEnd,
      tellReporter: settings.tellReporter,
      vendor: settings.vendor,
      url: settings.url ?? null,
      notify: settings.notify,
      mailbox: settings.mailbox?.toLowerCase() ?? null,
      secrets: sourceSecrets(need, settings.vendor, sourceVariable(tenant.name, settings.name), whyOf(settings.vendor)),
    })),
  };
}

/** Needed while whole messages are kept. Later too, to read those that were: then one that is there has to look right. */
function evidenceKey({ name, evidence }: Tenant, env: Environment, need: Need): string | null {
  const variable = `${prefixOf(name)}_EVIDENCE_KEY`;
  if (!evidence.mime && (env[variable]?.trim() ?? '') === '') return null;
  return need(
    variable,
    'evidence.mime keeps messages only encrypted: 32 bytes as base64, openssl rand -base64 32',
    EVIDENCE_KEY,
  );
}

/** Wanted only where no source has a name. */
function intakeSecrets({ name, sources }: Tenant, env: Environment, need: Need): readonly string[] {
  const variable = intakeVariable(name);
  if (sources.length > 0 && (env[variable]?.trim() ?? '') === '') return [];
  return sourceSecrets(need, DEFAULT_VENDOR, variable, 'signs incoming alerts');
}

function whyOf(vendor: VendorName): string {
  return vendorOf(vendor).push ? 'signs the alerts of this source' : 'this source is asked with it';
}

function sourceSecrets(need: Need, vendor: VendorName, variable: string, why: string): readonly string[] {
  if (vendorOf(vendor).pull?.byGraph) return [];
  const { form, looks } = vendorOf(vendor).secrets;
  return need(variable, `${why}: ${looks} (several: separated by blanks)`, form)
    .split(/\s+/)
    .filter((secret) => secret !== '');
}

function credential(
  kind: AppCredential['kind'],
  prefix: string,
  why: string,
  need: Need,
  folder: string,
): AppCredential {
  if (kind === 'secret') return { kind, secret: need(`${prefix}_SECRET`, why) };
  // PEM is kept as it is; what is missing is told of anyway.
  const path = (given: string) => {
    if (given === '' || given.includes('-----BEGIN')) return given;
    const file = resolve(folder, given);
    refuseNoFile(file, 'the file of a credential');
    return file;
  };
  if (kind === 'federated') {
    return { kind, tokenFile: path(need(`${prefix}_TOKEN_FILE`, `${why}: path of the federated token file`)) };
  }
  return {
    kind,
    privateKey: path(need(`${prefix}_PRIVATE_KEY`, `${why}: PEM, or the path of a PEM file`)),
    certificate: path(need(`${prefix}_CERTIFICATE`, `${why}: PEM, or the path of a PEM file`)),
  };
}
