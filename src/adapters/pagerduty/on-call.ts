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
  /** Waits that many milliseconds; a timer when left out. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** [PagerDuty, pagination: at most 100 a page.] */
const PAGE = 100;
/** More people at once are on call nowhere. */
const MOST_PAGES = 10;
/** Longer nobody waits who has somebody to call, seconds. */
const MOST_WAIT = 2;

const Time = z.iso.datetime({ offset: true }).nullish();
/**
 * One for each escalation policy and level that a schedule is in, with layers and overrides counted in. `start` and `end` are
 * null for whoever is on call always.
 */
const Shift = z.object({
  user: z.object({ id: z.string(), email: z.string().nullish() }),
  escalation_level: z.int().min(1).default(1),
  start: Time,
  end: Time,
});
type Shift = z.infer<typeof Shift>;
const Page = z.object({ oncalls: z.array(Shift), more: z.boolean().default(false) });
type Page = z.infer<typeof Page>;

export function createPagerDutyOnCall(options: PagerDutyOptions): OnCall {
  return {
    async at(now, until) {
      const shifts: Shift[] = [];
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer = await pageOf(options, now, page * PAGE, until);
        if (typeof answer === 'string') return { is: 'silent', why: answer };
        shifts.push(...answer.oncalls);
        if (!answer.more) return known(shifts.filter((shift) => isNow(shift, now)));
      }
      return { is: 'silent', why: 'PagerDuty names more people than can be on call' };
    },
  };
}

/** Whatever touches the moment is named: at a change of shifts, who goes and who comes. */
function isNow({ start, end }: Shift, now: string): boolean {
  const at = Date.parse(now);
  return (!start || Date.parse(start) <= at) && (!end || at < Date.parse(end));
}

/** Each once, by the lowest level. Whoever has no address there cannot be told apart from anybody. */
function known(shifts: readonly Shift[]): OnCallAnswer {
  const people = new Map<string, OnCallPerson & { readonly level: number }>();
  for (const { user, escalation_level: level } of shifts) {
    const address = user.email?.trim().toLowerCase() ?? '';
    const before = people.get(user.id);
    if (address !== '' && (before?.level ?? level) >= level) people.set(user.id, { by: 'address', address, level });
  }
  if (people.size === 0 && shifts.length > 0)
    return { is: 'silent', why: 'PagerDuty names people without their addresses' };
  return { is: 'known', people: [...people.values()].sort((a, b) => a.level - b.level) };
}

/** One page, or in words why there is none. Asked to wait for a moment, it is asked for once more. */
async function pageOf(
  options: PagerDutyOptions,
  now: string,
  offset: number,
  signal: AbortSignal,
): Promise<Page | string> {
  const first = await asked(options, now, offset, signal);
  if (typeof first === 'string') return first;
  if (first.status !== 429) return pageIn(first);
  const wait = waitOf(first.headers);
  if (wait === null || wait > MOST_WAIT || signal.aborted) return toWait(wait);
  await (options.sleep ?? sleep)(wait * 1_000);
  const again = await asked(options, now, offset, signal);
  if (typeof again === 'string') return again;
  return again.status === 429 ? toWait(waitOf(again.headers)) : pageIn(again);
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function asked(
  { url, token, schedules, fetch: ask = fetch }: PagerDutyOptions,
  now: string,
  offset: number,
  signal: AbortSignal,
): Promise<Response | string> {
  const query = new URLSearchParams({ since: now, until: now, limit: String(PAGE), offset: String(offset) });
  for (const schedule of schedules) query.append('schedule_ids[]', schedule);
  query.append('include[]', 'users');
  try {
    return await ask(`${url.replace(/\/$/, '')}/oncalls?${query.toString()}`, {
      headers: { accept: 'application/vnd.pagerduty+json;version=2', authorization: `Token token=${token}` },
      redirect: 'error',
      signal,
    });
  } catch {
    return signal.aborted ? 'PagerDuty gave no answer in time' : 'PagerDuty cannot be reached';
  }
}

async function pageIn(response: Response): Promise<Page | string> {
  if (!response.ok) return refusal(response.status);
  const page = Page.safeParse(await response.json().catch(() => null));
  return page.success ? page.data : 'PagerDuty’s answer has an unknown shape';
}

/** Seconds until it may be asked again [PagerDuty, REST API rate limits]; null where it does not say. */
function waitOf(headers: Headers): number | null {
  const said = headers.get('ratelimit-reset') ?? headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(said.trim()) ? Number(said) : null;
}

function toWait(seconds: number | null): string {
  return `PagerDuty asks to wait${seconds === null ? '' : ` ${seconds} s`} (429)`;
}

function refusal(status: number): string {
  if (status === 401) return 'PagerDuty does not take the token (401)';
  if (status === 403) return 'the token may not read who is on call (403)';
  if (status === 404) return 'PagerDuty knows no such address or schedule (404)';
  return `PagerDuty answered ${status}`;
}
