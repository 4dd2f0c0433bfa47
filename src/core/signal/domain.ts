import { parse } from 'tldts';
import { domainOf } from '../address.ts';
import { decodePunycode } from '../punycode.ts';
import { inert } from '../text.ts';
import { foldedWords } from './fold.ts';

/** Domains as somebody owns them: `mail.contoso.co.uk` and `contoso.co.uk` are one owner's, two tenants of Microsoft 365 are two. */

export interface Domain {
  /** As it stands in the address, lower case, in ASCII. */
  readonly host: string;
  /** What somebody registers (publicsuffix.org, with its private part), lower case, in ASCII. */
  readonly name: string;
  /** What is registered below the suffix, in Unicode: what people read. */
  readonly label: string;
  readonly suffix: string;
  /** The label as it looks (see `fold`), hyphens kept: they part names of different companies. */
  readonly look: string;
}

export interface DomainSet {
  readonly list: readonly Domain[];
  /** By what is registered. */
  has(domain: Domain): boolean;
}

/** RFC 5321, 4.5.3.1: 64 before the sign, 255 behind it. */
const LONGEST_ADDRESS = 320;
/** RFC 1035, 2.3.4, without the dots at both ends. */
const LONGEST_HOST = 253;
const ACE = 'xn--';

/**
 * Each tenant of Microsoft 365 owns a name below these, and `<name>.mail.` where mail of its own servers goes; the list of public
 * suffixes does not say so. learn.microsoft.com/microsoft-365/admin/setup/domains-faq, and the same of the national clouds.
 */
const TENANT_SUFFIXES = ['onmicrosoft.com', 'onmicrosoft.us', 'onmicrosoft.de', 'partner.onmschina.cn'] as const;

/** Null where there is no domain that mail could come from. */
export function domainOfAddress(address: string): Domain | null {
  if (address.length > LONGEST_ADDRESS || !address.includes('@')) return null;
  return domainNamed(domainOf(address));
}

/** Null for what is no host. An address of numbers, a host without a dot, and a suffix itself stand for themselves. */
export function domainNamed(host: string): Domain | null {
  if (host.length > LONGEST_HOST + 1) return null;
  const ascii = domainOf(`@${host.trim()}`).replace(/\.$/, '');
  if (ascii === '' || ascii.length > LONGEST_HOST || /[\s@\p{Cc}]|^\.|\.\./u.test(ascii)) return null;
  const { name, suffix } = registered(ascii);
  const label = shown(suffix === '' ? name : name.slice(0, -suffix.length - 1));
  return { host: ascii, name, label, suffix, look: foldedWords(label).join('-') };
}

function registered(host: string): { readonly name: string; readonly suffix: string } {
  const tenants = TENANT_SUFFIXES.find((suffix) => host.endsWith(`.${suffix}`));
  if (tenants !== undefined) {
    const labels = host.slice(0, -tenants.length - 1).split('.');
    const routing = labels.length > 1 && labels.at(-1) === 'mail';
    return { name: `${labels.at(routing ? -2 : -1)}.${tenants}`, suffix: tenants };
  }
  const { domain, publicSuffix } = parse(host, { allowPrivateDomains: true, extractHostname: false });
  return domain === null || publicSuffix === null ? { name: host, suffix: '' } : { name: domain, suffix: publicSuffix };
}

function shown(label: string): string {
  return label.startsWith(ACE) ? (decodePunycode(label.slice(ACE.length)) ?? label) : label;
}

/** What cannot be read is left out: it is nobody's domain. */
export function domainSet(hosts: readonly string[]): DomainSet {
  const byName = new Map<string, Domain>();
  for (const host of hosts) {
    const domain = domainNamed(host);
    if (domain !== null && !byName.has(domain.name)) byName.set(domain.name, domain);
  }
  return { list: [...byName.values()], has: ({ name }) => byName.has(name) };
}

/** For a card: the host in ASCII, and how it reads where that is something else. Inert. */
export function domainWords({ host, name, label, suffix }: Domain): string {
  const read = suffix === '' ? label : `${label}.${suffix}`;
  const plain = inert(host, 80);
  return read === name ? plain : `${plain} (reads ${inert(read, 80)})`;
}
