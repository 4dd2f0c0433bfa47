import { definitionOf } from '../../core/action/action.ts';
import type { SignInRefusalCode } from '../../core/ask/refusal.ts';
import { ClawbackError } from '../../core/error.ts';
import { chatName } from '../../core/tell/chats.ts';
import type { PageAnswer, SignInFor, SignInVote } from '../../core/tell/page-words.ts';
import type { Ticket, TicketList } from '../../ports/accounts.ts';
import type { ChatUser, Counter, Reply } from '../../ports/desk.ts';
import type { SignedIn } from '../../ports/sign-in.ts';
import type { Tx } from '../../ports/store.ts';
import type { Answering, Deciding } from '../flow.ts';
import { createRefusals, type Refusals } from '../record/junk.ts';
import { record } from '../record/record.ts';
import { pressAll } from './all-waves.ts';
import { press } from './decide.ts';
import { takeList } from './list-page.ts';
import { pressMeasures } from './measures.ts';
import { isProven, recordSignedIn } from './proven-ticket.ts';
import { asksFor } from './vote-page.ts';

/**
 * The sign-in page's side of the desk. A ticket goes fresh -> started -> signed-in -> used; each step needs the browser
 * that took the one before. For a link the code goes back into the chat: whoever lets somebody else sign in at an
 * address that was not theirs has linked nothing.
 */
export function createCounter(flow: Answering, refusals: Refusals = createRefusals(flow, () => undefined)): Counter {
  // The page says the same to whoever guesses and to whoever is late; the record counts both.
  const told = (page: PageAnswer): PageAnswer => {
    if (page.code === 'gone') refusals.count('the sign-in page', 'a step that nobody is waited for at');
    return page;
  };
  return {
    look: (secret) => flow.store.transact((tx) => ticketView(flow, tx, secret)),
    begin: (secret, browser) => begin(flow, secret, browser),
    back: async (state, browser, answer) => told(await back(flow, state, browser, answer)),
    confirm: async (id, browser) => told(await confirmTicket(flow, id, browser)),
    take: async (id, browser, format, to) => {
      const taken = await takeList(flow, { id, browser, format, to }, (tx, ticket) => living(flow, tx, ticket));
      return 'page' in taken ? { page: told(taken.page) } : taken;
    },
  };
}

const GONE: PageAnswer = { code: 'gone' };

/** `id`: the hash of the secret. It alone begins nothing, so it may travel to Entra and back. */
async function living(flow: Deciding, tx: Tx, id: string): Promise<Ticket | null> {
  const ticket = await tx.tickets.lock(id.replaceAll('\0', ''));
  return ticket && ticket.state !== 'used' && flow.clock.now() < ticket.expiresAt ? ticket : null;
}

async function ticketView(flow: Deciding, tx: Tx, secret: string): Promise<SignInFor | null> {
  const ticket = await living(flow, tx, flow.hash.of(secret));
  return ticket && signInFor(flow, tx, ticket);
}

async function signInFor(flow: Deciding, tx: Tx, { vote, list, accountName, platform }: Ticket): Promise<SignInFor> {
  if (list) return asksForList(list);
  if (vote) return asksFor(flow, tx, vote);
  return { is: 'link', chat: chatName(flow.chatNames, platform), account: accountName };
}

function asksForList({ incident, digest }: TicketList) {
  return { is: 'list', incident, digest } as const;
}

async function begin(flow: Deciding, secret: string, browser: string): Promise<string | null> {
  const { signIn } = flow;
  const order = await flow.store.transact(async (tx) => {
    const ticket = await living(flow, tx, flow.hash.of(secret));
    if (!ticket || ticket.state === 'signed-in') return null;
    const fresh = { nonce: flow.hash.secret(), verifier: flow.hash.secret() };
    await tx.tickets.save(ticket.id, { ...fresh, state: 'started', browser: flow.hash.of(browser) });
    return { ...fresh, context: ticket.vote?.context ?? null };
  });
  return order && signIn ? signIn.pages.begin({ ...order, state: flow.hash.of(secret) }) : null;
}

