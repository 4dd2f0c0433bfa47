import { addressKey } from '../core/address.ts';
import { advance, type Incident, type IncidentState } from '../core/incident.ts';
import { isNews, type Looked, leavesTrouble, lookedDetail, troubleWaitMs } from '../core/looked.ts';
import { type Copy, isDelivered, type Target } from '../core/plan.ts';
import type { NewWorkItem } from '../ports/runs.ts';
import type { Job, Tx } from '../ports/store.ts';
import { factsOf } from './facts.ts';
import type { Flow } from './flow.ts';
import { type Growth, growthOf, isStillNew, openChild, unlisted } from './grow.ts';
import { type Lists, listsAround } from './lists.ts';
import { askSoon, nextNth } from './look-times.ts';
import { announce, record } from './record.ts';
import { setsOf } from './sets.ts';
import { removedCopies } from './start.ts';
import { findingsOf, lookNote, type Survey, survey, tellFinders } from './survey.ts';
import { isTampered } from './trust.ts';
import { NOT_WAITING } from './wait.ts';

/**
 * Tracking shows a mail minutes after it was delivered, and a mailbox may not answer just then: the mail is looked for again
 * after its plan was made. New copies are asked for in a list of their own; what is decided or being decided stays as it is.
 */

type Look = Extract<Job, { readonly queue: 'look' }>;

/** Where more copies would be asked for. What people called harmless, let lapse or only rehearsed is left at that. */
const GOES_ON: ReadonlySet<IncidentState> = new Set(['open', 'running', 'flagged', 'contained', 'purged', 'restored']);

export async function lookAgain(flow: Flow, look: Look): Promise<void> {
  const subject = await flow.store.transact((tx) => subjectOf(flow, tx, look.incident));
  if (!subject) return;
  const { incident, lists } = subject;
  const removed = await whereabouts(flow, subject.removed);
  const current = flow.policy();
  const sets = await setsOf(flow, current.policy);
  const trouble = [...lists.own.failed, ...lists.own.unresolved];
  const seen = await survey(flow, incident, {
    except: lists.all.flatMap(({ asked }) => asked),
    also: [...trouble, ...removed.vanished.map(({ address }) => address)],
    patience: 'long',
  });
  const findings = findingsOf(flow, seen, incident, sets);
  const fresh = unlisted(lists, findings.copies);
  // Taken out of Recoverable Items under another id: that is no copy that came later.
  const moved = fresh.filter((copy) => isRecovered(copy, removed.vanished, lists));
  const copies = fresh.filter((copy) => !moved.includes(copy));
  const growth = await growthOf(flow, incident, lists, { survey: seen, findings, sets, current }, copies);
  const back = [...removed.back, ...moved];
  tellFinders(flow, seen.finders, isDelivered(lists.own) || copies.length > 0);
  await flow.store.transact((tx) => settle(flow, tx, { look, subject, seen, growth, back }));
}

interface Subject {
  readonly incident: Incident;
  readonly lists: Lists;
  /** What was taken out and not brought back by us. */
  readonly removed: readonly NewWorkItem[];
  readonly before: Pick<Looked, 'finder' | 'failed' | 'recovered'> | null;
}

async function subjectOf(flow: Flow, tx: Tx, id: string): Promise<Subject | null> {
  const facts = await factsOf(flow, tx, id);
  const { incident, plan, looked } = facts ?? {};
  if (!incident || !plan || !goesOn(incident)) return null;
  const lists = await listsAround(tx, incident, incident.planDigest ?? '');
  if (lists?.own.mode !== 'live') return null;
  const [finder] = plan.finders;
  const planned = finder ? { finder, failed: plan.failed.length, recovered: 0 } : null;
  const before = looked && looked.at >= plan.resolvedAt ? looked : planned;
  const removed: NewWorkItem[] = [];
  for (const one of [id, ...lists.children]) removed.push(...(await removedCopies(tx, one)));
  return { incident, lists, removed, before };
}

/** What grew out of another incident is looked after with that one. */
function goesOn({ state, parent, breach, planDigest }: Incident): boolean {
  return GOES_ON.has(state) && parent === null && breach === null && planDigest !== null;
}

interface Whereabouts {
  /** In a folder again that people see. */
  readonly back: readonly NewWorkItem[];
  /** Not there any more under the id that it had. */
  readonly vanished: readonly NewWorkItem[];
}

