import { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import { instantOf } from '../../core/instant.ts';
import type { Arrival, Past, TenantPast } from '../../core/intelligence/asked.ts';
import type { Risk } from '../../core/intelligence/facts.ts';
import type { Answered, PeopleQuestion, Rows } from '../../ports/intelligence.ts';
import { cellsOf } from './hunting.ts';
import { addressesIn, consentIn, memberIn, namedIn, parsed, ruleIn, subjectsIn } from './mailbox-record.ts';

/** What the rows of the two questions say, person by person. A row that cannot be read is nobody's. */

type Row = Readonly<Record<string, unknown>>;
type Part = { readonly [K in keyof Rows]: NonNullable<Rows[K]>[number] };

export interface Read {
  readonly rows: ReadonlyMap<string, Rows>;
  /** How many rows there are of each kind that the question asks for. */
  readonly counts: ReadonlyMap<string, number>;
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

export function readRows(
  rows: readonly Row[],
  { people }: Pick<PeopleQuestion, 'people'>,
  names: ReadonlyMap<string, string>,
): Read {
  const byId = new Set(people.map(({ id }) => id));
  const byAddress = new Map([...names, ...people.map(({ id, address }) => [addressKey(address), id] as const)]);
  const of = new Map<string, Record<string, unknown[]>>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const cells = reading(row);
    const kind = cells.text('Kind');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const person = personOf(kind, cells, byId, byAddress);
    if (person === null) continue;
    const own = of.get(person) ?? {};
    of.set(person, own);
    for (const [name, value] of Object.entries(partsOf(kind, cells))) own[name] = [...(own[name] ?? []), value];
  }
  // Each list holds what its name says: `partsOf` is the only one that fills it.
  return { rows: of as unknown as ReadonlyMap<string, Rows>, counts };
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

/** Whose mailbox it is: as the record names it, and else whoever did it. */
function personOf(kind: string, { text }: Cells, byId: ReadonlySet<string>, byAddress: ReadonlyMap<string, string>) {
  if (kind === 'click') return byAddress.get(addressKey(text('Account'))) ?? null;
  const id = text(kind === 'burst' || kind === 'answer' ? 'SenderObjectId' : 'AccountObjectId').toLowerCase();
  if (kind === 'change') {
    const owners = [text('MailboxOwnerUPN'), text('ObjectId').split('\\')[0] ?? ''];
    const owner = owners.map((name) => byAddress.get(addressKey(name))).find((one) => one !== undefined);
    // What somebody did in the mailbox of another one, who was not asked about, is not theirs.
    if (owner !== undefined) return owner;
    if (owners.some((name) => name.includes('@'))) return null;
  }
  return byId.has(id) ? id : null;
}

function partsOf(kind: string, cells: Cells): Partial<Part> {
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
        clicks: { at: text('Timestamp'), url: text('Url'), ip: text('IPAddress') || null, outcome: outcomeOf(cells) },
      };
    case 'change':
      return changeOf(cells);
    default:
      return {};
  }
}

function outcomeOf({ text }: Cells): 'allowed' | 'through' | 'blocked' {
  if (/^(?:1|true)$/i.test(text('Through'))) return 'through';
  return /^ClickAllowed$/i.test(text('ActionType')) ? 'allowed' : 'blocked';
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

/** `RiskLevelAggregated` 10, 50, 100; `RiskState` 1 to 3 over, 4 at risk, 5 confirmed. As of the sign-in. */
function riskOf({ text, count }: Cells): { readonly risks?: Risk } {
  const [level, state] = [count('Risk'), count('State')];
  if (level < 10 || state < 4) return {};
  return {
    risks: {
      at: text('Last'),
      level: level >= 100 ? 'high' : level >= 50 ? 'medium' : 'low',
      state: state >= 5 ? 'confirmed' : 'at risk',
      type: null,
      source: 'sign-ins',
    },
  };
}

function changeOf(cells: Cells): Partial<Part> {
  const operation = cells.text('ActionType');
  if (/InboxRules?$/.test(operation)) return ruleChangeOf(cells, operation);
  if (operation === 'Set-Mailbox') return forwardingOf(cells);
  if (/^(?:Add|Remove)-MailboxPermission$|FolderPermissions$|Delegation$/.test(operation))
    return delegateOf(cells, operation);
  const { text } = cells;
  const about = { name: text('ObjectName'), objectId: text('ObjectId') };
  const consent = consentIn(namedIn(text('ModifiedProperties')), about);
  return consent === null ? {} : { consents: { ...consent, at: text('Timestamp'), isThere: null } };
}

const ipOf = ({ text }: Cells) => text('IPAddress') || null;

function ruleChangeOf(cells: Cells, operation: string): Partial<Part> {
  const { text } = cells;
  const rule = ruleIn(operation, namedIn(text('Parameters')), namedIn(text('OperationProperties')));
  return rule === null ? {} : { rules: { ...rule, at: text('Timestamp'), ip: ipOf(cells), id: null, stands: null } };
}

/** An address that is set empty is forwarding switched off. */
function forwardingOf(cells: Cells): Partial<Part> {
  const { text } = cells;
  const parameters = namedIn(text('Parameters'));
  const to = parameters.get('forwardingsmtpaddress') ?? parameters.get('forwardingaddress');
  if (to === undefined) return {};
  const keeps = parameters.get('delivertomailboxandforward');
  const keepsCopy = keeps === undefined ? null : /true/i.test(keeps);
  return {
    forwardings: { at: text('Timestamp'), ip: ipOf(cells), to: addressesIn(to)[0] ?? to.trim(), keepsCopy },
  };
}

/** Rights on a folder stand in the item that the record is about [Elastic, Splunk: `Item.ParentFolder.MemberUpn`]. */
function delegateOf({ text }: Cells, operation: string): Partial<Part> {
  const parameters = namedIn(text('Parameters'));
  const folder = memberIn(text('Item'));
  const who = parameters.get('user') ?? parameters.get('trustee') ?? folder?.who ?? '';
  if (who === '') return {};
  return {
    delegates: {
      at: text('Timestamp'),
      operation,
      who,
      rights: parameters.get('accessrights') ?? folder?.rights ?? '',
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
