import { describe, expect, it, test } from 'vitest';
import type { Arrival, TenantPast } from '../../../src/core/intelligence/asked.ts';
import { type Beside, factsOfMail, type SeenMail } from '../../../src/core/intelligence/mail-facts.ts';
import { findingsIn } from '../../../src/core/signal/signals.ts';
import { factsOf, indexOf, known, type Told } from '../../support/signal-facts.ts';

/** What is made of a mail, of what hunting says of it, and of what is configured. */

const AT = '2026-11-20T09:00:00.000Z';
const MAIL_AT = '2026-11-20T08:00:00.000Z';
const ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
const NONE = { received: 0, sent: 0, first: null };
const FAILED = { dmarc: 'fail', compauth: 'fail', action: 'oreject' };

const seenOf = (told: Told, change: Partial<SeenMail> = {}): SeenMail => ({
  mail: factsOf(told).mail,
  clientIp: null,
  networkMessageId: ID,
  owner: ['ann@contoso.example'],
  earlier: [],
  ...change,
});
const pastOf = (arrivals: readonly Arrival[]): TenantPast => ({
  ...{ at: AT, ownDomains: ['contoso.example'], partners: [], arrivals },
  ...{ address: NONE, domain: NONE },
});
const arrivalOf = (change: Partial<Arrival> = {}): Arrival => ({
  ...{
    networkMessageId: ID,
    authentication: { dmarc: 'fail', compauth: 'fail' },
    clientIp: '203.0.113.9',
    connectors: '',
  },
  ...change,
});
const besideOf = (change: Partial<Beside> = {}): Beside => ({
  ...{ past: null, relays: null, vips: null, judged: null, at: AT, mailAt: MAIL_AT },
  ...change,
});
const RELAYS = {
  isOwnAddress: (ip: string) => ip === '203.0.113.9',
  isOwnConnector: (name: string) => name === 'Ours',
};

describe('what Exchange could confirm', () => {
  const stampOf = (arrivals: readonly Arrival[], header: Told['authentication']) => {
    const past = pastOf(arrivals);
    return (
      factsOfMail(seenOf({ authentication: header ?? null }), besideOf({ past })).mail.authentication?.value ?? null
    );
  };

  it('is what hunting says, and what the domain asks for where both say the same', () => {
    expect(stampOf([arrivalOf()], FAILED)).toEqual(FAILED);
    expect(stampOf([arrivalOf()], { ...FAILED, dmarc: 'pass' })).toEqual({ ...FAILED, action: null });
  });

  test.each([
    ['of another delivery', [arrivalOf({ networkMessageId: 'other' })]],
    ['that differ', [arrivalOf(), arrivalOf({ authentication: { dmarc: 'pass', compauth: 'pass' } })]],
    ['that tell nothing', [arrivalOf({ authentication: null })]],
    ['that are not there', []],
  ])('is what its own header says beside rows %s', (_what, arrivals) => {
    expect(stampOf(arrivals, { ...FAILED, dmarc: 'none' })).toEqual({ ...FAILED, dmarc: 'none' });
    expect(stampOf(arrivals, null)).toBeNull();
  });
});

describe('a server of their own', () => {
  const relayOf = (change: Partial<SeenMail>, beside: Partial<Beside>) =>
    factsOfMail(seenOf({}, change), besideOf(beside)).tenant.ownRelay?.value ?? null;

  it('is known by its address or by its connector, as Exchange saw them', () => {
    expect(relayOf({}, { relays: RELAYS, past: pastOf([arrivalOf()]) })).toBe(true);
    expect(relayOf({ clientIp: '203.0.113.9' }, { relays: RELAYS })).toBe(true);
    const other = { clientIp: '198.51.100.1', connectors: 'Ours' };
    expect(relayOf({}, { relays: RELAYS, past: pastOf([arrivalOf(other)]) })).toBe(true);
    expect(relayOf({}, { relays: RELAYS, past: pastOf([arrivalOf({ ...other, connectors: 'Theirs' })]) })).toBe(false);
  });

  it('is not known where none is configured, or nobody saw where the mail came from', () => {
    expect(relayOf({ clientIp: '203.0.113.9' }, { relays: null })).toBeNull();
    expect(relayOf({}, { relays: RELAYS })).toBeNull();
    expect(relayOf({}, { relays: RELAYS, past: pastOf([arrivalOf({ clientIp: '' })]) })).toBeNull();
  });

  it('that hunting saw is not argued away by a header', () => {
    const past = pastOf([arrivalOf({ clientIp: '198.51.100.1' })]);
    expect(relayOf({ clientIp: '203.0.113.9' }, { relays: RELAYS, past })).toBe(false);
  });
});

describe('a conversation', () => {
  const earlier = [
    { addresses: ['carl@partner.example', 'ann@contoso.example'], index: indexOf(1, 1) },
    { addresses: ['pat@gmail.com'], index: indexOf(2) },
    { addresses: ['dan@other.example'], index: null },
    { addresses: ['eve@odd.example'], index: '%%%' },
  ];
  const mailboxOf = (index: string | null, mails: SeenMail['earlier'] = earlier) =>
    factsOfMail(seenOf({ thread: { index } }, { earlier: mails }), besideOf()).mailbox;

  it('has everybody who was in it, and apart those under the same mark', () => {
    const { conversation, sameIndex } = mailboxOf(indexOf(1, 4));
    expect([conversation?.value.messages, conversation?.value.addresses]).toEqual([4, ['pat@gmail.com']]);
    expect(sameIndex?.value).toMatchObject({ messages: 1, indexes: [indexOf(1, 1)] });
    expect(sameIndex?.value.domains.list.map(({ name }) => name)).toEqual(['partner.example', 'contoso.example']);
  });

  test.each([null, '%%%', 'A'.repeat(20_000), indexOf(9)])(
    '%# has nobody under a mark that is none of theirs',
    (index) => {
      expect(mailboxOf(index).sameIndex?.value.messages).toBe(0);
    },
  );

  it('that nobody could look at is not known', () => {
    expect(mailboxOf(indexOf(1), null)).toMatchObject({ conversation: null, sameIndex: null });
  });
});

it('how earlier mail was closed is ours to know, and names are configured', () => {
  const judged = { address: { malicious: 1, harmless: 0 }, domain: { malicious: 2, harmless: 3 } };
  const vips = [{ name: 'Ana Bell', addresses: [] }];
  const { mailbox, tenant } = factsOfMail(seenOf({}), besideOf({ judged, vips }));
  expect(mailbox.judged).toEqual(known(judged.address, 'incidents', AT));
  expect(mailbox.judgedDomain).toEqual(known(judged.domain, 'incidents', AT));
  expect(tenant.vips).toEqual(known(vips, 'configuration', AT));
});

test.each([
  ['to their mailbox alone is from themselves', false, []],
  ['to others as well is in their name, whoever else has a copy', true, ['vip-name']],
])('what bears the name of somebody important and came %s', (_what, isShared, signals) => {
  const chief = { name: 'Ana Bell', addresses: ['ana@contoso.example'] };
  const seen = seenOf({ from: 'ana@private.example', name: 'Ana Bell' }, { owner: chief.addresses, isShared });
  const found = findingsIn(factsOfMail(seen, besideOf({ past: pastOf([]), vips: [chief] })));
  expect(found.map(({ signal }) => signal).filter((one) => one === 'vip-name')).toEqual(signals);
});
