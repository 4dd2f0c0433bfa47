/** Looks at the people of incidents, and how incidents ended in which a kind of finding spoke. Each change a statement of its own. */
export const PEOPLE_LOOKS: readonly string[] = [
  `create table people_look (
     tenant text not null, incident text not null, nth integer not null, list text not null, at text not null,
     digest text not null, body text not null, primary key (tenant, incident, nth))`,
  // One row an incident and kind, which stays when the incident is retired: it names nobody.
  `create table finding_end (
     tenant text not null, kind text not null, incident text not null, ended text, primary key (tenant, kind, incident))`,
  `create index finding_end_by_incident on finding_end (tenant, incident)`,
  // How many of them there are, so that nobody has to count.
  `create table finding_count (
     tenant text not null, kind text not null, malicious integer not null default 0, harmless integer not null default 0,
     primary key (tenant, kind))`,
];
