import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import type { OwnExercises } from '../core/find/exercise.ts';

/** What the configuration says of phishing exercises, made into what can be asked of one mail. */

/** A slip of the pen must not make all mail an exercise: from so many bits on it is somebody's network. */
const PREFIXES = { 4: { least: 16, most: 32 }, 6: { least: 32, most: 128 } } as const;

/** `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version !== 4 && version !== 6) return false;
  const { least, most } = PREFIXES[version];
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : 0;
  return more.length === 0 && bits >= least && bits <= most;
}

export const SimulationSettings = z
  .strictObject({
    ips: z
      .array(z.string().refine(isNetwork, 'must be an IP address or a network such as 203.0.113.0/24'))
      .max(200)
      .default([])
      .describe('Hosts that hand exercises over, as Exchange sees them.'),
    returnPathDomains: z
      .array(
        z
          .string()
          .max(253)
          .regex(
            /^(?=.*\.)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
            'must be a domain in lower case, such as exercise.example',
          ),
      )
      .max(100)
      .default([])
      .describe('Domains of their envelope senders, with all below them; they count where SPF has passed.'),
    headers: z
      .array(z.string().regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header'))
      .max(20)
      .default([])
      .describe('Headers that exercises bear. Anybody can write one: told on the card, and nothing follows from it.'),
  })
  .describe(
    'Phishing exercises of your own. What comes from there is information: never asked about, never removed. Where ips and returnPathDomains are both given, both have to agree.',
  );

export function exercisesOf({ ips, returnPathDomains }: z.infer<typeof SimulationSettings>): OwnExercises {
  return {
    isOwnAddress: ips.length > 0 ? addressIn(ips) : null,
    isOwnReturnPath:
      returnPathDomains.length > 0
        ? (domain) => returnPathDomains.some((own) => domain === own || domain.endsWith(`.${own}`))
        : null,
  };
}

/** Whether an address is in one of these. */
export function addressIn(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
