import { describe, expect, it } from 'vitest';
import { type Delivered, identify } from '../../src/core/find/identify.ts';
import type { MessageKey } from '../../src/core/find/key.ts';

const NETWORK = '33333333-0000-4000-8000-00000000000a';
const OTHER = '33333333-0000-4000-8000-00000000000b';
const key = (change: Partial<MessageKey> = {}): MessageKey => ({
  internetMessageId: '<one@mailer.example>',
  networkMessageId: null,
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  receivedAt: null,
  identified: [],
  ...change,
});
const row = (change: Partial<Delivered> = {}): Delivered => ({
  recipient: 'emma@contoso.example',
  recipientId: null,
  networkMessageId: NETWORK,
  internetMessageId: '<one@mailer.example>',
  sender: 'Billing@fabrikam.example',
  subject: 'Invoice overdue',
  at: null,
  ...change,
});

describe('what tracking says of the mail', () => {
  it('a delivery that agrees in Message-ID, sender and subject gives the network id', () => {
    const { key: known, deliveries } = identify(key(), [row()]);
    expect([known.identified, deliveries.length]).toEqual([[NETWORK], 1]);
  });

  it.each([
    ['subject', { subject: 'All-hands' }],
    ['sender', { sender: 'boss@contoso.example' }],
    ['Message-ID', { internetMessageId: '<two@mailer.example>' }],
    ['known subject', { subject: null }],
  ])('one with another %s proves nobody to be a recipient', (_name, change) => {
    const { key: known, deliveries } = identify(key(), [row(change)]);
    expect([known.identified, deliveries]).toEqual([[], []]);
  });

  it.each([
    ['sender', { sender: '/O=EXCHANGELABS/CN=OMAR' }],
    ['subject, with its Message-ID', { subject: 'Changed' }],
    ['Message-ID, with its subject', { internetMessageId: '<kept@exchange.example>' }],
  ])('one with a network id that is a fact counts with another %s', (_name, change) => {
    expect(identify(key({ identified: [NETWORK] }), [row(change)]).deliveries).toHaveLength(1);
  });

  it('one with that network id and nothing else in common does not count', () => {
    const rows = [row({ internetMessageId: '<two@mailer.example>', subject: 'Lunch' })];
    expect(identify(key({ identified: [NETWORK] }), rows).deliveries).toEqual([]);
  });

  it('beside a network id that is a fact, the same headers under another one do not count', () => {
    const { key: known, deliveries } = identify(key({ identified: [OTHER] }), [row()]);
    expect([known.identified, deliveries]).toEqual([[OTHER], []]);
  });

  it('a Message-ID that Exchange keeps stands in for one that cannot be searched for', () => {
    const { key: known, searchFor } = identify(key({ internetMessageId: null, identified: [NETWORK] }), [row()]);
    expect([known.internetMessageId, searchFor]).toEqual(['<one@mailer.example>', ['<one@mailer.example>']]);
  });

  it('the first of the Message-IDs that Exchange keeps stands in, where a delivery does not tell one', () => {
    const rows = [row({ internetMessageId: null }), row()];
    expect(identify(key({ internetMessageId: null, identified: [NETWORK] }), rows).key.internetMessageId).toBe(
      '<one@mailer.example>',
    );
  });

  it.each([
    ['Message-ID', { internetMessageId: null }, { subject: 'Lunch' }],
    ['subject', { subject: null }, { internetMessageId: '<two@mailer.example>' }],
  ])('a %s that neither side knows is no agreement', (_name, missing, other) => {
    const known = key({ identified: [NETWORK], ...missing });
    expect(identify(known, [row({ ...missing, ...other })]).deliveries).toEqual([]);
  });

  it('deliveries with a network id that is a fact are the mail, however far apart', () => {
    const rows = [row({ at: '2026-11-11T08:00:00Z' }), row({ at: '2026-11-20T08:00:00Z' })];
    expect(identify(key({ identified: [NETWORK] }), rows).deliveries).toHaveLength(2);
  });

  it('network ids stand in one order, in whichever order they are found: they go into the plan', () => {
    const rows = [row({ networkMessageId: OTHER }), row()];
    expect(identify(key(), rows).key.identified).toEqual([NETWORK, OTHER]);
  });

  it('what only shares an id is looked at in the mailbox as well', () => {
    const rows = [row({ internetMessageId: '<two@mailer.example>', networkMessageId: NETWORK })];
    expect(identify(key({ networkMessageId: NETWORK }), rows).searchFor).toEqual([
      '<one@mailer.example>',
      '<two@mailer.example>',
    ]);
  });

  it.each([
    ['nine days apart are two mails: neither is identified', '2026-11-11T08:00:00Z', null, []],
    ['within a day are one', '2026-11-19T20:00:00Z', null, [NETWORK, OTHER]],
    [
      'nine days apart, one is meant where the time is a fact',
      '2026-11-11T08:00:00Z',
      '2026-11-20T07:00:00Z',
      [NETWORK],
    ],
  ])('the same headers under two network ids, %s', (_name, earlier, receivedAt, ids) => {
    const rows = [row({ at: '2026-11-20T08:00:00Z' }), row({ networkMessageId: OTHER, at: earlier })];
    expect(identify(key({ receivedAt }), rows).key.identified).toEqual(ids);
  });

  it('a flood of Message-IDs under one network id is not followed without end', () => {
    const rows = Array.from({ length: 80 }, (_none, n) => row({ internetMessageId: `<${n}@mailer.example>` }));
    const { searchFor, notSearchedFor } = identify(key(), rows);
    expect([searchFor.length, notSearchedFor]).toEqual([50, 31]);
  });
});
