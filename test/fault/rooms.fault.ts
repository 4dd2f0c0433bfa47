import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { land, phishingWave } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { freshDatabase } from '../support/database.ts';

/** 200 alerts at once, two processes, chats that take no more than they say: neither has to say that it is too much. */

const ALERTS = 200;
const AT_ONCE = 20;
const RIGHT_WITHIN_MS = 10_000;

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + 300_000; Date.now() < deadline; ) {
    const seen = await look();
    if (seen !== null) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain until ${what}`);
}

async function world() {
  const fresh = await freshDatabase();
  if (fresh.address.kind !== 'server') throw new Error('this needs a PostgreSQL server: set TEST_DATABASE_URL');
  const sandbox = await startSandbox({ employees: 60, seed: 7 });
  const folder = mkdtempSync(join(tmpdir(), 'clawback-rooms-'));
  const bots: BotProcess[] = [];
  onTestFinished(async () => {
    for (const bot of bots) await bot.stop();
    await sandbox.close();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const files: string[] = [];
  for (const name of ['one', 'two']) {
    const port = await freePort();
    const settings = {
      ...{ folder: join(folder, name), port, log: 'error', databaseUrl: fresh.address.url },
      campaigns: false,
    };
    files.push(writeSandboxConfig(sandbox, settings));
    bots.push(await startBot(files.at(-1) ?? '', `http://127.0.0.1:${port}`, { env: {}, log: () => undefined }));
    if (bots.length === 1) await sandbox.connect(`http://127.0.0.1:${port}`);
  }
  return {
    sandbox,
    report: (n: number) => reportAttack(files[n % 2] ?? '', phishingWave(sandbox, 2)),
    file: files[0] ?? '',
  };
}

/** The last card of an incident in each chat: where it is, and everything it says. */
async function cardsOf({ slack, teams }: Sandbox, incident: string) {
  const inSlack = (await slack.messages()).findLast(({ blocks }) => JSON.stringify(blocks).includes(`cb:${incident}:`));
  const activities = teams.messages().flatMap((thread) => thread.activities);
  const inTeams = activities.findLast(({ card }) => JSON.stringify(card).includes(`"text":"${incident}  `));
  return inSlack && inTeams
    ? {
        slack: { id: inSlack.ts, says: JSON.stringify(inSlack.blocks) },
        teams: { id: inTeams.id, says: JSON.stringify(inTeams.card) },
      }
    : null;
}

it(`${ALERTS} alerts at once: no 429 from a room, nothing left out, a decided card right within ${RIGHT_WITHIN_MS} ms`, async () => {
  const { sandbox, report, file } = await world();
  const wave = phishingWave(sandbox, 20);
  land(sandbox, wave);
  const decided = await reportAttack(file, wave);
  const asked = await until('both cards ask', async () => {
    const cards = await cardsOf(sandbox, decided);
    const words = [cards?.slack.says, cards?.teams.says];
    return cards && words.every((says) => says?.includes('Waiting for approval')) ? cards : null;
  });
  const incidents: string[] = [];
  const storm = Promise.all(
    Array.from({ length: AT_ONCE }, async (_none, lane) => {
      for (let n = lane; n < ALERTS; n += AT_ONCE) incidents.push(await report(n));
    }),
  );
  await until('the storm has begun', () => Promise.resolve(incidents.length > ALERTS / 4 ? true : null));
  await sandbox.slack.click('dana', asked.slack.id, 'cb:purge');
  const pressed = performance.now();
  await sandbox.teams.click('omar', asked.teams.id, 'purge');
  await until('both cards say that it is decided', async () => {
    const cards = await cardsOf(sandbox, decided);
    return cards && ![cards.slack.says, cards.teams.says].some((says) => says.includes('Waiting for approval'))
      ? true
      : null;
  });
  const rightAfter = Math.round(performance.now() - pressed);
  await storm;
  const missing = await until('every incident stands in both chats', async () => {
    const slack = JSON.stringify((await sandbox.slack.messages()).map(({ blocks }) => blocks));
    const teams = JSON.stringify(sandbox.teams.messages());
    return incidents.every((id) => slack.includes(id) && teams.includes(id)) ? [] : null;
  });
  const slackCalls = sandbox.slack.calls.filter(({ method }) => method.startsWith('chat.'));
  const tooMany = [...slackCalls, ...sandbox.teams.calls].filter(({ status }) => status === 429).length;
  const messages = (await sandbox.slack.messages()).length;
  const told = {
    alerts: ALERTS,
    messages,
    slack: slackCalls.length,
    teams: sandbox.teams.calls.length,
    tooMany,
    rightAfter,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  expect([missing, tooMany]).toEqual([[], 0]);
  expect(rightAfter).toBeLessThan(RIGHT_WITHIN_MS);
});
