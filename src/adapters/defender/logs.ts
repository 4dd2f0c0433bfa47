import { instantOf, isoOf } from '../../core/instant.ts';
import type { SourceAnswer } from '../../core/intelligence/asked.ts';
import { PEOPLE_LIMIT } from '../../core/limit.ts';
import type { Names, PeopleAnswer, PeopleQuestion, Rows, TenantLogs } from '../../ports/intelligence.ts';
import { isGuid } from '../microsoft/ids.ts';
import { errorCode } from '../microsoft/said.ts';
import { awaitTurn } from '../microsoft/turn.ts';
import {
  ACCOUNT_TABLES,
  type AccountTable,
  accountQuery,
  DAYS,
  MEMORY_DAYS,
  mailQuery,
  probeOf,
  SIGN_IN_TABLES,
} from './account-query.ts';
import { alreadyIn, answeredIn, namesIn, pastIn, readRows, strangersIn } from './account-rows.ts';
import { askInTime, type HuntingOptions, type HuntingTools, huntingOffered, huntingTools, refusalOf } from './hunt.ts';
import { Results } from './hunting.ts';
import { MOST_ANSWERED } from './seek-query.ts';

/** Advanced hunting, asked about everybody who received a mail: which tables there are, and then two questions. */

type Row = Readonly<Record<string, unknown>>;

type Said =
  | { readonly is: 'rows'; readonly rows: readonly Row[] }
  | { readonly is: 'no table' | 'not licensed' | 'not permitted' | 'no answer'; readonly detail: string };

/** What is there today may be gone when a licence ends; what is not there may be bought. */
const DAY_MS = 86_400_000;
const THERE_MS = DAY_MS;
const MISSING_MS = 3_600_000;

interface Known {
  readonly said: Exclude<Said, { is: 'no answer' }>['is'];
  readonly at: number;
}

interface LogsOptions extends HuntingOptions {
  readonly names: Pick<Names, 'called'>;
}

/** Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing that the service says makes it throw. */
export function huntingLogs(options: LogsOptions): TenantLogs {
  const { long } = huntingTools(options);
  const offered = huntingOffered(options.baseUrl);
  const memory = new Map<AccountTable, Known>();
  return {
    async ask(question) {
      if (!options.isOn)
        return nothing(question, { is: 'not licensed', detail: 'the configuration switched hunting off' });
      if (offered !== 'yes') return nothing(question, { is: 'not licensed', detail: offered.no });
      const tables = new Map<AccountTable, Said['is']>();
      for (const table of ACCOUNT_TABLES) {
        // The older name only where the newer one is not there.
        const isSignIn = SIGN_IN_TABLES.some((name) => name === table);
        const has = (name: AccountTable) => tables.get(name) === 'rows';
        if (isSignIn && SIGN_IN_TABLES.some(has)) continue;
        tables.set(table, await isThere(long, memory, table));
      }
      return answerOf({ ...long, names: options.names }, question, tables, () => memory.clear());
    },
  };
}

async function isThere(
  tools: HuntingTools,
  memory: Map<AccountTable, Known>,
  table: AccountTable,
): Promise<Said['is']> {
  const known = memory.get(table);
  const age = tools.clock() - (known?.at ?? 0);
  if (known && age >= 0 && age < (known.said === 'rows' ? THERE_MS : MISSING_MS)) return known.said;
  const { is } = await put(tools, probeOf(table));
  if (is !== 'no answer') memory.set(table, { said: is, at: tools.clock() });
  return is;
}

async function answerOf(
  tools: HuntingTools & Pick<LogsOptions, 'names'>,
  question: PeopleQuestion,
  tables: ReadonlyMap<AccountTable, Said['is']>,
  forget: () => void,
): Promise<PeopleAnswer> {
  const there = new Set([...tables].filter(([, is]) => is === 'rows').map(([table]) => table));
  const ask = async (query: string | null): Promise<Said> =>
    query === null ? { is: 'rows', rows: [] } : put(tools, query);
  const [accounts, mail] = await Promise.all([ask(accountQuery(question, there)), ask(mailQuery(question, there))]);
  // A table went away since it was asked for.
  if (accounts.is === 'no table' || mail.is === 'no table') forget();
  const accountRows = accounts.is === 'rows' ? accounts.rows : [];
  const mailRows = mail.is === 'rows' ? mail.rows : [];
  const names = namesIn(accountRows, question);
  const strangers = strangersIn(accountRows, question, names);
  const called = strangers.length === 0 ? new Map<string, string>() : await tools.names.called(strangers);
  const ofAccounts = readRows(accountRows, question, names, called);
  const ofMail = readRows(mailRows, question, names);
  const signIns = SIGN_IN_TABLES.map((table) => tables.get(table)).findLast((is) => is !== undefined) ?? 'no answer';
  const about = {
    question,
    days: (tools.clock() - instantOf(question.mailAt)) / DAY_MS,
    counts: new Map([...ofAccounts.counts, ...ofMail.counts]),
  };
  return {
    answers: [
      sourceAnswer(
        'sign-ins',
        SIGN_IN_TABLES.some((table) => there.has(table)) ? 'rows' : signIns,
        accounts,
        ['sign-in'],
        about,
      ),
      {
        ...sourceAnswer('mailbox events', tables.get('CloudAppEvents'), accounts, MAILBOX_ROWS, about),
        ...(ofAccounts.unresolved > 0 ? { unresolved: ofAccounts.unresolved } : {}),
      },
      sourceAnswer('link clicks', tables.get('UrlClickEvents'), mail, ['click'], about),
      sourceAnswer('post-delivery actions', tables.get('EmailPostDeliveryEvents'), mail, ['already'], about),
      sourceAnswer('sent mail', tables.get('EmailEvents'), mail, ['burst', 'answer'], about),
    ],
    rows: merged(ofAccounts.rows, ofMail.rows),
    past: mail.is === 'rows' && there.has('EmailEvents') ? pastIn(mailRows, isoOf(tools.clock())) : null,
    answered: answeredIn(mailRows, question),
    already: alreadyIn(mailRows),
  };
}

