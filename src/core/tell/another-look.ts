import { notAskedYet } from '../find/plan.ts';
import { advance, situationOf } from '../incident/incident.ts';
import { leftOf } from '../record/looked.ts';
import type { CaseFacts } from './case.ts';
import { isInSight, leftBehind } from './run-facts.ts';

/** Another look makes a new list and voids the approvals: offered only where it can find more than the last one. */
export function offersAnotherLook(facts: CaseFacts): boolean {
  const { incident, plan } = facts;
  if (advance(situationOf(incident), 'reopened') === null || incident.parent !== null || facts.joinedInto !== null)
    return false;
  const more = turnedUpSince(facts);
  if (situationOf(incident) === 'open') return !plan || plan.copies.length === 0 || plan.failed.length > 0 || more;
  if (situationOf(incident) === 'purged') return more || isInSight(facts) || isPartial(facts);
  return situationOf(incident) !== 'flagged' || more;
}

/** What no list asks for, and a new one would. */
function turnedUpSince({ incident, plan, looked, recovered, children }: CaseFacts): boolean {
  if (!plan) return false;
  const isLater = (at: string) => at >= plan.resolvedAt;
  return (
    notAskedYet(incident.alert.recipients, plan).length > 0 ||
    (recovered !== null && isLater(recovered.at) && recovered.copies > 0) ||
    (looked !== null && isLater(looked.at) && (looked.left?.unsure ?? 0) > 0) ||
    leftBehind({ children }).length > 0
  );
}

/** Mailboxes could not be looked into. No look comes by itself any more, once those at set times are over. */
function isPartial({ plan, looked }: CaseFacts): boolean {
  if (!plan) return false;
  const later = looked && looked.at >= plan.resolvedAt ? looked : null;
  const left = later?.left ?? leftOf(plan);
  return (later ?? { failed: plan.failed.length }).failed + left.denied + left.unreachable > 0;
}
