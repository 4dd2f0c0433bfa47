/** What Exchange saw of a mail when it took it in. Results as it writes them; `pass` where nothing is said. */
export interface Arrival {
  readonly clientIp: string;
  readonly spf?: string;
  readonly dkim?: string;
  readonly dmarc?: string;
  readonly compauth?: string;
  /** What the domain of From asks for. */
  readonly action?: string;
  /** Name of the connector that it came over. */
  readonly connector?: string;
}

/** Of a mail, what its headers are written from. */
interface Arriving {
  readonly arrival?: Arrival;
  readonly sender: string;
  /** Of its envelope; that of the sender by default. */
  readonly mailFrom?: string;
}

/**
 * What Exchange puts above the headers of a mail that it takes in, the newest first: learn.microsoft.com/defender-office-365/message-headers-eop-mdo.
 * What of the same names stands in the mail stays below.
 */
export function stampedBy({
  arrival,
  sender,
  mailFrom = sender,
}: Arriving): readonly { readonly name: string; readonly value: string }[] {
  if (arrival === undefined) return [];
  const { clientIp, spf = 'pass', dkim = 'pass', dmarc = 'pass', compauth = 'pass', action = 'none' } = arrival;
  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
  const edge = 'DB5EUR03FT012.mail.protection.outlook.com';
  const server = 'with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9412.7';
  return [
    {
      name: 'Received',
      value: `from DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com (2603:10a6:10:1::1) by DU2PR04CA0001.outlook.office365.com (2603:10a6:10:2::2) ${server} via Frontend Transport; Tue, 1 Dec 2026 08:00:02 +0000`,
    },
    {
      name: 'Authentication-Results',
      value: `spf=${spf} (sender IP is ${clientIp}) smtp.mailfrom=${domainOf(mailFrom)}; dkim=${dkim} (signature was verified) header.d=${domainOf(sender)};dmarc=${dmarc} action=${action} header.from=${domainOf(sender)};compauth=${compauth} reason=100`,
    },
    { name: 'Received-SPF', value: `${spf} (protection.outlook.com: domain of ${domainOf(mailFrom)})` },
    {
      name: 'Received',
      value: `from mail.${domainOf(mailFrom)} (${clientIp}) by ${edge} (10.152.20.154) ${server} via Frontend Transport; Tue, 1 Dec 2026 08:00:01 +0000`,
    },
  ];
}
