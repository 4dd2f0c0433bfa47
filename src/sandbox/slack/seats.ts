import type { SeatedPerson, SlackPerson } from './types.ts';

/** Who is in the workspace. */

export interface Seats {
  readonly byKey: Record<string, SeatedPerson>;
  readonly byId: Map<string, SeatedPerson>;
}

export function seated(users: readonly SlackPerson[], teamId: string, id: (key: string) => string): Seats {
  const everyone = users.map((one) => ({ ...one, id: id(one.key), teamId: one.teamId ?? teamId }));
  return {
    byKey: Object.fromEntries(everyone.map((one) => [one.key, one])),
    byId: new Map(everyone.map((one) => [one.id, one])),
  };
}

export function person({ byKey }: Pick<Seats, 'byKey'>, key: string): SeatedPerson {
  const found = byKey[key];
  if (found === undefined) {
    throw new Error(`nobody called ${key} is in this workspace`);
  }
  return found;
}
