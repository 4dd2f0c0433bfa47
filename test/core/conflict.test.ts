import { describe, expect, it } from 'vitest';
import { conflictOf } from '../../src/core/conflict.ts';
import { copyOf, person, planOf } from '../support/cases.ts';

const who = {
  person: 'abcdefab-0000-4000-8000-00000000000a',
  addresses: ['dana@contoso.example', 'd.analyst@contoso.example'],
};
const ALIAS = 'D.Analyst@Contoso.example';

describe('separation of duties', () => {
  it.each([
    ['whose second address was reported with', planOf(), [{ entraId: null, address: ALIAS }], [], 'requester'],
    ['whose second address an alert named', planOf(), [], [ALIAS], 'recipient'],
    ['whose second address holds a copy', planOf({ copies: [copyOf(1, { address: ALIAS })] }), [], [], 'recipient'],
    ['whose mailbox may not be read', planOf({ asked: [ALIAS], denied: [ALIAS] }), [], [], 'recipient'],
    ['whose mailbox gave no answer', planOf({ asked: [ALIAS], failed: [ALIAS] }), [], [], 'recipient'],
    ['who moved the copy away', planOf({ asked: [ALIAS], nothing: [ALIAS] }), [], [], 'recipient'],
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
