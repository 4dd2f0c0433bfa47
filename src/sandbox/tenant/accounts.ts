import type { Directory } from './directory.ts';
import { guid, type Random } from './ids.ts';

/** What hangs on an account: roles, consents, and what Defender for Identity knows of it. */

export interface DirectoryRole {
  /** GUID in lower case. */
  readonly id: string;
  readonly displayName: string;
  /** The same in every tenant. */
  readonly templateId: string;
  /** Object ids of users and of groups, in force now. */
  readonly members: readonly string[];
}

/** A role that is not in force over all of the tenant: somebody may switch it on, or has it for a part of the directory. */
export interface RoleHeld {
  readonly id: string;
  readonly is: 'eligible' | 'assigned';
  /** Object id of a user or of a group. */
  readonly principalId: string;
  /** The same in every tenant. */
  readonly templateId: string;
  /** `/`, or `/administrativeUnits/` and an id. */
  readonly scope: string;
}

/** A delegated permission that was consented to. */
export interface Grant {
  readonly id: string;
  /** Service principals: the app, and what it may ask. */
  readonly clientId: string;
  readonly resourceId: string;
  readonly consentType: 'Principal' | 'AllPrincipals';
  /** null: for everybody. */
  readonly principalId: string | null;
  /** Names with blanks between them, as Graph has them. */
  readonly scope: string;
  /** Milliseconds since the epoch; `goneAt` null: it is in force. */
  readonly since: number;
  readonly goneAt: number | null;
}

type GrantOrder = Pick<Grant, 'clientId' | 'resourceId' | 'consentType' | 'principalId' | 'scope'>;

/** An identity that Defender for Identity watches, by its account in Entra. */
export interface WatchedAccount {
  readonly id: string;
  readonly userId: string;
  /** What may be done to it there, of all that there is. */
  readonly actions: readonly string[];
}

export interface KeptAccounts {
  readonly roles?: readonly DirectoryRole[];
  readonly held?: readonly RoleHeld[];
  readonly grants?: readonly Grant[];
  readonly watched?: readonly WatchedAccount[];
}

export interface Accounts {
  /** Members are ids of users or groups. Of a role that is there: replaces it. */
  setRole(displayName: string, members: readonly string[], templateId?: string): DirectoryRole;
  roles(): readonly DirectoryRole[];
  holdRole(held: Omit<RoleHeld, 'id' | 'scope'> & Partial<Pick<RoleHeld, 'scope'>>): void;
  rolesHeld(): readonly RoleHeld[];
  /**
   * Null: there is one for these three already. `anew`: under an id that says nothing; else it is made of the ids of app,
   * resource and person, as the documentation's own examples are.
   */
  addGrant(order: GrantOrder, anew?: boolean): Grant | null;
  /** False: it is not there. */
  removeGrant(id: string): boolean;
  /** As they were at that moment. */
  grants(at: number): readonly Grant[];
  watchAccount(userId: string, actions: readonly string[]): WatchedAccount;
  watchedAccounts(): readonly WatchedAccount[];
  /** A synced account that was switched in the cloud: on premises switches it back when it was read so often. */
  switchAccount(userId: string, enabled: boolean, reads: number): void;
  accountWasRead(userId: string): void;
  /** What a service took on and does later: done by itself then, whoever looks. */
  later(at: number, work: () => void): void;
  settleAccounts(): void;
  keepAccounts(): KeptAccounts;
}

export function createAccounts(
  directory: Directory,
  clock: () => number,
  random: Random,
  kept: KeptAccounts = {},
): Accounts {
  const roles = new Map((kept.roles ?? []).map((role) => [role.displayName, role]));
  let held: readonly RoleHeld[] = kept.held ?? [];
  let grants: readonly Grant[] = kept.grants ?? [];
  const watched = new Map((kept.watched ?? []).map((one) => [one.userId, one]));
  const flips = new Map<string, { readonly to: boolean; readonly left: number }>();
  let waiting: readonly { readonly at: number; readonly work: () => void }[] = [];
  const inForce = ({ goneAt }: Grant) => goneAt === null;

  return {
    setRole(displayName, members, templateId = guid(random)) {
      const role = { id: roles.get(displayName)?.id ?? guid(random), displayName, templateId, members };
      roles.set(displayName, role);
      return role;
    },
    roles: () => [...roles.values()],
    holdRole: (one) => {
      held = [...held, { scope: '/', ...one, id: guid(random) }];
    },
    rolesHeld: () => held,
    addGrant(order, anew = false) {
      const isSame = (one: Grant) =>
        one.clientId === order.clientId && one.resourceId === order.resourceId && one.principalId === order.principalId;
      if (grants.some((one) => inForce(one) && isSame(one))) return null;
      const parts = [order.clientId, order.resourceId, ...(order.principalId === null ? [] : [order.principalId])];
      const id = idOf(anew ? [guid(random), guid(random), guid(random)] : parts);
      const grant: Grant = { ...order, id, since: clock(), goneAt: null };
      grants = [...grants, grant];
      return grant;
    },
    removeGrant(id) {
      const found = grants.find((one) => one.id === id && inForce(one));
      grants = grants.map((one) => (one === found ? { ...one, goneAt: clock() } : one));
      return found !== undefined;
    },
    grants: (at) => grants.filter(({ since, goneAt }) => since <= at && (goneAt === null || goneAt > at)),
    watchAccount(userId, actions) {
      const one = { id: watched.get(userId)?.id ?? guid(random), userId, actions };
      watched.set(userId, one);
      return one;
    },
    watchedAccounts: () => [...watched.values()],
    switchAccount(userId, enabled, reads) {
      const user = directory.byId(userId);
      if (!user) return;
      if (user.onPremisesSyncEnabled && enabled !== user.accountEnabled) {
        flips.set(userId, { to: user.accountEnabled, left: reads });
      }
      directory.change(userId, { accountEnabled: enabled });
    },
    accountWasRead(userId) {
      const flip = flips.get(userId);
      if (!flip) return;
      if (flip.left > 0) {
        flips.set(userId, { ...flip, left: flip.left - 1 });
        return;
      }
      flips.delete(userId);
      directory.change(userId, { accountEnabled: flip.to });
    },
    later: (at, work) => {
      waiting = [...waiting, { at, work }];
    },
    settleAccounts() {
      const due = waiting.filter(({ at }) => at <= clock());
      waiting = waiting.filter((one) => !due.includes(one));
      for (const { work } of due) work();
    },
    keepAccounts: () => ({ roles: [...roles.values()], held, grants, watched: [...watched.values()] }),
  };
}

/** GUIDs as 16 bytes each, the first three groups of digits turned round, in base64url without padding. */
function idOf(guids: readonly string[]): string {
  const turned = (hex: string) => (hex.match(/../g) ?? []).toReversed().join('');
  const bytes = guids.map((one) => {
    const [a = '', b = '', c = '', ...rest] = one.split('-');
    return `${turned(a)}${turned(b)}${turned(c)}${rest.join('')}`;
  });
  return Buffer.from(bytes.join(''), 'hex').toString('base64url');
}
