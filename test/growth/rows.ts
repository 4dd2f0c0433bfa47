import { type Kysely, sql } from 'kysely';
import { VACUUMED } from '../../src/adapters/store/vacuumed.ts';
import { alertOf, planOf, TENANT_ID } from '../support/cases.ts';
import { sealed } from '../support/sealed-plans.ts';

/** Years of work in a moment: rows as the product would have left them, made by the database itself. */

export interface Size {
  readonly incidents: number;
  /** Of all runs together. One in fifty is of one big run. */
  readonly items: number;
}

/** Of every kind something, named, for whoever asks about one. */
export const KNOWN = {
  closed: 'CB-00000500',
  open: 'CB-00000003',
  running: 'CB-00000001',
  bigRun: 'run-CB-00000001',
  run: 'run-CB-00000500',
} as const;

/** Of a hundred incidents sixty were purged; the first ones are not closed yet. */
export async function fill<T>(db: Kysely<T>, { incidents, items }: Size): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  const plan = sealed(planOf());
  const id = `'CB-' || lpad(n::text, 8, '0')`;
  const small = Math.ceil((items * 0.98) / (incidents * 0.6));
  // The newest incident is of that moment: whatever looks back an hour finds something.
  const at = `to_char(timestamp '2026-11-29 08:00' - make_interval(secs => n * 300), 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
  await run(`
    insert into incident (tenant, id, dedupe_key, alert, state, revision, plan_digest, asked_at, deadline, nudge_at, run_id,
                          created_at, updated_at)
    select '${TENANT_ID}', ${id}, 'message <' || n || '@mailer.example>', ${text(alertOf())},
           case when n = 1 then 'running' when n <= 60 then 'open' when n <= 70 then 'contained' when n <= 75 then 'received'
                when n % 10 < 6 then 'purged' when n % 10 < 8 then 'rejected' else 'expired' end,
           7, md5('plan' || n), ${at}, case when n between 2 and 70 then '2026-11-29T09:00:00.000Z' end,
           case when n between 2 and 70 then '2026-11-29T08:30:00.000Z' end,
           case when n = 1 or n % 10 < 6 then 'run-' || ${id} end, ${at}, ${at}
      from generate_series(1, ${incidents}) n`);
  await run(`
    insert into incident_key (tenant, key, incident)
    select '${TENANT_ID}', 'key ' || k || ' ' || n, ${id} from generate_series(1, ${incidents}) n, generate_series(1, 3) k`);
  await run(`
    insert into plan (tenant, digest, incident, body)
    select '${TENANT_ID}', md5('plan' || n), ${id}, ${text(JSON.parse(plan.manifest))} from generate_series(1, ${incidents}) n`);
  for (const { kind, place, salt, content } of plan.rows)
    await run(`
      insert into plan_row (tenant, plan, kind, place, salt, content)
      select '${TENANT_ID}', md5('plan' || n), '${kind}', ${place}, '${salt}', ${text(JSON.parse(content))}
        from generate_series(1, ${incidents}) n`);
  await run(`
    insert into decision (tenant, incident, plan_digest, action, person, name, platform, at)
    select '${TENANT_ID}', ${id}, md5('plan' || n), 'purge', 'person ' || p, 'Dana', 'slack', ${at}
      from generate_series(1, ${incidents}) n, generate_series(1, 2) p where n % 10 < 6`);
  await run(`
    insert into called (tenant, incident, question, step, who, platform, at)
    select '${TENANT_ID}', ${id}, ${at}, 0, 'person ' || p, 'slack', ${at}
      from generate_series(1, ${incidents}) n, generate_series(1, 2) p`);
  await run(`
    insert into run (tenant, id, incident, action, plan_digest, state, approved_by, mailboxes, started_at, finished_at)
    select '${TENANT_ID}', 'run-' || ${id}, ${id}, 'purge', md5('plan' || n), case when n = 1 then 'running' else 'finished' end,
           '["person 1","person 2"]', ${small}, ${at}, case when n > 1 then ${at} end
      from generate_series(1, ${incidents}) n where n = 1 or n % 10 < 6`);
  const item = (n: string, seq: string, done: string) => `
    insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder, before, state, attempts, outcome, detail,
                           request_id, intent_at)
    select '${TENANT_ID}', 'run-CB-' || lpad(${n}::text, 8, '0'), ${seq}, 'mailbox ' || ((${n} + ${seq}) % 5000),
           'user' || ((${n} + ${seq}) % 5000) || '@contoso.example', 'message ' || ${n} || ' ' || ${seq}, 'inbox', 'Inbox',
           '{"internetMessageId":null,"sender":null,"folderId":"inbox","inRecoverableItems":false,"isRead":false,"flag":"notFlagged","categories":[]}',
           case when ${done} then 'done' else 'ready' end, 1, case when ${done} then 'removed' end,
           case when ${done} then 'seen gone' end, case when ${done} then md5(${seq}::text) end,
           case when ${done} then '2026-11-29T08:00:00.000Z' end`;
  await run(`${item('1', 's', 's % 2 = 0')} from generate_series(1, ${Math.floor(items / 50)}) s`);
  await run(
    `${item('n', 's', 'true')} from generate_series(2, ${incidents}) n, generate_series(1, ${small}) s where n % 10 < 6`,
  );
  await run(`
    insert into card (tenant, incident, platform, key, ref, sent_revision, due)
    select '${TENANT_ID}', ${id}, platform, 'key ' || n, '{"channel":"C0ALERTS","message":"1"}', case when n <= 5 then 6 else 7 end, n <= 5
      from generate_series(1, ${incidents}) n, (values ('slack'), ('teams')) as p(platform)`);
  await run(`update incident set rank = -extract(epoch from created_at::timestamptz) / 3600, campaign = case when n in (2, 4) then 'CB-00000003' end
               from (select generate_series(1, ${incidents}) n) s where incident.id = ${id}`);
  await run(`
    insert into campaign_pair (tenant, pair, lead)
    select '${TENANT_ID}', md5(n || ' ' || k), ${id} from generate_series(1, ${incidents}) n, generate_series(1, 3) k`);
  await run(`
    insert into campaign_shown (tenant, lead, digest, at, waves)
    select '${TENANT_ID}', ${id}, md5(n::text), ${at}, '[]' from generate_series(1, ${incidents}) n`);
  await run(`
    insert into automation_list (tenant, id, at, list)
    select '${TENANT_ID}', 'AU-' || lpad(n::text, 8, '0'), ${at}, '{}' from generate_series(1, ${incidents}) n`);
  await run(`
    insert into source_calls (tenant, vendor, credential, hour, calls)
    select '${TENANT_ID}', 'proofpoint', md5((n % 500)::text), ${at}, 60 from generate_series(1, ${incidents}) n`);
  await run(`
    insert into ledger (tenant, seq, incident, type, at, bytes, hash)
    select '${TENANT_ID}', (n - 1) * 12 + k, case when k = 12 then null else ${id} end,
           (array['alert.received', 'plan.made', 'card.posted', 'card.posted', 'decision.approved', 'decision.approved',
                  'run.started', 'copy.intent', 'copy.outcome', 'run.finished', 'card.granted', 'ticket.issued'])[k],
           ${at}, '{"detail":{"n":' || n || '},"prev":"' || md5(n::text) || '"}', md5(n::text || k) || md5(k::text)
      from generate_series(1, ${incidents}) n, generate_series(1, 12) k`);
  await run(`insert into ledger_head select '${TENANT_ID}', max(seq), '${'0'.repeat(64)}' from ledger`);
  await run(`
    insert into delivery (tenant, source, delivery_id, incident, at, body, created)
    select '${TENANT_ID}', 'intake', 'msg_' || n, ${id}, ${at}, md5(n::text), true from generate_series(1, ${incidents}) n`);
  await run(`
    insert into replay (tenant, kind, key, at)
    select '${TENANT_ID}', 'slack', 'press ' || n, ${at} from generate_series(1, ${incidents}) n`);
  await run(`
    insert into ticket (tenant, id, kind, platform, account, home, account_name, expires_at, state)
    select '${TENANT_ID}', 'ticket ' || n, 'link', 'slack', 'U' || n % 500, 'T0', 'Dana', ${at}, 'used'
      from generate_series(1, ${incidents}) n`);
  await run(`
    insert into look_part (tenant, incident, id, search, mailboxes, asked, at, answer, answered_at)
    select '${TENANT_ID}', ${id}, 'part ' || p, md5(n::text), 1, ${text({ addresses: ['user1@contoso.example'], internetMessageIds: [], owners: [] })}, ${at}, case when n > 1 or p > 1 then '[]' end, ${at}
      from generate_series(1, ${incidents}) n, generate_series(1, 3) p`);
  await run(`
    insert into vendor_row (tenant, incident, source, delivery, at, text, bytes)
    select '${TENANT_ID}', ${id}, 'intake', 'msg_' || n, ${at}, '{}', 2 from generate_series(1, ${incidents}) n`);
  await run(`
    insert into evidence (tenant, incident, form, kind, mailbox, message, digest, bytes, at, content)
    select '${TENANT_ID}', ${id}, 'form ' || n, 'headers', 'mailbox 1', 'message 1', md5(n::text), 20, ${at}, 'Subject: an invoice'
      from generate_series(1, ${incidents}) n`);
  await run(`
    insert into measure_list (tenant, id, incident, at, list, is_open)
    select '${TENANT_ID}', 'CM-' || n, ${id}, ${at}, '{}', n <= 2 from generate_series(1, ${incidents}) n`);
  await run(`
    insert into measure_image (tenant, list, n, seen, image)
    select '${TENANT_ID}', 'CM-' || n, 1, 'before', '{}' from generate_series(1, ${incidents}) n`);
  await run(`
    insert into people_look (tenant, incident, nth, list, at, digest, body)
    select '${TENANT_ID}', ${id}, k, md5(n::text), ${at}, md5(n::text), '{}' from generate_series(1, ${incidents}) n, generate_series(0, 2) k`);
  await run(`
    insert into finding_end (tenant, kind, incident, ended)
    select '${TENANT_ID}', kind, ${id}, 'malicious' from generate_series(1, ${incidents}) n, (values ('clicked'), ('burst')) as k(kind)`);
  await run(`
    insert into sender_end (tenant, incident, address, domain, ended)
    select '${TENANT_ID}', ${id}, 'sender' || n || '@sender' || (n % 997) || '.example', 'sender' || (n % 997) || '.example', 'malicious'
      from generate_series(1, ${incidents}) n`);
  await run(
    `insert into finding_count (tenant, kind, malicious, harmless) values ('${TENANT_ID}', 'clicked', ${incidents}, 0)`,
  );
  await run(`
    insert into flag (tenant, id, incident, mailbox, address, state, owner, due_at, next_at, updated_at)
    select '${TENANT_ID}', 'CF-' || lpad(n::text, 8, '0'), case when n % 7 > 0 then ${id} end, 'mailbox ' || n,
           'user' || n || '@contoso.example', case when n <= 40 then 'in review' else 'cleared' end, 'person 1', ${at},
           case when n <= 40 then ${at} end, ${at} from generate_series(1, ${incidents}) n`);
  for (const table of VACUUMED) if (!table.includes('.')) await run(`vacuum (analyze) ${table}`);
  for (const table of ['ledger', 'plan', 'decision', 'incident_key', 'called']) await run(`vacuum (analyze) ${table}`);
}

const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
