import type { TenantPolicy } from '../../core/ask/policy.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Called } from '../../core/tell/call-words.ts';
import type { OnCallAnswer, OnCallPerson } from '../../ports/on-call.ts';
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
  const answer = await onCallNow(flow);
  if (answer === null) return { people: holders, called: 'no answer' };
  // Where a group cannot be asked, nobody knows that somebody is not in it.
  const isUnknown = held.includes(null);
  const first = answer.filter((id) => isUnknown || holders.includes(id));
  if (first.length === 0)
    return { people: holders, called: answer.length === 0 ? 'nobody on call' : 'none may decide' };
  if (alone) return { people: first, called: 'on call' };
  return { people: [...new Set([...first, ...holders])], called: 'everybody' };
}

/** Entra object ids; null where nobody says it in time. */
async function onCallNow(flow: Deciding): Promise<readonly string[] | null> {
  const { onCall, clock } = flow;
  if (!onCall) return [];
  const until = AbortSignal.timeout(ON_CALL_WITHIN_MS);
  const late = new Promise<OnCallAnswer>((resolve) => {
    until.addEventListener('abort', () => resolve({ is: 'silent', why: 'no answer in time' }));
  });
  const answer = await Promise.race([onCall.at(clock.now(), until), late]);
  flow.observe({ what: 'on-call', result: answer.is === 'known' ? 'answered' : 'silent' });
  if (answer.is === 'silent') return null;
  const people = await Promise.all(answer.people.map((person) => personOf(flow, person)));
  // Somebody is on call there whom nobody here knows: that is not the same as nobody.
  return people.includes(null) && people.every((id) => id === null) ? null : people.filter((id) => id !== null);
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
