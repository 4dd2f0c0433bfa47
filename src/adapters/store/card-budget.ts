import { sql, type Transaction } from 'kysely';
import type { Recorded } from '../../core/record/ledger.ts';
import type { CardBudget } from '../../ports/card-budget.ts';
import { believedAmong, type Standing, standingColumns } from './ledger.ts';
import type { Tables } from './schema.ts';

/** There are a few dozen of them in an hour: one page as a rule. */
const AT_ONCE = 100;
/** Written out, as the index of these entries has it. */
const GRANTED = sql.lit('card.granted');

export function cardBudgetOf(trx: Transaction<Tables>, tenant: string): CardBudget {
  /** Newest first. What lies beyond the end of the chain is none of the record: whoever puts it there makes nobody read it. */
  async function page(before: number): Promise<readonly Standing[]> {
    const { rows } = await sql<Standing>`
      select ${standingColumns} from ledger l
       where l.tenant = ${tenant} and l.type = ${GRANTED} and l.seq < ${before}::int
         and l.seq <= (select h.seq from ledger_head h where h.tenant = ${tenant})
       order by l.seq desc limit ${AT_ONCE}::int`.execute(trx);
    return rows;
  }

  return {
    async since(since) {
      const found: Recorded<'card.granted'>[] = [];
      for (let before = 2 ** 31 - 1; ; ) {
        const rows = await page(before);
        const read = rows.flatMap((row) => believed(row, tenant) ?? []);
        const granted = read.filter((entry) => entry.type === 'card.granted');
        const late = granted.filter(({ at }) => at >= since);
        found.push(...late);
        // By what is in the entry itself: its place is sealed, and the time beside it is not.
        const isOlder = granted.length === 0 || late.length < granted.length;
        if (rows.length < AT_ONCE || isOlder) return found;
        before = rows.at(-1)?.seq ?? 0;
      }
    },
  };
}

/** What opens it is beside the record: where that does not fit, the entry stands all the same, and to whom it was granted is not known. */
const believed = (row: Standing, tenant: string) =>
  believedAmong(row, tenant) ?? believedAmong({ ...row, opened: null }, tenant);
