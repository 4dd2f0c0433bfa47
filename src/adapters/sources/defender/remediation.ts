import type { VendorState } from '../../../core/find/vendor-says.ts';
import { textAt } from '../reading/payload.ts';
import type { Found } from '../reading/understood.ts';

/** `evidenceRemediationStatus` of each evidence: what automated investigation has done with the mail, or is about to do. */
const STATES: Readonly<Record<string, VendorState>> = {
  pendingapproval: 'waiting',
  running: 'running',
  remediated: 'removed',
  prevented: 'kept-out',
  blocked: 'kept-out',
  partiallyremediated: 'partly',
  unremediated: 'put-back',
  notfound: 'other',
  declined: 'other',
};
/** Nothing was done, or nobody says so. */
const NOTHING: ReadonlySet<string> = new Set(['', 'none', 'active', 'unknownfuturevalue']);
/** Of several evidences of one mail, what people have to know first. */
const FIRST: readonly VendorState[] = ['waiting', 'running', 'partly', 'removed', 'put-back', 'kept-out', 'other'];

export function actionOf(about: readonly unknown[]): Found | null {
  const told = about.flatMap((one) => {
    const word = textAt(one, 'remediationStatus') ?? '';
    if (NOTHING.has(word.toLowerCase())) return [];
    const details = textAt(one, 'remediationStatusDetails');
    const says = details === null ? word : `${word}: ${details.slice(0, 150)}`;
    return [{ state: STATES[word.toLowerCase()] ?? ('other' as const), says }];
  });
  const state = FIRST.find((one) => told.some((action) => action.state === one));
  const action = told.find((one) => one.state === state);
  if (!action) return null;
  const isMixed = about.length > told.length || told.some((one) => one.state !== action.state);
  const isPartly = action.state === 'removed' && isMixed;
  return { state: isPartly ? 'partly' : action.state, says: action.says };
}
