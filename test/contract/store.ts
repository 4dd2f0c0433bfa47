import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import { GENESIS } from '../../src/core/record/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { Tx } from '../../src/ports/store.ts';
import { policyOf, voteOf } from '../support/cases.ts';
import type { FreshDatabase } from '../support/database.ts';
import { readBack } from '../support/entries.ts';
import { afterwardsContract, triedAgainContract } from './store-afterwards.ts';
import { apartContract, tenantsApartContract } from './store-apart.ts';
import { automationContract } from './store-automation.ts';
import { boardContract, callsContract } from './store-board.ts';
import { brakeContract } from './store-brake.ts';
import { campaignsContract } from './store-campaigns.ts';
import { cardBudgetContract, tamperedCardBudgetContract } from './store-card-budget.ts';
import { cursorsContract } from './store-cursors.ts';
import { databaseContract } from './store-database.ts';
import { delaysContract } from './store-delays.ts';
import { elsewhereContract } from './store-elsewhere.ts';
import { change, everything, fill } from './store-everything.ts';
import { evidenceContract } from './store-evidence.ts';
import { flagsContract } from './store-flags.ts';
import { inquiriesContract } from './store-inquiries.ts';
import { jobsContract } from './store-jobs.ts';
import { looksContract } from './store-looks.ts';
import { measuresContract } from './store-measures.ts';
import { orderContract } from './store-order.ts';
import { outboxContract } from './store-outbox.ts';
import { peopleContract } from './store-people.ts';
import { plansContract, tamperedPlansContract } from './store-plans.ts';
import { policyContract } from './store-policy.ts';
import { recordingContract, tamperedRecordContract } from './store-record.ts';
import { retentionContract, tamperedRetentionContract } from './store-retention.ts';
import {
  AT,
  BODY,
  type DatabaseRig,
  entry,
  itemsOf,
  NOTE,
  run,
  type StoreRig,
  useDatabase,
  useMemory,
} from './store-rig.ts';
import { searchesContract } from './store-searches.ts';
import { segmentsContract } from './store-segments.ts';
import { stateContract } from './store-state.ts';
import { timesContract } from './store-times.ts';
import { vendorRowsContract } from './store-vendor-rows.ts';
import { withdrawalContract } from './store-withdrawal.ts';
import { workContract } from './store-work.ts';

/** What every engine behind the store has to keep, run against a real one. */
export function storeContract(
  engine: string,
  fresh: () => Promise<FreshDatabase>,
  besides: (rig: DatabaseRig) => void = () => undefined,
): void {
  describe(`the store on ${engine}`, () => {
    const rig = useDatabase(fresh);
    everyStore(rig);
    databaseContract(rig);
    jobsContract(rig);
    timesContract(rig);
    triedAgainContract(rig);
    tenantsApartContract(rig);
    tamperedRecordContract(rig);
    tamperedCardBudgetContract(rig);
    tamperedPlansContract(rig);
    tamperedRetentionContract(rig);
    besides(rig);
  });
}

/** Tests that live on the store in memory are worth what it has in common with a real one. */
export function memoryContract(): void {
  describe('the store in memory', () => everyStore(useMemory()));
}

function everyStore(rig: StoreRig): void {
  workContract(rig);
  elsewhereContract(rig);
  withdrawalContract(rig);
  afterwardsContract(rig);
  retentionContract(rig);
  stateContract(rig);
  outboxContract(rig);
  campaignsContract(rig);
  cardBudgetContract(rig);
  peopleContract(rig);
  cursorsContract(rig);
  delaysContract(rig);
  searchesContract(rig);
  inquiriesContract(rig);
  measuresContract(rig);
  flagsContract(rig);
  vendorRowsContract(rig);
  evidenceContract(rig);
  looksContract(rig);
  automationContract(rig);
  segmentsContract(rig);
  policyContract(rig);
  brakeContract(rig);
  failureContract(rig);
  recordContract(rig);
  recordingContract(rig);
  plansContract(rig);
  apartContract(rig);
  orderContract(rig);
  boardContract(rig);
  callsContract(rig);
}

function failureContract(rig: StoreRig): void {
  const { store, jobs, ledger } = rig;
  const thatFails = (work: (tx: Tx) => Promise<void>) =>
    store.transact((tx) => work(tx).then(() => Promise.reject(new Error('the power goes')))).catch(() => undefined);
  const seen = async () => [await store.transact(everything), await ledger().read(0, 10), await jobs()];

  describe('a transaction that fails', () => {
    it('leaves nothing that it made', async () => {
      await thatFails((tx) => fill(tx, rig).then(() => change(tx, rig)));
      expect([await seen(), await ledger().head()]).toEqual([[[], [], []], { seq: 0, hash: GENESIS }]);
    });

    it('leaves everything as it was that it changed', async () => {
      await store.transact((tx) => fill(tx, rig));
      const before = await seen();
      await thatFails((tx) => change(tx, rig));
      expect(await seen()).toEqual(before);
    });

    it('does not keep its votes, requests and deliveries from coming again', async () => {
      await thatFails((tx) => fill(tx, rig));
      const again = await store.transact(async (tx) => [
        (await tx.incidents.claimDelivery({ source: 's', id: 'd' }, BODY, AT)).fresh,
        await tx.decisions.add('CB-0001', voteOf(1), ''),
        await tx.brake.addLiftVote(
          1,
          { person: 'p1', name: 'Approver 1', roles: [], platform: 'slack', account: 'U0PERSON1' },
          AT,
        ),
        await tx.replays.claim('slack', 'k1', AT),
        await tx.policies.adopt('p1', policyOf(1, 1), AT),
      ]);
      expect(again).toEqual([true, true, true, true, null]);
    });

    it('tells why to whoever asked for it', async () => {
      await expect(store.transact(() => Promise.reject(new Error('the power goes')))).rejects.toThrow('power');
    });
  });
}

