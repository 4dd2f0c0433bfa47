import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/action/action.ts';
import type { SeenCopy } from '../../src/core/action/copy.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { ERASED } from '../../src/core/record/personal.ts';
import { linkBreach, runBreach, stateBreach, voteBreach } from '../../src/core/record/trust.ts';
import { imageOf, workBreach } from '../../src/core/record/trust-work.ts';
import { copyOf, DIGEST, person, planOf, standingAt, TENANT_ID, voteOf } from '../support/cases.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

/** What only almost says what is stored. */

const entry = <T extends EntryType>(type: T, change: Old = {}) =>
  oldEntry(type, {
    tenant: TENANT_ID,
    at: '2026-11-20T08:10:00.000Z',
    incident: 'CB-0001',
    actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
    platform: null,
    planDigest: DIGEST,
    mailbox: null,
    message: null,
    requestId: null,
    outcome: null,
    seq: 1,
    prev: '',
    ...change,
  });
/** Numbered as they stand in a list. */
const inOrder = (entries: readonly Recorded[]) => entries.map((one, at) => ({ ...one, seq: at + 1 }));
const by = (n: number) => ({ kind: 'person', id: person(n).entraId, name: person(n).name }) as const;
const approved = (n: number, detail: Flat = {}, change: Old = {}) =>
  entry('decision.approved', {
    actor: by(n),
    platform: 'slack',
    detail: { action: 'purge', roles: 'approver', signIn: null, ...detail },
    ...change,
  });
const takenBack = (n: number) =>
  entry('decision.withdrawn', { detail: { action: 'purge', person: person(n).entraId } });

describe('a vote against what the record says of it', () => {
  it.each<[string, readonly Recorded[], string | null]>([
    ['taken back', [approved(1), takenBack(1)], 'is not in the record'],
    ['of somebody else taken back', [approved(1), takenBack(2)], null],
    ['given again after it was taken back', [approved(1), takenBack(1), approved(1)], null],
    ['whose entry names the person twice', [approved(1, { person: person(1).entraId })], null],
    [
      'of which there is only what the same person did otherwise',
      [entry('run.cancelled', { actor: by(1), platform: 'slack', detail: { action: 'purge' } })],
      'is not in the record',
    ],
    ['given in another chat', [approved(1, {}, { platform: 'teams' })], 'differs from the record'],
    ['given in one chat and then in the other', [approved(1, {}, { platform: 'teams' }), approved(1)], null],
    ['given in the other chat later', [approved(1), approved(1, {}, { platform: 'teams' })], null],
  ])('%s', (_what, entries, words) => {
    expect(voteBreach([voteOf(1)], inOrder(entries))).toEqual(words === null ? null : expect.stringContaining(words));
  });

  it.each(['undo', 'restore'])('for an undo is one, whether it is called %s', (action) => {
    expect(voteBreach([voteOf(1, { action: 'restore' })], [approved(1, { action })])).toBeNull();
  });

  it.each([
    ['g1', null],
    ['g2', 'differs from the record'],
  ])('to take a group in is about that group: %s', (reason, words) => {
    const breach = voteBreach(
      [voteOf(1, { action: 'take-in', reason: 'g1' })],
      [approved(1, { action: 'take-in', reason })],
    );
    expect(breach).toEqual(words === null ? null : expect.stringContaining(words));
  });

  it('bears a name as the record keeps it, however long it is', () => {
    const vote = voteOf(1, { name: 'x'.repeat(300) });
    const name = 'x'.repeat(200);
    const said = approved(1, { account: vote.account, votedAt: vote.at }, { actor: { ...by(1), name } });
    expect(voteBreach([vote], [said])).toBeNull();
  });
});

describe('a state against what the record has last', () => {
  const updated = entry('plan.made', { detail: { foundBy: 'x' } });
  it.each(['rejected', 'purged', 'expired'] as const)('an update of the first version makes nothing %s', (state) => {
    expect(stateBreach(standingAt(state), [updated])).toBe(`the record does not say that the incident is ${state}`);
  });
});

