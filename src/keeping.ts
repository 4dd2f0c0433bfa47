import { createVault } from './adapters/store/vault.ts';
import type { Tenant } from './config/schema.ts';
import type { TenantSecrets } from './config/secrets.ts';
import type { Flow } from './flow/flow.ts';

/** What is kept of mails as evidence, for how long, and sealed by whose key. */
export function keepingOf({ evidence }: Tenant, { evidenceKey }: TenantSecrets): Flow['keeping'] {
  const { on, mime, days, headerKilobytes, mimeMegabytes } = evidence;
  return {
    keeps: on ? (mime ? 'headers and MIME' : 'headers') : 'nothing',
    days,
    headerBytes: headerKilobytes * 1_024,
    mimeBytes: mimeMegabytes * 1_024 * 1_024,
    vault: createVault(evidenceKey ?? null),
  };
}
