import { sql, type Transaction } from 'kysely';
import { CLOSED, type IncidentState, NOT_CLOSED } from '../../core/incident/incident.ts';
import type { Tie } from '../../core/record/retention.ts';
import { WAITING_LIST } from '../../ports/outbox.ts';
import type { Retention } from '../../ports/retention.ts';
import { GATHERING } from './cards-elsewhere.ts';
import { elsewhereDocument } from './documents/elsewhere.ts';
import type { Tables } from './schema.ts';

/** Written out, so that the index of closed incidents is seen to fit. */
const CLOSED_STATES = sql.join([...CLOSED].map((state) => sql.lit(state)));
const OPEN_STATES = sql.join(NOT_CLOSED.map((state) => sql.lit(state)));

export function retentionOf(trx: Transaction<Tables>, tenant: string): Retention {
  const listed = (ids: readonly string[]) => sql`any(${[...ids]}::text[])`;

  async function named(ids: readonly string[]): Promise<readonly Tie[]> {
    // One by one, each by its own index: an `or` of them would read every incident.
    const { rows } = await sql<Tie>`
      select parent as incident, 'parent' as bond, state from incident
       where tenant = ${tenant} and parent = ${listed(ids)}
      union all
      select previous, 'previous', state from incident where tenant = ${tenant} and previous = ${listed(ids)}
      union all
      select campaign, 'campaign', state from incident where tenant = ${tenant} and campaign = ${listed(ids)}
      union all
      select old.id, 'child', i.state from incident old join incident i on i.tenant = old.tenant and i.id = old.parent
       where old.tenant = ${tenant} and old.id = ${listed(ids)}`.execute(trx);
    return rows;
  }

  /** Only of those that are open: what a closed card says does not change any more. */
  async function toldOf(ids: ReadonlySet<string>): Promise<readonly Tie[]> {
    const { rows } = await sql<{ id: string; state: IncidentState; elsewhere: string }>`
      select id, state, elsewhere from incident
       where tenant = ${tenant} and elsewhere <> '[]' and state in (${OPEN_STATES})`.execute(trx);
    return rows.flatMap(({ id, state, elsewhere }) => {
      const told = elsewhereDocument.look(elsewhere, { tenant, id });
      // Of what cannot be read it is enough that it is named there.
      const named = 'value' in told ? told.value.map(({ incident }) => incident) : namedIn(elsewhere, ids);
      return named
        .filter((incident) => ids.has(incident))
        .map((incident) => ({ incident, bond: 'elsewhere' as const, state }));
    });
  }

  /** In two steps, copy by copy and then run by run: hardly any copy is in more than one run. */
  async function sharing(ids: readonly string[]): Promise<readonly Tie[]> {
    const { rows: shared } = await sql<{ incident: string; run: string }>`
      with own as materialized (
        select old.incident, w.run, w.mailbox, w.message from unnest(${[...ids]}::text[]) as old(incident)
         cross join lateral (select id from run where tenant = ${tenant} and run.incident = old.incident offset 0) as r
         cross join lateral (
           select run, mailbox, message from work_item where tenant = ${tenant} and run = r.id offset 0) as w)
      select distinct own.incident, twin.run from own cross join lateral (
        select o.run from work_item o
         where o.tenant = ${tenant} and o.mailbox = own.mailbox and o.message = own.message and o.run <> own.run offset 0) as twin`.execute(
      trx,
    );
    if (shared.length === 0) return [];
    const { rows: open } = await sql<{ run: string; incident: string; state: IncidentState }>`
      select r.id as run, i.id as incident, i.state from run r join incident i on i.tenant = r.tenant and i.id = r.incident
       where r.tenant = ${tenant} and r.id = ${listed(shared.map(({ run }) => run))} and i.state in (${OPEN_STATES})`.execute(
      trx,
    );
    return shared.flatMap(({ incident, run }) =>
      open
        .filter((other) => other.run === run && other.incident !== incident)
        .map(({ state }) => ({ incident, bond: 'copies' as const, state })),
    );
  }

  /** A message that gathered lines of many goes with the last of them, unless more are being put into it. */
  async function removeCards(id: string): Promise<void> {
    const { rows } = await sql<{ platform: string; gathered: string | null }>`
      delete from card where tenant = ${tenant} and incident = ${id} returning platform, gathered`.execute(trx);
    // The card of a campaign goes with its own incident, and the list of what waits is there for those to come.
    for (const { platform, gathered } of rows)
      if (gathered?.startsWith(GATHERING) && gathered !== WAITING_LIST)
        await sql`
          delete from card g where tenant = ${tenant} and incident = ${gathered} and platform = ${platform} and lease is null
             and not exists (select 1 from card c
                              where c.tenant = ${tenant} and c.platform = ${platform} and c.gathered = ${gathered})
             and not exists (select 1 from room r
                              where r.tenant = ${tenant} and r.platform = ${platform} and r.gathering = ${gathered})`.execute(
          trx,
        );
  }

  return {
    async due(before, after, limit) {
      const { rows } = await sql<{ id: string; updatedAt: string }>`
        select id, updated_at as "updatedAt" from incident
         where tenant = ${tenant} and breach is null and state in (${CLOSED_STATES}) and updated_at < ${before}
           and (updated_at, id) > (${after?.updatedAt ?? ''}, ${after?.id ?? ''})
           and not exists (select 1 from flag f
                            where f.tenant = incident.tenant and f.incident = incident.id and f.state <> 'cleared')
         order by updated_at, id limit ${limit}::int`.execute(trx);
      return rows;
    },

    async ties(ids) {
      if (ids.length === 0) return [];
      return [...(await named(ids)), ...(await toldOf(new Set(ids))), ...(await sharing(ids))];
    },

    async remove(id) {
      await sql`
        delete from work_item where tenant = ${tenant}
           and run in (select id from run where tenant = ${tenant} and incident = ${id})`.execute(trx);
      await sql`
        delete from plan_row where tenant = ${tenant}
           and plan in (select digest from plan where tenant = ${tenant} and incident = ${id})`.execute(trx);
      await sql`
        delete from measure_image where tenant = ${tenant}
           and list in (select id from measure_list where tenant = ${tenant} and incident = ${id})`.execute(trx);
      await sql`
        delete from card where tenant = ${tenant}
           and incident in (select id from measure_list where tenant = ${tenant} and incident = ${id})`.execute(trx);
      for (const table of [
        'run',
        'decision',
        'plan',
        'mailbox_flag',
        'flag',
        'incident_key',
        'called',
        'delay',
        'look_part',
        'vendor_row',
        'evidence',
        'people_look',
        'sender_end',
        'measure_list',
      ] as const)
        await trx.deleteFrom(table).where('tenant', '=', tenant).where('incident', '=', id).execute();
      for (const table of ['campaign_pair', 'campaign_shown'] as const)
        await trx.deleteFrom(table).where('tenant', '=', tenant).where('lead', '=', id).execute();
      await removeCards(id);
      await trx.deleteFrom('incident').where('tenant', '=', tenant).where('id', '=', id).execute();
    },
  };
}

function namedIn(text: string, ids: ReadonlySet<string>): readonly string[] {
  return [...ids].filter((id) => text.includes(id));
}
