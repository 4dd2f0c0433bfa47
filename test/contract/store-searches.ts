import { describe, expect, it } from 'vitest';
import type { Lookup } from '../../src/ports/reader.ts';
import type { NewPart } from '../../src/ports/searches.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, LEASE_MS, NOTE, type StoreRig } from './store-rig.ts';

export const SEARCH = { incident: 'CB-0001', name: 's1' };
const OTHER = { incident: 'CB-0001', name: 's2' };
const LATER = '2026-11-20T08:00:05.000Z';

export const partOf = (id: string, addresses: readonly string[] = [`${id}@contoso.example`]): NewPart => ({
  id,
  addresses,
  wanted: {
    internetMessageIds: ['<one@mailer.example>'],
    networkMessageIds: ['73ca4154-58d8-43d0-a890-08dc18c52e6d'],
    owners: new Map([[`${id}@contoso.example`, 'owner']]),
  },
});

const FOUND: Lookup = {
  address: 'p1@contoso.example',
  mailbox: { id: 'owner', address: 'p1@contoso.example' },
  result: 'found',
  messages: [
    {
      message: 'm1',
      internetMessageId: '<one@mailer.example>',
      sender: 'a@x.example',
      subject: NOTE,
      networkMessageId: null,
      isDraft: false,
      inSentItems: false,
      folderId: 'inbox',
      receivedAt: AT,
      isRead: true,
      flag: 'flagged',
      categories: ['red'],
      refs: { networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d' },
    },
  ],
  requestId: 'r',
  detail: '',
};
const NOTHING: Lookup = { ...FOUND, address: 'p2@contoso.example', result: 'nothing', messages: [] };

/** Searches of many mailboxes, kept as they go. */
export function searchesContract({ store }: StoreRig): void {
  const on = <T>(work: (searches: Tx['searches']) => Promise<T>) => store.transact((tx) => work(tx.searches));
  const two = () => on((searches) => searches.add(SEARCH, [partOf('p1'), partOf('p2')], AT));
  const claim = (by: string, leaseMs = LEASE_MS) => on((searches) => searches.claim(SEARCH, by, leaseMs));
  const answered = async () => {
    await two();
    const part = await claim('c1');
    return { part, digest: part && (await on((searches) => searches.answer(SEARCH, part, [FOUND], LATER))) };
  };

  describe('a search of many mailboxes', () => {
    it('hands out each part once, in their order, with what is looked for', async () => {
      await two();
      const claimed = [await claim('c1'), await claim('c2'), await claim('c3')];
      expect(claimed).toEqual([{ ...partOf('p1'), by: 'c1' }, { ...partOf('p2'), by: 'c2' }, null]);
    });

    it('hands out again what is held no longer', async () => {
      await two();
      await claim('c1', 0);
      expect((await claim('c2'))?.id).toBe('p1');
    });

    it('keeps what is extended', async () => {
      await two();
      const part = await claim('c1');
      expect(part && (await on((searches) => searches.extend(SEARCH, part, LEASE_MS)))).toBe(true);
      expect((await claim('c2'))?.id).toBe('p2');
    });

    it('takes no answer and no extension of whoever was overtaken', async () => {
      await two();
      const part = await claim('c1', 0);
      await claim('c2');
      if (!part) throw new Error('nothing was claimed');
      expect(await on((searches) => searches.extend(SEARCH, part, LEASE_MS))).toBe(false);
      expect(await on((searches) => searches.answer(SEARCH, part, [FOUND], LATER))).toBeNull();
      expect(await on((searches) => searches.answers(SEARCH, ['p1', 'p2']))).toEqual(new Map());
    });

    it('takes one answer for a part', async () => {
      const { part } = await answered();
      expect(part && (await on((searches) => searches.answer(SEARCH, part, [], LATER)))).toBeNull();
    });

    it('gives back what was answered, and the digest that was told', async () => {
      const { digest } = await answered();
      const answers = await on((searches) => searches.answers(SEARCH, ['p1', 'p2']));
      expect(answers).toEqual(new Map([['p1', { digest, lookups: [FOUND] }]]));
    });

    it('has another digest for another answer, and for the same answer to something else', async () => {
      await two();
      const digests: (string | null)[] = [];
      for (const lookups of [[FOUND], [FOUND]]) {
        const part = await claim('c1');
        if (part) digests.push(await on((searches) => searches.answer(SEARCH, part, lookups, LATER)));
      }
      await on((searches) => searches.drop('CB-0001', 'all').then(() => searches.add(SEARCH, [partOf('p1')], AT)));
      const again = await claim('c1');
      if (again) digests.push(await on((searches) => searches.answer(SEARCH, again, [NOTHING], LATER)));
      expect(new Set(digests).size).toBe(3);
    });

    it('says how far it is', async () => {
      await answered();
      await on((searches) => searches.add(SEARCH, [partOf('p3', ['a@contoso.example', 'b@contoso.example'])], LATER));
      expect(await on((searches) => searches.progress('CB-0001'))).toEqual({ mailboxes: 4, done: 1, since: AT });
    });

    it('is told of by the newest one of an incident', async () => {
      await answered();
      await on((searches) => searches.add(OTHER, [partOf('p3')], LATER));
      expect(await on((searches) => searches.progress('CB-0001'))).toEqual({ mailboxes: 1, done: 0, since: LATER });
    });

    it('is none where none is kept', async () => {
      expect(await on((searches) => searches.progress('CB-0002'))).toBeNull();
      expect(await on((searches) => searches.parts(SEARCH))).toEqual([]);
    });

    it('knows its parts, and which of them have an answer', async () => {
      await answered();
      const parts = await on((searches) => searches.parts(SEARCH));
      expect([...parts].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: 'p1', addresses: ['p1@contoso.example'], answeredAt: LATER },
        { id: 'p2', addresses: ['p2@contoso.example'], answeredAt: null },
      ]);
    });

    it('lets go of parts of one incident, and of no other', async () => {
      await two();
      await on((searches) => searches.add({ incident: 'CB-0002', name: 's1' }, [partOf('p1')], AT));
      await on((searches) => searches.drop('CB-0001', ['p1']));
      expect((await on((searches) => searches.parts(SEARCH))).map(({ id }) => id)).toEqual(['p2']);
      await on((searches) => searches.drop('CB-0001', 'all'));
      expect(await on((searches) => searches.parts(SEARCH))).toEqual([]);
      expect(await on((searches) => searches.progress('CB-0002'))).toEqual({ mailboxes: 1, done: 0, since: AT });
    });
  });
}
