import type { TenantPolicy } from '../../core/ask/policy.ts';
import { mayRead, readersOf } from '../../core/ask/reads.ts';
import { ClawbackError } from '../../core/error.ts';
import { type ListFile, type ListFormat, listFile } from '../../core/tell/list-file.ts';
import type { PageAnswer } from '../../core/tell/page-words.ts';
import type { Ticket, TicketList } from '../../ports/accounts.ts';
import type { Press } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { type Note, personOf, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { listOf } from '../tell/look.ts';
import type { Refusal } from './decision.ts';
import { sendList } from './list-sent.ts';
import { isProven } from './proven-ticket.ts';
import { refuse } from './refuse.ts';
import { type NoStanding, type Standing, voterNow } from './standing.ts';

/** A list leaves: for who signed in on the page, there or into their messages; or at the command line of the machine. */

type Taken = { readonly file: ListFile } | { readonly page: PageAnswer };
const GONE: Taken = { page: { code: 'gone' } };
interface Asked {
  readonly id: string;
  readonly browser: string;
  readonly format: ListFormat;
  readonly to: 'here' | 'chat';
}
type Ready = Ticket & { readonly list: TicketList; readonly person: string };

/** `living`: the ticket of this id that is not used and not too old. */
export async function takeList(
  flow: Deciding,
  { id, browser, format, to }: Asked,
  living: (tx: Tx, id: string) => Promise<Ticket | null>,
): Promise<Taken> {
  const readyFor = async (tx: Tx): Promise<Ready | null> => {
    const ticket = await living(tx, id);
    const isSignedIn = ticket?.state === 'signed-in' && ticket.browser === flow.hash.of(browser);
    if (!isSignedIn || !ticket.list || ticket.signedIn === null || !(await isProven(flow, tx, ticket))) return null;
    const { person } = ticket.signedIn;
    return ticket.person === person ? { ...ticket, list: ticket.list, person } : null;
  };
  const first = await flow.store.transact(readyFor);
  if (!first) return GONE;
  const { policy } = flow.policy();
  // Who they are by now: the press in the chat may be ten minutes old.
  const standing = await voterNow(flow, { ...first, name: first.accountName, roles: [] }, null, policy);
  const sender = to === 'chat' ? (flow.files.get(first.platform) ?? null) : null;
  const taken = await flow.store.transact(async (tx): Promise<Taken> => {
    const ticket = await readyFor(tx);
    if (!ticket) return GONE;
    await tx.tickets.save(ticket.id, { state: 'used' });
    const way = sender ? 'message' : 'page';
    const answer = await fileFor(flow, tx, ticket, { standing, policy, way }, format);
    if ('file' in answer) return answer;
    const reply = await refuse(flow, tx, pressOf(ticket), answer, standing);
    return {
      page: { code: 'not-taken', answer: reply.kind === 'said' || reply.kind === 'link' ? reply.answer : null },
    };
  });
  if (!sender || !('file' in taken) || standing.is === 'refused') return taken;
  return {
    page: await sendList(flow, sender, { ticket: first, actor: personOf(standing), format, file: taken.file }),
  };
}

/** What the page says in the place of a press in the chat. */
function pressOf({ platform, account, home, accountName, list }: Ready): Press {
  const by = { platform, id: account, home, name: accountName };
  const card = { platform, channel: 'the page', message: '' };
  return { by, card, verb: 'export', incident: list.incident, digest: list.digest, reason: list.reason, page: 0 };
}

async function fileFor(
  flow: Deciding,
  tx: Tx,
  ticket: Ready,
  {
    standing,
    policy,
    way,
  }: { readonly standing: Standing | NoStanding; readonly policy: TenantPolicy } & Pick<Way, 'way'>,
  format: ListFormat,
): Promise<{ readonly file: ListFile } | Refusal> {
  const { incident: id, digest, reason } = ticket.list;
  if (standing.is === 'refused') return { code: standing.why };
  if (!mayRead(policy, 'export', standing.roles))
    return { code: 'may-not-read', right: 'export', roles: readersOf(policy, 'export') ?? Object.keys(policy.roles) };
  const incident = await tx.incidents.lock(id);
  if (!incident) return { code: 'unknown-incident' };
  if (incident.planDigest !== digest) return { code: 'stale-card' };
  if (await isTampered(flow, tx, incident, pressOf(ticket).by)) return { code: 'tampered' };
  const { platform } = ticket;
  const by = { way, platform, actor: personOf(standing), roles: standing.roles, reason };
  const file = await writtenDown(flow, tx, id, format, by);
  return file ? { file } : { code: 'not-shown' };
}

/**
 * For whoever may read the data folder. Null where there is no such incident, or no list of it. Throws ClawbackError 'invalid'
 * where what is stored of it is not what the record says: that is no list of anything.
 */
export async function listForOperator(
  flow: Deciding,
  id: string,
  format: ListFormat,
  who: string,
): Promise<ListFile | null> {
  const actor = { kind: 'service', id: 'operator', name: who } as const;
  const way = { way: 'command line', platform: 'operator', actor, roles: [], reason: null };
  const name = id.replaceAll('\0', '').toUpperCase();
  const list = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(name);
    if (!incident) return null;
    return (await isTampered(flow, tx, incident)) ? 'tampered' : writtenDown(flow, tx, name, format, way);
  });
  if (list !== 'tampered') return list;
  const words = `what is stored of ${name} is not what the record says of it: clawback audit verify tells what differs`;
  throw new ClawbackError('invalid', words, { field: 'incident' });
}

type Way = Pick<Note, 'actor' | 'platform'> & {
  readonly way: string;
  readonly roles: readonly string[];
  readonly reason: string | null;
};

/** The file, and in the same transaction the entry that says who has it. */
async function writtenDown(
  flow: Deciding,
  tx: Tx,
  id: string,
  format: ListFormat,
  { way, roles, reason, ...by }: Way,
): Promise<ListFile | null> {
  const list = await listOf(flow, tx, id);
  if (!list) return null;
  const { facts, plan, rows } = list;
  const digest = facts.incident.planDigest ?? '';
  const written = { incident: id, digest, seenAt: plan.resolvedAt, writtenAt: flow.clock.now(), rows };
  const file = listFile(written, format);
  await record(flow, tx, [
    {
      ...by,
      type: 'list.exported',
      incident: id,
      planDigest: digest,
      detail: { format, rows: file.rows, way, roles, reason },
    },
  ]);
  return file;
}
