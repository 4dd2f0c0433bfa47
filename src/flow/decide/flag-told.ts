import { type Flag, isOwnMailbox } from '../../core/flag/flag.ts';
import type { FlagStep } from '../../core/flag/steps.ts';
import { FLAG_TITLE, flagStepLines } from '../../core/tell/flag-words.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Held } from '../../ports/held.ts';
import type { SentWords } from '../../ports/private-words.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { flagAsRecorded } from '../record/flag.ts';
import { record } from '../record/record.ts';
import { type OwnChat, ownChatOf } from '../tell/one-person.ts';

/**
 * People are written to alone about a flag that waits: written down before it is said, and what came of it afterwards. Nobody is
 * told one step twice: what may have arrived is not said again. Flags of one incident that are due together are told together: one
 * approved flag may be about hundreds of mailboxes.
 */

/** After the first try: then whoever could not be told is left. */
const MOST_TRIES = 5;
const AGAIN_MS = 60_000;
/** Longer than one message may take: somebody else may be at it at this moment. */
const UNDER_WAY_MS = 180_000;
const LOST = 'whoever was about to say it died: it may have arrived, and is not said again';

export interface StepTold {
  readonly told: number;
  /** How soon to come again, milliseconds; null once nobody is left to be tried. */
  readonly againMs: number | null;
}

export async function tellStep(
  flow: Deciding,
  flag: Flag,
  step: FlagStep,
  people: readonly string[],
): Promise<StepTold> {
  let told = 0;
  const waits: number[] = [];
  for (const person of people) {
    const came = await tellOne(flow, flag, step, person);
    if (came === 'told') told += 1;
    else if (came !== 'over') waits.push(came.againMs);
  }
  return { told, againMs: waits.length > 0 ? Math.max(...waits) : null };
}

const LATER = { againMs: AGAIN_MS } as const;

/** 'over': they were not told, and nobody tries it again. */
async function tellOne(
  flow: Deciding,
  flag: Flag,
  step: FlagStep,
  person: string,
): Promise<'told' | 'over' | { readonly againMs: number }> {
  const before = await flow.store.transact(async (tx) => {
    await hold(tx, flag);
    return triesOf(flow, tx, flag, step, person);
  });
  if (before.is === 'busy') return LATER;
  if (before.is !== 'to be told') return before.is;
  const chat = await ownChatOf(flow, { entraId: person, address: null }, flow.flagging?.chats ?? []);
  if (chat === 'unclear') return LATER;
  // Whoever has that mailbox in their hands is not told that it is looked after.
  if (!chat || isOwnMailbox(flag, chat)) return 'over';
  if (!(await flow.store.transact((tx) => intended(flow, tx, flag, step, chat)))) return LATER;
  const more = await flow.store.transact((tx) => othersLike(tx, flag));
  const sent = await chat.chat.send(chat.account, flagStepLines(flag, step, more), FLAG_TITLE);
  const againMs = sent.is === 'not sent' && before.tries + 1 < MOST_TRIES ? sent.againMs : null;
  await flow.store.transact((tx) => heard(flow, tx, { flag, step, chat, sent, waits: againMs !== null }));
  if (againMs !== null) return { againMs: Math.max(againMs, AGAIN_MS) };
  return sent.is === 'sent' ? 'told' : 'over';
}

/** Whoever tells of another one of its incident holds the same one first: what was said to whom is read and written in turn. */
async function hold(tx: Tx, { id, incident }: Flag): Promise<Held<FlagRow> | null> {
  const [first] = incident === null ? [] : await tx.flagged.ofIncident(incident);
  if (first) await tx.flagged.lock(first.id);
  return tx.flagged.lock(id);
}

type Tried = { readonly is: 'told' | 'over' | 'busy' | 'to be told'; readonly tries: number };

/** What was said to one person of this step so far; what nobody will tell any more is written down as not known. */
async function triesOf(
  flow: Deciding,
  tx: Tx,
  { id, incident, mailbox, dueAt }: Flag,
  { name }: FlagStep,
  person: string,
): Promise<Tried> {
  const types = ['flag.called', 'flag.told'] as const;
  const found = await tx.ledger.find({ incident, types, ...(incident === null ? { detail: ['flag', id] } : {}) });
  const own = found
    .flatMap(({ entry }) => entry ?? [])
    .filter(({ detail }) => detail.step === name && detail.dueAt === dueAt && detail.person === person);
  const tries = own.filter(({ type }) => type === 'flag.called').length;
  const last = own.at(-1);
  if (!last) return { is: 'to be told', tries };
  if (last.type === 'flag.told') {
    if (last.outcome === 'waits') return { is: 'to be told', tries };
    return { is: last.outcome === 'told' ? 'told' : 'over', tries };
  }
  if (Date.parse(flow.clock.now()) - Date.parse(last.at) < UNDER_WAY_MS) return { is: 'busy', tries };
  const detail = { flag: last.detail.flag, step: name, dueAt, person, note: LOST };
  const about = { incident, mailbox, platform: last.platform, outcome: 'not known' } as const;
  await record(flow, tx, [{ type: 'flag.told', ...about, detail }]);
  return { is: 'over', tries };
}

/** How many more of its incident wait just like this one, as they are stored: it is only said. */
async function othersLike(tx: Tx, { id, incident, dueAt, owner }: Flag): Promise<number> {
  if (incident === null) return 0;
  const rows = await tx.flagged.ofIncident(incident);
  const isLike = (row: FlagRow) =>
    row.id !== id && row.state !== 'cleared' && row.dueAt === dueAt && row.owner === (owner?.person ?? null);
  return rows.filter(isLike).length;
}

/** False where it was done, cleared or changed since it was looked at, or somebody else is at it. */
async function intended(
  flow: Deciding,
  tx: Tx,
  flag: Flag,
  step: FlagStep,
  { person, chat }: OwnChat,
): Promise<boolean> {
  const row = await hold(tx, flag);
  const now = row && (await flagAsRecorded(tx, row));
  if (now?.version !== flag.version || now.steps.includes(step.name)) return false;
  if ((await triesOf(flow, tx, flag, step, person)).is !== 'to be told') return false;
  const detail = { flag: flag.id, step: step.name, dueAt: flag.dueAt, person };
  const about = { incident: flag.incident, mailbox: flag.mailbox, platform: chat.platform };
  await record(flow, tx, [{ type: 'flag.called', ...about, detail }]);
  return true;
}

interface Heard {
  readonly flag: Flag;
  readonly step: FlagStep;
  readonly chat: OwnChat;
  readonly sent: SentWords;
  readonly waits: boolean;
}

async function heard(flow: Deciding, tx: Tx, { flag, step, chat, sent, waits }: Heard): Promise<void> {
  await hold(tx, flag);
  const note = sent.is === 'sent' ? '' : sent.why.slice(0, 300);
  const detail = { flag: flag.id, step: step.name, dueAt: flag.dueAt, person: chat.person, note };
  const outcome = sent.is === 'sent' ? 'told' : sent.is === 'not known' ? 'not known' : waits ? 'waits' : 'not told';
  const about = { incident: flag.incident, mailbox: flag.mailbox, platform: chat.chat.platform, outcome };
  await record(flow, tx, [{ type: 'flag.told', ...about, detail }]);
}
