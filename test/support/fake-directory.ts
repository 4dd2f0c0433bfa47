import { ClawbackError } from '../../src/core/error.ts';
import type { Directory, DirectoryPerson } from '../../src/ports/people.ts';

/** A directory in memory. */
export interface FakeDirectory extends Directory {
  readonly people: Map<string, DirectoryPerson>;
  readonly groups: Map<string, readonly string[]>;
  readonly risky: Set<string>;
  users: number;
  /** Nothing can be asked. */
  down: boolean;
}

export function createFakeDirectory(people: readonly DirectoryPerson[] = []): FakeDirectory {
  const ask = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      if (fake.down) throw new ClawbackError('unavailable', 'the directory is told to be down');
      resolve(answer());
    });
  const fake: FakeDirectory = {
    people: new Map(people.map((person) => [person.id, person])),
    groups: new Map(),
    risky: new Set(),
    users: 1_000,
    down: false,
    person: (id) => ask(() => fake.people.get(id.toLowerCase()) ?? null),
    byAddress: (address) =>
      ask(() => [...fake.people.values()].filter(({ addresses }) => addresses.includes(address.toLowerCase()))),
    members: (id) =>
      ask(() => {
        const members = fake.groups.get(id);
        if (!members) throw new ClawbackError('unavailable', 'there is no such group');
        return new Set(members);
      }),
    atRisk: (id) => ask(() => fake.risky.has(id.toLowerCase())),
    size: () => ask(() => fake.users),
    anew: () => fake,
  };
  return fake;
}
