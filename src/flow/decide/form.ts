import { CONFIRM_WORD } from '../../core/action/definition.ts';
import type { FormProblem } from '../../core/tell/answer.ts';
import type { Amount } from '../../core/tell/effect.ts';
import { storable } from '../../core/text.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import { MAX_REASON } from './decision.ts';

interface Asks {
  readonly reason: boolean;
  readonly word: boolean;
}

/**
 * What has to be filled in before a press counts; null where all of it is there. A press that never came through a form is
 * asked without a word of blame. Its incident and plan are known to be the current ones by then.
 */
export function formNeeded(press: Press, amount: Amount, asks: Asks): Reply | null {
  const problem = problemIn(press, asks);
  if (problem === null) return null;
  return {
    kind: 'form-needed',
    incident: press.incident,
    digest: press.digest,
    verb: press.verb,
    ...(press.page > 0 ? { page: press.page } : {}),
    asks,
    amount,
    problem: press.reason === null && (press.word ?? null) === null ? null : problem,
  };
}

function problemIn({ verb, reason, word }: Press, asks: Asks): FormProblem | null {
  const why = storable(reason ?? '').trim();
  if (asks.reason && why === '') return { code: 'reason-missing', verb };
  if (asks.reason && why.length > MAX_REASON) return { code: 'reason-too-long', most: MAX_REASON };
  const isTyped = (word ?? '').trim().toUpperCase() === CONFIRM_WORD;
  return asks.word && !isTyped ? { code: 'word-missing', word: CONFIRM_WORD } : null;
}
