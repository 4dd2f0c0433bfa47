/** Segments of the log of requests to Microsoft. Each change a statement of its own. */
export const REQUESTS: readonly string[] = [
  `create table request_segment (
     tenant text not null, id text not null, first_at text not null, last_at text not null, requests int not null,
     lost int not null, digest text not null, body bytea not null, primary key (tenant, id))`,
  'create index request_segment_time on request_segment (tenant, first_at, id)',
  // Packed already: to pack it once more would only take time.
  'alter table request_segment alter column body set storage external',
];
