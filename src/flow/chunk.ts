import type { Term } from '../core/lease.ts';
import { type CopyTask, giveUp, judge, judgeAbsent, reviewMarks } from '../core/procedure.ts';
import type { Effect, Reading } from '../ports/mail.ts';
import type { Run, WorkItem } from '../ports/runs.ts';
import { LEFT_ALONE } from './cancel.ts';
import { copyNote } from './copy-note.ts';
import type { Flow } from './flow.ts';
import { brakeNow } from './held.ts';
import type { Known } from './known.ts';
import { recognise } from './recognise.ts';
import { record } from './record.ts';
import { settle } from './settle.ts';
import { type Acting, targetKey, type Verdict } from './verdict.ts';

/** After this many claims an item ends with what was last seen: one that kills its worker must not come back for ever. */
const MAX_ATTEMPTS = 8;
/** How often the effect itself is tried before we believe that it does not hold. */
const MAX_EFFECTS = 3;
const SHORT_REST_MS = 1_500;

/**
 * One claimed chunk, in the order that makes a crash harmless: read; write the intent down; act; read again; write
 * the outcome down. Every network call lies between two transactions, and no write leaves after `term`.
 */
export async function carryOut(
  flow: Flow,
  run: Run,
  known: Known,
  items: readonly WorkItem[],
  term: Term,
): Promise<void> {
  const first = (await look(flow, run, known, items, 'before')).map((verdict) =>
    verdict.is === 'acting' && run.mode === 'dry-run' ? rehearsed(verdict) : verdict,
  );
  const { acting, left } = await intend(
    flow,
    run,
    first.filter((verdict) => verdict.is === 'acting'),
  );
  const effects = new Map((await act(flow, run, acting, term)).map((effect) => [targetKey(effect.target), effect]));

  const settled: Verdict[] = [];
  const toConfirm: WorkItem[] = [];
  for (const { item } of acting) {
    const refused = refusedEffect(item, effects.get(targetKey(item)));
    if (refused) settled.push(refused);
    else toConfirm.push(item);
  }
  const beforeOf = new Map(acting.map((verdict) => [verdict.item.seq, verdict.item.before ?? verdict.seen]));
  const held = toConfirm.map((item) => ({ ...item, before: beforeOf.get(item.seq) ?? null }));
  const second = await look(flow, run, known, held, 'after', effects);
  const last = second.map((verdict) => (verdict.is === 'acting' ? notHolding(run, verdict, effects) : verdict));
  const ends = [...first.filter((verdict) => verdict.is !== 'acting'), ...left, ...settled, ...last];
  await settle(flow, run, ends, effects);
}

/** As far as a dry run goes: what would be done now is not done. */
function rehearsed({ item }: Acting): Verdict {
  return { is: 'ended', item, outcome: 'rehearsed', detail: 'dry run: seen in its place, not touched', requestId: '' };
}

async function look(
  flow: Flow,
  run: Run,
  known: Known,
  items: readonly WorkItem[],
  when: 'before' | 'after',
  effects: ReadonlyMap<string, Effect> = new Map(),
): Promise<Verdict[]> {
  if (items.length === 0) return [];
  const readings = await flow.mail.read(items, { deletedFolders: run.action === 'restore' });
  const verdicts: Verdict[] = [];
  for (const [index, item] of items.entries()) {
    const reading = readings[index];
    if (!reading) throw new Error('the mail adapter answered fewer readings than it was asked for');
    const earlier = item.intentAt !== null && when === 'before';
    const effect = effects.get(targetKey(item));
    const undone = effect !== undefined && effect.status !== 'ok' && effect.status !== 'lost';
    const task = {
      action: run.action,
      intended: earlier || when === 'after',
      late: earlier,
      undone,
      before: item.before,
    };
    verdicts.push(
      reading.status === 'absent'
        ? await lookForAnotherId(flow, task, item, known, reading)
        : verdictOn(task, item, reading, known),
    );
  }
  return verdicts;
}

function verdictOn(task: CopyTask, item: WorkItem, reading: Reading, known: Known): Verdict {
  const { requestId } = reading;
  switch (reading.status) {
    case 'ok': {
      const judged = judge(task, reading.state, known.forms);
      return judged === 'act'
        ? { is: 'acting', item, seen: reading.state }
        : { is: 'ended', item, requestId, ...judged };
    }
    case 'absent':
      return { is: 'ended', item, requestId, ...judgeAbsent(task, reading.beyond) };
    case 'denied':
      return { is: 'ended', item, requestId, outcome: 'notAllowed', detail: reading.detail };
    case 'missing':
      return { is: 'ended', item, requestId, outcome: 'noMailbox', detail: reading.detail };
    case 'unreachable':
      return { is: 'ended', item, requestId, outcome: 'unreachable', detail: reading.detail };
    case 'throttled':
      return reading.stuck && item.attempts >= MAX_ATTEMPTS
        ? { is: 'ended', item, requestId, outcome: 'unreachable', detail: 'the mailbox only ever asked to wait' }
        : { is: 'resting', item, waitMs: reading.waitMs, throttled: true, stuck: reading.stuck ?? false };
    case 'failed':
    case 'lost':
    case 'unsent':
      return restOrFail(item, reading.detail, requestId);
  }
}

