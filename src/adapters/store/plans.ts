import { sql, type Transaction } from 'kysely';
import { type Manifest, type OpenedPlan, opening, type SealedRow } from '../../core/find/manifest.ts';
import { readable, type StoredPlan } from '../../core/record/trust.ts';
import type { Plans } from '../../ports/store.ts';
import { readPlanBody } from './documents/plan.ts';
import { readPlanRow } from './documents/plan-row.ts';
import { sha256 } from './ledger.ts';
import type { Tables } from './schema.ts';
import type { WholePlans } from './whole-plans.ts';

/** Rows in one statement that go in: some megabytes of text. */
const ROWS_AT_ONCE = 10_000;
/** Of each kind those in so many places come out at once. */
const PLACES_AT_ONCE = 1_500;

export function plansOf(trx: Transaction<Tables>, tenant: string, whole: WholePlans): Plans {
  const filed = (digest: string) =>
    trx.selectFrom('plan').where('tenant', '=', tenant).where('digest', '=', digest).select('body').executeTakeFirst();

  /** The rows in these places; null where somebody has written into one of them. In order, of whatever kind they are. */
  async function rowsAt(digest: string, from: number, until: number | null): Promise<readonly SealedRow[] | null> {
    // As one text: unpacking a hundred thousand rows field by field takes longer than all the rest.
    const { rows } = await sql<{ count: number; lines: string | null }>`
      select count(*)::int as count,
             string_agg(kind || ' ' || place || ' ' || salt || ' ' || content, E'\n') as lines
        from plan_row where tenant = ${tenant} and plan = ${digest}
         ${from === 0 ? sql`` : sql`and place >= ${from}::int`}
         ${until === null ? sql`` : sql`and place < ${until}::int`}`.execute(trx);
    return rowsIn(rows[0]);
  }

  async function readRows(digest: string, manifest: Manifest): Promise<OpenedPlan & { readonly rows: number }> {
    const open = opening(manifest, { of: sha256 }, readPlanRow);
    const most = Object.values(manifest.rows).reduce((sum, { count }) => Math.max(sum, count), 0);
    let isWritten = true;
    let count = 0;
    for (let from = 0; from === 0 || from < most; from += PLACES_AT_ONCE) {
      const isLast = from + PLACES_AT_ONCE >= most;
      // Whatever stands behind the last one that there should be is read as well.
      const rows = await rowsAt(digest, from, isLast ? null : from + PLACES_AT_ONCE);
      for (const row of rows ?? []) open.take(row);
      isWritten &&= rows !== null;
      count += rows?.length ?? 0;
    }
    const { plan, intact } = open.end();
    return { plan, intact: isWritten && intact, rows: count };
  }

  async function read(digest: string, body: string): Promise<StoredPlan> {
    const isAsFiled = sha256(body) === digest;
    const found = readPlanBody(body);
    if (found.is === 'whole') return { plan: found.plan, intact: isAsFiled, newer: false };
    if (found.is !== 'manifest') return { plan: null, intact: isAsFiled, newer: found.is === 'newer' };
    const { plan, intact, rows } = await readRows(digest, found.manifest);
    const stored = { plan, intact: isAsFiled && intact, newer: false };
    if (stored.intact) whole.keep(digest, stored, rows);
    return stored;
  }

  async function glance(digest: string): Promise<StoredPlan | null> {
    const row = await filed(digest);
    if (!row) return null;
    const known = sha256(row.body) === digest ? whole.get(digest) : undefined;
    return known ?? read(digest, row.body);
  }

  /** What is not known yet comes out many at once; a long one by itself, page by page. */
  async function glances(digests: readonly string[]): Promise<ReadonlyMap<string, StoredPlan>> {
    const found = new Map<string, StoredPlan>();
    let batch: Short[] = [];
    const readBatch = async () => {
      for (const [digest, stored] of await readTogether(batch)) found.set(digest, stored);
      batch = [];
    };
    for (const { digest, body } of await filedAs(digests)) {
      const known = sha256(body) === digest ? whole.get(digest) : undefined;
      const short = known ? null : shortIn(digest, body);
      if (short) batch.push(short);
      else found.set(digest, known ?? (await read(digest, body)));
      if (batch.reduce((sum, { count }) => sum + count, 0) >= ROWS_AT_ONCE) await readBatch();
    }
    await readBatch();
    return found;
  }

  const filedAs = (digests: readonly string[]) =>
    digests.length === 0
      ? Promise.resolve([])
      : trx
          .selectFrom('plan')
          .where('tenant', '=', tenant)
          .where('digest', 'in', digests)
          .select(['digest', 'body'])
          .execute();

  async function readTogether(batch: readonly Short[]): Promise<ReadonlyMap<string, StoredPlan>> {
    if (batch.length === 0) return new Map();
    const { rows } = await sql<{ plan: string; count: number; lines: string | null }>`
      select plan, count(*)::int as count,
             string_agg(kind || ' ' || place || ' ' || salt || ' ' || content, E'\n') as lines
        from plan_row where tenant = ${tenant} and plan = any(${batch.map(({ digest }) => digest)}::text[])
       group by plan`.execute(trx);
    const byPlan = new Map(rows.map((row) => [row.plan, row]));
    return new Map(
      batch.map(({ digest, manifest }) => {
        const own = rowsIn(byPlan.get(digest) ?? { count: 0, lines: null });
        const open = opening(manifest, { of: sha256 }, readPlanRow);
        for (const row of own ?? []) open.take(row);
        const { plan, intact } = open.end();
        const stored = { plan, intact: own !== null && intact, newer: false };
        if (stored.intact) whole.keep(digest, stored, own?.length ?? 0);
        return [digest, stored];
      }),
    );
  }

  return {
    glance,
    glances,

    async plan(digest) {
      return readable(await glance(digest), digest);
    },

    async storedPlan(digest) {
      const row = await filed(digest);
      return row ? read(digest, row.body) : null;
    },

    async savePlan({ incident, digest, manifest, rows }) {
      const added = await trx
        .insertInto('plan')
        .values({ tenant, digest, incident, body: manifest })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (Number(added.numInsertedOrUpdatedRows) === 0) return;
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const page = rows.slice(at, at + ROWS_AT_ONCE);
        const column = (of: (row: SealedRow) => string | number) => page.map(of).join('\n');
        // Each column as one text: there is no line end in any of them.
        await sql`
          insert into plan_row (tenant, plan, kind, place, salt, content)
          select ${tenant}, ${digest}, kind, place::int, salt, content
            from unnest(string_to_array(${column(({ kind }) => kind)}, E'\n'),
                        string_to_array(${column(({ place }) => place)}, E'\n'),
                        string_to_array(${column(({ salt }) => salt)}, E'\n'),
                        string_to_array(${column(({ content }) => content)}, E'\n')) as r(kind, place, salt, content)`.execute(
          trx,
        );
      }
    },

    async plansOf(incident) {
      const rows = await trx
        .selectFrom('plan')
        .select('digest')
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .orderBy('digest')
        .execute();
      return rows.map(({ digest }) => digest);
    },

    async rowsLeft(digest) {
      const { rows } = await sql<{ left: boolean }>`
        select exists (select 1 from plan_row where tenant = ${tenant} and plan = ${digest}) as left`.execute(trx);
      return rows[0]?.left === true;
    },
  };
}

