import type { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import { type Criteria, holdsSubject } from '../../core/find/criteria.ts';
import type { BareMail, Hit, SeekStatus, Told } from '../../core/find/found.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import type { Seeker, Sought } from '../../ports/seeker.ts';
import { errorCode } from '../microsoft/said.ts';
import {
  askInTime,
  BUSY,
  type HuntingOptions,
  type HuntingTools,
  huntingOffered,
  huntingTools,
  refusalOf,
  waitIn,
} from './hunt.ts';
import { cellsOf, clickOutcome, deliveryOf, Results, TOO_LONG } from './hunting.ts';
import { notLicensed } from './licence.ts';
import {
  type Asked,
  answeredQuery,
  askedByIds,
  askedByPeople,
  askedBySubjects,
  canBeAnswered,
  clicksQuery,
  MEMORY_DAYS,
  MOST_ANSWERED,
  MOST_ROWS,
  movedQuery,
  seekQuery,
} from './seek-query.ts';

/** Advanced hunting, asked by people who look for mail. */

const DAY_MS = 86_400_000;
/** So late the tables may still learn of what happened to a mail. */
const LAG_MS = 3_600_000;

type Rows = z.infer<typeof Results>['results'];
type Answered =
  | { readonly is: 'rows'; readonly rows: Rows; readonly requestId: string }
  | {
      readonly is: Exclude<SeekStatus, 'answered' | 'off' | 'cannot say'>;
      readonly detail: string;
      readonly requestId: string;
      readonly waitMs: number | null;
    };

/** Throws ClawbackError 'config' for a base URL that is no https origin. */
export function huntingSeeker(options: HuntingOptions): Seeker {
  const { long } = huntingTools(options);
  const offered = huntingOffered(options.baseUrl);
  return {
    name: 'hunting',
    isOn: options.isOn,
    questions({ days }, now) {
      if (!options.isOn) return { not: 'off', why: 'the configuration switched it off' };
      if (offered !== 'yes') return { not: 'not licensed', why: offered.no };
      return [{ from: isoOf(now - Math.min(days, MEMORY_DAYS) * DAY_MS), until: isoOf(now) }];
    },
    async ask(criteria, question) {
      const said = await put(long, seekQuery(criteria, question));
      return said.is === 'rows' ? soughtIn(said, criteria) : nothingOf(said);
    },
    exposure: (mails) => exposureOf(long, mails),
  };
}

function soughtIn({ rows, requestId }: Extract<Answered, { is: 'rows' }>, { subject: wanted }: Criteria): Sought {
  const fits = ({ recipient, subject }: Hit) => recipient !== '' && (wanted === null || holdsSubject(subject, wanted));
  const hits = rows.map(hitOf).filter(fits);
  const cutAt = rows.length >= MOST_ROWS ? MOST_ROWS : null;
  return { status: 'answered', hits, cutAt, requestId, detail: '', waitMs: null, apart: [] };
}

function hitOf(row: Rows[number]): Hit {
  const { text } = cellsOf(row);
  return { ...deliveryOf(row), likelyId: null, where: text('LatestDeliveryLocation') ?? text('DeliveryLocation') };
}

function nothingOf({ is, detail, requestId, waitMs }: Exclude<Answered, { is: 'rows' }>): Sought {
  return { status: is, hits: [], cutAt: null, requestId, detail, waitMs, apart: [] };
}

async function put(tools: HuntingTools, query: string): Promise<Answered> {
  const { reply, detail, waitMs } = await askInTime(tools, query);
  if (waitMs !== undefined) return { is: 'busy', detail, requestId: '', waitMs };
  if (!reply) return { is: 'silent', detail, requestId: '', waitMs: null };
  const { status, requestId, body } = reply;
  const said = `${status} ${errorCode(body)}`.trim();
  if (BUSY.has(status)) return { is: 'busy', detail: said, requestId, waitMs: waitIn(reply, tools.clock()) };
  const rows = status === 200 ? Results.safeParse(body).data?.results : undefined;
  if (rows) return { is: 'rows', rows, requestId };
  return { ...refusedBy(status, refusalOf(reply), said), requestId, waitMs: null };
}

function refusedBy(
  status: number,
  words: string,
  said: string,
): Pick<Exclude<Answered, { is: 'rows' }>, 'is' | 'detail'> {
  if (notLicensed(status, words)) return { is: 'not licensed', detail: said };
  if (status === 401 || status === 403) return { is: 'not permitted', detail: said };
  if (status === 400 && TOO_LONG.test(words))
    return { is: 'refused', detail: 'the answer would be too long: ask for less' };
  return status === 400 ? { is: 'refused', detail: said } : { is: 'silent', detail: said };
}

type Became = Awaited<ReturnType<NonNullable<Seeker['exposure']>>>;

/** Three questions, for all mails at once. */
async function exposureOf(tools: HuntingTools, mails: readonly BareMail[]): Promise<Became> {
  const now = tools.clock();
  const young = mails.filter(({ last }) => !isForgotten(last, now));
  const ids = askedByIds(young.flatMap(({ networkMessageIds }) => networkMessageIds));
  const people = askedByPeople(young.flatMap(({ copies }) => copies.map(({ recipient }) => recipient)));
  const subjects = askedBySubjects(young.map(subjectOf));
  const [clicks, moves, sent] = await Promise.all([
    ids.size === 0 ? null : put(tools, clicksQuery(ids)),
    ids.size === 0 ? null : put(tools, movedQuery(ids)),
    subjects.size === 0 || people.size === 0 ? null : put(tools, answeredQuery(people, subjects)),
  ]);
  return mails.map((mail) => {
    const about = (rows: Rows) =>
      rows.filter((row) => mail.networkMessageIds.includes(cellsOf(row).text('NetworkMessageId')?.toLowerCase() ?? ''));
    const received = mail.copies.map(({ recipient }) => recipient);
    const byId = { mail, now, looked: lookedAt(mail.networkMessageIds, ids, 'ids') };
    const byPeople = { mail, now, looked: lookedAt(received, people, 'recipients') };
    const bySubject = canBeAnswered(subjectOf(mail)) ? sent : 'no subject';
    return {
      clicked: told(clicks, byId, (rows) => pressedIn(about(rows))),
      moved: told(moves, byId, (rows) => whoIn(about(rows).filter(hasWorked), 'RecipientEmailAddress')),
      replied: told(bySubject, byPeople, (rows) => whoIn(answersIn(rows, mail).replies, 'SenderFromAddress')),
      forwarded: told(bySubject, byPeople, (rows) => whoIn(answersIn(rows, mail).forwards, 'SenderFromAddress')),
    };
  });
}

/** As it stands at the end of what answers it. */
const subjectOf = ({ subject }: BareMail) => (subject ?? '').trim();

/** How much of a mail was asked about; `words`: for people. */
type Looked = { readonly at: 'all' | 'nothing' } | { readonly at: 'part'; readonly words: string };

function lookedAt(all: readonly string[], asked: Asked, what: string): Looked {
  const here = all.filter((one) => asked.has(one)).length;
  if (here === 0) return { at: 'nothing' };
  if (here === all.length) return { at: 'all' };
  return { at: 'part', words: `${here} of its ${all.length} ${what}, as many as hunting is asked about at once` };
}

const isForgotten = (at: string | null, now: number) => now - instantOf(at) > MEMORY_DAYS * DAY_MS;
const hasWorked = (row: Rows[number]) => cellsOf(row).text('ActionResult')?.toLowerCase() === 'success';

/** `said`: null where there was nothing to ask by. */
function told(
  said: Answered | 'no subject' | null,
  { mail, now, looked }: { readonly mail: BareMail; readonly now: number; readonly looked: Looked },
  seen: (rows: Rows) => Pick<Extract<Told, { is: 'known' }>, 'people' | 'times' | 'followed'>,
): Told {
  if (isForgotten(mail.last, now)) return { is: 'not asked', why: `hunting remembers ${MEMORY_DAYS} days` };
  if (said === 'no subject')
    return { is: 'not asked', why: 'it has no subject by which an answer to it could be told' };
  if (said === null || looked.at === 'nothing')
    return { is: 'not asked', why: 'hunting knows this mail by nothing that it could be asked by' };
  if (said.is === 'not licensed' || said.is === 'not permitted') return { is: said.is };
  if (said.is !== 'rows') return { is: 'not asked', why: `hunting gave no answer (${said.detail})`.slice(0, 200) };
  const part = partOf(looked, said.rows, isForgotten(mail.first, now));
  const known = seen(said.rows);
  if (known.times > 0) return { is: 'known', ...known, cut: part !== null };
  if (part !== null) return { is: 'nothing in part', part };
  return now - instantOf(mail.last) < LAG_MS ? { is: 'not yet' } : { is: 'nothing' };
}

/** What alone was looked at, for people; null where it was all. */
function partOf(looked: Looked, rows: Rows, isOlder: boolean): string | null {
  if (looked.at === 'part') return looked.words;
  if (rows.length >= MOST_ANSWERED) return `the first ${MOST_ANSWERED} rows, as many as hunting tells at once`;
  return isOlder ? `the last ${MEMORY_DAYS} days, as far as hunting remembers` : null;
}

function whoIn(rows: Rows, column: string) {
  const people = rows.flatMap((row) => cellsOf(row).text(column)?.toLowerCase() ?? []);
  return { people: [...new Set(people)].sort(), times: rows.length };
}

/** Pressed, and of these who was not kept from it: a row for each. */
function pressedIn(rows: Rows) {
  const followed = rows.filter((row) => {
    const { text } = cellsOf(row);
    return clickOutcome(text('Through'), text('ActionType')) !== 'blocked';
  });
  return { ...whoIn(rows, 'AccountUpn'), followed: whoIn(followed, 'AccountUpn').people.length };
}

/** One row a message that was sent by somebody who received the mail, after it came, under its subject with more in front. */
function answersIn(rows: Rows, mail: BareMail): { readonly replies: Rows; readonly forwards: Rows } {
  const received = new Set(mail.copies.map(({ recipient }) => addressKey(recipient)));
  const subject = subjectOf(mail).toLowerCase();
  const own = rows.filter((row) => {
    const { raw, text } = cellsOf(row);
    const title = (raw('Subject') ?? '').trim().toLowerCase();
    // Where one of the times is not known it may be.
    const isLater = !(instantOf(text('Timestamp')) < instantOf(mail.first));
    const isAnswer = title.length > subject.length && title.endsWith(subject);
    return isAnswer && isLater && received.has(addressKey(text('SenderFromAddress') ?? ''));
  });
  const messages = [...Map.groupBy(own, (row) => cellsOf(row).raw('InternetMessageId') ?? '').values()];
  const isBack = (row: Rows[number]) =>
    mail.sender !== null && addressKey(cellsOf(row).text('RecipientEmailAddress') ?? '') === addressKey(mail.sender);
  const firstOf = (list: readonly Rows[]): Rows => list.flatMap((rows) => rows.slice(0, 1));
  return {
    replies: firstOf(messages.filter((sent) => sent.some(isBack))),
    forwards: firstOf(messages.filter((sent) => !sent.some(isBack))),
  };
}