const MAILBOX_ROWS = ['change', 'access', 'deletion'];

interface About {
  readonly question: PeopleQuestion;
  /** Since the mail came. */
  readonly days: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** `table`: whether it is there; `said`: what became of the question that asked it. */
function sourceAnswer(
  source: SourceAnswer['source'],
  table: Said['is'] | undefined,
  said: Said,
  kinds: readonly string[],
  { question, days, counts }: About,
): SourceAnswer {
  const asked = question.people.length;
  const rows = kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0);
  if (table !== 'rows') return { source, is: isOf(table ?? 'no answer'), rows: 0, cut: false, asked, detail: '' };
  if (said.is !== 'rows') return { source, is: isOf(said.is), rows: 0, cut: false, asked, detail: said.detail };
  const cut = said.rows.length >= MOST_ANSWERED || !isAskedWhole(source, question, days);
  return { source, is: 'answered', rows, cut, asked, detail: '' };
}

/** What came right after the mail is not told any more once it is older than a question reaches back; clicks, and what others did, are told of known mails alone. */
function isAskedWhole(source: SourceAnswer['source'], { people, networkMessageIds }: PeopleQuestion, days: number) {
  if (source !== 'link clicks' && source !== 'post-delivery actions')
    return days <= DAYS && people.some(({ id }) => isGuid(id));
  return days <= MEMORY_DAYS && networkMessageIds.some(isGuid);
}

const isOf = (is: Exclude<Said['is'], 'rows'>): SourceAnswer['is'] => (is === 'no table' ? 'not licensed' : is);

function nothing({ people }: PeopleQuestion, { is, detail }: Pick<SourceAnswer, 'is' | 'detail'>): PeopleAnswer {
  const sources = ['sign-ins', 'mailbox events', 'link clicks', 'post-delivery actions', 'sent mail'] as const;
  return {
    answers: sources.map((source) => ({ source, is, rows: 0, cut: false, asked: people.length, detail })),
    rows: new Map(),
    past: null,
    answered: [],
    already: [],
  };
}

function merged(one: ReadonlyMap<string, Rows>, other: ReadonlyMap<string, Rows>): ReadonlyMap<string, Rows> {
  const ids = new Set([...one.keys(), ...other.keys()]);
  return new Map([...ids].map((id) => [id, { ...one.get(id), ...other.get(id) }]));
}

/** learn.microsoft.com/graph/api/security-security-runhuntingquery: a table that the tenant has not is an error of the query. */
const NO_TABLE = /failed to resolve (?:table|column|scalar)/i;
const NO_LICENCE = /licen[cs]e/i;

async function put(tools: HuntingTools, query: string): Promise<Said> {
  if ((await awaitTurn(tools, PEOPLE_LIMIT, tools.longestWaitMs)) !== null)
    return { is: 'no answer', detail: 'asked as often as it may be' };
  const { reply, detail, waitMs } = await askInTime(tools, query);
  if (waitMs !== undefined || !reply) return { is: 'no answer', detail };
  const { status, body } = reply;
  const said = `${status} ${errorCode(body)}`.trim();
  const rows = status === 200 ? Results.safeParse(body).data?.results : undefined;
  if (rows) return { is: 'rows', rows };
  const words = refusalOf(reply);
  if (status === 400 && NO_TABLE.test(words)) return { is: 'no table', detail: said };
  if (status === 404 || status === 501 || (status === 403 && NO_LICENCE.test(words)))
    return { is: 'not licensed', detail: said };
  if (status === 401 || status === 403) return { is: 'not permitted', detail: said };
  return { is: 'no answer', detail: said };
}
