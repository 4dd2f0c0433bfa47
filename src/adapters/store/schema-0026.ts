/** In a flood most incidents are open and wait: what is due among them is found without reading all. Each a statement of its own. */
export const DUE: readonly string[] = [
  `drop index incident_waiting`,
  `create index incident_received on incident (tenant, updated_at, id) where state = 'received' and breach is null`,
  `create index incident_due on incident (tenant, deadline) where state = 'open' and breach is null`,
  `create index incident_nudged on incident (tenant, nudge_at) where state = 'open' and breach is null`,
  // In the order of their names, for whoever goes through them a few at a time.
  `create index incident_open on incident (tenant, id) where state in ('received', 'open', 'running')`,
  // What another card tells of, and not the list of what waits.
  `create index card_told on card (tenant, incident)
     where ref is null and gathered is not null and gathered not like 'gathering %'`,
];
