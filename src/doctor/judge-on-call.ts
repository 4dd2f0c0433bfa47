import { createPagerDutyOnCall } from '../adapters/pagerduty/on-call.ts';
import { loadSchedule } from '../config/schedule-file.ts';
import type { Tenant } from '../config/schema.ts';
import { prefixOf, type TenantSecrets } from '../config/secrets.ts';
import type { Policy } from '../core/ask/policy.ts';
import { gapsIn, onCallAt, peopleIn, type Schedule } from '../core/ask/schedule.ts';
import { ClawbackError } from '../core/error.ts';
import { shortTime } from '../core/text.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { peopleIn as peopleOfRoles } from './in-use.ts';
import type { Look } from './look.ts';

/** Who is called first, and when nobody is: whether that can be told, now and in the days that come. */

const CHECK = 'on call';
const DAYS = 14;
const DAY_MS = 86_400_000;
const ASK_WITHIN_MS = 10_000;
const MOST_NAMED = 3;

export async function examineOnCall(
  tenant: Tenant,
  secrets: TenantSecrets,
  policy: Policy,
  look: Pick<Look, 'now' | 'fetch'>,
): Promise<readonly Finding[]> {
  const { onCall } = tenant;
  if (!onCall) return [];
  if (onCall.source === 'file') return judgeFile(tenant, policy, onCall.file, look.now());
  const { url, schedules } = onCall;
  const source = createPagerDutyOnCall({ url, schedules, token: secrets.pagerDuty ?? '', fetch: look.fetch });
  const answer = await source.at(new Date(look.now()).toISOString(), AbortSignal.timeout(ASK_WITHIN_MS));
  if (answer.is === 'silent')
    return [
      fail(CHECK, answer.why, `look at onCall.schedules, onCall.url and ${prefixOf(tenant.name)}_PAGERDUTY_TOKEN`),
    ];
  return [
    answer.people.length > 0
      ? ok(CHECK, `PagerDuty answers: ${answer.people.length} on call now`)
      : warn(
          CHECK,
          'PagerDuty answers, and nobody is on call now',
          'look whether the schedules are in an escalation policy: others name nobody. Until somebody is, everybody of a role is called',
        ),
  ];
}

function judgeFile(tenant: Tenant, policy: Policy, file: string, now: number): readonly Finding[] {
  let schedule: Schedule;
  try {
    schedule = loadSchedule(file);
  } catch (error) {
    if (!(error instanceof ClawbackError)) throw error;
    return [
      fail(CHECK, error.message, 'correct it: until then everybody of a role is called; it is read at each question'),
    ];
  }
  return [judgeGaps(schedule, now), ...judgeStrangers(tenant, policy, schedule)];
}

function judgeGaps(schedule: Schedule, now: number): Finding {
  const gaps = gapsIn(schedule, now, now + DAYS * DAY_MS);
  if (gaps.length === 0) return ok(CHECK, `somebody is on call at all times of the next ${DAYS} days`);
  const when = (ms: number) => shortTime(new Date(ms).toISOString());
  const told = gaps.slice(0, MOST_NAMED).map(({ from, until }) => `${when(from)} to ${when(until)}`);
  const more = gaps.length > told.length ? `, and ${gaps.length - told.length} more` : '';
  const isNow = onCallAt(schedule, now).length === 0 ? ' (nobody is now)' : '';
  return warn(
    CHECK,
    `nobody is on call: ${told.join('; ')}${more}${isNow}`,
    'fill the gaps; in them everybody of a role is called',
  );
}

/** Whoever is in no list of the policy may still be in one of its groups: then nobody is suspected. */
function judgeStrangers(tenant: Tenant, policy: Policy, schedule: Schedule): readonly Finding[] {
  const usesGroups = Object.values(policy.roles).some(
    ({ entraGroups, slackUserGroups }) => entraGroups.length + slackUserGroups.length > 0,
  );
  if (usesGroups) return [];
  const known = new Set(peopleOfRoles(tenant, policy).map(({ entraId }) => entraId));
  const strangers = peopleIn(schedule).filter((person) => !known.has(person));
  if (strangers.length === 0) return [];
  return [
    warn(
      'on call people',
      `in the schedule, and in no role of the policy: ${strangers.slice(0, MOST_NAMED).join(', ')}`,
      'whoever may not decide is not called: give them a role, or take them out of the schedule',
    ),
  ];
}

export function judgeQuiet({ quietHours }: Tenant): readonly Finding[] {
  if (!quietHours) return [];
  const { zone, from, until, calledFrom } = quietHours;
  return [
    ok(
      'quiet hours',
      `nobody is called by name from ${from} to ${until} (${zone}), but from severity ${calledFrom} on`,
    ),
  ];
}
