import { describe, expect, it } from 'vitest';
import { filingKeys, messageKey, subjectKey } from '../../src/core/find/key.ts';
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
