/** Sources of reports: on which days some came, and since when it is told that none come any more. */
export const SILENCE: readonly string[] = [
  'alter table source_cursor add column days text',
  'alter table source_cursor add column silent_at text',
];
