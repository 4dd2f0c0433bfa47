import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { alertOf, voteOf } from '../support/cases.ts';
import { change, everything, fill, forget } from './store-everything.ts';
import { allOf, askRest, changeRest, fillRest, forgetRest, GATHERED, noting, rowsOf, takeAll } from './store-rest.ts';
import { AT, BODY, type DatabaseRig, done, itemsOf, run, type StoreRig, seqs } from './store-rig.ts';

const LATER = '2026-11-21T08:00:00.000Z';

/** What is done to one thing leaves whatever stands beside it as it was. */
export function apartContract({ store, incident, start, claim, finish }: StoreRig): void {
  describe('of two that stand side by side', () => {
    it('one incident changes, and the other stays as it was', async () => {
      for (const id of ['CB-0001', 'CB-0002']) await store.transact((tx) => tx.incidents.createOrRepeat(incident(id)));
      await store.transact(async (tx) => {
        await tx.incidents.save('CB-0001', { state: 'running', breach: 'the plan differs' }, LATER);
        await tx.incidents.saveAlert('CB-0001', alertOf({ verdict: 'spam' }), [
          { entraId: null, address: 'a@x.example' },
        ]);
      });
      const [other, breach] = await store.transact(async (tx) => [
        await tx.incidents.get('CB-0002'),
        await tx.incidents.breach('CB-0002'),
      ]);
      expect([other, breach]).toEqual([incident('CB-0002'), null]);
    });

    it('one run ends and is stopped, and the other goes on', async () => {
      await start([]);
      await start([], 'r2');
      await store.transact(async (tx) => {
        await tx.runs.cancelled('r1', LATER);
        await tx.runs.finish('r1', LATER);
      });
      const [ended, other, open] = await store.transact(async (tx) => [
        await tx.runs.get('r1'),
        await tx.runs.get('r2'),
        (await tx.runs.open()).map(({ id }) => id),
      ]);
      expect(ended).toEqual({ ...run('r1'), state: 'finished', finishedAt: LATER, cancelledAt: LATER });
      expect([other, open]).toEqual([run('r2'), ['r2']]);
    });

    it('one incident has its votes, runs, flags and plans, and the other has none', async () => {
      await start([]);
      await store.transact(async (tx) => {
        await tx.decisions.add('CB-0001', voteOf(1), '');
        await tx.flags.raise([
          { mailbox: 'm', address: 'a@x.example', incident: 'CB-0001', reason: 'r', owner: 'o', at: AT },
        ]);
        await tx.cards.ensure('CB-0001', 'slack', 'k');
      });
      const others = await store.transact(async (tx) => [
        ...(await tx.decisions.list('CB-0002')),
        ...(await tx.runs.ofIncident('CB-0002')),
        ...(await tx.flags.ofIncident('CB-0002')),
        ...(await tx.incidents.plansOf('CB-0002')),
        ...(await tx.cards.of('CB-0002')),
      ]);
      expect(others).toEqual([]);
    });

    it('copies of one run are counted, listed and in doubt there only', async () => {
      await start(itemsOf(2, 1));
      await start(itemsOf(3, 1), 'r2');
      await finish((await claim()).map((one) => done(one, { inTheAir: true })));
      const other = await store.transact(async (tx) => [
        (await tx.work.counts('r2')).total,
        (await tx.work.page('r2', 0, 10)).length,
        (await tx.work.all('r2', 'removed')).length,
        (await tx.work.ownDoubts('r2')).length,
        (await tx.work.troubled('r2', ['removed'], 5)).length,
      ]);
      expect(other).toEqual([3, 3, 0, 0, 0]);
      const own = await store.transact(async (tx) => [
        seqs(await tx.work.all('r1', 'removed')),
        await tx.work.all('r1', 'failed'),
        await tx.work.sharedWith('r1', ['removed']),
        await tx.work.sharedWith('r1', ['failed']),
      ]);
      expect(own).toEqual([[0, 1], [], [{ run: 'r2', copies: 2 }], []]);
    });
  });
}

/** Tenants choose their names without knowing of each other. */
export function tenantsApartContract(rig: DatabaseRig): void {
  const { store, storeOf } = rig;
  const asked = async (tx: Tx) => [...(await everything(tx)), ...(await askRest(tx))].filter((row) => row !== null);
  const seen = async () => [
    await store.transact(asked),
    await rowsOf(rig.database().db as never, rig.tenant()),
    await rig.jobs(),
  ];

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['is stopped', () => Promise.resolve()],
    ['goes on after a stop', async (tx) => tx.brake.lift(await tx.brake.lock())],
    ['has all of it in hand', takeAll],
  ])('what one tenant does changes nothing of another that has the same names, and %s', async (_what, also) => {
    const id = randomUUID();
    const other = { ...rig, tenant: () => id, incident: (name: string) => ({ ...rig.incident(name), tenant: id }) };
    await store.transact((tx) => fill(tx, rig).then(() => fillRest(tx)));
    await store.transact(also);
    const before = await seen();
    await storeOf(id).transact((tx) => fill(tx, other).then(() => fillRest(tx)));
    await storeOf(id).transact(changeRest);
    await storeOf(id).transact((tx) => change(tx, other));
    // What leaks may be gone again once the other has taken it away.
    expect(await seen()).toEqual(before);
    await storeOf(id).transact((tx) => forget(tx).then(() => forgetRest(tx)));
    expect(await seen()).toEqual(before);
    // And what is still told of there keeps nothing here.
    expect(await storeOf(id).transact((tx) => tx.cards.of(GATHERED))).toEqual([]);
    const known = await store.transact(async (tx) => [
      await tx.incidents.claimDelivery({ source: 's', id: 'd' }, BODY, AT),
      await tx.replays.claim('slack', 'k1', AT),
    ]);
    expect(known).toEqual([{ fresh: false, sameBody: true, first: { incident: null, created: false } }, false]);
  });

  it('there is nothing to ask and to tell that tenants do not try', async () => {
    const tried = new Set<string>();
    const all = await store.transact(async (tx) => {
      const watched = noting(tx, tried);
      await fill(watched, rig);
      await fillRest(watched);
      await changeRest(watched);
      await change(watched, rig);
      await asked(watched);
      await forget(watched);
      await forgetRest(watched);
      return allOf(tx);
    });
    expect(all.filter((name) => !tried.has(name))).toEqual([]);
  });
}
