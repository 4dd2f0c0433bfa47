import { createPagerDutyOnCall } from './adapters/pagerduty/on-call.ts';
import { createScheduleOnCall } from './adapters/schedule/on-call.ts';
import { loadSchedule } from './config/schedule-file.ts';
import type { Tenant } from './config/schema.ts';
import type { TenantSecrets } from './config/secrets.ts';
import { keepFresh } from './core/fresh.ts';
import type { Log } from './log.ts';
import type { OnCall } from './ports/on-call.ts';

/** Who says who is on call, set up for one tenant. */

/** So long an answer is taken for true, also that there is none: the chats that call for one step call the same people. */
const LIFETIME_MS = 30_000;

export function onCallOf(tenant: Tenant, secrets: TenantSecrets): OnCall | null {
  const { onCall: at } = tenant;
  if (!at) return null;
  if (at.source === 'file') return createScheduleOnCall(() => loadSchedule(at.file));
  return createPagerDutyOnCall({ url: at.url, schedules: at.schedules, token: secrets.pagerDuty ?? '' });
}

/** Asked once for what several want to know at the same time, and heard of in the log where it says nothing. */
export function remembering(source: OnCall | null, now: () => number, log: Pick<Log, 'warn'>): OnCall | null {
  if (!source) return null;
  let asking: { readonly at: string; readonly until: AbortSignal } | null = null;
  const answer = keepFresh({ lifetimeMs: LIFETIME_MS, now, most: 1 }, async () => {
    const { at, until } = asking ?? { at: new Date(now()).toISOString(), until: new AbortController().signal };
    const said = await source.at(at, until);
    if (said.is === 'silent')
      log.warn({ why: said.why }, 'who is on call is not known: everybody of the role is called');
    return said;
  });
  return {
    at(at, until) {
      asking = { at, until };
      return answer('now');
    },
  };
}
