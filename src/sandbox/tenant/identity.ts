import { type Accounts, createAccounts, type KeptAccounts } from './accounts.ts';
import type { Directory } from './directory.ts';
import { guid, type Random } from './ids.ts';
import type { GroupKind, GroupOrder, RiskOrder, TenantGroup, TenantUser, UserRisk } from './types.ts';

/** Who belongs together, and who is under suspicion. */
export interface Identity extends Accounts {
  /** Members are ids of users or groups that are there. Groups may hold each other, also in a circle. */
  setGroup(order: GroupOrder): TenantGroup;
  removeGroup(id: string): void;
  group(id: string): TenantGroup | null;
  groups(): readonly TenantGroup[];
  groupByAddress(address: string): TenantGroup | null;
  /**
   * Everything inside, at any depth, each once; the group itself is not among it. Empty for an unknown group.
   * `public`: without what hidden groups hold.
   */
  transitiveMembers(groupId: string, what?: 'all' | 'public'): readonly (TenantUser | TenantGroup)[];
  /** null: Identity Protection knows nothing about this user. */
  setRisk(userId: string, risk: RiskOrder | null): void;
  riskOf(userId: string): UserRisk | null;
  risks(): readonly (readonly [userId: string, risk: UserRisk])[];
}

export interface KeptIdentity {
  readonly accounts?: KeptAccounts;
  readonly groups: readonly TenantGroup[];
  readonly risks: readonly (readonly [userId: string, risk: UserRisk])[];
}

export function createIdentity(
  directory: Directory,
  clock: () => number,
  random: Random,
  kept: KeptIdentity = { groups: [], risks: [] },
): Identity {
  const groups = new Map(kept.groups.map((group) => [group.id, group]));
  const risks = new Map(kept.risks);
  const groupOf = (id: string) => groups.get(id.toLowerCase()) ?? null;

  function groupByAddress(address: string): TenantGroup | null {
    return [...groups.values()].find((group) => addressesOf(group).includes(address.toLowerCase())) ?? null;
  }

  function other(address: string, id: string): boolean {
    const owner = groupByAddress(address);
    return owner !== null && owner.id !== id;
  }

  function transitiveMembers(groupId: string, what: 'all' | 'public' = 'all'): (TenantUser | TenantGroup)[] {
    const start = groupOf(groupId);
    const found = new Map<string, TenantUser | TenantGroup>();
    const inside = (group: TenantGroup) => (group.hidden && what === 'public' ? [] : group.members);
    const open = start ? [...inside(start)] : [];
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      const member = directory.byId(id) ?? groupOf(id);
      if (member === null || member.id === start?.id || found.has(member.id)) continue;
      found.set(member.id, member);
      if (isGroup(member)) open.push(...inside(member));
    }
    return [...found.values()];
  }

  return {
    ...createAccounts(directory, clock, random, kept.accounts),
    setGroup(order) {
      const id = (order.id ?? guid(random)).toLowerCase();
      const members = order.members.map((member) => member.toLowerCase());
      const unknown = members.find((member) => !directory.byId(member) && !groupOf(member) && member !== id);
      if (unknown !== undefined) throw new RangeError(`no user or group has the id ${unknown}`);
      const group = groupFrom(order, id, members);
      const taken = addressesOf(group).find((address) => directory.byAddress(address) ?? other(address, id));
      if (taken !== undefined) throw new RangeError(`already somebody's address: ${taken}`);
      groups.set(id, group);
      return group;
    },
    removeGroup: (id) => void groups.delete(id.toLowerCase()),
    group: groupOf,
    groups: () => [...groups.values()],
    groupByAddress,
    transitiveMembers,
    setRisk(userId, risk) {
      const user = directory.byId(userId.toLowerCase());
      if (!user) throw new RangeError(`nobody has the id ${userId}`);
      if (risk === null) risks.delete(user.id);
      else risks.set(user.id, { ...risk, updatedAt: clock() });
    },
    riskOf: (userId) => risks.get(userId.toLowerCase()) ?? null,
    risks: () => [...risks],
  };
}

function groupFrom(order: GroupOrder, id: string, members: readonly string[]): TenantGroup {
  const { displayName, mail = null, aliases = [], hidden = false } = order;
  const kind: GroupKind = order.kind ?? (mail === null ? 'security' : 'distribution');
  const proxyAddresses = mail === null ? [] : [`SMTP:${mail}`, ...aliases.map((alias) => `smtp:${alias}`)];
  return { id, displayName, members, kind, mail, proxyAddresses, hidden };
}

function addressesOf({ proxyAddresses }: TenantGroup): readonly string[] {
  return proxyAddresses.map((address) => address.slice('smtp:'.length).toLowerCase());
}

export function isGroup(member: TenantUser | TenantGroup): member is TenantGroup {
  return 'members' in member;
}
