import { situationOf } from '../incident/incident.ts';
import type { MeasuresStand } from '../record/measures-now.ts';
import { count } from '../text.ts';
import type { CaseFacts } from './case.ts';

/** Before an invitation is taken out: its calendar entry stays, and only where the mail lies as it came does it lead there. */

const UNDER_WAY: readonly MeasuresStand[] = ['asked', 'running'];

export function invitationLines({
  incident,
  invitations = 0,
  containable,
  measures = [],
}: Pick<CaseFacts, 'incident' | 'invitations' | 'containable' | 'measures'>): readonly string[] {
  const situation = situationOf(incident);
  if (invitations === 0 || (situation !== 'open' && situation !== 'flagged')) return [];
  const lists = measures.filter(({ made }) => made?.list.measures.some(({ kind }) => kind === 'remove-event'));
  const first = lists.find(({ made }) => made && UNDER_WAY.includes(made.stand));
  const is = `${count(invitations, 'copy is', 'copies are')} meeting mail: taking ${invitations === 1 ? 'it' : 'them'} out leaves the calendar ${invitations === 1 ? 'entry' : 'entries'}.`;
  if (first) return [`${is} ${first.id} is to remove that: let it come first.`];
  if (lists.some(({ made }) => made?.stand === 'ended')) return [];
  if (!containable?.kinds.includes('remove-event'))
    return [`${is} Removing calendar entries is not switched on: whoever has one has to delete it.`];
  return [
    `${is} Have that removed first, for once the mail is out nothing leads there: \u201cContain\u2026\u201d, or say \u201ccontain ${incident.id} remove-event because \u2026\u201d.`,
  ];
}
