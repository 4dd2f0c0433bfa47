import { ClawbackError } from '../../src/core/error.ts';
import type { ChatAccount, ChatPeople } from '../../src/ports/people.ts';
import type { Platform } from '../../src/ports/rooms.ts';

export const ACCOUNT: ChatAccount = { active: true, bot: false, guest: false, stranger: false, address: null };

/** The people of a chat, in memory. */
export interface FakeChatPeople extends ChatPeople {
  readonly accounts: Map<string, ChatAccount>;
  readonly groups: Map<string, readonly string[]>;
  readonly shared: Set<string>;
  /** Nothing can be asked. */
  down: boolean;
}

export function createFakeChatPeople(platform: Platform): FakeChatPeople {
  const ask = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (fake.down) throw new ClawbackError('unavailable', `${platform} is told to be down`);
      resolve(answer());
    });
  const fake: FakeChatPeople = {
    platform,
    accounts: new Map(),
    groups: new Map(),
    shared: new Set(),
    down: false,
    account: (id) => ask(() => fake.accounts.get(id) ?? null),
    isShared: (channel) => ask(() => fake.shared.has(channel)),
    groupMembers: (id) =>
      ask(() => {
        const members = fake.groups.get(id);
        if (!members) throw new ClawbackError('unavailable', 'there is no such group');
        return new Set(members);
      }),
    anew: () => fake,
  };
  return fake;
}
