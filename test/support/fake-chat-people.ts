import { ClawbackError } from '../../src/core/error.ts';
import type { ChatAccount, ChatPeople } from '../../src/ports/people.ts';
import type { FakeChat } from './fake-rooms.ts';

export const ACCOUNT: ChatAccount = { active: true, bot: false, guest: false, stranger: false, address: null };

/** The people of a chat, in memory. */
export interface FakeChatPeople extends ChatPeople {
  readonly accounts: Map<string, ChatAccount>;
  readonly groups: Map<string, readonly string[]>;
  readonly shared: Set<string>;
  /** Nothing can be asked. */
  down: boolean;
  /** What was said once is said again, as within the lifetime of the real one's memory, except to who asks anew. */
  remembers: boolean;
}

/** Accounts of Slack are linked; in Teams they bear the Entra object id. */
export function createFakeChatPeople(platform: FakeChat, home: string): FakeChatPeople {
  const memory = new Map<string, unknown>();
  const ask = <T>(key: string, heard: Set<string> | null, answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      const mayBeOld = heard === null || heard.has(key);
      if (fake.remembers && mayBeOld && memory.has(key)) return resolve(memory.get(key) as T);
      if (fake.down) throw new ClawbackError('unavailable', `${platform} is told to be down`);
      const said = answer();
      memory.set(key, said);
      heard?.add(key);
      resolve(said);
    });

  function membersOf(id: string): ReadonlySet<string> {
    const members = fake.groups.get(id);
    if (!members) throw new ClawbackError('unavailable', 'there is no such group');
    return new Set(members);
  }

  /** `heard`: what was asked since; null for whom old answers are good enough. */
  function asked(heard: Set<string> | null): ChatPeople {
    return {
      platform,
      home,
      knownBy: platform === 'slack' ? 'link' : 'entra-id',
      groupsOf: ({ slackUserGroups }) => (platform === 'slack' ? slackUserGroups : []),
      answersAreSeen: (channel) => platform === 'teams' && channel.startsWith('19:'),
      account: (id) => ask(`account ${id}`, heard, () => fake.accounts.get(id) ?? null),
      isShared: (channel) => ask(`channel ${channel}`, heard, () => fake.shared.has(channel)),
      groupMembers: (id) => ask(`group ${id}`, heard, () => membersOf(id)),
      anew: () => asked(new Set()),
    };
  }
  const fake: FakeChatPeople = {
    ...asked(null),
    accounts: new Map(),
    groups: new Map(),
    shared: new Set(),
    down: false,
    remembers: false,
  };
  return fake;
}
