import { ClawbackError } from '../core/error.ts';
import type { Config, Tenant } from './schema.ts';

/** A type of its own: nothing of it may be logged, shown or stored in clear. */
export interface Secrets {
  readonly databaseUrl: string | null;
  /** Encrypts cached tokens; null keeps them in memory only. */
  readonly cacheKey: string | null;
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
  /** Standard Webhooks secrets (whsec_…), the current one and those being rotated out. */
  readonly intake: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ClawbackError 'config' naming every variable that is missing or unusable, all at once. */
export function readSecrets(config: Config, env: Environment): Secrets {
  const problems: string[] = [];
  const need = (name: string, why: string, form = /\S/): string => {
    const value = env[name]?.trim() ?? '';
    if (value === '') problems.push(`${name} is not set: ${why}`);
    else if (!form.test(value)) problems.push(`${name} does not look right: ${why}`);
    return value;
  };
  const tenants = Object.fromEntries(config.tenants.map((tenant) => [tenant.id, tenantSecrets(tenant, need)]));
  problems.push(...sharedIntakeSecrets(config, tenants));
  if (problems.length > 0) {
    throw new ClawbackError(
      'config',
      `secrets are missing or unusable in the environment or .env:\n  ${problems.join('\n  ')}`,
    );
  }
  return { databaseUrl: env['DATABASE_URL'] || null, cacheKey: env['CLAWBACK_CACHE_KEY'] || null, tenants };
}

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

const WEBHOOK_SECRETS = /^whsec_[A-Za-z0-9+/]{16,}={0,2}(\s+whsec_[A-Za-z0-9+/]{16,}={0,2})*$/;

/** The secret that verifies a delivery names its tenant: shared, it would send one tenant's alerts to another. */
function sharedIntakeSecrets(config: Config, secrets: Readonly<Record<string, TenantSecrets>>): string[] {
  const owner = new Map<string, string>();
  const problems: string[] = [];
  for (const { id, name } of config.tenants) {
    for (const secret of secrets[id]?.intake ?? []) {
      const other = owner.get(secret) ?? name;
      if (other !== name)
        problems.push(`${prefixOf(name)}_INTAKE_SECRETS holds a secret of tenant ${other}: each tenant needs its own`);
      owner.set(secret, other);
    }
  }
  return problems;
}

/** What the names of a tenant's secrets begin with. */
export function prefixOf(name: string): string {
  return `CLAWBACK_${name.toUpperCase().replaceAll('-', '_')}`;
}

type Need = (name: string, why: string, form?: RegExp) => string;

function tenantSecrets(tenant: Tenant, need: Need): TenantSecrets {
  const prefix = prefixOf(tenant.name);
  const { slack, teams, signIn } = tenant;
  return {
    graph: credential(tenant.graph.credential, `${prefix}_GRAPH`, 'the mail executor has to sign in', need),
    bot: teams ? credential(teams.credential, `${prefix}_BOT`, 'the Teams bot has to sign in', need) : null,
    signIn: signIn ? credential(signIn.credential, `${prefix}_SIGNIN`, 'the sign-in page has to sign in', need) : null,
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
    intake: need(
      `${prefix}_INTAKE_SECRETS`,
      'signs incoming alerts: whsec_… (several: separated by blanks)',
      WEBHOOK_SECRETS,
    )
      .split(/\s+/)
      .filter((secret) => secret !== ''),
  };
}

function credential(kind: AppCredential['kind'], prefix: string, why: string, need: Need): AppCredential {
  if (kind === 'secret') return { kind, secret: need(`${prefix}_SECRET`, why) };
  if (kind === 'federated') {
    return { kind, tokenFile: need(`${prefix}_TOKEN_FILE`, `${why}: path of the federated token file`) };
  }
  return {
    kind,
    privateKey: need(`${prefix}_PRIVATE_KEY`, `${why}: PEM, or the path of a PEM file`),
    certificate: need(`${prefix}_CERTIFICATE`, `${why}: PEM, or the path of a PEM file`),
  };
}
