/**
 * What a consent is about, in its id. The examples of the documentation show how it is made: of app, resource and person, 16
 * bytes each as .NET writes GUIDs (learn.microsoft.com/graph/api/oauth2permissiongrant-list). It is used to look for a consent
 * that has another id since, and never to act on.
 */

export interface GrantParts {
  readonly clientId: string;
  readonly resourceId: string;
  /** Null: given for everybody. */
  readonly principalId: string | null;
}

const GUID_BYTES = 16;

/** Null where it is made in another way. */
export function partsOf(id: string): GrantParts | null {
  if (!/^[A-Za-z0-9_-]+$/.test(id)) return null;
  const bytes = Buffer.from(id, 'base64url');
  const isWhole = bytes.length === 2 * GUID_BYTES || bytes.length === 3 * GUID_BYTES;
  if (!isWhole || bytes.toString('base64url') !== id) return null;
  const [clientId = '', resourceId = '', principalId = null] = Array.from(
    { length: bytes.length / GUID_BYTES },
    (_, n) => guidOf(bytes.subarray(n * GUID_BYTES, (n + 1) * GUID_BYTES)),
  );
  return { clientId, resourceId, principalId };
}

/** The first three groups of digits are turned round. */
function guidOf(bytes: Buffer): string {
  const hex = (from: number, to: number) => bytes.subarray(from, to).toString('hex');
  const turned = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  return [turned(0, 4), turned(4, 6), turned(6, 8), hex(8, 10), hex(10, 16)].join('-');
}
