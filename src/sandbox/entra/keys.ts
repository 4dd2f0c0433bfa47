import { exportJWK, exportSPKI, generateKeyPair, type JSONWebKeySet, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface SigningKeys {
  sign(payload: JWTPayload): Promise<string>;
  jwks(): JSONWebKeySet;
  publicKey(): Promise<string>;
  rotate(): Promise<void>;
}

/** RS256 keys as Entra publishes them; older ones stay published. */
export async function createSigningKeys(): Promise<SigningKeys> {
  const published: JWK[] = [];
  let current = await next();

  async function next() {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const kid = `key-${published.length + 1}`;
    published.push({ ...jwk, kid, use: 'sig', alg: 'RS256' });
    return { ...pair, kid };
  }

  return {
    sign: (payload) =>
      new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: current.kid }).sign(current.privateKey),
    jwks: () => ({ keys: [...published] }),
    publicKey: () => exportSPKI(current.publicKey),
    async rotate() {
      current = await next();
    },
  };
}
