import { boundaryOf, type HeaderLine } from '../../../src/adapters/graph/boundary.ts';
import type { Authentication } from '../../../src/core/signal/facts.ts';

/** Headers of made-up mails about how they came in, read as the product reads them. */

const line = (name: string, value: string): HeaderLine => ({ name, value });
const edge = (host: string) =>
  line(
    'received',
    `from mail.example (203.0.113.9) by ${host} (10.152.20.154) with Microsoft SMTP Server id 15.20 via Frontend Transport; Tue, 1 Dec 2026`,
  );
const stamp = ({ dmarc, compauth, action }: Authentication) =>
  line(
    'authentication-results',
    `spf=none (sender IP is 203.0.113.9) smtp.mailfrom=mail.example; dkim=none header.d=none;dmarc=${dmarc} action=${action} header.from=mail.example;compauth=${compauth} reason=000`,
  );
const FINE = { dmarc: 'pass', compauth: 'pass', action: 'none' };

/** What a sender writes who knows how Exchange does. */
export const FORGED: readonly HeaderLine[] = [stamp(FINE), edge('DB1.mail.protection.outlook.com'), stamp(FINE)];
/** What an honest server on the way wrote. */
export const EARLIER: readonly HeaderLine[] = [
  line('authentication-results', 'mx.lists.example; dmarc=pass; spf=pass'),
];

/** Where Exchange has stamped nothing. */
export const read = (headers: readonly HeaderLine[]): Authentication | null => boundaryOf(headers).authentication;

/** As Exchange stamped it, above whatever was there before. */
export const stampedAs = (results: Authentication, below: readonly HeaderLine[] = []): Authentication | null =>
  boundaryOf([stamp(results), edge('DU2PEPF0001.mail.protection.outlook.com'), ...below]).authentication;
