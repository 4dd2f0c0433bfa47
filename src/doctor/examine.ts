import { dirname, join } from 'node:path';
import { secretPrivacy } from '../adapters/files/privacy.ts';
import { type Loaded, loadConfig, parseConfig } from '../config/load.ts';
import { loadPolicy } from '../config/policy-file.ts';
import type { Environment } from '../config/secrets.ts';
import { textOf } from '../config/text-file.ts';
import { ClawbackError } from '../core/error.ts';
import { examineTenant } from './examine-tenant.ts';
import { type Finding, fail, ok, type TenantFinding } from './finding.ts';
import { lookAtHost } from './host.ts';
import { judgeCacheKey, judgeClock, judgeHost, judgeSecretFiles } from './judge-host.ts';
import { judgeShadow } from './judge-shadow.ts';
import type { Look } from './look.ts';

/** Checks a configuration against the live outside world and changes nothing. `env` is the process's environment. */
export async function examine(file: string, env: Environment, look: Look): Promise<readonly TenantFinding[]> {
  const configuration = readConfiguration(file);
  if (configuration.state === 'fail') return [{ tenant: null, ...configuration }];
  const policy = readPolicy(file);
  if (policy.state === 'fail') return [configuration, policy].map((finding) => ({ tenant: null, ...finding }));
  const loaded = readAll(file, env);
  if ('check' in loaded) {
    return [configuration, policy, loaded].map((finding) => ({ tenant: null, ...finding }));
  }
  const skews = new Map<string, number>();
  const [host, ...tenants] = await Promise.all([
    lookAtHost(loaded),
    ...loaded.config.tenants.map((tenant) =>
      examineTenant(
        tenant,
        {
          secrets: loaded.secrets.tenants[tenant.id],
          policy: loaded.policy.policy,
          publicUrl: loaded.config.listen.publicUrl ?? null,
        },
        look,
        skews,
      ),
    ),
  ]);
  const own = [
    configuration,
    policy,
    judgeSecretFiles(loaded.secretFiles.map((secret) => ({ file: secret, privacy: secretPrivacy(secret) }))),
    judgeCacheKey(loaded.secrets.cacheKey),
    ...judgeHost(host),
    judgeClock(skews),
  ];
  const shadow = loaded.config.tenants.flatMap((tenant) =>
    judgeShadow(tenant, loaded.policy.policy, host.store).map((finding) => ({ tenant: tenant.name, ...finding })),
  );
  return [...own.map((finding) => ({ tenant: null, ...finding })), ...tenants.flat(), ...shadow];
}

function readConfiguration(file: string): Finding {
  const check = 'configuration';
  const mend = 'clawback.example.yaml under manifest/ explains every key; clawback init writes a new file';
  try {
    const config = parseConfig(textOf(file, 'the configuration file'), file);
    return ok(check, `${file}: ${config.tenants.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    return fail(check, error instanceof ClawbackError ? error.message : `${file} cannot be read`, mend);
  }
}

function readPolicy(file: string): Finding {
  const check = 'policy';
  try {
    const { file: own, policy } = loadPolicy(parseConfig(textOf(file, 'the configuration file'), file), dirname(file));
    const rules = `${policy.rules.length} rules`;
    return ok(check, own === null ? `safe defaults, ${rules}: there is no policy.yaml` : `${own}: ${rules}`);
  } catch (error) {
    const mend = 'policy.example.yaml under manifest/ explains every key; clawback policy check tries it';
    return fail(check, error instanceof ClawbackError ? error.message : 'the policy cannot be read', mend);
  }
}

function readAll(file: string, env: Environment): Loaded | Finding {
  try {
    return loadConfig(file, env);
  } catch (error) {
    if (!(error instanceof ClawbackError)) throw error;
    return fail(
      'secrets',
      error.message,
      `put them into ${join(dirname(file), '.env')} (mode 600), or into the environment`,
    );
  }
}
