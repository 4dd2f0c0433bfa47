import { z } from 'zod';
import type { OwnRelays } from '../core/intelligence/mail-facts.ts';
import { addressIn, isNetwork } from './exercises.ts';

/** What the configuration says of the tenant's own servers that hand mail to Exchange, made into what can be asked of one delivery. */

export const RelaySettings = z
  .strictObject({
    ips: z
      .array(z.string().refine(isNetwork, 'must be an IP address or a network such as 203.0.113.0/24'))
      .max(200)
      .default([])
      .describe('Addresses that they hand mail over from, as Exchange sees them.'),
    connectors: z
      .array(z.string().min(1).max(200))
      .max(50)
      .default([])
      .describe('Names of inbound connectors in Exchange that only they use; read from hunting.'),
  })
  .describe(
    'Servers of your own that send in the name of your domains: of what comes from there it is no finding that Exchange could not confirm it.',
  );

export function relaysOf({ ips, connectors }: z.infer<typeof RelaySettings>): OwnRelays {
  const names = new Set(connectors.map((name) => name.trim().toLowerCase()));
  return {
    isOwnAddress: ips.length > 0 ? addressIn(ips) : () => false,
    // Hunting tells the whole text, and several with a semicolon between them.
    isOwnConnector: (told) => told.split(';').some((name) => names.has(name.trim().toLowerCase())),
  };
}
