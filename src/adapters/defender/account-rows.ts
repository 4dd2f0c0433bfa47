import { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import { instantOf } from '../../core/instant.ts';
import type { Already, Arrival, Past, TenantPast } from '../../core/intelligence/asked.ts';
import type { Risk } from '../../core/intelligence/facts.ts';
import type { Answered, PeopleQuestion, Rows } from '../../ports/intelligence.ts';
import { changeIn, mailboxIn, type Parts, whoseIs } from '../microsoft/mailbox-change.ts';
import { parsed, subjectsIn } from '../microsoft/mailbox-record.ts';
import { cellsOf, clickOutcome } from './hunting.ts';

/** What the rows of the two questions say, person by person. A row that cannot be read is nobody's. */

type Row = Readonly<Record<string, unknown>>;

export interface Read {
  readonly rows: ReadonlyMap<string, Rows>;
  /** How many rows there are of each kind that the question asks for. */
  readonly counts: ReadonlyMap<string, number>;
  /** Changes since the mail of mailboxes that nobody could tell whose they are. */
  readonly unresolved: number;
}

/**
 * Which names these people sign in by, where that is not their mail address: clicks and owners of mailboxes are told by them. As the
 * sign-ins have it, beside the object id.
 */
export function namesIn(rows: readonly Row[], { people }: Pick<PeopleQuestion, 'people'>): ReadonlyMap<string, string> {
  const known = new Set(people.map(({ id }) => id));
  const told = rows.map(reading).filter(({ text }) => text('Kind') === 'sign-in' && text('AccountUpn') !== '');
  const named = told.map(
    ({ text }) => [addressKey(text('AccountUpn')), text('AccountObjectId').toLowerCase()] as const,
  );
  return new Map(named.filter(([, id]) => known.has(id)));
}

/**
 * By which names changed mailboxes are called that are none of these people's by address or id: who they are has to be asked. Also by an
 * address: people have more than one, and may sign in by none of them.
 */
export function strangersIn(
  rows: readonly Row[],
  { people }: Pick<PeopleQuestion, 'people'>,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const known = knownBy(people, names);
  const changes = rows.map(reading).filter(({ text }) => text('Kind') === 'change' && isTelling(text));
  return [...new Set(changes.flatMap(({ text }) => mailboxIn(text).names))].filter((name) => !known.has(name));
}

const knownBy = (people: PeopleQuestion['people'], names: ReadonlyMap<string, string>) =>
  new Map<string, string | null>([
    ...names,
    ...people.flatMap(({ id, address }) => [[addressKey(address), id] as const, [id, id] as const]),
  ]);

/** `strangers`: object ids of whoever else is called so in the directory, by name. */
export function readRows(
  rows: readonly Row[],
  { people, mailAt }: Pick<PeopleQuestion, 'people' | 'mailAt'>,
  names: ReadonlyMap<string, string>,
  strangers: ReadonlyMap<string, string> = new Map(),
): Read {
  const byId = new Set(people.map(({ id }) => id));
  const known = knownBy(people, names);
  for (const [name, id] of strangers) if (!known.has(name)) known.set(name, byId.has(id) ? id : null);
  const told = rows.map(reading).map((cells) => {
    const kind = cells.text('Kind');
    return { kind, cells, person: personOf(kind, cells, byId, known) };
  });
  const [lost, owned] = [told.filter(({ person }) => person === LOST), told.filter(({ person }) => person !== LOST)];
  const of = new Map<string, Record<string, unknown[]>>();
  for (const { kind, cells, person } of owned) {
    if (person === null) continue;
    const own = of.get(person) ?? {};
    of.set(person, own);
    for (const [name, value] of Object.entries(partsOf(kind, cells))) own[name] = [...(own[name] ?? []), value];
  }
  return {
    // Each list holds what its name says: `partsOf` is the only one that fills it.
    rows: of as unknown as ReadonlyMap<string, Rows>,
    // Some changes are asked for of the whole tenant: of nobody here they are no rows about these people.
    counts: countsOf(owned.filter(({ kind, person }) => person !== null || kind !== 'change')),
    unresolved: lost.filter(({ cells: { text } }) => isSince(text, mailAt) && isTelling(text)).length,
  };
}

/** Of a change in a mailbox that nobody could tell whose it is. */
const LOST = 'nobody known';
const isSince = (text: Cells['text'], at: string) => !(instantOf(text('Timestamp')) < instantOf(at));
const isTelling = (text: Cells['text']) => Object.keys(changeIn(text)).length > 0;

function countsOf(told: readonly { readonly kind: string }[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(told, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]));
}

type Cells = ReturnType<typeof reading>;

function reading(row: Row) {
  const cells = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  const { text } = cellsOf(row);
  return {
    text: (name: string) => text(name) ?? '',
    count(name: string) {
      const value = Number(cells.get(name.toLowerCase()) ?? 0);
      return Number.isFinite(value) ? value : 0;
    },
  };
}

/** Object id. Null: of nobody who is asked about. */
function personOf(
  kind: string,
  { text }: Cells,
  byId: ReadonlySet<string>,
  known: ReadonlyMap<string, string | null>,
): string | typeof LOST | null {
  if (kind === 'click') return known.get(addressKey(text('Account'))) ?? null;
  const id = text(kind === 'burst' || kind === 'answer' ? 'SenderObjectId' : 'AccountObjectId').toLowerCase();
  const actor = byId.has(id) ? id : null;
  if (kind !== 'change') return actor;
  // What somebody did in the mailbox of another one, who was not asked about, is not theirs.
  const whose = whoseIs(mailboxIn(text), known, actor, false);
  if (whose.is === 'person') return whose.id;
  return whose.is === LOST ? LOST : null;
}

