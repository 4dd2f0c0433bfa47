import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { expect } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, digestOf, freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { type App, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { type Audit, auditTenant } from '../../src/flow/record/audit.ts';
import { createLog } from '../../src/log.ts';
import { type Attack, type Landed, land } from '../../src/sandbox/attacks.ts';
import { freePort, type SandboxSettings, writeSandboxConfig } from '../../src/sandbox/cli/configuration.ts';
import { reportAttack } from '../../src/sandbox/cli/report-attack.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Socket } from '../../src/sandbox/slack/types.ts';
import { freshDatabase } from './database.ts';
import { readBack } from './entries.ts';
import { typedFor } from './forms.ts';
import { asMicrosoftTakesIt } from './microsoft-batch.ts';

/** The whole product against the whole sandbox, as a person in the channel sees it. */
export interface Story {
  readonly sandbox: Sandbox;
  readonly configFile: string;
  readonly url: string;
  /** The attack lands in the mailboxes and is reported; resolves when both cards are there and plan is made. */
  attacked(attack: Attack): Promise<{ incident: string; landed: Landed }>;
  land(attack: Attack): Landed;
  report(attack: Attack): Promise<string>;
  /** Presses a button on the live card; answers what the presser sees in private. */
  slack(who: string, incident: string, verb: string): Promise<string>;
  teams(who: string, incident: string, verb: string, inputs?: Record<string, string>): Promise<string>;
  slackCard(incident: string): Promise<ShownCard>;
  teamsCard(incident: string): Promise<ShownCard>;
  /** Waits until both cards show `words`. */
  bothSay(incident: string, words: string): Promise<void>;
  folderOf(copy: Landed['copies'][number]): string;
  until<T>(what: string, look: () => T | null | undefined | false | Promise<T | null | undefined | false>): Promise<T>;
  start(now?: () => number): Promise<void>;
  stop(): Promise<void>;
  /** Stops the product and reads the stored ledger. */
  record(incident: string): Promise<{ entries: Recorded[]; verification: Audit }>;
  /** Runs SQL as somebody would who has the database: the product is stopped for it and started again. */
  intrude(work: (sql: (statement: string, ...values: unknown[]) => Promise<Row[]>) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

type Row = Readonly<Record<string, unknown>>;

interface ShownCard {
  readonly id: string;
  /** The whole card as JSON text. */
  readonly words: string;
  readonly versions: number;
  readonly count: number;
}

/** What Exchange calls the part of Recoverable Items that soft delete fills. */
export const OUT_OF_SIGHT = 'Deletions';

/** Two people for a purge and an undo of any size, one for a flag: a story says so where it is about another policy. */
const TWO_PEOPLE = `version: 1
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
  - { name: one person, when: { action: [flag] }, approve: [{ role: approver, count: 1 }] }
`;

export async function startStory(
  options: SandboxOptions,
  socket?: Socket,
  {
    sandboxPolicy = false,
    ...settings
  }: Pick<SandboxSettings, 'limits' | 'policy' | 'onCall' | 'campaigns'> & { sandboxPolicy?: boolean } = {},
): Promise<Story> {
  const sandbox = await startSandbox(options);
  const refused: unknown[] = [];
  sandbox.graph.onBatch((body) => void asMicrosoftTakesIt(body).catch((reason) => refused.push(reason)));
  if (socket) sandbox.slack.connectSocket(socket);
  const fresh = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'clawback-story-'));
  const port = await freePort();
  const { address } = fresh;
  const configFile = writeSandboxConfig(sandbox, {
    // The sandbox's own has something of everything: roles, sizes, a step-up.
    ...(sandboxPolicy ? {} : { policy: TWO_PEOPLE }),
    // The attacks of one file are alike, and each has a story of its own.
    campaigns: false,
    ...settings,
    // Stories are told one after the other, and faster than anybody attacks.
    limits: { cardsPerMinute: 10_000, ...settings.limits },
    folder,
    port,
    log: 'silent',
    ...(socket ? { slackMode: 'socket' as const } : {}),
    ...(address.kind === 'server' ? { databaseUrl: address.url } : { data: address.folder }),
  });
  let app: App | null = null;
  const url = `http://127.0.0.1:${port}`;

  const story: Story = {
    sandbox,
    configFile,
    url,
    async start(now) {
      app = await startApp(loadConfig(configFile, {}), createLog('silent'), now);
      await sandbox.connect(url);
    },
    async stop() {
      await app?.stop();
      app = null;
    },
    land: (attack) => land(sandbox, attack),
    report: (attack) => reportAttack(configFile, attack),
    async attacked(attack) {
      const landed = land(sandbox, attack);
      const incident = await story.report(attack);
      await story.bothSay(incident, 'Waiting for approval');
      return { incident, landed };
    },
    async slack(who, incident, verb) {
      const { word } = typedFor(verb);
      for (;;) {
        const before = sandbox.slack.seenBy(who).ephemerals.length;
        const answer = () => {
          const last = sandbox.slack.seenBy(who).ephemerals.slice(before).at(-1);
          return last && (JSON.stringify(last.blocks) || last.text);
        };
        await sandbox.slack.click(who, (await story.slackCard(incident)).id, `cb:${verb}`);
        if (word === undefined) return story.until('Slack answers in private', answer);
        const form = () => sandbox.slack.seenBy(who).modal;
        const instead = await story.until('there is the form, or what is said instead', () => form() ?? answer());
        // A machine that has more to do than Slack waits for: people do what they are told.
        if (typeof instead === 'string' && instead.includes('Please press the button again')) continue;
        if (typeof instead === 'string') return instead;
        await sandbox.slack.submitModal(who, { word });
        return story.until('Slack answers in private', answer);
      }
    },
    async teams(who, incident, verb, inputs) {
      const before = sandbox.teams.seenBy(who).toasts.length;
      await sandbox.teams.click(who, (await story.teamsCard(incident)).id, verb, inputs);
      return story.until('Teams answers in private', () => sandbox.teams.seenBy(who).toasts.slice(before).at(-1)?.text);
    },
    async slackCard(incident) {
      const all = await sandbox.slack.messages();
      // What is said below a card is none.
      const cards = all.filter(({ ts, threadTs }) => threadTs === null || threadTs === ts);
      const found = cards.filter((message) => JSON.stringify(message.blocks).includes(incident));
      const last = found.at(-1);
      return {
        id: last?.ts ?? '',
        words: JSON.stringify(last?.blocks ?? []),
        versions: (last?.edits ?? -1) + 1,
        count: found.length,
      };
    },
    async teamsCard(incident) {
      // A card begins a thread: what is said below it, or below somebody's command, is none.
      const all = sandbox.teams.messages().flatMap((thread) => thread.activities.slice(0, 1));
      const found = all.filter((activity) => JSON.stringify(activity.card ?? null).includes(incident));
      const last = found.at(-1);
      return { id: last?.id ?? '', words: JSON.stringify(last?.card ?? null), versions: 0, count: found.length };
    },
    async bothSay(incident, words) {
      await story.until(`both cards say ${words}`, async () => {
        const cards = [await story.slackCard(incident), await story.teamsCard(incident)];
        return cards.every((card) => card.words.includes(words));
      });
    },
    folderOf: (copy) =>
      sandbox.tenant.look(copy.userId).messages.find((item) => item.immutableId === copy.messageId)?.folder ??
      'nowhere',
    async until(what, look) {
      for (const deadline = Date.now() + 150_000; Date.now() < deadline; ) {
        const seen = await look();
        if (seen) return seen;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      throw new Error(`waited in vain until ${what}`);
    },
    async record(incident) {
      await story.stop();
      const database = await openDatabase(address);
      try {
        const reader = createLedgerReader(database.db, sandbox.tenantId);
        const rows = await reader.ofIncident(incident, 0, 100_000);
        return {
          entries: rows.map(readBack),
          verification: await auditTenant(
            {
              reader,
              store: createStore(database, sandbox.tenantId, {
                id: randomUUID,
                salt: freshSalt,
                wake: () => undefined,
              }),
              hash: { digest: digestOf },
              seal,
              tenant: sandbox.tenantId,
            },
            [],
          ),
        };
      } finally {
        await database.close();
      }
    },
    async intrude(work) {
      await story.stop();
      const database = await openDatabase(address);
      try {
        await work(async (statement, ...values) => {
          const { rows } = await database.db.executeQuery<Row>(CompiledQuery.raw(statement, values));
          return rows;
        });
      } finally {
        await database.close();
      }
      await story.start();
    },
    async close() {
      await story.stop();
      await sandbox.close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
      // Whatever the story was about: Microsoft's own client would have sent each of its batches.
      if (refused.length > 0) throw refused[0];
    },
  };
  await story.start();
  return story;
}

/** Every write that the mail service saw, checked against what was approved. */
export function expectOnlyApprovedWrites(sandbox: Sandbox, landed: Landed): void {
  const approved = new Set(landed.copies.map((copy) => copy.messageId));
  const others = sandbox.graph.log.writes().filter((write) => !approved.has(write.message ?? ''));
  expect(others).toEqual([]);
}
