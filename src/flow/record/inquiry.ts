import { CRITERIA, Criteria, INSIDE } from '../../core/find/criteria.ts';
import { type Found, listOf } from '../../core/find/found.ts';
import { ofType, type Recorded } from '../../core/record/ledger.ts';
import type { Inquiry } from '../../ports/inquiries.ts';
import type { Sought } from '../../ports/seeker.ts';
import type { Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';

/**
 * What the record says of a search. The row of it says that there is work, and no more: who asked, for what, and whether
 * somebody else has allowed just that is believed of the record alone.
 */

export interface AskedFor {
  readonly id: string;
  /** Entra object id of who asked, or the name of whoever sits at this machine. */
  readonly person: string;
  readonly name: string;
  /** ISO time. */
  readonly at: string;
  readonly criteria: Criteria;
  readonly reason: string;
  /** The role of which somebody else has to allow it; null where nobody has to. */
  readonly second: string | null;
  /** Over all of the above but the name: what is allowed is this. */
  readonly digest: string;
  /** ISO time; null where it was not allowed, or did not have to be. */
  readonly allowedAt: string | null;
}

type Seal = Pick<Hash, 'digest'>;

/** Null where the row is not what the record says: it looks for something else, for somebody else, or without being allowed. */
export async function askedForBy(seal: Seal, tx: Tx, inquiry: Inquiry): Promise<AskedFor | null> {
  const { id } = inquiry;
  const types = ['inquiry.asked', 'inquiry.allowed'] as const;
  const found = await tx.ledger.find({ incident: null, types, detail: ['inquiry', id] });
  const entries = found.flatMap(({ entry }) => (entry?.detail.inquiry === id ? [entry] : []));
  const [entry, ...others] = entries.filter(ofType('inquiry.asked'));
  const asked = entry && others.length === 0 ? askedIn(seal, entry) : null;
  if (!asked || !isOf(seal, inquiry, asked)) return null;
  const allowed = entries
    .filter(ofType('inquiry.allowed'))
    .find(({ actor, detail }) => actor.id !== asked.person && detail.digest === asked.digest);
  const isWaiting = asked.second !== null && !allowed;
  return isWaiting && !inquiry.waits ? null : { ...asked, allowedAt: allowed?.at ?? null };
}

function askedIn(seal: Seal, { actor, at, detail }: Recorded<'inquiry.asked'>): Omit<AskedFor, 'allowedAt'> | null {
  const { inquiry: id, days, reason, second } = detail;
  const none = Object.fromEntries(CRITERIA.map((by) => [by, null]));
  const given = Object.fromEntries(detail.criteria.map(({ by, value }) => [by, value]));
  const { [INSIDE.by]: inside, ...by } = given;
  const criteria = Criteria.safeParse({
    ...none,
    ...by,
    days,
    ...(inside === INSIDE.value ? { inside: true } : {}),
  }).data;
  if (!criteria) return null;
  const { id: person, name } = actor;
  const digest = seal.digest({ search: id, person, at, criteria, reason, second });
  return { id, person, name, at, criteria, reason, second, digest };
}

function isOf(seal: Seal, { person, criteria }: Inquiry, asked: Omit<AskedFor, 'allowedAt'>): boolean {
  return person === asked.person && criteria !== null && seal.digest(criteria) === seal.digest(asked.criteria);
}

/** From when its days count, ISO time: nobody allowed it before. */
export const beginOf = ({ at, allowedAt }: AskedFor): string => allowedAt ?? at;

/** What services have answered so far, by question: what is not as it was written down is left out, and asked for anew. */
export async function keptAsHeard(seal: Seal, tx: Tx, id: string): Promise<ReadonlyMap<string, Sought>> {
  const kept = await tx.inquiries.kept(id);
  if (kept.size === 0) return kept;
  const found = await tx.ledger.find({ incident: null, types: ['inquiry.heard'], detail: ['inquiry', id] });
  const heard = found.flatMap(({ entry }) => (entry?.detail.inquiry === id ? [entry.detail] : []));
  const isHeard = (key: string, sought: Sought) => {
    const digest = seal.digest(sought);
    return heard.some((one) => one.question === key && one.digest === digest);
  };
  return new Map([...kept].filter(([key, sought]) => isHeard(key, sought)));
}

/**
 * What is stored of its answer is what was written down when it was found: nobody has put another mailbox into a list since,
 * or made more of what was looked at.
 */
export async function isAsSeen(seal: Seal, tx: Tx, id: string, found: Found): Promise<boolean> {
  const { mails } = found;
  const entries = await tx.ledger.find({ incident: null, types: ['inquiry.answered'], detail: ['inquiry', id] });
  const stored = mails.map((mail) => ({ mail: mail.key, digest: seal.digest(listOf(mail)), told: mail.digest }));
  const isWhole = stored.every(({ digest, told }) => digest === told);
  const answer = seal.digest(found);
  return (
    isWhole &&
    entries.some(({ entry }) => {
      const lists = entry?.detail.lists;
      return (
        lists?.length === stored.length &&
        (entry?.detail.answer ?? answer) === answer &&
        lists.every(({ mail, digest }, nth) => mail === stored[nth]?.mail && digest === stored[nth]?.digest)
      );
    })
  );
}
