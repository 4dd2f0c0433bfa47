import type { Json } from '../../../src/sandbox/slack/loopback.ts';
import type { TokenOptions } from '../../../src/sandbox/teams/issuer.ts';
import { type Forgery, post, put, type Scene } from './scene.ts';

/** Dana's press of Approve on the live card, as Teams would send it. */
export const teamsPress = (scene: Scene): Json =>
  scene.story.sandbox.teams.draft('dana', scene.open.teamsCard, 'purge');

const refused = (why: string) => new RegExp(`refused: POST /api/messages, ${why}`);
const pressed = (verb: string, outcome: string) => new RegExp(`pressed ${verb} in teams: refused, ${outcome}`);
const unexpected = (what: string) => new RegExp(`sent something unexpected: .*${what}`);

type Change = (press: Json, scene: Scene) => Json | string;
const with_ =
  (path: string, value: unknown | ((scene: Scene) => unknown)): Change =>
  (press, scene) =>
    put(press, path, typeof value === 'function' ? value(scene) : value);
const inData = (field: string, value: unknown | ((scene: Scene) => unknown)) =>
  with_(`value.action.data.${field}`, value);
const raw =
  (from: string, to: string): Change =>
  (press) => {
    const text = JSON.stringify(press);
    if (!text.includes(from)) throw new Error(`a press of Teams holds no ${from}`);
    return text.replace(from, to);
  };
const many =
  (...changes: Change[]): Change =>
  (press, scene) =>
    changes.reduce<Json | string>((body, change) => (typeof body === 'string' ? body : change(body, scene)), press);

/** A good body under a token that is not the Bot Connector's. */
const TOKENS: readonly (readonly [string, string, TokenOptions])[] = [
  ['without a token', 'no bearer token', { absent: true }],
  ['with a token that has expired', 'token expired', { expiresIn: -3_600 }],
  ['with a token of tomorrow', 'token from the future', { claims: { nbf: later(3_600), exp: later(7_200) } }],
  ['with a token that never ends', 'token not readable', { claims: { exp: undefined } }],
  ['with a token for ten years', 'token lifetime', { expiresIn: 315_360_000 }],
  ['with alg none', '(algorithm|no bearer token)', { alg: 'none' }],
  ['with HS256 and the public key for a secret', 'algorithm', { alg: 'HS256' }],
  ['with a key that nobody published', 'signature', { key: 'foreign' }],
  ['with a key that does not speak for Teams', 'endorsement', { key: 'unendorsed' }],
  ['by another issuer', 'issuer', { iss: 'https://evil.example' }],
  ['by Entra, says the token', 'issuer', { iss: 'https://sts.windows.net/00000000-0000-4000-8000-00000000c0de/' }],
  ['by the emulator, says the token', 'issuer', { iss: 'https://login.microsoftonline.com/botframework.com/v2.0' }],
  ['for another bot', 'audience', { aud: '00000000-0000-4000-8000-0000000000ff' }],
  ['for two bots at once', 'token not readable', { claims: { aud: ['00000000-0000-4000-8000-0000000000ff'] } }],
  ['with a token that was issued to an app', 'token issued to an app', { claims: { appid: 'evil' } }],
  ['with a token of v2 that was issued to an app', 'token issued to an app', { claims: { azp: 'evil' } }],
  ['with a token without service URL', 'service URL claim', { serviceUrl: null }],
  ['with a token of another service', 'service URL claim', { serviceUrl: 'https://smba.trafficmanager.net/x/' }],
  ['with a token of two services', 'service URL claim', { claims: { serviceUrl: 'https://evil.example/' } }],
];

