import { type Action, beginsAtOnce, definitionOf, UNDO } from '../../core/action/action.ts';
import { canByDefender, orderOf } from '../../core/action/engine.ts';
import type { EffectName } from '../../ports/effects.ts';
import type { Finding } from '../flow.ts';

/** What cannot be carried out where this tenant is, is never offered. */

/** What is asked of mailboxes to carry it out, and to roll it back where that is promised. */
function needs(action: Action): readonly EffectName[] {
  const { effect } = definitionOf(action);
  return beginsAtOnce(action) ? [effect.of, definitionOf(UNDO).effect.of] : [effect.of];
}

/** Why it cannot be done, for people; null where it can. Each is looked for and read before and after. */
export function whyUnable(
  { reader, effects, engine }: Pick<Finding, 'reader' | 'effects' | 'engine'>,
  action: Action,
): string | null {
  const needed = [reader.can.locate, reader.can.read, ...needs(action).map((effect) => effects.can[effect])];
  for (const ability of needed) if (ability !== 'yes') return ability.no;
  if (!engine || orderOf(engine.terms).includes('mailbox') || canByDefender(action)) return null;
  return beginsAtOnce(action) ? NOT_BEFORE_PEOPLE : 'Defender cannot do this, and mailboxes are not asked';
}

const NOT_BEFORE_PEOPLE =
  'through Defender nothing is taken out before people have looked: it puts mail back only into the Inbox';
