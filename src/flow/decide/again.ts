import { wordOf } from '../../core/ask/ask.ts';
import type { LossCode } from '../../core/ask/refusal.ts';
import type { Cast, Tally, Vote } from '../../core/ask/tally.ts';
import type { Others } from '../../core/tell/voters.ts';
import type { Tx } from '../../ports/store.ts';
import type { Note } from '../record/record.ts';
import type { Looked, Refusal } from './decision.ts';
import type { NoStanding, Standing } from './standing.ts';

/**
 * Votes are looked at again when they take effect: whoever was locked out, or lost the role, since they pressed does not
 * start anything. Their vote is taken back, so that the card and every answer count the same.
 */

export const castKey = ({ person, platform, account }: Cast) => `${person} ${platform} ${account}`;

interface Round<V extends Cast, T extends Tally> {
  /** Votes of others that count so far. */
  readonly earlier: readonly V[];
  readonly vote: V;
  readonly looked: Looked;
  readonly count: (votes: readonly V[]) => T;
  /** What keeps somebody from deciding who is in good standing. */
  readonly conflict: (who: Standing) => 'recipient' | 'requester' | null;
}

interface Gone<V extends Cast> {
  readonly vote: V;
  readonly why: LossCode;
}

/** What one vote more makes of the count. */
export interface Gathered<V extends Cast, T extends Tally> {
  readonly result: T;
  /** Everybody who is needed said so and may still say so. */
  readonly starts: boolean;
  readonly gone: readonly Gone<V>[];
  /** Who counts and could not be asked about this moment: nothing starts because of them. */
  readonly unsure: readonly V[];
  /** Why the vote itself is none. */
  readonly refused: Refusal | null;
}

/** `askAbout`: who has to be asked about first. */
export function gather<V extends Cast, T extends Tally>(
  round: Round<V, T>,
): Gathered<V, T> | { readonly askAbout: readonly Cast[] } {
  const { vote, looked, count } = round;
  const roles = new Set(count([...round.earlier, vote]).seats.map(({ role }) => role));
  const lossOf = (cast: V) => lossNow(cast, looked.get(castKey(cast)), roles, round.conflict);
  const gone: Gone<V>[] = [];
  const kept: V[] = [];
  for (const cast of round.earlier) {
    const why = lossOf(cast);
    if (why === null || why === 'cannot-check') kept.push(cast);
    else gone.push({ vote: cast, why });
  }
  const all = count([...kept, vote]);
  if (!all.approved) return { result: all, starts: false, gone, unsure: [], refused: null };
  const sure = count([...kept.filter((cast) => lossOf(cast) === null), vote]);
  const result = sure.approved ? sure : all;
  const counted = [...kept, vote].filter(({ person }) => result.people.includes(person));
  const unasked = counted.filter((cast) => !looked.has(castKey(cast)));
  if (unasked.length > 0) return { askAbout: unasked };
  const own = counted.includes(vote) ? lossOf(vote) : null;
  const refused = own && refusalFor(own, result);
  const unsure = sure.approved ? [] : counted.filter((cast) => cast !== vote && lossOf(cast) === 'cannot-check');
  return { result, starts: sure.approved && refused === null, gone, unsure, refused };
}

/** Null when the vote counts, or when nobody asked yet; 'cannot-check' when that cannot be told now. */
function lossNow(
  cast: Cast,
  now: Standing | NoStanding | undefined,
  roles: ReadonlySet<string>,
  conflict: (who: Standing) => 'recipient' | 'requester' | null,
): LossCode | null {
  if (!now) return null;
  if (now.is === 'refused') return now.why;
  const missing = cast.roles.some((role) => roles.has(role) && !now.roles.includes(role));
  if (missing) return now.certain ? 'lost-role' : 'cannot-check';
  return conflict(now);
}

function refusalFor(loss: LossCode, { seats }: Tally): Refusal {
  if (loss !== 'lost-role') return { code: loss };
  return { code: 'not-asked', seats };
}

/** Takes the votes back and answers what to write down about it: later, for the ledger is held last. */
export async function withdraw(
  tx: Pick<Tx, 'decisions'>,
  incident: string,
  gone: readonly { readonly vote: Vote; readonly why: LossCode | 'reopened' | 'taken-back' }[],
): Promise<readonly Note[]> {
  for (const { vote } of gone) await tx.decisions.withdraw(incident, vote.planDigest, vote.action, vote.person);
  return gone.map(({ vote, why }) => ({
    type: 'decision.withdrawn',
    incident,
    planDigest: vote.planDigest,
    outcome: why,
    detail: { person: vote.person, name: vote.name, action: wordOf(vote.action) },
  }));
}

/** What the presser is told about the others. */
export function othersIn({ gone, unsure }: Pick<Gathered<Cast, Tally>, 'gone' | 'unsure'>): Others {
  return { lost: gone.map(({ vote, why }) => ({ name: vote.name, why })), unsure: unsure.map(({ name }) => name) };
}
