import { readFileSync } from 'node:fs';
import { zip } from './manifest-zip.ts';

const FOLDER = `${import.meta.dirname}/../../manifest`;

interface SlackManifest {
  features: { slash_commands: { url?: string }[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    socket_mode_enabled: boolean;
    event_subscriptions: { request_url?: string };
    interactivity: { is_enabled: boolean; request_url?: string };
  };
}

/** The Slack app manifest for this host; in Socket Mode it names no address at all. `scopes`: beside the usual ones. */
export function slackManifest(host: string, mode: 'http' | 'socket', scopes: readonly string[]): unknown {
  const manifest = JSON.parse(template('slack/manifest.json').replaceAll('HOST', host)) as SlackManifest;
  manifest.oauth_config.scopes.bot.push(...scopes);
  if (mode === 'http') return manifest;
  for (const command of manifest.features.slash_commands) delete command.url;
  delete manifest.settings.interactivity.request_url;
  delete manifest.settings.event_subscriptions.request_url;
  manifest.settings.socket_mode_enabled = true;
  return manifest;
}

/** The Teams app package: manifest and both icons. */
export function teamsPackage(host: string, botAppId: string): Buffer {
  const manifest: unknown = JSON.parse(
    template('teams/manifest.json').replaceAll('HOST', host).replaceAll('BOT_APP_ID', botAppId),
  );
  return zip([
    { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest, null, 2)) },
    { name: 'color.png', bytes: readFileSync(`${FOLDER}/teams/color.png`) },
    { name: 'outline.png', bytes: readFileSync(`${FOLDER}/teams/outline.png`) },
  ]);
}

function template(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8');
}
