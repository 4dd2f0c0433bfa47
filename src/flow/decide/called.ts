import type { TenantPolicy } from '../../core/ask/policy.ts';
import { isCalledAllTheSame, quietUntil } from '../../core/ask/quiet.ts';
import { ClawbackError } from '../../core/error.ts';
import type { TakenAlert } from '../../core/find/alert.ts';
import type { Called } from '../../core/tell/call-words.ts';
import type { OnCall, OnCallAnswer, OnCallPerson } from '../../ports/on-call.ts';
import type { Deciding } from '../flow.ts';
import { holdersOf } from './standing.ts';

/**
 * Who is called by name. Whoever is on call is called first; who may decide is said by the policy alone, and somebody on
 * call who may not is not called for it.
 */

/** Longer nobody waits to learn who is on call: then everybody is called. */
const ON_CALL_WITHIN_MS = 5_000;

export interface Calling {
  /** Entra object ids, those to be called first in front. */
  readonly people: readonly string[];
  /** What is said about it; undefined where there is no on-call, and so nothing to say. */
  readonly called: Called | undefined;
}

/** `alone`: whether whoever is on call is called without the others of the roles. */
export async function whomToCall(
  flow: Deciding,
  roles: readonly string[],
  policy: TenantPolicy,
  alone: boolean,
): Promise<Calling> {
  const held = await Promise.all([...new Set(roles)].map((role) => holdersOf(flow, role, policy)));
  const holders = [...new Set(held.flatMap((people) => [...(people ?? [])]))];
  if (!flow.onCall) return { people: holders, called: undefined };
  const answer = await onCallNow(flow, flow.onCall);
  if (answer === null) return { people: holders, called: 'no answer' };
  // Where a group cannot be asked, nobody knows that somebody is not in it.
  const isUnknown = held.includes(null);
  const deciding = answer.filter(({ id }) => isUnknown || holders.includes(id)).sort((a, b) => a.level - b.level);
  if (deciding.length === 0)
    return { people: holders, called: answer.length === 0 ? 'nobody on call' : 'none may decide' };
  const ids = (people: readonly Known[]) => [...new Set(people.map(({ id }) => id))];
  // Whoever comes after them in the escalation is called no sooner than everybody.
  if (alone) return { people: ids(deciding.filter(({ level }) => level === deciding[0]?.level)), called: 'on call' };
  return { people: [...new Set([...ids(deciding), ...holders])], called: 'everybody' };
}

/** Until when nobody is called by name to this mail, milliseconds since 1970; null where people are called now. */
export function quietNow({ quiet, clock }: Deciding, { severity }: Pick<TakenAlert, 'severity'>): number | null {
  if (!quiet || isCalledAllTheSame(quiet, severity)) return null;
  return quietUntil(quiet, Date.parse(clock.now()));
}

export function quietFor(until: number): Calling {
  return { people: [], called: { quietUntil: new Date(until).toISOString() } };
}

interface Known {
  /** Entra object id. */
  readonly id: string;
  readonly level: number;
}

/** Null where nobody says it in time. */
async function onCallNow(flow: Deciding, onCall: OnCall): Promise<readonly Known[] | null> {
  const until = AbortSignal.timeout(ON_CALL_WITHIN_MS);
  const late = new Promise<OnCallAnswer>((resolve) => {
    until.addEventListener('abort', () => resolve({ is: 'silent', why: 'no answer in time' }));
  });
  const answer = await Promise.race([onCall.at(flow.clock.now(), until), late]);
  flow.observe({ what: 'on-call', result: answer.is === 'known' ? 'answered' : 'silent' });
  if (answer.is === 'silent') return null;
  const people = await Promise.all(
    answer.people.map(async (person) => ({ id: await personOf(flow, person), level: person.level ?? 1 })),
  );
  const known = people.flatMap(({ id, level }) => (id === null ? [] : [{ id, level }]));
  // Somebody is on call there whom nobody here knows: that is not the same as nobody.
  return people.length > 0 && known.length === 0 ? null : known;
}

/** Null where the directory does not know for certain whose address it is. */
async function personOf({ directory }: Deciding, person: OnCallPerson): Promise<string | null> {
  if (person.by === 'entra-id') return person.id;
  try {
    const [found, ...more] = await directory.byAddress(person.address);
    return found && more.length === 0 ? found.id : null;
  } catch (error) {
    if (error instanceof ClawbackError) return null;
    throw error;
  }
}
