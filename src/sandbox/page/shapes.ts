/** What the page's server and its client say to each other. Every section is sent whole when it has changed. */

export type Json = Readonly<Record<string, unknown>>;

export interface Hello {
  readonly channel: string;
  readonly domain: string;
  readonly personas: readonly { readonly key: string; readonly name: string; readonly role: string }[];
  /** Addresses, in the order of the cells. */
  readonly mailboxes: readonly string[];
}

export interface SlackSection {
  readonly messages: readonly { readonly ts: string; readonly blocks: readonly Json[]; readonly text: string }[];
  /** By persona. */
  readonly own: Readonly<Record<string, SlackOwn>>;
}

export interface SlackOwn {
  readonly ephemerals: readonly { readonly ts: string; readonly blocks: readonly Json[]; readonly text: string }[];
  readonly modal: Json | null;
  /** By block_id. */
  readonly modalErrors: Readonly<Record<string, string>>;
  /** What Slack itself complained of: operation_timeout, http_0 … */
  readonly trouble: readonly string[];
}

export interface TeamsActivity {
  readonly id: string;
  /** 'bot' or a persona's key. */
  readonly from: string;
  readonly text: string;
  readonly card: Json | null;
}

export interface TeamsSection {
  readonly threads: readonly { readonly id: string; readonly activities: readonly TeamsActivity[] }[];
  /** By persona. */
  readonly own: Readonly<Record<string, TeamsOwn>>;
}

export interface TeamsOwn {
  /** Cards that stand in for a shared one, by its activity id. */
  readonly cards: Readonly<Record<string, Json>>;
  /** Oldest first. */
  readonly toasts: readonly { readonly kind: string; readonly text: string; readonly activityId: string }[];
  readonly whispers: readonly TeamsActivity[];
}

/** '.' untouched, 'm' a copy in sight, 'f' in sight and marked, 'c' every copy out of sight, 'x' access denied. */
export type Cell = '.' | 'm' | 'f' | 'c' | 'x';

export interface TenantSection {
  /** One Cell per mailbox. */
  readonly cells: string;
  readonly inSight: number;
  readonly outOfSight: number;
}

export interface GraphSection {
  readonly perSecond: number;
  readonly inFlight: number;
  readonly throttled: number;
  readonly operations: number;
}

export type AttackKind = 'wave' | 'bec' | 'hostile' | 'defender' | 'report' | 'sublime';

export interface AttackRow {
  readonly title: string;
  readonly subject: string;
  /** Who reported it, as people call them. */
  readonly by: string;
  /** What they report of it: text, to be shown literally. */
  readonly verdict: string;
  readonly severity: string;
  /** In percent; null where it does not say. */
  readonly confidence: number | null;
  readonly findings: readonly string[];
  readonly copies: number;
  readonly incident: string | null;
  /** Why no incident came of it; null while there is hope. */
  readonly problem: string | null;
}

export interface TroubleSection {
  readonly storm: boolean;
  readonly graphDown: boolean;
  /** Address of the mailbox that lets nobody in. */
  readonly denied: string | null;
}

interface BotSection {
  readonly running: boolean;
  /** It has been up since this page is there. */
  readonly hasRun: boolean;
}

export interface RecordRow {
  readonly seq: number;
  /** ISO time. */
  readonly at: string;
  readonly type: string;
  /** purge, flag or restore, where one is meant. */
  readonly action: string | null;
  readonly incident: string | null;
  readonly line: string;
  readonly hash: string;
}

export interface Verdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly fault: { readonly seq: number; readonly problem: string } | null;
}

export interface RecordSection {
  readonly entries: number;
  /** Of the stored bytes, as last checked; null: not yet. */
  readonly verdict: Verdict | null;
}

export interface Sections {
  readonly hello: Hello;
  readonly slack: SlackSection;
  readonly teams: TeamsSection;
  readonly tenant: TenantSection;
  readonly graph: GraphSection;
  readonly attacks: readonly AttackRow[];
  readonly trouble: TroubleSection;
  readonly bot: BotSection;
  readonly record: RecordSection;
}

export type SectionName = keyof Sections;

/** One persona's click or word, or a switch of the page itself. */
export type Act =
  | {
      readonly do: 'slack.click';
      readonly as: string;
      readonly ts: string;
      readonly action: string;
      /** What was chosen in a menu; empty for a button. */
      readonly choose: string;
    }
  | {
      readonly do: 'slack.modal.click';
      readonly as: string;
      readonly action: string;
      /** What was chosen in a menu; empty for a button. */
      readonly choose: string;
      /** What stands in the inputs by then. */
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly do: 'slack.modal.submit'; readonly as: string; readonly values: Readonly<Record<string, string>> }
  | { readonly do: 'slack.modal.close'; readonly as: string }
  | { readonly do: 'slack.say'; readonly as: string; readonly words: string }
  | {
      readonly do: 'teams.click';
      readonly as: string;
      readonly activity: string;
      /** On the card that only this persona sees. */
      readonly isPrivate: boolean;
      readonly verb: string;
      readonly title: string;
      readonly inputs: Readonly<Record<string, string>>;
    }
  | { readonly do: 'teams.say'; readonly as: string; readonly words: string }
  | { readonly do: 'attack'; readonly kind: AttackKind }
  | { readonly do: 'trouble'; readonly what: 'storm' | 'denied' | 'graphDown'; readonly on: boolean }
  | { readonly do: 'kill' };

export interface MailboxView {
  readonly address: string;
  readonly name: string;
  readonly folders: readonly {
    readonly name: string;
    readonly isRecoverable: boolean;
    readonly messages: readonly MailView[];
  }[];
}

export interface MailView {
  readonly id: string;
  readonly subject: string;
  readonly from: string;
  readonly receivedAt: string;
  readonly isRead: boolean;
  readonly isFlagged: boolean;
  readonly categories: readonly string[];
  /** A copy of one of the attacks. */
  readonly isAttack: boolean;
}
