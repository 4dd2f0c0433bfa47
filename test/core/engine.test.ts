import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action } from '../../src/core/action/action.ts';
import { awaiting, type EngineTerms, engineFor, restByDefender } from '../../src/core/action/engine.ts';
import {
  defenderNameOf,
  idByDefender,
  locationIn,
  placeByDefender,
  refsOf,
} from '../../src/core/action/engine-names.ts';
import { giveUp, judge } from '../../src/core/action/procedure.ts';
import { present } from '../../src/core/tell/present.ts';
import { copyOf, factsOf, planOf } from '../support/cases.ts';
import { opened, sealed } from '../support/sealed-plans.ts';

const NETWORK_ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
const IN_MAILBOX = { message: 'AAkA1', address: 'ann@contoso.example' };
const KNOWN_TO_BOTH = { ...IN_MAILBOX, refs: { networkMessageId: NETWORK_ID } };
const BY_DEFENDER = { message: idByDefender(NETWORK_ID), address: 'ann@contoso.example' };
const terms = (first: EngineTerms['first'], fallback: boolean): EngineTerms => ({ first, fallback });

describe('who carries it out', () => {
  it.each<[string, EngineTerms | undefined, Action, object, string | null]>([
    ['a list without a word of it', undefined, 'purge', KNOWN_TO_BOTH, 'mailbox'],
    ['the mailbox alone', terms('mailbox', false), 'purge', KNOWN_TO_BOTH, 'mailbox'],
    ['Defender alone', terms('defender', false), 'purge', KNOWN_TO_BOTH, 'defender'],
    ['Defender first', terms('defender', true), 'purge', KNOWN_TO_BOTH, 'defender'],
    ['the mailbox first', terms('mailbox', true), 'purge', KNOWN_TO_BOTH, 'mailbox'],
    ['Defender alone, which does not know it', terms('defender', false), 'purge', IN_MAILBOX, null],
    ['Defender first, which does not know it', terms('defender', true), 'purge', IN_MAILBOX, 'mailbox'],
    ['the mailbox first, which was never asked', terms('mailbox', true), 'purge', BY_DEFENDER, 'defender'],
    ['the mailbox alone, which was never asked', undefined, 'purge', BY_DEFENDER, null],
    ['Defender first, for good', terms('defender', true), 'hard-purge', KNOWN_TO_BOTH, 'defender'],
    ['Defender first, to Junk', terms('defender', true), 'junk', KNOWN_TO_BOTH, 'defender'],
    ['Defender first, of marks', terms('defender', true), 'flag', KNOWN_TO_BOTH, 'mailbox'],
    ['Defender alone, of marks', terms('defender', false), 'flag', BY_DEFENDER, null],
    ['Defender first, before people have looked', terms('defender', true), 'contain', KNOWN_TO_BOTH, 'mailbox'],
    ['Defender alone, before people have looked', terms('defender', false), 'contain', BY_DEFENDER, null],
    ['Defender first, for the undo', terms('defender', true), 'restore', KNOWN_TO_BOTH, 'mailbox'],
    ['Defender alone, for the undo', terms('defender', false), 'restore', BY_DEFENDER, 'defender'],
  ])('%s', (_, engine, action, copy, expected) => {
    expect(engineFor(action, copy as typeof IN_MAILBOX, engine)).toBe(expected);
  });

  it('is never somebody whom the list does not name, whatever the action', () => {
    for (const action of ACTIONS) {
      expect(engineFor(action, KNOWN_TO_BOTH, terms('mailbox', false))).toBe('mailbox');
      expect(engineFor(action, KNOWN_TO_BOTH, terms('defender', false))).not.toBe('mailbox');
    }
  });
});

describe('what Defender calls a copy', () => {
  it('is its network id and the address that it was delivered to, also where that is another of its owner’s', () => {
    const name = { networkMessageId: NETWORK_ID, recipient: 'Ann.Alias@contoso.example' };
    expect(defenderNameOf({ ...IN_MAILBOX, refs: refsOf(name, IN_MAILBOX.address) })).toEqual(name);
    expect(refsOf({ ...name, recipient: 'ANN@contoso.example' }, IN_MAILBOX.address)).toEqual({
      networkMessageId: NETWORK_ID,
    });
    expect(defenderNameOf(BY_DEFENDER)).toEqual({ networkMessageId: NETWORK_ID, recipient: BY_DEFENDER.address });
    expect(defenderNameOf(IN_MAILBOX)).toBeNull();
  });

  it('names a place in words that no folder of a mailbox has', () => {
    expect([locationIn(placeByDefender('inbox_folder')), locationIn('AAMkInbox')]).toEqual(['inbox_folder', null]);
  });
});

describe('a request to Defender', () => {
  it.each([
    [1, 0, 'wait'],
    [1, 999, 'wait'],
    [1, 1_000, 'once more'],
    [2, 999, 'wait'],
    [2, 1_000, 'enough'],
    [3, 1_000, 'enough'],
  ] as const)('sent %i times, the last %i ms ago: %s', (requests, sinceMs, expected) => {
    expect(awaiting(requests, sinceMs, 1_000)).toBe(expected);
  });

  it.each([
    [5_000, 1_500],
    [600_000, 30_000],
    [7_200_000, 60_000],
  ])('that is looked after for %i ms is looked for every %i ms', (patienceMs, expected) => {
    expect(restByDefender(patienceMs)).toBe(expected);
  });
});

