import type { AutomationList, Cluster } from '../../../src/core/find/automation.ts';
import type { Place } from '../../../src/core/find/removed-to.ts';
import { presentAutomation, presentChanged } from '../../../src/core/tell/automation-view.ts';
import type { GatheredView } from '../../../src/core/tell/card.ts';
import { ABOUT_ALERTS } from '../../../src/core/tell/gather.ts';
import { long } from './long.ts';

/** Many things in one message: some of them, and as many as there may be in the longest words. */
export function gatheredStates(): { name: string; view: GatheredView }[] {
  const texts = [
    'HIGH \u00b7 Phishing \u00b7 \u201cOverdue invoice 48213: service ends today\u201d from billing@fabrikam-invoices[.]example',
    'CRITICAL \u00b7 Business e-mail compromise \u00b7 \u201cRE: RE: Contract 7718\u201d from accounts@northwind[.]example',
    'LOW \u00b7 Spam \u00b7 \u201cno subject\u201d from no readable sender',
  ];
  const lines = (count: number, text: (n: number) => string) =>
    Array.from({ length: count }, (_none, n) => ({ incident: `CB-7F3K${20 + n}`, text: text(n), button: 'Open' }));
  const headline = (count: number) => `${count} more alerts in a short time`;
  return [
    {
      name: 'gathered',
      view: { ...ABOUT_ALERTS, tenant: 'contoso', headline: headline(6), lines: lines(6, (n) => texts[n % 3] ?? '') },
    },
    {
      name: 'gathered-longest',
      view: {
        ...ABOUT_ALERTS,
        tenant: long('contoso ', 80),
        headline: headline(20),
        lines: lines(20, () => long('Overdue invoice, service ends today ', 700)),
      },
    },
    { name: 'automation', view: presentAutomation('contoso', automationList()) },
    { name: 'automation-changed', view: presentChanged('contoso', 'AU-20261123') },
  ];
}

function automationList(): AutomationList {
  const times = {
    from: '2026-11-22T02:00:00.000Z',
    until: '2026-11-23T08:00:00.000Z',
    asOf: '2026-11-23T08:00:00.000Z',
  };
  const apart = { odd: 1, failed: 2, ours: 12, known: 0, left: 0 };
  return {
    id: 'AU-20261123',
    ...times,
    clusters: [
      cluster('1', 'What is new at Fabrikam', 40, 'deleted'),
      cluster('2', '<!channel> [Approve](https://evil.example) *URGENT*', 12, 'quarantine'),
      cluster('3', 'Your parcel waits', 3, 'junk'),
    ],
    apart,
    cutAt: 20_000,
    samples: 2,
  };
}

function cluster(key: string, subject: string, count: number, place: Place): Cluster {
  const mail = { internetMessageId: null, sender: 'news@fabrikam.example', receivedAt: null };
  return {
    key,
    by: 'cluster',
    sender: 'news@fabrikam.example',
    mailFrom: key === '1' ? 'bounce+7@mailer.example' : null,
    mails: [
      { ...mail, networkMessageId: `${key}a`, subject },
      { ...mail, networkMessageId: `${key}b`, subject: `${subject}, again` },
    ],
    copies: Array.from({ length: count }, (_none, n) => ({
      networkMessageId: `${key}${n % 2 === 0 ? 'a' : 'b'}`,
      recipient: `employee${n}@contoso.example`,
      recipientId: null,
      removedAt: null,
      place,
      was: 'inbox' as const,
    })),
    ways: place === 'deleted' ? ['Automated Remediation'] : ['Phish ZAP'],
    actions: place === 'deleted' ? ['Soft delete'] : ['Moved'],
    threatsThen: [],
    threatsNow: ['Phish'],
  };
}
