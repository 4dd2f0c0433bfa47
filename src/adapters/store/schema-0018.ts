/** What is kept of mails themselves: headers as they are, whole messages only encrypted. */
export const EVIDENCE: readonly string[] = [
  `create table evidence (
     tenant text not null, incident text not null, form text not null, kind text not null, network_message_id text,
     internet_message_id text, mailbox text not null, message text not null, digest text not null, bytes int not null,
     at text not null, content text not null, primary key (tenant, incident, form, kind))`,
  'create index evidence_at on evidence (tenant, at)',
];
