/** Searches of many mailboxes, kept as they go. */
export const LOOK_PARTS: readonly string[] = [
  `create table look_part (
     tenant text not null, incident text not null, id text not null, search text not null, place bigint generated always as identity,
     mailboxes int not null, asked text not null, at text not null, held_by text, held_until timestamptz, answer text, answered_at text,
     primary key (tenant, incident, id))`,
  `create index look_part_due on look_part (tenant, incident, search, place) where answer is null`,
];
