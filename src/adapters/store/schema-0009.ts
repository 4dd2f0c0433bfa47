/** Pages on which a list is taken along. Each change a statement of its own. */
export const LISTS: readonly string[] = ['alter table ticket add column list text'];