describe('a run against what the record says of it', () => {
  const run = {
    id: 'r1',
    action: 'purge' as Action,
    planDigest: DIGEST,
    state: 'running' as 'running' | 'finished',
    mode: 'live',
    cause: 'approved',
    approvedBy: [person(1).entraId],
    mailboxes: 2,
    cancelledAt: null as string | null,
  };
  const started = (detail: Flat = {}) =>
    entry('run.started', {
      detail: {
        action: 'purge',
        run: 'r1',
        cause: 'approved',
        mode: 'live',
        mailboxes: 2,
        approvedBy: person(1).entraId,
        ...detail,
      },
    });
  const ended = (id = 'r1') => entry('run.finished', { detail: { run: id } });
  const cancelled = (id = 'r1') => entry('run.cancelled', { detail: { run: id } });
  const begun = [approved(1), started()];
  const cancelledAt = '2026-11-20T08:13:00.000Z';
  const both = { approvedBy: [person(1).entraId, person(2).entraId] };
  const startedByBoth = started({ approvedBy: both.approvedBy.join(' ') });
  const rollBack = { action: 'restore' as Action, cause: 'roll-back' };
  const rolledBack = (why: string | null) => started({ action: 'restore', cause: 'roll-back', why });

  it.each<[string, Partial<typeof run>, readonly Recorded[], string | null]>([
    ['of which only the end is there', { state: 'finished' }, [approved(1), ended()], 'is not in the record'],
    ['while another one ended', {}, [...begun, ended('r2')], null],
    ['that ended', { state: 'finished' }, [...begun, ended()], null],
    ['that only another one ended like', { state: 'finished' }, [...begun, ended('r2')], 'has ended'],
    ['while another one was cancelled', {}, [...begun, cancelled('r2')], null],
    ['that was cancelled', { cancelledAt }, [...begun, cancelled()], null],
    ['that was cancelled, and does not say so', {}, [...begun, cancelled()], 'was cancelled, says the record'],
    ['that says it was cancelled', { cancelledAt }, begun, 'does not say that a run (purge) was cancelled'],
    ['that two people approved', both, [approved(1), approved(2), startedByBoth], null],
    ['that only one of two approved', both, [approved(1), startedByBoth], 'rests on is not in the record'],
    ['rolled back on one word, as earlier versions did', rollBack, [rolledBack('rejected')], null],
    ['rolled back on no word', rollBack, [rolledBack(null)], 'rests on is not in the record'],
    ['approved, and called rejected', {}, [started({ why: 'rejected' })], 'rests on is not in the record'],
  ])('%s', (_what, change, entries, words) => {
    expect(runBreach({ ...run, ...change }, inOrder(entries))).toEqual(
      words === null ? null : expect.stringContaining(words),
    );
  });

  it('of an earlier version, which wrote down less, is believed as what it was then', () => {
    const old = entry('run.started', { detail: { action: 'purge', run: 'r1', approvedBy: person(1).entraId } });
    expect(runBreach(run, inOrder([approved(1), old]))).toBeNull();
    expect(runBreach({ ...run, cause: 'policy' }, inOrder([approved(1), old]))).toContain('the cause of');
    expect(runBreach({ ...run, mode: 'dry-run' }, inOrder([approved(1), old]))).toContain('the mode of');
  });
});

describe('what is to be put back', () => {
  const { mailbox, message, address, folderId, isRead, flag, categories } = copyOf(1);
  const before: SeenCopy = {
    internetMessageId: planOf().key.internetMessageId,
    sender: null,
    folderId,
    inRecoverableItems: false,
    isRead,
    flag,
    categories,
  };
  const allowed = (befores: readonly string[]) => new Map([[`${mailbox} ${message}`, { address, befores }]]);

  it.each<[string, SeenCopy | null, readonly string[], boolean]>([
    ['what was taken out', before, [imageOf(before)], true],
    ['one of several things that were', before, ['', imageOf(before)], true],
    ['in another folder', { ...before, folderId: 'junk' }, [imageOf(before)], false],
    ['with another mark', { ...before, flag: 'flagged' }, [imageOf(before)], false],
    ['something, where nothing was taken out', before, [], false],
    ['nothing that is known', null, [''], true],
    ['nothing that is known, where it was known', null, [imageOf(before)], false],
    ['something, where nothing of it was known', before, [''], false],
  ])('is %s', (_what, image, befores, holds) => {
    expect(workBreach([{ mailbox, message, address, before: image }], allowed(befores)) === null).toBe(holds);
  });
});

it('a link is held against its own chat, also where an account of the other one bears the same name', () => {
  const said = (platform: 'slack' | 'teams', n: number) =>
    entry('account.linked', { platform, actor: by(n), detail: { account: 'U0' } });
  const link = { platform: 'slack', account: 'U0', person: person(1).entraId };
  expect(linkBreach(link, [said('slack', 1), said('teams', 2)])).toBeNull();
  expect(linkBreach(link, [said('teams', 1)])).not.toBeNull();
});

describe('what was erased of an entry that took a right away gives it to nobody again', () => {
  const linked = entry('account.linked', { seq: 4, platform: 'slack', actor: by(1), detail: { account: 'U0' } });
  const unlinked = (of: number) => {
    const gone = entry('account.unlinked', { seq: 7, platform: 'slack', detail: { account: ERASED, person: ERASED } });
    return { ...gone, detail: { ...gone.detail, linked: [of] } };
  };
  it.each([
    ['a link that was taken back', 4, false],
    ['a link, where that was another one', 3, true],
  ])('%s', (_what, of, holds) => {
    const link = { platform: 'slack', account: 'U0', person: person(1).entraId };
    expect(linkBreach(link, [linked, unlinked(of)]) === null).toBe(holds);
  });

  it('a vote that was taken back', () => {
    const gone = entry('decision.withdrawn', { detail: { action: 'purge', person: ERASED, name: ERASED } });
    expect(voteBreach([voteOf(1)], inOrder([approved(1), gone]))).toContain('is not in the record');
    expect(voteBreach([voteOf(1)], inOrder([gone, approved(1)]))).toBeNull();
  });
});
