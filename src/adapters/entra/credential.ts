import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ClawbackError } from '../../core/error.ts';

export type EntraCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate';
      readonly privateKey: string;
      readonly thumbprintSha256: string;
      readonly x5c?: string;
    }
  /** Called once per renewal, never for a token that is still good. */
  | { readonly kind: 'assertion'; readonly assertion: () => Promise<string> };

/** As an operator gives it: `privateKey` and `certificate` are PEM, or the path of a PEM file. */
type Given =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly certificate: string }
  | { readonly kind: 'federated'; readonly tokenFile: string };

/** Throws ClawbackError 'config' when a PEM file is not there, Node's own error when it is no certificate. */
export function entraCredential(given: Given): EntraCredential {
  if (given.kind === 'secret') return given;
  if (given.kind === 'federated') {
    const { tokenFile } = given;
    if (!existsSync(tokenFile)) throw new ClawbackError('config', `there is no federated token file ${tokenFile}`);
    // The platform renews the file: what was read once ends with the hour.
    return { kind: 'assertion', assertion: async () => (await readFile(tokenFile, 'utf8')).trim() };
  }
  const certificate = new X509Certificate(pemOf(given.certificate));
  return {
    kind: 'certificate',
    privateKey: pemOf(given.privateKey),
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
  };
}

/** Milliseconds since 1970 at which the certificate ends; null where there is none. Throws as above. */
export function credentialEnd(given: Given): number | null {
  return given.kind === 'certificate' ? new X509Certificate(pemOf(given.certificate)).validToDate.getTime() : null;
}

function pemOf(value: string): string {
  if (value.includes('-----BEGIN')) return value;
  if (!existsSync(value)) throw new ClawbackError('config', `there is no PEM file ${value}`);
  return readFileSync(value, 'utf8');
}
