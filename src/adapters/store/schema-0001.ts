/** The spine: incidents, plans, votes, runs, cards, ledger. Released: never changed again. */
export const SPINE = [
  `create table delivery (
     tenant text not null, source text not null, delivery_id text not null, incident text, at text not null,
     primary key (tenant, source, delivery_id))`,
  `create table incident (
     tenant text not null, id text not null, dedupe_key text not null, alert text not null,
     alerts int not null default 1, state text not null, revision int not null, plan_digest text, deadline text,
     run_id text, closed_by text, reason text, created_at text not null, updated_at text not null,
     primary key (tenant, id), unique (tenant, dedupe_key))`,
  `create index incident_by_state on incident (tenant, state)`,
  `create table plan (
     tenant text not null, digest text not null, incident text not null, body text not null,
     primary key (tenant, digest))`,
  `create table decision (
     tenant text not null, incident text not null, plan_digest text not null, action text not null,
     person text not null, name text not null, platform text not null, at text not null,
     ord int generated always as identity,
     primary key (tenant, incident, plan_digest, action, person))`,
  `create table run (
     tenant text not null, id text not null, incident text not null, action text not null, plan_digest text not null,
     state text not null check (state in ('running', 'finished')), approved_by text not null,
     started_at text not null, finished_at text,
     ord int generated always as identity, primary key (tenant, id))`,
  `create index run_by_incident on run (tenant, incident)`,
  `create table work_item (
     tenant text not null, run text not null, seq int not null, mailbox text not null, address text not null,
     message text not null, folder_id text not null, folder text not null, before text,
     state text not null default 'ready' check (state in ('ready', 'leased', 'done')),
     attempts int not null default 0, fence bigint not null default 0,
     not_before timestamptz not null default '-infinity', lease_until timestamptz, intent_at text,
     outcome text, detail text, request_id text,
     primary key (tenant, run, seq),
     check ((state = 'leased') = (lease_until is not null)),
     check ((state = 'done') = (outcome is not null)))`,
  `create index work_item_open on work_item (tenant, run, seq) where state in ('ready', 'leased')`,
  `create index work_item_leased on work_item (tenant, mailbox) where state = 'leased'`,
  `create table card (
     tenant text not null, incident text not null, platform text not null, key text not null, ref text,
     sent_revision int not null default 0, posting boolean not null default false, attempts int not null default 0,
     lease text, lease_until timestamptz, not_before timestamptz not null default '-infinity',
     primary key (tenant, incident, platform))`,
  `create table mailbox_flag (
     tenant text not null, mailbox text not null, incident text not null, address text not null,
     reason text not null, owner text not null, at text not null, primary key (tenant, mailbox, incident))`,
  `create table ledger (
     tenant text not null, seq int not null, incident text, type text not null, at text not null,
     bytes text not null, hash text not null, primary key (tenant, seq))`,
  `create index ledger_by_incident on ledger (tenant, incident, seq)`,
  `create table ledger_head (tenant text primary key, seq int not null, hash text not null)`,
  // The record is append-only for this program too, not only by good manners.
  `create function ledger_is_append_only() returns trigger language plpgsql as
     $$ begin raise exception 'the ledger is append-only'; end $$`,
  `create trigger ledger_append_only before update or delete or truncate on ledger
     for each statement execute function ledger_is_append_only()`,
  `create table kv (ns text not null, k text not null, v text not null, exp bigint, primary key (ns, k))`,
];
