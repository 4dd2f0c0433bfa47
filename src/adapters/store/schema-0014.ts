/** Turns at what a service of Microsoft allows, over all processes. Each change a statement of its own. */
export const LIMITS: readonly string[] = [
  `create table service_limit (
     tenant text not null, name text not null, taken timestamptz[] not null default '{}',
     rest_until timestamptz not null default '-infinity', next_at timestamptz not null default '-infinity',
     given boolean not null default true, primary key (tenant, name))`,
];
