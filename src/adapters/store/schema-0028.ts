/** Mailboxes that people look after. Each change a statement of its own. */
export const FLAGS: readonly string[] = [
  `create table flag (
     tenant text not null, id text not null, incident text, mailbox text not null, address text not null,
     state text not null, owner text, due_at text not null, next_at text, updated_at text not null,
     primary key (tenant, id))`,
  // One that is looked after is enough for a mailbox.
  `create unique index flag_of_mailbox on flag (tenant, mailbox) where state <> 'cleared'`,
  `create index flag_open on flag (tenant, due_at, id) where state <> 'cleared'`,
  `create index flag_next on flag (tenant, next_at) where state <> 'cleared' and next_at is not null`,
  `create index flag_cleared on flag (tenant, updated_at) where state = 'cleared'`,
  `create index flag_by_incident on flag (tenant, incident)`,
];
