import { definitionOf } from '../../core/action/action.ts';
import { ClawbackError } from '../../core/error.ts';
import { shortDigest } from '../../core/find/plan.ts';
import { chatName } from '../../core/tell/chats.ts';
import { inertOr } from '../../core/text.ts';
import type { Ticket } from '../../ports/accounts.ts';
import type { ChatUser, Counter, PageView, TicketView } from '../../ports/desk.ts';
import type { SignedIn } from '../../ports/sign-in.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { createRefusals, type Refusals } from '../record/junk.ts';
import { record } from '../record/record.ts';
import { press } from './decide.ts';
import { isProven, recordSignedIn } from './proven-ticket.ts';

/**
 * The sign-in page's side of the desk. A ticket goes fresh -> started -> signed-in -> used; each step needs the browser
 * that took the one before. For a link the code goes back into the chat: whoever lets somebody else sign in at an
 * address that was not theirs has linked nothing.
 */
export function createCounter(flow: Flow, refusals: Refusals = createRefusals(flow, () => undefined)): Counter {
  // The page says the same to whoever guesses and to whoever is late; the record counts both.
  const told = (view: PageView): PageView => {
    if (view === GONE) refusals.count('the sign-in page', 'a step that nobody is waited for at');
    return view;
  };
  return {
    look: (secret) => flow.store.transact((tx) => ticketView(flow, tx, secret)),
    begin: (secret, browser) => begin(flow, secret, browser),
    back: async (state, browser, answer) => told(await back(flow, state, browser, answer)),
    confirm: async (id, browser) => told(await confirmTicket(flow, id, browser)),
  };
}

const GONE: PageView = {
  kind: 'said',
  title: 'This address does not work any more',
  lines: ['It works once and for ten minutes. Go back to the chat and press the button again.'],
};
const NOT_COUNTED = 'Nothing was approved or linked';

/** `id`: the hash of the secret. It alone begins nothing, so it may travel to Entra and back. */
async function living(flow: Flow, tx: Tx, id: string): Promise<Ticket | null> {
  const ticket = await tx.tickets.lock(id.replaceAll('\0', ''));
  return ticket && ticket.state !== 'used' && flow.clock.now() < ticket.expiresAt ? ticket : null;
}

async function ticketView(flow: Flow, tx: Tx, secret: string): Promise<TicketView | null> {
  const ticket = await living(flow, tx, flow.hash.of(secret));
  if (!ticket) return null;
  return {
    kind: ticket.kind,
    title: ticket.kind === 'link' ? 'Say who you are' : 'Sign in to approve',
    lines: ticketLines(flow, ticket),
  };
}

type Asked = Pick<Ticket, 'vote' | 'accountName' | 'platform'>;

function ticketLines(
  { chatNames }: Pick<Flow, 'chatNames'>,
  { vote, accountName, platform }: Asked,
): readonly string[] {
  const chat = chatName(chatNames, platform);
  const account = inertOr(accountName, 'without a name', 80);
  if (!vote)
    return [
      `Sign in with your own work account to link it to the ${chat} account \u201c${account}\u201d.`,
      `If you did not ask for this in ${chat} yourself, close this page.`,
    ];
  const what = definitionOf(vote.action).words.signInFor;
  return [
    `Sign in to ${what}: incident ${vote.incident}, plan ${shortDigest(vote.digest)}.`,
    'Compare the plan with the one on the card. If you did not press a button there, close this page.',
  ];
}

