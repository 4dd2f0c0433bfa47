import type { Salt } from '../../core/record/seal.ts';
import type { Store, Tx } from '../../ports/store.ts';
import { automationOf } from './automation.ts';
import { boardOf } from './board.ts';
import { brakesOf } from './brakes.ts';
import { callsOf } from './calls.ts';
import { campaignsOf } from './campaigns.ts';
import { cardBudgetOf } from './card-budget.ts';
import { cardsOf } from './cards.ts';
import { cursorsOf } from './cursors.ts';
import type { Database } from './database.ts';
import { decisionsOf } from './decisions.ts';
import { delaysOf } from './delays.ts';
import { evidenceOf } from './evidence.ts';
import { flagRowsOf } from './flags.ts';
import { incidentsOf } from './incidents.ts';
import { freeInquiries, inquiriesOf } from './inquiries.ts';
import { jobsOf, type QueueName } from './jobs.ts';
import { ledgerWriterOf } from './ledger.ts';
import { looksOf } from './looks.ts';
import { freeMeasures, measureListsOf } from './measure-lists.ts';
import { linksOf, ticketsOf } from './people.ts';
import { policiesOf, replaysOf } from './policies.ts';
import { segmentsOf } from './requests.ts';
import { retentionOf } from './retention.ts';
import { roomsOf } from './rooms.ts';
import { mailboxFlagsOf, runsOf } from './runs.ts';
import { searchesOf } from './searches.ts';
import { inTransaction } from './transaction.ts';
import { vendorRowsOf } from './vendor-rows.ts';
import { createWholePlans } from './whole-plans.ts';
import { freeAllLeases, workItemsOf } from './work-items.ts';

/** The store of one tenant: every statement carries the tenant, none can forget it. */
export function createStore(
  database: Database,
  tenant: string,
  options: {
    readonly id: () => string;
    readonly wake: (queues: Iterable<QueueName>) => void;
    /** For the personal values of the record. */
    readonly salt: Salt;
    /** Throws when nothing may be written down now. */
    readonly mayWork?: () => void;
  },
): Store {
  const whole = createWholePlans();
  return {
    async transact(work) {
      options.mayWork?.();
      const sent = new Set<QueueName>();
      const later: (() => void)[] = [];
      const result = await inTransaction(database.db, async (trx) => {
        sent.clear();
        later.length = 0;
        const { jobs, flush } = jobsOf(trx, tenant, database.boss, (queue) => sent.add(queue));
        const tx: Tx = {
          incidents: incidentsOf(trx, tenant, whole),
          decisions: decisionsOf(trx, tenant),
          runs: runsOf(trx, tenant),
          work: workItemsOf(trx, tenant),
          cards: cardsOf(trx, tenant, options.id),
          rooms: roomsOf(trx, tenant),
          board: boardOf(trx, tenant),
          calls: callsOf(trx, tenant),
          campaigns: campaignsOf(trx, tenant),
          budget: cardBudgetOf(trx, tenant),
          flags: mailboxFlagsOf(trx, tenant),
          flagged: flagRowsOf(trx, tenant),
          people: linksOf(trx, tenant),
          tickets: ticketsOf(trx, tenant),
          policies: policiesOf(trx, tenant),
          brake: brakesOf(trx, tenant),
          replays: replaysOf(trx, tenant),
          cursors: cursorsOf(trx, tenant),
          delays: delaysOf(trx, tenant),
          searches: searchesOf(trx, tenant),
          inquiries: inquiriesOf(trx, tenant),
          measures: measureListsOf(trx, tenant),
          automation: automationOf(trx, tenant),
          vendorRows: vendorRowsOf(trx, tenant),
          evidence: evidenceOf(trx, tenant),
          looks: looksOf(trx, tenant),
          retention: retentionOf(trx, tenant),
          segments: segmentsOf(trx, tenant),
          // Whatever holds up nobody else is written before the record is held.
          ledger: ledgerWriterOf(trx, tenant, options.salt, () => flush('own')),
          jobs,
          afterwards: (once) => void later.push(once),
        };
        const done = await work(tx);
        await flush();
        return done;
      });
      if (sent.size > 0) options.wake(sent);
      for (const once of later) once();
      return result;
    },
  };
}

/** At start, when nobody else can hold a lease: the work of a killed process goes on at once. */
export async function freeLeasesOfTheDead(database: Database): Promise<void> {
  if (!database.exclusive) return;
  await database.db.transaction().execute(async (trx) => {
    await freeAllLeases(trx);
    await freeInquiries(trx);
    await freeMeasures(trx);
  });
}
