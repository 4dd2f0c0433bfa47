import { createHmac } from 'node:crypto';
import { type Json, record } from '../../../src/sandbox/slack/loopback.ts';
import { type Forgery, firstAction, post, put, type Scene } from './scene.ts';

const refused = (why: string) => new RegExp(`refused: POST /slack/events, ${why}`);
const pressed = (verb: string, outcome: string) => new RegExp(`pressed ${verb} in slack: refused, ${outcome}`);
const unexpected = (what: string) => new RegExp(`sent something unexpected: .*${what}`);

/** How a request is signed, where not as it should be. */
interface Signing {
  readonly secret?: string;
  /** Seconds from now. */
  readonly shift?: number;
  /** In place of the timestamp, and signed like it; null leaves it out. */
  readonly at?: string | null;
  /** Last hand on the body after it was signed. */
  readonly swap?: (body: string) => string;
  readonly signature?: (good: string) => string;
  readonly unsigned?: boolean;
}

const formed = (payload: Json) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

/** Sends a body as Slack signs it. */
function slackPost(scene: Scene, body: string, signing: Signing = {}) {
  const { sandbox, url } = scene.story;
  const at = signing.at === undefined ? String(Math.floor(Date.now() / 1_000) + (signing.shift ?? 0)) : signing.at;
  const mac = createHmac('sha256', signing.secret ?? sandbox.slackSecrets.signingSecret);
  const good = `v0=${mac.update(`v0:${at ?? ''}:${body}`).digest('hex')}`;
  return post(`${url}/slack/events`, signing.swap?.(body) ?? body, {
    'content-type': 'application/x-www-form-urlencoded',
    ...(at === null ? {} : { 'x-slack-request-timestamp': at }),
    ...(signing.unsigned ? {} : { 'x-slack-signature': signing.signature?.(good) ?? good }),
  });
}

/** The press with its one action changed. */
const action = (field: string, value: unknown) => (press: Json) =>
  put(press, 'actions', [put(firstAction(press), field, value)]);
/** The press with another value of its button: what is not a text is written as JSON. */
const value = (change: (scene: Scene, good: Json) => unknown) => (press: Json, scene: Scene) => {
  const next = change(scene, JSON.parse(String(firstAction(press)['value'])) as Json);
  return action('value', typeof next === 'string' ? next : JSON.stringify(next))(press);
};
const field = (path: string, to: unknown | ((scene: Scene) => unknown)) => (press: Json, scene: Scene) =>
  put(press, path, typeof to === 'function' ? to(scene) : to);
/** The reason form with another place that it claims to come from. */
const origin = (change: (scene: Scene) => Json) => (form: Json, scene: Scene) => {
  const good = JSON.parse(String(record(form['view'])['private_metadata'])) as Json;
  return put(form, 'view.private_metadata', JSON.stringify({ ...good, ...change(scene) }));
};

/** A good press that Slack did not sign, or not now, or not so. */
const SIGNATURES: readonly (readonly [string, string, Signing])[] = [
  ['without a signature', 'signature', { unsigned: true }],
  ['signed with another secret', 'signature', { secret: 'not-the-secret' }],
  ['signed with an empty secret', 'signature', { secret: '' }],
  ['signed in the old way', 'signature', { signature: (good) => good.replace('v0=', 'v1=') }],
  ['with half a signature', 'signature', { signature: (good) => good.slice(0, 35) }],
  ['with a signature in capitals', 'signature', { signature: (good) => good.toUpperCase() }],
  ['changed after it was signed', 'signature', { swap: (body) => `${body}&x=1` }],
  ['six minutes old', 'timestamp out', { shift: -360 }],
  ['six minutes ahead', 'timestamp out', { shift: 360 }],
  ['of the year 9999', 'timestamp out', { at: '253370764800' }],
  ['without a timestamp', 'timestamp$', { at: null }],
  ['with a timestamp in words', 'timestamp$', { at: 'now' }],
  ['with a timestamp in hex', 'timestamp$', { at: '0x6566' }],
  ['with a timestamp that has a tail', 'timestamp$', { at: `${Math.floor(Date.now() / 1_000)}abc` }],
  ['of 10 MB', 'too large', { swap: (body) => body + 'x'.repeat(10_000_000) }],
];

