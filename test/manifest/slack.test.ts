import { existsSync, globSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { EXAMPLE, exampleWith, policyWith, REPO, runManifest } from './run.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document that the test itself checks.
type Document = any;

/** Slack's schema, where the contracts lie beside the repository. */
const SCHEMA = `${REPO}/../shared/contracts/slack-manifest.schema.json`;

/** Bot scopes that Slack has [docs.slack.dev/reference/scopes], as far as an app of this kind could want them. */
const KNOWN_SCOPES = new Set([
  ...['app_mentions:read', 'bookmarks:read', 'bookmarks:write', 'canvases:read', 'canvases:write', 'commands'],
  ...['channels:history', 'channels:join', 'channels:manage', 'channels:read', 'channels:write.invites'],
  ...['chat:write', 'chat:write.customize', 'chat:write.public', 'dnd:read', 'emoji:read', 'files:read', 'files:write'],
  ...[
    'groups:history',
    'groups:read',
    'groups:write',
    'im:history',
    'im:read',
    'im:write',
    'links:read',
    'links:write',
  ],
  ...['metadata.message:read', 'mpim:history', 'mpim:read', 'mpim:write', 'pins:read', 'pins:write', 'reactions:read'],
  ...['reactions:write', 'reminders:read', 'reminders:write', 'team:read', 'usergroups:read', 'usergroups:write'],
  ...['users.profile:read', 'users:read', 'users:read.email', 'users:write'],
]);

/** What each call of the Web API needs [docs.slack.dev/reference/methods]. Some need no scope of their own. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'auth.test': [],
  'auth.teams.list': [],
  'chat.getPermalink': [],
  'views.open': [],
  'views.push': [],
  'views.publish': [],
  'views.update': [],
  'apps.connections.open': [],
};

/** Of calls that are made only where `slack.files` is on. */
const FILE_NEEDS: Readonly<Record<string, readonly string[]>> = {
  'conversations.open': ['im:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
};

function sources(): string {
  const files = globSync('src/adapters/slack/*.ts', { cwd: REPO });
  return files.map((file) => readFileSync(`${REPO}/${file}`, 'utf8')).join('\n');
}

function callsOfTheCode(): Set<string> {
  const sdk = [...sources().matchAll(/\bclient\s*\.(\w+)\s*\.(\w+)\s*\(/g)].map(([, of, name]) => `${of}.${name}`);
  const plain = [...sources().matchAll(/\b(?:call|ask)\('([\w.]+)'/g)].map(([, name]) => name ?? '');
  return new Set([...sdk, ...plain]);
}

/** Everything that is wrong and that Slack's schema lets pass. */
function slips(manifest: Document): string[] {
  const { features, oauth_config: oauth, settings } = manifest;
  const urls = [
    ...features.slash_commands.map(({ url }: Document) => url),
    settings.interactivity.request_url,
    settings.event_subscriptions?.request_url,
    ...(oauth.redirect_urls ?? []),
  ].filter((url) => url !== undefined);
  const addressed = [
    ...features.slash_commands.map(({ url }: Document) => url),
    settings.interactivity.request_url,
    settings.event_subscriptions?.request_url,
  ];
  return [
    ...oauth.scopes.bot.filter((scope: string) => !KNOWN_SCOPES.has(scope)).map((scope: string) => `scope ${scope}`),
    ...urls.filter((url: string) => new URL(url).protocol !== 'https:').map((url: string) => `not https ${url}`),
    ...(settings.socket_mode_enabled ? [] : addressed.filter((url) => !url).map(() => 'HTTP mode without an address')),
    ...(settings.socket_mode_enabled ? urls.map((url) => `Socket Mode with ${url}`) : []),
  ];
}

async function written(files: Parameters<typeof runManifest>[0] = EXAMPLE): Promise<Document> {
  const { read } = await runManifest(files, '--host', 'bot.example.com');
  return JSON.parse(read('slack-manifest.json').toString('utf8'));
}

const SOCKET = exampleWith(({ slack }) => Object.assign(slack, { mode: 'socket' }));

describe('the Slack manifest', () => {
  it('names the host, where Clawback listens', async () => {
    const manifest = await written();
    expect([manifest.features.slash_commands[0].url, manifest.settings.interactivity.request_url]).toEqual([
      'https://bot.example.com/slack/events',
      'https://bot.example.com/slack/events',
    ]);
  });

  it.each([
    ['over HTTP', EXAMPLE],
    ['in Socket Mode', SOCKET],
    ['before there is a configuration', null],
  ])('has no slip %s', async (_how, config) => {
    expect(slips(await written(config))).toEqual([]);
  });

  it('asks for exactly the scopes of the calls that the code makes, and of its command', async () => {
    const calls = [...callsOfTheCode()].filter((call) => !(call in FILE_NEEDS));
    expect(calls.filter((call) => !(call in NEEDS))).toEqual([]);
    const needed = new Set(['commands', ...calls.flatMap((call) => NEEDS[call] ?? [])]);
    const { scopes } = (await written()).oauth_config;
    expect([scopes.bot.toSorted(), scopes.user]).toEqual([[...needed].sort(), undefined]);
  });

  it('asks for mail addresses only where accounts are linked by them', async () => {
    const linking = await written({ config: EXAMPLE, policy: policyWith({ linkByEmail: true }) });
    const { scopes: usual } = (await written()).oauth_config;
    expect(linking.oauth_config.scopes.bot).toEqual([...usual.bot, 'users:read.email']);
  });

  it('asks to send files to people, and has messages to send them to, only where that is switched on', async () => {
    const usual = await written();
    const sending = await written(exampleWith(({ slack }) => Object.assign(slack, { files: true })));
    const more = [...new Set(Object.values(FILE_NEEDS).flat())];
    expect(sending.oauth_config.scopes.bot.toSorted()).toEqual([...usual.oauth_config.scopes.bot, ...more].sort());
    expect([usual, sending].map(({ features }) => features.app_home.messages_tab_enabled)).toEqual([false, true]);
    expect(sending.features.app_home.messages_tab_read_only_enabled).toBe(true);
    expect(slips(sending)).toEqual([]);
  });

  it('has the shortcut that the code listens for, and asks to read files, only where people report mail', async () => {
    const usual = await written();
    const reporting = await written(exampleWith(({ slack }) => Object.assign(slack, { reports: true })));
    expect(reporting.oauth_config.scopes.bot).toEqual([...usual.oauth_config.scopes.bot, 'files:read']);
    const [, id] = /const REPORT = '([\w:]+)'/.exec(sources()) ?? [];
    expect([usual, reporting].map(({ features }) => features.shortcuts)).toEqual([
      undefined,
      [expect.objectContaining({ name: 'Report to Clawback', type: 'message', callback_id: id })],
    ]);
    // docs.slack.dev, app manifest: names of shortcuts have 24 characters at most.
    const [{ name }] = reporting.features.shortcuts;
    expect([name.length <= 24, slips(reporting)]).toEqual([true, []]);
  });

  it('tells the words of the command as Clawback answers them', async () => {
    const source = readFileSync(`${REPO}/src/flow/decide/command.ts`, 'utf8');
    const words = [...source.matchAll(/case '(\w+)':/g)].map(([, word]) => word ?? '');
    const hint: string = (await written()).features.slash_commands[0].usage_hint;
    expect(hint.split(' | ').map((part) => part.split(' ')[0])).toEqual(expect.arrayContaining(words));
    expect(hint.split(' | ')).toHaveLength(words.length);
  });

  it('finds the calls of the code', () => {
    expect([...callsOfTheCode()].sort()).toEqual(Object.keys({ ...NEEDS, ...FILE_NEEDS }).sort());
  });

  it('switches the Home tab on, and subscribes to the events that the code listens for', async () => {
    const heard = [...sources().matchAll(/\bapp\.event\(\s*'([\w.]+)'/g)].map(([, name]) => name);
    const { features, settings } = await written();
    expect(features.app_home.home_tab_enabled).toBe(true);
    expect(settings.event_subscriptions.bot_events).toEqual(heard);
    expect(heard).toEqual(['app_home_opened']);
  });

  it('rotates no token, because the code keeps the one it was given', async () => {
    expect((await written()).settings.token_rotation_enabled).toBe(false);
  });

  it.each<[string, (manifest: Document) => unknown, string]>([
    ['a mistyped scope', (m) => m.oauth_config.scopes.bot.push('chat:writee'), 'scope chat:writee'],
    [
      'an address without TLS',
      (m) => Object.assign(m.settings.interactivity, { request_url: 'http://bot.example.com/x' }),
      'not https http://bot.example.com/x',
    ],
    [
      'HTTP mode without an address',
      (m) => delete m.settings.interactivity.request_url,
      'HTTP mode without an address',
    ],
    [
      'events without an address',
      (m) => delete m.settings.event_subscriptions.request_url,
      'HTTP mode without an address',
    ],
  ])('these checks see %s', async (_name, change, slip) => {
    const manifest = await written();
    change(manifest);
    expect(slips(manifest)).toEqual([slip]);
  });
});

if (existsSync(SCHEMA)) {
  describe('Slack’s own schema', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    (addFormats as unknown as (target: Ajv) => void)(ajv);
    const valid = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

    it.each([
      ['over HTTP', EXAMPLE],
      ['in Socket Mode', SOCKET],
      ['with its shortcut', exampleWith(({ slack }) => Object.assign(slack, { reports: true }))],
    ])('takes the manifest %s', async (_how, config) => {
      expect([valid(await written(config)), valid.errors]).toEqual([true, null]);
    });

    it('refuses one with an unknown key', async () => {
      expect(valid({ ...(await written()), extra: 1 })).toBe(false);
    });
  });
}
