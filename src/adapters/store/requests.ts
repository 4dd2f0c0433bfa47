import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sql, type Transaction } from 'kysely';
import type { SegmentHead, Segments } from '../../ports/requests.ts';
import type { Tables } from './schema.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The fastest: of what can be packed at all, most goes with it. */
const LEVEL = 1;

/** Text is kept packed, a hundred requests in about three kilobytes; its digest is over what was packed. */
export function segmentsOf(trx: Transaction<Tables>, tenant: string): Segments {
  const own = () => trx.selectFrom('request_segment').where('tenant', '=', tenant);
  return {
    async keep({ id, requests, from, until, lost, digest, text }) {
      const body = await pack(text, { level: LEVEL });
      const kept = await trx
        .insertInto('request_segment')
        .values({ tenant, id, requests, first_at: from, last_at: until, lost, digest, body })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(kept.numInsertedOrUpdatedRows) > 0;
    },

    async list(after, limit) {
      const rows = await own()
        .select(['id', 'requests', 'first_at', 'last_at', 'lost', 'digest'])
        .where(sql<boolean>`(first_at, id) > (${after?.from ?? ''}, ${after?.id ?? ''})`)
        .orderBy('first_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ first_at: from, last_at: until, ...head }): SegmentHead => ({ ...head, from, until }));
    },

    async text(id) {
      const row = await own().select('body').where('id', '=', id).executeTakeFirst();
      return row ? (await unpack(row.body)).toString('utf8') : null;
    },

    async forget(before) {
      const gone = await trx
        .deleteFrom('request_segment')
        .where('tenant', '=', tenant)
        .where('last_at', '<', before)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}
