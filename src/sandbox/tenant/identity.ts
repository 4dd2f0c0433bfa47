import type { Directory } from './directory.ts';
import { guid, type Random } from './ids.ts';
import type { GroupOrder, RiskOrder, TenantGroup, TenantUser, UserRisk } from './types.ts';

/** Who belongs together, and who is under suspicion. */
export interface Identity {
  /** Members are ids of users or groups that are there. Groups may hold each other, also in a circle. */
  setGroup(order: GroupOrder): TenantGroup;
  removeGroup(id: string): void;
  group(id: string): TenantGroup | null;
  groups(): readonly TenantGroup[];
  /** Everything inside, at any depth, each once; the group itself is not among it. Empty for an unknown group. */
  transitiveMembers(groupId: string): readonly (TenantUser | TenantGroup)[];
  /** null: Identity Protection knows nothing about this user. */
  setRisk(userId: string, risk: RiskOrder | null): void;
  riskOf(userId: string): UserRisk | null;
}

export function createIdentity(directory: Directory, clock: () => number, random: Random): Identity {
  const groups = new Map<string, TenantGroup>();
  const risks = new Map<string, UserRisk>();
  const groupOf = (id: string) => groups.get(id.toLowerCase()) ?? null;

  function transitiveMembers(groupId: string): (TenantUser | TenantGroup)[] {
    const start = groupOf(groupId);
    const found = new Map<string, TenantUser | TenantGroup>();
    const open = [...(start?.members ?? [])];
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      const member = directory.byId(id) ?? groupOf(id);
      if (member === null || member.id === start?.id || found.has(member.id)) continue;
      found.set(member.id, member);
      if (isGroup(member)) open.push(...member.members);
    }
    return [...found.values()];
  }

  return {
    setGroup(order) {
      const id = (order.id ?? guid(random)).toLowerCase();
      const members = order.members.map((member) => member.toLowerCase());
      const unknown = members.find((member) => !directory.byId(member) && !groupOf(member) && member !== id);
      if (unknown !== undefined) throw new RangeError(`no user or group has the id ${unknown}`);
      const group = { id, displayName: order.displayName, members };
      groups.set(id, group);
      return group;
    },
    removeGroup: (id) => void groups.delete(id.toLowerCase()),
    group: groupOf,
    groups: () => [...groups.values()],
    transitiveMembers,
    setRisk(userId, risk) {
      const user = directory.byId(userId.toLowerCase());
      if (!user) throw new RangeError(`nobody has the id ${userId}`);
      if (risk === null) risks.delete(user.id);
      else risks.set(user.id, { ...risk, updatedAt: clock() });
    },
    riskOf: (userId) => risks.get(userId.toLowerCase()) ?? null,
  };
}

export function isGroup(member: TenantUser | TenantGroup): member is TenantGroup {
  return 'members' in member;
}
