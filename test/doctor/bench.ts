import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, stringify } from 'yaml';
import { examine } from '../../src/doctor/examine.ts';
import type { TenantFinding } from '../../src/doctor/finding.ts';
import type { Look } from '../../src/doctor/look.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

/** A tenant on this machine, and a configuration of it that a test may break in one place. */

// biome-ignore lint/suspicious/noExplicitAny: the tests set keys that the configuration's own types forbid.
type Tree = any;

export interface Draft {
  readonly config: Tree;
  readonly tenant: Tree;
  readonly env: Record<string, string>;
  readonly policy: Tree;
  readonly sandbox: Sandbox;
  /** Where clawback.yaml, policy.yaml and .env will be. */
  readonly folder: string;
}

export interface Bench {
  readonly sandbox: Sandbox;
  /** Findings for the sandbox's configuration as `change` left it. */
  examined(change?: (draft: Draft) => void, look?: Partial<Look>): Promise<readonly TenantFinding[]>;
  /** The file of a configuration, for commands. */
  written(change?: (draft: Draft) => void): string;
  close(): Promise<void>;
}

/** Quick to answer and hard to exhaust: every test asks all services once. */
export async function startBench(
  options: { slackScopes?: readonly string[]; byDefender?: boolean } = {},
): Promise<Bench> {
  const limits = { limits: { huntingPerMinute: 10_000 }, slackLimits: { perMinute: {} } };
  const sandbox = await startSandbox({ employees: 1, seed: 3, ...limits, ...options });
  await sandbox.connect('http://127.0.0.1:9');
  const root = mkdtempSync(join(tmpdir(), 'clawback-doctor-'));
  const port = await freePort();
  const original = writeSandboxConfig(sandbox, { folder: join(root, 'original'), port });

  function written(change: (draft: Draft) => void = () => undefined): string {
    const folder = mkdtempSync(join(root, 'case-'));
    const config: Tree = parse(readFileSync(original, 'utf8'));
    const env = parseEnv(readFileSync(join(root, 'original', '.env'), 'utf8')) as Record<string, string>;
    config.data = join(folder, 'data');
    config.tenants[0].approvers = config.tenants[0].approvers.slice(0, 3);
    const policy: Tree = parse(readFileSync(join(root, 'original', 'policy.yaml'), 'utf8'));
    change({ config, tenant: config.tenants[0], env, policy, sandbox, folder });
    const file = join(folder, 'clawback.yaml');
    writeFileSync(file, stringify(config));
    writeFileSync(join(folder, 'policy.yaml'), stringify(policy));
    writeFileSync(
      join(folder, '.env'),
      Object.entries(env)
        .map(([key, value]) => `${key}="${value}"\n`)
        .join(''),
    );
    chmodSync(join(folder, '.env'), 0o600);
    return file;
  }

  return {
    sandbox,
    written,
    examined: (change, look = {}) =>
      examine(
        written(change),
        {},
        {
          now: Date.now,
          sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
          fetch,
          ids: randomUUID,
          ...look,
        },
      ),
    async close() {
      await sandbox.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** What the sandbox's mail executor may do. */
export const ROLES = [
  'Mail.ReadWrite',
  'User.Read.All',
  'ThreatHunting.Read.All',
  'GroupMember.Read.All',
  'IdentityRiskyUser.Read.All',
];

/** `seed` for a role less. */
export function without(role: string): (bench: Bench) => () => void {
  return ({ sandbox: { entra, apps } }) => {
    const { clientId } = apps.executor;
    entra.setRoles(
      clientId,
      ROLES.filter((one) => one !== role),
    );
    return () => entra.setRoles(clientId, ROLES);
  };
}

/** What is not all right, as `check: words`. */
export function complaints(findings: readonly TenantFinding[], state: 'fail' | 'warn'): string[] {
  return findings.filter((finding) => finding.state === state).map(({ check, found }) => `${check}: ${found}`);
}
