import { ACTIONS, type Action, policyActionOf } from '../action/action.ts';
import type { Verb } from './policy.ts';

/** What people are asked: to have an action carried out, or to move the case. */
export type Ask = Action | Verb;

export function isAction(ask: Ask): ask is Action {
  return (ACTIONS as readonly string[]).includes(ask);
}

/** How the record calls what was voted for. */
export function wordOf(ask: Ask): string {
  return isAction(ask) ? policyActionOf(ask) : ask;
}
