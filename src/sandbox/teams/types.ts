import type { Delivered, Json } from '../slack/loopback.ts';

export interface TeamsPerson {
  readonly key: string;
  readonly aadObjectId: string;
  readonly name: string;
  readonly upn: string;
  readonly guest?: boolean;
}

export interface SeatedMember extends TeamsPerson {
  /** 29:… as this bot sees the person. */
  readonly id: string;
}

export type ChannelType = 'standard' | 'private' | 'shared';

export interface TeamsChannel {
  readonly id: string;
  readonly name: string;
  readonly type: ChannelType;
}

export interface ShownActivity {
  readonly id: string;
  /** Who wrote it: 'bot' or a person's key. */
  readonly from: string;
  readonly text: string;
  /** Whom it mentions, and so notifies: ids as the bot gave them. */
  readonly mentions: readonly string[];
  readonly card: Json | null;
  readonly updates: number;
  readonly deleted: boolean;
}

export interface ShownThread {
  readonly conversationId: string;
  readonly channelId: string;
  readonly activities: readonly ShownActivity[];
}

export interface TeamsCall {
  /** create | send | update | delete | members | channels | team | token-check failures as 'unauthorized' */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly at: number;
  /** HTTP status that went out; 0 when the answer was lost. */
  status: number;
  /** Status of the effect itself; null when a fault came first. */
  effect: number | null;
}

export interface Toast {
  readonly kind: 'message' | 'error' | 'failed';
  readonly text: string;
  readonly activityId: string;
}

export interface TeamsSeen {
  /** Cards that only this person sees, by the id of the activity they stand in for. */
  readonly cards: ReadonlyMap<string, Json>;
  readonly toasts: readonly Toast[];
  /** Messages posted to this person alone in the channel (targeted messages). */
  readonly whispers: readonly ShownActivity[];
}

export interface TeamsChange {
  readonly kind: 'posted' | 'updated' | 'deleted' | 'whispered' | 'private-card' | 'toast';
  readonly conversationId: string;
  readonly activityId: string;
  /** Person's key for what only one person sees; empty for the channel. */
  readonly user: string;
}

export interface ActOptions {
  /** Another conversation in the activity: a card that was copied there. */
  readonly conversationId?: string;
  /** Another tenant in channelData and conversation. */
  readonly tenantId?: string;
  /** Sends although a required input is empty or an input unknown. */
  readonly force?: boolean;
  /** Last hand on the activity before it is sent with a genuine token. */
  readonly patch?: (activity: Json) => Json;
}

export interface Acted extends Delivered {
  readonly activity: Json;
}
