export function addressKey(address: string): string {
  return address.toLowerCase();
}
export function sameAddress(a: string, b: string): boolean {
  return addressKey(a) === addressKey(b);
}
export function withoutTag(address: string): string | null {
  const tagged = /^([^+@"]+)\+[^@"]*(@.+)$/.exec(address);
  return tagged ? `${tagged[1]}${tagged[2]}` : null;
}
