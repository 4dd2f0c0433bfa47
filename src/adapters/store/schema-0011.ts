/** Calls: who was called for which step of which question, and in which chat people did something last. */
export const CALLS: readonly string[] = [
  `create table called (
     tenant text not null, incident text not null, question text not null, step int not null, who text not null,
     platform text not null, at text not null, primary key (tenant, incident, question, step, who))`,
  `create table acted (
     tenant text not null, person text not null, platform text not null, at text not null, primary key (tenant, person))`,
  // What ended lately is found by its last change, also where it was marked.
  `create index incident_ended on incident (tenant, updated_at desc, id) where state in ('settled', 'closed')`,
];
