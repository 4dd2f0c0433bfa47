import { z } from 'zod';
import type { ContainCall } from '../../ports/desk.ts';

/** The form in which measures about people are asked for: of an incident, and no press on its card. */

const Word = z.string().max(4_000).nullish();
const OfContaining = z.object({
  trigger: z.string().nullish(),
  action: z.object({
    verb: z.literal('contain-ask'),
    data: z.object({
      incident: z.string().min(1).max(40),
      digest: z.string().max(128),
      what: Word,
      who: z.string().max(20_000).nullish(),
      address: Word,
      reason: Word,
    }),
  }),
});

/** What is asked with it; null where it is no such form. A refresh is nobody's press. */
export function containAsked(value: unknown): Pick<ContainCall, 'incident' | 'digest' | 'typed'> | null {
  const asked = OfContaining.safeParse(value).data;
  if (!asked || asked.trigger === 'automatic') return null;
  const { incident, digest, what, who, address, reason } = asked.action.data;
  // Of several choices Teams makes one text [learn.microsoft.com/adaptive-cards, Input.ChoiceSet].
  const chosen = (who ?? '').split(',').filter((one) => one !== '');
  return {
    incident,
    digest,
    typed: { what: what ?? null, who: chosen, address: address ?? null, reason: reason ?? null },
  };
}