/** A plan that is as it was filed, with so many rows that others can be read with it. */
interface Short {
  readonly digest: string;
  readonly manifest: Manifest;
  readonly count: number;
}

function shortIn(digest: string, body: string): Short | null {
  const found = sha256(body) === digest ? readPlanBody(body) : null;
  if (found?.is !== 'manifest') return null;
  const count = Object.values(found.manifest.rows).reduce((sum, stream) => sum + stream.count, 0);
  return count < ROWS_AT_ONCE ? { digest, manifest: found.manifest, count } : null;
}

/** In the order of their places; null where somebody has written into one of them. */
function rowsIn(
  found: { readonly count: number; readonly lines: string | null } | undefined,
): readonly SealedRow[] | null {
  const lines = found?.lines?.split('\n') ?? [];
  const read = lines.flatMap((line) => rowIn(line) ?? []);
  // Canonical JSON has no line end in it.
  if (lines.length !== found?.count || read.length !== lines.length) return null;
  return read.sort((a, b) => a.place - b.place);
}

const LINE = /^(\S+) (\d{1,9}) (\S+) (.*)$/;

function rowIn(line: string): SealedRow | null {
  const found = LINE.exec(line);
  if (!found) return null;
  const [, kind = '', place = '', salt = '', content = ''] = found;
  return { kind, place: Number(place), salt, content };
}
