import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../src/ports/accounts.ts';
import { DIGEST } from '../support/cases.ts';
import { linkOf, ticketOf } from './store-everything.ts';
import { AT, type StoreRig } from './store-rig.ts';

/** Who is behind an account, and the pages that people are sent to. */
export function peopleContract({ store }: StoreRig): void {
  describe('linked accounts', () => {
    const add = (link = linkOf(1)) => store.transact((tx) => tx.people.add(link));
    const of = (account: string) => store.transact((tx) => tx.people.of('slack', account));
    const remove = (account: string) => store.transact((tx) => tx.people.remove('slack', account));

    it('lead to the person and back', async () => {
      await add();
      const account = await store.transact((tx) => tx.people.account('slack', linkOf(1).person));
      expect([await of('U0PERSON1'), account]).toEqual([linkOf(1), 'U0PERSON1']);
    });

    it('that nobody linked lead nowhere', async () => {
      const account = await store.transact((tx) => tx.people.account('slack', linkOf(1).person));
      expect([await of('U0PERSON1'), account]).toEqual([null, null]);
    });

    it.each([
      ['an account that is somebody’s never becomes somebody else’s', { person: linkOf(2).person }],
      ['a person with an account never gets a second one there', { account: 'U0SECOND' }],
      ['a link is not made twice', { at: '2026-11-21T08:00:00.000Z' }],
    ])('%s', async (_name, change) => {
      await add();
      expect([await add(linkOf(1, change)), await store.transact((tx) => tx.people.list())]).toEqual([
        false,
        [linkOf(1)],
      ]);
    });

    it('one person may be in both chats', async () => {
      await add();
      expect(await add(linkOf(1, { platform: 'teams' }))).toBe(true);
    });

    it('twenty people who claim one account at once: one gets it', async () => {
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_none, n) => add(linkOf(1, { person: `person ${n}` }))),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('one person who links twenty accounts at once has one', async () => {
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_none, n) => add(linkOf(1, { account: `U0NUMBER${n}` }))),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('can be taken apart once, and made anew', async () => {
      await add();
      expect([
        await remove('U0PERSON1'),
        await remove('U0PERSON1'),
        await add(linkOf(1, { account: 'U0NEW' })),
      ]).toEqual([true, false, true]);
    });

    it('taken apart leave the others', async () => {
      await add();
      await add(linkOf(2));
      await add(linkOf(1, { platform: 'teams' }));
      await remove('U0PERSON1');
      const left = await store.transact((tx) => tx.people.list());
      expect(left.map(({ platform, account }) => [platform, account]).sort()).toEqual([
        ['slack', 'U0PERSON2'],
        ['teams', 'U0PERSON1'],
      ]);
    });
  });

  describe('tickets', () => {
    it('are counted by kind, person and when they end', async () => {
      const person = linkOf(1).person;
      const end = '2026-11-20T09:00:00.000Z';
      const list = { kind: 'export', person, expiresAt: end } as const;
      await add(ticketOf('t1', list));
      await add(ticketOf('t2', { ...list, expiresAt: '2026-11-20T08:00:00.000Z' }));
      await add(ticketOf('t3', { ...list, person: linkOf(2).person }));
      await add(ticketOf('t4', { ...list, kind: 'link' }));
      const issued = (after: string) => store.transact((tx) => tx.tickets.issued('export', person, after));
      expect([
        await issued('2026-11-20T07:59:59.000Z'),
        await issued('2026-11-20T08:00:00.000Z'),
        await issued(end),
      ]).toEqual([2, 1, 0]);
    });

    const add = (ticket: Ticket) => store.transact((tx) => tx.tickets.add(ticket));
    const get = (id: string) => store.transact((tx) => tx.tickets.lock(id));
    const byCode = (code = 'code') => store.transact((tx) => tx.tickets.byCode('slack', 'U0PERSON1', code));
    const waiting = (change: Partial<Ticket> = {}) => ticketOf('t1', { state: 'signed-in', code: 'code', ...change });

    it('for a list come back with the list that they are for', async () => {
      const list = { incident: 'CB-0001', digest: DIGEST, reason: 'Größe' };
      const ticket = ticketOf('t1', { kind: 'export', person: linkOf(1).person, list });
      await add(ticket);
      expect(await get('t1')).toEqual(ticket);
    });

    it('come back as they were put in', async () => {
      const ticket = ticketOf('t1', {
        kind: 'step-up',
        person: linkOf(1).person,
        vote: {
          incident: 'CB-0001',
          action: 'hard-purge',
          digest: DIGEST,
          context: 'c1',
          reason: 'Größe 👩‍💻',
          channel: 'C1',
          message: '1.0',
        },
      });
      await add(ticket);
      expect(await get('t1')).toEqual(ticket);
    });

    it('that were never issued are not there', async () => {
      await add(ticketOf('t1'));
      expect(await get('t2')).toBeNull();
    });

    it('go from fresh to used, keeping what each step found', async () => {
      const signedIn = { person: 'p', name: 'Approver 1', proof: { context: 'c1', at: AT } };
      const steps = [
        { state: 'started', browser: 'b', nonce: 'n', verifier: 'v' },
        { state: 'signed-in', signedIn, code: 'code' },
        { state: 'used', code: null },
      ] as const;
      await add(ticketOf('t1'));
      for (const step of steps) await store.transact((tx) => tx.tickets.save('t1', step));
      expect(await get('t1')).toEqual(ticketOf('t1', Object.assign({}, ...steps)));
    });

    it('are nobody’s again where who signed in is taken back', async () => {
      await add(ticketOf('t1', { signedIn: { person: 'p', name: 'Approver 1', proof: null } }));
      await store.transact((tx) => tx.tickets.save('t1', { signedIn: null }));
      expect((await get('t1'))?.signedIn).toBeNull();
    });

    it('are changed one at a time', async () => {
      await add(ticketOf('t1'));
      await add(ticketOf('t2'));
      await store.transact((tx) => tx.tickets.save('t1', { state: 'used' }));
      expect((await get('t2'))?.state).toBe('fresh');
    });

    it('opened in twenty browsers at once belong to one', async () => {
      await add(ticketOf('t1'));
      const begin = (browser: string) =>
        store.transact(async (tx) => {
          if ((await tx.tickets.lock('t1'))?.state !== 'fresh') return false;
          await tx.tickets.save('t1', { state: 'started', browser });
          return true;
        });
      const begun = await Promise.all(Array.from({ length: 20 }, (_none, n) => begin(`browser ${n}`)));
      expect(begun.filter(Boolean)).toHaveLength(1);
    });

    it('are found by the code that was typed', async () => {
      await add(waiting());
      expect(await byCode()).toEqual(waiting());
    });

    it.each([
      ['another account’s', { account: 'U0PERSON2' }],
      ['another platform’s', { platform: 'teams' }],
      ['one whose sign-in has not ended', { state: 'started' }],
      ['a used one', { state: 'used' }],
      ['one for a vote', { kind: 'step-up' }],
      ['one with another code', { code: 'another' }],
      ['one without a code', { code: null }],
    ] as const)('of the wrong kind are not found by code: %s', async (_name, change) => {
      await add(waiting(change));
      expect(await byCode()).toBeNull();
    });

    it('whose code is typed twenty times at once are used once', async () => {
      await add(waiting());
      const use = () =>
        store.transact(async (tx) => {
          const ticket = await tx.tickets.byCode('slack', 'U0PERSON1', 'code');
          if (ticket) await tx.tickets.save(ticket.id, { state: 'used' });
          return ticket !== null;
        });
      const uses = await Promise.all(Array.from({ length: 20 }, use));
      expect(uses.filter(Boolean)).toHaveLength(1);
    });

    it('are forgotten when they have long expired, not before', async () => {
      await add(ticketOf('t1', { expiresAt: '2026-11-20T08:00:00.000Z' }));
      await add(ticketOf('t2', { expiresAt: '2026-11-20T08:00:00.001Z' }));
      await store.transact((tx) => tx.tickets.forget('2026-11-20T08:00:00.001Z'));
      expect([await get('t1'), (await get('t2'))?.id]).toEqual([null, 't2']);
    });
  });
}
