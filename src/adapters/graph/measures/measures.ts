import { RISK_LIMIT } from '../../../core/limit.ts';
import type { MeasureKind } from '../../../core/measure/measure.ts';
import type { Limits } from '../../../ports/limits.ts';
import type { Measures } from '../../../ports/measures.ts';
import type { RequestLog } from '../../../ports/requests.ts';
import { createGraphClient, type Observed } from '../../microsoft/client.ts';
import { cloudOf } from '../../microsoft/clouds.ts';
import { isGuid } from '../../microsoft/ids.ts';
import { ownLimits } from '../../microsoft/own-limits.ts';
import { awaitTurn } from '../../microsoft/turn.ts';
import { createBatcher } from '../batch.ts';
import { type Asking, createAsking, refused, unknown } from './asking.ts';
import type { Carrier } from './carrier.ts';
import { disableAccount } from './disable-account.ts';
import { markCompromised } from './mark-compromised.ts';
import { removeEvent } from './remove-event.ts';
import { revokeGrant } from './revoke-grant.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { ruleOff } from './rule-off.ts';
import { takeSentCopy } from './take-sent-copy.ts';

export interface MeasureOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Permissions of the current token; empty before there was one. */
  readonly roles: () => readonly string[];
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh GUIDs, for `client-request-id`. */
  readonly ids: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** What is switched on. Nothing else is asked about, or done. */
  readonly kinds: readonly MeasureKind[];
  readonly observe?: (event: Observed) => void;
  /** Per HTTP request. Default 30 s. */
  readonly timeoutMs?: number;
  /** Aborted when this process gives its work away. */
  readonly givenAway?: AbortSignal;
  /** Where each request is written down before it leaves. */
  readonly requests?: RequestLog;
  /** Turns at Identity Protection, over all processes of the tenant. Left out: this process is alone. */
  readonly limits?: Limits;
}

/** Every kind, and how it is carried out: a new one is a file beside these and a line here. */
const CARRIERS: Readonly<Record<MeasureKind, Carrier>> = {
  'rule-off': ruleOff,
  'revoke-sessions': revokeSessions,
  'disable-account': disableAccount,
  'mark-compromised': markCompromised,
  'revoke-grant': revokeGrant,
  'remove-event': removeEvent,
  'take-sent-copy': takeSentCopy,
};

/** Longer nobody waits for a turn at Identity Protection: it is tried again later. */
const LONGEST_QUEUE_MS = 10_000;
const SWITCHED_OFF = 'this kind of measure is not switched on (measures in clawback.yaml)';
const NOBODY = 'not the object id of a person';

/**
 * Measures through Microsoft Graph. What changes something is sent once. Throws ClawbackError 'config' for a base URL that is no
 * https origin; after that nothing that Graph says makes it throw.
 */
export function createMeasures(options: MeasureOptions): Measures {
  const { clock, ids, sleep, observe = () => {}, roles } = options;
  const client = createGraphClient(options);
  const batcher = createBatcher({ client, clock, ids, observe });
  const turns = { clock, sleep, limits: options.limits ?? ownLimits(clock) };
  const cloud = cloudOf(options.baseUrl);
  const asking: Asking = createAsking(batcher, {
    riskTurn: () => awaitTurn(turns, RISK_LIMIT, LONGEST_QUEUE_MS),
    granted: (permission) => roles().includes(permission),
    origin: client.origin,
    // learn.microsoft.com/graph/api/security-identityaccounts-invokeaction: in the public cloud alone.
    hasIdentities: cloud === 'global' || cloud === 'another',
  });
  const problem = ({ kind, person }: { readonly kind: MeasureKind; readonly person: string }) => {
    if (!options.kinds.includes(kind)) return SWITCHED_OFF;
    return isGuid(person) && person === person.toLowerCase() ? null : NOBODY;
  };
  return {
    async look(measure, signal) {
      const why = problem(measure);
      return why === null ? CARRIERS[measure.kind].look(asking, measure, signal) : unknown(why);
    },
    async apply(measure, image, step) {
      const why = problem(measure);
      return why === null ? CARRIERS[measure.kind].apply(asking, measure, image, step) : refused(why);
    },
    async putBack(measure, before, step) {
      const why = problem(measure);
      return why === null ? CARRIERS[measure.kind].putBack(asking, measure, before, step) : refused(why);
    },
  };
}
