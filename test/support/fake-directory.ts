import { ClawbackError } from '../../src/core/error.ts';
import type { Directory, DirectoryPerson, Expansion } from '../../src/ports/people.ts';

/** A list or group that mail can be sent to. */
interface FakeList {
  /** Ids of people. */
  readonly members: readonly string[];
  /** Nobody may see who is in it. */
  readonly hidden?: boolean;
  readonly ownMailbox?: boolean;
}

/** A directory in memory. */
export interface FakeDirectory extends Directory {
  readonly people: Map<string, DirectoryPerson>;
  readonly groups: Map<string, readonly string[]>;
  /** By address, in lower case. */
  readonly lists: Map<string, FakeList>;
  readonly risky: Set<string>;
  users: number;
  /** Nothing can be asked. */
  down: boolean;
  /** Lists cannot be looked up: the permission is missing. */
  listsDenied: boolean;
  /** What was said once is said again, as within the lifetime of the real one's memory, except to who asks anew. */
  remembers: boolean;
}

export function createFakeDirectory(people: readonly DirectoryPerson[] = []): FakeDirectory {
  const memory = new Map<string, unknown>();
  const ask = <T>(key: string, heard: Set<string> | null, answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      const mayBeOld = heard === null || heard.has(key);
      if (fake.remembers && mayBeOld && memory.has(key)) return resolve(memory.get(key) as T);
      if (fake.down) throw new ClawbackError('unavailable', 'the directory is told to be down');
      const said = answer();
      memory.set(key, said);
      heard?.add(key);
      resolve(said);
    });
  const owners = (address: string) => [...fake.people.values()].filter((one) => one.addresses.includes(address));

  function personBehind(address: string): Expansion | null {
    const [person, ...more] = owners(address);
    if (more.length > 0) return { kind: 'unclear', why: 'several people have this address' };
    return person ? { kind: 'person', id: person.id, addresses: person.addresses } : null;
  }

  function listBehind(address: string): Expansion {
    if (fake.listsDenied) return { kind: 'unclear', why: 'GroupMember.Read.All may be missing' };
    const list = fake.lists.get(address);
    if (!list) return { kind: 'nobody' };
    const members = list.hidden ? [] : list.members;
    const why = list.hidden ? 'its members are hidden' : members.length === 0 ? 'no members are told' : '';
    const addressOf = (id: string) => fake.people.get(id)?.addresses[0] ?? null;
    const told = members.map((id) => ({ id, address: addressOf(id) }));
    return { kind: 'group', members: told, ownMailbox: list.ownMailbox ?? false, complete: why === '', why };
  }

  function expansion(address: string): Expansion {
    if (!/^[^@]+@[^@\s]+$/.test(address)) return { kind: 'unclear', why: 'not a mail address' };
    const person = personBehind(address);
    if (person) return person;
    const list = listBehind(address);
    const tag = /^([^"+@]+)\+[^@]*(@.+)$/.exec(address);
    if (!tag || list.kind === 'group') return list;
    const owner = personBehind(`${tag[1]}${tag[2]}`);
    if (list.kind === 'unclear') return owner?.kind === 'person' ? owner : list;
    return owner ?? listBehind(`${tag[1]}${tag[2]}`);
  }

  function membersOf(id: string): ReadonlySet<string> {
    const members = fake.groups.get(id);
    if (!members) throw new ClawbackError('unavailable', 'there is no such group');
    return new Set(members);
  }

  /** `heard`: what was asked since; null for whom old answers are good enough. */
  function asked(heard: Set<string> | null): Directory {
    return {
      person: (id) => ask(`person ${id}`, heard, () => fake.people.get(id.toLowerCase()) ?? null),
      byAddress: (address) => ask(`address ${address}`, heard, () => owners(address.toLowerCase())),
      expand: (address) => ask(`recipients ${address}`, heard, () => expansion(address.toLowerCase())),
      members: (id) => ask(`group ${id}`, heard, () => membersOf(id)),
      atRisk: (id) => ask(`risk ${id}`, heard, () => fake.risky.has(id.toLowerCase())),
      size: () => ask('size', heard, () => fake.users),
      anew: () => asked(new Set()),
    };
  }
  const fake: FakeDirectory = {
    ...asked(null),
    people: new Map(people.map((person) => [person.id, person])),
    groups: new Map(),
    lists: new Map(),
    risky: new Set(),
    users: 1_000,
    down: false,
    listsDenied: false,
    remembers: false,
  };
  return fake;
}
