import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureEffect } from '../../../ports/measures.ts';
import { seg } from '../../microsoft/client.ts';
import { type Asking, bodyOf, effectOf, isAbsent, later, type Needs, notSeen, type Step, unknown } from './asking.ts';
import type { Carrier } from './carrier.ts';
import { byDefender } from './identities.ts';

/**
 * learn.microsoft.com/graph/api/riskyuser-confirmcompromised and riskyuser-dismiss: 204 at once, and the state shows later.
 * All questions to Identity Protection take turns, one a second for all apps of the tenant.
 */

const READ: Needs = { permission: 'IdentityRiskyUser.Read.All', byExchange: false };
const WRITE: Needs = { permission: 'IdentityRiskyUser.ReadWrite.All', byExchange: false };
const RISKY_USERS = '/identityProtection/riskyUsers';
const LANE = 'identity protection';
const TOO_MANY = 'too many are asked about at once';

const Risk = z.object({
  id: z.guid(),
  riskState: z.string(),
  riskLevel: z.string().nullish(),
  riskDetail: z.string().nullish(),
  riskLastUpdatedDateTime: z.string().nullish(),
});

/** Of somebody whom Identity Protection has never had anything to say about. */
const NONE = { riskState: 'none', riskLevel: 'none', riskDetail: 'none', riskLastUpdatedDateTime: null };

export const markCompromised: Carrier = {
  async look(asking, measure, signal) {
    const waitMs = await asking.riskTurn();
    if (waitMs !== null) return unknown(TOO_MANY, waitMs);
    const path = `${RISKY_USERS}/${seg(measure.person)}`;
    const reply = await asking.send(LANE, { operation: 'look at risk', method: 'GET', path }, signal);
    if (isAbsent(reply, 'Request_ResourceNotFound')) return { is: 'there', image: NONE };
    const risk = Risk.safeParse(bodyOf(reply)).data;
    if (!risk) return notSeen(reply, asking.granted(WRITE.permission) ? WRITE : READ, asking);
    const { riskState, riskLevel = null, riskDetail = null, riskLastUpdatedDateTime = null } = risk;
    return { is: 'there', image: { riskState, riskLevel, riskDetail, riskLastUpdatedDateTime } };
  },

  async apply(asking, measure, _image, step) {
    const done = await byDefender(asking, measure, 'markUserAsCompromised', step);
    return done ?? judged(asking, measure, 'confirmCompromised', step);
  },

  /** The state before cannot be written: what is judged stays in the history, and is over. */
  putBack: (asking, measure, _before, step) => judged(asking, measure, 'dismiss', step),
};

async function judged(
  asking: Asking,
  { person }: Measure,
  verdict: 'confirmCompromised' | 'dismiss',
  step: Step,
): Promise<MeasureEffect> {
  const waitMs = await asking.riskTurn();
  if (waitMs !== null) return later(TOO_MANY, waitMs);
  const request = {
    operation: 'judge risk',
    method: 'POST',
    path: `${RISKY_USERS}/${verdict}`,
    body: { userIds: [person] },
    clientRequestId: step.requestId,
  } as const;
  return effectOf(await asking.send(LANE, request, step.signal), WRITE, asking);
}
