import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import { query, seg } from '../../microsoft/client.ts';
import type { InnerReply } from '../answer.ts';
import type { InnerRequest } from '../batch.ts';
import type { Asking, Needs } from './asking.ts';

/** Accounts in the directory, which have no mailbox of their own to queue for. */

export const READ_USERS: Needs = { permission: 'User.Read.All', byExchange: false };

export const laneOf = ({ person }: Pick<Measure, 'person'>) => `account ${person}`;

export function userPath({ person }: Pick<Measure, 'person'>, ...more: readonly string[]): string {
  return `/users/${[person, ...more].map(seg).join('/')}`;
}

/** Everything but the id is null, or left out, for whoever may not see it. */
export const Account = z.object({
  id: z.guid(),
  accountEnabled: z.boolean().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
  signInSessionsValidFromDateTime: z.string().nullish(),
  securityIdentifier: z.string().nullish(),
  onPremisesSecurityIdentifier: z.string().nullish(),
});

/** These fields are given out only to whoever asks for them by name. */
export function lookAtAccount(
  asking: Asking,
  measure: Measure,
  fields: readonly (keyof z.infer<typeof Account>)[],
  signal: AbortSignal,
): Promise<InnerReply> {
  const path = `${userPath(measure)}${query({ $select: fields.join(',') })}`;
  const request: InnerRequest = { operation: 'look at account', method: 'GET', path };
  return asking.send(laneOf(measure), request, signal);
}
