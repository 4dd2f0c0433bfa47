/** States say how far a question has come; what was done about it is read from its runs. Each change a statement of its own. */
export const SETTLED: readonly string[] = [
  `drop index incident_waiting`,
  `drop index incident_closed`,
  `update incident set state = case when state in ('flagged', 'contained') then 'open'
                                    when state in ('purged', 'restored', 'rehearsed') then 'settled'
                                    when state in ('rejected', 'expired') then 'closed' else state end`,
  `create index incident_waiting on incident (tenant, state)
     where state in ('received', 'open') and breach is null`,
  `create index incident_closed on incident (tenant, updated_at, id)
     where state in ('settled', 'closed') and breach is null`,
];
