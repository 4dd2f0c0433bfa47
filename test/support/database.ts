import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseAddress } from '../../src/adapters/store/database.ts';

export interface FreshDatabase {
  readonly address: DatabaseAddress;
  drop(): Promise<void>;
}

/** An empty database of its own for one test: embedded, or on the server the suite was given. */
export function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('databaseServer');
  return server ? freshServerDatabase(server) : Promise.resolve(freshFolder());
}

export function freshFolder(): FreshDatabase & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-test-'));
  cpSync(inject('templateFolder'), folder, { recursive: true });
  return {
    folder,
    address: { kind: 'embedded', folder },
    drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function freshServerDatabase(server: string): Promise<FreshDatabase> {
  const name = `clawback_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    address: { kind: 'server', url: url.href },
    drop: () => asAdmin(server, `drop database ${name} with (force)`),
  };
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
