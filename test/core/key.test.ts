import { describe, expect, it } from 'vitest';
import {
  aliasKeys,
  filingKeys,
  isOtherSubject,
  messageKey,
  type SeenMail,
  subjectKey,
} from '../../src/core/find/key.ts';
import { alertOf } from '../support/cases.ts';
import { SOURCE } from '../support/source.ts';

const NETWORK = '33333333-0000-4000-8000-00000000ABCD';
const ID = '<one@mailer.example>';
const PAIR = `from ["${ID}","billing@fabrikam.example"]`;
const MAIL = `mail ["${ID}","billing@fabrikam.example","Invoice overdue"]`;

describe('by what a mail is looked for', () => {
  it('is what its alert says, in the forms that are compared', () => {
    const alert = alertOf({ from: SOURCE }, { networkMessageId: NETWORK, sender: 'Billing@Fabrikam.example' });
    expect(messageKey(alert)).toEqual({
      internetMessageId: ID,
      networkMessageId: NETWORK.toLowerCase(),
      sender: 'billing@fabrikam.example',
      subject: 'Invoice overdue',
      receivedAt: '2026-11-20T07:59:00Z',
      identified: [],
    });
  });

  it('is nothing that its alert does not say', () => {
    const alert = alertOf({}, { internetMessageId: null, sender: null, subject: null });
    expect(messageKey(alert)).toEqual({
      internetMessageId: null,
      networkMessageId: null,
      sender: null,
      subject: null,
      receivedAt: null,
      identified: [],
    });
  });

  it('is not the time that a source says whose times are no facts', () => {
    expect(messageKey(alertOf({}, { receivedAt: '2026-11-20T07:59:00Z' })).receivedAt).toBeNull();
  });
});

describe('a subject, for comparison', () => {
  it.each([
    ['is none where there is none', null, null],
    ['is none where it shows nothing', ' \r\n ', null],
    ['has its white space folded', ' a\r\n\t b ', 'a b'],
    ['is as long as Exchange keeps it', 'x'.repeat(300), 'x'.repeat(255)],
    ['ends with no blank, also where Exchange cuts it', `${'x'.repeat(254)} y`, 'x'.repeat(254)],
  ])('%s', (_name, subject, key) => {
    expect(subjectKey(subject)).toBe(key);
  });
});

describe('under what an incident is filed', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['all that is known', {}, {}, [MAIL, PAIR]],
    ['its network id first, where that is a fact', { networkIds: ['abc'] }, {}, ['network abc', MAIL, PAIR]],
    ['not a network id that is only said', {}, { networkMessageId: NETWORK }, [MAIL, PAIR]],
    ['without its subject', {}, { subject: null }, [PAIR]],
    ['its alert, where the sender is not known', {}, { sender: null }, ['alert ["","det-1"]']],
    ['its alert, where the Message-ID is not known', {}, { internetMessageId: null }, ['alert ["","det-1"]']],
    ['a network id alone', { networkIds: ['abc'] }, { sender: null }, ['network abc']],
  ])('%s', (_name, change, message, keys) => {
    expect(filingKeys(alertOf(change, message))).toEqual(keys);
  });
});

describe('by what a mail is known besides, once copies of it were seen', () => {
  const seen = (change: Partial<SeenMail> = {}): SeenMail => ({
    networkMessageId: NETWORK,
    internetMessageId: ID,
    sender: 'Billing@Fabrikam.example',
    subject: 'Invoice  overdue ',
    ...change,
  });
  const OWN = `network ${NETWORK.toLowerCase()}`;

  it.each<[string, Partial<SeenMail>, readonly string[]]>([
    ['all that Exchange has of it', {}, [OWN, MAIL, PAIR]],
    ['its headers, where no id is told', { networkMessageId: null }, [MAIL, PAIR]],
    ['its id, where the sender is a name of the directory', { sender: '/O=EXCHANGELABS/CN=0001-OMAR' }, [OWN]],
    ['its id, where the Message-ID is none', { internetMessageId: 'none' }, [OWN]],
    ['its id and sender, where it has no subject', { subject: ' ' }, [OWN, PAIR]],
    ['nothing by an id that is none', { networkMessageId: 'x'.repeat(3_000), sender: null }, []],
  ])('%s', (_what, change, keys) => {
    expect(aliasKeys([seen(change), seen(change)])).toEqual(keys);
  });

  it('is bounded, whatever bears its id, and ids come before headers', () => {
    const many = Array.from({ length: 400 }, (_none, n) =>
      seen({ networkMessageId: crypto.randomUUID(), internetMessageId: `<${n}@mailer.example>` }),
    );
    const keys = aliasKeys(many);
    expect([keys.length, keys.findIndex((key) => !key.startsWith('network '))]).toEqual([100, 50]);
  });

  it.each<[string, readonly string[], Record<string, unknown>, boolean]>([
    ['the same mail', [MAIL, PAIR], {}, false],
    ['a mail of which only Message-ID and sender are known', [PAIR], {}, false],
    ['another subject', [MAIL, PAIR], { subject: 'All-hands' }, true],
    [
      'one of several subjects',
      [MAIL, MAIL.replace('Invoice', 'RE: Invoice')],
      { subject: 'RE: Invoice overdue' },
      false,
    ],
    ['no subject', [MAIL, PAIR], { subject: null }, false],
    ['another sender', [MAIL, PAIR], { sender: 'mallory@mailer.example', subject: 'All-hands' }, false],
  ])('tells whether an alert speaks of another subject under them: %s', (_what, keys, message, is) => {
    expect(isOtherSubject(keys, alertOf({}, message))).toBe(is);
  });
});