const READ_AT_ONCE = 200;

/** Where what we removed is now: read by its id, without searching anybody's mailbox. */
async function whereabouts(flow: Flow, removed: readonly NewWorkItem[]): Promise<Whereabouts> {
  const back: NewWorkItem[] = [];
  const vanished: NewWorkItem[] = [];
  for (let start = 0; start < removed.length; start += READ_AT_ONCE) {
    const part = removed.slice(start, start + READ_AT_ONCE);
    const readings = await flow.mail.read(part);
    for (const [index, item] of part.entries()) {
      const reading = readings[index];
      if (reading?.status === 'absent') vanished.push(item);
      if (reading?.status === 'ok' && !reading.state.inRecoverableItems) back.push(item);
    }
  }
  return { back, vanished };
}

const isAt = (a: Target, b: Target) => a.mailbox === b.mailbox && a.message === b.message;

function isRecovered(copy: Copy, vanished: readonly NewWorkItem[], { all }: Lists): boolean {
  return vanished.some(
    (item) =>
      item.mailbox === copy.mailbox &&
      all.some(({ copies }) => copies.some((known) => isAt(known, item) && known.receivedAt === copy.receivedAt)),
  );
}

interface Seen {
  readonly look: Look;
  readonly subject: Subject;
  readonly seen: Survey;
  readonly growth: Growth | null;
  readonly back: readonly { readonly address: string }[];
}

async function settle(flow: Flow, tx: Tx, { look, subject, seen, growth, back }: Seen): Promise<void> {
  const { lists, before } = subject;
  const incident = await tx.incidents.lock(look.incident);
  // A new list was made meanwhile, or the case was closed: that has looks of its own, or none.
  if (!incident || !goesOn(incident) || incident.planDigest !== lists.digest) return;
  if (await isTampered(flow, tx, incident)) return;
  const opens = growth && (await isStillNew(tx, incident, lists, growth)) ? growth : null;
  const looked = lookedOf(flow, look, seen, opens, back);
  await record(flow, tx, [
    ...seen.lookups.map((lookup) => lookNote(incident.id, lookup)),
    {
      type: 'scope.looked',
      incident: incident.id,
      planDigest: lists.digest,
      requestId: seen.huntRequest,
      detail: { because: look.because, nth: look.nth, looked: seen.lookups.length, ...lookedDetail(looked) },
    },
  ]);
  if (opens) await ask(flow, tx, incident, lists, opens);
  else if (!before || isNews(looked, before)) await announce(flow, tx, incident.id);
  if (looked.again) await askSoon(tx, incident.id, nextNth(look), seen.huntWaitMs);
}

function lookedOf(
  flow: Flow,
  look: Look,
  { finders, lookups }: Survey,
  growth: Growth | null,
  back: Seen['back'],
): Looked {
  const failed = lookups.filter(({ result }) => result === 'failed').map(({ address }) => address);
  const [finder] = finders;
  if (!finder) throw new Error('no finder was asked');
  const count = new Set(failed.map(addressKey)).size;
  return {
    at: flow.clock.now(),
    finder,
    again: leavesTrouble({ finder, failed: count }) && troubleWaitMs(nextNth(look), null) !== null,
    grown: growth?.plan.copies.length ?? 0,
    failed: count,
    failedFirst: failed[0] ?? null,
    recovered: back.length,
    recoveredFirst: back[0]?.address ?? null,
  };
}

/** A list without copies that nobody has said anything about is made anew; beside any other there is one more. */
async function ask(flow: Flow, tx: Tx, incident: Incident, lists: Lists, growth: Growth): Promise<void> {
  const isEmpty = lists.own.copies.length === 0 && lists.children.length === 0;
  const state = advance(incident.state, 'reopened');
  const isSilent = (await tx.decisions.list(incident.id)).every(({ planDigest }) => planDigest !== lists.digest);
  if (incident.state !== 'open' || !isEmpty || !isSilent || !state) {
    // Who had the mail brought back does not want it taken out again unasked.
    const contains = incident.state !== 'restored';
    return openChild(flow, tx, incident, lists, growth, { run: null, contains });
  }
  await record(flow, tx, [
    {
      type: 'incident.reopened',
      incident: incident.id,
      planDigest: incident.planDigest,
      detail: { seats: 'nobody: the list held no copies', approvedBy: '' },
    },
  ]);
  await announce(flow, tx, incident.id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
}
