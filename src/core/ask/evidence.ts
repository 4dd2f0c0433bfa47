import { type KindCount, type Measured, type Precision, precisionOf } from '../intelligence/precision.ts';
import type { EvidenceRule } from './evidence-rule.ts';
import type { Asked } from './rule.ts';
import { strictest } from './step-up.ts';

/** What of the policy's rules about findings holds in one incident. */

/** What speaks in an incident, as the record has it, and how right it has been in the tenant. */
export interface Evidence {
  readonly spoke: readonly string[];
  readonly counts: readonly KindCount[];
}

export interface EvidenceNow {
  readonly rule: EvidenceRule;
  /** What of it spoke, and was right often enough; none: the rule is in shadow, and adds nothing. */
  readonly proven: readonly Precision[];
  /** What spoke beside that. */
  readonly shadow: readonly Precision[];
}

/** Rules of which something spoke. `evidence`: left out where nobody has looked. */
export function evidenceNow(rules: readonly EvidenceRule[], evidence: Evidence | undefined): readonly EvidenceNow[] {
  if (evidence === undefined) return [];
  return rules.flatMap((rule): EvidenceNow[] => {
    const spoke = rule.seen.filter((kind) => evidence.spoke.includes(kind));
    if (spoke.length === 0) return [];
    const measured = spoke.map((kind) => precisionIn(evidence.counts, kind));
    const isProven = ({ percent }: Precision) => percent !== null && percent >= rule.percent;
    return [{ rule, proven: measured.filter(isProven), shadow: measured.filter((one) => !isProven(one)) }];
  });
}

/** How right it was; also of what never spoke in a closed incident. */
export function precisionIn(counts: readonly KindCount[], kind: Measured): Precision {
  return precisionOf(counts.find((one) => one.kind === kind) ?? { kind, malicious: 0, harmless: 0 });
}

/** The same terms with what is proven added: also after an escalation, because waiting must not take it away. */
export function withEvidence(terms: Asked, action: string, now: readonly EvidenceNow[]): Asked {
  const adding = now.filter(({ rule, proven }) => proven.length > 0 && rule.action.some((one) => one === action));
  if (adding.length === 0) return terms;
  const rules = adding.map(({ rule }) => rule);
  const more = rules.flatMap(({ approve }) => approve ?? []);
  return {
    ...terms,
    rule: [terms.rule, ...rules.map(({ name }) => name)].join(' + '),
    seats: [...terms.seats, ...more],
    escalation: terms.escalation.map((step) => (step.ask ? { ...step, ask: [...step.ask, ...more] } : step)),
    reason: terms.reason || rules.some(({ reason }) => reason),
    stepUp: strictest([terms.stepUp, ...rules.map(({ stepUp: context }) => context ?? null)]),
  };
}