async function begin(flow: Flow, secret: string, browser: string): Promise<string | null> {
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
  flow: Flow,
  id: string,
  browser: string,
  answer: { readonly code: string } | { readonly error: string },
): Promise<PageView> {
  const ticket = await flow.store.transact(async (tx) => {
    const found = await living(flow, tx, id);
    return found?.state === 'started' && found.browser === flow.hash.of(browser) ? found : null;
  });
  if (!ticket?.nonce || !ticket.verifier || !flow.signIn) return GONE;
  if ('error' in answer) return refused(flow, ticket, `Entra says ${answer.error.slice(0, 60)}`);
  const { nonce, verifier } = ticket;
  let who: SignedIn;
  try {
    const context = ticket.vote?.context ?? null;
    who = await flow.signIn.pages.finish({ code: answer.code, nonce, verifier, context });
  } catch (error) {
    if (!(error instanceof ClawbackError)) throw error;
    return refused(flow, ticket, error.message);
  }
  if (ticket.person !== null && ticket.person !== who.person)
    return refused(flow, ticket, 'the sign-in was somebody else\u2019s than the press in the chat');
  return signedIn(flow, ticket, who);
}

async function signedIn(flow: Flow, ticket: Ticket, who: SignedIn): Promise<PageView> {
  const code = ticket.kind === 'link' ? flow.hash.code() : null;
  const { person, name, proof } = who;
  const kept = await flow.store.transact(async (tx) => {
    const now = await tx.tickets.lock(ticket.id);
    if (now?.state !== 'started' || now.nonce !== ticket.nonce) return false;
    await tx.tickets.save(ticket.id, {
      state: 'signed-in',
      signedIn: { person, name, proof },
      code: code === null ? null : flow.hash.of(code),
    });
    await recordSignedIn(flow, tx, ticket.id);
    return true;
  });
  if (!kept) return GONE;
  const as = `You are signed in as ${inertOr(who.name, 'somebody', 80)} (${inertOr(who.address, 'no address', 120)}).`;
  if (code !== null)
    return {
      kind: 'code',
      title: 'One step more',
      lines: [
        as,
        `Type this in ${chatName(flow.chatNames, ticket.platform)}, as \u201c${inertOr(ticket.accountName, 'without a name', 80)}\u201d: /clawback link ${code}`,
        'Give this code to nobody: whoever types it decides as you.',
      ],
      code,
    };
  return {
    kind: 'confirm',
    title: 'Approve?',
    lines: [as, ...ticketLines(flow, ticket).slice(0, 1)],
    ticket: ticket.id,
    label: 'Approve',
  };
}

/** The vote itself, through the same door as every press: place, digest, person and policy are all looked at again. */
async function confirmTicket(flow: Flow, id: string, browser: string): Promise<PageView> {
  const ticket = await flow.store.transact(async (tx) => {
    const found = await living(flow, tx, id);
    if (found?.state !== 'signed-in' || found.browser !== flow.hash.of(browser)) return null;
    if (!(await isProven(flow, tx, found))) return null;
    await tx.tickets.save(found.id, { state: 'used' });
    return found;
  });
  const { vote, signedIn: who } = ticket ?? {};
  if (!ticket || !vote || !who?.proof) return GONE;
  const { platform, account, home, accountName } = ticket;
  const by: ChatUser = { platform, id: account, home, name: accountName };
  const card = { platform, channel: vote.channel, message: vote.message };
  const { incident, digest, reason } = vote;
  const pressed = { by, card, verb: definitionOf(vote.action).verb, incident, digest, reason, page: 0 };
  const reply = await press(flow, pressed, { person: who.person, ...who.proof });
  const lines = reply.kind === 'said' || reply.kind === 'link' ? reply.lines : [NOT_COUNTED];
  return { kind: 'said', title: 'Clawback says', lines };
}

async function refused(flow: Flow, ticket: Ticket, why: string): Promise<PageView> {
  await flow.store.transact((tx) =>
    record(flow, tx, [
      {
        type: 'ticket.refused',
        incident: ticket.vote?.incident ?? null,
        platform: 'web',
        planDigest: ticket.vote?.digest ?? null,
        outcome: why.slice(0, 200).toWellFormed(),
        detail: { kind: ticket.kind, account: `${ticket.platform}:${ticket.account}` },
      },
    ]),
  );
  return {
    kind: 'said',
    title: NOT_COUNTED,
    lines: [`The sign-in does not count: ${inertOr(why, 'no reason', 200)}.`, 'Press the button in the chat again.'],
  };
}
