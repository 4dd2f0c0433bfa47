import type { IncomingMessage } from 'node:http';
import { ClawbackError } from '../../core/error.ts';
import { sendLabel, TAKE_LABELS } from '../../core/tell/file-sent.ts';
import { LIST_FORMATS, type ListFile } from '../../core/tell/list-file.ts';
import {
  confirmLabel,
  leadsOn,
  type PageAnswer,
  pageWords,
  type SignInFor,
  signInWords,
} from '../../core/tell/page-words.ts';
import type { Counter } from '../../ports/desk.ts';
import { type Page, sendFile, sendPage } from './pages-html.ts';
import { cookieOf, formOf, one, queryOf, setCookie } from './pages-request.ts';
import type { Handler, Routes } from './server.ts';

export interface SignInPages {
  /** By name of the tenant, as it is in the configuration. */
  readonly counters: ReadonlyMap<string, Counter>;
  /** Origin under which browsers reach this server: https, or http on this machine. */
  readonly publicUrl: string;
  /** Origins of the sign-in authorities of all tenants. */
  readonly authorities: readonly string[];
  /** So many unguessable bytes. */
  readonly random: (bytes: number) => Buffer;
}

interface Answer {
  readonly status: number;
  readonly page?: Page;
  /** In the place of a page. */
  readonly file?: ListFile;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a refusal, for the security log; null when there is none. */
  readonly why: string | null;
}

