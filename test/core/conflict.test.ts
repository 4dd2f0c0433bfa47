import { describe, expect, it } from 'vitest';
import { conflictOf } from '../../src/core/ask/conflict.ts';
import { copyOf, person, planOf } from '../support/cases.ts';

const who = {
  person: 'abcdefab-0000-4000-8000-00000000000a',
  addresses: ['dana@contoso.example', 'd.analyst@contoso.example'],
};
const ALIAS = 'D.Analyst@Contoso.example';

describe('separation of duties', () => {
  it.each([
    ['whose second address was reported with', planOf(), [{ entraId: null, address: ALIAS }], [], 'requester'],
    ['whose second address a source that knows has named', planOf(), [], [ALIAS], 'recipient'],
    [
      'whose tagged address tracking has named',
      planOf({ received: ['dana+news@contoso.example'] }),
      [],
      [],
      'recipient',
    ],
    ['whose second address holds a copy', planOf({ copies: [copyOf(1, { address: ALIAS })] }), [], [], 'recipient'],
    [
      'whose mailbox may not be read, though tracking names it',
      planOf({ denied: [ALIAS], received: [ALIAS] }),
      [],
      [],
      'recipient',
    ],
    [
      'who moved the copy away, though tracking names it',
      planOf({ nothing: [ALIAS], received: [ALIAS] }),
      [],
      [],
      'recipient',
    ],
    [
      'whose mailbox was looked into, and nothing was found',
      planOf({ asked: [ALIAS], nothing: [ALIAS] }),
      [],
      [],
      null,
    ],
    ['whose mailbox may not be read, and nobody knows more', planOf({ asked: [ALIAS], denied: [ALIAS] }), [], [], null],
    [
      'whose mailbox holds a mail that is only like it',
      planOf({
        unsure: [
          {
            key: 'k',
            differences: ['subject'],
            sender: null,
            subject: null,
            from: null,
            until: null,
            addresses: [ALIAS],
          },
        ],
      }),
      [],
      [],
      null,
    ],
    [
      'whose mailbox is protected',
      planOf({ asked: [ALIAS], shielded: [{ address: ALIAS, set: 'board' }] }),
      [],
      [],
      'recipient',
    ],
    [
      'who reported a later alert',
      planOf(),
      [
        { entraId: person(7).entraId, address: null },
        { entraId: who.person, address: null },
      ],
      [],
      'requester',
    ],
    [
      'who reported it, by id in other letters',
      null,
      [{ entraId: who.person.toUpperCase(), address: null }],
      [],
      'requester',
    ],
    ['who is both', planOf({ recipients: [who.person] }), [{ entraId: who.person, address: null }], [], 'requester'],
    ['with an address that only begins alike', planOf(), [], ['dana@contoso.example.evil.example'], null],
  ] as const)('somebody %s', (_who, plan, askers, recipients, conflict) => {
    expect(conflictOf(who, plan, askers, recipients)).toBe(conflict);
  });

  it('somebody without a known address is never mistaken for an unknown reporter', () => {
    expect(conflictOf({ ...who, addresses: [] }, null, [{ entraId: null, address: null }], [])).toBeNull();
  });
});
