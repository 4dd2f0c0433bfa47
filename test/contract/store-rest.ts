import { type Kysely, sql } from 'kysely';
import type { Tx } from '../../src/ports/store.ts';
import { DIGEST } from '../support/cases.ts';
import { PULLED } from './store-cursors.ts';
import { INQUIRY, OFTEN } from './store-inquiries.ts';
import { AT, done, itemsOf, LEASE_MS, MANNERS, rest, run, seenCopy } from './store-rig.ts';
import { partOf, SEARCH } from './store-searches.ts';

/** What `change` and `everything` leave out, so that there is nothing a store can be told or asked that tenants do not try. */

const LATER = '2026-11-21T08:00:00.000Z';
const NEVER = '2099-01-01T00:00:00.000Z';
/** A message that tells of one incident more. */
export const GATHERED = 'gathering one';
const SEGMENT = {
  ...{ id: 'segment', requests: 1, from: AT, until: AT, lost: 0, digest: 'd'.repeat(64), text: 'a line\n' },
};
const SENT = {
  ...{ ref: { platform: 'slack' as const, channel: 'C1', message: '1.0', via: '' }, sentRevision: 1, posting: false },
  ...{ attempts: 0, again: false, restMs: 60_000, roomRestMs: 0 },
};

/** More of everything, beside what `fill` makes. */
export async function fillRest(tx: Tx): Promise<void> {
  await tx.segments.keep(SEGMENT);
  await tx.cards.ensure('CB-0001', 'teams', 'k', 'CB-0000');
  await tx.cards.ensure(GATHERED, 'teams', 'k0');
  await tx.cards.ensure('CB-0003', 'teams', 'k3', GATHERED);
  await tx.inquiries.ask({ ...INQUIRY, id: 'CS-3' }, OFTEN);
  await tx.inquiries.claim('CS-3', 'c3', LEASE_MS);
}

/** Somebody has all of it in hand, by leases that have the same numbers in each tenant. */
export async function takeAll(tx: Tx): Promise<void> {
  await tx.work.claim('r1', 2, LEASE_MS);
  await tx.searches.claim(SEARCH, 'c1', LEASE_MS);
  await tx.searches.claim(SEARCH, 'c2', LEASE_MS);
  await tx.cards.claim('slack', MANNERS);
  await tx.rooms.died('teams', 'is_archived', AT);
}

export async function changeRest(tx: Tx): Promise<void> {
  const items = await tx.work.claim('r1', 2, LEASE_MS);
  await tx.work.extend('r1', items, 3 * LEASE_MS);
  await tx.work.intend(
    'r1',
    items.map((one) => ({ ...one, before: seenCopy })),
    LATER,
  );
  await tx.work.finish(
    'r1',
    items.slice(0, 1).map((one) => done(one, { inTheAir: true })),
  );
  await tx.work.release('r1', items.slice(1));
  const [again] = await tx.work.claim('r1', 1, LEASE_MS);
  if (again) await tx.work.finish('r1', [rest(again, { wholeMailbox: true })]);
  await tx.runs.start(run('r3'), itemsOf(2, 1));
  await tx.searches.add({ ...SEARCH, name: 's3' }, [partOf('p3')], LATER);
  const part = await tx.searches.claim({ ...SEARCH, name: 's3' }, 'c1', LEASE_MS);
  if (part) await tx.searches.extend({ ...SEARCH, name: 's3' }, part, 3 * LEASE_MS);
  await tx.inquiries.extend('CS-3', 'c3', 3 * LEASE_MS);
  await tx.inquiries.release('CS-3', 'c3');
  await tx.measures.lock('CM-1');
  await tx.measures.extend('CM-1', 'a', 3 * LEASE_MS);
  await tx.measures.remindAt('CM-1', LATER);
  await tx.cards.redraw('CB-0001');
  await tx.incidents.holdKeys(['key of CB-0001']);
  await tx.segments.keep({ ...SEGMENT, id: 'another' });
  const gathered = await tx.cards.claim('slack', { ...MANNERS, newPerMinute: 0 });
  if (gathered.kind === 'send')
    await tx.cards.finish(gathered.card.incident, 'slack', gathered.lease, { ...SENT, restMs: 0 });
  const taken = await tx.cards.claim('slack', MANNERS);
  if (taken.kind === 'send') await tx.cards.finish('CB-0001', 'slack', taken.lease, SENT);
  await tx.cards.open('CB-0002', new Map([['slack', 'k3']]));
  await tx.cards.release('CB-0001');
  await tx.cards.hold('CB-0001');
  await tx.rooms.take('teams', LEASE_MS);
  await tx.rooms.rest('teams', LEASE_MS);
  await tx.rooms.rest('slack', 2 * LEASE_MS);
  await tx.rooms.revived('teams');
  await tx.cursors.hold(PULLED, 1, 3 * LEASE_MS);
  await tx.cursors.move(PULLED, { cursor: 'page 2', heard: 1, restMs: LEASE_MS }, LATER);
  await tx.cursors.hurry(PULLED);
  await tx.cursors.silent(PULLED, LATER);
  await tx.delays.over('CB-0001', 'looking');
}