/** A good signature over a press that Slack would not send, or not from there. */
const PRESSES: readonly (readonly [string, RegExp, (press: Json, scene: Scene) => Json])[] = [
  ['of another workspace', unexpected('another workspace'), field('team.id', 'T0EXTERNAL')],
  ['by somebody of another workspace', unexpected('another workspace'), field('user.team_id', 'T0EXTERNAL')],
  ['by somebody without workspace', unexpected('another workspace'), field('user.team_id', undefined)],
  [
    'of an organisation instead of a workspace',
    unexpected('another workspace'),
    (press) => ({ ...press, team: null, enterprise: { id: 'E0EVIL' }, is_enterprise_install: true }),
  ],
  ['by somebody whom Slack does not know', pressed('purge', 'unknown-person'), field('user.id', 'U0NOBODY')],
  [
    'by a guest',
    pressed('purge', 'guest'),
    field('user.id', (scene: Scene) => scene.story.sandbox.slack.users['gus']?.id),
  ],
  ['by nobody', refused('Bolt answered'), field('user', undefined)],
  [
    'of a card in another channel',
    pressed('purge', 'wrong-place'),
    field('container.channel_id', (scene: Scene) => scene.story.sandbox.slack.otherChannelId),
  ],
  ['of a card nowhere', unexpected('press of cb:purge'), field('container.channel_id', undefined)],
  ['of another card', pressed('purge', 'wrong-place'), field('container.message_ts', (s: Scene) => s.other.slackCard)],
  ['of an older card', pressed('purge', 'wrong-place'), field('container.message_ts', '1700000000.000100')],
  [
    'of two buttons',
    unexpected('2 actions'),
    (press) => ({ ...press, actions: [firstAction(press), firstAction(press)] }),
  ],
  ['of no button', refused('Bolt answered'), (press) => ({ ...press, actions: [] })],
  ['of a button that no card has', unexpected('press of cb:lift'), action('action_id', 'cb:lift')],
  ['of the button __proto__', unexpected('press of __proto__'), action('action_id', '__proto__')],
  [
    'in the block of another incident',
    unexpected('press of cb:purge'),
    (press, scene) => action('block_id', `cb:${scene.other.incident}:1`)(press),
  ],
  [
    'of another incident, block and all',
    pressed('purge', 'wrong-place'),
    (press, scene) =>
      action(
        'block_id',
        `cb:${scene.other.incident}:1`,
      )(value(({ other }) => ({ incident: other.incident, digest: other.digest }))(press, scene)),
  ],
  ['without a value', unexpected('press of cb:purge'), action('value', undefined)],
  ['with a value that is not JSON', unexpected('press of cb:purge'), value(() => 'purge')],
  ['with a value that says more', unexpected('press of cb:purge'), value((_s, good) => ({ ...good, approved: true }))],
  [
    'with a poisoned prototype',
    unexpected('press of cb:purge'),
    value((_s, good) => JSON.stringify(good).replace('{', '{"__proto__":{"a":1},')),
  ],
  ['of a page far out', unexpected('press of cb:purge'), value((_s, good) => ({ ...good, page: 1e300 }))],
  [
    'of a plan that is a list',
    unexpected('press of cb:purge'),
    value((_s, good) => ({ ...good, digest: [good['digest']] })),
  ],
  [
    'of the plan of another incident',
    pressed('purge', 'stale-card'),
    value((s, good) => ({ ...good, digest: s.other.digest })),
  ],
  [
    'of the plan sha256:0000',
    pressed('purge', 'stale-card'),
    value((_s, good) => ({ ...good, digest: 'sha256:0000' })),
  ],
  ['of no plan', pressed('purge', 'stale-card'), value((_s, good) => ({ ...good, digest: '' }))],
  ['of the button of a purged incident', pressed('undo', ''), action('action_id', 'cb:undo')],
  [
    'in a window, which only shows',
    unexpected('press of cb:purge'),
    (press, { open }) => {
      const { incident, digest, slackCard } = open;
      const place = { incident, digest, channel: 'C0', ts: slackCard };
      return action('block_id', 'cb:page:1')({ ...press, view: { id: 'V0', private_metadata: JSON.stringify(place) } });
    },
  ],
  [
    'of a menu of messages',
    /refused: Slack, press of an unknown shape/,
    (press) => ({ ...press, type: 'message_action', callback_id: 'cb:purge' }),
  ],
];

