import type { WatchedAccount } from '../tenant/accounts.ts';
import type { TenantUser } from '../tenant/types.ts';
import { rolesOf } from './account-routes.ts';
import { type Fields, fieldsIn } from './filter.ts';
import { parseFilter } from './filter-parser.ts';
import { chosen, pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { cloudIdentifier, onPremisesIdentifier, picked } from './shape.ts';
import type { Route, Service, Task } from './types.ts';

/** Identities that Defender for Identity watches (learn.microsoft.com/graph/api/resources/security-identityaccounts). */

const IDENTITIES = ['security', 'identities', 'identityaccounts'];

export const IDENTITY_ROUTES: readonly Route[] = [
  {
    operation: 'listIdentities',
    method: 'GET',
    pattern: IDENTITIES,
    outlook: false,
    roles: ['SecurityIdentitiesAccount.Read.All'],
    handle: listIdentities,
  },
  {
    operation: 'invokeAction',
    method: 'POST',
    pattern: [...IDENTITIES, ':identity', 'invokeaction'],
    outlook: false,
    roles: ['SecurityIdentitiesActions.ReadWrite.All'],
    handle: invokeAction,
  },
];

interface Watched {
  readonly account: WatchedAccount;
  readonly user: TenantUser;
}

const FIELDS: Fields<Watched> = {
  readers: new Map([
    ['onPremisesSecurityIdentifier', ({ user }: Watched) => onPremisesIdentifier(user)],
    ['cloudSecurityIdentifier', ({ user }: Watched) => cloudIdentifier(user.id)],
  ]),
  caseless: new Set(),
};

function watched({ tenant }: Service): readonly Watched[] {
  return tenant.watchedAccounts().flatMap((account) => {
    const user = tenant.userByKey(account.userId);
    return user ? [{ account, user }] : [];
  });
}

/** learn.microsoft.com, security-identitycontainer-list-identityaccounts: the examples filter by a security identifier. */
function listIdentities({ query, call, service }: Task): Reply {
  const named = query.filter === null ? [] : fieldsIn(parseFilter(query.filter));
  if (query.skip > 0 || query.top !== null || query.orderBy.length > 0 || named.some((one) => !FIELDS.readers.has(one)))
    badRequest('Only $select and a $filter by security identifier are simulated.');
  const all = () => watched(service);
  return ok(
    pageOf(chosen(query, { fields: FIELDS, indexed: new Set(), lookUp: all, all }), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'security/identities/identityAccounts',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (one) => identityJson(one, query.select, service.beliefs().identityAsInExamples),
    }),
  );
}

function identityJson({ account, user }: Watched, select: readonly string[] | null, asInExamples: boolean): Json {
  const inEntra = { identifier: user.id, actions: account.actions };
  const onPremises = { identifier: account.id, actions: ['disable', 'enable', 'forcePasswordReset'] };
  const accountJson = (provider: 'entraID' | 'activeDirectory', one: Json) =>
    asInExamples
      ? { provider: provider === 'entraID' ? 'EntraID' : 'ActiveDirectory', ...one }
      : { identityProvider: provider, ...one };
  const all = {
    id: account.id,
    displayName: user.displayName,
    domain: user.userPrincipalName.split('@')[1] ?? '',
    onPremisesSecurityIdentifier: onPremisesIdentifier(user),
    cloudSecurityIdentifier: cloudIdentifier(user.id),
    isEnabled: user.accountEnabled,
    accounts: [
      ...(user.onPremisesSyncEnabled ? [accountJson('activeDirectory', onPremises)] : []),
      accountJson('entraID', inEntra),
    ],
  };
  return select === null ? all : picked(all, select, 'microsoft.graph.security.identityAccounts');
}

/** learn.microsoft.com, security-identityaccounts-invokeaction. Taken on, and done a little later. */
function invokeAction(task: Task): Reply {
  const { service, params, json, wrote } = task;
  const found = watched(service).find(({ account }) => account.id === params['identity']);
  if (!found) return fail(404, 'NotFound', 'The identity account was not found.');
  const { accountId, action, identityProvider } = json();
  const { account, user } = found;
  if (accountId !== user.id || identityProvider !== 'entraID')
    return fail(400, 'BadRequest', 'The account does not belong to this identity.');
  if (service.beliefs().entraActionsRefused) fail(400, 'BadRequest', 'EntraID actions are not yet supported.');
  if (!account.actions.includes(String(action))) return fail(400, 'BadRequest', 'The action is not available.');
  if (service.beliefs().rolesAreSafe && rolesOf(service, user.id).length > 0)
    return fail(403, 'Forbidden', 'The account is protected.');
  const [from, to] = service.limits().identityActionMs;
  const at = service.clock() + from + service.random() * (to - from);
  service.tenant.later(at, () => carryOut(service, user, String(action)));
  wrote({ effect: 'switchAccount', message: null, from: null, to: String(action) });
  const provider = service.beliefs().identityAsInExamples ? { provider: identityProvider } : { identityProvider };
  return ok({ value: { accountId, action, ...provider, correlationId: account.id } });
}

function carryOut({ tenant, limits, clock }: Service, user: TenantUser, action: string): void {
  if (!tenant.userByKey(user.id)) return;
  if (action === 'disable' || action === 'enable')
    tenant.switchAccount(user.id, action === 'enable', limits().syncReads);
  if (action === 'revokeAllSessions') tenant.updateUser(user.id, { sessionsValidFrom: clock() });
  if (action === 'markUserAsCompromised')
    tenant.setRisk(user.id, { riskState: 'confirmedCompromised', riskLevel: 'high' });
}
