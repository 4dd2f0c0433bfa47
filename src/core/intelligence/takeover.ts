import { WEIGHT } from '../signal/finding.ts';
import type { FindingKind, PersonFinding } from './finding.ts';

/**
 * Whether an account looks taken over. Our own rule, and told as a suspicion only: what is strong and what is medium weigh together
 * as much as one of each, and are of two kinds, of which at least one is about the account and not about a click. Weak ones count nothing.
 * Entra's own word that it is compromised is enough alone.
 */
const ENOUGH = WEIGHT.strong + WEIGHT.medium;
const OF_THE_MAIL: ReadonlySet<FindingKind> = new Set<FindingKind>(['clicked']);

function isSuspected(findings: readonly PersonFinding[]): boolean {
  const firm = findings.filter(({ strength }) => strength !== 'weak');
  if (firm.some(({ kind, row }) => kind === 'risk' && row['state'] === 'confirmed')) return true;
  const kinds = new Set(firm.map(({ kind }) => kind));
  const weight = firm.reduce((sum, finding) => sum + finding.weight, 0);
  return weight >= ENOUGH && kinds.size > 1 && firm.some(({ kind }) => !OF_THE_MAIL.has(kind));
}

/** Object ids of the people whose accounts look taken over. `findings`: of any number of people. */
export function suspectedIn(findings: readonly PersonFinding[]): readonly string[] {
  const people = Map.groupBy(findings, ({ person }) => person);
  return [...people].filter(([, own]) => isSuspected(own)).map(([person]) => person);
}
