import { describe, expect, it } from 'vitest';
import { Alert } from '../../src/core/find/alert.ts';
import { filingKeys } from '../../src/core/find/key.ts';
import { alertOf } from '../support/cases.ts';
import { good } from '../support/signed-alerts.ts';

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
    expect(filingKeys(alertOf({ source: 'a b', id: 'c' }, none))).not.toEqual(
      filingKeys(alertOf({ source: 'a', id: 'b c' }, none)),
    );
  });

  it('the same mail in other letters of the sender is one incident', () => {
    expect(filingKeys(alertOf({}, { sender: 'BILLING@fabrikam.example' }))).toEqual(filingKeys(alertOf()));
  });

  it('a reused Message-ID of another sender is another incident', () => {
    expect(filingKeys(alertOf({}, { sender: 'friend@contoso.example' }))).not.toBe(filingKeys(alertOf()));
  });
});
