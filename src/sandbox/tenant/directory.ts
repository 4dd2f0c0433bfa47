import { guid, type Random } from './ids.ts';
import type { TenantUser, UserChange, UserOrder } from './types.ts';

export interface Directory {
  all(): IterableIterator<TenantUser>;
  size(): number;
  byId(id: string): TenantUser | null;
  /** By object id or user principal name, upper and lower case alike: what Graph takes in /users/{id}. */
  byKey(key: string): TenantUser | null;
  /** By any of its addresses, its user principal name or id. */
  byAddress(address: string): TenantUser | null;
  add(order: UserOrder): TenantUser;
  /** Its addresses stay what they are. */
  change(id: string, change: UserChange): TenantUser | null;
  remove(id: string): TenantUser | null;
}

export function createDirectory(random: Random, kept: readonly TenantUser[] = []): Directory {
  const users = new Map<string, TenantUser>();
  const names = new Map<string, string>();
  const addresses = new Map<string, string>();
  const of = (id: string | undefined) => (id === undefined ? null : (users.get(id) ?? null));
  const byKey = (key: string) => of(key.toLowerCase()) ?? of(names.get(key.toLowerCase()));
  function seat(user: TenantUser): TenantUser {
    users.set(user.id, user);
    names.set(user.userPrincipalName.toLowerCase(), user.id);
    for (const address of addressesOf(user)) addresses.set(address, user.id);
    return user;
  }
  for (const user of kept) seat(user);
  return {
    all: () => users.values(),
    size: () => users.size,
    byId: (id) => of(id),
    byKey,
    byAddress: (address) => of(addresses.get(address.toLowerCase())) ?? byKey(address),
    add(order) {
      const user = userOf(order, random);
      const known = addressesOf(user).find((address) => addresses.has(address));
      if (known !== undefined || names.has(user.userPrincipalName.toLowerCase())) {
        throw new RangeError(`already somebody's address: ${known ?? user.userPrincipalName}`);
      }
      return seat(user);
    },
    change(id, change) {
      const user = of(id);
      if (!user) return null;
      const changed = { ...user, ...change };
      users.set(user.id, changed);
      return changed;
    },
    remove(id) {
      const user = of(id);
      if (!user) return null;
      users.delete(id);
      names.delete(user.userPrincipalName.toLowerCase());
      for (const address of addressesOf(user)) addresses.delete(address);
      return user;
    },
  };
}

function userOf(order: UserOrder, random: Random): TenantUser {
  const { userPrincipalName } = order;
  const mail = order.mail === undefined ? userPrincipalName : order.mail;
  const aliases = (order.aliases ?? []).map((alias) => `smtp:${alias}`);
  return {
    id: (order.id ?? guid(random)).toLowerCase(),
    userPrincipalName,
    ...(order.alias === undefined ? {} : { alias: order.alias }),
    mail,
    displayName: order.displayName ?? userPrincipalName.split('@')[0] ?? userPrincipalName,
    proxyAddresses: mail === null ? aliases : [`SMTP:${mail}`, ...aliases],
    accountEnabled: order.accountEnabled ?? true,
    userType: order.userType ?? 'Member',
    hosted: order.hosted ?? 'cloud',
    ...(order.synced ? { onPremisesSyncEnabled: true } : {}),
  };
}

function addressesOf(user: TenantUser): string[] {
  return user.proxyAddresses.map((address) => address.slice('smtp:'.length).toLowerCase());
}
