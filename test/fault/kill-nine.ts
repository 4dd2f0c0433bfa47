import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import { type Landed, land, phishingWave } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { readBack } from '../support/entries.ts';
import { type Sight, wrongAtTheEnd, wrongNow } from './crash-oracle.ts';

/** Real processes on a real database, killed with signal 9 while they look and while they purge, and started again. */

/** More than are looked into at once: the search is work of its own that is claimed, and taken up again. */
const COPIES = 300;
/** Within this after the alert was taken the signal comes, in every other incident: mailboxes are being looked into. */
const LOOKING_MS = 1_500;
const OUT_OF_SIGHT = 'Deletions';
/** A server's leases have to run out first. */
const PATIENCE_MS = 600_000;
/** The signal comes when a random part of what is left is gone, or after this where it is over by then. */
const SOON_MS = 25_000;
const MOST_KILLS = 3;
const TWO_PEOPLE = `version: 1
caps: { tenant: { mailboxesPerHour: 1000000 } }
rules:
  - { name: two people, when: { action: [purge] }, approve: [{ role: approver, count: 2 }] }
`;

export interface KilledFor {
  readonly kills: number;
  readonly incidents: number;
  /** Copies that were gone when the signal came, by kill; 0 while mailboxes were still being looked into. */
  readonly goneAt: readonly number[];
}

/** Throws at the first thing that must not be. */
export async function killFor(kills: number, random: () => number, address: DatabaseAddress): Promise<KilledFor> {
  const sandbox = await startSandbox({ employees: COPIES + 10, seed: 5 });
  sandbox.graph.faults.set({
    latencyMs: [50, 900],
    throttled: { share: 0.05, retryAfter: [0.2, 0.6] },
    lostAnswers: 0.05,
  });
  const folder = mkdtempSync(join(tmpdir(), 'clawback-kill-'));
  const port = await freePort();
  const file = writeSandboxConfig(sandbox, {
    ...{ folder, port, log: 'error', policy: TWO_PEOPLE, limits: { cardsPerMinute: 10_000 } },
    campaigns: false,
    ...(address.kind === 'server' ? { databaseUrl: address.url } : { data: address.folder }),
  });
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const bot = await startBot(file, url, { env: {}, log: () => undefined });
    await sandbox.connect(url);
    return bot;
  };
  let bot: BotProcess = await start();
  const goneAt: number[] = [];
  let incidents = 0;
  const killed = async (copiesGone = 0) => {
    goneAt.push(copiesGone);
    await bot.kill();
    bot = await start();
  };
  try {
    while (goneAt.length < kills) {
      const landed = land(sandbox, anew(sandbox, incidents));
      const incident = await reportAttack(file, landed.attack);
      if (incidents % 2 === 0) {
        await pause(random() * LOOKING_MS);
        await killed();
      }
      await approved(sandbox, incident);
      for (let n = 0; n < MOST_KILLS && goneAt.length < kills; n += 1) {
        await halfWay(sandbox, landed, random());
        await killed(gone(sandbox, landed));
      }
      await until(`${incident} is purged`, async () => (await cardOf(sandbox, incident)).words.includes('Purged:'));
      await bot.stop();
      await judge(sandbox, address, landed, incident);
      incidents += 1;
      if (goneAt.length < kills) bot = await start();
    }
    return { kills: goneAt.length, incidents, goneAt };
  } finally {
    await bot.kill();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function anew(sandbox: Sandbox, n: number) {
  const wave = phishingWave(sandbox, COPIES);
  return { ...wave, subject: `Overdue invoice ${n}` };
}

const folderOf = ({ tenant }: Sandbox, { userId, messageId }: Landed['copies'][number]) =>
  tenant.look(userId).messages.find(({ immutableId }) => immutableId === messageId)?.folder ?? 'nowhere';

function gone(sandbox: Sandbox, { copies }: Landed): number {
  return copies.filter((copy) => folderOf(sandbox, copy) === OUT_OF_SIGHT).length;
}

async function halfWay(sandbox: Sandbox, landed: Landed, share: number): Promise<void> {
  const before = gone(sandbox, landed);
  const enough = before + share * (COPIES - before);
  for (const deadline = Date.now() + SOON_MS; Date.now() < deadline; await pause(5))
    if (gone(sandbox, landed) >= enough) return;
}

async function cardOf({ slack }: Sandbox, incident: string): Promise<{ id: string; words: string }> {
  const all = (await slack.messages()).filter(({ blocks }) => JSON.stringify(blocks).includes(incident));
  const last = all.at(-1);
  return { id: last?.ts ?? '', words: JSON.stringify(last?.blocks ?? []) };
}

/** The second is not answered before the work begins. */
async function approved(sandbox: Sandbox, incident: string): Promise<void> {
  await until('the card asks', async () => (await cardOf(sandbox, incident)).words.includes('cb:purge'));
  const press = async (who: string) => sandbox.slack.click(who, (await cardOf(sandbox, incident)).id, 'cb:purge');
  const before = sandbox.slack.seenBy('dana').ephemerals.length;
  await press('dana');
  await until('dana is answered', async () => sandbox.slack.seenBy('dana').ephemerals.length > before);
  await press('omar');
}

async function judge(sandbox: Sandbox, address: DatabaseAddress, landed: Landed, incident: string): Promise<void> {
  const database = await openDatabase(address);
  try {
    const reader = createLedgerReader(database.db, sandbox.tenantId);
    const own = new Set(landed.copies.map(({ messageId }) => messageId));
    const decoys = new Set(landed.decoys.map(({ messageId }) => messageId));
    const written = sandbox.graph.log.writes().map(({ message }) => message ?? '');
    const sight: Sight = {
      entries: (await reader.ofIncident(incident, 0, 1_000_000)).map(readBack),
      copies: landed.copies.map((copy) => ({
        message: copy.messageId,
        isGone: folderOf(sandbox, copy) === OUT_OF_SIGHT,
        hasTrouble: false,
      })),
      written: written.filter((message) => own.has(message) || decoys.has(message)),
    };
    const wrong = [...wrongNow(sight), ...wrongAtTheEnd(sight, 'purge')];
    if (wrong.length > 0) throw new Error(`${incident}: ${wrong.slice(0, 5).join('; ')}`);
    if (!(await verifyLedger(reader, sandbox.tenantId, seal)).ok) throw new Error('the chain of the record is broken');
  } finally {
    await database.close();
  }
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) if (await look()) return;
  throw new Error(`waited in vain until ${what}`);
}
