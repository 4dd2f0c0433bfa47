import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { DatabaseAddress } from '../../src/adapters/store/database.ts';
import { asAdmin, onServer } from './server-database.ts';

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
  const folder = mkdtempSync(join(inject('scratch'), 'clawback-test-'));
  cpSync(inject('templateFolder'), folder, { recursive: true });
  return {
    folder,
    address: { kind: 'embedded', folder },
    drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function freshServerDatabase(server: string): Promise<FreshDatabase> {
  const name = `clawback_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name} template ${inject('templateDatabase')}`);
  return {
    address: { kind: 'server', url: onServer(server, name) },
    drop: () => asAdmin(server, `drop database ${name} with (force)`),
  };
}
