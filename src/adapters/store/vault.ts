import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Vault } from '../../ports/evidence.ts';

/** AES-256-GCM with a fresh 96-bit nonce each time [NIST SP 800-38D 8.2.2]: nonce, tag and ciphertext, as base64. */
const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
/** Another way of sealing is another one. The first did not name its key. */
const FORM = /^(?:v1|v2:([0-9a-f]{8})):/;

/** `key`: 32 bytes as base64, as `openssl rand -base64 32` writes them; null for none. What is sealed is bound to what it is `about`, and opens as nothing else. */
export function createVault(key: string | null): Vault {
  const secret = key === null ? null : Buffer.from(key, 'base64');
  const name = secret && nameOf(secret);
  return {
    hasKey: secret !== null,
    digest: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    seal(bytes, about) {
      if (!secret) throw new Error('there is no key to encrypt evidence with');
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG }).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return `v2:${name}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`;
    },
    isOfAnotherKey(sealed) {
      const [, other = name] = FORM.exec(sealed) ?? [];
      return other !== name;
    },
    open(sealed, about) {
      const [form] = FORM.exec(sealed) ?? [];
      if (!secret || form === undefined) return null;
      const bytes = Buffer.from(sealed.slice(form.length), 'base64');
      if (bytes.length < NONCE + TAG) return null;
      try {
        const opener = createDecipheriv(CIPHER, secret, bytes.subarray(0, NONCE), { authTagLength: TAG })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([opener.update(bytes.subarray(NONCE + TAG)), opener.final()]);
      } catch {
        return null;
      }
    },
  };
}

/** Enough to tell the keys of one place apart, and too little to find one by. */
function nameOf(secret: Buffer): string {
  return createHash('sha256').update('the key of evidence ').update(secret).digest('hex').slice(0, 8);
}
