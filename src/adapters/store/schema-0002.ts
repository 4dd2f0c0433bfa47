/** Approvals: policies, linked people, sign-in tickets, the kill switch, replay memory. */
export const APPROVALS = [
  `alter table incident
     add column asked_at text, add column nudges int not null default 0, add column nudge_at text,
     add column parent text, add column askers text not null default '[]'`,
  // A plan without terms cannot be approved: whatever was waiting is looked for anew and asked anew.
  `update incident set state = 'received', plan_digest = null, deadline = null where state in ('open', 'flagged')`,
  `alter table decision
     add column roles text not null default '["approver"]', add column addresses text not null default '[]',
     add column reason text, add column sign_in text`,
  `alter table run
     add column mode text not null default 'live', add column cause text not null default 'approved',
     add column mailboxes int not null default 0, add column rescoped_at text`,
  // Caps look an hour back, over the update too.
  `update run set mailboxes = (
     select count(distinct mailbox) from work_item w where w.tenant = run.tenant and w.run = run.id)`,
  `create index run_by_start on run (tenant, started_at)`,
  `create table link (
     tenant text not null, platform text not null, account text not null, person text not null, how text not null,
     at text not null, primary key (tenant, platform, account), unique (tenant, platform, person))`,
  `create table ticket (
     tenant text not null, id text not null, kind text not null, platform text not null, account text not null,
     home text not null, account_name text not null, person text, vote text, expires_at text not null,
     state text not null, browser text, nonce text, verifier text, signed_in text, code text,
     primary key (tenant, id))`,
  `create index ticket_by_account on ticket (tenant, platform, account)`,
  `create table policy_version (
     tenant text not null, digest text not null, body text not null, at text not null, primary key (tenant, digest))`,
  `create table policy_current (tenant text primary key, digest text not null, at text not null)`,
  `create table brake (
     tenant text primary key, number int not null, stopped boolean not null, by text, reason text, at text)`,
  `create table lift_vote (
     tenant text not null, number int not null, person text not null, name text not null, roles text not null,
     at text not null, ord int generated always as identity, primary key (tenant, number, person))`,
  `create table replay (
     tenant text not null, kind text not null, key text not null, at text not null, primary key (tenant, kind, key))`,
  `create index replay_by_time on replay (tenant, at)`,
];
