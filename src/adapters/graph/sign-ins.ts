import { z } from 'zod';
import { instantOf, isoOf } from '../../core/instant.ts';
import type { Risk, SignIns } from '../../core/intelligence/facts.ts';
import { AUDIT_LOG_LIMIT } from '../../core/limit.ts';
import type { PeopleAnswer, PeopleQuestion, Rows, TenantLogs } from '../../ports/intelligence.ts';
import type { Limits } from '../../ports/limits.ts';
import { createGraphClient, type GraphClientOptions, type Observed, odata, query } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { ownLimits } from '../microsoft/own-limits.ts';
import { createBatcher } from './batch.ts';
import { alone, askLog, inParts, type LogTools, pathAfter, type Refused } from './log-asking.ts';

/**
 * Sign-ins as Entra's own log tells them, for a tenant without the tables of hunting: learn.microsoft.com/graph/api/signin-list. Only
 * those in which somebody took part are in it, and none tells its factors; it takes Entra ID P1, and five requests in ten seconds.
 */

export interface LogOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
  readonly limits?: Limits;
}

export function logTools(options: LogOptions): LogTools {
  const { clock, ids, sleep, observe = () => {}, limits = ownLimits(options.clock) } = options;
  const client = createGraphClient(options);
  return { clock, sleep, limits, origin: client.origin, batcher: createBatcher({ client, clock, ids, observe }) };
}

const DAY_MS = 86_400_000;
/** So long before the mail is what is called usual, as where hunting is asked. */
const USUAL_MS = 14 * DAY_MS;
/** learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention, Entra ID P1. */
const MEMORY_MS = 30 * DAY_MS;
/** A list is refused (`userId in`), and how many alternatives fit is not documented: as many as elsewhere. */
const PEOPLE_IN_ONE = 15;
/** Pages among them: half a minute of all that the tenant may ask. */
const MOST_REQUESTS = 12;
/** Of these people alone: one account with very many leaves it to the others to be looked at. */
const MOST_PAGES = 6;
/** learn.microsoft.com/graph/api/signin-list: at most and by itself. */
const PAGE = '1000';

const SignIn = z.object({
  userId: z.string(),
  createdDateTime: z.string(),
  ipAddress: z.string().nullish(),
  location: z.object({ countryOrRegion: z.string().nullish() }).nullish(),
  deviceDetail: z.object({ isManaged: z.boolean().nullish() }).nullish(),
  riskLevelAggregated: z.string().nullish(),
  riskState: z.string().nullish(),
});
type SignIn = z.infer<typeof SignIn>;
const Page = z.object({ value: z.array(SignIn), '@odata.nextLink': z.string().optional() });

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that Graph says makes it throw. */
export function signInLogs(options: LogOptions): TenantLogs {
  const tools = logTools(options);
  return {
    async ask(question) {
      const people = question.people.map(({ id }) => id).filter(isGuid);
      const found: SignIn[] = [];
      const budget = { left: MOST_REQUESTS };
      let asked = 0;
      for (const part of inParts(people, PEOPLE_IN_ONE)) {
        if (budget.left === 0) break;
        const said = await signInsOf(tools, part, question, budget);
        if (said.is === 'refused') return answerOf(found, said.why, question, { asked, cut: true });
        // The newest come first: whose older ones are missing would seem to come from somewhere new.
        if (said.is === 'too many') continue;
        found.push(...said.rows);
        asked += part.length;
      }
      const isOld = tools.clock() - instantOf(question.mailAt) > MEMORY_MS;
      const about = { asked, cut: isOld || asked < people.length };
      return answerOf(found, { is: 'answered', detail: '' }, question, about);
    },
  };
}

type Said =
  | { readonly is: 'rows'; readonly rows: readonly SignIn[] }
  | { readonly is: 'too many' }
  | { readonly is: 'refused'; readonly why: Refused };

