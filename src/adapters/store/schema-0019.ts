/** Searches that people asked for: kept for a day, so that what was seen can become an incident. */
export const INQUIRIES: readonly string[] = [
  `create table inquiry (
     tenant text not null, id text not null, person text not null, at text not null, criteria text not null,
     waits boolean not null, held_by text, held_until timestamptz, found text, primary key (tenant, id))`,
  'create index inquiry_person on inquiry (tenant, person, at)',
  `create table inquiry_answer (
     tenant text not null, inquiry text not null, question text not null, sought text not null,
     primary key (tenant, inquiry, question))`,
];