function later(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

/** Body and claim agree on where to answer: to a place that is none of Teams'. */
const PLACES: readonly (readonly [string, string])[] = [
  ['of a host with ours for a name', 'http://127.0.0.1.evil.example/'],
  ['of a host that ends like Teams', 'https://evilsmba.trafficmanager.net/'],
  ['with our host as user', 'http://127.0.0.1@evil.example/'],
  ['with a password', 'http://a:b@127.0.0.1/'],
  ['without TLS', 'http://smba.trafficmanager.net/teams/'],
  ['that is a file', 'file:///etc/passwd'],
  ['with a query', 'http://127.0.0.1/?x='],
  ['that is blank', ''],
];

/** A good token over a body that Teams would not send, or not from there. */
const BODIES: readonly (readonly [string, RegExp, Change])[] = [
  ['that wants its answer at another port', refused('service URL claim'), with_('serviceUrl', 'http://127.0.0.1:1/')],
  ['without service URL', refused('service URL host'), with_('serviceUrl', undefined)],
  ['without channel', refused('channel'), with_('channelId', undefined)],
  ['with a blank channel', refused('channel'), with_('channelId', '')],
  ['of the web chat', refused('channel'), with_('channelId', 'webchat')],
  ['of an Application Service Extension', refused('channel'), with_('channelId', 'AseChannel:msteams')],
  ['of another tenant', refused('tenant'), with_('channelData.tenant.id', OTHER())],
  ['of two tenants', refused('tenant'), with_('conversation.tenantId', OTHER())],
  [
    'of another tenant, named in the conversation alone',
    refused('tenant'),
    many(with_('channelData.tenant', undefined), with_('conversation.tenantId', OTHER())),
  ],
  [
    'of no tenant',
    refused('tenant'),
    many(with_('channelData.tenant', undefined), with_('conversation.tenantId', undefined)),
  ],
  ['by nobody', refused('person'), with_('from.aadObjectId', undefined)],
  ['by somebody without object id', refused('person'), with_('from.aadObjectId', '29:dana')],
  ['by an object id that nobody has', pressed('purge', 'unknown-person'), with_('from.aadObjectId', OTHER())],
  [
    'by a guest',
    pressed('purge', 'guest'),
    with_('from.aadObjectId', (scene: Scene) => scene.story.sandbox.personas.find(({ key }) => key === 'gus')?.entraId),
  ],
  ['by a skill', refused('role'), with_('from.role', 'skill')],
  ['by a bot', refused('role'), with_('from.role', 'bot')],
  ['to another bot', refused('recipient'), with_('recipient.id', `28:${OTHER()}`)],
  ['that wants its replies in the answer', refused('delivery mode'), with_('deliveryMode', 'expectReplies')],
  ['without id', refused('activity id'), with_('id', undefined)],
  ['that is not JSON', refused('not JSON'), () => 'verb=purge'],
  ['that is a list', refused('not JSON'), (press) => `[${JSON.stringify(press)}]`],
  [
    'nested 20,000 deep',
    refused('not JSON'),
    raw('"value":', `"x":${'['.repeat(20_000)}${']'.repeat(20_000)},"value":`),
  ],
  ['with two verbs', refused('not JSON'), raw('"verb":', '"verb":"details","verb":')],
  ['with a poisoned prototype', refused('not JSON'), raw('"value":', '"__proto__":{"a":1},"value":')],
  ['of 10 MB', refused('too large'), with_('padding', 'x'.repeat(10_000_000))],
  ['with a reason of 10 MB', refused('too large'), inData('reason', 'x'.repeat(10_000_000))],
  ['of another invoke', unexpected('invoke'), with_('name', 'task/submit')],
  ['that nobody pressed', unexpected('automatic'), with_('value.trigger', 'automatic')],
  ['that is a message', unexpected('activity message'), with_('type', 'message')],
  ['in a numbered conversation', /refused: Teams, press of an unknown shape/, with_('conversation.id', 7)],
  [
    'that is a message with a number for words',
    /refused: Teams, activity of an unknown shape/,
    many(with_('type', 'message'), with_('text', 7)),
  ],
  ['of another incident', pressed('purge', 'wrong-place'), inData('incident', (scene: Scene) => scene.other.incident)],
  ['of no incident', pressed('purge', 'unknown-incident'), inData('incident', 'CB-000000')],
  ['of an incident with U+0000', pressed('purge', 'unknown-incident'), inData('incident', 'CB-\u0000')],
  ['of the incident __proto__', pressed('purge', 'unknown-incident'), inData('incident', '__proto__')],
  ['of the plan of another incident', pressed('purge', 'stale-card'), inData('digest', (s: Scene) => s.other.digest)],
  ['of an older plan', pressed('purge', 'stale-card'), inData('digest', '0'.repeat(64))],
  ['of the plan sha256:0000', pressed('purge', 'stale-card'), inData('digest', 'sha256:0000')],
  ['of no plan', pressed('purge', 'stale-card'), inData('digest', '')],
  ['with a list for a plan', unexpected('no card of ours'), inData('digest', (s: Scene) => [s.open.digest])],
  ['with an object for a reason', unexpected('no card of ours'), inData('reason', { $ne: null })],
  ['of a page far out', unexpected('no card of ours'), inData('page', 1e300)],
  ['with the verb __proto__', unexpected('card action'), with_('value.action.verb', '__proto__')],
  ['with the verb lift', unexpected('card action lift'), with_('value.action.verb', 'lift')],
  ['with the verb of a purged incident', pressed('undo', ''), with_('value.action.verb', 'undo')],
  ['with the verb of a containment', pressed('confirm', ''), with_('value.action.verb', 'confirm')],
  [
    'of a card in another conversation',
    pressed('purge', 'wrong-place'),
    with_('conversation.id', '19:evil@thread.tacv2'),
  ],
  ['of another card', pressed('purge', 'wrong-place'), with_('replyToId', (scene: Scene) => scene.other.teamsCard)],
  ['of no card', pressed('purge', 'wrong-place'), with_('replyToId', undefined)],
];

function OTHER(): string {
  return '00000000-0000-4000-8000-0000000000ff';
}

function underToken(token: TokenOptions, change: Change = (press) => press) {
  return (scene: Scene) =>
    Promise.resolve(() => scene.story.sandbox.teams.raw(change(teamsPress(scene), scene), token));
}

/** A good body with an Authorization header that no Connector wrote. */
function underHeader(header: (scene: Scene) => string | Promise<string>): Forgery['aim'] {
  return async (scene) => {
    const authorization = await header(scene);
    const headers = { 'content-type': 'application/json', authorization };
    return () => post(`${scene.story.url}/api/messages`, JSON.stringify(teamsPress(scene)), headers);
  };
}

/** Whoever stole the bot's secret gets such tokens: they are for talking to Teams, and must not talk to us. */
function ownToken(audience: (appId: string) => string) {
  return underHeader(async ({ story: { sandbox } }) => {
    const { clientId } = sandbox.apps.bot;
    return `Bearer ${await sandbox.entra.issue({ clientId, audience: audience(clientId) })}`;
  });
}

export const TEAMS_FORGERIES: readonly Forgery[] = [
  ...TOKENS.map(([name, why, token]) => ({ name, told: refused(why), aim: underToken(token) })),
  { name: 'with junk for a token', told: refused('no bearer token'), aim: underHeader(() => 'Bearer junk') },
  { name: 'with a password', told: refused('no bearer token'), aim: underHeader(() => 'Basic ZGFuYTpkYW5h') },
  {
    name: 'with a token of three empty objects',
    told: refused('(algorithm|no bearer token)'),
    aim: underHeader(() => 'Bearer e30.e30.e30'),
  },
  { name: 'with the bot’s own token for itself', told: refused('issuer'), aim: ownToken((appId) => appId) },
  {
    name: 'with the bot’s own token for the Connector',
    told: refused('(issuer|audience)'),
    aim: ownToken(() => 'https://api.botframework.com'),
  },
  ...PLACES.map(([name, serviceUrl]) => ({
    name: `from a service URL ${name}`,
    told: refused('service URL host'),
    aim: underToken({ serviceUrl }, with_('serviceUrl', serviceUrl)),
  })),
  ...BODIES.map(([name, told, change]) => ({ name, told, aim: underToken({}, change) })),
  {
    name: 'that came in before, byte for byte',
    told: refused('replayed'),
    aim: ({ story, voted }) => Promise.resolve(() => story.sandbox.teams.again(voted.teams.sent)),
  },
  {
    name: 'that came in before, with a fresh token',
    told: refused('replayed'),
    aim: ({ story, voted }) => Promise.resolve(() => story.sandbox.teams.raw(voted.teams.sent.body)),
  },
  {
    name: 'that came in before Clawback was started anew',
    told: refused('replayed'),
    aim: async (scene) => {
      await scene.restarted();
      return () => scene.story.sandbox.teams.raw(scene.voted.teams.sent.body);
    },
  },
];
