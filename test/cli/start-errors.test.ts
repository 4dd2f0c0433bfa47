import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { runCommand } from '../../src/cli/command.ts';
import { configText, type configTree, ENVIRONMENT } from '../support/configuration.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-start-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

type Change = NonNullable<Parameters<typeof configTree>[0]>;

/** `clawback start` in this folder; with the embedded database unless `env` names a server. */
async function start(change: Change = () => undefined, env: Record<string, string> = {}, from = folder) {
  writeFileSync(join(folder, 'clawback.yaml'), configText(change));
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const stop = new AbortController();
  const shell = {
    env: { ...ENVIRONMENT, ...env },
    node: '24.0.0',
    folder: from,
    out: say,
    err: say,
    stop: stop.signal,
  };
  const code = await runCommand(['start', '--config', join(folder, 'clawback.yaml')], shell);
  return { code, said: said.join('\n') };
}

/** In a process of its own: what waits for ever there can be ended. */
async function startApart(change: Change = () => undefined, env: Record<string, string> = {}) {
  const file = join(folder, 'clawback.yaml');
  if (!existsSync(file)) writeFileSync(file, configText(change));
  const child = spawn(process.execPath, [MAIN, 'start', '--config', file], {
    env: { ...ENVIRONMENT, ...env, PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: said.trim() };
}

const dataAt =
  (data: string): Change =>
  (_tenant, config) =>
    Object.assign(config, { data });
const advice = (...words: string[]) => ({ code: 1, said: expect.stringMatching(new RegExp(words.join('[^]*'))) });

/** A data folder that has been in use. */
async function used(change?: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<unknown>) {
  cpSync(inject('templateFolder'), join(folder, 'data'), { recursive: true });
  if (!change) return;
  const database = await openDatabase({ kind: 'embedded', folder: join(folder, 'data') });
  await change(database);
  await database.close();
}

describe('a data folder that cannot be used is named, and what to do about it', () => {
  it('where nothing can be made, and others would try for ever', async () => {
    expect(await startApart(dataAt('/proc/nope/data'))).toEqual({
      code: 1,
      said: 'clawback: the data folder /proc/nope/data can neither be found nor made: set data: to a folder on a disk',
    });
  }, 60_000);

  it('that is a file', async () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(await start()).toEqual(advice('the data folder .*/data is a file, or below one: set data: to a folder'));
  });

  it('below a file', async () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(await start(dataAt('./data/here'))).toEqual(advice('data/here is a file, or below one'));
  });

  it('that is a link in a circle', async () => {
    symlinkSync(join(folder, 'data'), join(folder, 'data'));
    expect(await start()).toEqual(advice('is a link that leads in a circle'));
  });
});

describe('an embedded database that cannot be opened', () => {
  it('that has lost files is not taken for an empty folder', async () => {
    await used();
    rmSync(join(folder, 'data', 'pg', 'PG_VERSION'));
    expect(await start()).toEqual(advice('was in use before', 'has lost files: restore the whole folder'));
    // What is left can still be looked into by somebody who knows how.
    expect(readFileSync(join(folder, 'data', 'pg', 'global', 'pg_control')).length).toBeGreaterThan(0);
  });

  it('that is gone is not made anew', async () => {
    await used();
    rmSync(join(folder, 'data', 'pg'), { recursive: true });
    expect(await start()).toEqual(advice('was in use before', 'Nothing was changed'));
  });

  it('that is damaged says how to go on', async () => {
    await used();
    truncateSync(join(folder, 'data', 'pg', 'global', 'pg_control'), 100);
    expect(await start()).toEqual(advice('cannot be opened, it may be damaged: restore the whole folder from a copy'));
  });

  it('that another PostgreSQL made is left alone', async () => {
    await used();
    writeFileSync(join(folder, 'data', 'pg', 'PG_VERSION'), '17\n');
    expect(await start()).toEqual(advice('holds a database of PostgreSQL 17, and this Clawback reads 18'));
  });

  it('whose lock file is something else is not said to be in use', async () => {
    await used();
    rmSync(join(folder, 'data', 'owner.lock'), { force: true });
    writeFileSync(join(folder, 'data', 'owner.lock'), Buffer.alloc(5_000, 'x'));
    expect(await start()).toEqual(advice('owner.lock', 'is not the one that Clawback makes'));
  });

  it.each([
    ['owner.lock', 'is not the one that Clawback makes: take it away'],
    ['operator.sock', 'where the operator socket belongs, cannot be taken away .*: remove it'],
  ])('where %s is a folder, which one is said', async (name, words) => {
    await used();
    rmSync(join(folder, 'data', name), { force: true });
    mkdirSync(join(folder, 'data', name));
    expect(await start((tenant) => delete tenant.slack)).toEqual(advice(name, words));
  });

  it('that a newer Clawback has changed is left alone', async () => {
    const insert = sql`insert into schema_migration (name, timestamp) values ('0099_newer', '2031-01-01T00:00:00.000Z')`;
    await used(({ db }) => insert.execute(db));
    expect(await start()).toEqual(advice('by a newer Clawback \\(0099_newer\\): run that version'));
  });

  it('whose queue a newer Clawback has changed is left alone', async () => {
    await used(({ db }) => sql`update pgboss.version set version = version + 1`.execute(db));
    expect(await start()).toEqual(advice('by a newer Clawback \\(queue \\d+\\): run that version'));
  });
});

