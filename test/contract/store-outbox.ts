import { describe, expect, it } from 'vitest';
import type { CardResult, Manners } from '../../src/ports/outbox.ts';
import { AT, LEASE_MS, MANNERS, type StoreRig } from './store-rig.ts';

/** Cards, and the rooms that they go to. */
export function outboxContract({ store, incident }: StoreRig): void {
  const ref = { platform: 'slack' as const, channel: 'C1', message: '1.0', via: '' };
  const open = async (...ids: readonly string[]) => {
    for (const id of ids)
      await store.transact(async (tx) => {
        await tx.incidents.createOrRepeat(incident(id));
        await tx.cards.ensure(id, 'slack', `key of ${id}`);
      });
  };
  const claim = (change: Partial<Manners> = {}) =>
    store.transact((tx) => tx.cards.claim('slack', { ...MANNERS, ...change }));
  const give = (id: string, lease: string, change: Partial<CardResult> = {}) =>
    store.transact((tx) =>
      tx.cards.finish(id, 'slack', lease, {
        ...{ ref, sentRevision: 1_000, posting: false, attempts: 0, again: false, restMs: 0, roomRestMs: 0 },
        ...change,
      }),
    );
  const lease = async (change: Partial<Manners> = {}) => {
    const taken = await claim(change);
    return taken.kind === 'send' ? taken.lease : '';
  };
  /** Sends what is most urgent; says what that was. */
  const sendOne = async (change: Partial<Manners> = {}, result: Partial<CardResult> = {}) => {
    const taken = await claim(change);
    if (taken.kind !== 'send') return taken.kind;
    const revision = (await store.transact((tx) => tx.incidents.get(taken.card.incident)))?.revision ?? 1;
    // Clocks of a millisecond cannot tell apart what was said within one.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await give(taken.card.incident, taken.lease, { sentRevision: revision, ...result });
    return taken.card.incident;
  };
  const news = (id: string, change: object = {}, awaited = false) =>
    store.transact(async (tx) => {
      await tx.incidents.save(id, change, AT);
      await tx.cards.touch(id, awaited);
    });
  const cards = (id: string) => store.transact((tx) => tx.cards.of(id));

  describe('a card', () => {
    it('is sent by one at a time', async () => {
      await open('CB-0001');
      const takes = await Promise.all(Array.from({ length: 10 }, () => claim()));
      expect(takes.filter(({ kind }) => kind === 'send')).toHaveLength(1);
    });

    it('whoever lost the lease cannot write over the next', async () => {
      await open('CB-0001');
      const late = await lease({ leaseMs: -1 });
      const holder = await lease();
      expect([await give('CB-0001', late), await give('CB-0001', holder)]).toEqual([false, true]);
    });

    it('is drawn anew for news of something else that it tells of, and once', async () => {
      await open('CB-0001');
      expect([await sendOne(), await sendOne()]).toEqual(['CB-0001', 'nothing']);
      await store.transact((tx) => tx.cards.redraw('CB-0001'));
      expect([await sendOne(), await sendOne()]).toEqual(['CB-0001', 'nothing']);
    });

    it('that may have been sent is known as being posted', async () => {
      await open('CB-0001');
      await lease({ leaseMs: -1 });
      const taken = await claim();
      expect(taken.kind === 'send' && taken.card.posting).toBe(true);
    });

    it('that is up to date is not sent', async () => {
      await open('CB-0001');
      await give('CB-0001', await lease());
      expect((await claim()).kind).toBe('nothing');
    });

    it('whose incident has news without being any newer is not sent either', async () => {
      await open('CB-0001');
      await give('CB-0001', await lease());
      await store.transact((tx) => tx.cards.touch('CB-0001'));
      expect((await claim()).kind).toBe('nothing');
    });

    it('whose incident changes while it is sent is sent again', async () => {
      await open('CB-0001');
      const held = await lease();
      await news('CB-0001');
      await give('CB-0001', held, { sentRevision: 1 });
      expect((await claim()).kind).toBe('send');
    });

    it('that did not get there is sent again', async () => {
      await open('CB-0001');
      await give('CB-0001', await lease(), { ref: null, sentRevision: 0, again: true });
      expect(await claim()).toMatchObject({ kind: 'send', card: { ref: null } });
    });

    it('that rests is told how long', async () => {
      await open('CB-0001');
      await give('CB-0001', await lease(), { restMs: 3_600_000, sentRevision: 1 });
      await news('CB-0001');
      const taken = await claim();
      expect(taken).toMatchObject({ kind: 'wait', incident: 'CB-0001' });
      expect(taken.kind === 'wait' && taken.waitMs > 3_000_000).toBe(true);
    });

    it('that is taken shows that its room takes messages: to the others, for a while', async () => {
      const taken = (id: string, withinMs = 60_000) =>
        store.transact((tx) => tx.cards.othersTaken(id, 'slack', withinMs));
      await open('CB-0001', 'CB-0002');
      expect(await taken('CB-0002')).toBe(false);
      await sendOne({}, { attempts: 1, again: true, restMs: 3_600_000 });
      expect(await taken('CB-0002')).toBe(false);
      await sendOne();
      expect([await taken('CB-0001'), await taken('CB-0002'), await taken('CB-0001', -60_000)]).toEqual([
        true,
        false,
        false,
      ]);
    });

    it('keeps its first key', async () => {
      await open('CB-0001');
      await store.transact((tx) => tx.cards.ensure('CB-0001', 'slack', 'key-2'));
      expect((await cards('CB-0001')).map(({ key }) => key)).toEqual(['key of CB-0001']);
    });

    it('that waits makes its room one in which something is to be said', async () => {
      const waiting = () => store.transact((tx) => tx.cards.waiting());
      await open('CB-0001');
      const before = await waiting();
      await give('CB-0001', await lease());
      expect([before, await waiting()]).toEqual([['slack'], []]);
    });
  });

  describe('a room', () => {
    it('is spoken in by one at a time', async () => {
      await open('CB-0001', 'CB-0002');
      await lease({ holdMs: LEASE_MS });
      expect(await claim()).toMatchObject({ kind: 'wait', incident: '' });
    });

    it('is free again when somebody hangs', async () => {
      await open('CB-0001', 'CB-0002');
      await lease({ holdMs: -1 });
      expect((await claim()).kind).toBe('send');
    });

    it('rests after each message, for whatever else is to be said', async () => {
      await open('CB-0001', 'CB-0002');
      await sendOne({}, { roomRestMs: 3_600_000 });
      expect(await claim()).toMatchObject({ kind: 'wait', incident: '' });
      expect(await store.transact((tx) => tx.rooms.take('slack', 0))).toBeGreaterThan(3_000_000);
      expect(await store.transact((tx) => tx.rooms.take('teams', 0))).toBe(0);
    });

    it('takes a message that is no card in its turn', async () => {
      await open('CB-0001');
      expect(await store.transact((tx) => tx.rooms.take('slack', LEASE_MS))).toBe(0);
      expect(await claim()).toMatchObject({ kind: 'wait', incident: '' });
      await store.transact((tx) => tx.rooms.rest('slack', 0));
      expect((await claim()).kind).toBe('send');
    });

    it('hears first what somebody waits for, then what is decided, then what asks, then what is new', async () => {
      await open('CB-0001', 'CB-0002', 'CB-0003');
      for (let n = 0; n < 3; n += 1) await sendOne();
      await news('CB-0001', { state: 'open' });
      await news('CB-0002', { state: 'running' });
      await news('CB-0003', { state: 'open' }, true);
      await open('CB-0004');
      // The fourth message is whatever waits longest, and that is none of these.
      await store.transact((tx) => tx.rooms.take('slack', -1));
      expect([await sendOne(), await sendOne(), await sendOne()]).toEqual(['CB-0003', 'CB-0002', 'CB-0001']);
    });

    it('hears each fourth time whatever waits longest', async () => {
      await open('CB-0001', 'CB-0002');
      await sendOne();
      for (let n = 0; n < 2; n += 1) {
        await news('CB-0001', { state: 'running' });
        await sendOne();
      }
      await news('CB-0001', { state: 'running' });
      expect(await sendOne()).toBe('CB-0002');
    });

    it('dies once and comes back once', async () => {
      const died = () => store.transact((tx) => tx.rooms.died('slack', 'is_archived', AT));
      const revived = () => store.transact((tx) => tx.rooms.revived('slack'));
      expect([await revived(), await died(), await died()]).toEqual([false, true, false]);
      const dead = await store.transact((tx) => tx.rooms.dead());
      expect(dead).toEqual([{ platform: 'slack', deadSince: AT, why: 'is_archived' }]);
      expect([await revived(), await revived(), await store.transact((tx) => tx.rooms.dead())]).toEqual([
        true,
        false,
        [],
      ]);
    });
  });

  describe('more new incidents than may have a message of their own', () => {
    const few = { newPerMinute: 2, linesPerGathering: 3 };
    const six = ['CB-0001', 'CB-0002', 'CB-0003', 'CB-0004', 'CB-0005', 'CB-0006'];
    const gatheringOf = async (id: string) => (await cards(id))[0]?.gathered ?? '';

    it('are gathered, the oldest excepted, and the gathering goes first', async () => {
      await open(...six);
      const said = [await sendOne(few), await sendOne(few), await sendOne(few), await sendOne(few), await sendOne(few)];
      const first = await gatheringOf('CB-0003');
      const second = await gatheringOf('CB-0006');
      expect(said).toEqual([first, second, 'CB-0001', 'CB-0002', 'nothing'].sort(byKind));
      expect(await store.transact((tx) => tx.cards.gatheredIn(first, 'slack'))).toEqual(six.slice(2, 5));
      expect(await store.transact((tx) => tx.cards.gatheredIn(second, 'slack'))).toEqual(['CB-0006']);
    });

    it('make one gathering where they fill it to the last line', async () => {
      await open(...six.slice(0, 5));
      const said = [await sendOne(few), await sendOne(few), await sendOne(few), await sendOne(few)];
      expect(said).toEqual([await gatheringOf('CB-0005'), 'CB-0001', 'CB-0002', 'nothing']);
    });

    it('are left as they are while something more urgent is said', async () => {
      await open(...six.slice(0, 3));
      await news('CB-0002', {}, true);
      expect([await sendOne(few), await gatheringOf('CB-0003')]).toEqual(['CB-0002', '']);
    });

    it('are sent by themselves when somebody asks for them, and only then', async () => {
      await open(...six.slice(0, 3));
      for (let n = 0; n < 3; n += 1) await sendOne(few);
      await news('CB-0003');
      const before = await sendOne(few);
      await news('CB-0003', {}, true);
      expect([before, await sendOne(few), await sendOne(few)]).toEqual(['nothing', 'CB-0003', 'nothing']);
    });

    it('that was asked for and did not get there is still asked for', async () => {
      await open(...six.slice(0, 3));
      for (let n = 0; n < 3; n += 1) await sendOne(few);
      await news('CB-0003', {}, true);
      await sendOne(few, { ref: null, sentRevision: 0, again: true });
      expect(await claim(few)).toMatchObject({ kind: 'send', card: { incident: 'CB-0003', awaited: true } });
    });

    it('join the gathering that is there, which is then sent anew', async () => {
      await open(...six.slice(0, 3));
      for (let n = 0; n < 3; n += 1) await sendOne(few);
      await open('CB-0004');
      expect(await sendOne(few)).toBe(await gatheringOf('CB-0003'));
      expect(await gatheringOf('CB-0004')).toBe(await gatheringOf('CB-0003'));
    });
  });
}

/** Gatherings have names that nobody can know. */
function byKind(a: string, b: string): number {
  const rank = (one: string) => (one === 'nothing' ? 2 : one.startsWith('gathering') ? 0 : 1);
  return rank(a) - rank(b);
}