async function back(
  flow: Deciding,
  id: string,
  browser: string,
  answer: { readonly code: string } | { readonly error: string },
): Promise<PageAnswer> {
  const ticket = await flow.store.transact(async (tx) => {
    const found = await living(flow, tx, id);
    return found?.state === 'started' && found.browser === flow.hash.of(browser) ? found : null;
  });
  if (!ticket?.nonce || !ticket.verifier || !flow.signIn) return GONE;
  if ('error' in answer) return refused(flow, ticket, 'entra-refused', answer.error.slice(0, 60));
  const { nonce, verifier } = ticket;
  let who: SignedIn;
  try {
    const context = ticket.vote?.context ?? null;
    who = await flow.signIn.pages.finish({ code: answer.code, nonce, verifier, context });
  } catch (error) {
    if (!(error instanceof ClawbackError)) throw error;
    return refused(flow, ticket, 'sign-in-failed', error.message);
  }
  if (ticket.person !== null && ticket.person !== who.person) return refused(flow, ticket, 'somebody-else', '');
  return signedIn(flow, ticket, who);
}

async function signedIn(flow: Deciding, ticket: Ticket, who: SignedIn): Promise<PageAnswer> {
  const code = ticket.kind === 'link' ? flow.hash.code() : null;
  const { person, name, proof } = who;
  const kept = await flow.store.transact(async (tx) => {
    const now = await tx.tickets.lock(ticket.id);
    if (now?.state !== 'started' || now.nonce !== ticket.nonce) return null;
    await tx.tickets.save(ticket.id, {
      state: 'signed-in',
      signedIn: { person, name, proof },
      code: code === null ? null : flow.hash.of(code),
    });
    await recordSignedIn(flow, tx, ticket.id);
    return { vote: ticket.vote && (await asksFor(flow, tx, ticket.vote)) };
  });
  if (!kept) return GONE;
  const as = { name: who.name, address: who.address };
  if (code !== null) {
    const chat = chatName(flow.chatNames, ticket.platform);
    return { code: 'type-code', as, chat, account: ticket.accountName, typed: code };
  }
  if (ticket.list) {
    const sendsTo = flow.files.has(ticket.platform) ? chatName(flow.chatNames, ticket.platform) : null;
    return { code: 'take-list', as, list: asksForList(ticket.list), sendsTo, ticket: ticket.id };
  }
  return kept.vote ? { code: 'confirm', as, vote: kept.vote, ticket: ticket.id } : GONE;
}

/** The vote itself, through the same door as every press: place, digest, person and policy are all looked at again. */
async function confirmTicket(flow: Answering, id: string, browser: string): Promise<PageAnswer> {
  const taken = await flow.store.transact(async (tx) => {
    const found = await living(flow, tx, id);
    if (found?.state !== 'signed-in' || found.browser !== flow.hash.of(browser)) return null;
    if (!(await isProven(flow, tx, found))) return null;
    await tx.tickets.save(found.id, { state: 'used' });
    return { ticket: found, shown: found.vote && (await asksFor(flow, tx, found.vote)) };
  });
  const { ticket, shown } = taken ?? {};
  const { vote, signedIn: who } = ticket ?? {};
  if (!ticket || !vote || !shown || !who?.proof) return GONE;
  const { platform, account, home, accountName } = ticket;
  const by: ChatUser = { platform, id: account, home, name: accountName };
  const card = { platform, channel: vote.channel, message: vote.message };
  const { incident, digest, reason } = vote;
  const proof = { person: who.person, ...who.proof };
  const shownTo = { by, card, digest, reason };
  if (vote.measures) {
    const { list, of } = vote.measures;
    const page = Number(of.split(' ')[1] ?? 0);
    const verb = of.startsWith('back ') ? 'measure-back' : `measures-${of}`;
    return answeredWith(await pressMeasures(flow, { ...shownTo, verb, incident: list, page }, proof), shown);
  }
  const { verb } = definitionOf(vote.action);
  const pressed = { by, card, verb: vote.all ? `${verb}-all` : verb, incident, digest, reason, page: 0 };
  return answeredWith(await (vote.all ? pressAll(flow, pressed, proof) : press(flow, pressed, proof)), shown);
}

function answeredWith(reply: Reply, vote: SignInVote): PageAnswer {
  const answer = reply.kind === 'said' || reply.kind === 'link' ? reply.answer : null;
  return { code: 'answered', answer, vote };
}

async function refused(flow: Deciding, ticket: Ticket, why: SignInRefusalCode, said: string): Promise<PageAnswer> {
  await flow.store.transact((tx) =>
    record(flow, tx, [
      {
        type: 'ticket.refused',
        incident: ticket.vote?.incident ?? ticket.list?.incident ?? null,
        platform: 'web',
        planDigest: ticket.vote?.digest ?? ticket.list?.digest ?? null,
        outcome: why,
        detail: {
          kind: ticket.kind,
          account: `${ticket.platform}:${ticket.account}`,
          why: said === '' ? null : said.slice(0, 200).toWellFormed(),
        },
      },
    ]),
  );
  return { code: 'not-counted', why, said };
}
