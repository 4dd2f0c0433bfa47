import { burst } from './burst.ts';
import { clicked } from './clicked.ts';
import { consent } from './consent.ts';
import { delegate } from './delegate.ts';
import type { PersonFacts } from './facts.ts';
import { FINDING_KINDS, type FindingKind, type PersonFinding } from './finding.ts';
import { forwarding } from './forwarding.ts';
import { inboxRule } from './inbox-rule.ts';
import { massAccess } from './mass-access.ts';
import { mfaMailDeleted } from './mfa-mail-deleted.ts';
import { risk } from './risk.ts';
import { signIn } from './sign-in.ts';

/** Every kind of finding about a person: a new one is a file beside these, a name among the kinds and a line here. */
const LOOKS: Readonly<Record<FindingKind, (facts: PersonFacts) => readonly PersonFinding[]>> = {
  risk,
  forwarding,
  'inbox-rule': inboxRule,
  'sign-in': signIn,
  consent,
  burst,
  'mass-access': massAccess,
  delegate,
  clicked,
  'mfa-mail-deleted': mfaMailDeleted,
};

/** All that can be said of one person, the heaviest first. Pure. */
export function findingsAbout(facts: PersonFacts): readonly PersonFinding[] {
  return heaviestFirst(FINDING_KINDS.flatMap((kind) => LOOKS[kind](facts)));
}

/** Of the same weight, in the order of the kinds. */
export function heaviestFirst(findings: readonly PersonFinding[]): readonly PersonFinding[] {
  const place = ({ kind }: PersonFinding) => FINDING_KINDS.indexOf(kind);
  return findings.toSorted((a, b) => b.weight - a.weight || place(a) - place(b));
}
