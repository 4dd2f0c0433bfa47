/** What a plan lists, row by row: `plan.body` is a manifest, which says how many there are and what they hash to. */
export const PLAN_ROWS = [
  `create table plan_row (
     tenant text not null, plan text not null, kind text not null, place int not null, salt text not null,
     content text not null, primary key (tenant, plan, kind, place))`,
];
