import type { Delivered, Json } from './loopback.ts';

/** One seat in the workspace. `key` is the handle and what the drivers take; `name` is for people. */
export interface SlackPerson {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** A guest: `is_restricted` in users.info. */
  readonly restricted?: boolean;
  readonly ultraRestricted?: boolean;
  /** From another workspace, seen through a shared channel: `is_stranger`, with `teamId` as their home. */
  readonly stranger?: boolean;
  readonly teamId?: string;
  /** Enterprise Grid: every workspace of the company that this person is in. */
  readonly gridTeams?: readonly string[];
  readonly deleted?: boolean;
  /** Another app's bot user. */
  readonly isBot?: boolean;
}

/** What an administrator, or the person's own workspace, can change. */
export type PersonChange = Partial<Omit<SlackPerson, 'key' | 'name'>>;

export interface SeatedPerson extends SlackPerson {
  readonly id: string;
  readonly teamId: string;
}

export interface SlackCall {
  readonly method: string;
  readonly args: Json;
  readonly at: number;
  /** What Slack did with it, even if the answer was then lost. null: refused before any effect by a fault. */
  answer: Json | null;
  /** HTTP status that went out; 0 when the answer was lost. */
  status: number;
}

export interface ShownMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly metadata: Json | null;
  readonly threadTs: string | null;
  /** How many times chat.update (or a response_url) replaced it. */
  readonly edits: number;
}

export interface Ephemeral {
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly at: number;
}

/** A file in the direct messages between somebody and the app. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly at: number;
}

export interface Seen {
  readonly ephemerals: readonly Ephemeral[];
  readonly files: readonly SharedFile[];
  /** What the app has written to this person alone. */
  readonly words: readonly Json[];
  /** The modal on top, as views.open answers it, or null. */
  readonly modal: Json | null;
  /** Errors of the last view_submission, by block_id. */
  readonly modalErrors: Readonly<Record<string, string>>;
  readonly home: Json | null;
  /** What the client showed because the app did not answer in time or at all. */
  readonly trouble: readonly string[];
}

export interface SlackChange {
  readonly kind: 'posted' | 'updated' | 'deleted' | 'ephemeral' | 'modal' | 'home' | 'file';
  readonly channel: string;
  /** ts of the message, view id or file id. */
  readonly id: string;
  /** User id for what only one person sees; empty for the channel. */
  readonly user: string;
}

export interface CallOptions {
  /** Seconds added to the signed timestamp. */
  readonly shift?: number;
  /** Signs with this secret in place of the app's. */
  readonly secret?: string;
  /** Leaves the signature headers out. */
  readonly unsigned?: boolean;
  /** x-slack-retry-num and x-slack-retry-reason. */
  readonly retry?: { readonly num: number; readonly reason: string };
  /** The user's home workspace as the payload names it. */
  readonly userTeam?: string;
  /** Another channel id in the payload: a card that was copied there. */
  readonly channel?: string;
  /** The option to choose, for selects, radio buttons, checkboxes and overflow menus. */
  readonly choose?: string | readonly string[];
  /** For a press in a modal: what stands in its inputs by then, by action_id. */
  readonly filled?: Readonly<Record<string, string | readonly string[]>>;
  /** For a modal: sends although a required input is empty. */
  readonly force?: boolean;
  /** Last hand on the payload before it is signed: forged content with a genuine signature. */
  readonly patch?: (payload: Json) => Json;
}

/** What carries payloads to the app: signed HTTP, or a Socket Mode connection. */
export interface Socket {
  /** wss address that apps.connections.open hands out. */
  readonly url: string;
  deliver(envelope: {
    readonly type: 'interactive' | 'slash_commands' | 'events_api';
    readonly payload: Json;
    readonly retry?: { readonly num: number; readonly reason: string };
  }): Promise<Delivered>;
}

/** The workspace is one of a company's in an Enterprise Grid. */
export interface Grid {
  readonly enterpriseId: string;
  /** The app is installed for the whole organisation: payloads then name no team (slackapi/bolt-js#1875). */
  readonly orgWide?: boolean;
  /** [belief] What auth.test calls the team of an organisation's token: nobody documents it. */
  readonly tokenTeam?: 'workspace' | 'enterprise';
}
