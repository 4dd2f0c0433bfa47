/** Campaigns, the rank of what waits, and how many cards an hour brings. Each change a statement of its own. */
export const CAMPAIGNS: readonly string[] = [
  // The first incident of the campaign that it is shown with; null for one that is shown by itself.
  `alter table incident add column campaign text, add column rank double precision not null default 0`,
  // As the age alone makes it, until something of it changes.
  `update incident set rank = -extract(epoch from created_at::timestamptz) / 3600 where state in ('received', 'open', 'running')`,
  `create index incident_by_campaign on incident (tenant, campaign) where campaign is not null`,
  `create index incident_ranked on incident (tenant, rank desc, id) where state in ('received', 'open', 'running')`,
  `create table campaign_pair (
     tenant text not null, pair text not null, lead text not null, primary key (tenant, pair))`,
  `create index campaign_pair_by_lead on campaign_pair (tenant, lead)`,
  `create table campaign_shown (
     tenant text not null, lead text not null, digest text not null, at text not null, waves text not null,
     primary key (tenant, lead, digest))`,
  `create table card_budget (
     tenant text not null, incident text not null, kind text not null, who text not null, at text not null,
     primary key (tenant, incident))`,
  `create index card_budget_by_time on card_budget (tenant, at)`,
  // What another incident tells has changed, so that the card is behind whatever its own revision says.
  `alter table card add column stale boolean not null default false`,
];
