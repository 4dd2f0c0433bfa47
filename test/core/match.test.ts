import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageKey } from '../../src/core/find/key.ts';
import { type Candidate, deliveriesApart, match } from '../../src/core/find/match.ts';

const NETWORK = '33333333-0000-4000-8000-00000000000a';
const OTHER = '33333333-0000-4000-8000-00000000000b';
const DIRECTORY_NAME = '/O=EXCHANGELABS/OU=ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=0001-OMAR';
const key = (change: Partial<MessageKey> = {}): MessageKey => ({
  internetMessageId: '<one@mailer.example>',
  networkMessageId: null,
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  receivedAt: null,
  identified: [],
  ...change,
});
const found = (change: Partial<Candidate> = {}): Candidate => ({
  message: 'm1',
  internetMessageId: '<one@mailer.example>',
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  receivedAt: '2026-11-20T08:00:00Z',
  networkMessageId: null,
  isDraft: false,
  inSentItems: false,
  ...change,
});
const differences = (wanted: MessageKey, seen: Candidate) => {
  const is = match(wanted, seen);
  return is.is === 'unsure' ? is.differences : is.is;
};

describe('whether a found message is the reported mail', () => {
  it('a mail that agrees in Message-ID, sender and subject is a copy', () => {
    expect(match(key(), found())).toEqual({ is: 'copy', by: 'headers' });
  });

  it.each([
    ['another subject', { subject: 'All-hands on Friday' }, ['subject']],
    ['no subject', { subject: null }, ['subject']],
    ['an empty subject', { subject: ' ' }, ['subject']],
    ['another sender', { sender: 'friend@contoso.example' }, ['sender']],
    ['no sender', { sender: null }, ['sender']],
    ['a directory name as sender', { sender: DIRECTORY_NAME }, ['sender']],
    ['a Message-ID in other letters', { internetMessageId: '<ONE@mailer.example>' }, ['message-id']],
    ['no Message-ID', { internetMessageId: null }, ['message-id']],
  ])('with %s it is for people to look at', (_name, change, said) => {
    expect(differences(key(), found(change))).toEqual(said);
  });

  it.each([
    ['a draft', { isDraft: true }],
    ['the sender’s own copy in Sent Items', { inSentItems: true }],
    ['a mail that agrees in nothing', { internetMessageId: '<b@x.example>', sender: 'b@x.example', subject: 'Lunch' }],
  ])('%s is left alone', (_name, change) => {
    expect(match(key(), found(change)).is).toBe('other');
  });

  it.each([
    ['Message-ID', { internetMessageId: null }, ['message-id']],
    ['sender', { sender: null }, ['sender']],
    ['subject', { subject: null }, ['subject']],
  ])('an alert without %s agrees in that with nothing', (_name, change, said) => {
    expect(differences(key(change), found())).toEqual(said);
  });

  it.each([
    ['Message-ID', { sender: 'b@x.example', subject: 'Lunch' }, ['sender', 'subject']],
    ['sender', { internetMessageId: '<b@x.example>', subject: 'Lunch' }, ['message-id', 'subject']],
    ['subject', { internetMessageId: '<b@x.example>', sender: 'b@x.example' }, ['message-id', 'sender']],
  ])('one that agrees only in its %s is for people to look at', (_name, change, said) => {
    expect(differences(key(), found(change))).toEqual(said);
  });

  it('an alert without anything finds nothing', () => {
    expect(match(key({ internetMessageId: null, sender: null, subject: null }), found()).is).toBe('other');
  });

  it.each([
    ['letters of the sender', { sender: 'Billing@FABRIKAM.example' }],
    ['white space of the subject', { subject: ' Invoice\r\n overdue ' }],
    ['composed letters', { subject: 'Invoice overdue' }],
  ])('is a copy in other %s', (_name, change) => {
    expect(match(key(), found(change)).is).toBe('copy');
  });

  it('a subject is compared as far as Exchange keeps it', () => {
    const long = 'x'.repeat(255);
    expect(match(key({ subject: `${long} and more` }), found({ subject: long })).is).toBe('copy');
  });
});

