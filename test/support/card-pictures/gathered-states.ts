import type { GatheredView } from '../../../src/core/tell/card.ts';
import { long } from './long.ts';

/** Many incidents in one message: some of them, and as many as there may be in the longest words. */
export function gatheredStates(): { name: string; view: GatheredView }[] {
  const texts = [
    'HIGH \u00b7 Phishing \u00b7 \u201cOverdue invoice 48213: service ends today\u201d from billing@fabrikam-invoices[.]example',
    'CRITICAL \u00b7 Business e-mail compromise \u00b7 \u201cRE: RE: Contract 7718\u201d from accounts@northwind[.]example',
    'LOW \u00b7 Spam \u00b7 \u201cno subject\u201d from no readable sender',
  ];
  const lines = (count: number, text: (n: number) => string) =>
    Array.from({ length: count }, (_none, n) => ({ incident: `CB-7F3K${20 + n}`, text: text(n) }));
  const headline = (count: number) => `${count} more alerts in a short time`;
  return [
    {
      name: 'gathered',
      view: { tenant: 'contoso', headline: headline(6), lines: lines(6, (n) => texts[n % 3] ?? '') },
    },
    {
      name: 'gathered-longest',
      view: {
        tenant: long('contoso ', 80),
        headline: headline(20),
        lines: lines(20, () => long('Overdue invoice, service ends today ', 400)),
      },
    },
  ];
}
