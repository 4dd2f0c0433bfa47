import { flagTerms } from '../../core/ask/flags.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Actor } from '../../core/record/ledger.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Flow } from '../flow.ts';
import type { Note } from './record.ts';

/** Flags are raised: by an approved action, or by one person. */

export interface Raised {
  readonly mailbox: string;
  readonly address: string;
  readonly reason: string;
}

interface Raising {
  readonly incident: string | null;
  readonly actor: Actor;
  readonly platform: string | null;
  readonly byHand: boolean;
}

type Terms = Pick<Flow, 'policy' | 'hash'>;
const HOUR_MS = 3_600_000;

/** When a flag is due that is raised, or opened again, now. */
export function dueFrom({ policy }: Pick<Flow, 'policy'>, at: string): string {
  return new Date(Date.parse(at) + flagTerms(policy().policy).dueHours * HOUR_MS).toISOString();
}

interface Kept {
  readonly row: FlagRow;
  readonly isNew: boolean;
  readonly note: Note;
}

/**
 * One for each mailbox; where there is one that is not cleared, that is raised once more. Rows and jobs are written, and what to
 * write down is answered: the record is held last.
 */
export async function raise(
  flow: Bookkeeping & Terms,
  tx: Tx,
  mailboxes: readonly Raised[],
  from: Raising,
): Promise<readonly Kept[]> {
  const dueAt = dueFrom(flow, flow.clock.now());
  const open = await tx.flagged.openOf(mailboxes.map(({ mailbox }) => mailbox));
  const known = new Map(open.map((row) => [row.mailbox, row]));
  const kept: Kept[] = [];
  for (const one of mailboxes) {
    const there = known.get(one.mailbox);
    // More copies in the same mailbox are nothing new about it.
    if (there && from.incident !== null && there.incident === from.incident) continue;
    const again = there ? await raiseAgain(flow, tx, { ...one, id: there.id, dueAt }, from) : null;
    kept.push(again ?? (await raiseNew(flow, tx, { ...one, dueAt }, from)));
  }
  for (const { row } of kept) await tx.jobs.send({ queue: 'flag', flag: row.id });
  return kept;
}

interface Due extends Raised {
  readonly dueAt: string;
}

async function raiseNew(flow: Bookkeeping & Terms, tx: Tx, one: Due, from: Raising): Promise<Kept> {
  const { mailbox, address, reason, dueAt } = one;
  const { incident, actor, platform, byHand } = from;
  const [id, at] = [`CF-${flow.hash.code()}`, flow.clock.now()];
  const row: FlagRow = {
    ...{ id, incident, mailbox, address, state: 'raised', owner: null, dueAt, nextAt: at, updatedAt: at },
  };
  if (!(await tx.flagged.add(row))) {
    // Somebody else has raised one at this moment.
    const [other] = await tx.flagged.openOf([mailbox]);
    const again = other && (await raiseAgain(flow, tx, { ...one, id: other.id }, from));
    if (again) return again;
    throw new ClawbackError('unavailable', 'a flag of this mailbox changes at this moment');
  }
  const detail = { flag: id, person: mailbox, address, reason, byHand, cause: incident, dueAt };
  return { row, isNew: true, note: { type: 'flag.raised', incident, actor, platform, mailbox, detail } };
}

/** Null where it is not there any more, or was cleared meanwhile. */
async function raiseAgain(
  flow: Bookkeeping,
  tx: Tx,
  { id, mailbox, reason, dueAt }: Due & { readonly id: string },
  { incident: cause, actor, platform }: Raising,
): Promise<Kept | null> {
  const held = await tx.flagged.lock(id);
  if (!held || held.state === 'cleared') return null;
  const at = flow.clock.now();
  const state = held.owner === null ? ('raised' as const) : ('in review' as const);
  const change = { state, dueAt, nextAt: at, updatedAt: at };
  await tx.flagged.save(held, change);
  const detail = { flag: id, reason, cause, dueAt };
  const about = { incident: held.incident, actor, platform, mailbox } as const;
  return { row: { ...held, ...change }, isNew: false, note: { ...about, type: 'flag.raised-again', detail } };
}
