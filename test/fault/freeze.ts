import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, digestOf, freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { auditTenant } from '../../src/flow/record/audit.ts';
import { type Attack, land, phishingWave } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { freePort, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { freshDatabase } from '../support/database.ts';
import { readBack } from '../support/entries.ts';

/** Two processes of Clawback on one PostgreSQL, either of which can be frozen as a hypervisor or a debugger would. */
export interface Freezer {
  readonly sandbox: Sandbox;
  /** Freezes one process in the middle of a purge, lets the other finish it and undo it all, and wakes the first. */
  round(n: number): Promise<Round>;
  folderOf(copy: Copy): string;
  /** Read once everything is over. */
  record(incident: string): Promise<{ readonly entries: readonly Recorded[]; readonly intact: boolean }>;
  close(): Promise<void>;
}

export interface Round {
  readonly incident: string;
  readonly copies: readonly Copy[];
  /** Where each of them was when the mail had arrived. */
  readonly folders: readonly string[];
  readonly movedBefore: number;
  /** When the frozen process ran again, in milliseconds of the sandbox's log. */
  readonly wokenAt: number;
}

interface Copy {
  readonly userId: string;
  readonly messageId: string;
}

/** What Exchange calls the part of Recoverable Items that soft delete fills. */
const OUT_OF_SIGHT = 'Deletions';
const COPIES = 120;
/** The commit of an intent takes long enough to be frozen in. */
const SLOW_INTENTS = `
  create function slow_intent() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return null; end $$;
  create constraint trigger slow_intent after insert on ledger deferrable initially deferred
    for each row when (new.type = 'copy.intent') execute function slow_intent()`;
const PATIENCE_MS = 240_000;
const TWO_PEOPLE = `version: 1
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
caps:
  tenant: { mailboxesPerHour: 1000000 }
`;

export async function startFreezer(): Promise<Freezer> {
  const fresh = await freshDatabase();
  if (fresh.address.kind !== 'server') throw new Error('two processes need a PostgreSQL server: set TEST_DATABASE_URL');
  const databaseUrl = fresh.address.url;
  const sandbox = await startSandbox({ employees: COPIES + 10, seed: 9 });
  // Slow, and too much of it is refused: a freeze finds requests on their way, and others that wait behind them unsent.
  sandbox.graph.faults.set({ latencyMs: [200, 700], throttled: { share: 0.06, retryAfter: [0.2, 0.9] } });
  const folder = mkdtempSync(join(tmpdir(), 'clawback-freeze-'));
  const bots: BotProcess[] = [];
  const said: string[] = [];
  const files: string[] = [];
  for (const name of ['one', 'two']) {
    const port = await freePort();
    const file = writeSandboxConfig(sandbox, {
      folder: join(folder, name),
      port,
      log: 'error',
      databaseUrl,
      policy: TWO_PEOPLE,
      campaigns: false,
      limits: { pressesPerMinute: 10_000, cardsPerMinute: 10_000 },
    });
    files.push(file);
    const bot = await startBot(file, `http://127.0.0.1:${port}`, {
      env: {},
      log: (line) => said.push(`${name}: ${line}`),
    });
    void bot.ended.then(() => said.push(`${name} ended`));
    bots.push(bot);
  }
  // Ready is said before the first sweep has ended; a freeze in the middle of a start is another story.
  await pause(5_000);
  const watcher = new pg.Client({ connectionString: databaseUrl });
  await watcher.connect();

  await watcher.query(SLOW_INTENTS);

  /** Stands still for so long that whatever it had asked the database is answered, and nobody has read the answer. */
  const freeze = (bot: BotProcess) => process.kill(bot.pid, 'SIGSTOP');

  /** In the worst of moments: its intents have just become durable, and nothing has been asked of the mailboxes. */
  async function freezeAfterItsIntent(bot: BotProcess): Promise<void> {
    await until('an intent is written', async () => {
      const { rowCount } = await watcher.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
      );
      return rowCount === 0 ? null : true;
    });
    freeze(bot);
  }

  const folderOf = ({ userId, messageId }: Copy) =>
    sandbox.tenant.look(userId).messages.find((item) => item.immutableId === messageId)?.folder ?? 'nowhere';

  async function press(incident: string, verb: string, shown: string): Promise<void> {
    for (const who of ['dana', 'omar']) {
      const card = await until(`the card of ${incident} offers ${verb}`, async () => {
        const all = (await sandbox.slack.messages()).filter(({ blocks }) => JSON.stringify(blocks).includes(incident));
        const last = all.at(-1);
        const words = JSON.stringify(last?.blocks ?? []);
        return last && words.includes(`cb:${verb}`) && words.includes(shown) ? last : null;
      });
      const before = sandbox.slack.seenBy(who).ephemerals.length;
      await sandbox.slack.click(who, card.ts, `cb:${verb}`);
      await until(`${who} is answered`, async () => sandbox.slack.seenBy(who).ephemerals.length > before || null);
    }
  }

  return {
    sandbox,
    folderOf,
    async round(n) {
      const [worker, other] = n % 2 === 0 ? bots : bots.toReversed();
      if (!worker || !other) throw new Error('there are two processes');
      // Only one of them is there to take the run.
      freeze(other);
      await sandbox.connect(worker.url);
      const attack = anAttack(sandbox, n);
      const { copies } = land(sandbox, attack);
      const folders = copies.map(folderOf);
      const incident = await reportAttack(files[bots.indexOf(worker)] ?? '', attack);
      const gone = () => copies.filter((copy) => folderOf(copy) === OUT_OF_SIGHT).length;
      await press(incident, 'purge', 'Waiting for approval');
      if (n % 2 === 0) {
        await freezeAfterItsIntent(worker);
      } else {
        const share = 0.05 + Math.random() * 0.6;
        await until('the purge is under way', async () => gone() >= copies.length * share || null);
        freeze(worker);
      }
      const movedBefore = gone();
      process.kill(other.pid, 'SIGCONT');
      await sandbox.connect(other.url);
      await until('the other process finishes it', async () => gone() === copies.length || null);
      await press(incident, 'undo', 'Purged');
      await until('all of it is undone', async () => gone() === 0 || null);
      await until('the card says so', async () => {
        const all = (await sandbox.slack.messages()).filter(({ blocks }) => JSON.stringify(blocks).includes(incident));
        return JSON.stringify(all.at(-1)?.blocks).includes('Undone') || null;
      });
      process.kill(worker.pid, 'SIGCONT');
      return { incident, copies, folders, movedBefore, wokenAt: Date.now() };
    },
    async record(incident) {
      const database = await openDatabase({ kind: 'server', url: databaseUrl });
      try {
        const reader = createLedgerReader(database.db, sandbox.tenantId);
        const rows = await reader.ofIncident(incident, 0, 1_000_000);
        const store = createStore(database, sandbox.tenantId, {
          id: randomUUID,
          salt: freshSalt,
          wake: () => undefined,
        });
        const hash = { digest: digestOf };
        const audit = await auditTenant({ reader, store, hash, seal, tenant: sandbox.tenantId }, []);
        return { entries: rows.map(readBack), intact: audit.ok };
      } finally {
        await database.close();
      }
    },
    async close() {
      await watcher.end();
      // A process that ended by itself is the first thing to know about a round that never ends.
      if (said.some((line) => line.endsWith(' ended'))) process.stdout.write(`${said.slice(-40).join('\n')}\n`);
      // Frozen ones cannot stop in good order.
      for (const bot of bots) await bot.kill();
      await sandbox.close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Each round is about a mail of its own. */
function anAttack(sandbox: Sandbox, n: number): Attack {
  const wave = phishingWave(sandbox, COPIES);
  return { ...wave, internetMessageId: `<freeze-${n}@mailer.example>`, networkMessageId: randomUUID() };
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const seen = await look();
    if (seen !== null) return seen;
    await pause(10);
  }
  throw new Error(`waited in vain until ${what}`);
}
