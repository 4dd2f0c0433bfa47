import { describe, expect, it } from 'vitest';
import type { Delivered } from '../../src/core/find/identify.ts';
import { inNoList } from '../../src/core/find/listed.ts';
import { copyOf } from '../support/cases.ts';

/** A mailbox is looked into again only where tracking names more than the lists can hold. */

const ID = '22222222-0000-4000-8000-00000000000a';
const ANN = 'ann@contoso.example';
const MADE = '2026-11-20T08:10:00.000Z';
const row = (change: Partial<Delivered> = {}): Delivered => ({
  recipient: ANN,
  recipientId: ID,
  networkMessageId: 'n1',
  internetMessageId: null,
  sender: null,
  subject: null,
  at: '2026-11-20T08:00:00Z',
  ...change,
});
const list = (messages: readonly string[], resolvedAt = MADE) => ({
  copies: messages.map((message) => ({ ...copyOf(0), mailbox: ID, address: ANN, message })),
  resolvedAt,
});

describe('a delivery', () => {
  it.each<[string, readonly Delivered[], ReturnType<typeof list>[], readonly string[]]>([
    ['that a list has a copy of', [row()], [list(['m1'])], []],
    ['where no list has a copy', [row()], [list([])], [ANN]],
    ['where there is no list', [row()], [], [ANN]],
    ['more than there are copies', [row(), row({ networkMessageId: 'n2' })], [list(['m1'])], [ANN, ANN]],
    ['for each of which there is a copy', [row(), row({ networkMessageId: 'n2' })], [list(['m1']), list(['m2'])], []],
    [
      'of a copy that two lists hold',
      [row(), row({ networkMessageId: 'n2' })],
      [list(['m1']), list(['m1'])],
      [ANN, ANN],
    ],
    ['that is told twice', [row(), row({ recipient: 'a.ann@contoso.example' })], [list(['m1'])], []],
    ['without a network id', [row({ networkMessageId: null }), row()], [list(['m1'])], [ANN, ANN]],
    [
      'two of them without a network id',
      [row({ networkMessageId: null }), row({ networkMessageId: null })],
      [list(['m1'])],
      [ANN, ANN],
    ],
    ['to an id that no list knows, and an address that one does', [row({ recipientId: 'other' })], [list(['m1'])], []],
    ['from after the list was made', [row({ at: '2026-11-20T08:10:01Z' })], [list(['m1'])], [ANN]],
    ['from the second of the list', [row({ at: '2026-11-20T08:10:00Z' })], [list(['m1'])], []],
    [
      'from before the newest list',
      [row({ at: '2026-11-20T08:20:00Z' })],
      [list(['m1'], '2026-11-20T09:00:00.000Z'), list(['m1'])],
      [],
    ],
    ['at a time that is not told', [row({ at: null })], [list(['m1'])], []],
    ['to an address alone', [row({ recipientId: null, recipient: 'Ann@Contoso.example' })], [list(['m1'])], []],
    [
      'to an id in capitals',
      [row({ recipientId: ID.toUpperCase(), recipient: 'x@contoso.example' })],
      [list(['m1'])],
      [],
    ],
    [
      'to another address',
      [row({ recipientId: null, recipient: 'x@contoso.example' })],
      [list(['m1'])],
      ['x@contoso.example'],
    ],
  ])('%s', (_what, rows, lists, recipients) => {
    expect(inNoList(rows, lists)).toEqual(recipients);
  });
});