function restOrFail(item: WorkItem, detail: string, requestId: string): Verdict {
  if (item.attempts >= MAX_ATTEMPTS) return { is: 'ended', item, outcome: 'failed', detail, requestId };
  return { is: 'resting', item, waitMs: SHORT_REST_MS * item.attempts, throttled: false };
}

/** A copy that its owner moved to the archive mailbox gets a new id: it is not in the approved list, so it stays. */
async function lookForAnotherId(
  flow: Flow,
  task: CopyTask,
  item: WorkItem,
  known: Known,
  reading: Reading,
): Promise<Verdict> {
  const gone = verdictOn(task, item, reading, known);
  if (task.action === 'restore') return gone;
  const [lookup] = await flow.mail.locate([item.address], { internetMessageIds: known.forms.internetMessageIds });
  const here = { id: item.mailbox, address: item.address };
  const found = lookup?.messages.map((message) => ({ mailbox: here, message })) ?? [];
  const { copies } = recognise(flow.hash, known.key, found, known.takenIn);
  const elsewhere = copies.some(({ message }) => message.message !== item.message);
  if (!lookup || !elsewhere) return gone;
  return {
    is: 'ended',
    item,
    outcome: 'movedByUser',
    detail: 'a copy with another id is in this mailbox; it was not in the approved list',
    requestId: lookup.requestId,
  };
}

interface Intended {
  readonly acting: readonly Acting[];
  /** What is not begun any more, because the run was cancelled meanwhile. */
  readonly left: readonly Verdict[];
}

/** Durable before any write leaves; items whose lease was lost meanwhile belong to somebody else. */
async function intend(flow: Flow, run: Run, seen: readonly Acting[]): Promise<Intended> {
  if (seen.length === 0) return { acting: [], left: [] };
  return flow.store.transact(async (tx) => {
    const untouched = seen.filter(({ item }) => item.intentAt === null);
    if ((await brakeNow(tx)).stopped) {
      await tx.work.release(
        run.id,
        untouched.map(({ item }) => item),
      );
      return { acting: [], left: [] };
    }
    const isCancelled = (await tx.runs.get(run.id))?.cancelledAt != null;
    const acting = isCancelled ? seen.filter(({ item }) => item.intentAt !== null) : seen;
    const left = isCancelled ? untouched.map(cancelled) : [];
    if (acting.length === 0) return { acting, left };
    const now = flow.clock.now();
    const intents = acting.map(({ item, seen }) => ({ seq: item.seq, fence: item.fence, before: item.before ?? seen }));
    const held = new Set(await tx.work.intend(run.id, intents, now));
    const ours = acting.filter(({ item }) => held.has(item.seq));
    await record(
      flow,
      tx,
      ours.map(({ item }) =>
        copyNote(run, item, { type: 'copy.intent', detail: { action: run.action, attempt: item.attempts } }),
      ),
    );
    return { acting: ours, left };
  });
}

function cancelled({ item }: Acting): Verdict {
  return { is: 'ended', item, outcome: 'cancelled', detail: LEFT_ALONE, requestId: '' };
}

function act(flow: Flow, run: Run, acting: readonly Acting[], term: Term): Promise<readonly Effect[]> {
  const items = acting.map(({ item }) => item);
  if (items.length === 0) return Promise.resolve([]);
  switch (run.action) {
    case 'purge':
    case 'contain':
      return flow.mail.softDelete(items, term);
    case 'hard-purge':
      return flow.mail.hardDelete(items, term);
    case 'flag':
      return flow.mail.mark(
        acting.map(({ item, seen }) => ({ mailbox: item.mailbox, message: item.message, ...reviewMarks(seen) })),
        term,
      );
    case 'restore':
      return flow.mail.putBack(
        acting.map(({ item, seen }) => {
          const before = item.before ?? seen;
          return { ...before, mailbox: item.mailbox, message: item.message, moved: !seen.inRecoverableItems };
        }),
        term,
      );
  }
}

/** Nothing was done, says the service; the next claim looks first. Everything else is decided by looking again now. */
function refusedEffect(item: WorkItem, effect: Effect | undefined): Verdict | null {
  if (effect?.status === 'unsent') return { is: 'resting', item, waitMs: 0, throttled: false, untried: true };
  if (effect?.status !== 'throttled' || (effect.stuck && item.attempts >= MAX_ATTEMPTS)) return null;
  return { is: 'resting', item, waitMs: effect.waitMs, throttled: true, stuck: effect.stuck ?? false };
}

/** Seen after the act, and still not as it should be. */
function notHolding(run: Run, { item, seen }: Acting, effects: ReadonlyMap<string, Effect>): Verdict {
  const effect = effects.get(targetKey(item));
  // Some mailboxes refuse to delete for good what lies in Recoverable Items: that says nothing of the mailbox.
  const isLocked = run.action === 'hard-purge' && seen.inRecoverableItems;
  if (effect?.status === 'denied' && !isLocked)
    return { is: 'ended', item, outcome: 'notAllowed', detail: effect.detail, requestId: effect.requestId };
  if (item.attempts < MAX_EFFECTS && effect?.status !== 'denied')
    return { is: 'resting', item, waitMs: SHORT_REST_MS, throttled: false };
  const ending = giveUp({ action: run.action, intended: true, before: item.before }, seen);
  const said = effect && 'detail' in effect ? `; the service said: ${effect.detail}` : '';
  return {
    is: 'ended',
    item,
    ...ending,
    detail: `${ending.detail}${said}`,
    requestId: effect?.requestId ?? '',
  };
}
