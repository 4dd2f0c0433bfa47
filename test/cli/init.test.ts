import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { askAll } from '../../src/cli/init-answers.ts';
import { parseConfig } from '../../src/config/load.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { NO_CLAIMS } from '../../src/core/find/source.ts';
import { judgeSources } from '../../src/doctor/judge-host.ts';

const DANA = { name: 'Dana Analyst', entraId: '5c8d1f3a-9b2e-4f76-8a40-c7e6d5b4a321' };
const OMAR = {
  name: 'Omar: "the other" #1',
  entraId: '6d9e2f4b-0c3f-4a87-9b51-d8f7e6c5b432',
  slackId: 'U034EF5GH',
  address: 'omar@contoso.com',
};
const FULL = {
  name: 'contoso',
  tenantId: '7f3c1a52-4b0e-4d6a-9a3e-2f5d8c1b7e90',
  graphClientId: '3d9e5b17-6c2f-4a81-b7d4-0e8f9a6c5d21',
  hunting: true,
  slack: { mode: 'http', teamId: 'T012AB3CD', channel: 'C012AB3CD' },
  teams: {
    appId: '8b4f2c6d-1e7a-4935-a0c8-5d3b9f6e2a74',
    teamId: '19:general@thread.tacv2',
    channelId: '19:alerts@thread.tacv2',
  },
  approvers: [DANA, OMAR],
};
const BARE = {
  name: 'contoso',
  tenantId: FULL.tenantId,
  hunting: false,
  slack: { mode: 'socket' },
  teams: {},
  approvers: [DANA, OMAR],
};

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function command(folder: string, ...words: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const shell = { env: {}, node: '24.0.0', folder, out: say, err: say, stop: new AbortController().signal };
  return { code: await runCommand(words, shell), said: lines.join('\n') };
}

async function initialised(answers: unknown, folder = place()) {
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  const { code, said } = await command(folder, 'init', '--answers', 'answers.json');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { code, said, folder, read };
}

const written = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name !== 'answers.json')
    .sort();

