import { describe, expect, it } from 'vitest';
import { AT, run, type StoreRig } from './store-rig.ts';

/** The kill switch, and what was taken in before. */
export function brakeContract({ store }: StoreRig): void {
  describe('the kill switch', () => {
    const read = () => store.transact((tx) => tx.brake.read());
    const stop = (by = 'Approver 1', at = AT) =>
      store.transact(async (tx) => {
        await tx.brake.stop(await tx.brake.lock(), by, `${by} says so`, at);
      });
    const lift = () =>
      store.transact(async (tx) => {
        await tx.brake.lift(await tx.brake.lock());
      });
    const OFF = { number: 0, stopped: false, by: null, reason: null, at: null };
    const STOPPED = { number: 1, stopped: true, by: 'Approver 1', reason: 'Approver 1 says so', at: AT };

    it('is off where nobody ever touched it', async () => {
      expect([await read(), await store.transact((tx) => tx.brake.lock()), await read()]).toEqual([OFF, OFF, OFF]);
    });

    it('says who stopped, why and when', async () => {
      await stop();
      expect([await read(), await store.transact((tx) => tx.brake.lock())]).toEqual([STOPPED, STOPPED]);
    });

    it('keeps the first stop while it holds', async () => {
      await stop();
      await stop('Approver 2', '2026-11-20T09:00:00.000Z');
      expect(await read()).toEqual(STOPPED);
    });

    it('lets go, and stops again under the next number', async () => {
      await stop();
      await lift();
      const between = await read();
      await stop();
      expect([between, await read()]).toEqual([
        { ...OFF, number: 1 },
        { ...STOPPED, number: 2 },
      ]);
    });

    it('is not pressed by a transaction that fails', async () => {
      await stop();
      await lift();
      const failing = store.transact(async (tx) => {
        await tx.brake.stop(await tx.brake.lock(), 'Approver 1', 'x', AT);
        throw new Error('the power goes');
      });
      await failing.catch(() => undefined);
      expect((await read()).stopped).toBe(false);
    });

    const start = (id: string, most: number) =>
      store.transact(async (tx) => {
        if ((await tx.brake.lock()).stopped) return 'stopped';
        if ((await tx.runs.open()).length >= most) return 'over the cap';
        await tx.runs.start(run(id), []);
        return 'started';
      });

    it('makes starts take turns: twenty at once keep a cap of three', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_none, n) => start(`r${n}`, 3)));
      expect([
        answers.filter((answer) => answer === 'started').length,
        (await store.transact((tx) => tx.runs.open())).length,
      ]).toEqual([3, 3]);
    });

    it('no start passes a stop', async () => {
      const stopAndCount = () =>
        store.transact(async (tx) => {
          await tx.brake.stop(await tx.brake.lock(), 'Approver 1', 'x', AT);
          return (await tx.runs.open()).length;
        });
      const early = Array.from({ length: 8 }, (_none, n) => start(`early ${n}`, 99));
      const atTheStop = stopAndCount();
      const late = Array.from({ length: 8 }, (_none, n) => start(`late ${n}`, 99));
      const answers = await Promise.all([...early, ...late]);
      const open = (await store.transact((tx) => tx.runs.open())).length;
      expect([open, answers.filter((answer) => answer === 'stopped').length]).toEqual([
        await atTheStop,
        16 - (await atTheStop),
      ]);
    });

    const vote = (person: string, number = 1) =>
      store.transact((tx) =>
        tx.brake.addLiftVote(
          number,
          { person, name: `Name of ${person}`, roles: ['lead'], platform: 'slack', account: 'U0PERSON1' },
          AT,
        ),
      );

    it('one person votes once to go on', async () => {
      expect([await vote('p1'), await vote('p1'), await vote('p2')]).toEqual([true, false, true]);
    });

    it('twenty clicks at once are one vote to go on', async () => {
      const votes = await Promise.all(Array.from({ length: 20 }, () => vote('p1')));
      expect(votes.filter(Boolean)).toHaveLength(1);
    });

    it('a vote to go on that is taken back may be given anew', async () => {
      await vote('p1');
      await vote('p2');
      await store.transact((tx) => tx.brake.withdrawLiftVote(2, 'p1'));
      expect(await store.transact((tx) => tx.brake.liftVotes(1))).toHaveLength(2);
      await store.transact((tx) => tx.brake.withdrawLiftVote(1, 'p1'));
      expect((await store.transact((tx) => tx.brake.liftVotes(1))).map(({ person }) => person)).toEqual(['p2']);
      expect(await vote('p1')).toBe(true);
    });

    it('votes to go on count for one stop only', async () => {
      await vote('p1', 1);
      expect([await vote('p1', 2), await store.transact((tx) => tx.brake.liftVotes(3))]).toEqual([true, []]);
    });

    it('votes to go on are listed as they came', async () => {
      for (const person of ['p2', 'p1', 'p3']) await vote(person);
      expect(await store.transact((tx) => tx.brake.liftVotes(1))).toEqual(
        ['p2', 'p1', 'p3'].map((person) => ({
          person,
          name: `Name of ${person}`,
          roles: ['lead'],
          platform: 'slack',
          account: 'U0PERSON1',
        })),
      );
    });
  });

  describe('replay memory', () => {
    const claim = (key: string, at = AT, kind: 'slack' | 'teams' = 'slack') =>
      store.transact((tx) => tx.replays.claim(kind, key, at));

    it('takes a request once', async () => {
      expect([await claim('k1'), await claim('k1'), await claim('k2')]).toEqual([true, false, true]);
    });

    it('keeps the chats apart', async () => {
      expect([await claim('k1'), await claim('k1', AT, 'teams')]).toEqual([true, true]);
    });

    it('takes a request once that comes in twenty times at once', async () => {
      const claims = await Promise.all(Array.from({ length: 20 }, () => claim('k1')));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('a request whose transaction failed can come again', async () => {
      const failing = store.transact((tx) =>
        tx.replays.claim('slack', 'k1', AT).then(() => Promise.reject(new Error('x'))),
      );
      await failing.catch(() => undefined);
      expect(await claim('k1')).toBe(true);
    });

    it('forgets what is older than asked, and nothing else', async () => {
      await claim('old', '2026-11-20T07:59:59.999Z');
      await claim('new', AT);
      await store.transact((tx) => tx.replays.forget(AT));
      expect([await claim('old'), await claim('new')]).toEqual([true, false]);
    });
  });
}
