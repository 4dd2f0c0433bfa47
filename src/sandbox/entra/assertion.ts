import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import type { EntraApp } from './types.ts';

/** RFC 7523; Entra takes no other type. */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Whether the assertion is signed by the app's registered certificate and meant for this token endpoint. MSAL signs
 * PS256 and names the certificate in x5t#S256; RS256 comes from older clients.
 */
export async function assertionHolds(
  app: EntraApp,
  assertion: string,
  audiences: string[],
  now: number,
): Promise<boolean> {
  if (app.certificatePublicKey === undefined || app.certificateThumbprint === undefined) return false;
  try {
    const header = decodeProtectedHeader(assertion);
    const expected = Buffer.from(app.certificateThumbprint, 'hex').toString('base64url');
    if (header['x5t#S256'] !== expected) return false;
    const key = await importSPKI(app.certificatePublicKey, header.alg ?? '');
    await jwtVerify(assertion, key, {
      algorithms: ['PS256', 'RS256'],
      audience: audiences,
      issuer: app.clientId,
      subject: app.clientId,
      currentDate: new Date(now),
      // MSAL rounds `nbf` up to the next second; Entra allows clocks to differ by minutes.
      clockTolerance: 300,
      requiredClaims: ['exp', 'jti'],
    });
    return true;
  } catch {
    return false;
  }
}
