import { instantOf } from '../instant.ts';
import type { SourceAnswer } from './asked.ts';
import type { FindingKind, PersonFinding } from './finding.ts';

/** What becomes of findings once something was done about them. */

/** These say what happened once: they are there again only where it happened again. The others say what is, until it is undone. */
const HAPPENED: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'clicked',
  'sign-in',
  'burst',
  'mass-access',
  'mfa-mail-deleted',
]);

/** What of a later look still speaks against the account. `since`: ISO time of what was done about it. */
export function standingSince(findings: readonly PersonFinding[], since: string): readonly PersonFinding[] {
  return findings.filter(({ kind, at, row }) => {
    if (row['isThere'] === false || row['stands'] === 'off') return false;
    return !HAPPENED.has(kind) || instantOf(lastOf(row, at)) > instantOf(since);
  });
}

export interface Compared {
  /** Findings before, and those that a later look still sees. */
  readonly before: number;
  readonly after: number;
  /** Of those after: not there before. */
  readonly fresh: readonly PersonFinding[];
  /** Of those before: what they came from did not answer the later look in full, and they are not in it. Nobody knows whether they are over. */
  readonly unknown: number;
}

/** `before 3, after 0`. Both of the same people; `after` as the later look has it, and `answers` what it was told. */
export function compared(
  before: readonly PersonFinding[],
  { findings, answers }: { readonly findings: readonly PersonFinding[]; readonly answers: readonly SourceAnswer[] },
  since: string,
): Compared {
  const standing = standingSince(findings, since);
  const known = new Set(before.map(findingKey));
  const seen = new Set(findings.map(findingKey));
  const isAnswered = ({ sources }: PersonFinding) =>
    answers.some(({ source, is, cut }) => source === sources[0] && is === 'answered' && !cut);
  return {
    before: before.length,
    after: standing.length,
    fresh: standing.filter((one) => !known.has(findingKey(one))),
    unknown: before.filter((one) => !seen.has(findingKey(one)) && !isAnswered(one)).length,
  };
}

const lastOf = ({ last }: PersonFinding['row'], at: string) => (typeof last === 'string' && last !== '' ? last : at);

/** What stands is known by its name, and what happened by when it did. */
export function findingKey({ kind, person, at, row }: PersonFinding): string {
  const what = HAPPENED.has(kind) ? at : (row['name'] ?? row['to'] ?? row['appId'] ?? row['who'] ?? '');
  return JSON.stringify([kind, person, what]);
}
