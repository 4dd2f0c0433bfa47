import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { land, phishingWave } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { freshDatabase } from '../support/database.ts';

/** A process that is asked to end, in the middle of its work. Several processes are started: a busy machine takes its time. */

vi.setConfig({ testTimeout: 240_000 });

async function idle() {
  const sandbox = await startSandbox({ employees: 4, seed: 21 });
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'clawback-stopping-'));
  const port = await freePort();
  const { address } = fresh;
  const where = address.kind === 'server' ? { databaseUrl: address.url } : { data: address.folder };
  const file = writeSandboxConfig(sandbox, { folder, port, log: 'error', ...where });
  const url = `http://127.0.0.1:${port}`;
  const bots: BotProcess[] = [];
  const start = async () => {
    const bot = await startBot(file, url, { env: {}, log: () => undefined });
    bots.push(bot);
    return bot;
  };
  onTestFinished(async () => {
    for (const bot of bots) await bot.kill();
    await sandbox.close();
    await fresh.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const bot = await start();
  const ready = () =>
    fetch(new URL('/readyz', url)).then(
      ({ status }) => status,
      () => 0,
    );
  return { sandbox, bot, start, url, file, ready };
}

async function atWork() {
  const place = await idle();
  const { sandbox, url, file } = place;
  await sandbox.connect(url);
  const landed = land(sandbox, phishingWave(sandbox, 3));
  await reportAttack(file, landed.attack);
  const cardWith = async (words: string) =>
    (await sandbox.slack.messages()).find(({ blocks }) => JSON.stringify(blocks).includes(words));
  await until(async () => (await cardWith('cb:purge')) !== undefined);
  // The mailboxes take the first request of the run and do not answer, for longer than a process has to end; until then
  // that request counts against them, whoever has sent it.
  for (const { userId } of landed.copies) sandbox.graph.faults.set({ latencyMs: [40_000, 40_000] }, userId);
  await sandbox.slack.click('dana', (await cardWith('cb:purge'))?.ts ?? '', 'cb:purge');
  await until(async () => (await cardWith('"Purging"')) !== undefined);
  return { ...place, landed, cardWith };
}

async function until(look: () => Promise<boolean>): Promise<void> {
  await expect.poll(look, { timeout: 150_000 }).toBe(true);
}

test('readiness goes first, mailboxes that hang keep nobody, and the next process ends the work', async () => {
  const { sandbox, bot, start, url, ready, landed, cardWith } = await atWork();
  process.kill(bot.pid, 'SIGTERM');
  await expect.poll(ready, { interval: 20, timeout: 60_000 }).toBe(503);
  expect((await fetch(new URL('/livez', url))).status).toBe(200);
  expect(await bot.ended).toBe(0);
  sandbox.graph.faults.clear();
  await start();
  await until(async () => (await cardWith('Purged: 3 removed')) !== undefined);
  const writes = sandbox.graph.log.writes().map(({ message }) => message);
  expect(new Set(writes)).toEqual(new Set(landed.copies.map(({ messageId }) => messageId)));
});

/** As often as many a load balancer asks. */
const NEXT_LOOK_MS = 2_000;

test('a process with nothing to do is not ready before its port closes, for as long as it takes to be noticed', async () => {
  const { bot, ready } = await idle();
  process.kill(bot.pid, 'SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, NEXT_LOOK_MS));
  expect(await ready()).toBe(503);
  expect(await bot.ended).toBe(0);
});

test('a person at the keyboard waits for no such look', async () => {
  const { bot, ready } = await idle();
  process.kill(bot.pid, 'SIGINT');
  await expect.poll(ready, { interval: 20, timeout: 60_000 }).toBe(0);
  expect(await bot.ended).toBe(0);
});

test('asked a second time, it ends at once', async () => {
  const { bot } = await atWork();
  process.kill(bot.pid, 'SIGTERM');
  process.kill(bot.pid, 'SIGINT');
  expect([130, 143]).toContain(await bot.ended);
});
