import { ConfidentialClientApplication, type INetworkModule, type NodeAuthOptions } from '@azure/msal-node';
import type { EntraCredential } from './credential.ts';
import { hostWithPort } from './network.ts';

export interface ApplicationOptions {
  /** Origin, as `authorityOrigin` let it through. */
  readonly authority: URL;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: EntraCredential;
  readonly network: INetworkModule;
}

/** The tenant at its authority, as MSAL has to be told it: behind https, and as the issuer of id tokens spells it. */
export function tenantBase(authority: URL, tenantId: string): string {
  return `https://${hostWithPort(authority)}/${encodeURIComponent(tenantId)}`;
}

/**
 * A fresh MSAL application. One is made for every use: its memory of tokens goes with it, and a used one refuses to
 * post for up to an hour after a single 429 or 5xx.
 */
export function entraApplication(options: ApplicationOptions): ConfidentialClientApplication {
  const base = tenantBase(options.authority, options.tenantId);
  return new ConfidentialClientApplication({
    auth: {
      clientId: options.clientId,
      authority: base,
      knownAuthorities: [hostWithPort(options.authority)],
      // Given here so that MSAL has nothing to discover: it calls the token endpoint, and this host only.
      authorityMetadata: JSON.stringify({
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
      ...credentialOf(options.credential),
    },
    system: { networkClient: options.network, disableInternalRetries: true },
  });
}

function credentialOf(
  credential: EntraCredential,
): Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'> {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'assertion':
      return { clientAssertion: () => credential.assertion() };
    case 'certificate': {
      const { privateKey, thumbprintSha256, x5c } = credential;
      return { clientCertificate: { privateKey, thumbprintSha256, ...(x5c === undefined ? {} : { x5c }) } };
    }
  }
}
