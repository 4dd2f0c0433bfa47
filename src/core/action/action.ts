import { contain } from './contain.ts';
import type { ActionDefinition } from './definition.ts';
import { flag } from './flag.ts';
import { hardPurge } from './hard-purge.ts';
import { junk } from './junk.ts';
import { purge } from './purge.ts';
import type { Put } from './put.ts';
import { release } from './release.ts';
import { restore } from './restore.ts';
import { unknownAction } from './unknown-action.ts';

/**
 * Every action there is: a new one is a file beside these and a line here. Their order is the order in which cards offer
 * them, and the first that can be asked for is the one that reminders speak about.
 */
const DEFINITIONS = {
  purge,
  'hard-purge': hardPurge,
  junk,
  flag,
  contain,
  release,
  restore,
} as const satisfies Readonly<Record<string, ActionDefinition>>;

export type Action = keyof typeof DEFINITIONS;
/** The policy's word for an action. */
export type PolicyAction = (typeof DEFINITIONS)[Action]['word'];

export const ACTIONS = Object.keys(DEFINITIONS) as readonly Action[];
export const POLICY_ACTIONS = ACTIONS.map((action) => DEFINITIONS[action].word);
/** The one that puts back what others took out. */
export const UNDO = 'restore' satisfies Action;

/** One answer for each action. */
export function forEachAction<T>(answer: (action: Action) => T): Readonly<Record<Action, T>> {
  return Object.fromEntries(ACTIONS.map((action) => [action, answer(action)])) as Record<Action, T>;
}

/** Whatever a row says: what it names may be of a newer version. */
export function definitionOf(action: Action): ActionDefinition {
  return Object.hasOwn(DEFINITIONS, action) ? DEFINITIONS[action] : unknownAction;
}

/** The policy's word for an action. */
export function policyActionOf(action: Action): PolicyAction {
  return Object.hasOwn(DEFINITIONS, action) ? DEFINITIONS[action].word : (action as string as PolicyAction);
}

/** The action behind a stored name; null for none of ours. */
export function actionStored(name: unknown): Action | null {
  return ACTIONS.find((action) => action === name) ?? null;
}

/** The action behind the policy's word; null for none of ours. */
export function actionNamed(word: unknown): Action | null {
  return ACTIONS.find((action) => DEFINITIONS[action].word === word) ?? null;
}

export function isUndo(action: Action): boolean {
  return definitionOf(action).does === 'put back';
}

/** Whether it brings copies into their owners' sight again, whoever took them out. */
export function bringsBack(action: Action): boolean {
  return isUndo(action) || givesBack(action);
}

/** Whether it is only for lists of what others have taken out, and such lists for nothing else. */
export function givesBack(action: Action): boolean {
  return definitionOf(action).does === 'give back';
}

/** Whether it takes copies out of their owners' sight. */
export function takesOut(action: Action): boolean {
  return definitionOf(action).does === 'take out';
}

/** Whether an undo brings back what it took out. */
export function isUndoable(action: Action): boolean {
  return definitionOf(action).undo === 'exact';
}

/** Where it puts a copy that its undo takes from there; null for none. */
export function putBy(action: Action): Put | null {
  const { undo, effect } = definitionOf(action);
  if (undo === 'none') return null;
  return effect.of === 'toJunk' ? 'junk' : 'bin';
}

/** Whether it leaves copies where their owners still see them, and not where they looked for them. */
export function setsAside(action: Action): boolean {
  return definitionOf(action).does === 'set aside';
}

export function beginsAtOnce(action: Action): boolean {
  return definitionOf(action).begins === 'at once';
}

/** A removal that people approve first. */
export function isApprovedRemoval(action: Action): boolean {
  return takesOut(action) && !beginsAtOnce(action);
}
