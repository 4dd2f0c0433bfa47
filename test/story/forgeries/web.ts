import { record } from '../../../src/sandbox/slack/loopback.ts';
import { type Forgery, post, put, type Scene, signedAlert } from './scene.ts';

/** Alerts and stops are signed by the detectors; the sign-in pages are open to every browser. */

const refused = (route: string, why: string) => new RegExp(`refused: ${route}, ${why}`);
const now = (send: (scene: Scene) => Promise<unknown>): Forgery['aim'] => {
  return (scene) => Promise.resolve(() => send(scene));
};

interface Signed {
  readonly body: string;
  readonly headers: Record<string, string>;
}
type Change = (good: Signed, scene: Scene) => Signed;

const header = (name: string, to: string | ((good: string) => string) | null): Change => {
  return ({ body, headers: { [name]: good = '', ...others } }) => {
    const value = typeof to === 'function' ? to(good) : to;
    return { body, headers: value === null ? others : { ...others, [name]: value } };
  };
};
/** Signed anew over another body. */
const body = (change: (alert: string) => string): Change => {
  return (good, scene) => signedAlert(change(good.body), scene.intakeSecret);
};
const field = (path: string, to: unknown) => body((alert) => JSON.stringify(put(record(JSON.parse(alert)), path, to)));
const at = (seconds: number): Change => {
  return (good, { intakeSecret }) => signedAlert(good.body, intakeSecret, new Date(Date.now() + seconds * 1_000));
};
const secretOf = (secret: string | ((scene: Scene) => string)): Change => {
  return (good, scene) => signedAlert(good.body, typeof secret === 'string' ? secret : secret(scene));
};

const FOREIGN = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const UNSIGNED = 'unsigned';
const WRONG = 'bad-signature';
const SHAPE = 'invalid-alert';

/** Each would be a new incident. */
const ALERTS: readonly (readonly [string, string, Change])[] = [
  ['without a signature', UNSIGNED, header('webhook-signature', null)],
  ['without an id', UNSIGNED, header('webhook-id', null)],
  ['with an id that nobody can see', UNSIGNED, header('webhook-id', 'a b')],
  ['without a timestamp', UNSIGNED, header('webhook-timestamp', null)],
  ['with a timestamp that has a tail', UNSIGNED, header('webhook-timestamp', (good) => `${good}abc`)],
  ['with six signatures', UNSIGNED, header('webhook-signature', (good) => Array(6).fill(good).join(' '))],
  ['with the secret of another tenant', WRONG, secretOf(FOREIGN)],
  [
    'with the secret of Slack',
    WRONG,
    secretOf(({ story }) => `whsec_${Buffer.from(story.sandbox.slackSecrets.signingSecret).toString('base64')}`),
  ],
  ['with a signature of another version', WRONG, header('webhook-signature', (good) => good.replace('v1,', 'v2,'))],
  ['with another id than was signed', WRONG, header('webhook-id', 'another')],
  ['with another time than was signed', WRONG, header('webhook-timestamp', (good) => String(Number(good) + 1))],
  ['with another body than was signed', WRONG, (good) => ({ ...good, body: good.body.replace('}', ' }') })],
  ['six minutes old', WRONG, at(-360)],
  ['six minutes ahead', WRONG, at(360)],
  ['of 10 MB', 'too-large', field('padding', 'x'.repeat(10_000_000))],
  ['that is not JSON', 'not-json', body(() => 'mail=bad')],
  ['that is cut off', 'not-json', body((alert) => alert.slice(0, -1))],
  ['that is a list', SHAPE, body((alert) => `[${alert}]`)],
];

const STOP = JSON.stringify({ reason: 'forged' });
const STOPS: readonly (readonly [string, string, Change])[] = [
  ['without a signature', UNSIGNED, header('webhook-signature', null)],
  ['with another secret', WRONG, secretOf(FOREIGN)],
  ['six minutes old', WRONG, at(-360)],
  ['with another reason than was signed', WRONG, (good) => ({ ...good, body: good.body.replace('forged', 'forgot') })],
  ['without a reason', 'invalid-stop', body(() => '{}')],
  ['that says more', 'invalid-stop', field('lift', true)],
  ['that is a list', 'invalid-stop', body((stop) => `[${stop}]`)],
  ['that is an alert', 'invalid-stop', (_good, scene) => signedAlert(scene.newAlert(), scene.intakeSecret)],
];

