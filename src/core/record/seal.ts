/** Canonical JSON (RFC 8785) and SHA-256; arguments, because core has no crypto. */
export interface Seal {
  canonical(value: unknown): string;
  /** Hex SHA-256 over 0x00 and the bytes (RFC 6962 leaf hash, so that a Merkle tree can be built later). */
  leafHash(bytes: string): string;
  /** Hex SHA-256 over the UTF-8 bytes. */
  sha256(text: string): string;
}

/** Fresh and unguessable each time: 16 random bytes, as 32 hex digits. */
export type Salt = () => string;
