/** How people closed incidents about mail of a sender. Each change a statement of its own. */
export const SENDERS: readonly string[] = [
  `create table sender_end (
     tenant text not null, incident text not null, address text not null, domain text not null, ended text,
     primary key (tenant, incident))`,
  `create index sender_end_by_address on sender_end (tenant, address) where ended is not null`,
  `create index sender_end_by_domain on sender_end (tenant, domain) where ended is not null`,
];
