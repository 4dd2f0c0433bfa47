import { fits } from '../../core/ask/measure-terms.ts';
import { type Containable, isContainable } from '../../core/find/containing.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Answers } from '../../ports/measure-findings.ts';
import type { Containing, Flow } from '../flow.ts';

type Sources = Pick<Flow, 'policy'> & Containing;

/**
 * What measures may be asked for about the people of this incident without typing them; null where nothing speaks for it, none is
 * switched on, nobody knows yet who has the mail, or people called it harmless.
 */
export function containableOf(
  { measures, policy }: Sources,
  incident: Incident,
  found: Answers | null,
  invitations: number,
): Containable | null {
  if (!measures || measures.kinds.length === 0 || incident.planDigest === null) return null;
  if (situationOf(incident) === 'rejected') return null;
  const { playbooks } = policy().policy;
  const containable = {
    kinds: measures.kinds,
    found: { measures: found?.measures ?? [], byHand: found?.byHand.length ?? 0 },
    playbooks: (playbooks ?? []).filter((one) => fits(one, incident.alert)).map(({ name }) => name),
    invitations,
  };
  return isContainable(containable) ? containable : null;
}
