import type { Finding } from '../signal/signals.ts';
import type { Already, SourceAnswer } from './asked.ts';
import type { FindingKind, PersonFinding } from './finding.ts';
import { FINDING_KINDS } from './finding.ts';
import { heaviestFirst } from './findings.ts';
import type { Measured } from './precision.ts';
import { suspectedIn } from './takeover.ts';

/** One look at the people of an incident: what was asked, what was found, and what it adds up to. */

/** Why somebody looks: the list was made; what is logged late may show now; a person asked; something was done about them. */
export const PEOPLE_REASONS = ['plan', 'late', 'asked', 'contained'] as const;
export type PeopleReason = (typeof PEOPLE_REASONS)[number];

export interface PeopleLook {
  /** ISO times: of the look, and when the mail first came to anybody. */
  readonly at: string;
  readonly mailAt: string;
  readonly because: PeopleReason;
  /** Everybody with a copy; so many of them were asked about, and so many mailboxes were asked themselves. */
  readonly people: number;
  readonly asked: number;
  readonly askedThemselves: number;
  readonly answers: readonly SourceAnswer[];
  readonly did: Did;
  /** What others have done to the mail already; left out for nothing. */
  readonly already?: readonly Already[] | undefined;
  /** The heaviest first. */
  readonly findings: readonly PersonFinding[];
  /** More than are kept. */
  readonly leftOut: number;
  /** Object ids. */
  readonly suspected: readonly string[];
  /** What the mail itself says, beside the mail of the tenant. */
  readonly mail: readonly Finding[];
}

/** People, as far as it was looked at; null: not known. `read`: as their mailboxes said when the list was made. */
export interface Did {
  readonly read: number | null;
  readonly clicked: number | null;
  readonly replied: number | null;
  readonly forwarded: number | null;
}

/** What is kept of one look: the database holds thousands of incidents, and nobody reads more. */
const MOST_KEPT = 300;

export function lookOf(
  seen: Omit<PeopleLook, 'findings' | 'leftOut' | 'suspected'>,
  findings: readonly PersonFinding[],
): PeopleLook {
  const sorted = heaviestFirst(findings.toSorted((a, b) => (a.person < b.person ? -1 : 1)));
  return {
    ...seen,
    findings: sorted.slice(0, MOST_KEPT),
    leftOut: sorted.length > MOST_KEPT ? sorted.length - MOST_KEPT : 0,
    suspected: suspectedIn(findings),
  };
}

/** Kinds that spoke, each once. */
function kindsIn(findings: readonly PersonFinding[]): readonly FindingKind[] {
  return FINDING_KINDS.filter((kind) => findings.some((finding) => finding.kind === kind));
}

/** All that spoke in it, each once: kinds about people, and signals of the mail where they are more than weak. */
export function spokenIn({ findings, mail }: Pick<PeopleLook, 'findings' | 'mail'>): readonly Measured[] {
  const firm = mail.filter(({ strength }) => strength !== 'weak').map(({ signal }) => signal);
  return [...kindsIn(findings), ...new Set(firm)];
}
