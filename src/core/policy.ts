import type { Alert } from './alert.ts';
import type { Action } from './incident.ts';
import type { Plan } from './plan.ts';

/** Who may decide what. One file, pure: everything that allows or refuses a purge is read here. */

export interface Approver {
  /** Entra object id: the person. */
  readonly entraId: string;
  readonly name: string;
  /** The same person in Slack, by stable user id; null if not there. */
  readonly slackId: string | null;
  /** Own mail address, where known: a second way to see that somebody received the mail. */
  readonly address: string | null;
}

export interface Policy {
  readonly approvers: readonly Approver[];
  /** Distinct people needed per action. */
  readonly approvals: Readonly<Record<Action, number>>;
  /** How long a question stays open, minutes. */
  readonly expiryMinutes: number;
}

export interface Vote {
  readonly person: string;
  readonly name: string;
  readonly platform: string;
  readonly action: Action;
  readonly planDigest: string;
  /** ISO time. */
  readonly at: string;
}

/** The approver behind a chat identity, by stable id only: no mail address, no display name is ever compared. */
export function approverBehind(policy: Policy, platform: 'slack' | 'teams', userId: string): Approver | null {
  if (userId === '') return null;
  const found = policy.approvers.filter((approver) =>
    platform === 'slack' ? approver.slackId === userId : approver.entraId === userId.toLowerCase(),
  );
  return found.length === 1 && found[0] ? found[0] : null;
}

export type Conflict = 'recipient' | 'requester';

/** Separation of duties: whoever received the mail or asked for its removal does not decide about it. */
export function conflictOf(approver: Approver, plan: Plan | null, alert: Alert): Conflict | null {
  const address = approver.address?.toLowerCase() ?? null;
  const asked = alert.reporter;
  if (asked?.entraId?.toLowerCase() === approver.entraId) return 'requester';
  if (address !== null && asked?.address?.toLowerCase() === address) return 'requester';
  if (plan?.recipients.includes(approver.entraId)) return 'recipient';
  if (address === null) return null;
  // Addresses that could not be looked into count too: hunting named them as recipients.
  const looked = plan
    ? [...plan.copies.map((copy) => copy.address), ...plan.nothing, ...plan.denied, ...plan.missing, ...plan.failed]
    : [];
  const reached = [...alert.recipients, ...looked];
  return reached.some((recipient) => recipient.toLowerCase() === address) ? 'recipient' : null;
}

export interface Tally {
  readonly needed: number;
  /** Entra ids of the people whose approval counts, in the order of their votes. */
  readonly people: readonly string[];
  readonly approved: boolean;
}

/**
 * Counts people, never votes: one person counts once, over both chats. A vote counts for exactly the plan it names,
 * and only while its voter is still an approver without a conflict.
 */
export function tally(
  votes: readonly Vote[],
  asked: { readonly action: Action; readonly plan: Plan; readonly planDigest: string; readonly notBefore: string },
  policy: Policy,
  alert: Alert,
): Tally {
  const people = new Set<string>();
  for (const vote of votes) {
    if (vote.action !== asked.action || vote.planDigest !== asked.planDigest || vote.at < asked.notBefore) continue;
    const approver = policy.approvers.find((candidate) => candidate.entraId === vote.person);
    if (approver && conflictOf(approver, asked.plan, alert) === null) people.add(vote.person);
  }
  const needed = policy.approvals[asked.action];
  return { needed, people: [...people], approved: people.size >= needed };
}

/** Approvers who could still approve: what the card shows, and what the configuration check asks. */
export function eligibleApprovers(policy: Policy, plan: Plan | null, alert: Alert): readonly Approver[] {
  return policy.approvers.filter((approver) => conflictOf(approver, plan, alert) === null);
}
