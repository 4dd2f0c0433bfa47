import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { ERASED } from '../../src/core/record/personal.ts';
import { brakeNow, heldBrake, liftVotesOf } from '../../src/flow/record/held.ts';
import type { Brake, LiftVote, Tx } from '../../src/ports/store.ts';
import { person, TENANT_ID } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

/** What the rows say of a stop, held against what the record says of it. */

const entry = <T extends EntryType>(type: T, change: Old = {}) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: '2026-11-20T08:00:00.000Z',
    incident: null,
    actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
    platform: null,
    planDigest: null,
    mailbox: null,
    message: null,
    requestId: null,
    outcome: null,
    seq: 1,
    prev: '',
    ...change,
  });
const vote: LiftVote = {
  person: person(1).entraId,
  name: person(1).name,
  roles: ['approver', 'lead'],
  platform: 'slack',
  account: person(1).slackId,
};
const voted = (change: Old = {}, detail: Flat = {}) =>
  entry('brake.lift-voted', {
    actor: { kind: 'person', id: vote.person, name: vote.name },
    platform: 'slack',
    detail: { account: vote.account, roles: 'approver lead', ...detail },
    ...change,
  });
const withdrawn = (who: string, action: string) => entry('decision.withdrawn', { detail: { person: who, action } });
const stopped = entry('brake.stopped');

/** A store whose rows and record a test writes; null: an entry that somebody changed. */
function rows(brake: Partial<Brake>, votes: readonly LiftVote[], record: readonly (Recorded | null)[]): Tx {
  const found = record.map((one, at) => ({ seq: at + 1, newer: false, entry: one && { ...one, seq: at + 1 } }));
  return {
    brake: { read: async () => brake, lock: async () => brake, liftVotes: async () => votes },
    ledger: {
      find: async ({ types }: { types: readonly string[] }) =>
        found.filter((one) => one.entry === null || types.includes(one.entry.type)),
    },
  } as unknown as Tx;
}
const isBelieved = async (record: readonly Recorded[]) => {
  const { proven, forged } = await liftVotesOf(rows({}, [vote], record), { number: 1 });
  expect([...proven, ...forged]).toEqual([vote]);
  return proven.length === 1;
};

describe('a vote for going on is believed', () => {
  it.each<[string, readonly Recorded[], boolean]>([
    ['as it was given', [stopped, voted()], true],
    ['not where nobody gave it', [stopped], false],
    ['not of an earlier stop', [stopped, voted(), stopped], false],
    ['not once it was taken back', [stopped, voted(), withdrawn(vote.person, 'lift')], false],
    ['not once one was taken back, and whose that was is erased', [stopped, voted(), withdrawn(ERASED, 'lift')], false],
    ['again, given after it was taken back', [stopped, voted(), withdrawn(vote.person, 'lift'), voted()], true],
    ['though somebody else’s was taken back', [stopped, voted(), withdrawn(person(2).entraId, 'lift')], true],
    ['though another word of theirs was taken back', [stopped, voted(), withdrawn(vote.person, 'purge')], true],
    [
      'though what is on record of them is no taking back',
      [stopped, voted({}, { person: vote.person, action: 'lift' })],
      true,
    ],
    ['not of another person', [stopped, voted({ actor: { kind: 'person', id: person(2).entraId, name: '' } })], false],
    [
      'not of a stranger with that id',
      [stopped, voted({ actor: { kind: 'stranger', id: vote.person, name: '' } })],
      false,
    ],
    ['not of the other chat', [stopped, voted({ platform: 'teams' })], false],
    ['not of another account', [stopped, voted({}, { account: 'U0OTHER' })], false],
    ['not with other roles', [stopped, voted({}, { roles: 'approver' })], false],
    ['not for something else', [stopped, oldEntry('decision.withdrawn', { ...voted(), detail: {} })], false],
    ['as earlier versions wrote it down', [stopped, voted({ detail: {} })], true],
    ['where the record begins with it', [voted()], true],
  ])('%s', async (_how, record, believed) => {
    expect(await isBelieved(record)).toBe(believed);
  });

  it('each by itself', async () => {
    const other: LiftVote = { ...vote, person: person(2).entraId };
    const found = await liftVotesOf(rows({}, [vote, other], [stopped, voted()]), { number: 1 });
    expect(found).toEqual({ proven: [vote], forged: [other] });
    expect(await liftVotesOf(rows({}, [], [stopped]), { number: 1 })).toEqual({ proven: [], forged: [] });
  });
});

describe('a stop', () => {
  const going = { stopped: false };
  it.each<[string, Partial<Brake>, readonly (Recorded | null)[], boolean]>([
    ['that the row says', { stopped: true }, [], true],
    ['that nobody made', going, [], false],
    ['that was lifted', going, [stopped, entry('brake.lifted')], false],
    ['that the row does not know any more', going, [stopped, entry('brake.lifted'), stopped], true],
    ['whose last entry somebody changed', going, [stopped, entry('brake.lifted'), null], true],
  ])('%s', async (_what, brake, record, holds) => {
    const answers = [await brakeNow(rows(brake, [], record)), await heldBrake(rows(brake, [], record))];
    expect(answers.map((one) => one.stopped)).toEqual([holds, holds]);
  });
});
