import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident/incident.ts';
import { WAITING_LIST } from '../../src/ports/outbox.ts';
import type { Tx } from '../../src/ports/store.ts';
import { voteOf } from '../support/cases.ts';
import { AT, MANNERS, type StoreRig } from './store-rig.ts';

/** Incidents that are shown as one, and those that wait without a card. */

const at = (minute: number) => `2026-11-20T08:${String(minute).padStart(2, '0')}:00.000Z`;

export function campaignsContract({ store, incident }: StoreRig): void {
  const add = (id: string, change: Partial<Incident> = {}) =>
    store.transact(async (tx) => {
      await tx.incidents.createOrRepeat({ ...incident(id), ...change });
    });
  const within = <T>(ask: (tx: Tx) => Promise<T>) => store.transact(ask);
  const leadsOf = async (pairs: readonly string[], lead: string) =>
    [...(await within((tx) => tx.campaigns.take(pairs, lead)))].sort();

  describe('a pair of marks', () => {
    it('is of whoever asked for it first', async () => {
      expect(await leadsOf(['a', 'b'], 'CB-1')).toEqual([
        ['a', 'CB-1'],
        ['b', 'CB-1'],
      ]);
      expect(await leadsOf(['b', 'c'], 'CB-2')).toEqual([
        ['b', 'CB-1'],
        ['c', 'CB-2'],
      ]);
      expect(await leadsOf([], 'CB-2')).toEqual([]);
    });

    it('is handed on, and one that nobody took is not', async () => {
      await leadsOf(['a', 'b'], 'CB-1');
      await within((tx) => tx.campaigns.hand(['a', 'never taken'], 'CB-2'));
      await within((tx) => tx.campaigns.hand([], 'CB-2'));
      expect(await leadsOf(['a', 'b', 'never taken'], 'CB-3')).toEqual([
        ['a', 'CB-2'],
        ['b', 'CB-1'],
        ['never taken', 'CB-3'],
      ]);
    });

    it('goes with its incident', async () => {
      await add('CB-1', { state: 'closed' });
      await leadsOf(['a'], 'CB-1');
      await within((tx) => tx.retention.remove('CB-1'));
      expect(await leadsOf(['a'], 'CB-2')).toEqual([['a', 'CB-2']]);
    });
  });

  describe('the waves of a campaign', () => {
    const waves = async (lead: string) => (await within((tx) => tx.campaigns.waves(lead))).map(({ id }) => id);

    it('come oldest first, until they are taken out', async () => {
      await add('CB-1');
      await add('CB-3', { createdAt: at(2) });
      await add('CB-2', { createdAt: at(3) });
      await add('CB-4', { createdAt: at(3) });
      for (const id of ['CB-2', 'CB-3', 'CB-4']) await within((tx) => tx.campaigns.tie(id, 'CB-1'));
      expect(await waves('CB-1')).toEqual(['CB-3', 'CB-2', 'CB-4']);
      await within((tx) => tx.campaigns.tie('CB-2', null));
      expect([await waves('CB-1'), await waves('CB-2')]).toEqual([['CB-3', 'CB-4'], []]);
      const left = await within((tx) => tx.incidents.get('CB-2'));
      const still = await within((tx) => tx.incidents.get('CB-3'));
      expect([left?.campaign, still?.campaign]).toEqual([null, 'CB-1']);
    });

    it('keep the first one from going while one of them is open', async () => {
      await add('CB-1', { state: 'closed' });
      await add('CB-2', { campaign: 'CB-1' });
      expect(await within((tx) => tx.retention.ties(['CB-1']))).toEqual([
        { incident: 'CB-1', bond: 'campaign', state: 'open' },
      ]);
    });
  });

  describe('what a card showed of its waves', () => {
    const shown = (lead: string, digest: string) => within((tx) => tx.campaigns.shown(lead, digest));
    const show = (lead: string, digest: string, planDigest: string) =>
      within((tx) => tx.campaigns.show(lead, digest, [{ incident: lead, planDigest }]));

    it('is known by its digest, of that card', async () => {
      await show('CB-1', 'd1', 'p1');
      expect(await shown('CB-1', 'd1')).toEqual([{ incident: 'CB-1', planDigest: 'p1' }]);
      expect([await shown('CB-1', 'd2'), await shown('CB-2', 'd1')]).toEqual([null, null]);
    });

    it('is kept for the last twenty, and for one that is shown again', async () => {
      for (let nth = 1; nth <= 20; nth += 1) await show('CB-1', `d${nth}`, 'p');
      await show('CB-1', 'd1', 'p');
      await show('CB-1', 'd22', 'p');
      expect([(await shown('CB-1', 'd1')) !== null, await shown('CB-1', 'd2')]).toEqual([true, null]);
    });
  });

  describe('a card that another one tells of', () => {
    const ref = { platform: 'slack' as const, channel: 'C1', message: '1.0', via: '' };
    const ensure = (id: string, gathered?: string) =>
      within((tx) => tx.cards.ensure(id, 'slack', `key ${id}`, gathered));
    const claimed = async () => {
      const claim = await within((tx) => tx.cards.claim('slack', MANNERS));
      return claim.kind === 'send' ? { id: claim.card.incident, lease: claim.lease } : null;
    };
    /** Sends the most urgent one, as of this revision; says which it was. */
    const sent = async (sentRevision = 1_000) => {
      const one = await claimed();
      const result = { ref, sentRevision, posting: false, attempts: 0, again: false, restMs: 0, roomRestMs: 0 };
      if (one) await within((tx) => tx.cards.finish(one.id, 'slack', one.lease, result));
      return one?.id ?? null;
    };

    it('is not sent by itself; its news makes the other one be drawn anew, whatever the revision', async () => {
      await add('CB-1');
      await add('CB-2');
      await ensure('CB-1');
      await ensure('CB-2', 'CB-1');
      expect([await sent(), await sent()]).toEqual(['CB-1', null]);
      await within((tx) => tx.cards.touch('CB-2'));
      expect([await sent(), await sent()]).toEqual(['CB-1', null]);
    });

    it('makes the card of its campaign be drawn anew when it has one of its own as well', async () => {
      await add('CB-1');
      await add('CB-2', { campaign: 'CB-1' });
      await ensure('CB-1');
      await ensure('CB-2', 'CB-1');
      await within((tx) => tx.cards.release('CB-2'));
      expect([await sent(), await sent(), await sent()].sort()).toEqual(['CB-1', 'CB-2', null]);
      await within((tx) => tx.cards.touch('CB-2'));
      // What was sent of the wave itself is of a later revision than it has.
      expect([await sent(), await sent()]).toEqual(['CB-1', null]);
    });

    it('news that comes while the other one is sent is not lost', async () => {
      await add('CB-1');
      await add('CB-2');
      await ensure('CB-1');
      await ensure('CB-2', 'CB-1');
      const one = await claimed();
      await within((tx) => tx.cards.touch('CB-2'));
      const result = { ref, sentRevision: 9, posting: false, attempts: 0, again: false, restMs: 0, roomRestMs: 0 };
      if (one) await within((tx) => tx.cards.finish(one.id, 'slack', one.lease, result));
      expect([await sent(), await sent()]).toEqual(['CB-1', null]);
    });

    it('comes out where somebody asks for it, and where it is told of nowhere any more', async () => {
      for (const id of ['CB-1', 'CB-2', 'CB-3']) await add(id);
      await ensure('CB-1');
      await ensure('CB-2', 'CB-1');
      await ensure('CB-3', 'CB-1');
      expect(await sent()).toBe('CB-1');
      await within((tx) => tx.cards.touch('CB-2', true));
      expect([await sent(), await sent(), await sent()].sort()).toEqual(['CB-1', 'CB-2', null]);
      await within((tx) => tx.cards.release('CB-3'));
      expect([await sent(), await sent(), await sent()].sort()).toEqual(['CB-1', 'CB-3', null]);
      expect((await within((tx) => tx.cards.of('CB-3')))[0]?.gathered).toBeNull();
    });

    it('is told by nobody where the one whose card tells of it has been closed for a while', async () => {
      await add('CB-1', { state: 'closed', updatedAt: at(30) });
      await within((tx) => tx.decisions.add('CB-1', { ...voteOf(1), at: at(10) }, ''));
      await add('CB-2');
      for (const id of ['CB-3', 'CB-4']) await add(id, { campaign: 'CB-1' });
      await add('CB-5', { campaign: 'CB-2' });
      await add('CB-6', { state: 'closed', campaign: 'CB-1' });
      for (const id of ['CB-3', 'CB-4', 'CB-6']) await ensure(id, 'CB-1');
      await ensure('CB-5', 'CB-2');
      await within((tx) => tx.cards.release('CB-4'));
      const untold = (minute: number) => within((tx) => tx.cards.untold(at(minute)));
      expect([await untold(10), await untold(11)]).toEqual([[], ['CB-3']]);
    });

    it('is told by nobody where that card is of another campaign, is marked, or is not there', async () => {
      await add('CB-1');
      await add('CB-2', { breach: 'a vote that nobody gave' });
      await add('CB-3', { campaign: 'CB-1' });
      await add('CB-4', { campaign: 'CB-2' });
      await add('CB-5', { campaign: 'CB-0' });
      await add('CB-6');
      await ensure('CB-3', 'CB-1');
      await ensure('CB-4', 'CB-2');
      await ensure('CB-5', 'CB-0');
      await ensure('CB-6', 'CB-1');
      await ensure('CB-1', WAITING_LIST);
      expect(await within((tx) => tx.cards.untold(at(0)))).toEqual(['CB-4', 'CB-5', 'CB-6']);
    });

    it('is put into the list of what waits, unless it has a card', async () => {
      for (const id of ['CB-1', 'CB-2', 'CB-3']) await add(id);
      await ensure('CB-1');
      expect(await sent()).toBe('CB-1');
      await ensure('CB-2', 'CB-1');
      await ensure('CB-3', 'CB-1');
      await within((tx) => tx.cards.touch('CB-3', true));
      for (const id of ['CB-1', 'CB-2', 'CB-3']) await within((tx) => tx.cards.hold(id));
      expect((await within((tx) => tx.cards.held('slack', 9))).incidents).toEqual(['CB-2']);
      expect([await sent(), await sent(), await sent()].sort()).toEqual(['CB-1', 'CB-3', WAITING_LIST]);
    });

    it('waits in a list that is one message, in the order of the queue', async () => {
      for (const id of ['CB-1', 'CB-2', 'CB-3', 'CB-4']) await add(id);
      await add('CB-5', { state: 'closed' });
      for (const id of ['CB-1', 'CB-2', 'CB-3', 'CB-4', 'CB-5']) await ensure(id, WAITING_LIST);
      await within(async (tx) => {
        await tx.board.rank('CB-2', 5);
        await tx.board.rank('CB-4', 7);
      });
      const held = (most: number) => within((tx) => tx.cards.held('slack', most));
      expect(await held(2)).toEqual({ incidents: ['CB-4', 'CB-2'], total: 4 });
      expect(await within((tx) => tx.cards.held('teams', 2))).toEqual({ incidents: [], total: 0 });
      expect([await sent(), await sent()]).toEqual([WAITING_LIST, null]);
      await within((tx) => tx.cards.release('CB-4'));
      expect([await sent(), await sent(), await sent()].sort()).toEqual(['CB-4', WAITING_LIST, null].sort());
      expect((await held(9)).incidents).toEqual(['CB-2', 'CB-1', 'CB-3']);
    });

    it('a campaign that waits itself is not sent for one of its waves', async () => {
      await add('CB-1');
      await add('CB-2');
      await ensure('CB-1', WAITING_LIST);
      await ensure('CB-2', 'CB-1');
      expect(await sent()).toBe(WAITING_LIST);
      await within((tx) => tx.cards.touch('CB-2'));
      expect(await sent()).toBeNull();
    });

    it('goes with its incident, and leaves the card that told of it', async () => {
      await add('CB-1');
      await add('CB-2', { state: 'closed', updatedAt: AT });
      await ensure('CB-1');
      await ensure('CB-2', 'CB-1');
      await within((tx) => tx.retention.remove('CB-2'));
      expect(
        await within(async (tx) => [(await tx.cards.of('CB-1')).length, (await tx.cards.of('CB-2')).length]),
      ).toEqual([1, 0]);
    });
  });
}
