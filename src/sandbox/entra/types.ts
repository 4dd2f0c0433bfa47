import type { JSONWebKeySet } from 'jose';

export interface EntraApp {
  readonly clientId: string;
  readonly secret?: string;
  /** SHA-256 thumbprint of the certificate in hex, and its public key as PEM (SPKI). */
  readonly certificateThumbprint?: string;
  readonly certificatePublicKey?: string;
  /** Application permissions for Microsoft Graph. */
  readonly roles: readonly string[];
  /** Resources it may ask tokens for. Default: Microsoft Graph and the Bot Framework. */
  readonly resources?: readonly string[];
  /** Where people may come back to after signing in. Default: nowhere, so nobody signs in to this app. */
  readonly redirectUris?: readonly string[];
}

/** Somebody of the tenant who can sign in. */
export interface SignInPerson {
  /** Object id in lower case. */
  readonly entraId: string;
  readonly name: string;
  readonly upn: string;
}

/** What somebody does at the sign-in page. */
export interface SignInOrder {
  /** Object id. */
  readonly as: string;
  /** Authentication contexts the sign-in satisfies. Default: those that were asked for. */
  readonly acrs?: readonly string[];
  /** When the person proved who they are, in seconds since the epoch. Default: now. */
  readonly authTime?: number;
  /** Goes back without signing in. */
  readonly refuse?: 'access_denied';
}

export type Claims = Record<string, unknown>;

export interface EntraOptions {
  readonly tenantId: string;
  readonly apps: readonly EntraApp[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Who is offered at the sign-in page. Default: nobody. */
  readonly people?: () => readonly SignInPerson[];
  /** Default: any free one. */
  readonly port?: number;
  /** Of access tokens, in seconds. Default 3,599, as Entra gives an app without CAE. */
  readonly lifetimeSeconds?: number;
}

export interface AccessTokenClaims {
  readonly aud: string;
  readonly iss: string;
  readonly tid: string;
  readonly appid: string;
  readonly roles: readonly string[];
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** 'down': every answer is 503. 'hang': no answer at all. 'refuse': nobody listens on the port. */
export type EntraDown = 'no' | 'down' | 'hang' | 'refuse';

export interface TokenRequest {
  readonly at: number;
  readonly clientId: string;
  readonly scope: string;
  readonly status: number;
  /** Number after AADSTS, null when a token was given. */
  readonly error: number | null;
}

export interface IssueOrder {
  readonly clientId: string;
  /** Default: https://graph.microsoft.com */
  readonly audience?: string;
  /** Default: the app's own. */
  readonly roles?: readonly string[];
  /** Negative: expired already. */
  readonly lifetimeSeconds?: number;
}

export interface Entra {
  /** http://127.0.0.1:port */
  readonly url: string;
  readonly tenantId: string;
  /** Mints a token without a token request. */
  issue(order: IssueOrder): Promise<string>;
  /** Throws jose's errors for a bad signature, issuer or an ended lifetime. The audience is the caller's to check. */
  verifyToken(token: string): Promise<AccessTokenClaims>;
  jwks(): JSONWebKeySet;
  /** Current signing key, PEM (SPKI). */
  publicKey(): Promise<string>;
  /** Signs with a new key from now on; older tokens stay good. */
  rotateKeys(): Promise<void>;
  setDown(down: EntraDown): Promise<void>;
  /** From now on the app's secret answers AADSTS7000222; `false` takes that back. */
  expireSecret(clientId: string, expired?: boolean): void;
  setSecret(clientId: string, secret: string): void;
  /** Takes effect with the next token, as in Entra. */
  setRoles(clientId: string, roles: readonly string[]): void;
  setLifetime(seconds: number): void;
  /** Takes effect with the next sign-in. */
  setRedirectUris(clientId: string, uris: readonly string[]): void;
  /**
   * Somebody signs in at this address; answers where the browser goes next (with `form_post`, what the form would post
   * stands in its query). Throws when a real person could not: an address that Entra refuses, or nobody by that id.
   */
  signIn(authorizeUrl: string, order: SignInOrder): Promise<string>;
  /** Last hand on the claims of every id token from now on; null ends that. `foreignKey`: signs with an unpublished key. */
  mutateIdToken(change: ((claims: Claims) => Claims) | null, options?: { readonly foreignKey?: boolean }): void;
  /** Every token request, oldest first. */
  requests(): readonly TokenRequest[];
  close(): Promise<void>;
}

export type ResponseMode = 'query' | 'fragment' | 'form_post';

export interface AuthorizeRequest {
  readonly app: EntraApp;
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly scopes: readonly string[];
  /** S256 of the verifier; null without PKCE. */
  readonly challenge: string | null;
  /** Authentication contexts that were asked for. */
  readonly acrs: readonly string[];
  readonly prompt: string | null;
}

/** One completed sign-in, for the app that asked for it. */
export interface Session {
  readonly request: AuthorizeRequest;
  readonly person: SignInPerson;
  readonly acrs: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
}
