import type { Plan } from '../../../src/core/find/plan.ts';

/** Mails that agree only in part, as a plan holds them. */
export const UNSURE: Plan['unsure'] = [
  {
    key: '1111222233334444',
    differences: ['subject'],
    sender: 'helpdesk@c0ntoso-mail.example',
    subject: 'Minutes of Monday',
    from: '2026-11-14T08:10:00Z',
    until: '2026-11-14T08:10:00Z',
    addresses: ['ann@contoso.example', 'bob@contoso.example', 'bob@contoso.example'],
  },
  {
    key: '5555666677778888',
    differences: ['sender', 'delivery'],
    sender: '/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=0001-HELPDESK',
    subject: 'Your mailbox is almost full',
    from: '2026-11-23T12:58:00Z',
    until: '2026-11-23T13:02:00Z',
    addresses: ['cas@contoso.example'],
  },
];
