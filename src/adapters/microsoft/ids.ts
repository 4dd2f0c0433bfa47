/** What may be asked about: whatever is not of one of these forms goes into no query and no path. */

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(value: string): boolean {
  return guid.test(value);
}

/**
 * Whatever RFC 5321 lets an address be, and a little more: it becomes a literal in a query, never a path. A blank only
 * between quotes.
 */
export function isMailAddress(value: string): boolean {
  const wellFormed = /^(?:"[^\p{Cc}\p{Cs}\u2028\u2029]+"|[^\p{Cc}\p{Cs}\s]+)@[^\p{Cc}\p{Cs}\s@]+$/u;
  return value.length <= 320 && wellFormed.test(value);
}

/** A header value of some hundred characters at most; half characters cannot be sent, and no id holds a control character. */
export function isMessageId(value: string): boolean {
  return value.length <= 2_000 && /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u.test(value);
}

/** Graph ids become path segments: '.' and '..' survive percent-encoding, so they are refused here. */
export function isGraphId(value: string): boolean {
  return /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,1024}$/u.test(value) && !/^\.+$/.test(value);
}
