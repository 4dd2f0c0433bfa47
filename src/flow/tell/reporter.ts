import type { Asker } from '../../core/find/alert.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { END_ENTRIES, type Ended, endIn } from '../../core/record/ends.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { reporterLines } from '../../core/tell/reporter-words.ts';
import type { Job } from '../../ports/jobs.ts';
import type { SentWords } from '../../ports/private-words.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { entriesOf } from '../record/entries.ts';
import { record } from '../record/record.ts';
import { isHeardAsRecorded, isTampered } from '../record/trust.ts';
import { type OwnChat, ownChatOf } from './one-person.ts';

/**
 * Whoever reported a mail is told in a chat how it ended, as the record has it, where it is known which account is theirs. What
 * is about to be said is written down before, and what came of it afterwards. Nobody is told one end twice: what may have
 * arrived is not said again, because no chat lets us look into what we have said to one person.
 */

type Errand = Extract<Job, { readonly queue: 'reporter' }>;
type Telling = Omit<Flow, 'effects' | 'excerpts' | 'evidence' | 'reader' | 'finders'>;

/** After the first try: then whoever could not be told is left. */
const AGAIN_AFTER_MS: readonly number[] = [60_000, 300_000, 1_800_000, 7_200_000, 28_800_000];
/** Longer than one message may take: somebody else may be at it at this moment. */
const UNDER_WAY_MS = 180_000;
/** So many in one turn; the others a little later, so that nothing waits behind them. */
const AT_ONCE = 25;
const NEXT_TURN_MS = 5_000;

interface Case {
  readonly incident: Incident;
  readonly ended: Ended;
  readonly reporters: readonly Asker[];
}

type Wish = OwnChat;

export async function tellReporters(flow: Telling, errand: Errand): Promise<void> {
  const about = await flow.store.transact((tx) => caseOf(flow, tx, errand.incident));
  if (!about) return;
  const wishes: Wish[] = [];
  let isUnclear = false;
  for (const reporter of about.reporters) {
    const wish = await ownChatOf(flow, reporter, flow.toReporters?.chats ?? []);
    if (wish === 'unclear') isUnclear = true;
    else if (wish && !wishes.some(({ person }) => person === wish.person)) wishes.push(wish);
  }
  const left = await tellSome(flow, about, wishes);
  const again = AGAIN_AFTER_MS[errand.nth];
  const waitMs = isUnclear || left.again ? Math.max(again ?? 0, left.againMs) : null;
  if (left.more) return flow.store.transact((tx) => tx.jobs.send(errand, NEXT_TURN_MS));
  if (waitMs === null || again === undefined) return;
  await flow.store.transact((tx) => tx.jobs.send({ ...errand, nth: errand.nth + 1 }, waitMs));
}

interface Left {
  /** Some have to be tried again, at the earliest after this. */
  readonly again: boolean;
  readonly againMs: number;
  /** There are more of them than one turn takes. */
  readonly more: boolean;
}

async function tellSome(flow: Telling, about: Case, wishes: readonly Wish[]): Promise<Left> {
  let [told, again, againMs] = [0, false, 0];
  for (const wish of wishes) {
    if (told >= AT_ONCE) return { again, againMs, more: true };
    const lines = await flow.store.transact((tx) => intended(flow, tx, about, wish));
    if (lines === 'busy') again = true;
    if (lines === 'busy' || lines === null) continue;
    told += 1;
    const sent = await wish.chat.send(wish.account, lines);
    await flow.store.transact((tx) => heard(flow, tx, about, wish, sent));
    if (sent.is !== 'not sent' || sent.againMs === null) continue;
    again = true;
    againMs = Math.max(againMs, sent.againMs);
  }
  return { again, againMs, more: false };
}