export const goodStop = ({ story, intakeSecret }: Scene) => {
  const { body: text, headers } = signedAlert(STOP, intakeSecret);
  return post(`${story.url}/intake/stop`, text, headers);
};
export const goodAlert = (scene: Scene) => {
  const { body: text, headers } = signedAlert(scene.newAlert(), scene.intakeSecret);
  return post(`${scene.story.url}/intake/alerts`, text, headers);
};

function sent(path: string, make: (scene: Scene) => Signed): Forgery['aim'] {
  return now((scene) => {
    const { body: text, headers } = make(scene);
    return post(`${scene.story.url}${path}`, text, headers);
  });
}

/** Dana at the sign-in page after a real press: where Entra sends her browser back to, and the browser's cookie. */
interface Visit {
  readonly back: URL;
  readonly cookie: string;
}
type SignInOrder = Parameters<Scene['story']['sandbox']['entra']['signIn']>[1];

async function visit(scene: Scene, order: Partial<SignInOrder> = {}): Promise<Visit> {
  const ticket = await scene.ticket();
  const begun = await form(scene, '/auth', ticket.searchParams, {});
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const dana = personOf(scene, 'dana');
  const back = await scene.story.sandbox.entra.signIn(begun.headers.get('location') ?? '', { as: dana, ...order });
  return { back: new URL(back), cookie };
}

function personOf({ story }: Scene, key: string): string {
  return story.sandbox.personas.find((one) => one.key === key)?.entraId ?? '';
}

function form({ story }: Scene, path: string, fields: URLSearchParams, headers: Record<string, string>) {
  return fetch(`${story.url}${path}`, { method: 'POST', body: fields, headers, redirect: 'manual' });
}

/** Signed in, and one press from approving. */
export async function toConfirm(scene: Scene): Promise<{ cookie: string; fields: URLSearchParams }> {
  const { back, cookie } = await visit(scene);
  const page = await (await fetch(back, { headers: { cookie } })).text();
  const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1];
  if (ticket === undefined) throw new Error(`no page to confirm: ${page.slice(-600)}`);
  return { cookie, fields: new URLSearchParams({ ticket }) };
}

export const confirmed = (scene: Scene, { cookie, fields }: { cookie: string; fields: URLSearchParams }) =>
  form(scene, '/auth/confirm', fields, { cookie });

const OTHER_COOKIE = `clawback_browser=${'A'.repeat(43)}.sandbox`;
const NO_COOKIE = 'a sign-in without the cookie of its browser';
const NOT_WAITED_FOR = /refused: the sign-in page, a step that nobody is waited for at/;
const NOT_COUNTED = /a sign-in did not count/;

/** Comes back from Entra with something changed. */
const coming = (
  told: RegExp,
  change: (visited: Visit) => Visit,
  order: (scene: Scene) => Partial<SignInOrder> = () => ({}),
): Omit<Forgery, 'name'> => ({
  told,
  async aim(scene) {
    const { back, cookie } = change(await visit(scene, order(scene)));
    return () => fetch(back, { headers: { cookie }, redirect: 'manual' });
  },
});
const replaced = (name: string, value: string) => (visited: Visit) => {
  const back = new URL(visited.back);
  back.searchParams.set(name, value);
  return { ...visited, back };
};
const asIs = (visited: Visit) => visited;
/** One press from approving, and then something changed. */
const confirming = (told: RegExp, headers: (cookie: string) => Record<string, string>): Omit<Forgery, 'name'> => ({
  told,
  async aim(scene) {
    const { cookie, fields } = await toConfirm(scene);
    return () => form(scene, '/auth/confirm', fields, headers(cookie));
  },
});
const CALLBACK = 'GET /auth/callback';
const CONFIRM = 'POST /auth/confirm';
const FOREIGN_FORM = 'a form of another site';