describe('paths are meant from the folder of the configuration', () => {
  it('a record that an earlier version left where it was started is not passed over for an empty one', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'clawback-elsewhere-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    mkdirSync(join(elsewhere, 'data', 'pg'), { recursive: true });
    expect(await start(undefined, {}, elsewhere)).toEqual(
      advice(`there is a record in ${join(elsewhere, 'data')}, and none in ${join(folder, 'data')}`),
    );
  });
});

describe('a configuration that is not finished', () => {
  it('names every placeholder of init that is left', async () => {
    const { code, said } = await start((tenant) => {
      tenant.graph['clientId'] = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
      Object.assign(tenant.teams ?? {}, { channelId: '19:placeholder@thread.tacv2' });
    });
    expect([code, said]).toEqual([1, expect.stringContaining('placeholders')]);
    expect(said).toContain('tenants.0.graph.clientId\n  tenants.0.teams.channelId');
  });

  it('says that a policy is a folder', async () => {
    mkdirSync(join(folder, 'policy.yaml'));
    expect(await start()).toEqual(advice('the policy file .*policy.yaml cannot be read: it is a folder'));
  });

  it.each(['clawback.yaml', 'policy.yaml', '.env', 'graph.key'])(
    'reads no pipe that is %s, where it would wait for ever for whoever writes',
    async (name) => {
      execFileSync('/usr/bin/mkfifo', [join(folder, name)]);
      const env = { CLAWBACK_CONTOSO_GRAPH_CERTIFICATE: 'graph.crt', CLAWBACK_CONTOSO_GRAPH_PRIVATE_KEY: 'graph.key' };
      const withKey: Change = (tenant) => void Object.assign(tenant.graph, { credential: 'certificate' });
      expect(await (name === 'graph.key' ? startApart(withKey, env) : startApart())).toEqual(
        advice(`${join(folder, name)} cannot be read: it is a pipe or a device: put a file there`),
      );
    },
    60_000,
  );

  it('says which certificate is none', async () => {
    writeFileSync(join(folder, 'graph.crt'), 'no certificate');
    const env = { CLAWBACK_CONTOSO_GRAPH_CERTIFICATE: 'graph.crt', CLAWBACK_CONTOSO_GRAPH_PRIVATE_KEY: 'graph.key' };
    expect(await start((tenant) => void Object.assign(tenant.graph, { credential: 'certificate' }), env)).toEqual(
      advice(`${join(folder, 'graph.crt')} holds no certificate in PEM`),
    );
  });
});

it('a sandbox where no file can be made says which one', async () => {
  writeFileSync(join(folder, '.clawback'), 'a file');
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const shell = { env: {}, node: '24.0.0', folder, out: say, err: say, stop: new AbortController().signal };
  expect([await runCommand(['sandbox'], shell), said]).toEqual([
    1,
    [expect.stringMatching(/^clawback: E.*\.clawback/)],
  ]);
});

it('a port that is taken is named, with its setting', async () => {
  const { port } = await listening((socket) => socket.destroy());
  const at: Change = (tenant, config) => {
    delete tenant.slack;
    Object.assign(config, { listen: { port } });
  };
  expect(await start(at)).toEqual(advice(`port ${port} on 127.0.0.1 is taken by another program`, 'listen.port'));
}, 60_000);

describe('a database server that cannot be used is named without how to sign in', () => {
  const SECRET = 'dragon-of-the-north';
  const url = (port: number) => `postgres://clawback:${SECRET}@127.0.0.1:${port}/cases`;

  async function said(databaseUrl: string) {
    const { code, said: words } = await start(undefined, { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    expect(words).not.toContain(SECRET);
    expect(words).not.toMatch(/\n\s+at /);
    return words;
  }

  it('where nobody listens', async () => {
    const { port, server } = await listening(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    expect(await said(url(port))).toBe(
      `clawback: the database server named by DATABASE_URL (127.0.0.1:${port}) is not there: nobody listens at that address. Start it, or correct DATABASE_URL`,
    );
  });

  it.each([
    ['28P01', 'refuses the password of user clawback'],
    ['28000', 'does not let user clawback in from here'],
    ['3D000', 'has no database cases'],
    ['53100', 'has a full disk'],
    ['53300', 'has no connection left'],
    ['57P03', 'is just starting or stopping'],
    ['XX001', 'says that its files are damaged'],
    ['99999', 'does not answer as expected (99999)'],
  ])('that answers %s', async (code, words) => {
    const { port } = await listening((socket) => {
      socket.once('data', () => socket.end(refusal(code, `something about ${SECRET}`)));
    });
    expect(await said(url(port))).toContain(`(127.0.0.1:${port}) ${words}`);
  });

  it.each([
    `postgres://clawback:${SECRET}/#@db.example.com/cases`,
    `mysql://clawback:${SECRET}@db.example.com/cases`,
    SECRET,
  ])('whose address is no address, case %#', async (address) => {
    expect(await said(address)).toContain('DATABASE_URL is no address such as postgres://');
  });
});

/** As PostgreSQL refuses: the kind of message, its length, then fields that end with a zero. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}

async function listening(answer: Parameters<typeof createServer>[1]): Promise<{ port: number; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}
