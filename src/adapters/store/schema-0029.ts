/** Measures about people: lists that are frozen, and what was seen of each measure. Each change a statement of its own. */
export const MEASURES: readonly string[] = [
  `create table measure_list (
     tenant text not null, id text not null, incident text not null, at text not null, list text, until text,
     is_open boolean not null default true, held_by text, held_until timestamptz,
     not_before timestamptz not null default now(), primary key (tenant, id))`,
  `create index measure_list_by_incident on measure_list (tenant, incident)`,
  `create index measure_list_waiting on measure_list (tenant, at) where is_open`,
  `create table measure_image (
     tenant text not null, list text not null, n integer not null, seen text not null, image text not null,
     primary key (tenant, list, n, seen))`,
];
