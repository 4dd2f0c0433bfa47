import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureEffect } from '../../../ports/measures.ts';
import { Account, laneOf, lookAtAccount, READ_USERS, userPath } from './account.ts';
import { type Asking, bodyOf, effectOf, isAbsent, type Needs, notSeen, refused, type Step } from './asking.ts';
import type { Carrier } from './carrier.ts';
import { byDefender } from './identities.ts';
import { rolesOf } from './roles.ts';

/** learn.microsoft.com/graph/api/user-update: `accountEnabled` and nothing else, by two permissions together. */

const NEEDS: Needs = { permission: 'User.EnableDisableAccount.All', byExchange: false };

export const disableAccount: Carrier = {
  async look(asking, measure, signal) {
    const fields = ['id', 'accountEnabled', 'onPremisesSyncEnabled', 'userType'] as const;
    const [reply, held] = await Promise.all([
      lookAtAccount(asking, measure, fields, signal),
      rolesOf(asking, measure, signal),
    ]);
    if (isAbsent(reply, 'Request_ResourceNotFound')) return { is: 'gone' };
    const account = Account.safeParse(bodyOf(reply)).data;
    if (!account) return notSeen(reply, READ_USERS, asking);
    const { accountEnabled, onPremisesSyncEnabled = null, userType = null } = account;
    if (typeof accountEnabled !== 'boolean') return { is: 'denied', missing: READ_USERS.permission };
    // Nobody is taken for somebody without rights because it could not be found out.
    if ('is' in held) return held;
    const { roles, unseen } = held;
    const seen = { accountEnabled, onPremisesSyncEnabled, userType, privileged: roles.length > 0, roles };
    return { is: 'there', image: unseen === null ? seen : { ...seen, rolesUnseen: unseen } };
  },

  apply: (asking, measure, _image, step) => switched(asking, measure, false, step),

  putBack(asking, measure, before, step) {
    if (before['accountEnabled'] !== true) return Promise.resolve(refused('the account was not enabled before'));
    return switched(asking, measure, true, step);
  },
};

async function switched(asking: Asking, measure: Measure, accountEnabled: boolean, step: Step): Promise<MeasureEffect> {
  const done = await byDefender(asking, measure, accountEnabled ? 'enable' : 'disable', step);
  if (done !== null) return done;
  const request = {
    operation: 'switch account',
    method: 'PATCH',
    path: userPath(measure),
    body: { accountEnabled },
    clientRequestId: step.requestId,
  } as const;
  const reply = await asking.send(laneOf(measure), request, step.signal);
  const missing = [NEEDS, READ_USERS].find(({ permission }) => !asking.granted(permission));
  if (reply.kind === 'answer' && reply.status === 403 && missing === undefined)
    return refused(`${reply.status} ${reply.code}: Entra lets no app switch this account, as of holders of a role`);
  return effectOf(reply, missing ?? NEEDS, asking);
}
