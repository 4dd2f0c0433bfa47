import type { FlagDates, FlagStatus, MailItem, Marks } from '../tenant/types.ts';
import { badRequest, fail, type Json, record } from './reply.ts';
import type { Service } from './types.ts';

const FLAGS: readonly string[] = ['notFlagged', 'complete', 'flagged'];
const DATES = { startDateTime: 'start', dueDateTime: 'due', completedDateTime: 'completed' } as const;

/** learn.microsoft.com/graph/api/resources/followupflag: a due date needs a start. */
export function flagOf(flag: Json, item: MailItem, { beliefs, clock }: Service): Marks {
  const status = flag['flagStatus'];
  if (!FLAGS.includes(String(status))) fail(400, 'RequestBodyRead', "Cannot read the value of property 'flag'.");
  const flagStatus = status as FlagStatus;
  const written = datesIn(flag);
  if (written.due && !(written.start ?? (beliefs().flagForgetsDates ? undefined : item.flagDates.start))) {
    badRequest('The start date is required where a due date is given.');
  }
  const named = Object.keys(DATES).some((name) => name in flag);
  const kept = named || beliefs().flagForgetsDates ? {} : item.flagDates;
  if (flagStatus === 'notFlagged') return { flagStatus, flagDates: {} };
  const completed = flagStatus === 'complete' ? { completed: new Date(clock()).toISOString().slice(0, 10) } : {};
  return { flagStatus, flagDates: { ...kept, ...completed, ...written } };
}

function datesIn(flag: Json): FlagDates {
  const found: Record<string, string> = {};
  for (const [name, short] of Object.entries(DATES)) {
    const value = flag[name];
    if (value === undefined || value === null) continue;
    const { dateTime, timeZone } = record(value) ?? {};
    if (typeof dateTime !== 'string' || Number.isNaN(Date.parse(dateTime)) || timeZone !== 'UTC') {
      fail(400, 'RequestBodyRead', `Cannot read the value of property '${name}'.`);
    }
    found[short] = String(dateTime).slice(0, 10);
  }
  return found;
}
