import { searching } from '../../core/ask/reads.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Criteria, Typed } from '../../core/find/criteria.ts';
import type { Found } from '../../core/find/found.ts';
import { searchProblemWords } from '../../core/tell/search-form.ts';
import type { Deciding } from '../flow.ts';
import { record } from '../record/record.ts';
import { answered, ask, idIn, lookAt, readTyped } from './search-begun.ts';

/** Searches of whoever sits at this machine. */

export interface OperatorSearch {
  readonly search: string;
  readonly state: 'waits to be allowed' | 'under way' | 'answered';
  readonly criteria: Criteria;
  /** ISO times; null where nobody had to allow it, or nobody has. */
  readonly at: string;
  readonly allowedAt: string | null;
  /** Null until it is answered. */
  readonly found: Found | null;
}

/**
 * For whoever sits at this machine: it takes the same policy, and the record says who it was. Throws ClawbackError 'invalid'
 * for what cannot be asked or is not allowed, 'unavailable' where no answer came within `withinMs`.
 */
export async function searchForOperator(
  flow: Deciding,
  typed: Typed & { readonly reason?: string | null },
  who: string,
  withinMs: number,
): Promise<OperatorSearch> {
  const no = (words: string) => new ClawbackError('invalid', words, { field: 'search' });
  const terms = searching(flow.policy().policy);
  if (!terms || terms.by.length === 0) throw no('the policy lets nobody search: reads.search in policy.yaml');
  if (terms.second !== undefined) throw no('the policy wants a second person for a search: ask for it in the chat');
  const asked = readTyped(typed);
  if ('problem' in asked) throw no(searchProblemWords(asked.problem));
  const by = operatorNamed(who);
  const begun = await ask(flow, { ...asked, ...by, person: 'operator', roles: [] });
  if ('most' in begun) throw no(`the policy allows ${begun.most} searches an hour`);
  await answered(flow, begun.id, withinMs);
  const seen = standsNow(begun.id, await flow.store.transact((tx) => lookAt(flow, tx, begun.id)));
  if (seen?.found) return seen;
  throw new ClawbackError('unavailable', `${begun.id} has no answer yet: services ask to wait`);
}

const operatorNamed = (who: string) =>
  ({ actor: { kind: 'service', id: 'operator', name: who }, platform: 'operator' }) as const;

/**
 * A search as it stands by now, whoever asked for it; null where there is none of this name. What mailboxes hold is seen in it:
 * that somebody looked stands in the record before it is answered. Throws ClawbackError 'invalid' where what is stored of it is
 * not what the record says, or cannot be read.
 */
export async function lookForOperator(flow: Deciding, typed: string, who: string): Promise<OperatorSearch | null> {
  const search = idIn(typed);
  const looked = await flow.store.transact(async (tx) => {
    const found = await lookAt(flow, tx, search);
    if (found.is !== 'not known')
      await record(flow, tx, [{ ...operatorNamed(who), type: 'inquiry.seen', detail: { inquiry: search } }]);
    return found;
  });
  return standsNow(search, looked);
}

function standsNow(search: string, looked: Awaited<ReturnType<typeof lookAt>>): OperatorSearch | null {
  if (looked.is === 'not known') return null;
  const no = (words: string) => new ClawbackError('invalid', words, { field: 'search' });
  if (looked.is === 'changed') throw no(`what is stored of ${search} is not what the record says of it`);
  const { inquiry, asked } = looked;
  const { found } = inquiry;
  if (inquiry.isAnswered && !found) throw no(`what ${search} found cannot be read any more: search again`);
  const { criteria, at, allowedAt } = asked;
  const state = found ? 'answered' : inquiry.waits ? 'waits to be allowed' : 'under way';
  return { search, state, criteria, at, allowedAt, found };
}
