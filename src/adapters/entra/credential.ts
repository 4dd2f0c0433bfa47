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

/** Throws ClawbackError 'config' when a PEM file cannot be read, or is no certificate. */
export function entraCredential(given: Given): EntraCredential {
  if (given.kind === 'secret') return given;
  if (given.kind === 'federated') {
    const { tokenFile } = given;
    if (!existsSync(tokenFile)) throw new ClawbackError('config', `there is no federated token file ${tokenFile}`);
    // The platform renews the file: what was read once ends with the hour.
    return { kind: 'assertion', assertion: async () => (await readFile(tokenFile, 'utf8')).trim() };
  }
  const certificate = certificateOf(given.certificate);
  return {
    kind: 'certificate',
    privateKey: pemOf(given.privateKey),
    thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
  };
}

/** Milliseconds since 1970 at which the certificate ends; null where there is none. Throws as above. */
export function credentialEnd(given: Given): number | null {
  return given.kind === 'certificate' ? certificateOf(given.certificate).validToDate.getTime() : null;
}

function certificateOf(value: string): X509Certificate {
  try {
    return new X509Certificate(pemOf(value));
  } catch (cause) {
    if (cause instanceof ClawbackError) throw cause;
    throw new ClawbackError('config', `${named(value)} holds no certificate in PEM`, { cause });
  }
}

function pemOf(value: string): string {
  if (isPem(value)) return value;
  if (!existsSync(value)) throw new ClawbackError('config', `there is no PEM file ${value}`);
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ClawbackError('config', `the PEM file ${value} cannot be read (${code ?? 'no reason given'})`, { cause });
  }
}

const isPem = (value: string) => value.includes('-----BEGIN');
const named = (value: string) => (isPem(value) ? 'the variable that should hold a certificate' : value);
