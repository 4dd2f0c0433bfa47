import type { EmailEvent } from '../tenant/types.ts';
import { AUTHENTICATED } from './places-told.ts';
import type { Service } from './types.ts';

/** What EmailEvents tells of how a mail came in: learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table. */
export const ARRIVAL_COLUMNS = {
  AuthenticationDetails: 'String',
  SenderIPv4: 'String',
  SenderIPv6: 'String',
  Connectors: 'String',
} as const;

/** Where nothing is said of how it came in, it passed. */
export function arrivalCells({
  arrival,
  authentication = AUTHENTICATED,
}: EmailEvent): Readonly<Record<keyof typeof ARRIVAL_COLUMNS, string>> {
  const { clientIp = '', spf = 'pass', dkim = 'pass', dmarc = 'pass', compauth = 'pass' } = arrival ?? {};
  const isV6 = clientIp.includes(':');
  return {
    AuthenticationDetails: arrival
      ? JSON.stringify({ SPF: spf, DKIM: dkim, DMARC: dmarc, CompAuth: compauth })
      : authentication,
    SenderIPv4: isV6 ? '' : clientIp,
    SenderIPv6: isV6 ? clientIp : '',
    Connectors: arrival?.connector ?? '',
  };
}

/** What only writes an address of the tenant in From comes from outside all the same. */
export function directionOf(tenant: Service['tenant'], { sender, mailFrom, recipientId }: EmailEvent): string {
  if (recipientId === '') return 'Outbound';
  return tenant.userByAddress(mailFrom ?? sender.address) ? 'Intra-org' : 'Inbound';
}
