/** What vendors sent, for people to look into: it goes with its incident. */
export const VENDOR_ROWS: readonly string[] = [
  `create table vendor_row (
     tenant text not null, incident text not null, source text not null, delivery text not null, at text not null,
     text text not null, bytes int not null, primary key (tenant, incident, source, delivery))`,
];
