/** Sources: how far each that is asked has been read, and how that goes. Each change a statement of its own. */
export const SOURCES: readonly string[] = [
  `create table source_cursor (
     tenant text not null, source text not null, vendor text not null, cursor text, fence int not null default 0,
     lease_until timestamptz not null default '-infinity', not_before timestamptz not null default '-infinity',
     failures int not null default 0, failing_since text, why text, heard_at text,
     primary key (tenant, source, vendor))`,
];
