import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { PULLED } from './store-cursors.ts';
import { fill, ticketOf } from './store-everything.ts';
import { INQUIRY, OFTEN, SOUGHT } from './store-inquiries.ts';
import { AT, type DatabaseRig, entry, itemsOf, LEASE_MS, MANNERS, run } from './store-rig.ts';
import { SEARCH } from './store-searches.ts';

/**
 * On a server each transaction has a connection of its own: whoever holds something keeps out who wants the same, and
 * nobody else. On the embedded database all of them take turns anyway.
 */
export function locksContract(rig: DatabaseRig): void {
  const { store, storeOf } = rig;
  const anotherTenant = randomUUID();
  const appendTo = (tenant: string) => (tx: Tx) => tx.ledger.append([entry(tenant, 'm')]);

  /** `wants`: what has to wait for it, where that is not the same. */
  const HELD: readonly [string, (tx: Tx) => Promise<unknown>, wants?: (tx: Tx) => Promise<unknown>][] = [
    ['an incident', (tx) => tx.incidents.lock('CB-0001')],
    ['the brake', (tx) => tx.brake.lock()],
    ['the end of the record', (tx) => appendTo(rig.tenant())(tx)],
    ['a ticket', (tx) => tx.tickets.lock('t1')],
    ['a ticket by its code', (tx) => tx.tickets.byCode('slack', 'U0PERSON1', 'c')],
    ['a room', (tx) => tx.cards.claim('slack', MANNERS)],
    ['the copies that may be claimed', (tx) => tx.work.claim('r1', 1, LEASE_MS)],
    ['a flagged mailbox', (tx) => tx.flagged.lock('CF-1')],
    ['a list of measures', (tx) => tx.measures.lock('CM-1')],
    ['what may be filed under a key', (tx) => tx.incidents.holdKeys(['key of CB-0001', 'another key'])],
    ['a source that is asked', (tx) => tx.cursors.hold(PULLED, 1, LEASE_MS)],
    ['what somebody was sent to sign in with', (tx) => tx.tickets.issued('link', 'p1', AT)],
    ['what one person may search for', (tx) => tx.inquiries.ask({ ...INQUIRY, id: randomUUID() }, OFTEN)],
    [
      'a search that people asked for',
      (tx) => tx.inquiries.keep('CS-1', 'c1', 'q2', SOUGHT),
      (tx) => tx.inquiries.release('CS-1', 'c1'),
    ],
    ['mails of a campaign', (tx) => tx.campaigns.take(['a pair'], 'CB-0002')],
    ['the room, for a message that is no card', (tx) => tx.rooms.take('slack', LEASE_MS)],
  ];

  /** What happens while `held` is held; answers in which order both ended. */
  async function whileHeld(held: (tx: Tx) => Promise<unknown>, other: () => Promise<unknown>): Promise<string[]> {
    const ended: string[] = [];
    let begun: Promise<unknown> = Promise.resolve();
    await store.transact(async (tx) => {
      await held(tx);
      begun = other().then(() => ended.push('the other'));
      begun.catch(() => undefined);
      await pause(300);
      ended.push('the holder');
    });
    await begun;
    return ended;
  }

  describe.each(HELD)('whoever holds %s', (_what, hold, wants = hold) => {
    it('keeps out who wants the same', async () => {
      await store.transact((tx) => fill(tx, rig));
      expect(await whileHeld(hold, () => store.transact(wants))).toEqual(['the holder', 'the other']);
    });

    it('keeps out nobody of another tenant who wants something of that name', async () => {
      const other = storeOf(anotherTenant);
      await store.transact((tx) => fill(tx, rig));
      await other.transact((tx) => tx.brake.lock());
      const same = hold === HELD[2]?.[1] ? appendTo(anotherTenant) : hold;
      await store.transact(async (tx) => {
        await hold(tx);
        await expect(other.transact(same)).resolves.not.toThrow();
      });
    });
  });

  it('an incident that two close at once counts once', async () => {
    await store.transact((tx) => fill(tx, rig));
    const close = (tx: Tx) => tx.looks.ended('CB-0001', 'malicious');
    await whileHeld(close, () => store.transact(close));
    const counts = await store.transact((tx) => tx.looks.counts());
    expect(counts).toEqual([{ kind: 'burst', malicious: 1, harmless: 0 }]);
  });

  it('a part of a search goes to one process, and none waits for another', async () => {
    await store.transact((tx) => fill(tx, rig));
    const claim = (by: string) => (tx: Tx) => tx.searches.claim(SEARCH, by, LEASE_MS);
    const [first, second] = await store.transact(async (tx) => [
      await claim('c1')(tx),
      await store.transact(claim('c2')),
    ]);
    expect([first?.id, second?.id]).toEqual(['p1', 'p2']);
  });

  /** Whatever others have left in the queue is begun with it. */
  async function begunOf(queue: string): Promise<readonly unknown[]> {
    const jobs = await rig.database().boss.fetch<{ tenant: string }>(queue, { batchSize: 1_000 });
    return jobs.flatMap(({ data }) => (data.tenant === rig.tenant() ? [data] : []));
  }

  it('work that is queued already is not begun before whoever wants it as well is done', async () => {
    const job = { queue: 'run', run: 'r1' } as const;
    const begun = () => begunOf('run');
    await store.transact((tx) => tx.jobs.send(job));
    await store.transact(async (tx) => {
      await tx.jobs.send(job);
      // What is wanted is written down before the record is held.
      await appendTo(rig.tenant())(tx);
      expect(await begun()).toEqual([]);
    });
    expect(await begun()).toMatchObject([job]);
  });

  it('work that was begun before somebody wants it again is queued once more', async () => {
    const job = { queue: 'run', run: 'r1' } as const;
    const begun = () => begunOf('run');
    await store.transact((tx) => tx.jobs.send(job));
    await store.transact(async (tx) => {
      expect(await begun()).toMatchObject([job]);
      await tx.jobs.send(job);
    });
    expect(await begun()).toMatchObject([job]);
  });

  it.each<[string, (tx: Tx) => Promise<unknown>, (tx: Tx) => Promise<unknown>]>([
    ['an incident', (tx) => tx.incidents.lock('CB-0001'), (tx) => tx.incidents.lock('CB-0002')],
    ['a ticket', (tx) => tx.tickets.lock('t1'), (tx) => tx.tickets.lock('t2')],
    [
      'a ticket by its code',
      (tx) => tx.tickets.byCode('slack', 'U0PERSON1', 'c'),
      (tx) => tx.tickets.byCode('slack', 'U0PERSON2', 'c'),
    ],
    ['a room', (tx) => tx.cards.claim('slack', MANNERS), (tx) => tx.cards.claim('teams', MANNERS)],
  ])('whoever holds %s keeps nobody from another one', async (_what, hold, other) => {
    await store.transact(async (tx) => {
      await fill(tx, rig);
      await tx.incidents.createOrRepeat(rig.incident('CB-0002'));
      await tx.cards.ensure('CB-0001', 'teams', 'k2');
      await tx.tickets.add(ticketOf('t2', { account: 'U0PERSON2', state: 'signed-in', code: 'c' }));
    });
    await store.transact(async (tx) => {
      await hold(tx);
      await expect(store.transact(other)).resolves.toBeTruthy();
    });
  });

  it('copies that one tenant has in hand are free for another that names them so', async () => {
    const other = storeOf(anotherTenant);
    const start = (tx: Tx, id: string) => tx.runs.start(run(id), itemsOf(1, 6));
    await store.transact((tx) => start(tx, 'r1').then(() => start(tx, 'r3')));
    await other.transact((tx) => start(tx, 'r2'));
    const own = await store.transact((tx) => tx.work.claim('r1', 10, LEASE_MS));
    expect(own.length).toBeGreaterThan(0);
    expect(await other.transact((tx) => tx.work.claim('r2', 10, LEASE_MS))).toHaveLength(own.length);
    expect(await store.transact((tx) => tx.work.claim('r3', 10, LEASE_MS))).toEqual([]);
  });

  it('whoever has sent a card takes its room first, as whoever takes one does', async () => {
    await store.transact((tx) => fill(tx, rig));
    const taken = await store.transact((tx) => tx.cards.claim('slack', MANNERS));
    const lease = taken.kind === 'send' ? taken.lease : '';
    const result = { ref: null, sentRevision: 1, posting: false, attempts: 0, again: false, restMs: 0, roomRestMs: 0 };
    const finish = () => store.transact((tx) => tx.cards.finish('CB-0001', 'slack', lease, result));
    let finished: Promise<boolean> = Promise.resolve(false);
    await rig
      .database()
      .db.transaction()
      .execute(async (trx) => {
        await sql`select 1 from room where tenant = ${rig.tenant()} for update`.execute(trx);
        finished = finish();
        finished.catch(() => undefined);
        await pause(300);
        await sql`select 1 from card where tenant = ${rig.tenant()} for update nowait`.execute(trx);
      });
    expect(await finished).toBe(true);
  });
}