const FORMS: readonly (readonly [string, RegExp, (form: Json, scene: Scene) => Json])[] = [
  ['of another incident', pressed('reject', 'wrong-place'), origin(({ other }) => ({ incident: other.incident }))],
  ['of another card', pressed('reject', 'wrong-place'), origin(({ other }) => ({ ts: other.slackCard }))],
  ['of another plan', pressed('reject', 'stale-card'), origin(({ other }) => ({ digest: other.digest }))],
  [
    'of another channel',
    pressed('reject', 'wrong-place'),
    origin(({ story }) => ({ channel: story.sandbox.slack.otherChannelId })),
  ],
  ['for another verb', unexpected('none of ours'), origin(() => ({ verb: 'lift' }))],
  ['that says more', unexpected('none of ours'), origin(() => ({ approved: true }))],
  ['that says nothing', unexpected('none of ours'), field('view.private_metadata', '')],
  ['by another name', unexpected('none of ours'), field('view.callback_id', 'cb:approve')],
  ['of another workspace', unexpected('another workspace'), field('team.id', 'T0EXTERNAL')],
  ['by somebody of another workspace', unexpected('another workspace'), field('user.team_id', 'T0EXTERNAL')],
  ['without its input', /refused: Slack, form of an unknown shape/, field('view.state.values', {})],
];

/** `/clawback stop` stops everything, whoever of ours says it. */
function stopCommand({ story: { sandbox } }: Scene, change: Record<string, string> = {}): string {
  const { teamId, channelId, users } = sandbox.slack;
  return new URLSearchParams({
    ...{ team_id: teamId, channel_id: channelId, user_id: users['dana']?.id ?? '', user_name: 'dana' },
    ...{ command: '/clawback', text: 'stop forged', trigger_id: '1.2.3', response_url: `${sandbox.slack.apiUrl}none` },
    ...change,
  }).toString();
}

const now = (send: (scene: Scene) => Promise<unknown>): Forgery['aim'] => {
  return (scene) => Promise.resolve(() => send(scene));
};

export const SLACK_FORGERIES: readonly Forgery[] = [
  ...SIGNATURES.map(([name, why, signing]) => ({
    name: `a press ${name}`,
    told: refused(why),
    aim: now((scene) => slackPost(scene, formed(scene.slackPress), signing)),
  })),
  ...PRESSES.map(([name, told, change]) => ({
    name: `a press ${name}`,
    told,
    aim: now((scene) => slackPost(scene, formed(change(scene.slackPress, scene)))),
  })),
  ...FORMS.map(([name, told, change]) => ({
    name: `a reason form ${name}`,
    told,
    aim: now((scene) => slackPost(scene, formed(change(scene.slackForm, scene)))),
  })),
  {
    name: 'a press that came in before, byte for byte',
    told: refused('replayed'),
    aim: now(({ story, voted }) => story.sandbox.slack.again(voted.slack.sent)),
  },
  {
    name: 'a press that came in before, said to be a retry',
    told: refused('replayed'),
    aim: now(({ story, voted: { slack } }) =>
      story.sandbox.slack.again({ ...slack.sent, headers: { ...slack.sent.headers, 'x-slack-retry-num': '1' } }),
    ),
  },
  {
    name: 'a press that came in before Clawback was started anew',
    told: refused('replayed'),
    aim: async (scene) => {
      await scene.restarted();
      return () => scene.story.sandbox.slack.again(scene.voted.slack.sent);
    },
  },
  {
    name: 'a stop without a signature',
    told: refused('signature'),
    aim: now((scene) => slackPost(scene, stopCommand(scene), { unsigned: true })),
  },
  {
    name: 'a stop from another workspace',
    told: unexpected('command from another workspace'),
    aim: now((scene) => slackPost(scene, stopCommand(scene, { team_id: 'T0EXTERNAL' }))),
  },
  {
    name: 'a stop by a guest',
    told: unexpected('stop from somebody who is not to be answered: guest'),
    aim: now((scene) => {
      const guest = scene.story.sandbox.slack.users['gus']?.id ?? '';
      return slackPost(scene, stopCommand(scene, { user_id: guest, user_name: 'gus' }));
    }),
  },
];

/** The unforged one, to show that it would have worked. */
export const slackFormOf = (scene: Scene) => slackPost(scene, formed(scene.slackForm));
