/** Alive: what is looked for every few seconds is found without reading everything. Each change a statement of its own. */
export const ALIVE: readonly string[] = [
  // Until when a request that nobody waits for any more may still have its effect on the copy.
  `alter table work_item add column air_until timestamptz not null default '-infinity'`,
  `alter table card
     add column due boolean not null default true, add column awaited boolean not null default false,
     add column gathered text`,
  `update card set due = false from incident i
    where i.tenant = card.tenant and i.id = card.incident and card.sent_revision >= i.revision`,
  `create index card_due on card (tenant, platform) where due or lease is not null`,
  `create index card_gathered on card (tenant, platform, gathered) where gathered is not null`,
  `create table room (
     tenant text not null, platform text not null, turn int not null default 0, held_until timestamptz,
     next_at timestamptz not null default '-infinity', fresh int not null default 0,
     fresh_since timestamptz not null default '-infinity', gathering text,
     gathering_since timestamptz not null default '-infinity', dead_since text, dead_why text,
     primary key (tenant, platform))`,
];