function recordContract(rig: StoreRig): void {
  const { store, incident, jobs } = rig;
  describe('jobs', () => {
    const send = (tx: Tx) => tx.jobs.send({ queue: 'run', run: 'r1' });

    it('exist when the transaction commits', async () => {
      await store.transact(send);
      expect(await jobs()).toEqual(['run']);
    });

    it('do not exist when it does not', async () => {
      await store.transact((tx) => send(tx).then(() => Promise.reject(new Error('no')))).catch(() => undefined);
      expect(await jobs()).toEqual([]);
    });

    it('wished for a hundred times are one', async () => {
      await Promise.all(Array.from({ length: 100 }, () => store.transact(send)));
      expect(await jobs()).toEqual(['run']);
    });

    it.each<[Job, Job]>([
      [
        { queue: 'scope', incident: 'CB-0001' },
        { queue: 'scope', incident: 'CB-0002' },
      ],
      [
        { queue: 'run', run: 'r1' },
        { queue: 'run', run: 'r2' },
      ],
      [
        { queue: 'rescope', run: 'r1' },
        { queue: 'rescope', run: 'r2' },
      ],
      [
        { queue: 'elsewhere', run: 'r1' },
        { queue: 'elsewhere', run: 'r2' },
      ],
      [
        { queue: 'late', run: 'r1' },
        { queue: 'late', run: 'r2' },
      ],
      [
        { queue: 'inquire', inquiry: 'CS-1' },
        { queue: 'inquire', inquiry: 'CS-2' },
      ],
      [
        { queue: 'measures', list: 'CM-1' },
        { queue: 'measures', list: 'CM-2' },
      ],
      [
        { queue: 'pull', source: 'one' },
        { queue: 'pull', source: 'two' },
      ],
      [
        { queue: 'expire', incident: 'CB-0001' },
        { queue: 'expire', incident: 'CB-0002' },
      ],
      [
        { queue: 'deliver', incident: 'CB-0001', platform: 'slack' },
        { queue: 'deliver', incident: 'CB-0001', platform: 'teams' },
      ],
      [
        { queue: 'look', incident: 'CB-0001', because: 'lag', nth: 1 },
        { queue: 'look', incident: 'CB-0001', because: 'lag', nth: 2 },
      ],
    ])('%j is one however often it is wished for, and another than %j', async (one, other) => {
      for (const job of [one, other, one, other]) await store.transact((tx) => tx.jobs.send(job));
      expect(await jobs()).toEqual([one.queue, other.queue]);
    });

    it('of one incident are one timer, and one call per room and step', async () => {
      const remind = { queue: 'remind', incident: 'CB-0001' } as const;
      const nudge = { queue: 'nudge', incident: 'CB-0001', platform: 'slack', step: 0 } as const;
      for (const job of [remind, nudge, { ...nudge, platform: 'teams' } as const, { ...nudge, step: 1 }])
        for (let n = 0; n < 2; n += 1) await store.transact((tx) => tx.jobs.send(job, n * 60_000));
      expect(await jobs()).toEqual(['nudge', 'nudge', 'nudge', 'remind']);
    });

    it('three approvals at once start one run', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      const approve = (n: number) =>
        store.transact(async (tx) => {
          const row = await tx.incidents.lock('CB-0001');
          await tx.decisions.add('CB-0001', voteOf(n), '');
          if (row?.state !== 'open' || (await tx.decisions.list('CB-0001')).length < 2) return;
          await tx.incidents.save('CB-0001', { state: 'running', runId: 'r1' }, AT);
          await tx.runs.start(run('r1'), itemsOf(3, 1));
          await send(tx);
        });
      await Promise.all([approve(1), approve(2), approve(3)]);
      const runs = await store.transact((tx) => tx.runs.open());
      expect([await jobs(), runs.length]).toEqual([['run'], 1]);
    });
  });

  describe('the ledger', () => {
    const append = (...messages: string[]) =>
      store.transact((tx) => tx.ledger.append(messages.map((message) => entry(rig.tenant(), message))));
    const verified = () => verifyLedger(rig.ledger(), rig.tenant(), seal);

    it('stays one whole chain under twenty writers', async () => {
      await Promise.all(Array.from({ length: 20 }, (_none, n) => append(`${n}a`, `${n}b`, `${n}c`)));
      expect(await verified()).toMatchObject({ ok: true, entries: 60 });
    });

    it('has no gap where a writer failed', async () => {
      const failing = () =>
        store.transact((tx) => tx.ledger.append([entry(rig.tenant(), 'x')]).then(() => Promise.reject(new Error('x'))));
      await Promise.all([
        append('1'),
        failing().catch(() => undefined),
        append('2'),
        failing().catch(() => undefined),
        append('3'),
      ]);
      expect(await verified()).toMatchObject({ ok: true, entries: 3 });
    });

    it('keeps every character', async () => {
      await append('m');
      const [row] = await rig.ledger().read(0, 1);
      expect(row && readBack(row)).toMatchObject({ message: 'm', detail: { note: NOTE } });
    });

    it('takes thousands of entries at once', async () => {
      await append(...Array.from({ length: 3_500 }, (_none, n) => `m${n}`));
      expect(await verified()).toMatchObject({ ok: true, entries: 3_500 });
    });
  });
}
