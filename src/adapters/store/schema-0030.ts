/** When somebody has to be reminded of a list of measures that waits. Lists from before are as they were: nobody is. */
export const MEASURE_REMINDERS: readonly string[] = [
  'alter table measure_list add column remind_at text',
  'create index measure_list_remind on measure_list (tenant, remind_at) where remind_at is not null',
];