const PAGES: readonly Forgery[] = [
  {
    name: 'a callback that somebody made up',
    told: refused(CALLBACK, NO_COOKIE),
    aim: now(({ story }) => fetch(`${story.url}/auth/callback?state=made-up&code=made-up`)),
  },
  {
    name: 'a callback that somebody made up, cookie and all',
    told: NOT_WAITED_FOR,
    aim: now(({ story }) =>
      fetch(`${story.url}/auth/callback?state=made-up&code=made-up`, { headers: { cookie: OTHER_COOKIE } }),
    ),
  },
  { name: 'a callback in another browser', ...coming(NOT_WAITED_FOR, (one) => ({ ...one, cookie: OTHER_COOKIE })) },
  {
    name: 'a callback in a browser with two cookies',
    ...coming(refused(CALLBACK, NO_COOKIE), (one) => ({ ...one, cookie: `${one.cookie}; ${OTHER_COOKIE}` })),
  },
  { name: 'a callback with another state', ...coming(NOT_WAITED_FOR, replaced('state', '0'.repeat(64))) },
  { name: 'a callback with a code that Entra did not give', ...coming(NOT_COUNTED, replaced('code', 'made-up')) },
  { name: 'a callback with an error', ...coming(NOT_COUNTED, replaced('error', 'access_denied')) },
  {
    name: 'a sign-in as somebody else',
    ...coming(NOT_COUNTED, asIs, (scene) => ({ as: personOf(scene, 'omar') })),
  },
  { name: 'a sign-in without the wanted context', ...coming(NOT_COUNTED, asIs, () => ({ acrs: [] })) },
  {
    name: 'a sign-in of this morning',
    ...coming(NOT_COUNTED, asIs, () => ({ authTime: Math.floor(Date.now() / 1_000) - 14_400 })),
  },
  { name: 'a confirmation without a cookie', ...confirming(refused(CONFIRM, NO_COOKIE), () => ({})) },
  { name: 'a confirmation in another browser', ...confirming(NOT_WAITED_FOR, () => ({ cookie: OTHER_COOKIE })) },
  {
    name: 'a confirmation from another site',
    ...confirming(refused(CONFIRM, FOREIGN_FORM), (cookie) => ({ cookie, origin: 'https://evil.example' })),
  },
  {
    name: 'a confirmation from another site, as the browser says',
    ...confirming(refused(CONFIRM, FOREIGN_FORM), (cookie) => ({ cookie, 'sec-fetch-site': 'cross-site' })),
  },
  {
    name: 'a confirmation of a page without origin',
    ...confirming(refused(CONFIRM, FOREIGN_FORM), (cookie) => ({ cookie, origin: 'null' })),
  },
  {
    name: 'a ticket that somebody made up',
    told: refused('POST /auth', 'an unknown, used or expired ticket'),
    aim: now((scene) => form(scene, '/auth', new URLSearchParams({ tenant: 'sandbox', ticket: 'made-up' }), {})),
  },
];

export const WEB_FORGERIES: readonly Forgery[] = [
  ...ALERTS.map(([name, why, change]) => ({
    name: `an alert ${name}`,
    told: refused('POST /intake/alerts', why),
    aim: sent('/intake/alerts', (scene) => change(signedAlert(scene.newAlert(), scene.intakeSecret), scene)),
  })),
  {
    name: 'an alert that came in before',
    told: refused('POST /intake/alerts', 'replayed'),
    aim: sent('/intake/alerts', ({ reported }) => reported),
  },
  {
    name: 'a new alert under an id that came in before',
    told: refused('POST /intake/alerts', 'reused'),
    aim: sent('/intake/alerts', (scene) =>
      signedAlert(scene.newAlert(), scene.intakeSecret, new Date(), scene.reported.headers['webhook-id']),
    ),
  },
  {
    name: 'an alert that came in before Clawback was started anew',
    told: refused('POST /intake/alerts', 'replayed'),
    aim: async (scene) => {
      await scene.restarted();
      return () => post(`${scene.story.url}/intake/alerts`, scene.reported.body, scene.reported.headers);
    },
  },
  ...STOPS.map(([name, why, change]) => ({
    name: `a stop ${name}`,
    told: refused('POST /intake/stop', why),
    aim: sent('/intake/stop', (scene) => change(signedAlert(STOP, scene.intakeSecret), scene)),
  })),
  {
    name: 'the operator’s stop at the public address',
    told: refused('other', 'no such address'),
    aim: now(({ story }) => post(`${story.url}/stop?who=operator&reason=forged`, '', {})),
  },
  ...PAGES,
];
