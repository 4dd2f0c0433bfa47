import type { HandKind } from '../measure/by-hand.ts';
import { HAND_KINDS } from '../measure/by-hand.ts';
import type { MeasureKind } from '../measure/measure.ts';

/** What may be chosen where measures about people are asked for in a form: the words of the command, as they stand there. */

export interface Containable {
  /** Which measures are switched on. */
  readonly kinds: readonly MeasureKind[];
  /** What findings name as an answer: measures, and lines for an administrator. */
  readonly found: { readonly measures: readonly { readonly kind: MeasureKind }[]; readonly byHand: number };
  /** Names of the playbooks that the policy means for this mail. */
  readonly playbooks: readonly string[];
  /** Copies of it that are invitations. */
  readonly invitations: number;
}

export type ContainWhat =
  | { readonly is: 'found'; readonly word: string; readonly measures: number; readonly byHand: number }
  | { readonly is: 'playbook'; readonly word: string }
  | { readonly is: 'kind'; readonly word: MeasureKind }
  | { readonly is: 'by hand'; readonly word: HandKind };

/** Of these only findings know which there are: asked for without any, nothing would come of it. */
const FROM_FINDINGS: ReadonlySet<MeasureKind> = new Set(['rule-off', 'revoke-grant', 'take-sent-copy'] as const);

/** Whether there is anything that speaks for it: a card has no room for what nobody asks for. */
export function isContainable({ kinds, found, playbooks, invitations }: Containable): boolean {
  const isAnswered = found.measures.length > 0 || found.byHand > 0;
  return isAnswered || playbooks.length > 0 || (invitations > 0 && kinds.includes('remove-event'));
}

/** In the order that they are read in. The entry of an invitation comes first: it goes before its mail does. */
export function choicesOf({ kinds, found, playbooks, invitations }: Containable): readonly ContainWhat[] {
  const isThere = (kind: MeasureKind) => !FROM_FINDINGS.has(kind) || found.measures.some((one) => one.kind === kind);
  const single = kinds.filter((kind) => isThere(kind)).map((word): ContainWhat => ({ is: 'kind', word }));
  const isEvent = ({ word }: ContainWhat) => invitations > 0 && word === 'remove-event';
  const [measures, byHand] = [found.measures.length, found.byHand];
  return [
    ...single.filter(isEvent),
    ...(measures + byHand > 0 ? [{ is: 'found', word: 'found', measures, byHand } as const] : []),
    ...playbooks.map((word) => ({ is: 'playbook', word }) as const),
    ...single.filter((one) => !isEvent(one)),
    ...HAND_KINDS.map((word) => ({ is: 'by hand', word }) as const),
  ];
}
