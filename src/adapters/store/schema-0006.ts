/**
 * Openings: what is personal in an entry of the record stands in its bytes as a commitment, and what opens it beside them.
 * The bytes stay append-only. What opens them may be taken away, all of it or some, and never be changed or put there.
 */
export const OPENINGS: readonly string[] = [
  `alter table ledger add column opened text`,
  `drop trigger ledger_append_only on ledger`,
  `create trigger ledger_append_only
     before update of tenant, seq, incident, type, at, bytes, hash or delete or truncate on ledger
     for each statement execute function ledger_is_append_only()`,
  `create function ledger_opening_is_only_taken_away() returns trigger language plpgsql as
     $$ begin
       if new.opened is not null and (old.opened is null or not old.opened::jsonb @> new.opened::jsonb) then
         raise exception 'what opens an entry of the ledger can only be taken away';
       end if;
       return new;
     end $$`,
  `create trigger ledger_openings before update of opened on ledger
     for each row execute function ledger_opening_is_only_taken_away()`,
];