describe('clawback init', () => {
  it('writes a configuration that holds what was answered', async () => {
    const { code, read } = await initialised(FULL);
    const tenant = parseConfig(read('clawback.yaml'), 'clawback.yaml').tenants[0];
    expect(code).toBe(0);
    expect(tenant).toMatchObject({
      name: 'contoso',
      graph: { clientId: FULL.graphClientId, credential: 'certificate', hunting: true },
      slack: FULL.slack,
      teams: { ...FULL.teams, credential: 'certificate' },
      approvers: [DANA, OMAR],
    });
  });

  it('explains what it writes', async () => {
    const { read } = await initialised(BARE);
    expect(read('clawback.yaml')).toContain('Not known yet: from app-registrations.sh');
    expect(read('.env').match(/^#/gm)?.length).toBeGreaterThan(5);
  });

  it('keeps the secrets to their owner', async () => {
    const { folder } = await initialised(FULL);
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });

  it('makes strong secrets of its own, others each time', async () => {
    const [first, second] = [await initialised(FULL), await initialised(FULL)].map(({ read }) =>
      parseEnv(read('.env')),
    );
    const secrets = [first?.['CLAWBACK_CONTOSO_INTAKE_SECRETS'] ?? ''];
    const source = { name: 'intake', kind: 'operator', claims: NO_CLAIMS } as const;
    expect(judgeSources([{ source, secrets }]).map(({ state }) => state)).toEqual(['ok']);
    expect(first?.['CLAWBACK_CACHE_KEY']).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.['CLAWBACK_CONTOSO_INTAKE_SECRETS']).not.toBe(second?.['CLAWBACK_CONTOSO_INTAKE_SECRETS']);
  });

  it('asks in .env for exactly the secrets that Clawback reads', async () => {
    const { read } = await initialised(BARE);
    const env = parseEnv(read('.env'));
    const filled = {
      ...env,
      CLAWBACK_CONTOSO_SLACK_BOT_TOKEN: 'xoxb-1',
      CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET: 'a'.repeat(32),
      CLAWBACK_CONTOSO_SLACK_APP_TOKEN: 'xapp-1',
    };
    const empty = Object.entries(env)
      .filter(([, value]) => value === '')
      .map(([key]) => key);
    expect(empty.sort()).toEqual([
      'CLAWBACK_CONTOSO_SLACK_APP_TOKEN',
      'CLAWBACK_CONTOSO_SLACK_BOT_TOKEN',
      'CLAWBACK_CONTOSO_SLACK_SIGNING_SECRET',
    ]);
    expect(() => readSecrets(parseConfig(read('clawback.yaml'), 'x'), filled, '/etc/clawback')).not.toThrow();
  });

  it('names the next steps, with the smallest permissions', async () => {
    const { said } = await initialised(BARE);
    expect(said).toContain('npm run manifest');
    expect(said).toContain('as an administrator: Mail.ReadWrite, User.Read.All, and a bot without any');
    expect(said).toContain('manifest/policy.example.yaml');
    expect(said).toContain('npm run doctor');
  });

  it('what is not filled in yet, the doctor names', async () => {
    const { folder, read } = await initialised(BARE);
    const elsewhere = read('clawback.yaml').replace('data: ./data', `data: ${join(folder, 'data')}`);
    writeFileSync(join(folder, 'clawback.yaml'), elsewhere);
    expect((await command(folder, 'doctor')).said).toContain('CLAWBACK_CONTOSO_SLACK_BOT_TOKEN is not set');
    const filled = read('.env')
      .replace('SLACK_BOT_TOKEN=', 'SLACK_BOT_TOKEN=xoxb-1')
      .replace('SLACK_SIGNING_SECRET=', `SLACK_SIGNING_SECRET=${'a'.repeat(32)}`)
      .replace('SLACK_APP_TOKEN=', 'SLACK_APP_TOKEN=xapp-1');
    writeFileSync(join(folder, '.env'), filled);
    const { code, said } = await command(folder, 'doctor');
    expect(code).toBe(1);
    expect(said).toContain('not filled in yet: graph.clientId');
    expect(said).toContain('not filled in yet: slack.teamId, slack.channel');
    expect(said).toContain('not filled in yet: teams.appId, teams.teamId, teams.channelId');
  });
});

describe('clawback init writes nothing', () => {
  it.each(['clawback.yaml', '.env'])('where there is %s already', async (name) => {
    const folder = place();
    writeFileSync(join(folder, name), 'mine');
    const { code, said, read } = await initialised(FULL, folder);
    expect([code, said, written(folder), read(name)]).toEqual([
      1,
      expect.stringMatching(/already; init overwrites nothing/),
      [name],
      'mine',
    ]);
  });

  it.each<[string, object, string]>([
    ['one approver', { approvers: [DANA] }, 'two people are the least'],
    ['neither chat', { slack: null, teams: null }, 'choose Slack, Teams or both'],
    ['one person listed twice', { approvers: [DANA, { ...OMAR, entraId: DANA.entraId }] }, 'is listed twice'],
    ['the id of a stand-in', { tenantId: '00000000-0000-4000-8000-00000000c0de' }, 'is kept for stand-ins'],
    ['an unknown answer', { colour: 'red' }, 'colour'],
  ])('for %s', async (_name, change, words) => {
    const { code, said, folder } = await initialised({ ...FULL, ...change });
    expect([code, said, written(folder)]).toEqual([1, expect.stringContaining(words), []]);
  });
});

describe('the interview', () => {
  it('asks again what cannot be used, and knows when it is done', async () => {
    const answers = [
      ...['Contoso!', 'contoso', FULL.tenantId, '', 'maybe', 'n'],
      ...['y', 'n', 'T012AB3CD', ''],
      'n',
      ...['Dana Analyst', 'dana', DANA.entraId, 'U012AB3CD', ''],
      ...['', 'Omar', OMAR.entraId, '', 'omar@contoso.com', ''],
    ];
    const said: string[] = [];
    const result = await askAll(
      () => Promise.resolve(answers.shift() ?? expect.unreachable('one question too many')),
      (line) => said.push(line),
    );
    expect(answers).toEqual([]);
    expect(result).toEqual({
      name: 'contoso',
      tenantId: FULL.tenantId,
      hunting: false,
      slack: { mode: 'socket', teamId: 'T012AB3CD' },
      teams: null,
      approvers: [
        { ...DANA, slackId: 'U012AB3CD' },
        { name: 'Omar', entraId: OMAR.entraId, address: 'omar@contoso.com' },
      ],
    });
    expect(said.filter((line) => line.startsWith('  '))).toHaveLength(4);
  });
});
