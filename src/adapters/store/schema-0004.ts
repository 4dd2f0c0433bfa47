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
  // Whether every card has shown the newest revision: so that cards that are behind are looked for among few. The
  // database sees to it itself, so that nothing that changes a case or a card can forget it.
  `alter table incident add column told boolean not null default false`,
  `update incident i set told = true where not exists (
     select from card c where c.tenant = i.tenant and c.incident = i.id and c.sent_revision < i.revision)`,
  `create index incident_untold on incident (tenant, id) where not told`,
  `create function incident_changed() returns trigger language plpgsql as
     $$ begin new.told := false; return new; end $$`,
  `create trigger incident_changed before update of revision on incident
     for each row when (old.revision is distinct from new.revision) execute function incident_changed()`,
  `create function card_is_behind() returns trigger language plpgsql as
     $$ begin
       update incident set told = false
        where tenant = new.tenant and id = new.incident and told and revision > new.sent_revision;
       return null;
     end $$`,
  `create trigger card_is_behind after insert or update of sent_revision on card
     for each row execute function card_is_behind()`,
  // Until when a request that nobody waits for any more may still have its effect on the copy.
  `alter table work_item add column air_until timestamptz not null default '-infinity'`,
];
