import { z } from 'zod';
import { FLAG_VERBS, type FlagVerb } from '../../core/flag/may.ts';
import { FLAG_LISTS } from '../../core/tell/flags.ts';
import type { FlagCall } from '../../ports/desk.ts';

/** The buttons of a list of flagged mailboxes, and of the form that asks why: they are of no incident. */

const VERBS = new Map(FLAG_VERBS.map((verb): [string, FlagVerb] => [`flag-${verb}`, verb]));

const OfFlags = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.string().refine((verb) => verb === 'flags' || VERBS.has(verb)),
    data: z.object({
      which: z.enum(FLAG_LISTS).nullish(),
      flag: z.string().min(1).max(40).nullish(),
      seen: z.coerce.number().int().min(0).nullish(),
      reason: z.string().max(4_000).nullish(),
    }),
  }),
});

/** What is asked with it; null where it is no press on a flagged mailbox. A refresh is nobody's press. */
export function flagsAsked(value: unknown): FlagCall['asks'] | null {
  const asked = OfFlags.safeParse(value).data;
  if (!asked || asked.trigger === 'automatic') return null;
  const { which, flag, seen, reason = null } = asked.action.data;
  const verb = VERBS.get(asked.action.verb);
  if (!verb) return { is: 'list', which: which ?? 'open' };
  return flag && typeof seen === 'number' ? { is: 'do', verb, flag, seen, reason } : null;
}
