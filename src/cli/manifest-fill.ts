import { readFileSync } from 'node:fs';
import { zip } from './manifest-zip.ts';

const FOLDER = `${import.meta.dirname}/../../manifest`;

interface SlackManifest {
  features: { app_home: { messages_tab_enabled: boolean }; slash_commands: { url?: string }[]; shortcuts?: object[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    socket_mode_enabled: boolean;
    event_subscriptions: { request_url?: string };
    interactivity: { is_enabled: boolean; request_url?: string };
  };
}

interface SlackWishes {
  readonly mode: 'http' | 'socket';
  /** Beside the usual ones. */
  readonly scopes: readonly string[];
  /** Whether the app sends anything to people's messages with it; they cannot write there. */
  readonly messages: boolean;
  /** Whether people report mail with a shortcut on a message. */
  readonly reports: boolean;
}

/** On a message; the name is what its menu shows. */
const SHORTCUT = {
  name: 'Report to Clawback',
  type: 'message',
  callback_id: 'cb:report',
  description: 'Reports the mail that is attached here as .eml or .msg',
};
/** In the menu of a message: Teams hands the files there out to no bot, so that it says what to do instead. */
const ACTION = {
  id: 'report',
  type: 'action',
  title: 'Report to Clawback',
  description: 'Says how to report the mail file in this message',
  context: ['message'],
  fetchTask: true,
};

interface TeamsManifest {
  bots: { supportsFiles: boolean }[];
  composeExtensions?: object[];
}

/** The Slack app manifest for this host; in Socket Mode it names no address at all. */
export function slackManifest(host: string, { mode, scopes, messages, reports }: SlackWishes): unknown {
  const manifest = JSON.parse(template('slack/manifest.json').replaceAll('HOST', host)) as SlackManifest;
  manifest.oauth_config.scopes.bot.push(...scopes);
  manifest.features.app_home.messages_tab_enabled = messages;
  if (reports) manifest.features.shortcuts = [SHORTCUT];
  if (mode === 'http') return manifest;
  for (const command of manifest.features.slash_commands) delete command.url;
  delete manifest.settings.interactivity.request_url;
  delete manifest.settings.event_subscriptions.request_url;
  manifest.settings.socket_mode_enabled = true;
  return manifest;
}

/** The Teams app package: manifest and both icons. */
export function teamsPackage(host: string, botAppId: string, reports = false): Buffer {
  const manifest = JSON.parse(
    template('teams/manifest.json').replaceAll('HOST', host).replaceAll('BOT_APP_ID', botAppId),
  ) as TeamsManifest;
  if (reports) {
    for (const bot of manifest.bots) bot.supportsFiles = true;
    manifest.composeExtensions = [{ botId: botAppId, commands: [ACTION] }];
  }
  return zip([
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest, null, 2)) },
    { name: 'color.png', bytes: readFileSync(`${FOLDER}/teams/color.png`) },
    { name: 'outline.png', bytes: readFileSync(`${FOLDER}/teams/outline.png`) },
  ]);
}

function template(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8');
}
