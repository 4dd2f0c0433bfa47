import { randomUUID } from 'node:crypto';
import { type ReturnAddress, readAuthorize } from './authorize.ts';
import type { Codes } from './codes.ts';
import { type GrantTools, type Refusal, refuse } from './grant.ts';
import type { PageAnswer } from './http.ts';
import { choicePage, postPage, refusalPage } from './sign-in-page.ts';
import type { AuthorizeRequest, SignInOrder, SignInPerson } from './types.ts';

interface SignInTools {
  readonly apps: GrantTools['apps'];
  readonly codes: Codes;
  readonly clock: () => number;
  readonly people: () => readonly SignInPerson[];
  /** An error in Entra's words, with its number and trace. */
  readonly describe: (refusal: Refusal) => string;
}

export interface SignInDesk {
  /** What the browser gets for an authorize address; `path` is that of the address itself. */
  answer(path: string, query: URLSearchParams): PageAnswer;
  /** The driver: where the browser goes next. */
  signIn(query: URLSearchParams, order: SignInOrder): string;
}

interface Outcome {
  readonly to: ReturnAddress;
  readonly fields: URLSearchParams;
}

/** What the links of the page add to the address of the request; not part of OpenID Connect. */
const CHOICE = 'sandbox_choice';
const CANCEL = 'cancel';
const DECLINED = refuse(400, 65004, 'access_denied', 'User declined to consent to access the app.');
const NO_SESSION = refuse(400, 50058, 'login_required', 'A silent sign-in request was sent but no user is signed in.');

export function createSignInDesk(tools: SignInTools): SignInDesk {
  const { codes, clock, people } = tools;

  function outcome(to: ReturnAddress, fields: Record<string, string>): Outcome {
    const state = to.state === null ? {} : { state: to.state };
    return { to, fields: new URLSearchParams({ ...fields, ...state }) };
  }

  function refused(to: ReturnAddress, refusal: Refusal): Outcome {
    return outcome(to, { error: refusal.error, error_description: tools.describe(refusal) });
  }

  function signedIn(request: AuthorizeRequest, person: SignInPerson, order: Omit<SignInOrder, 'as'>): Outcome {
    const acrs = order.acrs ?? request.acrs;
    const authTime = order.authTime ?? Math.floor(clock() / 1_000);
    return outcome(request, {
      code: codes.give({ request, person, acrs, authTime }),
      session_state: randomUUID(),
    });
  }

  function personOf(entraId: string): SignInPerson | null {
    return people().find((one) => one.entraId.toLowerCase() === entraId.toLowerCase()) ?? null;
  }

  function decided(request: AuthorizeRequest, choice: string | null): Outcome | null {
    if (request.prompt === 'none') return refused(request, NO_SESSION);
    if (choice === CANCEL) return refused(request, DECLINED);
    const person = choice === null ? null : personOf(choice);
    return person === null ? null : signedIn(request, person, {});
  }

  return {
    answer(path, query) {
      const choice = query.get(CHOICE);
      const read = readAuthorize(tools.apps, query);
      if ('refusal' in read) {
        const { refusal, to } = read;
        return to === null ? { status: refusal.status, html: refusalPage(refusal) } : sent(refused(to, refusal));
      }
      const done = decided(read.request, choice);
      if (done !== null) return sent(done);
      const hrefOf = (person: SignInPerson | null) => {
        const chosen = new URLSearchParams(query);
        chosen.set(CHOICE, person?.entraId ?? CANCEL);
        return `${path}?${chosen}`;
      };
      return { status: 200, html: choicePage(people(), read.request.app.clientId, hrefOf) };
    },
    signIn(query, order) {
      const read = readAuthorize(tools.apps, query);
      if ('refusal' in read) {
        if (read.to === null) throw new Error(`Entra shows an error page: ${tools.describe(read.refusal)}`);
        return addressOf(refused(read.to, read.refusal));
      }
      const { request } = read;
      if (request.prompt === 'none') return addressOf(refused(request, NO_SESSION));
      if (order.refuse !== undefined) return addressOf(refused(request, DECLINED));
      const person = personOf(order.as);
      if (person === null) throw new RangeError(`nobody with the id ${order.as} can sign in`);
      return addressOf(signedIn(request, person, order));
    },
  };
}

function sent(done: Outcome): PageAnswer {
  if (done.to.mode === 'form_post') return { status: 200, html: postPage(done.to.redirectUri, done.fields) };
  return { status: 302, location: addressOf(done) };
}

function addressOf({ to, fields }: Outcome): string {
  if (to.mode === 'fragment') return `${to.redirectUri}#${fields}`;
  const address = new URL(to.redirectUri);
  for (const [name, value] of fields) address.searchParams.set(name, value);
  return address.href;
}
