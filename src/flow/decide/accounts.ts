import { chatName } from '../../core/tell/chats.ts';
import type { ChatUser } from '../../ports/desk.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Flow } from '../flow.ts';

/** Chat accounts and the people behind them, as far as the configuration tells. */

export type Accounts = Pick<Flow, 'people' | 'chats' | 'chatNames'>;

export function configuredPeople({ people }: Accounts, platform: Platform, account: string): readonly string[] {
  return people.filter(({ accounts }) => accounts.get(platform) === account).map(({ entraId }) => entraId);
}

export function configuredAccount({ people }: Accounts, platform: Platform, person: string): string | null {
  return people.find(({ entraId }) => entraId === person)?.accounts.get(platform) ?? null;
}

/** Whether a link says whose this account is, and it is one of ours. */
export function canBeLinked({ chats }: Accounts, by: ChatUser): boolean {
  const chat = chats.get(by.platform);
  return chat?.knownBy === 'link' && by.home === chat.home && by.id !== '';
}

/** What people call the chats in which they have to say who they are; none where all of them know it themselves. */
export function linkingChats({ chats, chatNames }: Accounts): readonly string[] {
  const linking = [...chats.values()].filter(({ knownBy }) => knownBy === 'link');
  return linking.map(({ platform }) => chatName(chatNames, platform));
}
