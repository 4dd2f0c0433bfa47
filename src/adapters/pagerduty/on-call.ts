import { z } from 'zod';
import type { OnCall, OnCallAnswer, OnCallPerson } from '../../ports/on-call.ts';

/** Who is on call as PagerDuty says it: GET /oncalls of its REST API, version 2. */

export interface PagerDutyOptions {
  /** `https://api.pagerduty.com`, or the address of the European service region. */
  readonly url: string;
  /** A REST API key that may read. */
  readonly token: string;
  /** Ids of the schedules that are meant. */
  readonly schedules: readonly string[];
  readonly fetch?: typeof fetch;
}

/** [PagerDuty, pagination: at most 100 a page.] */
const PAGE = 100;
/** More people at once are on call nowhere. */
const MOST_PAGES = 10;

const Page = z.object({
  oncalls: z.array(z.object({ user: z.object({ id: z.string(), email: z.string().nullish() }) })),
  more: z.boolean().default(false),
});

export function createPagerDutyOnCall(options: PagerDutyOptions): OnCall {
  return {
    async at(now, until) {
      const people = new Map<string, OnCallPerson | null>();
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await pageOf(options, now, page * PAGE, until);
        if (typeof answer === 'string') return { is: 'silent', why: answer };
        for (const { user } of answer.oncalls) people.set(user.id, personOf(user.email));
        if (!answer.more) return known([...people.values()]);
      }
      return { is: 'silent', why: 'PagerDuty names more people than can be on call' };
    },
  };
}

function personOf(email: string | null | undefined): OnCallPerson | null {
  const address = email?.trim().toLowerCase() ?? '';
  return address === '' ? null : { by: 'address', address };
}

/** Whoever has no address there cannot be told apart from anybody. */
function known(people: readonly (OnCallPerson | null)[]): OnCallAnswer {
  const named = people.filter((person) => person !== null);
  if (named.length === 0 && people.length > 0)
    return { is: 'silent', why: 'PagerDuty names people without their addresses' };
  return { is: 'known', people: named };
}

/** One page, or in words why there is none. */
async function pageOf(
  { url, token, schedules, fetch: ask = fetch }: PagerDutyOptions,
  now: string,
  offset: number,
  signal: AbortSignal,
): Promise<z.infer<typeof Page> | string> {
  const asked = new URLSearchParams({ since: now, until: now, limit: String(PAGE), offset: String(offset) });
  for (const schedule of schedules) asked.append('schedule_ids[]', schedule);
  asked.append('include[]', 'users');
  try {
    const response = await ask(`${url.replace(/\/$/, '')}/oncalls?${asked.toString()}`, {
      headers: { accept: 'application/vnd.pagerduty+json;version=2', authorization: `Token token=${token}` },
      redirect: 'error',
      signal,
    });
    if (!response.ok) return refusal(response.status);
    const page = Page.safeParse(await response.json());
    return page.success ? page.data : 'PagerDuty’s answer has an unknown shape';
  } catch {
    return signal.aborted ? 'PagerDuty gave no answer in time' : 'PagerDuty cannot be reached';
  }
}

function refusal(status: number): string {
  if (status === 401) return 'PagerDuty does not take the token (401)';
  if (status === 403) return 'the token may not read who is on call (403)';
  if (status === 404) return 'PagerDuty knows no such schedule (404)';
  if (status === 429) return 'PagerDuty asks to wait (429)';
  return `PagerDuty answered ${status}`;
}
