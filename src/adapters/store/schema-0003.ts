/** Authority: what was said by whom, what was taken in by people, what other incidents moved, what was tampered with. */
export const AUTHORITY = [
  `alter table delivery add column body text, add column created boolean`,
  `alter table incident
     add column taken_in text not null default '[]', add column elsewhere text not null default '[]',
     add column breach text, add column previous text`,
  `alter table decision add column account text not null default ''`,
  `alter table lift_vote add column platform text not null default '', add column account text not null default ''`,
  `create table incident_key (
     tenant text not null, key text not null, incident text not null, primary key (tenant, key, incident))`,
  `alter table run add column cancelled_at text`,
  `create index ledger_by_type on ledger (tenant, incident, type)`,
  `create index plan_by_incident on plan (tenant, incident)`,
  `create index work_item_by_message on work_item (tenant, mailbox, message)`,
];