function partsOf(kind: string, cells: Cells): Parts {
  const { text, count } = cells;
  switch (kind) {
    case 'sign-in':
      return { ...riskOf(cells), signIns: signInsOf(cells) };
    case 'access':
      return {
        accesses: { at: text('First'), app: text('App'), mails: count('Times'), isThrottled: count('Throttled') > 0 },
      };
    case 'deletion': {
      const [subject] = subjectsIn(text('AffectedItems'));
      return subject === undefined ? {} : { deletions: { at: text('Timestamp'), subject } };
    }
    case 'burst':
      return { bursts: { at: text('First'), messages: count('Times'), recipients: count('Recipients') } };
    case 'click':
      return {
        clicks: {
          at: text('Timestamp'),
          url: text('Url'),
          ip: text('IPAddress') || null,
          outcome: clickOutcome(text('Through'), text('ActionType')),
        },
      };
    case 'change':
      return changeIn(text);
    default:
      return {};
  }
}

function signInsOf({ text, count }: Cells) {
  return {
    ip: text('IPAddress'),
    country: text('Country'),
    first: text('First'),
    last: text('Last'),
    times: count('Times'),
    singleFactor: count('Single'),
    unmanaged: count('Unmanaged'),
  };
}

/**
 * `RiskLevelAggregated` 10, 50, 100; `RiskState` 1 to 3 over, 4 at risk, 5 confirmed. Of the sign-ins since the mail that are not over:
 * what was seen before it says nothing of it.
 */
function riskOf({ text, count }: Cells): { readonly risks?: Risk } {
  const [level, state] = [count('Risk'), count('State')];
  if (state < 4 || (level < 10 && state < 5)) return {};
  return {
    risks: {
      at: text('RiskAt'),
      level: level >= 100 || level < 10 ? 'high' : level >= 50 ? 'medium' : 'low',
      state: state >= 5 ? 'confirmed' : 'at risk',
      type: null,
      source: 'sign-ins',
    },
  };
}

/** One a message that was sent after the mail came: to its sender a reply, else passed on. */
export function answeredIn(
  rows: readonly Row[],
  { people, sender, subject, mailAt }: PeopleQuestion,
): readonly Answered[] {
  const known = new Set(people.map(({ id }) => id));
  const short = (subject ?? '').trim().length;
  const own = rows.map(reading).filter(({ text }) => {
    const isLater = !(instantOf(text('Timestamp')) < instantOf(mailAt));
    return text('Kind') === 'answer' && isLater && text('Subject').length > short;
  });
  const messages = Map.groupBy(
    own,
    ({ text }) => `${text('SenderObjectId').toLowerCase()} ${text('InternetMessageId')}`,
  );
  return [...messages.values()].flatMap((sent): Answered[] => {
    const person = sent[0]?.text('SenderObjectId').toLowerCase() ?? '';
    if (!known.has(person)) return [];
    const isBack =
      sender !== null && sent.some(({ text }) => addressKey(text('RecipientEmailAddress')) === addressKey(sender));
    return [{ person, is: isBack ? 'reply' : 'forward' }];
  });
}

/** What others have done to the mail, what most mailboxes saw first. */
export function alreadyIn(rows: readonly Row[]): readonly Already[] {
  const told = rows.map(reading).filter(({ text }) => text('Kind') === 'already');
  return told
    .map(({ text, count }) => ({
      action: text('Action'),
      way: text('ActionType'),
      trigger: text('ActionTrigger'),
      result: text('ActionResult'),
      mailboxes: count('Recipients'),
      first: text('First'),
      last: text('Last'),
    }))
    .toSorted((a, b) => b.mailboxes - a.mailboxes || (a.first < b.first ? -1 : 1));
}

export function pastIn(rows: readonly Row[], at: string): TenantPast {
  const all = rows.map(reading);
  const of = (kind: string) => all.filter(({ text }) => text('Kind') === kind);
  const domains = (kind: string) =>
    of(kind)
      .map(({ text }) => text('Domain'))
      .filter((name) => name !== '');
  const past = (what: string): Past => {
    const [from, to] = [of(`from ${what}`)[0], of(`to ${what}`)[0]];
    const firsts = [from, to].map((one) => one?.text('First') ?? '').filter((time) => time !== '');
    return { received: from?.count('Times') ?? 0, sent: to?.count('Times') ?? 0, first: firsts.sort()[0] ?? null };
  };
  return {
    at,
    ownDomains: domains('own domain'),
    partners: domains('partner'),
    address: past('address'),
    domain: past('domain'),
    arrivals: of('arrival').map(arrivalIn),
  };
}

const Details = z.object({ DMARC: z.string().optional(), CompAuth: z.string().optional() });

/** `AuthenticationDetails`: `{"SPF":"pass","DKIM":"none","DMARC":"bestguesspass","CompAuth":"pass"}`. */
function arrivalIn({ text }: Cells): Arrival {
  const { DMARC, CompAuth } = Details.safeParse(parsed(text('AuthenticationDetails'))).data ?? {};
  const word = (told: string | undefined) => told?.toLowerCase() ?? null;
  const isTold = DMARC !== undefined || CompAuth !== undefined;
  return {
    networkMessageId: text('NetworkMessageId').toLowerCase(),
    authentication: isTold ? { dmarc: word(DMARC), compauth: word(CompAuth) } : null,
    clientIp: text('SenderIPv4') || text('SenderIPv6'),
    connectors: text('Connectors'),
  };
}
