/**
 * The network that an address is in, as far as the address alone tells it: the sign-in tables name no autonomous system. A /24 of
 * version 4 is the smallest that is routed between providers; a /48 of version 6 is what one site gets (RFC 6177).
 */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(mapped)?.[1];
  if (four !== undefined) return `${four}.0/24`;
  const six = groupsOf(mapped);
  return six === null ? ip : `${six.slice(0, 3).join(':')}::/48`;
}

function groupsOf(ip: string): readonly string[] | null {
  if (!/^[0-9a-f:]+$/i.test(ip) || !ip.includes(':')) return null;
  const [head = '', tail, ...more] = ip.toLowerCase().split('::');
  if (more.length > 0) return null;
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [front, back] = [groups(head), groups(tail)];
  // None where there are too many already: then it is no address.
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return all.length === 8 ? all.map((group) => group.replace(/^0+(?=.)/, '')) : null;
}
