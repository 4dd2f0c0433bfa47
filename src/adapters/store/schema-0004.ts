/** Alive: what is looked for every few seconds is found without reading everything. Each change a statement of its own. */
export const ALIVE: readonly string[] = [
  `create index run_open on run (tenant) where state = 'running'`,
  `create index delivery_by_time on delivery (tenant, at)`,
  `create index ticket_by_expiry on ticket (tenant, expires_at)`,
  `create index incident_newest on incident (tenant, created_at desc, id)`,
  `create index incident_waiting on incident (tenant, state)
     where state in ('received', 'open', 'flagged', 'contained') and breach is null`,
  // Every copy of a throttled mailbox rests, whatever run it is of.
  `create index work_item_ready on work_item (tenant, mailbox) where state = 'ready'`,
  `create index work_item_due on work_item (tenant, run, not_before) where state = 'ready'`,
  `create index work_item_held on work_item (tenant, run, lease_until) where state = 'leased'`,
  `create index work_item_by_outcome on work_item (tenant, run, outcome)`,
  `create index work_item_by_address on work_item (tenant, run, address, seq)`,
  // Until when a request that nobody waits for any more may still have its effect on the copy.
  `alter table work_item add column air_until timestamptz not null default '-infinity'`,
  `alter table card
     add column due boolean not null default true, add column awaited boolean not null default false,
     add column gathered text`,
  `update card set due = false from incident i
    where i.tenant = card.tenant and i.id = card.incident and card.sent_revision >= i.revision`,
  `create index card_due on card (tenant, platform) where due or lease is not null`,
  `create index card_gathered on card (tenant, platform, gathered) where gathered is not null`,
  `create table room (
     tenant text not null, platform text not null, turn int not null default 0, held_until timestamptz,
     next_at timestamptz not null default '-infinity', fresh int not null default 0,
     fresh_since timestamptz not null default '-infinity', gathering text,
     gathering_since timestamptz not null default '-infinity', dead_since text, dead_why text,
     primary key (tenant, platform))`,
  // What is old is found by its last change, and what hangs together with it.
  `create index incident_closed on incident (tenant, updated_at, id)
     where state in ('rejected', 'expired', 'purged', 'restored', 'rehearsed') and breach is null`,
  `create index incident_by_parent on incident (tenant, parent) where parent is not null`,
  `create index incident_by_previous on incident (tenant, previous) where previous is not null`,
  `create index incident_key_by_incident on incident_key (tenant, incident)`,
  `create index mailbox_flag_by_incident on mailbox_flag (tenant, incident)`,
];
