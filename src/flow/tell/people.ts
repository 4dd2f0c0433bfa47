import { type Compared, compared } from '../../core/intelligence/compare.ts';
import type { PeopleLook } from '../../core/intelligence/look.ts';
import { looksThatCount, saysAll } from '../../core/intelligence/told.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import type { PeopleNow } from '../../core/tell/people-words.ts';
import type { KeptLook } from '../../ports/looks.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** The newest look at the people of an incident, held against the digest that the record has of it. `later`: oldest first. */
export async function peopleNow(
  { hash }: Pick<Flow, 'hash'>,
  tx: Pick<Tx, 'looks'>,
  incident: string,
  later: readonly { readonly entry: Recorded | null }[],
): Promise<PeopleNow | null> {
  const entries = later.flatMap(({ entry }) => entry ?? []).filter(ofType('people.looked'));
  const kept = await tx.looks.newest(incident);
  if (entries.length === 0 && !kept) return null;
  // Of a newer version: it is left to those who know it.
  if (kept && kept.look === null) return null;
  const isSound = soundBy({ hash }, entries);
  const isLast = kept?.nth === entries.at(-1)?.detail.nth;
  if (!kept?.look || !isLast || !isSound(kept)) return { is: 'differs' };
  const { look } = kept;
  return { is: 'looked', look, since: look.because === 'contained' ? await since(tx, incident, look, isSound) : null };
}

/**
 * The looks that tell what is there, oldest first: the newest one alone, unless somebody gave it no answer. Null where nobody has
 * looked; 'differs' where what is stored is not what the record says.
 */
export async function looksNow(
  { hash }: Pick<Flow, 'hash'>,
  tx: Pick<Tx, 'looks'>,
  incident: string,
  later: readonly { readonly entry: Recorded | null }[],
): Promise<readonly PeopleLook[] | 'differs' | null> {
  const people = await peopleNow({ hash }, tx, incident, later);
  if (people?.is !== 'looked') return people && 'differs';
  if (saysAll(people.look)) return [people.look];
  const isSound = soundBy({ hash }, later.flatMap(({ entry }) => entry ?? []).filter(ofType('people.looked')));
  const all = (await tx.looks.of(incident)).filter(isSound).flatMap(({ look }) => look ?? []);
  return looksThatCount(all);
}

/** Whether a look that is kept is the one of which the record has the digest. */
function soundBy({ hash }: Pick<Flow, 'hash'>, entries: readonly Recorded<'people.looked'>[]) {
  return ({ nth, look, digest }: KeptLook): boolean => {
    const entry = entries.find(({ detail }) => detail.nth === nth);
    return look !== null && digest === entry?.detail.digest && hash.digest(look) === digest;
  };
}

/** Against the last look from before: what was found then, and what of it is seen now. */
async function since(
  tx: Pick<Tx, 'looks'>,
  incident: string,
  now: PeopleLook,
  isSound: (kept: KeptLook) => boolean,
): Promise<Compared | null> {
  const all = await tx.looks.of(incident);
  const before = all.findLast(({ look }) => look !== null && look.because !== 'contained');
  return before?.look && isSound(before) ? compared(before.look.findings, now, before.at) : null;
}
