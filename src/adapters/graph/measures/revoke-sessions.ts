import { Account, laneOf, lookAtAccount, READ_USERS, userPath } from './account.ts';
import { bodyOf, effectOf, isAbsent, type Needs, notSeen, refused } from './asking.ts';
import type { Carrier } from './carrier.ts';
import { byDefender } from './identities.ts';

/** learn.microsoft.com/graph/api/user-revokesigninsessions: it takes minutes, and does nothing to guests, who sign in at home. */

const NEEDS: Needs = { permission: 'User.RevokeSessions.All', byExchange: false };

export const revokeSessions: Carrier = {
  async look(asking, measure, signal) {
    const reply = await lookAtAccount(asking, measure, ['id', 'signInSessionsValidFromDateTime'], signal);
    if (isAbsent(reply, 'Request_ResourceNotFound')) return { is: 'gone' };
    const account = Account.safeParse(bodyOf(reply)).data;
    if (!account) return notSeen(reply, READ_USERS, asking);
    // Whoever may not see it is told nothing of it; whose sessions nobody has ended has null.
    if (account.signInSessionsValidFromDateTime === undefined) return { is: 'denied', missing: READ_USERS.permission };
    return {
      is: 'there',
      image: { signInSessionsValidFromDateTime: account.signInSessionsValidFromDateTime },
    };
  },

  async apply(asking, measure, _image, step) {
    const done = await byDefender(asking, measure, 'revokeAllSessions', step);
    if (done !== null) return done;
    const request = {
      operation: 'revoke sessions',
      method: 'POST',
      path: userPath(measure, 'revokeSignInSessions'),
      body: {},
      clientRequestId: step.requestId,
    } as const;
    return effectOf(await asking.send(laneOf(measure), request, step.signal), NEEDS, asking);
  },

  putBack: () => Promise.resolve(refused('sessions that were ended stay ended: people sign in again')),
};
