import { z } from 'zod';
import type { Risk } from '../../core/intelligence/facts.ts';
import { RISK_LIMIT } from '../../core/limit.ts';
import type { PeopleAnswer, PeopleQuestion, Rows, TenantLogs } from '../../ports/intelligence.ts';
import type { Limits } from '../../ports/limits.ts';
import { createGraphClient, type GraphClientOptions, type Observed, odata, query } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { ownLimits } from '../microsoft/own-limits.ts';
import { createBatcher } from './batch.ts';
import { alone, askLog, inParts, type Refused } from './log-asking.ts';

/**
 * Risk detections of Entra ID Protection, for a tenant without the tables of hunting: learn.microsoft.com/graph/api/
 * riskdetection-list. One request a second for the whole tenant, and a condition holds few people: so only some are asked about.
 */

interface RiskOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
  readonly limits?: Limits;
}

/** How many fit into one condition is not documented: `or` with fifteen is what others take. */
const PEOPLE_IN_ONE = 15;
/** Nobody waits for it, and others of the tenant ask as well. */
const MOST_REQUESTS = 3;

const Detection = z.object({
  userId: z.string(),
  riskEventType: z.string().nullish(),
  riskLevel: z.string().nullish(),
  riskState: z.string().nullish(),
  detectedDateTime: z.string(),
});
const Page = z.object({ value: z.array(Detection), '@odata.nextLink': z.string().optional() });

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function riskLogs(options: RiskOptions): TenantLogs {
  const { clock, ids, sleep, observe = () => {}, limits = ownLimits(options.clock) } = options;
  const client = createGraphClient(options);
  const batcher = createBatcher({ client, clock, ids, observe });
  const tools = { clock, sleep, limits, batcher, origin: client.origin };
  return {
    async ask(question) {
      const people = question.people.map(({ id }) => id).filter(isGuid);
      const found: z.infer<typeof Detection>[] = [];
      let asked = 0;
      let cut = people.length > MOST_REQUESTS * PEOPLE_IN_ONE;
      for (const part of inParts(people, PEOPLE_IN_ONE).slice(0, MOST_REQUESTS)) {
        const path = `/identityProtection/riskDetections${query({ $filter: filterOf(part, question) })}`;
        const request = { operation: 'riskDetections', method: 'GET', path } as const;
        const said = await askLog(tools, RISK_LIMIT, request, Page);
        if (said.is !== 'page') return answerOf(found, said, asked, true);
        found.push(...said.page.value);
        asked += part.length;
        cut ||= said.page['@odata.nextLink'] !== undefined;
      }
      return answerOf(found, { is: 'answered', detail: '' }, asked, cut);
    },
  };
}

function filterOf(people: readonly string[], { mailAt }: PeopleQuestion): string {
  const some = people.map((id) => `userId eq ${odata(id)}`).join(' or ');
  return `detectedDateTime ge ${mailAt} and (${some})`;
}

function answerOf(
  found: readonly z.infer<typeof Detection>[],
  { is, detail }: Refused,
  asked: number,
  cut: boolean,
): PeopleAnswer {
  const people = Map.groupBy(found, ({ userId }) => userId.toLowerCase());
  const rows = new Map([...people].map(([id, own]): [string, Rows] => [id, { risks: own.flatMap(riskOf) }]));
  return alone({ source: 'risk detections', is, rows: found.length, cut, asked, detail }, rows);
}

const LEVELS: Readonly<Record<string, Risk['level']>> = { low: 'low', medium: 'medium', high: 'high' };
const STATES: Readonly<Record<string, Risk['state']>> = { atRisk: 'at risk', confirmedCompromised: 'confirmed' };

/** A level that this tenant may not see (`hidden`) says nothing. */
function riskOf({ riskEventType, riskLevel, riskState, detectedDateTime }: z.infer<typeof Detection>): readonly Risk[] {
  const state = STATES[riskState ?? ''] ?? 'over';
  const level = LEVELS[riskLevel ?? ''] ?? (state === 'confirmed' ? 'high' : null);
  if (level === null) return [];
  return [{ at: detectedDateTime, level, state, type: riskEventType ?? null, source: 'risk detections' }];
}
