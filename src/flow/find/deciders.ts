import { conflictOf, type Interested } from '../../core/ask/conflict.ts';
import type { TenantPolicy } from '../../core/ask/policy.ts';
import type { Terms } from '../../core/ask/rule.ts';
import { seatPeople, type Voter } from '../../core/ask/tally.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { barredBy } from '../../core/tell/case.ts';
import { holdersOf } from '../decide/standing.ts';
import type { Finding } from '../flow.ts';

/** Who could decide about a plan: asked about while its mailboxes are looked into, each once. */

export interface Deciders {
  /** Everybody who holds a role; null where that cannot be asked for. */
  holders(role: string): Promise<ReadonlySet<string> | null>;
  /** Null for somebody who cannot decide at all. Who cannot be asked about is taken to be there. */
  person(id: string): Promise<Interested | null>;
}

/** Of each role so many are asked about before it is known what is needed: two are enough for most seats. */
const AHEAD = 2;

export function decidersFor(flow: Finding, policy: TenantPolicy): Deciders {
  return { holders: once((role) => holdersOf(flow, role, policy)), person: once((id) => whoIs(flow, id)) };
}

/** Begins to ask for a plan that is made in any case. Whoever needs the answer meets its error. */
export function askAhead(deciders: Deciders, policy: TenantPolicy): void {
  for (const role of Object.keys(policy.roles)) askAboutSome(deciders, role).catch(() => undefined);
}

async function askAboutSome({ holders, person }: Deciders, role: string): Promise<void> {
  await Promise.all([...((await holders(role)) ?? [])].slice(0, AHEAD).map(person));
}

function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

async function whoIs(flow: Finding, person: string): Promise<Interested | null> {
  try {
    const found = await flow.directory.person(person);
    return found?.enabled && !found.guest ? { person, addresses: found.addresses } : null;
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return { person, addresses: [] };
    throw error;
  }
}

/**
 * Answers whether seats could not be filled even if everybody pressed who holds the roles and may decide. A role that
 * cannot be asked for is taken to be full. People are looked up one by one, until there are enough.
 */
export async function countingPeople(
  deciders: Deciders,
  plan: Plan,
  { alert, askers }: Pick<Incident, 'alert' | 'askers'>,
  roles: readonly string[],
): Promise<(terms: Terms) => Promise<boolean>> {
  const holders = new Map<string, ReadonlySet<string> | null>();
  for (const role of new Set(roles)) holders.set(role, await deciders.holders(role));
  const everybody = [...new Set([...holders.values()].flatMap((people) => [...(people ?? [])]))];

  async function isFree(person: string, isBarred: (who: Interested) => boolean): Promise<boolean> {
    if (isBarred({ person, addresses: [] })) return false;
    const who = await deciders.person(person);
    return who !== null && !isBarred(who);
  }

  return async (terms) => {
    if (terms.is !== 'asked' || terms.seats.some(({ role }) => holders.get(role) === null)) return false;
    const isBarred = (who: Interested) =>
      barredBy(conflictOf(who, plan, askers, alert.received), terms.recipientsMay ?? false) !== null;
    const voters: Voter[] = [];
    for (const person of everybody) {
      const own = [...holders.keys()].filter((role) => holders.get(role)?.has(person));
      if (!terms.seats.some(({ role }) => own.includes(role)) || !(await isFree(person, isBarred))) continue;
      voters.push({ person, roles: own });
      if (seatPeople(voters, terms.seats).approved) return false;
    }
    return true;
  };
}
