import { flagTerms } from '../../core/ask/flags.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Flag } from '../../core/flag/flag.ts';
import type { Actor } from '../../core/record/ledger.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Flow } from '../flow.ts';
import { flagAsRecorded } from './flag.ts';
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

/** When a flag is due that is raised now. */
function dueFrom({ policy }: Pick<Flow, 'policy'>, at: string): string {
  return new Date(Date.parse(at) + flagTerms(policy().policy).dueHours * HOUR_MS).toISOString();
}

/**
 * The date of one that is raised or opened again. It moves as often as the policy lets it: after that it stays, whatever it is by
 * now, so that nobody puts a mailbox off for ever by one reason more.
 */
export function movedFrom(
  flow: Pick<Flow, 'policy'>,
  { state, dueAt, putOff }: Pick<Flag, 'state' | 'dueAt' | 'putOff'>,
  at: string,
): { readonly dueAt: string; readonly held: boolean } {
  const isHeld = state !== 'cleared' && putOff >= flagTerms(flow.policy().policy).postpone;
  return isHeld ? { dueAt, held: true } : { dueAt: dueFrom(flow, at), held: false };
}

interface Kept {
  readonly row: FlagRow;
  readonly isNew: boolean;
  /** Its date was moved as often as it may be, and was not. */
  readonly held: boolean;
  readonly note: Note;
}

/** The others are found by the sweep: an approved flag may be about thousands of mailboxes. */
const MOST_AT_ONCE = 25;

/**
 * One for each mailbox; where there is one that is not cleared, that is raised once more. Rows and jobs are written, and what to
 * write down is answered: the record is held last. Throws ClawbackError 'unavailable' where one changes at this moment.
 */
export async function raise(
  flow: Bookkeeping & Terms,
  tx: Tx,
  mailboxes: readonly Raised[],
  from: Raising,
): Promise<readonly Kept[]> {
  const open = await tx.flagged.openOf(mailboxes.map(({ mailbox }) => mailbox));
  const known = new Map(open.map((row) => [row.mailbox, row]));
  const kept = await raiseNew(
    flow,
    tx,
    mailboxes.filter(({ mailbox }) => !known.has(mailbox)),
    from,
  );
  for (const one of mailboxes) {
    const there = known.get(one.mailbox);
    // More copies in the same mailbox are nothing new about it.
    if (!there || (from.incident !== null && there.incident === from.incident)) continue;
    kept.push((await raiseAgain(flow, tx, { ...one, id: there.id }, from)) ?? nobody());
  }
  for (const { row } of kept.slice(0, MOST_AT_ONCE)) await tx.jobs.send({ queue: 'flag', flag: row.id });
  return kept;
}

function nobody(): never {
  throw new ClawbackError('unavailable', 'a flag of this mailbox changes at this moment');
}

async function raiseNew(
  flow: Bookkeeping & Terms,
  tx: Tx,
  mailboxes: readonly Raised[],
  { incident, actor, platform, byHand }: Raising,
): Promise<Kept[]> {
  const at = flow.clock.now();
  const dueAt = dueFrom(flow, at);
  const rows = mailboxes.map(({ mailbox, address }): FlagRow => {
    const id = `CF-${flow.hash.code()}`;
    return { id, incident, mailbox, address, state: 'raised', owner: null, dueAt, nextAt: at, updatedAt: at };
  });
  const added = await tx.flagged.add(rows);
  // Somebody else has raised one at this moment: then all of it is done once more.
  if (added.size < rows.length) nobody();
  return rows.map((row, nth) => {
    const { id: flag, mailbox, address } = row;
    const reason = mailboxes[nth]?.reason ?? '';
    const detail = { flag, person: mailbox, address, reason, byHand, cause: incident, dueAt };
    return { row, isNew: true, held: false, note: { type: 'flag.raised', incident, actor, platform, mailbox, detail } };
  });
}

/** Null where it is not there any more, or was cleared meanwhile. */
async function raiseAgain(
  flow: Bookkeeping & Terms,
  tx: Tx,
  { id, mailbox, reason }: Raised & { readonly id: string },
  { incident: cause, actor, platform }: Raising,
): Promise<Kept | null> {
  const held = await tx.flagged.lock(id);
  if (!held || held.state === 'cleared') return null;
  const at = flow.clock.now();
  const flag = await flagAsRecorded(tx, held);
  // Of one that is not as the record has it nothing is put off.
  const moved = flag ? movedFrom(flow, flag, at) : { dueAt: held.dueAt, held: true };
  const state = held.owner === null ? ('raised' as const) : ('in review' as const);
  const change = { state, dueAt: moved.dueAt, nextAt: at, updatedAt: at };
  await tx.flagged.save(held, change);
  const detail = { flag: id, reason, cause, ...moved };
  const about = { incident: held.incident, actor, platform, mailbox } as const;
  return {
    row: { ...held, ...change },
    isNew: false,
    held: moved.held,
    note: { ...about, type: 'flag.raised-again', detail },
  };
}