export async function forgetRest(tx: Tx): Promise<void> {
  await tx.segments.forget(NEVER);
  await tx.retention.remove('CB-0003');
}

/** Nothing at all for a tenant that has nothing. */
export async function askRest(tx: Tx): Promise<readonly unknown[]> {
  const only = (isThere: boolean, what: string) => (isThere ? [what] : []);
  return [
    await tx.incidents.glance(DIGEST),
    ...only(await tx.incidents.rowsLeft(DIGEST), 'rows'),
    ...(await tx.work.actedOnLater('r1')),
    ...(await tx.work.actedOnSince('r1', '')),
    ...(await tx.work.doubtedBy('r1')),
    ...(await tx.work.runsInDoubt('r1')),
    ...only((await tx.work.nextDueMs('r1')) !== null, 'due'),
    ...(await tx.cards.untold('')),
    ...(await tx.cards.gatheredIn('CB-0000', 'teams')),
    ...only(await tx.cards.othersTaken('CB-0009', 'slack', LEASE_MS), 'taken'),
    ...(await tx.board.openAfter('', 10)),
    await tx.measures.toRemind('CM-1'),
    ...(await tx.flagged.openOf(['box 1', 'box 2'])),
    ...only((await tx.tickets.issued('link', '', '')) > 0, 'issued'),
    await tx.policies.stored('p1'),
    ...only(!(await tx.cursors.isDue(PULLED)), 'asked'),
    ...(await tx.segments.list(null, 10)),
    await tx.segments.text(SEGMENT.id),
  ];
}

/** Every row that says it is this tenant's, as it stands there: also what nothing asks for, such as leases and rests. */
export async function rowsOf(db: Kysely<never>, tenant: string): Promise<readonly unknown[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
     where column_name = 'tenant' and table_schema = current_schema() order by 1`.execute(db);
  const found: unknown[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t where tenant = ${tenant} order by 1`.execute(db);
    found.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return found;
}

/** The same, and notes the name of everything that it is asked and told. */
export function noting(tx: Tx, noted: Set<string>): Tx {
  const watched = Object.entries(tx).map(([part, all]) => {
    if (typeof all !== 'object') return [part, all];
    const calls = Object.entries(all as Record<string, (...some: unknown[]) => unknown>).map(([name, call]) => [
      name,
      (...some: unknown[]) => {
        noted.add(`${part}.${name}`);
        return Reflect.apply(call, all, some);
      },
    ]);
    return [part, Object.fromEntries(calls)];
  });
  return Object.fromEntries(watched) as Tx;
}

/** Everything there is to ask and to tell. */
export function allOf(tx: Tx): readonly string[] {
  return Object.entries(tx).flatMap(([part, all]) =>
    typeof all === 'object' ? Object.keys(all).map((name) => `${part}.${name}`) : [],
  );
}
