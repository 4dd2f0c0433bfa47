import { describe, expect, it } from 'vitest';
import type { TenantPast } from '../../src/core/intelligence/asked.ts';
import { factsOfMail } from '../../src/core/intelligence/mail-facts.ts';
import { factsOf } from '../support/signal-facts.ts';

/** What signals know of a mail in mailboxes: what nobody has asked for is not known, and never nothing. */

const MAIL_AT = '2026-11-20T08:00:00.000Z';
const NOW = { at: '2026-11-20T10:00:00.000Z', mailAt: MAIL_AT };
const { mail } = factsOf();
const past = (change: Partial<TenantPast> = {}): TenantPast => ({
  ...{ at: '2026-11-20T09:00:00.000Z', ownDomains: ['contoso.example'], partners: ['fabrikam.example'] },
  ...{ address: { received: 3, sent: 1, first: '2026-11-10T08:00:00.000Z' } },
  ...{ domain: { received: 9, sent: 0, first: null } },
  ...change,
});
const facts = (of: TenantPast | null, earlier: Parameters<typeof factsOfMail>[0]['earlier'] = null) =>
  factsOfMail({ mail, owner: ['ana@contoso.example'], earlier }, of, NOW);

describe('what is known of the tenant', () => {
  it('is nothing where nobody could ask', () => {
    const { tenant, mailbox } = facts(null);
    expect([tenant.ownDomains, tenant.partners, mailbox.address.received, mailbox.domain.days]).toEqual(
      Array(4).fill(null),
    );
    expect(mailbox.owner).toMatchObject({ value: ['ana@contoso.example'], at: NOW.at, source: 'mailbox' });
  });

  it('is as of when it was asked, and no domain of ours is not the same as none', () => {
    const { tenant } = facts(past());
    expect(tenant.ownDomains).toMatchObject({ source: 'hunting', at: past().at, value: { list: { length: 1 } } });
    expect(facts(past({ ownDomains: [] })).tenant.ownDomains).toBeNull();
    expect(facts(past({ partners: [] })).tenant.partners).not.toBeNull();
  });
});

describe('since when somebody is known', () => {
  const days = (first: string | null) =>
    facts(past({ address: { received: 1, sent: 0, first } })).mailbox.address.days?.value;

  it('is in whole days before the mail', () => {
    expect(days('2026-11-10T08:00:00.000Z')).toBe(10);
    expect(days('2026-11-10T08:00:00.001Z')).toBe(9);
    expect([days(null), days(MAIL_AT), days('2026-11-21T08:00:00.000Z')]).toEqual([0, 0, 0]);
  });
});

it('a thread is known by its domains, and by addresses where the domain is anybody’s', () => {
  const addresses = ['pat@fabrikam.example', 'joe@gmail.com', 'no address'];
  const { conversation } = facts(null, { messages: 3, addresses }).mailbox;
  expect(conversation?.value).toMatchObject({ messages: 3, addresses: ['joe@gmail.com'] });
  expect(conversation?.value.domains.list).toHaveLength(2);
  expect(facts(null).mailbox.conversation).toBeNull();
});
