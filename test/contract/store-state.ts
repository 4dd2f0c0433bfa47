import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident/incident.ts';
import type { IncidentChange } from '../../src/ports/store.ts';
import { alertOf, DIGEST, planOf, voteOf } from '../support/cases.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { AT, BODY, run, type StoreRig } from './store-rig.ts';

/** Decisions and incidents. */
export function stateContract({ store, incident }: StoreRig): void {
  describe('decisions', () => {
    const add = (vote = voteOf(1), staleBefore = '') =>
      store.transact((tx) => tx.decisions.add('CB-0001', vote, staleBefore));

    it('one person decides once', async () => {
      expect([await add(), await add()]).toEqual([true, false]);
    });

    it('twenty clicks at once are one decision', async () => {
      const counted = await Promise.all(
        Array.from({ length: 20 }, (_none, n) => add(voteOf(1, { platform: n % 2 ? 'slack' : 'teams' }))),
      );
      expect(counted.filter(Boolean)).toHaveLength(1);
    });

    it.each([
      ['another plan', { planDigest: 'f'.repeat(64) }],
      ['another action', { action: 'flag' as const }],
      ['another person', { person: 'somebody else' }],
    ])('for %s is another decision', async (_name, change) => {
      expect([await add(), await add(voteOf(1, change))]).toEqual([true, true]);
    });

    it('that grew stale can be made again', async () => {
      await add();
      expect(await add(voteOf(1, { at: '2026-11-21T08:00:00.000Z' }), '2026-11-20T09:00:00.000Z')).toBe(true);
    });

    it('that is exactly as old as allowed stands', async () => {
      await add();
      expect(await add(voteOf(1, { at: '2026-11-21T08:00:00.000Z' }), voteOf(1).at)).toBe(false);
    });

    it('comes back with how the person stood, and why', async () => {
      const vote = voteOf(1, {
        roles: ['analyst', 'lead'],
        addresses: ['a@x.example', 'b@x.example'],
        reason: 'Größe 👩‍💻',
        signIn: { context: 'c1', at: AT },
      });
      await add(vote);
      expect(await store.transact((tx) => tx.decisions.list('CB-0001'))).toEqual([vote]);
    });

    it('made again counts as it was made again, in everything', async () => {
      const again = voteOf(1, {
        name: 'Another name',
        platform: 'teams',
        at: '2026-11-21T08:00:00.000Z',
        roles: [],
        addresses: [],
        reason: 'because',
        signIn: { context: 'c2', at: AT },
      });
      await add();
      await add(again, '2026-11-20T09:00:00.000Z');
      expect(await store.transact((tx) => tx.decisions.list('CB-0001'))).toEqual([again]);
    });

    it('refused as a double changes nothing', async () => {
      await add();
      await add(voteOf(1, { roles: [], reason: 'another', platform: 'teams' }));
      expect(await store.transact((tx) => tx.decisions.list('CB-0001'))).toEqual([voteOf(1)]);
    });

    it('made again is listed once, with its new time', async () => {
      await add();
      await add(voteOf(1, { at: '2026-11-21T08:00:00.000Z' }), '2026-11-20T09:00:00.000Z');
      expect((await store.transact((tx) => tx.decisions.list('CB-0001'))).map(({ at }) => at)).toEqual([
        '2026-11-21T08:00:00.000Z',
      ]);
    });
  });

  describe('incidents', () => {
    it('fifty reports of one mail at once are one incident', async () => {
      const reports = Array.from({ length: 50 }, (_none, n) => ({ ...incident(`CB-${n}`), dedupeKey: 'one mail' }));
      const answers = await Promise.all(reports.map((one) => store.transact((tx) => tx.incidents.createOrRepeat(one))));
      const ids = new Set(answers.map((answer) => answer.incident.id));
      const all = await store.transact((tx) => tx.incidents.list(100));
      expect([ids.size, answers.filter(({ created }) => created).length, all[0]?.alerts, all.length]).toEqual([
        1, 1, 50, 1,
      ]);
    });

    const claim = (id: string, body = BODY, source = 's') =>
      store.transact((tx) => tx.incidents.claimDelivery({ source, id }, body, AT));

    it('a delivery is taken once', async () => {
      expect([(await claim('d1')).fresh, (await claim('d1')).fresh]).toEqual([true, false]);
    });

    it('a delivery sent twenty times at once is taken once', async () => {
      const takes = await Promise.all(Array.from({ length: 20 }, () => claim('d2')));
      expect(takes.filter(({ fresh: isFresh }) => isFresh)).toHaveLength(1);
    });

    it.each([
      ['that made something', { incident: 'CB-0001', created: true }],
      ['that joined something', { incident: 'CB-0001', created: false }],
      ['about no incident', { incident: null, created: true }],
    ])('a delivery %s is told the first answer when it comes again', async (_name, first) => {
      await store.transact(async (tx) => {
        await tx.incidents.claimDelivery({ source: 's', id: 'd3' }, BODY, AT);
        await tx.incidents.bindDelivery({ source: 's', id: 'd3' }, first);
      });
      expect(await claim('d3')).toEqual({ fresh: false, sameBody: true, first });
    });

    it('another body under an id that came before is told apart, and changes nothing', async () => {
      await claim('d5');
      const other = 'c'.repeat(64);
      expect([await claim('d5', other), await claim('d5')]).toEqual([
        { fresh: false, sameBody: false, first: { incident: null, created: false } },
        { fresh: false, sameBody: true, first: { incident: null, created: false } },
      ]);
    });

    it('a delivery is forgotten once it is older than asked, and no other', async () => {
      const later = '2026-11-20T08:00:01.000Z';
      await claim('d9');
      await store.transact((tx) => tx.incidents.claimDelivery({ source: 's', id: 'd10' }, BODY, later));
      await store.transact((tx) => tx.incidents.forgetDeliveries(AT));
      expect([(await claim('d9')).fresh, (await claim('d10')).fresh]).toEqual([false, false]);
      await store.transact((tx) => tx.incidents.forgetDeliveries(later));
      expect([(await claim('d9')).fresh, (await claim('d10')).fresh]).toEqual([true, false]);
    });

    it('the id of one source is free for another', async () => {
      await claim('d6');
      expect((await claim('d6', BODY, 'another')).fresh).toBe(true);
    });

    it('an answer is bound to its own source and id', async () => {
      for (const [source, id] of [
        ['s', 'd7'],
        ['s', 'd8'],
        ['t', 'd7'],
      ] as const)
        await claim(id, BODY, source);
      await store.transact((tx) =>
        tx.incidents.bindDelivery({ source: 's', id: 'd7' }, { incident: 'CB-0001', created: true }),
      );
      const others = [await claim('d8'), await claim('d7', BODY, 't')];
      expect(others.map((other) => !other.fresh && other.first.incident)).toEqual([null, null]);
    });

    it('a delivery whose transaction failed can be sent again', async () => {
      await store
        .transact((tx) =>
          tx.incidents.claimDelivery({ source: 's', id: 'd4' }, BODY, AT).then(() => Promise.reject(new Error('x'))),
        )
        .catch(() => undefined);
      expect((await claim('d4')).fresh).toBe(true);
    });

    it('comes back as it was put in', async () => {
      const whole: Incident = {
        ...incident('CB-0001'),
        nudges: 2,
        nudgeAt: AT,
        parent: 'CB-0000',
        askers: [{ entraId: null, address: 'a@x.example' }],
      };
      await store.transact((tx) => tx.incidents.createOrRepeat(whole));
      expect(await store.transact((tx) => tx.incidents.get('CB-0001'))).toEqual(whole);
    });

    it('says of its last run what the run itself says', async () => {
      await store.transact(async (tx) => {
        await tx.incidents.createOrRepeat(incident('CB-0001'));
        await tx.runs.start({ ...run('r1'), incident: 'CB-0001', action: 'flag', mode: 'dry-run' }, []);
        await tx.incidents.save('CB-0001', { runId: 'r1' }, AT);
      });
      const lastRun = { action: 'flag', mode: 'dry-run', planDigest: run('r1').planDigest };
      const read = await store.transact(async (tx) => [
        await tx.incidents.get('CB-0001'),
        await tx.incidents.lock('CB-0001'),
        (await tx.incidents.list(1))[0],
        await tx.incidents.child('key of CB-0001'),
        (await tx.incidents.createOrRepeat(incident('CB-0001'))).incident,
      ]);
      expect(read.map((one) => one?.lastRun)).toEqual(read.map(() => lastRun));
    });

    it('that was waited for says of its last run what was written meanwhile', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      const held = Promise.withResolvers<void>();
      const first = store.transact(async (tx) => {
        await tx.incidents.lock('CB-0001');
        held.resolve();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tx.runs.start({ ...run('r1'), incident: 'CB-0001' }, []);
        await tx.incidents.save('CB-0001', { runId: 'r1' }, AT);
      });
      await held.promise;
      const second = store.transact((tx) => tx.incidents.lock('CB-0001'));
      await first;
      expect((await second)?.lastRun?.action).toBe(run('r1').action);
    });

    it('changes in what is named and in nothing else', async () => {
      const change: IncidentChange = {
        state: 'settled',
        planDigest: 'f'.repeat(64),
        askedAt: AT,
        deadline: AT,
        nudges: 3,
        nudgeAt: AT,
        runId: 'r1',
        closedBy: 'Approver 1',
        reason: 'why',
        takenIn: ['group'],
        elsewhere: [{ incident: 'CB-0009', action: 'purge', copies: 2, at: AT }],
        breach: 'the plan',
      };
      const before = incident('CB-0001');
      await store.transact((tx) => tx.incidents.createOrRepeat(before));
      await store.transact((tx) => tx.incidents.save('CB-0001', change, AT));
      await store.transact((tx) => tx.incidents.save('CB-0001', { nudgeAt: null, nudges: 0 }, AT));
      expect(await store.transact((tx) => tx.incidents.get('CB-0001'))).toEqual({
        ...before,
        ...change,
        nudgeAt: null,
        nudges: 0,
        revision: before.revision + 2,
        updatedAt: AT,
      });
    });

    it('knows everybody who asked, and no longer what it knew before', async () => {
      const alert = alertOf({ recipients: ['a@x.example'] });
      const askers = [{ entraId: '11111111-0000-4000-8000-000000000001', address: null }];
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      await store.transact((tx) => tx.incidents.saveAlert('CB-0001', alert, askers));
      expect(await store.transact((tx) => tx.incidents.get('CB-0001'))).toEqual({
        ...incident('CB-0001'),
        alert,
        askers,
      });
    });

    it('of a grown plan is found by its key', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      const found = await store.transact(async (tx) => [
        (await tx.incidents.child('key of CB-0001'))?.id,
        await tx.incidents.child('another key'),
      ]);
      expect(found).toEqual(['CB-0001', null]);
    });

    const LATER = '2026-11-20T08:00:00.001Z';
    it.each<[string, Partial<Incident>, boolean]>([
      ['received', { state: 'received', deadline: null, updatedAt: AT }, true],
      ['received, and worked on since', { state: 'received', deadline: null, updatedAt: LATER }, false],
      ['open past its deadline', { deadline: AT }, true],
      ['open past its next nudge', { deadline: LATER, nudgeAt: AT }, true],
      ['open with time left', { deadline: LATER, nudgeAt: LATER }, false],
      ['open with nobody to call', { deadline: LATER, nudgeAt: null }, false],
      ['running', { state: 'running', deadline: AT, nudgeAt: AT }, false],
      ['closed', { state: 'closed', deadline: AT, nudgeAt: AT }, false],
      ['settled', { state: 'settled', deadline: AT, nudgeAt: AT }, false],
    ])('%s: is it left to be looked after', async (_name, change, expected) => {
      await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident('CB-0001'), ...change }));
      expect((await store.transact((tx) => tx.incidents.unfinished(AT, AT))).length > 0).toBe(expected);
    });

    it('every change raises the revision by one, also two at once', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      await Promise.all(Array.from({ length: 10 }, () => store.transact((tx) => tx.incidents.save('CB-0001', {}, AT))));
      expect((await store.transact((tx) => tx.incidents.get('CB-0001')))?.revision).toBe(
        incident('CB-0001').revision + 10,
      );
    });

    it('a plan comes back as it was sealed', async () => {
      await store.transact((tx) => tx.incidents.savePlan(filedAs(DIGEST, planOf())));
      const plan = await store.transact((tx) => tx.incidents.plan(DIGEST));
      expect(plan).toEqual(planOf());
    });
  });
}
