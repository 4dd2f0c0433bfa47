/** What the tenant's own defence took out of mailboxes, list by list. */
export const AUTOMATION: readonly string[] = [
  `create table automation_list (
     tenant text not null, id text not null, at text not null, list text not null, primary key (tenant, id))`,
  'create index automation_list_by_time on automation_list (tenant, at)',
];
