import type { DetailsView } from '../core/card.ts';
import type { CardRef, Platform } from './rooms.ts';

/** Who acts, as the platform vouches for it. Names are for people; only ids decide. */
export interface ChatUser {
  readonly platform: Platform;
  /** Slack user id, or Entra object id (aadObjectId) in Teams. Empty when the platform sent none. */
  readonly id: string;
  /** Slack team id, or Entra tenant id in Teams. */
  readonly home: string;
  readonly name: string;
}

/** A press of a button on a card (or the submit of its reason form). Nothing in it is believed but ids. */
export interface Press {
  readonly by: ChatUser;
  /** The place the press came from; for a reason form, the card that opened it. */
  readonly card: Omit<CardRef, 'via'>;
  /** purge | flag | reject | undo | reopen | details; anything else is refused and recorded. */
  readonly verb: string;
  readonly incident: string;
  readonly digest: string;
  /** Only for reject. null: not asked for yet. Empty: asked for and not given. */
  readonly reason: string | null;
  /** Zero-based page of the details list. */
  readonly page: number;
}

export interface CommandCall {
  readonly by: ChatUser;
  readonly channel: string;
  /** The words after the command's name or the mention, e.g. `incident CB-7F3K2M`. */
  readonly words: string;
}

/** Every answer is for the asker alone. Lines are plain text and must be shown literally. */
export type Reply =
  | { readonly kind: 'said'; readonly lines: readonly string[] }
  | { readonly kind: 'reason-needed'; readonly incident: string; readonly digest: string; readonly problem: string }
  | { readonly kind: 'details'; readonly view: DetailsView };

/** What a chat platform may ask of the product, for one tenant. Durable before it returns; never throws for input. */
export interface Desk {
  press(press: Press): Promise<Reply>;
  command(call: CommandCall): Promise<Reply>;
  /** Something arrived that no card of ours sends, or from a place it must not come from: recorded, answered. */
  stray(by: ChatUser, what: string): Promise<Reply>;
}