const FORMS = { internetMessageIds: ['<a@x>'], senders: [] };
const at = (location: string) => ({
  internetMessageId: '<a@x>',
  sender: null,
  folderId: placeByDefender(location),
  inRecoverableItems: location === 'deletedFolder',
  isRead: false,
  flag: 'notFlagged',
  categories: [],
});
const judged = (action: Action, from: string | null, now: string, change: object = {}) => {
  const before = from === null ? null : at(from);
  const verdict = judge({ action, intended: from !== null, before, ...change }, at(now), FORMS);
  return verdict === 'act' ? 'act' : verdict.outcome;
};

describe('a copy that only Defender tells of', () => {
  it.each<[Action, string | null, string, string]>([
    ['purge', null, 'inbox_folder', 'act'],
    // In Deleted Items its owner may still see it: only a change proves anything.
    ['purge', null, 'deletedFolder', 'act'],
    ['purge', null, 'quarantine', 'alreadyGone'],
    ['purge', 'inbox_folder', 'inbox_folder', 'act'],
    ['purge', 'inbox_folder', 'deletedFolder', 'removed'],
    ['purge', 'junkFolder', 'deletedFolder', 'removed'],
    ['purge', 'deletedFolder', 'deletedFolder', 'act'],
    // It does not tell whether anybody can bring it back.
    ['hard-purge', 'inbox_folder', 'deletedFolder', 'removed'],
    ['hard-purge', 'inbox_folder', 'inbox_folder', 'act'],
    ['restore', 'inbox_folder', 'deletedFolder', 'act'],
    ['restore', 'inbox_folder', 'inbox_folder', 'restored'],
    ['restore', 'junkFolder', 'inbox_folder', 'restoredElsewhere'],
    ['restore', 'inbox_folder', 'junkFolder', 'act'],
  ])('%s, seen in %s first and now in %s: %s', (action, from, now, expected) => {
    expect(judged(action, from, now)).toBe(expected);
  });

  it('that was out of where it was put before the undo came is nobody’s to move', () => {
    expect(judged('restore', 'inbox_folder', 'inbox_folder', { intended: false })).toBe('movedByUser');
    expect(judged('restore', 'inbox_folder', 'deletedFolder', { intended: false, put: 'junk' })).toBe('movedByUser');
    expect(judged('restore', 'inbox_folder', 'junkFolder', { intended: false, put: 'junk' })).toBe('act');
  });

  it('ends as still there, or as not known where it was deleted before', () => {
    const ending = (from: string, now: string) => giveUp({ action: 'purge', before: at(from) }, at(now)).outcome;
    expect([ending('inbox_folder', 'inbox_folder'), ending('deletedFolder', 'deletedFolder')]).toEqual([
      'stillThere',
      'failed',
    ]);
  });
});

describe('a list with a choice', () => {
  const engine = terms('defender', true);
  const copies = [
    copyOf(0, { refs: { networkMessageId: NETWORK_ID }, isRead: false }),
    copyOf(1, { message: idByDefender(NETWORK_ID), isRead: false }),
    copyOf(2, { isRead: true }),
  ];
  const card = (change: object) => present(factsOf('open', { plan: planOf({ copies, ...change }) }));
  const lines = (change: object) => card(change).warnings.map(({ text }) => text);

  it('is part of what is approved: another choice is another digest, and the same choice comes back', () => {
    const [plan, other] = [planOf({ copies, engine }), planOf({ copies, engine: terms('defender', false) })];
    expect(sealed(plan).digest).not.toBe(sealed(other).digest);
    expect(opened(sealed(plan)).plan?.engine).toEqual(engine);
  });

  it('is of a version that an older process leaves alone; without a choice nothing has changed', () => {
    const versionOf = (plan: ReturnType<typeof planOf>) => JSON.parse(sealed(plan).manifest).version;
    expect([versionOf(planOf({ copies, engine })), versionOf(planOf({ copies }))]).toEqual([4, 3]);
  });

  it('says on the card who does what, why, and what it means for the undo', () => {
    const text = lines({ engine });
    expect(text).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^2 of 3 copies go through Defender, as it is configured: .*Undo puts 1 of them back into the Inbox/,
        ),
        expect.stringMatching(/^1 of 3 copies is known from Defender alone, as it told /),
      ]),
    );
    expect(lines({})).toEqual([]);
  });

  it('says what nobody may do, and that the undo is exact where the mailboxes do it', () => {
    expect(lines({ engine: terms('mailbox', false) })).toEqual(
      expect.arrayContaining(['1 of 3 copies is out of reach for whoever may carry this out.']),
    );
    expect(lines({ engine, copies: copies.slice(0, 1) })).toEqual([
      expect.stringContaining('Undo goes through the mailboxes and puts them back where they were.'),
    ]);
  });

  it('calls nothing unread of which that is not told', () => {
    expect(JSON.stringify(card({ engine }))).toContain('3 copies in 3 mailboxes, 1 of 2 read');
    expect(JSON.stringify(card({ engine, copies: copies.slice(1, 2) }))).toContain(
      '; whether they were read is not told',
    );
  });
});
