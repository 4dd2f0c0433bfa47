/** What a vendor sent, as it came: kept beside the incident for people to look into, and no longer than that one. */
export interface VendorRow {
  /** Up to `MOST_ROW_BYTES` in UTF-8. */
  readonly text: string;
  /** How long it was as it came. */
  readonly bytes: number;
}

/** More of one row nobody reads. */
export const MOST_ROW_BYTES = 32_768;

/** Cut where it is too long, never within a character; U+0000 and half characters cannot be stored. */
export function rowOf(came: string): VendorRow {
  const all = new TextEncoder().encode(came);
  const text = came.replaceAll('\u0000', '\ufffd').toWellFormed();
  return { text: withinBytes(text), bytes: all.length };
}

function withinBytes(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_ROW_BYTES) return text;
  let end = MOST_ROW_BYTES;
  // Not within a character: those that go on with it begin with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end));
}
