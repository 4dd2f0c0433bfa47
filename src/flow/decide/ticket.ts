import { mostPerHour } from '../../core/ask/reads.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { storable } from '../../core/text.ts';
import type { Ticket, TicketVote } from '../../ports/accounts.ts';
import type { ChatUser, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { actorOf, personOf } from '../record/record.ts';
import { canBeLinked } from './accounts.ts';
import type { Approval, Decided, Ready } from './decision.ts';
import { recordIssued } from './proven-ticket.ts';

/** Sending somebody from a chat to our own page. The address is personal, works once and not for long. */

const LIFE_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

/** The chat click alone does not count where the policy wants a fresh sign-in: the vote is cast on the page. `of`: all waves. */
export async function sendToSignIn(
  flow: Deciding,
  tx: Tx,
  { press, incident, action, standing }: Pick<Approval, 'press' | 'incident' | 'action' | 'standing'>,
  context: string,
  of: 'one' | 'all' = 'one',
): Promise<Decided> {
  if (!flow.signIn) return { refusal: { code: 'no-sign-in' } };
  const vote: TicketVote = {
    incident: incident.id,
    action,
    digest: press.digest,
    context,
    reason: press.reason,
    channel: press.card.channel,
    message: press.card.message,
    ...(of === 'all' ? { all: true } : {}),
  };
  const secret = await issue(flow, tx, press.by, { kind: 'step-up', person: standing.person, vote });
  await recordIssued(flow, tx, flow.hash.of(secret), {
    incident: incident.id,
    actor: personOf(standing),
    platform: press.by.platform,
    planDigest: press.digest,
    detail: { kind: 'step-up', action, context },
  });
  return { kind: 'link', answer: { code: 'sign-in-wanted' }, to: 'vote', url: flow.signIn.url(secret) };
}

/** The same for a list of measures. `incident`: the one that it belongs to. */
export async function sendMeasuresToSignIn(
  flow: Deciding,
  tx: Tx,
  asked: {
    readonly press: Approval['press'];
    readonly standing: Approval['standing'];
    readonly of: string;
    readonly context: string;
    readonly incident: string;
  },
): Promise<Decided> {
  if (!flow.signIn) return { refusal: { code: 'no-sign-in' } };
  const { press, standing, of, context, incident } = asked;
  const { reason, digest, card } = press;
  const about = {
    incident,
    action: NO_ACTION,
    digest,
    context,
    reason,
    measures: { list: press.incident, of },
  } as const;
  const vote: TicketVote = { ...about, channel: card.channel, message: card.message };
  const secret = await issue(flow, tx, press.by, { kind: 'step-up', person: standing.person, vote });
  await recordIssued(flow, tx, flow.hash.of(secret), {
    incident,
    actor: personOf(standing),
    platform: press.by.platform,
    detail: { kind: 'step-up', action: `measures of ${press.incident}`, context },
  });
  return { kind: 'link', answer: { code: 'sign-in-wanted' }, to: 'vote', url: flow.signIn.url(secret) };
}

/** Every vote of a ticket names one. */
const NO_ACTION = 'flag';

/** A list leaves on a page, for whoever signs in there: the address alone gives it to nobody. */
export async function sendToList(
  flow: Deciding,
  tx: Tx,
  { press, incident, standing }: Pick<Ready, 'press' | 'incident' | 'standing'>,
  reason: string | null,
): Promise<Decided> {
  if (!flow.signIn) return { refusal: { code: 'no-sign-in' } };
  const most = mostPerHour(flow.policy().policy, 'export');
  if (most !== null && (await lastHour(flow, tx, standing.person)) >= most)
    return { refusal: { code: 'too-many-lists', most } };
  const digest = incident.planDigest ?? '';
  const list = { incident: incident.id, digest, reason };
  const secret = await issue(flow, tx, press.by, { kind: 'export', person: standing.person, vote: null, list });
  await recordIssued(flow, tx, flow.hash.of(secret), {
    incident: incident.id,
    actor: personOf(standing),
    platform: press.by.platform,
    planDigest: digest,
    detail: { kind: 'export', action: null, context: null },
  });
  return { kind: 'link', answer: { code: 'list-waits' }, to: 'list', url: flow.signIn.url(secret) };
}

/** Lists that they asked for: each way to one is a ticket that ends so long after. */
function lastHour(flow: Deciding, tx: Tx, person: string): Promise<number> {
  const since = Date.parse(flow.clock.now()) - HOUR_MS;
  return tx.tickets.issued('export', person, new Date(since + LIFE_MS).toISOString());
}

/** How to say who one is, where a sign-in page is set up; null where it is not. */
export async function linkReply(flow: Deciding, tx: Tx, by: ChatUser, answer: Answer): Promise<Reply | null> {
  if (!flow.signIn || !canBeLinked(flow, by)) return null;
  const secret = await issue(flow, tx, by, { kind: 'link', person: null, vote: null });
  await recordIssued(flow, tx, flow.hash.of(secret), {
    actor: actorOf(by, null),
    platform: by.platform,
    detail: { kind: 'link', action: null, context: null },
  });
  return { kind: 'link', answer, to: 'link', url: flow.signIn.url(secret) };
}

async function issue(
  flow: Deciding,
  tx: Tx,
  by: ChatUser,
  what: Pick<Ticket, 'kind' | 'person' | 'vote' | 'list'>,
): Promise<string> {
  const secret = flow.hash.secret();
  await tx.tickets.add({
    ...what,
    id: flow.hash.of(secret),
    platform: by.platform,
    account: by.id,
    home: by.home,
    accountName: storable(by.name.slice(0, 200)),
    expiresAt: new Date(Date.parse(flow.clock.now()) + LIFE_MS).toISOString(),
    state: 'fresh',
    browser: null,
    nonce: null,
    verifier: null,
    signedIn: null,
    code: null,
  });
  return secret;
}
