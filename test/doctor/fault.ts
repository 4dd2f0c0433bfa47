import type { Bench, Draft } from './bench.ts';

/** One thing that is wrong, and which line of the doctor has to say so. */
interface Fault {
  /** Breaks the configuration. */
  readonly change?: (draft: Draft) => void;
  /** Breaks the world; answers how to mend it. */
  readonly seed?: (bench: Bench) => (() => unknown) | Promise<() => unknown>;
  /** Milliseconds by which the clock here is wrong. */
  readonly clock?: number;
  readonly check: string;
  readonly words: string;
}

export type Faults = Readonly<Record<string, Fault>>;

/** An id that nobody and nothing has. */
export const GUID = '99999999-0000-4000-8000-000000000009';

export function userOf({ sandbox }: Bench, key: string) {
  const user = sandbox.tenant.userByAddress(`${key}@${sandbox.domain}`);
  if (!user) throw new Error(`nobody called ${key} is in this tenant`);
  return user;
}

/** `seed` for somebody whom Entra knows otherwise. */
export function accountOf(key: string, change: Parameters<Bench['sandbox']['tenant']['updateUser']>[1]) {
  return (bench: Bench): (() => unknown) => {
    const { id, accountEnabled, userType } = userOf(bench, key);
    bench.sandbox.tenant.updateUser(id, change);
    return () => bench.sandbox.tenant.updateUser(id, { accountEnabled, userType });
  };
}
