import { describe, expect, it } from 'vitest';
import { addressesDocument } from '../../src/adapters/store/documents/addresses.ts';
import { alertDocument } from '../../src/adapters/store/documents/alert.ts';
import { approvedByDocument } from '../../src/adapters/store/documents/approved-by.ts';
import { askersDocument } from '../../src/adapters/store/documents/askers.ts';
import { beforeImageDocument } from '../../src/adapters/store/documents/before-image.ts';
import { cardRefDocument } from '../../src/adapters/store/documents/card-ref.ts';
import { type Codec, readingRow } from '../../src/adapters/store/documents/document.ts';
import { elsewhereDocument } from '../../src/adapters/store/documents/elsewhere.ts';
import { lookDocument } from '../../src/adapters/store/documents/look.ts';
import { policyDocument } from '../../src/adapters/store/documents/policy.ts';
import { rolesDocument } from '../../src/adapters/store/documents/roles.ts';
import { signInDocument } from '../../src/adapters/store/documents/sign-in.ts';
import { takenInDocument } from '../../src/adapters/store/documents/taken-in.ts';
import { ticketSignInDocument } from '../../src/adapters/store/documents/ticket-sign-in.ts';
import { ticketVoteDocument } from '../../src/adapters/store/documents/ticket-vote.ts';
import { alertOf, policyOf } from '../support/cases.ts';
import { LOOK } from '../support/people-words.ts';

const OF = { tenant: 't1', id: 'CB-0001' };
const signIn = { context: 'c1', at: '2026-11-20T08:00:00.000Z' };
const copy = {
  internetMessageId: '<one@mailer.example>',
  sender: null,
  folderId: 'inbox',
  inRecoverableItems: false,
  isRead: true,
  flag: 'flagged',
  categories: ['Red'],
};
const flagDates = { due: { dateTime: '2026-11-20T08:00:00', timeZone: 'UTC' } };
const moved = { incident: 'CB-0002', action: 'purge', copies: 2, at: '2026-11-20T08:00:00.000Z' } as const;

/** A codec, one value that it keeps, and a text that is none. */
const kept = <T>(codec: Codec<T>, value: T, broken: unknown) => ({ codec: codec as Codec<unknown>, value, broken });

const ALL = {
  alert: kept(alertDocument, alertOf({ recipients: ['a@x.example'] }), { id: 'x' }),
  askers: kept(askersDocument, [{ entraId: null, address: 'a@x.example' }], [{ entraId: 1 }]),
  'taken-in': kept(takenInDocument, ['g1'], [1]),
  elsewhere: kept(elsewhereDocument, [moved, { ...moved, kept: true }], [{ incident: 'CB-0002' }]),
  'approved-by': kept(approvedByDocument, ['p1'], 'p1'),
  roles: kept(rolesDocument, ['approver'], { approver: true }),
  addresses: kept(addressesDocument, [], null),
  'sign-in': kept(signInDocument, signIn, { context: 'c1' }),
  'before-image': kept(beforeImageDocument, copy, { ...copy, isRead: 'yes' }),
  'before-image with dates': kept(beforeImageDocument, { ...copy, flagDates }, { ...copy, flagDates: 1 }),
  'card-ref': kept(cardRefDocument, { platform: 'slack', channel: 'C', message: '1', via: '' }, { channel: 'C' }),
  policy: kept(policyDocument, policyOf(1, 1), { version: 1, roles: {}, rules: [] }),
  'ticket-sign-in': kept(ticketSignInDocument, { person: 'p', name: 'P', proof: signIn }, { person: 'p' }),
  'ticket-vote': kept(
    ticketVoteDocument,
    { incident: 'CB-0001', action: 'purge', digest: 'd', context: 'c1', reason: null, channel: 'C', message: '1' },
    { incident: 'CB-0001' },
  ),
};

describe.each(Object.entries(ALL))('a stored document (%s)', (_name, { codec, value, broken }) => {
  it('is the same when it is read again', () => {
    expect(codec.read(codec.write(value), OF)).toEqual(value);
  });

  it.each(['', '{', JSON.stringify(broken)])('that is %j is an error that says where it stands', (text) => {
    expect(() => codec.read(text, OF)).toThrow(
      expect.objectContaining({
        code: 'invalid',
        message: expect.stringMatching(/^the stored .+ of CB-0001 \(tenant t1\) cannot be read: /),
      }),
    );
  });

  it('of a later version is left', () => {
    expect(() => codec.read('{"v":2,"version":2}', OF)).toThrow(
      expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('is not known here') }),
    );
  });
});

describe('a document that has a second version', () => {
  const today = { ...LOOK, already: [] };

  it.each([LOOK, today])('is the same when it is read again', (look) => {
    expect(lookDocument.read(lookDocument.write(look), OF)).toEqual(look);
  });

  it('says so only where an older process would take it for broken', () => {
    const versions = [LOOK, today].map((look) => JSON.parse(lookDocument.write(look)).v);
    expect(versions).toEqual([undefined, 2]);
  });

  it('is left where it is of a third, and an error where it is none of the second', () => {
    const codes = [{ v: 3 }, { ...today, v: 2, already: 1 }].map((found) => {
      const seen = lookDocument.look(JSON.stringify(found), OF);
      return 'unread' in seen && seen.unread.newer;
    });
    expect(codes).toEqual([true, false]);
  });
});

describe('a row of which a document cannot be read', () => {
  it('has something else in its place, and bears the first that is wrong', () => {
    const reading = readingRow(OF);
    expect(reading.marks()).toEqual({});
    expect([
      reading.take(rolesDocument, '["approver"]', []),
      reading.take(rolesDocument, '[1]', []),
      reading.take(addressesDocument, '{"v":2}', ['none']),
    ]).toEqual([['approver'], [], ['none']]);
    expect(reading.marks()).toEqual({
      unread: { newer: false, what: expect.stringContaining('the stored roles of a vote of CB-0001') },
    });
  });

  it('says why in words that can be written down, whatever somebody has put in', () => {
    const text = `{"id":"x","${'long'.repeat(1_000)}\\ud800\u202e":1}`;
    const seen = alertDocument.look(text, OF);
    const what = 'unread' in seen ? seen.unread.what : '';
    expect([what.length < 300, what.isWellFormed(), what.includes('\u202e')]).toEqual([true, true, false]);
  });

  it('knows a policy as it is, also with what this version would not take', () => {
    const older = { version: 1, roles: { approver: {} }, rules: [{ name: 'all', what: 'nobody knows any more' }] };
    expect(policyDocument.read(JSON.stringify(older), OF)).toEqual(older);
  });
});