interface Site {
  readonly pages: SignInPages;
  /** Our public origin. */
  readonly own: string;
  readonly authorities: readonly string[];
  readonly secure: boolean;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Where a ticket is taken to the counter. */
export function ticketAddress(publicUrl: string, tenant: string, secret: string): string {
  return `${originOf(publicUrl)}/auth?${new URLSearchParams({ tenant, ticket: secret })}`;
}

/** Where Entra sends the browser back to; has to be registered with the application. */
export function callbackAddress(publicUrl: string): string {
  return `${originOf(publicUrl)}/auth/callback`;
}

/**
 * The sign-in pages of all tenants. GET /auth changes nothing, since link previews open it too. Who may do what is decided
 * by the counter; these routes see to it that the same browser comes back, and that forms are our own.
 * Throws ClawbackError 'config' for a public address that is neither https nor on this machine.
 */
export function signInRoutes(pages: SignInPages): Routes {
  const own = originOf(pages.publicUrl);
  const authorities = [...new Set(pages.authorities.map((authority) => new URL(authority).origin))];
  const site: Site = { pages, own, authorities, secure: own.startsWith('https:') };
  const look = handler(site, showTicket);
  return new Map([
    ['GET /auth', look],
    ['HEAD /auth', look],
    ['POST /auth', handler(site, begin)],
    ['GET /auth/callback', handler(site, back)],
    ['POST /auth/confirm', handler(site, confirm)],
    ['POST /auth/list', handler(site, take)],
  ]);
}

function originOf(publicUrl: string): string {
  const url = URL.parse(publicUrl);
  const local = url?.protocol === 'http:' && LOOPBACK.has(url.hostname);
  if (url?.pathname === '/' && !url.search && !url.hash && !url.username && (url.protocol === 'https:' || local))
    return url.origin;
  throw new ClawbackError('config', 'the public address must be an https origin', { field: 'publicUrl' });
}

function handler(site: Site, work: (site: Site, req: IncomingMessage) => Promise<Answer>): Handler {
  return async (req, res) => {
    try {
      const answer = await work(site, req);
      if (answer.file) sendFile(res, answer.file, site.authorities);
      else sendPage(res, answer, site.authorities);
      return answer.why;
    } catch (error) {
      sendPage(res, { status: 503, page: BROKEN }, site.authorities);
      throw error;
    }
  };
}

async function showTicket({ pages }: Site, req: IncomingMessage): Promise<Answer> {
  const query = queryOf(req);
  const [tenant, ticket] = [one(query, 'tenant') ?? '', one(query, 'ticket')];
  const counter = pages.counters.get(tenant);
  const view = counter && ticket ? await counter.look(ticket) : null;
  return view && ticket ? said(ticketPage(view, tenant, ticket)) : GONE;
}

async function begin({ pages, own, authorities, secure }: Site, req: IncomingMessage): Promise<Answer> {
  const form = await formOf(req, own);
  if ('why' in form) return unread(form);
  const [tenant, ticket] = [one(form, 'tenant') ?? '', one(form, 'ticket')];
  const counter = pages.counters.get(tenant);
  // A new secret each time: one that somebody planted in this browser is worth nothing.
  const browser = pages.random(32).toString('base64url');
  const address = counter && ticket ? await counter.begin(ticket, browser) : null;
  if (address === null) return GONE;
  if (!authorities.includes(new URL(address).origin)) throw new Error('the sign-in is at an unknown authority');
  return {
    status: 303,
    headers: { location: address, 'set-cookie': setCookie({ browser, tenant }, secure) },
    why: null,
  };
}

async function back({ pages, secure }: Site, req: IncomingMessage): Promise<Answer> {
  const cookie = cookieOf(req, secure);
  const counter = cookie && pages.counters.get(cookie.tenant);
  if (!counter) return OTHER_BROWSER;
  const query = queryOf(req);
  const [state, code] = [one(query, 'state'), one(query, 'code')];
  if (!state) return UNREADABLE;
  if (query.has('error')) {
    // Its description is Entra's text to whoever made the request: it is not shown, and not recorded.
    const error = /^[a-z_]{1,60}$/.exec(one(query, 'error') ?? '')?.[0] ?? 'unknown_error';
    return said(viewPage(await counter.back(state, cookie.browser, { error }), cookie.tenant));
  }
  return code ? said(viewPage(await counter.back(state, cookie.browser, { code }), cookie.tenant)) : UNREADABLE;
}

async function confirm(site: Site, req: IncomingMessage): Promise<Answer> {
  const sent = await formWithTicket(site, req);
  if ('answer' in sent) return sent.answer;
  const { counter, ticket, cookie } = sent;
  return said(viewPage(await counter.confirm(ticket, cookie.browser), cookie.tenant));
}

async function take(site: Site, req: IncomingMessage): Promise<Answer> {
  const sent = await formWithTicket(site, req);
  if ('answer' in sent) return sent.answer;
  const { form, counter, ticket, cookie } = sent;
  const format = LIST_FORMATS.find((known) => known === one(form, 'format'));
  if (!format) return GONE;
  const to = one(form, 'to') === 'chat' ? 'chat' : 'here';
  const taken = await counter.take(ticket, cookie.browser, format, to);
  return 'file' in taken ? { status: 200, file: taken.file, why: null } : said(viewPage(taken.page, cookie.tenant));
}

/** A form of ours, sent by the browser that its ticket was given to; or what to answer where it is none. */
async function formWithTicket({ pages, own, secure }: Site, req: IncomingMessage) {
  const form = await formOf(req, own);
  if ('why' in form) return { answer: unread(form) };
  const cookie = cookieOf(req, secure);
  const counter = cookie && pages.counters.get(cookie.tenant);
  if (!counter) return { answer: OTHER_BROWSER };
  const ticket = one(form, 'ticket');
  return ticket ? { form, counter, ticket, cookie } : { answer: GONE };
}

const said = (page: Page): Answer => ({ status: 200, page, why: null });

function ticketPage(what: SignInFor, tenant: string, ticket: string): Page {
  if (!leadsOn(what)) return { ...signInWords(what), tenant, note: CLOSE };
  return {
    ...signInWords(what),
    tenant,
    step: 'Step 1 of 2',
    form: { action: '/auth', label: 'Continue to Microsoft sign-in', fields: { tenant, ticket } },
    note: AT_FIRST[what.is],
  };
}

const AT_FIRST: Readonly<Record<SignInFor['is'], string>> = {
  link: 'Microsoft asks which account you are. Then you get a code to type in the chat; nothing is linked before that.',
  vote: 'Microsoft asks you to sign in again, even if you are signed in. Nothing is approved until you say so on the next page.',
  list: 'Microsoft asks which account you are. Nothing is taken until you say so on the next page.',
};

function viewPage(view: PageAnswer, tenant: string): Page {
  const words = pageWords(view);
  switch (view.code) {
    case 'gone':
    case 'not-counted':
    case 'answered':
    case 'not-taken':
    case 'list-sent':
    case 'list-lost':
      return { ...words, tenant, note: CLOSE };
    case 'type-code':
      return { ...words, tenant, step: 'Step 2 of 2', code: view.typed };
    case 'take-list':
      return { ...words, tenant, step: 'Step 2 of 2', ...listForms(view.ticket, view.sendsTo), note: NOT_MEANT };
    case 'list-not-sent':
      return { ...words, tenant, ...listForms(view.ticket, null), note: NOT_MEANT };
    case 'confirm':
      if (!leadsOn(view.vote)) return { ...words, tenant, note: CLOSE };
      return {
        ...words,
        tenant,
        step: 'Step 2 of 2',
        form: { action: '/auth/confirm', label: confirmLabel(view.vote), fields: { ticket: view.ticket } },
        note: NOT_MEANT,
      };
  }
}

/** The first is what most people want: where the chat takes it, there. */
function listForms(ticket: string, sendsTo: string | null): Pick<Page, 'form' | 'otherForms'> {
  const form = (label: string, fields: Readonly<Record<string, string>>) => ({
    action: '/auth/list',
    label,
    fields: { ticket, ...fields },
  });
  const here = LIST_FORMATS.map((format) => form(TAKE_LABELS[format], { format }));
  const sent = LIST_FORMATS.map((format) => form(sendLabel(format, sendsTo ?? ''), { format, to: 'chat' }));
  const [first, ...otherForms] = sendsTo === null ? here : [...sent, ...here];
  return { ...(first ? { form: first } : {}), otherForms };
}

const NOT_MEANT = 'Not your account, or not what you meant to do? Close this page: then nothing happens.';
const CLOSE = 'You can close this page.';
const AGAIN = 'Go back to the chat and press the button there again.';

/** The same for a ticket that never was and for one that is used up: a guesser learns nothing. */
const GONE: Answer = {
  status: 404,
  page: { title: 'This address does not work', lines: ['It works once, and for ten minutes.', AGAIN] },
  why: 'an unknown, used or expired ticket',
};
const OTHER_BROWSER: Answer = {
  status: 403,
  page: { title: 'This sign-in began elsewhere', lines: ['It has to end in the browser in which it began.', AGAIN] },
  why: 'a sign-in without the cookie of its browser',
};
const UNREADABLE: Answer = {
  status: 400,
  page: { title: 'This cannot be read', lines: [AGAIN] },
  why: 'an answer without state or code',
};
const BROKEN: Page = {
  title: 'Clawback cannot answer now',
  lines: ['Look at the card in the chat to see what was counted, and try again there in a minute.'],
};

function unread({ status, why }: { readonly status: number; readonly why: string }): Answer {
  const title = status === 403 ? 'This was not sent from our page' : 'This cannot be read';
  // The rest of too large a form is not read: the connection cannot be used again.
  return {
    status,
    page: { title, lines: [AGAIN] },
    why,
    ...(status === 413 ? { headers: { connection: 'close' } } : {}),
  };
}
