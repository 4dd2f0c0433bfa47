import { z } from 'zod';
import { ACTIONS, beginsAtOnce, policyActionOf } from '../action/action.ts';
import { ENOUGH_CLOSED, MEASURED } from '../intelligence/precision.ts';
import { POLICY_WORDS, words } from './condition.ts';
import { seats } from './seat.ts';
import { stepUp } from './step-up.ts';

const AT_ONCE: readonly string[] = ACTIONS.filter(beginsAtOnce).map(policyActionOf);

/**
 * What findings add to a decision. Whoever sends a mail makes findings speak, or keeps them quiet: they add to what a rule asks for, and never
 * take anything away, refuse, or have anything done. One that people have not seen right often enough adds nothing: it is shown in shadow
 * [learn.microsoft.com/defender-xdr/automatic-attack-disruption: nothing acts whose precision was not proven in audit mode].
 */
export const EvidenceRule = z
  .strictObject({
    name: words(80),
    seen: z
      .array(z.enum(MEASURED))
      .min(1)
      .describe('Findings about people or the mail, of which one is enough. Of what is only ever weak there is none.'),
    percent: z
      .int()
      .min(50)
      .max(100)
      .default(80)
      .describe(
        `Of at least ${ENOUGH_CLOSED} closed incidents in which it spoke, so many have to have been malicious.`,
      ),
    action: z.array(z.enum(POLICY_WORDS)).min(1),
    approve: seats().optional().describe('Who has to approve as well as those of the rule.'),
    reason: z.boolean().default(false).describe('Each approval has to say why.'),
    stepUp: stepUp().optional(),
  })
  .refine(({ approve, reason, stepUp: context }) => approve !== undefined || reason || context !== undefined, {
    message: 'needs approve, reason or stepUp: it asks for nothing',
  })
  .refine(({ action }) => !action.some((one) => AT_ONCE.includes(one)), {
    path: ['action'],
    // Whoever sends the mail would have a finding bring it back: what fewer people confirm is rolled back.
    message: `must not be ${AT_ONCE.join(' or ')}: what was done at once comes back where nobody confirms it`,
  });
export type EvidenceRule = z.infer<typeof EvidenceRule>;
