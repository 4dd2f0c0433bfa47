import { decodePunycode } from './punycode.ts';

/**
 * One form of an address, for comparison and nothing else: lower case, the domain in ASCII. A label that has no valid
 * ASCII form stays as it is written, and so does the local part but for its ASCII letters: what lies before the `@`
 * belongs to the other server, and the small letter of U+212A is a `k`, which is somebody else.
 */
export function addressKey(address: string): string {
  // Nearly all of them, and lists hold tens of thousands.
  if (isAscii(address)) return address.toLowerCase();
  const { local, domain } = halves(address);
  if (domain === null) return address.toLowerCase();
  const key = domain.toLowerCase().split(DOTS).map(asciiLabel).join('.');
  return `${local.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())}@${key}`;
}

export function sameAddress(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && addressKey(a) === addressKey(b);
}

/** As it is compared. */
export function domainOf(address: string): string {
  const key = addressKey(address);
  return key.slice(key.lastIndexOf('@') + 1);
}

/** For people: the address as it is written and, where its domain has another form (ASCII, Unicode), that one too. */
export function bothForms(address: string): string {
  const { local, domain } = halves(address);
  if (domain === null) return address;
  const labels = domain.toLowerCase().split(DOTS).map(asciiLabel);
  const ascii = labels.join('.');
  const unicode = labels.map(unicodeLabel).join('.');
  if (ascii === unicode && (isAscii(domain) || ascii === domain.toLowerCase())) return address;
  const other = isAscii(domain) ? unicode : ascii;
  return `${address} (${local}@${other})`;
}

/** `name+tag@domain` -> `name@domain`, which is the mailbox that takes it; null where there is no tag. */
export function withoutTag(address: string): string | null {
  const { local, domain } = halves(address);
  const plus = local.indexOf('+');
  return domain === null || plus < 1 || local.startsWith('"') ? null : `${local.slice(0, plus)}@${domain}`;
}

/** The full stops that Unicode takes for one in a domain. */
const DOTS = /[.\u3002\uff0e\uff61]/;
const ACE = 'xn--';

function halves(address: string): { local: string; domain: string | null } {
  const at = address.lastIndexOf('@');
  return at < 0 ? { local: address, domain: null } : { local: address.slice(0, at), domain: address.slice(at + 1) };
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** Only what is not plain ASCII is put through the URL parser: it would read more into a plain label. */
function asciiLabel(label: string): string {
  if (isAscii(label)) return label;
  if (/[\s@:/?#%[\]\\<>^|]/.test(label)) return label;
  // The last label keeps a name of digits from being taken for an IPv4 address.
  const host = URL.parse(`http://${label}.example`)?.hostname;
  const ascii = host?.endsWith('.example') ? host.slice(0, -'.example'.length) : '';
  return ascii === '' ? label : ascii;
}

/** Shown only where it leads back to the same ASCII: anything else would show people a domain that is not the one. */
function unicodeLabel(label: string): string {
  const decoded = label.startsWith(ACE) ? decodePunycode(label.slice(ACE.length)) : null;
  return decoded !== null && asciiLabel(decoded) === label ? decoded : label;
}
