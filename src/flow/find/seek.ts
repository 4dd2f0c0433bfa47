import type { Criteria } from '../../core/find/criteria.ts';
import { type Coverage, type Found, listOf, mailsIn } from '../../core/find/found.ts';
import { soundHit } from '../../core/find/sound-hit.ts';
import { wellFormed } from '../../core/text.ts';
import type { Question, Seeker, Sought } from '../../ports/seeker.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { type AskedFor, askedForBy, beginOf, keptAsHeard } from '../record/inquiry.ts';
import { type Note, record } from '../record/record.ts';
import { exposuresOf, NOT_ASKED } from './exposure.ts';

/**
 * Mail that a person looks for, as work like any other: in one process at a time, question by question, so that a crash costs
 * the one that was under way. What services say is put together and written down before anybody sees it.
 */

const LEASE_MS = 30_000;
const EXTEND_EVERY_MS = 8_000;
/** So long services that ask to wait are waited for, all in all. */
const PATIENCE_MS = 600_000;
const LEAST_REST_MS = 1_000;

export async function seek(flow: Finding, id: string): Promise<void> {
  const by = flow.clock.id();
  const begun = await flow.store.transact(async (tx) => {
    if (!(await tx.inquiries.claim(id, by, LEASE_MS))) return null;
    const inquiry = await tx.inquiries.get(id);
    const asked = inquiry && (await askedForBy(flow.hash, tx, inquiry));
    if (!asked) await giveUp(flow, tx, id, by);
    return asked;
  });
  if (!begun) return;
  const extend = () => flow.store.transact((tx) => tx.inquiries.extend(id, by, LEASE_MS));
  // A failed extension is no harm: only whoever holds it keeps an answer.
  const heartbeat = setInterval(() => void extend().catch(() => undefined), EXTEND_EVERY_MS);
  try {
    const told = await Promise.all(flow.seekers.map((seeker) => askThrough(flow, begun, by, seeker)));
    const restMs = restOf(told);
    if (told.some(({ stopped }) => stopped) || (restMs !== null && !isLate(flow, begun))) {
      await flow.store.transact(async (tx) => {
        await tx.inquiries.release(id, by);
        await tx.jobs.send({ queue: 'inquire', inquiry: id }, restMs ?? 0);
      });
      return;
    }
    await conclude(flow, begun, by, told);
  } catch (error) {
    // Whoever tries again need not wait until the claim is over. Where that fails too, it is over by itself.
    await flow.store.transact((tx) => tx.inquiries.release(id, by)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

const NO_CRITERIA: Criteria = {
  sender: null,
  messageId: null,
  subject: null,
  urlHost: null,
  attachment: null,
  days: 1,
};

/** Its row is not what the record says: nothing is asked, it ends with no answer, and who asked is told when they look. */
async function giveUp(flow: Finding, tx: Tx, id: string, by: string): Promise<void> {
  const left = { mails: [], mailsLeft: 0, copiesLeft: 0, unnamed: 0 };
  await tx.inquiries.answer(id, by, { criteria: NO_CRITERIA, asOf: flow.clock.now(), coverage: [], ...left });
  const detail = { inquiry: id, roles: [] };
  await record(flow, tx, [{ type: 'inquiry.refused', outcome: 'search-changed', detail }]);
}

const NOTHING = { hits: [], cutAt: null, requestId: '', waitMs: null, apart: [] } as const;

interface Asked {
  readonly name: string;
  /** Each span that was asked for, with what was said of it. */
  readonly said: readonly { readonly question: Question | null; readonly sought: Sought }[];
  /** Somebody else goes on: this process ends, or has lost the work. */
  readonly stopped: boolean;
}

/** One question after the other: they take turns at the same limit anyway. One that asked to wait ends the row. */
async function askThrough(flow: Finding, asked: AskedFor, by: string, seeker: Seeker): Promise<Asked> {
  const { name } = seeker;
  const { id, criteria } = asked;
  const questions = seeker.questions(criteria, Date.parse(beginOf(asked)));
  if ('not' in questions) {
    const sought = { status: questions.not, detail: questions.why, ...NOTHING };
    return { name, said: [{ question: null, sought }], stopped: false };
  }
  const kept = await flow.store.transact((tx) => keptAsHeard(flow.hash, tx, id));
  const said: Asked['said'][number][] = [];
  for (const question of questions) {
    if (!flow.mayBegin()) return { name, said, stopped: true };
    const key = `${name} ${question.from}`;
    const before = kept.get(key);
    const sought = soundly(before ?? (await answerOf(flow, asked, seeker, question)));
    said.push({ question, sought });
    if (sought.status === 'busy') break;
    const isKept = before !== undefined || (await flow.store.transact((tx) => keep(flow, tx, { id, by, key }, sought)));
    if (!isKept) return { name, said, stopped: true };
    flow.observe({ what: 'finder', finder: name, result: happened(sought) });
  }
  return { name, said, stopped: false };
}

interface Part {
  readonly id: string;
  readonly by: string;
  readonly key: string;
}

/** With a digest in the record: whoever goes on counts it only as it was said. */
async function keep(flow: Finding, tx: Tx, { id, by, key }: Part, sought: Sought): Promise<boolean> {
  if (!(await tx.inquiries.keep(id, by, key, sought))) return false;
  const detail = { inquiry: id, question: key, digest: flow.hash.digest(sought) };
  await record(flow, tx, [{ type: 'inquiry.heard', detail }]);
  return true;
}

/** What throws is tried again, for as long as a search has patience: then it is told, and what others said is not lost. */
async function answerOf(flow: Finding, asked: AskedFor, seeker: Seeker, question: Question): Promise<Sought> {
  try {
    return await seeker.ask(asked.criteria, question);
  } catch (error) {
    if (!isLate(flow, asked)) throw error;
    return { status: 'silent', detail: 'it could not be asked', ...NOTHING };
  }
}

const isLate = (flow: Finding, asked: AskedFor) =>
  Date.parse(flow.clock.now()) - Date.parse(beginOf(asked)) >= PATIENCE_MS;

/** Here what services say comes in. */
const soundly = (sought: Sought): Sought => wellFormed({ ...sought, hits: sought.hits.map(soundHit) });

function happened({ status }: Sought): 'answered' | 'refused' | 'silent' {
  if (status === 'answered') return 'answered';
  return status === 'silent' ? 'silent' : 'refused';
}

/** How long those who are busy want to be left alone; null where none is. */
function restOf(told: readonly Asked[]): number | null {
  const waits = told.flatMap(({ said }) =>
    said.flatMap(({ sought: { status, waitMs } }) => (status === 'busy' ? [waitMs ?? LEAST_REST_MS] : [])),
  );
  return waits.length === 0 ? null : Math.max(LEAST_REST_MS, ...waits);
}

async function conclude(flow: Finding, asked: AskedFor, by: string, told: readonly Asked[]): Promise<void> {
  const { mails, ...left } = mailsIn(
    told.map(({ name, said }) => ({ name, hits: said.flatMap(({ sought }) => sought.hits) })),
  );
  const { exposures, notes } = await exposuresOf(flow, mails);
  // A text of a service may hold half a character: that can be neither kept nor hashed.
  const found: Found = wellFormed({
    criteria: asked.criteria,
    asOf: flow.clock.now(),
    coverage: told.map(coverageOf),
    mails: mails.map((mail, n) => ({
      ...mail,
      key: String(n + 1),
      digest: flow.hash.digest(listOf(mail)),
      exposure: exposures[n] ?? NOT_ASKED,
    })),
    ...left,
  });
  await flow.store.transact(async (tx) => {
    if (!(await tx.inquiries.answer(asked.id, by, found))) return;
    await record(flow, tx, [...notes, answeredNote(asked.id, found, flow.hash.digest(found))]);
  });
}

function answeredNote(inquiry: string, { mails, coverage }: Found, answer: string): Note {
  return {
    type: 'inquiry.answered',
    detail: {
      inquiry,
      mails: mails.length,
      copies: mails.reduce((sum, { copies }) => sum + copies.length, 0),
      coverage: coverage.map(({ name, status, found, cutAt, detail }) => ({ name, status, found, cutAt, detail })),
      lists: mails.map(({ key, digest, copies }) => ({ mail: key, digest, copies: copies.length })),
      answer,
    },
  };
}

/** Of all spans together: what was not answered is told before what was. */
function coverageOf({ name, said }: Asked): Coverage {
  const answered = said.filter(({ sought }) => sought.status === 'answered');
  const open = said.find(({ sought }) => sought.status !== 'answered');
  const froms = answered.flatMap(({ question }) => question?.from ?? []).sort();
  const untils = answered.flatMap(({ question }) => question?.until ?? []).sort();
  const cuts = answered.flatMap(({ sought }) => sought.cutAt ?? []);
  const found = answered.reduce((sum, { sought }) => sum + sought.hits.length, 0);
  const details = [
    answered.length > 0 && open ? `${answered.length} of its spans of time were answered` : '',
    open?.sought.detail ?? '',
    answered[0]?.sought.detail ?? '',
    apartWords(answered.flatMap(({ sought }) => sought.apart)),
  ];
  return {
    name,
    status: open?.sought.status ?? 'answered',
    from: froms[0] ?? null,
    until: untils.at(-1) ?? null,
    found,
    cutAt: cuts.length > 0 ? cuts.reduce((sum, one) => sum + one, 0) : null,
    detail: details
      .filter((one) => one !== '')
      .join('; ')
      .slice(0, 300)
      .toWellFormed(),
  };
}

/** `not counted: 2 pending, 1 quarantined`. */
function apartWords(apart: Sought['apart']): string {
  const counts = [...Map.groupBy(apart, ({ what }) => what)].map(
    ([what, those]) => `${those.reduce((sum, { count }) => sum + count, 0)} ${what}`,
  );
  return counts.length === 0 ? '' : `not counted: ${counts.join(', ')}`;
}
