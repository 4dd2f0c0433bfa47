import type { Flag } from '../flag/flag.ts';
import type { FlagStep } from '../flag/steps.ts';
import { inertOr, number, shortTime } from '../text.ts';
import { findingsWords, stateName } from './flags.ts';

/** What somebody is written alone about a flagged mailbox that waits. `more`: so many others of its incident wait just like it. */
export function flagStepLines(
  flag: Flag,
  { kind, role }: Pick<FlagStep, 'kind' | 'role'>,
  more: number,
): readonly string[] {
  const mailbox = `the mailbox of ${inertOr(flag.address, 'somebody', 120)} (${inertOr(flag.id, 'a flag', 40)})`;
  const whose = flag.owner ? `${inertOr(flag.owner.name, 'somebody', 60)} looks after it` : 'nobody looks after it yet';
  return [
    FIRST[kind](mailbox, shortTime(flag.dueAt)),
    ...(more > 0
      ? [`So ${more === 1 ? 'is 1 more mailbox' : `are ${number(more)} more mailboxes`} of the same incident.`]
      : []),
    `It is ${stateName(flag)}: ${inertOr(flag.reason, 'no reason given', 140)}; ${whose}; ${findingsWords(flag)}.`,
    kind === 'escalation'
      ? `You are told because the policy names ${inertOr(role, 'your role', 40)} for this. Say “flags overdue” to Clawback to see it and to take it over.`
      : `Say “flags${flag.owner ? ' mine' : ''}” to Clawback to see it.`,
  ];
}

const FIRST: Readonly<Record<FlagStep['kind'], (mailbox: string, due: string) => string>> = {
  reminder: (mailbox, due) => `Due ${due}: ${mailbox} is flagged and not cleared.`,
  overdue: (mailbox, due) => `Overdue since ${due}: ${mailbox} is flagged and not cleared.`,
  escalation: (mailbox, due) => `Overdue since ${due}, and nobody cleared it: ${mailbox}.`,
  held: (mailbox, due) =>
    `Somebody wanted ${mailbox} put off once more than the policy lets them. It stays due ${due}: please look whether somebody looks after it.`,
};

/** What stands where a chat shows the beginning of it. */
export const FLAG_TITLE = 'Clawback: a flagged mailbox';