/** Null where there is no end, nobody to tell, or what is stored is not what was heard. */
async function caseOf(flow: Telling, tx: Tx, id: string): Promise<Case | null> {
  const { toReporters } = flow;
  const incident = await tx.incidents.lock(id);
  if (!toReporters || !incident || (await isTampered(flow, tx, incident))) return null;
  const found = await tx.ledger.find({ incident: id, types: ['alert.received', 'alert.repeated'] });
  if (!found.some(({ entry }) => entry && toReporters.of.has(entry.detail.source))) return null;
  if (incident.askers.length === 0 || !(await isHeardAsRecorded(flow, tx, incident))) return null;
  const entries = await entriesOf(tx, { incident: id, types: END_ENTRIES });
  const ended = entries.breach === null ? endIn(entries.value) : null;
  return (
    ended && { incident, ended, reporters: incident.askers.filter((one) => !isSame(one, incident.alert.requester)) }
  );
}

/** Who asked for the search that the incident was made of sees how it goes on. */
function isSame(one: Asker, other: Asker | null): boolean {
  if (!other) return false;
  if (one.entraId !== null && other.entraId !== null) return one.entraId === other.entraId;
  return one.address !== null && one.address.toLowerCase() === other.address?.toLowerCase();
}

/** What is to be said now, written down before it is said; null for nothing. 'busy': somebody else is at it. */
async function intended(
  flow: Telling,
  tx: Tx,
  { incident: { id, alert }, ended }: Case,
  { person, chat }: Wish,
): Promise<readonly string[] | 'busy' | null> {
  const incident = await tx.incidents.lock(id);
  const entries = await entriesOf(tx, { incident: id, types: END_ENTRIES });
  // Taken up again, or marked, since it was looked at.
  if (incident?.breach !== null || entries.breach !== null || endIn(entries.value)?.seq !== ended.seq) return null;
  const last = (await triesOf(tx, id, person, ended)).at(-1);
  const about = { person, end: ended.is, ended: ended.seq };
  if (last?.type === 'reporter.told' && last.outcome !== 'waits') return null;
  if (last?.type === 'reporter.intended') {
    if (Date.parse(flow.clock.now()) - Date.parse(last.at) < UNDER_WAY_MS) return 'busy';
    await note(flow, tx, { id, ended, platform: chat.platform }, 'not known', { ...about, note: LOST });
    return null;
  }
  const lines = reporterLines(ended, alert.message.subject);
  const detail = { ...about, words: lines.join(' ') };
  const heading = { incident: id, planDigest: ended.planDigest, platform: chat.platform };
  await record(flow, tx, [{ type: 'reporter.intended', ...heading, detail }]);
  return lines;
}

const LOST = 'whoever was about to say it died: it may have arrived, and is not said again';

type Try = Recorded<'reporter.intended' | 'reporter.told'>;

async function triesOf(tx: Tx, incident: string, person: string, { seq }: Ended): Promise<readonly Try[]> {
  const found = await tx.ledger.find({ incident, types: ['reporter.intended', 'reporter.told'] });
  return found
    .flatMap(({ entry }) => entry ?? [])
    .filter(({ detail }) => detail.person === person && detail.ended === seq);
}

async function heard(flow: Telling, tx: Tx, about: Case, { person, chat }: Wish, sent: SentWords): Promise<void> {
  const { incident, ended } = about;
  if (!(await tx.incidents.lock(incident.id))) return;
  const detail = { person, end: ended.is, ended: ended.seq, note: sent.is === 'sent' ? '' : sent.why.slice(0, 300) };
  await note(flow, tx, { id: incident.id, ended, platform: chat.platform }, outcomeOf(sent), detail);
}

function outcomeOf(sent: SentWords): string {
  if (sent.is === 'sent') return 'told';
  if (sent.is === 'not known') return 'not known';
  return sent.againMs === null ? 'nothing' : 'waits';
}

async function note(
  flow: Telling,
  tx: Tx,
  { id, ended, platform }: { readonly id: string; readonly ended: Ended; readonly platform: string },
  outcome: string,
  detail: Recorded<'reporter.told'>['detail'],
): Promise<void> {
  await record(flow, tx, [
    { type: 'reporter.told', incident: id, planDigest: ended.planDigest, platform, outcome, detail },
  ]);
}
