import { ofType, type Recorded } from '../../core/record/ledger.ts';
import { ERASED } from '../../core/record/personal.ts';
import { isSameList } from '../../core/record/trust.ts';
import type { Held } from '../../ports/held.ts';
import type { Brake, LiftVote, Tx } from '../../ports/store.ts';

/** The stop as the record has it: a row that says that nothing is stopped does not lift one. */

/** Held until the transaction ends, as every start asks for it. */
export const heldBrake = async (tx: Tx): Promise<Held<Brake>> => asRecorded(tx, await tx.brake.lock());

export const brakeNow = async (tx: Tx): Promise<Brake> => asRecorded(tx, await tx.brake.read());

async function asRecorded<B extends Brake>(tx: Tx, brake: B): Promise<B> {
  return brake.stopped ? brake : { ...brake, stopped: await isStoppedOnRecord(tx) };
}

async function isStoppedOnRecord(tx: Tx): Promise<boolean> {
  const last = (await tx.ledger.find({ incident: null, types: ['brake.stopped', 'brake.lifted'] })).at(-1);
  // One that was changed may have been a stop; people can lift it.
  return last !== undefined && last.entry?.type !== 'brake.lifted';
}

/** Votes for going on, and which of them the record does not have of this stop. */
export async function liftVotesOf(tx: Tx, { number }: Pick<Brake, 'number'>) {
  const votes = await tx.brake.liftVotes(number);
  if (votes.length === 0) return { proven: votes, forged: [] };
  const found = await tx.ledger.find({
    incident: null,
    types: ['brake.stopped', 'brake.lift-voted', 'decision.withdrawn'],
  });
  const entries = found.flatMap(({ entry }) => entry ?? []);
  const isProven = (vote: LiftVote) => isVoteOnRecord(vote, entries);
  return { proven: votes.filter(isProven), forged: votes.filter((vote) => !isProven(vote)) };
}

function isVoteOnRecord(vote: LiftVote, entries: readonly Recorded[]): boolean {
  // Whose vote it was that was taken back may be erased: then it may have been this one's.
  const isOwn = (person: string) => person === vote.person || person === ERASED;
  const isStart = ({ type, detail }: Recorded<'brake.stopped' | 'decision.withdrawn'>) =>
    type === 'brake.stopped' || (isOwn(detail.person) && detail.action === 'lift');
  const since = entries.filter(ofType('brake.stopped', 'decision.withdrawn')).findLast(isStart)?.seq ?? 0;
  return entries.filter(ofType('brake.lift-voted')).some(
    ({ seq, actor, platform, detail }) =>
      seq > since &&
      actor.kind === 'person' &&
      actor.id === vote.person &&
      platform === vote.platform &&
      // Earlier versions did not write these down.
      (detail.account ?? vote.account) === vote.account &&
      isSameList(detail.roles ?? vote.roles, vote.roles),
  );
}
