/** Alive: what is looked for every few seconds is found without reading everything. Each change a statement of its own. */
export const ALIVE: readonly string[] = [
  // Until when a request that nobody waits for any more may still have its effect on the copy.
  `alter table work_item add column air_until timestamptz not null default '-infinity'`,
];
