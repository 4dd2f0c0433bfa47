import type { Generated } from 'kysely';

/** What is kept about people who received a mail, beside their copies of it. */
export interface PeopleTables {
  measure_list: {
    tenant: string;
    id: string;
    incident: string;
    at: string;
    list: string | null;
    until: string | null;
    is_open: Generated<boolean>;
    held_by: string | null;
    held_until: string | null;
    not_before: Generated<string>;
    remind_at: string | null;
  };
  measure_image: { tenant: string; list: string; n: number; seen: string; image: string };
  people_look: {
    tenant: string;
    incident: string;
    nth: number;
    list: string;
    at: string;
    digest: string;
    body: string;
  };
  finding_count: { tenant: string; kind: string; malicious: Generated<number>; harmless: Generated<number> };
  finding_end: { tenant: string; incident: string; kind: string; ended: string | null };
  sender_end: { tenant: string; incident: string; address: string; domain: string; ended: string | null };
  mailbox_flag: {
    tenant: string;
    mailbox: string;
    incident: string;
    address: string;
    reason: string;
    owner: string;
    at: string;
  };
  flag: {
    tenant: string;
    id: string;
    incident: string | null;
    mailbox: string;
    address: string;
    state: string;
    owner: string | null;
    due_at: string;
    next_at: string | null;
    updated_at: string;
  };
}
