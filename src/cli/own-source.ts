import { DEFAULT_VENDOR } from '../adapters/sources/vendors.ts';
import type { TenantSecrets } from '../config/secrets.ts';
import { allSources } from '../config/sources.ts';
import { ClawbackError } from '../core/error.ts';

/**
 * What the command line signs with: the secret of the source that was named, of the one without a name, or of the first
 * that is a person at a command line. Only of those that send in our own form. Throws ClawbackError 'invalid' when there is
 * none of these.
 */
export function secretToSign(tenant: string, held: TenantSecrets | undefined, named: string | undefined): string {
  const all = held ? allSources(held).filter(({ vendor }) => vendor === DEFAULT_VENDOR) : [];
  const names = all.map(({ source }) => source.name).join(', ');
  const wanted =
    named === undefined
      ? (all.find(({ source }) => source.name === 'intake') ?? all.find(({ source }) => source.kind === 'operator'))
      : all.find(({ source }) => source.name === named);
  const secret = wanted?.secrets[0];
  if (secret !== undefined) return secret;
  throw new ClawbackError(
    'invalid',
    named === undefined
      ? `tenant ${tenant} has no source of kind operator: say --source <name> (${names})`
      : `tenant ${tenant} has no source ${named}; there are: ${names}`,
    { field: 'source' },
  );
}
