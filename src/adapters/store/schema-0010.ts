/** What the work on an incident waits for. Each change a statement of its own. */
export const DELAYS: readonly string[] = [
  `create table delay (
     tenant text not null, incident text not null, of text not null, why text not null, since text not null, until text,
     primary key (tenant, incident))`,
];
