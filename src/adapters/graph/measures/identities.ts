import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureEffect } from '../../../ports/measures.ts';
import { odata, query, seg } from '../../microsoft/client.ts';
import { Account, laneOf, lookAtAccount } from './account.ts';
import { type Asking, bodyOf, effectOf, type Needs, type Step } from './asking.ts';

/**
 * Accounts that Defender for Identity watches: one permission does what else takes three. It is asked first, where it may be,
 * and for what it says itself that it can do to this account. The pages of Microsoft do not agree whether it does any of it to
 * accounts of Entra (graph/api/resources/security-account says so, security-identityaccounts-invokeaction that it is not
 * covered): where it refuses, the account's own interface is asked.
 */

type IdentityAction = 'disable' | 'enable' | 'revokeAllSessions' | 'markUserAsCompromised';

const READ = 'SecurityIdentitiesAccount.Read.All';
const ACT: Needs = { permission: 'SecurityIdentitiesActions.ReadWrite.All', byExchange: false };

/** The tables of the documentation say `identityProvider` and `entraID`, its examples `provider` and `EntraID`. */
const Identities = z.object({
  value: z.array(
    z.object({
      id: z.string().min(1),
      accounts: z
        .array(
          z.object({
            identifier: z.string().nullish(),
            identityProvider: z.string().nullish(),
            provider: z.string().nullish(),
            actions: z.array(z.string()).nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** Null: it may not be asked, does not know the account, does not offer this, or refuses. Nothing was changed then. */
export async function byDefender(
  asking: Asking,
  measure: Measure,
  action: IdentityAction,
  step: Step,
): Promise<MeasureEffect | null> {
  if (!asking.hasIdentities || !asking.granted(READ) || !asking.granted(ACT.permission)) return null;
  const identity = await identityOf(asking, measure, action, step.signal);
  if (identity === null) return null;
  const request = {
    operation: 'invoke action',
    method: 'POST',
    path: `/security/identities/identityAccounts/${seg(identity)}/invokeAction`,
    body: { accountId: measure.person, action, identityProvider: 'entraID' },
    clientRequestId: step.requestId,
  } as const;
  const effect = effectOf(await asking.send(laneOf(measure), request, step.signal), ACT, asking);
  return effect.is === 'refused' ? null : effect;
}

async function identityOf(
  asking: Asking,
  measure: Measure,
  action: IdentityAction,
  signal: AbortSignal,
): Promise<string | null> {
  const fields = ['id', 'securityIdentifier', 'onPremisesSecurityIdentifier'] as const;
  const account = Account.safeParse(bodyOf(await lookAtAccount(asking, measure, fields, signal))).data;
  const { onPremisesSecurityIdentifier: onPremises, securityIdentifier: inCloud } = account ?? {};
  if (!onPremises && !inCloud) return null;
  const filter = onPremises
    ? `onPremisesSecurityIdentifier eq ${odata(onPremises)}`
    : `cloudSecurityIdentifier eq ${odata(inCloud ?? '')}`;
  const path = `/security/identities/identityAccounts${query({ $filter: filter })}`;
  const reply = await asking.send(laneOf(measure), { operation: 'look at identity', method: 'GET', path }, signal);
  const identities = Identities.safeParse(bodyOf(reply)).data?.value ?? [];
  const found = identities.find(({ accounts }) =>
    accounts?.some(
      ({ identifier, identityProvider, provider, actions }) =>
        identifier?.toLowerCase() === measure.person &&
        (identityProvider ?? provider)?.toLowerCase() === 'entraid' &&
        actions?.some((one) => one.toLowerCase() === action.toLowerCase()),
    ),
  );
  return found?.id ?? null;
}
