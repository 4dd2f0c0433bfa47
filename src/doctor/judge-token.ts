import type { TokenFacts } from '../adapters/entra/probe.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';

export interface CredentialFacts {
  readonly kind: 'certificate' | 'federated' | 'secret';
  /** Milliseconds since 1970; null when it does not tell. */
  readonly endsAt: number | null;
  /** Why it could not be read, null when it could. */
  readonly unreadable: string | null;
  readonly standIn: boolean;
}

export type Identity = { readonly name: 'graph' | 'bot' | 'sign-in'; readonly clientId: string; readonly key: string };

const DAY_MS = 86_400_000;
const SOON_MS = 30 * DAY_MS;

/** Entra's refusals, by the number after AADSTS [learn: reference-error-codes]. */
const REFUSALS: Readonly<Record<number, (who: Identity) => readonly [found: string, mend: string]>> = {
  7000215: ({ key }) => [
    'the client secret is wrong (AADSTS7000215)',
    `put the secret’s value, not its id, into ${key}_SECRET; or better, change to a certificate`,
  ],
  7000222: ({ key }) => [
    'the client secret has expired (AADSTS7000222)',
    `make a new credential at the app registration and put it into ${key}_…; a certificate does not stay behind in a chat`,
  ],
  700016: ({ clientId }) => [
    `Entra knows no app ${clientId} in this tenant (AADSTS700016)`,
    'compare the id and the tenant id with the app registration; a fresh registration takes a minute',
  ],
  7000229: ({ clientId }) => [
    `the app ${clientId} has no service principal in this tenant (AADSTS7000229)`,
    `az ad sp create --id ${clientId}`,
  ],
  90002: () => ['Entra knows no such tenant (AADSTS90002)', 'compare the tenant’s id with the overview page of Entra'],
  700027: ({ key }) => [
    'the certificate is not the one of the app registration (AADSTS700027)',
    `upload the certificate that ${key}_CERTIFICATE names, or name the one that is uploaded`,
  ],
};

export function judgeCredential(who: Identity, facts: CredentialFacts, now: number): Finding {
  const check = `${who.name} credential`;
  const { kind, endsAt, unreadable, standIn } = facts;
  if (unreadable !== null) {
    return fail(
      check,
      unreadable,
      kind === 'federated'
        ? `${who.key}_TOKEN_FILE is the path of the federated token file`
        : `${who.key}_PRIVATE_KEY and ${who.key}_CERTIFICATE hold PEM, or the path of a PEM file`,
    );
  }
  if (kind === 'secret') {
    if (standIn) return ok(check, 'client secret of a stand-in');
    return warn(
      check,
      'client secret: whoever reads it is the app, and nobody sees that it was copied',
      `set credential: certificate, and ${who.key}_PRIVATE_KEY and ${who.key}_CERTIFICATE`,
    );
  }
  if (kind === 'federated') return ok(check, 'federated: a token file that the platform renews');
  if (endsAt === null) return ok(check, 'certificate');
  const day = new Date(endsAt).toISOString().slice(0, 10);
  const renew = 'make a new certificate, upload it beside the old one, then change both files';
  if (endsAt <= now) return fail(check, `the certificate ended on ${day}`, renew);
  return endsAt - now < SOON_MS
    ? warn(check, `the certificate ends on ${day}`, renew)
    : ok(check, `certificate, until ${day}`);
}

export function judgeToken(who: Identity, kind: CredentialFacts['kind'], facts: TokenFacts | null): Finding {
  const check = `${who.name} token`;
  if (!facts) return skip(check, 'the credential cannot be read');
  if (facts.outcome === 'given') {
    const until =
      facts.expiresAt === null ? '' : `, valid until ${new Date(facts.expiresAt).toISOString().slice(0, 16)}Z`;
    return ok(check, `given for the ${kind}${until}`);
  }
  if (facts.outcome === 'unreachable')
    return fail(check, `Entra does not answer: ${facts.detail}`, 'look at the authority, the proxy and the firewall');
  const [found, mend] = REFUSALS[facts.number]?.(who) ?? [
    facts.detail,
    `look up AADSTS${facts.number} and the sign-in log of the app`,
  ];
  return fail(check, found.includes(who.clientId) ? found : `${found}, app registration ${who.clientId}`, mend);
}