async function signInsOf(
  tools: LogTools,
  people: readonly string[],
  question: PeopleQuestion,
  budget: { left: number },
): Promise<Said> {
  const rows: SignIn[] = [];
  let pages = 0;
  let path: string | null = `/auditLogs/signIns${query({ $filter: filterOf(people, question), $top: PAGE })}`;
  while (path !== null) {
    if (budget.left === 0 || pages === MOST_PAGES) return { is: 'too many' };
    budget.left -= 1;
    pages += 1;
    const request = { operation: 'signIns', method: 'GET', path } as const;
    const said = await askLog(tools, AUDIT_LOG_LIMIT, request, Page);
    if (said.is !== 'page') return { is: 'refused', why: said };
    rows.push(...said.page.value);
    const next = pathAfter(tools.origin, said.page, path);
    if (next === null && said.page['@odata.nextLink'] !== undefined) return { is: 'too many' };
    path = next;
  }
  return { is: 'rows', rows };
}

function filterOf(people: readonly string[], { mailAt }: PeopleQuestion): string {
  const since = isoOf(instantOf(mailAt) - USUAL_MS);
  const some = people.map((id) => `userId eq ${odata(id)}`).join(' or ');
  return `createdDateTime ge ${since} and status/errorCode eq 0 and (${some})`;
}

function answerOf(
  found: readonly SignIn[],
  { is, detail }: Refused,
  { mailAt, people: known }: PeopleQuestion,
  { asked, cut }: { readonly asked: number; readonly cut: boolean },
): PeopleAnswer {
  const ids = new Set(known.map(({ id }) => id));
  const own = found.filter(({ userId }) => ids.has(userId.toLowerCase()));
  const people = Map.groupBy(own, ({ userId }) => userId.toLowerCase());
  const rows = new Map(
    [...people].map(([id, some]): [string, Rows] => [
      id,
      { signIns: placesIn(some), risks: some.filter(isSince(mailAt)).flatMap(riskOf) },
    ]),
  );
  const answer = { source: 'sign-ins', is, rows: own.length, cut, asked, detail } as const;
  return alone(is === 'answered' ? { ...answer, only: 'interactive sign-ins' } : answer, rows);
}

const isSince =
  (at: string) =>
  ({ createdDateTime }: SignIn) =>
    instantOf(createdDateTime) >= instantOf(at);

/** By address and country, as hunting sums them up. */
function placesIn(signIns: readonly SignIn[]): readonly SignIns[] {
  const groups = Map.groupBy(signIns, ({ ipAddress, location }) =>
    JSON.stringify([ipAddress ?? '', location?.countryOrRegion ?? '']),
  );
  return [...groups.values()].map((own) => {
    const sorted = own.toSorted((a, b) => instantOf(a.createdDateTime) - instantOf(b.createdDateTime));
    const [first] = sorted;
    return {
      ip: first?.ipAddress ?? '',
      country: first?.location?.countryOrRegion ?? '',
      first: first?.createdDateTime ?? '',
      last: sorted.at(-1)?.createdDateTime ?? '',
      times: own.length,
      singleFactor: 0,
      unmanaged: own.filter(({ deviceDetail }) => deviceDetail?.isManaged === false).length,
    };
  });
}

const LEVELS: Readonly<Record<string, Risk['level']>> = { low: 'low', medium: 'medium', high: 'high' };
const STATES: Readonly<Record<string, Risk['state']>> = { atRisk: 'at risk', confirmedCompromised: 'confirmed' };

/** `hidden` without Entra ID P2: it says nothing. */
function riskOf({ createdDateTime, riskLevelAggregated, riskState }: SignIn): readonly Risk[] {
  const state = STATES[riskState ?? ''];
  const level = LEVELS[riskLevelAggregated ?? ''] ?? (state === 'confirmed' ? 'high' : undefined);
  if (state === undefined || level === undefined) return [];
  return [{ at: createdDateTime, level, state, type: null, source: 'sign-ins' }];
}
