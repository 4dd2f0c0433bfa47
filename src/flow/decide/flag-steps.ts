import { type FlagTerms, flagTerms } from '../../core/ask/flags.ts';
import { lookWhetherContainedAt } from '../../core/flag/contained.ts';
import type { Flag } from '../../core/flag/flag.ts';
import { type FlagStep, stepsNow } from '../../core/flag/steps.ts';
import { instantOf } from '../../core/instant.ts';
import type { Deciding } from '../flow.ts';
import { flagAsRecorded, flagChanged } from '../record/flag.ts';
import { record } from '../record/record.ts';
import { noteContained } from './flag-contained.ts';
import { lookAt } from './flag-look.ts';
import { tellStep } from './flag-told.ts';
import { holdersOf } from './standing.ts';

/**
 * What is to be done about a flagged mailbox by itself: the first look at the findings, and telling people that it waits. It may
 * be begun again after a crash, by any process: what was done stands in the record.
 */

/** From when it was raised, where what is asked about is not to be seen yet: audit tables are behind by an hour or more. */
const LOOK_AGAIN_MS: readonly number[] = [900_000, 3_600_000, 14_400_000];
/** Where it cannot be said now who holds a role. */
const ASK_AGAIN_MS = 60_000;
const LEFT_ALONE_MS = 3_600_000;
/** More names help nobody. */
const MOST_TOLD = 15;

export async function lookAfterFlag(flow: Deciding, id: string): Promise<void> {
  const flag = await flow.store.transact((tx) => asRecorded(tx, id));
  if (!flag) return leaveAlone(flow, id);
  if (flag.state === 'cleared') return;
  const now = Date.parse(flow.clock.now());
  if ((firstLookAt(flag) ?? Number.POSITIVE_INFINITY) <= now) await firstLook(flow, flag);
  if (flag.state === 'contained') await lookWhetherContained(flow, flag);
  const terms = flagTerms(flow.policy().policy);
  let againMs: number | null = null;
  for (const step of stepsNow(flag, terms, now).due) {
    const left = await takeStep(flow, flag, step, terms);
    if (left !== null) againMs = Math.min(againMs ?? left, left);
  }
  await comeAgain(flow, id, againMs === null ? null : now + againMs);
}

type Reading = Parameters<Parameters<Deciding['store']['transact']>[0]>[0];

async function asRecorded(tx: Reading, id: string): Promise<Flag | null> {
  const row = await tx.flagged.lock(id);
  return row && flagAsRecorded(tx, row);
}

/** What is stored differs from the record: nothing is said of it, and it is looked at again later. */
function leaveAlone(flow: Deciding, id: string): Promise<void> {
  return flow.store.transact(async (tx) => {
    const row = await tx.flagged.lock(id);
    const nextAt = new Date(Date.parse(flow.clock.now()) + LEFT_ALONE_MS).toISOString();
    if (row && row.state !== 'cleared') await tx.flagged.save(row, { nextAt });
  });
}

/** Milliseconds since 1970; null where it was looked at, or something was done about it by now. */
function firstLookAt({ before, looks, raisedAt, state }: Flag): number | null {
  if (state === 'contained' || state === 'cleared') return null;
  if (before === null) return 0;
  const again = before.is === 'not seen yet' ? LOOK_AGAIN_MS[looks - 1] : undefined;
  return again === undefined ? null : instantOf(raisedAt) + again;
}

async function firstLook(flow: Deciding, { id }: Flag): Promise<void> {
  const flag = await flow.store.transact((tx) => asRecorded(tx, id));
  if (!flag) return;
  const { is, findings, unlooked } = await lookAt(flow, flag);
  await flow.store.transact(async (tx) => {
    const now = await asRecorded(tx, id);
    // Somebody else has looked, or something was done about it since.
    if (!now || now.looks !== flag.looks || firstLookAt(now) === null) return;
    const detail = { flag: id, when: 'before', is, findings, unlooked };
    await record(flow, tx, [{ type: 'flag.looked', incident: now.incident, mailbox: now.mailbox, detail }]);
  });
}

