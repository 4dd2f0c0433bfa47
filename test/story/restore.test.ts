import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { loadConfig } from '../../src/config/load.ts';
import { becReply, phishingWave } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

let story: Story;
let shelf: string;
afterEach(async () => {
  await story.close();
  rmSync(shelf, { recursive: true, force: true });
});

/** A copy of the database as an operator would make it; answers how it is put back. Clawback is stopped for both. */
async function copyOfDatabase(): Promise<() => Promise<void>> {
  const { config, secrets } = loadConfig(story.configFile, {});
  const url = secrets.databaseUrl;
  if (url !== null) {
    const name = new URL(url).pathname.slice(1);
    await asAdmin(url, `create database ${name}_copy template ${name}`);
    return async () => {
      await asAdmin(url, `drop database ${name} with (force)`);
      await asAdmin(url, `alter database ${name}_copy rename to ${name}`);
    };
  }
  const [database, copy] = [join(config.data, 'pg'), join(shelf, 'pg')];
  cpSync(database, copy, { recursive: true });
  return async () => {
    rmSync(database, { recursive: true });
    cpSync(copy, database, { recursive: true });
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function clawback(...words: string[]): Promise<string> {
  const { code, said } = await tried(...words);
  expect([code, said]).toEqual([0, said]);
  return said;
}

async function tried(...words: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const shell = { env: {}, node: '24.0.0', folder: shelf, out: say, err: say, stop: new AbortController().signal };
  const code = await runCommand([...words, '--config', story.configFile], shell);
  return { code, said: lines.join('\n') };
}

/**
 * One case waits for its second vote when the copy is made. Afterwards it is purged and undone, and another mail is reported.
 * Then the database is lost, and the copy is put back.
 */
async function lost() {
  shelf = mkdtempSync(join(tmpdir(), 'clawback-shelf-'));
  story = await startStory({ employees: 6, seed: 11 });
  const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 3));
  await story.slack('dana', incident, 'purge');
  await story.stop();
  const putBack = await copyOfDatabase();
  await story.start();
  await story.teams('omar', incident, 'purge');
  await story.bothSay(incident, '3 removed, seen gone');
  await story.slack('dana', incident, 'undo');
  await story.teams('omar', incident, 'undo');
  await story.bothSay(incident, 'Undone: 3 restored, seen back');
  const later = await story.attacked(becReply(story.sandbox));
  writeFileSync(join(shelf, 'record.jsonl'), await clawback('audit', 'export'));
  await story.stop();
  await putBack();
  return { incident, later: later.incident, landed, writes: () => story.sandbox.graph.log.writes().length };
}

describe('a database that is put back from a copy', () => {
  it('is not gone on with as if nothing had been done since: the record that was kept elsewhere tells', async () => {
    const { incident, later, landed, writes } = await lost();
    const before = writes();
    await expect(story.start()).rejects.toThrow(/put back from an older copy.*clawback restored/);

    const said = await clawback('restored', 'record.jsonl');
    expect(said).toContain(`1 cases are marked, nothing runs for them: ${incident}`);
    expect(said).toContain(`the copy does not know 1 cases: ${later}`);

    await story.start();
    await story.bothSay(incident, 'The database was put back from an older copy, which does not know entry');
    expect((await story.slackCard(incident)).words).toMatch(/(undo|restore) finished: /);
    // The vote that was still missing in the copy can be given to nobody.
    expect((await story.slackCard(incident)).words).not.toContain('cb:purge');
    expect(await story.slack('dana', later, 'purge')).toContain('put back from a copy that is older than it');
    expect(writes()).toBe(before);
    expect(landed.copies.map((copy) => story.folderOf(copy))).not.toContain('Deletions');
    const { verification } = await story.record(incident);
    expect(verification.fault).toBe(null);
  }, 240_000);

  it('without such a record, what was done since is said to be unknown', async () => {
    const { incident, writes } = await lost();
    const before = writes();
    expect(await clawback('restored')).toContain(`1 cases are marked, nothing runs for them: ${incident}`);
    await story.start();
    await story.bothSay(incident, 'of the record is not known. Nothing runs.');
    expect((await story.slackCard(incident)).words).not.toContain('cb:purge');
    expect(writes()).toBe(before);
  }, 240_000);

  it('is not put right under a Clawback that runs: nothing is stopped, and which one is said', async () => {
    shelf = mkdtempSync(join(tmpdir(), 'clawback-shelf-'));
    story = await startStory({ employees: 4, seed: 12 });
    const { code, said } = await tried('restored');
    expect([code, said]).toEqual([1, expect.stringMatching(/is running on the database|in use by another Clawback/)]);
    const { incident } = await story.attacked(phishingWave(story.sandbox, 2));
    expect((await story.slackCard(incident)).words).toContain('cb:purge');
  }, 240_000);
});
