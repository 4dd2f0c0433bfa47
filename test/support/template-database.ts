import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { asAdmin, onServer } from './server-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseServer: string;
    /** The name of a database on the server, up to date and empty: each test's own is a copy of it. */
    templateDatabase: string;
    templateFolder: string;
    /** Where the folders of embedded databases are made. */
    scratch: string;
    nights: 'on a database' | 'in memory';
    /** How much of the long runs under test/fault. */
    histories: number;
    reports: number;
    clicks: number;
    freezes: number;
    /** Deaths of processes: in one process, and with signal 9 on each store. */
    kills: number;
    realKills: number;
    seed: number;
    /** How long the database is away, in seconds. */
    outages: readonly number[];
  }
}

/** An empty database that is up to date, made once in a folder and once on the server: each test copies it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = scratchFolder();
  const folder = mkdtempSync(join(scratch, 'clawback-template-'));
  await prepare({ kind: 'embedded', folder });
  // Clearing 128 MB at each opening takes longer than most tests.
  appendFileSync(join(folder, 'pg', 'postgresql.conf'), '\nshared_buffers = 2MB\n');
  project.provide('scratch', scratch);
  project.provide('templateFolder', folder);
  const dropTemplate = await templateOnServer(project);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await dropTemplate();
  };
}

async function templateOnServer(project: TestProject): Promise<() => Promise<void>> {
  const server = project.getProvidedContext().databaseServer;
  if (!server) return () => Promise.resolve();
  const name = `clawback_template_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name}`);
  await prepare({ kind: 'server', url: onServer(server, name) });
  project.provide('templateDatabase', name);
  return () => asAdmin(server, `drop database ${name} with (force)`);
}

async function prepare(address: DatabaseAddress): Promise<void> {
  const database = await openDatabase(address);
  await database.boss.start();
  await database.boss.stop({ graceful: false });
  await database.close();
}

const ROOM_FOR_DATABASES = 2 ** 30;

/** In memory where the machine has room for that: a database is a thousand files, and copied for every test. */
function scratchFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > ROOM_FOR_DATABASES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}
