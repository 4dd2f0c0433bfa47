import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Arguments, ended, type Shell } from '../../cli/shell.ts';
import { ClawbackError } from '../../core/error.ts';
import { land, phishingWave } from '../attacks.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { type BotProcess, startBot } from './bot-process.ts';
import { freePort, writeSandboxConfig } from './configuration.ts';
import { startFront } from './playground-front.ts';
import { reportAttack } from './report-attack.ts';

const PACKAGE = '@microsoft/m365agentsplayground';
const HOW = [
  `${PACKAGE} is not installed. It is Microsoft's own test client for Teams bots, and optional here:`,
  `  npm i --no-save ${PACKAGE}@0.2.28`,
  'Its licence lets you evaluate it and forbids passing it on: read it (node_modules/@microsoft/m365agentsplayground/LICENSE).',
  'It listens on all interfaces of this machine while it runs.',
];
const READY_WITHIN_MS = 60_000;

export interface Playground {
  /** The page to open. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Resolves when the page is open. What is posted before that, the Playground does not show. */
  readonly visited: Promise<void>;
  /** A phishing mail lands and is reported; answers the incident's id. */
  attack(): Promise<string>;
  close(): Promise<void>;
}

/** `clawback playground`: the sandbox with Microsoft's Agents Playground in the place of Teams. */
export async function playground(shell: Shell, _args: Arguments): Promise<number> {
  if (playgroundScript(shell.folder) === null) {
    for (const line of HOW) shell.err(line);
    return 1;
  }
  const running = await startPlayground(shell);
  shell.out(`Open ${running.url}: you are Dana. Ctrl+C ends it.`);
  const stopped = ended(shell).then(() => 'stopped' as const);
  if ((await Promise.race([stopped, running.visited])) !== 'stopped') {
    shell.out(`Incident ${await running.attack()} waits in the channel “Mail alerts”.`);
    await stopped;
  }
  await running.close();
  return 0;
}

/** Path of the Playground's own script, as installed for `folder`; null when it is not. */
export function playgroundScript(folder: string): string | null {
  try {
    const file = createRequire(join(folder, 'package.json')).resolve(`${PACKAGE}/package.json`);
    return join(dirname(file), 'cli.js');
  } catch {
    return null;
  }
}

/** Sandbox, Clawback and Playground, each in its place. Throws ClawbackError when one of them does not come up. */
export async function startPlayground(shell: Pick<Shell, 'folder' | 'env' | 'err'>): Promise<Playground> {
  const script = playgroundScript(shell.folder);
  if (script === null) throw new ClawbackError('config', HOW.join('\n'));
  const folder = mkdtempSync(join(tmpdir(), 'clawback-playground-'));
  const releases: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const sandbox = await startSandbox({ employees: 40 });
    releases.push(() => sandbox.close());
    const front = await startFront(sandbox.teams);
    releases.push(() => front.close());
    const [port, pagePort] = [await freePort(), await freePort()];
    const page = `http://127.0.0.1:${pagePort}`;
    const file = writeSandboxConfig(sandbox, { folder, port });
    pointTeamsTo(file, `${page}/_connector`);
    const bot: BotProcess = await startBot(file, `http://127.0.0.1:${port}`, { env: shell.env, log: shell.err });
    releases.push(() => bot.stop());
    // Without the stand-in's own installation: it would tell the bot that its team is at the stand-in.
    sandbox.slack.connect({ eventsUrl: `http://127.0.0.1:${port}/slack/events` });
    sandbox.teams.connect({ messagesUrl: `http://127.0.0.1:${port}/api/messages` });
    releases.push(await startClient({ script, folder, sandbox, front: front.url, page, port: pagePort }));
    const attack = async () => {
      const wave = phishingWave(sandbox, 30);
      land(sandbox, wave);
      return reportAttack(file, wave);
    };
    return { url: page, visited: front.visited, sandbox, attack, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function pointTeamsTo(file: string, serviceUrl: string): void {
  const config = parse(readFileSync(file, 'utf8')) as { tenants: { teams: { serviceUrl: string } }[] };
  for (const { teams } of config.tenants) teams.serviceUrl = serviceUrl;
  writeFileSync(file, stringify(config));
}

interface Client {
  readonly script: string;
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly front: string;
  readonly page: string;
  readonly port: number;
}

/** Answers how to end it. */
async function startClient({ script, folder, sandbox, front, page, port }: Client): Promise<() => Promise<void>> {
  const settings = join(folder, '.m365agentsplayground.yml');
  writeFileSync(settings, stringify(settingsOf(sandbox)));
  const child = spawn(
    process.execPath,
    [script, '-e', front, '-c', 'msteams', '-p', String(port), '--disable-telemetry'],
    {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        HOME: folder,
        BROWSER: 'none',
        TEAMS_APP_TEST_TOOL_CONFIG_PATH: settings,
      },
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const up = await fetch(page).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return stop;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await stop();
  throw new ClawbackError('unavailable', `the Agents Playground did not start at ${page}`);
}

/** It wants exactly five people beside the current one, and exactly one channel. */
function settingsOf({ tenantId, teams, teamId, personas, apps, domain }: Sandbox) {
  const others = [
    ...personas.slice(1),
    { key: 'nina', name: 'Nina Neighbour', entraId: '00000000-0000-4000-8000-0000000000d6', address: `nina@${domain}` },
  ];
  const person = ({ key, name, entraId, address }: (typeof others)[number]) => {
    const [givenName = name, surname = ''] = name.split(' ');
    return {
      id: `29:${key}`,
      name,
      userPrincipleName: address,
      aadObjectId: entraId,
      givenName,
      surname,
      email: address,
    };
  };
  return {
    version: '0.1.1',
    tenantId,
    bot: { id: `28:${apps.bot.clientId}`, name: 'Clawback' },
    currentUser: personas.slice(0, 1).map(person)[0],
    users: others.map(person),
    personalChat: { id: 'personal-chat' },
    groupChat: { id: 'group-chat', name: 'Group' },
    team: {
      id: teamId,
      name: 'Security',
      aadGroupId: '00000000-0000-4000-8000-0000000000e1',
      channels: [{ id: teams.channelId, name: 'Mail alerts' }],
    },
  };
}
