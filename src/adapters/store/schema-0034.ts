/** Who followed links, cards an hour held against the record, and what a vendor allows a credential. Each change a statement of its own. */
export const FACTS: readonly string[] = [
  `alter table incident add column clicked integer not null default 0`,
  // Who got a card is in the record from now on: a row beside it could be written by anybody.
  `drop table card_budget`,
  `create index ledger_cards_granted on ledger (tenant, seq) where type = 'card.granted'`,
  `create table source_calls (
     tenant text not null, vendor text not null, credential text not null, hour text not null,
     calls integer not null, primary key (tenant, vendor, credential, hour))`,
];
