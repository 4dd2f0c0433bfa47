import { inertOr } from '../text.ts';

/** What people call the chats, by the names that these are stored under. */
export type ChatNames = ReadonlyMap<string, string>;

export function chatName(names: ChatNames, platform: string): string {
  return names.get(platform) ?? inertOr(platform, 'a chat', 40);
}
