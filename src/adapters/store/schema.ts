import type { Generated } from 'kysely';

/**
 * The tables. Times are ISO text from the product's clock; only leases and rests use the database's clock, because
 * several processes may share it. JSON is text on purpose: digests and hashes need the bytes as they were written.
 */
export interface Tables {
  delivery: {
    tenant: string;
    source: string;
    delivery_id: string;
    incident: string | null;
    at: string;
    body: string | null;
    created: boolean | null;
  };
  incident: {
    tenant: string;
    id: string;
    dedupe_key: string;
    alert: string;
    alerts: number;
    state: string;
    revision: number;
    plan_digest: string | null;
    asked_at: string | null;
    deadline: string | null;
    nudges: number;
    nudge_at: string | null;
    parent: string | null;
    askers: string;
    taken_in: string;
    elsewhere: string;
    breach: string | null;
    previous: string | null;
    run_id: string | null;
    closed_by: string | null;
    reason: string | null;
    created_at: string;
    updated_at: string;
  };
  delay: { tenant: string; incident: string; of: string; why: string; since: string; until: string | null };
  incident_key: { tenant: string; key: string; incident: string };
  plan: { tenant: string; digest: string; incident: string; body: string };
  plan_row: { tenant: string; plan: string; kind: string; place: number; salt: string; content: string };
  decision: {
    tenant: string;
    incident: string;
    plan_digest: string;
    action: string;
    person: string;
    name: string;
    platform: string;
    at: string;
    roles: string;
    addresses: string;
    reason: string | null;
    sign_in: string | null;
    account: string;
    ord: Generated<number>;
  };
  run: {
    tenant: string;
    id: string;
    incident: string;
    action: string;
    plan_digest: string;
    state: string;
    approved_by: string;
    mode: string;
    cause: string;
    mailboxes: number;
    rescoped_at: string | null;
    cancelled_at: string | null;
    started_at: string;
    finished_at: string | null;
    ord: Generated<number>;
  };
  work_item: {
    tenant: string;
    run: string;
    seq: number;
    mailbox: string;
    address: string;
    message: string;
    folder_id: string;
    folder: string;
    before: string | null;
    state: Generated<string>;
    attempts: Generated<number>;
    fence: Generated<string>;
    not_before: Generated<string>;
    lease_until: Generated<string | null>;
    intent_at: Generated<string | null>;
    outcome: Generated<string | null>;
    detail: Generated<string | null>;
    request_id: Generated<string | null>;
    air_until: Generated<string>;
  };
  card: {
    tenant: string;
    incident: string;
    platform: string;
    key: string;
    ref: string | null;
    sent_revision: Generated<number>;
    posting: Generated<boolean>;
    attempts: Generated<number>;
    lease: Generated<string | null>;
    lease_until: Generated<string | null>;
    not_before: Generated<string>;
    due: Generated<boolean>;
    awaited: Generated<boolean>;
    gathered: Generated<string | null>;
  };
  room: {
    tenant: string;
    platform: string;
    turn: Generated<number>;
    held_until: Generated<string | null>;
    next_at: Generated<string>;
    fresh: Generated<number>;
    fresh_since: Generated<string>;
    gathering: Generated<string | null>;
    gathering_since: Generated<string>;
    dead_since: Generated<string | null>;
    dead_why: Generated<string | null>;
  };
  mailbox_flag: {
    tenant: string;
    mailbox: string;
    incident: string;
    address: string;
    reason: string;
    owner: string;
    at: string;
  };
  ledger: {
    tenant: string;
    seq: number;
    incident: string | null;
    type: string;
    at: string;
    bytes: string;
    hash: string;
    opened: string | null;
  };
  ledger_head: { tenant: string; seq: number; hash: string };
  link: { tenant: string; platform: string; account: string; person: string; how: string; at: string };
  ticket: {
    tenant: string;
    id: string;
    kind: string;
    platform: string;
    account: string;
    home: string;
    account_name: string;
    person: string | null;
    vote: string | null;
    list: string | null;
    expires_at: string;
    state: string;
    browser: string | null;
    nonce: string | null;
    verifier: string | null;
    signed_in: string | null;
    code: string | null;
  };
  policy_version: { tenant: string; digest: string; body: string; at: string };
  policy_current: { tenant: string; digest: string; at: string };
  brake: {
    tenant: string;
    number: number;
    stopped: boolean;
    by: string | null;
    reason: string | null;
    at: string | null;
  };
  lift_vote: {
    tenant: string;
    number: number;
    person: string;
    name: string;
    roles: string;
    platform: string;
    account: string;
    at: string;
    ord: Generated<number>;
  };
  replay: { tenant: string; kind: string; key: string; at: string };
  source_cursor: {
    tenant: string;
    source: string;
    vendor: string;
    cursor: Generated<string | null>;
    fence: Generated<number>;
    lease_until: Generated<string>;
    not_before: Generated<string>;
    failures: Generated<number>;
    failing_since: Generated<string | null>;
    why: Generated<string | null>;
    heard_at: Generated<string | null>;
  };
  called: {
    tenant: string;
    incident: string;
    question: string;
    step: number;
    who: string;
    platform: string;
    at: string;
  };
  acted: { tenant: string; person: string; platform: string; at: string };
  kv: { ns: string; k: string; v: string; exp: string | null };
}

/** For guard 4 of the embedded database, whose autovacuum never runs. Constant names only. */
export const VACUUMED = [
  'incident',
  'work_item',
  'plan',
  'plan_row',
  'decision',
  'card',
  'room',
  'run',
  'ledger_head',
  'kv',
  'delivery',
  'ticket',
  'brake',
  'replay',
  'source_cursor',
  'called',
  'acted',
  'pgboss.job',
] as const;
