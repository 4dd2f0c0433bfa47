import { inertOr } from '../text.ts';

/** What people call the chats, by the names that these are stored under. */
export type ChatNames = ReadonlyMap<string, string>;

export function chatName(names: ChatNames, platform: string): string {
  return names.get(platform) ?? inertOr(platform, 'a chat', 40);
}

/** A room that takes nothing any more. */
export interface RoomTrouble {
  /** ISO time. */
  readonly since: string | null;
  /** The chat's own word. */
  readonly why: string;
}

export function roomTroubleWords({ since, why }: RoomTrouble): string {
  return `takes no messages since ${since ?? 'a time that is not known'}: ${why}`;
}
