import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import Keyv, { type KeyvStorageAdapter, type KeyvStorageEntry, keyvStorageCapability } from 'keyv';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/**
 * Keyv 6 over the product's own database. For caches and references only: Keyv has no set-if-absent, so nothing that
 * decides an effect may live here. One adapter object per Keyv: Keyv sets the namespace on the adapter itself.
 */
export class SqlKeyv extends EventEmitter {
  namespace: string | undefined;
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number = Date.now) {
    super();
    this.#db = db;
    this.#now = now;
  }

  get capabilities() {
    return keyvStorageCapability(this);
  }

  get #ns(): string {
    return this.namespace ?? '';
  }

  async get(key: string): Promise<unknown> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    if (keys.length === 0) return [];
    const rows = await this.#db
      .selectFrom('kv')
      .select(['k', 'v'])
      .where('ns', '=', this.#ns)
      .where('k', 'in', keys)
      .where((eb) => eb.or([eb('exp', 'is', null), eb('exp', '>', String(this.#now()))]))
      .execute();
    const found = new Map(rows.map((row) => [row.k, row.v]));
    return keys.map((key) => found.get(key));
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return (await this.getMany(keys)).map((value) => value !== undefined);
  }

  /** `expires` is absolute, Unix milliseconds. */
  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    await this.setMany([{ key, value, ...(expires === undefined ? {} : { expires }) }]);
    return true;
  }

  async setMany(entries: KeyvStorageEntry<unknown>[]): Promise<boolean[]> {
    if (entries.length === 0) return [];
    const last = new Map(entries.map((entry) => [entry.key, entry]));
    const rows = [...last.values()].map((entry) => ({
      ns: this.#ns,
      k: entry.key,
      v: String(entry.value),
      exp: entry.expires?.toString() ?? null,
    }));
    await this.#db
      .insertInto('kv')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['ns', 'k']).doUpdateSet((eb) => ({ v: eb.ref('excluded.v'), exp: eb.ref('excluded.exp') })),
      )
      .execute();
    return entries.map(() => true);
  }

  async delete(key: string): Promise<boolean> {
    return (await this.deleteMany([key]))[0] === true;
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    if (keys.length === 0) return [];
    const rows = await this.#db
      .deleteFrom('kv')
      .where('ns', '=', this.#ns)
      .where('k', 'in', keys)
      .returning('k')
      .execute();
    const gone = new Set(rows.map((row) => row.k));
    return keys.map((key) => gone.has(key));
  }

  async clear(): Promise<void> {
    await this.#db.deleteFrom('kv').where('ns', '=', this.#ns).execute();
  }
}

/** A Keyv of its own for one kind of thing of one tenant. A failing store rejects: no error listener is attached. */
export function openCache(db: Kysely<Tables>, tenant: string, kind: string): Keyv {
  return new Keyv({ store: new SqlKeyv(db) as unknown as KeyvStorageAdapter, namespace: `${tenant}:${kind}` });
}

export interface SealedCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
}

/** Values are AES-256-GCM under `secret`, bound to their key; what cannot be opened counts as absent. */
export function sealCache(cache: Keyv, secret: string): SealedCache {
  const aesKey = createHash('sha256').update(`clawback cache ${secret}`).digest();
  return {
    async get(key) {
      const stored = await cache.get<string>(key);
      return typeof stored === 'string' ? open(stored, key, aesKey) : undefined;
    },
    async set(key, value, ttlMs) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', aesKey, iv).setAAD(Buffer.from(key));
      const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      await cache.set(key, Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64'), ttlMs);
    },
  };
}

/** Without this length Node takes a tag cut to 4 bytes for whole, and that one can be guessed. */
const TAG_BYTES = 16;

function open(stored: string, key: string, aesKey: Buffer): string | undefined {
  const bytes = Buffer.from(stored, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', aesKey, bytes.subarray(0, 12), {
      authTagLength: TAG_BYTES,
    }).setAAD(Buffer.from(key));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Expired rows stay until somebody sweeps them. */
export async function sweepCaches(db: Kysely<Tables>, now: number): Promise<void> {
  await db.deleteFrom('kv').where('exp', '<', String(now)).execute();
}
