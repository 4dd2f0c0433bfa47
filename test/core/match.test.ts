import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alert, dedupeKey, type MessageKey, messageKey } from '../../src/core/alert.ts';
import { type Candidate, match } from '../../src/core/match.ts';
import { alertOf } from '../support/cases.ts';
import { good } from '../support/signed-alerts.ts';

const NETWORK = '33333333-0000-4000-8000-000000000001';
const key: MessageKey = {
  internetMessageId: '<one@mailer.example>',
  networkMessageId: null,
  sender: 'billing@fabrikam.example',
};
const found = (change: Partial<Candidate> = {}): Candidate => ({
  message: 'm1',
  subject: 'Invoice overdue',
  receivedAt: null,
  internetMessageId: '<one@mailer.example>',
  sender: 'billing@fabrikam.example',
  networkMessageId: null,
  isDraft: false,
  inSentItems: false,
  ...change,
});

describe('whether a found message is the reported mail', () => {
  it('the same Message-ID from the same sender is a copy', () => {
    expect(match(key, found()).is).toBe('copy');
  });

  it.each([
    ['a Message-ID reused by another sender', { sender: 'friend@contoso.example' }],
    ['a mail without any sender', { sender: null }],
    ['a Message-ID in other letters', { internetMessageId: '<ONE@mailer.example>' }],
    ['a mail without Message-ID', { internetMessageId: null }],
    ['a draft', { isDraft: true }],
    ['the sender’s own copy in Sent Items', { inSentItems: true }],
  ])('%s is left alone', (_name, change) => {
    expect(match(key, found(change)).is).toBe('other');
  });

  it('the sender is the same in other letters', () => {
    expect(match(key, found({ sender: 'Billing@FABRIKAM.example' })).is).toBe('copy');
  });

  it('another delivery of the same Message-ID is left alone', () => {
    const exact = { ...key, networkMessageId: NETWORK };
    expect(match(exact, found({ networkMessageId: NETWORK.replace(/1$/, '2') })).is).toBe('other');
  });

  it('the network id is the same in other letters', () => {
    const exact = messageKey(alertOf({}, { networkMessageId: 'ABCDEF00-0000-4000-8000-000000000001', sender: null }));
    expect(match(exact, found({ networkMessageId: 'ABCDEF00-0000-4000-8000-000000000001' })).is).toBe('copy');
  });

  it('one fact alone is not enough', () => {
    expect(match({ ...key, sender: null }, found()).is).toBe('unsure');
  });

  it('a network id that could not be read proves nothing', () => {
    expect(
      match({ internetMessageId: '<one@mailer.example>', networkMessageId: NETWORK, sender: null }, found()).is,
    ).toBe('unsure');
  });

  it('a key without any fact matches nothing', () => {
    expect(match({ internetMessageId: null, networkMessageId: null, sender: null }, found()).is).not.toBe('copy');
  });

  it('is never a copy when any known fact differs', () => {
    const maybe = <T>(...values: T[]) => fc.constantFrom<(T | null)[]>(null, ...values);
    const ids = maybe('<a@x.example>', '<b@x.example>');
    const senders = maybe('a@x.example', 'b@x.example');
    const networks = maybe(NETWORK, NETWORK.replace(/1$/, '2'));
    const facts = fc.record({ internetMessageId: ids, sender: senders, networkMessageId: networks });
    fc.assert(
      fc.property(facts, facts, fc.boolean(), fc.boolean(), (wanted, seen, isDraft, inSentItems) => {
        if (
          match(wanted, { message: 'm', subject: null, receivedAt: null, ...seen, isDraft, inSentItems }).is !== 'copy'
        )
          return;
        const differs = (name: 'internetMessageId' | 'sender') => wanted[name] !== null && wanted[name] !== seen[name];
        const known = Object.values(wanted).filter((value) => value !== null).length;
        expect([differs('internetMessageId'), differs('sender'), isDraft, inSentItems, known >= 2]).toEqual([
          false,
          false,
          false,
          false,
          true,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what may enter as an alert', () => {
  it.each([
    ['a sender with a blank', { sender: 'a b@x.example' }],
    ['a sender with U+0000, which the database refuses', { sender: 'a\u0000b@x.example' }],
    ['a sender with half a character, which cannot be sealed', { sender: 'a\ud800@x.example' }],
    ['a Message-ID with blanks', { internetMessageId: "<x' or 1 eq 1 or internetMessageId eq 'y@e>" }],
    ['an empty Message-ID', { internetMessageId: '' }],
    ['a Message-ID with half a character', { internetMessageId: '<a\ud800@x.example>' }],
    ['a Message-ID with a line break', { internetMessageId: '<a\n@x.example>' }],
    ['two ids in one', { internetMessageId: '<a@x.example><b@x.example>' }],
  ])('%s is refused', (_name, message) => {
    const alert = Alert.parse(JSON.parse(good()));
    expect(Alert.safeParse({ ...alert, message: { ...alert.message, ...message } }).success).toBe(false);
  });

  it.each([
    ['id', 'a\u0000b'],
    ['id', '\ud800'],
    ['source', 'a\nb'],
    ['source', '\udc00'],
  ])('an alert whose %s is %j is refused', (field, value) => {
    expect(Alert.safeParse({ ...Alert.parse(JSON.parse(good())), [field]: value }).success).toBe(false);
  });

  it('two detectors without message ids never share an incident', () => {
    const none = { internetMessageId: null };
    expect(dedupeKey(alertOf({ source: 'a b', id: 'c' }, none))).not.toBe(
      dedupeKey(alertOf({ source: 'a', id: 'b c' }, none)),
    );
  });

  it('the same mail in other letters of the sender is one incident', () => {
    expect(dedupeKey(alertOf({}, { sender: 'BILLING@fabrikam.example' }))).toBe(dedupeKey(alertOf()));
  });

  it('a reused Message-ID of another sender is another incident', () => {
    expect(dedupeKey(alertOf({}, { sender: 'friend@contoso.example' }))).not.toBe(dedupeKey(alertOf()));
  });
});
