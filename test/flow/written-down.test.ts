import { beforeEach, describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import type { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import type { FinderAnswer } from '../../src/core/find/finder.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { unlink } from '../../src/flow/decide/link.ts';
import { planNote } from '../../src/flow/find/planning.ts';
import { setsFor } from '../../src/flow/find/sets-for.ts';
import { tellFinders } from '../../src/flow/find/survey.ts';
import { explain, tellIncident } from '../../src/flow/tell/story.ts';
import type { LedgerReader } from '../../src/ports/store.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { copyOf, planOf } from '../support/cases.ts';
import { at } from './began.ts';
import { ANN, DANA, looking } from './looking.ts';
import { guid, policyWith, ruleFor } from './telling.ts';

/** What is written down about a case, to the last field: nothing of it is for decoration. */

let world: World;
const { atRest, land, reported, tell } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});
const all = (type: EntryType) => world.memory.entries().filter((entry) => entry.type === type);

describe('a list that was made', () => {
  it('is written down with what it holds and what it leaves out, each counted', () => {
    const names = (count: number, of: string) => Array.from({ length: count }, (_none, n) => `${of}${n}@x.example`);
    const group = (key: string, addresses: readonly string[]) => ({
      ...{ key, differences: ['subject'] as const, sender: null, subject: null, from: null, until: null },
      addresses,
    });
    const { mailbox, address } = copyOf(1);
    const plan = planOf({
      copies: [copyOf(1), copyOf(2), copyOf(3), copyOf(4, { mailbox, address, isRead: true })],
      nothing: names(1, 'nothing'),
      denied: names(2, 'denied'),
      missing: names(3, 'missing'),
      unreachable: names(4, 'unreachable'),
      failed: names(5, 'failed'),
      leftAlone: names(6, 'alone').map((one) => ({ address: one, why: 'another mail' })),
      unsure: [group('g1', names(3, 'a')), group('g2', names(4, 'b'))],
      takenIn: ['g3', 'g4'],
      unresolved: names(8, 'unresolved'),
      shielded: names(9, 'shielded').map((one) => ({ address: one, set: 'board' })),
      ...{ notLooked: 10, vip: 11, legalHold: 12, trackingCut: true, foundBy: 'tracking' as const },
    });
    const note = planNote(plan, 'a digest', 'a request');
    expect(note).toMatchObject({
      type: 'plan.made',
      incident: 'CB-0001',
      planDigest: 'a digest',
      requestId: 'a request',
    });
    expect(note.detail).toMatchObject({
      ...{ copies: 4, mailboxes: 3, read: 2, nothing: 1, denied: 2, missing: 3, unreachable: 4, failed: 5 },
      ...{ leftAlone: 6, unsure: 7, takenIn: 2, unresolved: 8, shielded: 9, notLooked: 10, vip: 11, legalHold: 12 },
      ...{ trackingCut: true, foundBy: 'tracking', mode: 'live' },
    });
  });
});

describe('what finders answered', () => {
  const said = (change: Partial<FinderAnswer>): FinderAnswer => ({
    ...{ name: 'hunting', status: 'answered', found: 1, cutOff: false, detail: '', asOf: at(0) },
    ...change,
  });
  const counted = (finders: readonly FinderAnswer[], delivered: boolean) => {
    const seen: unknown[] = [];
    tellFinders({ observe: (one) => void seen.push(one) }, finders, delivered);
    return seen.map((one) => (one as { result: string }).result);
  };

  it('is counted, and not for one that is switched off', () => {
    expect(counted([said({}), said({ status: 'off', found: 0 }), said({ status: 'silent' })], true)).toHaveLength(2);
  });

  it('is trouble where it named nothing of a mail that was delivered, and none where nobody got it', () => {
    const [delivered, nowhere] = [true, false].map((was) => counted([said({ found: 0 })], was));
    expect([delivered?.[0] === 'answered', nowhere]).toEqual([false, ['answered']]);
  });
});

describe('a set of mailboxes that cannot be read', () => {
  it('is written down where the directory is silent, and not for a fault of ours', async () => {
    const protects = { mailboxes: { protected: [{ name: 'board', entraGroups: [guid(90)] }] } };
    await world.govern(policyWith([ruleFor(['purge'], { approver: 1 })], protects));
    const { policy } = world.flow.policy();
    land(ANN);
    const receipt = await world.alert(1, 'one', null, [ANN]);
    const id = receipt.incident ?? '';
    const asked = (error: Error) => {
      const directory = { ...world.directory, members: () => Promise.reject(error) };
      return setsFor({ ...world.flow, directory }, id, policy);
    };
    await expect(asked(new TypeError('a fault of ours'))).rejects.toThrow('a fault of ours');
    expect(all('sets.checked')).toEqual([]);
    await expect(asked(new ClawbackError('unavailable', 'silent'))).rejects.toThrow('silent');
    expect(all('sets.checked').map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['unreadable', { set: 'the protected set “board”', why: 'silent' }],
    ]);
  });
});

describe('a link that the operator takes away', () => {
  it('is that of one account, and every other stays', async () => {
    const link = (account: string, n: number) =>
      ({ platform: 'slack', account, person: guid(n), how: 'sign-in', at: world.flow.clock.now() }) as const;
    await tell(async (tx) => {
      await tx.people.add(link('U0ONE', 1));
      await tx.people.add(link('U0TWO', 2));
    });
    expect(await unlink(world.flow, 'U0ONE')).toBe(true);
    expect((await tell((tx) => tx.people.list())).map(({ account }) => account)).toEqual(['U0TWO']);
    expect(all('account.unlinked').map(({ detail }) => detail)).toMatchObject([{ account: 'U0ONE', person: guid(1) }]);
    expect([await unlink(world.flow, 'U0ONE'), all('account.unlinked').length]).toEqual([false, 1]);
  });
});

describe('a card that is gone', () => {
  it('is written down with where it was, and nothing else', async () => {
    land(ANN);
    const id = await reported();
    const [card] = world.rooms.slack.cards;
    world.rooms.slack.failures.push({ kind: 'gone', on: 'update' });
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    const { channel, message, via } = card?.ref ?? {};
    expect(all('card.lost').map(({ outcome, platform, detail }) => [outcome, platform, detail])).toEqual([
      ['gone', 'slack', { why: null, place: { channel, message, via } }],
    ]);
  });
});

describe('the story of a case', () => {
  const reader = (unread: readonly number[] = []): LedgerReader => ({
    ...world.memory.ledger,
    ofIncident: async (...asked) => {
      const rows = await world.memory.ledger.ofIncident(...asked);
      return rows.map((row) => (unread.includes(row.seq) ? { ...row, bytes: '{' } : row));
    },
  });

  it('says why it came as it did, and which entries cannot be read', async () => {
    land(ANN);
    const id = await reported();
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    const plain = await explain(reader(), seal, id);
    expect(plain.length).toBeGreaterThan(1);
    expect(plain.join('\n')).not.toMatch(/^Entry \d/m);
    const last = (await world.memory.ledger.ofIncident(id, 0, 1_000)).at(-1)?.seq ?? 0;
    const broken = await explain(reader([last]), seal, id);
    expect(broken.at(-1)).toMatch(new RegExp(`^Entry ${last}: .+\\.$`));
    expect(await explain(reader(), seal, 'CB-9')).toEqual([]);
    expect((await tellIncident(reader([last]), seal, id)).length).toBe((await tellIncident(reader(), seal, id)).length);
  });
});