describe('a network id that is known to be the mail', () => {
  const known = key({ networkMessageId: NETWORK, identified: [NETWORK] });

  it.each([
    ['the sender as a directory name', { sender: DIRECTORY_NAME }],
    ['another sender and the same subject', { sender: null }],
    ['another Message-ID, as Exchange keeps its own', { internetMessageId: '<kept@exchange.example>' }],
    ['another subject, which its owner changed', { subject: 'PAY THIS' }],
    ['its letters in another case', { networkMessageId: NETWORK.toUpperCase() }],
  ])('identifies a copy with %s', (_name, change) => {
    expect(match(known, found({ networkMessageId: NETWORK, ...change }))).toEqual({ is: 'copy', by: 'network id' });
  });

  it('identifies nothing where neither Message-ID nor subject agrees', () => {
    const seen = found({ networkMessageId: NETWORK, internetMessageId: '<b@x.example>', subject: 'Lunch' });
    expect(differences(known, seen)).toEqual(['message-id', 'subject']);
  });

  it('tells another delivery with the same headers apart', () => {
    expect(differences(known, found({ networkMessageId: OTHER }))).toEqual(['delivery']);
  });

  it('does not stand in the way of a copy whose own id cannot be read', () => {
    expect(match(known, found({ networkMessageId: null }))).toEqual({ is: 'copy', by: 'headers' });
  });

  it('that the alert merely names identifies nothing', () => {
    const named = key({ networkMessageId: NETWORK, subject: null });
    expect(differences(named, found({ networkMessageId: NETWORK }))).toEqual(['subject']);
  });
});

describe('when it was received', () => {
  it.each([
    ['nine days apart is another delivery', '2026-11-11T08:00:00Z', ['time']],
    ['two days apart is one delivery', '2026-11-18T08:00:00Z', 'copy'],
    ['two days apart, the other way round, is one delivery', '2026-11-22T08:00:00Z', 'copy'],
    ['a second more is another delivery', '2026-11-22T08:00:01Z', ['time']],
    ['a second more, the other way round, is another delivery', '2026-11-18T07:59:59Z', ['time']],
    ['no time contradicts nothing', null, 'copy'],
  ])('%s', (_name, receivedAt, said) => {
    expect(differences(key({ receivedAt }), found())).toEqual(said);
  });

  it('the same headers, used twice days apart, are two deliveries', () => {
    const at = (receivedAt: string | null) => ({ receivedAt });
    const [old, older, late, untimed] = [
      at('2026-11-11T08:00:00Z'),
      at('2026-11-10T20:00:00Z'),
      at('2026-11-20T08:00:00Z'),
      at(null),
    ];
    expect(deliveriesApart([late, old, untimed, older], ({ receivedAt }) => receivedAt)).toEqual([
      [older, old, untimed],
      [late],
    ]);
  });

  it('mails that follow one another closely for many days are no bridge from a good one to a bad one', () => {
    const days = [1, 2, 3, 4, 5].map((day) => `2026-11-0${day}T08:00:00Z`);
    expect(deliveriesApart(days, (day) => day).map((part) => part.length)).toEqual([3, 2]);
  });
});

it('is never a copy when any known header differs, unless its network id is known', () => {
  const maybe = <T>(...values: T[]) => fc.constantFrom<(T | null)[]>(null, ...values);
  const headers = fc.record({
    internetMessageId: maybe('<a@x.example>', '<b@x.example>'),
    sender: maybe('a@x.example', 'b@x.example'),
    subject: maybe('One', 'Two'),
    networkMessageId: maybe(NETWORK, OTHER),
  });
  fc.assert(
    fc.property(headers, headers, fc.boolean(), fc.boolean(), (wanted, seen, isKnown, isDraft) => {
      const identified = isKnown && wanted.networkMessageId !== null ? [wanted.networkMessageId] : [];
      const is = match({ ...wanted, receivedAt: null, identified }, { ...found(), ...seen, isDraft });
      const same = (name: 'internetMessageId' | 'sender' | 'subject') =>
        wanted[name] !== null && wanted[name] === seen[name];
      const all = same('internetMessageId') && same('sender') && same('subject');
      const byId = identified.includes(seen.networkMessageId ?? '');
      const contradicts = identified.length > 0 && seen.networkMessageId !== null && !byId;
      const isCopy = (all && !contradicts) || (byId && (same('internetMessageId') || same('subject')));
      expect(is.is === 'copy').toBe(isCopy && !isDraft);
    }),
    { numRuns: 5_000 },
  );
});
