import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../src/config/secrets.ts';
import { type Attack, land } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { freshDatabase } from '../support/database.ts';
import { layWire, type Wire } from '../support/wire.ts';

/** Two processes of Clawback on one PostgreSQL, and a crowd that can press faster than any client would let it. */
export interface Storm {
  readonly sandbox: Sandbox;
  readonly databaseUrl: string;
  readonly crew: readonly Member[];
  attack(attack: Attack): Promise<string>;
  /** The live cards of an incident, as payloads that can be pressed again and again. */
  cards(incident: string): Promise<Crowd>;
  until<T>(what: string, look: () => Promise<T | null>): Promise<T>;
  close(): Promise<void>;
}

/** A process and the wire that leads it to the database. */
interface Member {
  readonly bot: BotProcess;
  readonly wire: Wire;
  readonly file: string;
  /** The last of what it logged. */
  readonly words: readonly string[];
}

export interface Crowd {
  /** One press by one person; `n` chooses the process. Answers the HTTP status. */
  slack(who: string, verb: string, n: number): Promise<number>;
  teams(who: string, verb: string, n: number): Promise<number>;
}

type Json = Record<string, unknown>;
const PATIENCE_MS = 300_000;

/** `env` of the one process and the other. */
export async function startStorm(env: readonly [Environment, Environment] = [{}, {}]): Promise<Storm> {
  const fresh = await freshDatabase();
  if (fresh.address.kind !== 'server') throw new Error('the storm needs a PostgreSQL server: set TEST_DATABASE_URL');
  const databaseUrl = fresh.address.url;
  const sandbox = await startSandbox({
    employees: 60,
    seed: 5,
    slackLimits: { perMinute: {}, postsPerSecond: 1_000, postBurst: 1_000 },
  });
  const folder = mkdtempSync(join(tmpdir(), 'clawback-storm-'));
  const crew: Member[] = [];
  const close = async () => {
    for (const { bot, wire } of crew) {
      await bot.stop();
      await wire.close();
    }
    await sandbox.close();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const [index, name] of ['one', 'two'].entries()) {
    const port = await freePort();
    const wire = await layWire(databaseUrl);
    const limits = {
      pressesPerMinute: 100_000,
      refusalsPerMinute: 100_000,
      alertsPerMinute: 1_000,
      cardsPerMinute: 10_000,
    };
    const settings = {
      folder: join(folder, name),
      port,
      log: 'error',
      databaseUrl: wire.url,
      limits,
      campaigns: false,
    };
    const file = writeSandboxConfig(sandbox, settings);
    const words: string[] = [];
    const log = (line: string) => void (words.push(line.slice(0, 600)) > 60 && words.shift());
    const bot = await startBot(file, `http://127.0.0.1:${port}`, { env: env[index] ?? {}, log }).catch(
      async (error: unknown) => {
        await wire.close();
        await close();
        throw error;
      },
    );
    crew.push({ bot, wire, file, words });
    if (crew.length === 1) await sandbox.connect(`http://127.0.0.1:${port}`);
  }
  const urlOf = (n: number) => crew[n % crew.length]?.bot.url ?? '';

  async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
      const seen = await look();
      if (seen !== null) return seen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`waited in vain until ${what}`);
  }

  return {
    sandbox,
    databaseUrl,
    crew,
    until,
    attack(attack) {
      land(sandbox, attack);
      return reportAttack(crew[0]?.file ?? '', attack);
    },
    async cards(incident) {
      const slack = await until('the card is in Slack', async () => {
        const found = (await sandbox.slack.messages()).find(
          (one) => JSON.stringify(one.blocks).includes('cb:purge') && JSON.stringify(one.blocks).includes(incident),
        );
        return found ?? null;
      });
      const teams = await until('the card is in Teams', async () => {
        const all = sandbox.teams.messages().flatMap((thread) => thread.activities);
        return (
          all.find(
            ({ card }) => JSON.stringify(card ?? '').includes('"purge"') && JSON.stringify(card).includes(incident),
          ) ?? null
        );
      });
      const button = buttonsIn(slack.blocks);
      const draft = sandbox.teams.draft('dana', teams.id, 'purge');
      return {
        slack: (who, verb, n) => pressInSlack(sandbox, urlOf(n), { who, verb, ts: slack.ts, button: button(verb) }),
        teams: (who, verb, n) => pressInTeams(sandbox, urlOf(n), { who, verb, draft }),
      };
    },
    close,
  };
}

/** A press by action id; one that the card does not show (any more) is made up from its neighbours. */
function buttonsIn(blocks: readonly Json[]): (verb: string) => Json {
  const actions = blocks.find(({ type }) => type === 'actions') ?? {};
  const elements = (actions['elements'] ?? []) as readonly Json[];
  const [first] = elements;
  return (verb) => ({
    type: 'button',
    action_id: `cb:${verb}`,
    block_id: actions['block_id'],
    value: first?.['value'],
    action_ts: String(Date.now() / 1_000),
  });
}

async function pressInSlack(
  { slack, slackSecrets }: Sandbox,
  url: string,
  one: { readonly who: string; readonly verb: string; readonly ts: string; readonly button: Json },
): Promise<number> {
  const user = slack.users[one.who];
  const payload = {
    type: 'block_actions',
    team: { id: slack.teamId, domain: 'sandbox' },
    user: { id: user?.id, username: one.who, name: one.who, team_id: slack.teamId },
    // Unique, so that no press is taken for a replay of another.
    trigger_id: randomUUID(),
    container: { type: 'message', message_ts: one.ts, channel_id: slack.channelId },
    channel: { id: slack.channelId, name: 'soc-mail-alerts' },
    actions: [one.button],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac('sha256', slackSecrets.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(new URL('/slack/events', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${mac}`,
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

async function pressInTeams(
  { teams }: Sandbox,
  url: string,
  { who, verb, draft }: { readonly who: string; readonly verb: string; readonly draft: Json },
): Promise<number> {
  const member = teams.members[who];
  const value = draft['value'] as { action: Json; trigger: string };
  const activity = {
    ...draft,
    id: `f:${randomUUID()}`,
    from: { id: member?.id, name: member?.name, aadObjectId: member?.aadObjectId },
    value: { ...value, action: { ...value.action, verb, data: withReason(value.action['data'], verb) } },
  };
  teams.connect({ messagesUrl: new URL('/api/messages', url).href });
  return (await teams.raw(activity)).status;
}

function withReason(data: unknown, verb: string): unknown {
  return verb === 'reject' ? { ...(data as Json), reason: 'our own campaign' } : data;
}