/** What was called contained, by what was seen of it meanwhile; and by another look, once there is something to be seen. */
async function lookWhetherContained(flow: Deciding, flag: Flag): Promise<void> {
  await flow.store.transact(async (tx) => {
    const now = await asRecorded(tx, flag.id);
    if (now) await noteContained(flow, tx, now);
  });
  const at = lookWhetherContainedAt(flag);
  if (at === null || at > Date.parse(flow.clock.now())) return;
  const { is, findings, unlooked } = await lookAt(flow, flag);
  await flow.store.transact(async (tx) => {
    const now = await asRecorded(tx, flag.id);
    // Somebody else has looked, or it is not called so any more.
    if (now?.contained?.at !== flag.contained?.at || now?.contained?.looks !== flag.contained?.looks || !now) return;
    const detail = { flag: now.id, when: 'again', is, findings, unlooked };
    await record(flow, tx, [{ type: 'flag.looked', incident: now.incident, mailbox: now.mailbox, detail }]);
    const looked = await asRecorded(tx, now.id);
    if (looked) await noteContained(flow, tx, looked);
  });
}

/** How soon to come again, milliseconds; null once it is over. */
async function takeStep(flow: Deciding, flag: Flag, step: FlagStep, terms: FlagTerms): Promise<number | null> {
  const people = await peopleFor(flow, flag, step, terms);
  if (people === null) return ASK_AGAIN_MS;
  const others = [...people].filter((person) => person !== flag.person && person !== flag.mailbox).slice(0, MOST_TOLD);
  const left = await tellStep(flow, flag, step, others);
  if (left.againMs !== null) return left.againMs;
  await flow.store.transact(async (tx) => {
    const now = await asRecorded(tx, flag.id);
    if (!now || now.dueAt !== flag.dueAt || now.steps.includes(step.name)) return;
    const detail = { flag: flag.id, step: step.name, dueAt: flag.dueAt, told: left.told, of: others.length };
    await record(flow, tx, [{ type: 'flag.reminded', incident: flag.incident, mailbox: flag.mailbox, detail }]);
    // It may be overdue by now.
    await flagChanged(flow, tx, flag.incident);
  });
  return null;
}

/** Null where that cannot be asked now. */
async function peopleFor(
  flow: Deciding,
  { owner }: Flag,
  { role, kind }: FlagStep,
  { review }: FlagTerms,
): Promise<ReadonlySet<string> | null> {
  // Whoever owns it may be who puts it off.
  if (role === null && owner && kind !== 'held') return new Set([owner.person]);
  const all = new Set<string>();
  for (const one of role === null ? review : [role]) {
    const holders = await holdersOf(flow, one, flow.policy().policy);
    if (holders === null) return null;
    for (const person of holders) all.add(person);
  }
  return all;
}

/** `sooner`: milliseconds since 1970; null where nothing has to be tried again. */
async function comeAgain(flow: Deciding, id: string, sooner: number | null): Promise<void> {
  await flow.store.transact(async (tx) => {
    const row = await tx.flagged.lock(id);
    const flag = row && (await flagAsRecorded(tx, row));
    if (!row || !flag || flag.state === 'cleared') return;
    const now = Date.parse(flow.clock.now());
    const { due, next } = stepsNow(flag, flagTerms(flow.policy().policy), now);
    const times = [
      sooner,
      next,
      firstLookAt(flag),
      lookWhetherContainedAt(flag),
      due.length > 0 ? now + ASK_AGAIN_MS : null,
    ];
    const first = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    const nextAt = Number.isFinite(first) ? new Date(Math.max(first, now)).toISOString() : null;
    await tx.flagged.save(row, { nextAt });
    if (nextAt !== null) await tx.jobs.send({ queue: 'flag', flag: id }, Date.parse(nextAt) - now);
  });
}
