import type { MeasureDefinition } from './definition.ts';
import { disableAccount } from './disable-account.ts';
import { markCompromised } from './mark-compromised.ts';
import type { MeasureKind } from './measure.ts';
import { removeEvent } from './remove-event.ts';
import { revokeGrant } from './revoke-grant.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { ruleOff } from './rule-off.ts';
import { takeSentCopy } from './take-sent-copy.ts';

/** Every kind of measure there is: a new one is a file beside these and a line here. */
export const MEASURES: Readonly<Record<MeasureKind, MeasureDefinition>> = {
  'rule-off': ruleOff,
  'revoke-sessions': revokeSessions,
  'disable-account': disableAccount,
  'mark-compromised': markCompromised,
  'revoke-grant': revokeGrant,
  'remove-event': removeEvent,
  'take-sent-copy': takeSentCopy,
};

export function isUndoable(kind: MeasureKind): boolean {
  return MEASURES[kind].undo !== 'none';
}
