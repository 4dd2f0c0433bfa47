import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFolderPrivate } from '../../src/adapters/files/privacy.ts';
import { type App, startApp } from '../../src/app.ts';
import { runCommand } from '../../src/cli/command.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { TenantFinding } from '../../src/doctor/finding.ts';
import { createLog } from '../../src/log.ts';
import { freshFolder } from '../support/database.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

async function doctor(file: string, ...more: string[]) {
  const lines: string[] = [];
  const shell = {
    env: {},
    node: '24.0.0',
    folder: dirname(file),
    out: (line: string) => lines.push(line),
    err: (line: string) => lines.push(line),
    stop: new AbortController().signal,
  };
  const code = await runCommand(['doctor', '--config', file, ...more], shell);
  return { code, text: lines.join('\n') };
}

function notFine(text: string): string[] {
  const { findings } = JSON.parse(text) as { findings: TenantFinding[] };
  return findings.filter(({ state }) => state !== 'ok').map(({ check, found }) => `${check}: ${found}`);
}

function foundAbout(text: string, check: string): string {
  const { findings } = JSON.parse(text) as { findings: TenantFinding[] };
  return findings.find((finding) => finding.check === check)?.found ?? '';
}

describe('a tenant where nothing is missing', () => {
  it('is all green before the first start', async () => {
    const { code, text } = await doctor(bench.written(), '--json');
    expect([code, notFine(text), foundAbout(text, 'endpoint')]).toEqual([
      0,
      [],
      expect.stringContaining('not running'),
    ]);
  });

  it('is all green while Clawback runs, although the database is in use', async () => {
    const fresh = freshFolder();
    const file = bench.written(({ config }) => Object.assign(config, { data: fresh.folder, log: 'silent' }));
    const app: App = await startApp(loadConfig(file, {}), createLog('silent'));
    try {
      const { code, text } = await doctor(file, '--json');
      expect([code, notFine(text)]).toEqual([0, []]);
      expect(foundAbout(text, 'database')).toContain('in use by the running Clawback');
      expect(foundAbout(text, 'endpoint')).toContain('Clawback answers');
    } finally {
      await app.stop();
      await fresh.drop();
    }
  });

  it('is all green with Clawback stopped, and the schema is up to date', async () => {
    const fresh = freshFolder();
    // As a start leaves it.
    keepFolderPrivate(fresh.folder);
    const { code, text } = await doctor(
      bench.written(({ config }) => Object.assign(config, { data: fresh.folder })),
      '--json',
    );
    await fresh.drop();
    expect([code, notFine(text), foundAbout(text, 'database')]).toEqual([0, [], 'embedded, schema up to date']);
  });
});

describe('what the doctor leaves as it was', () => {
  it('neither mail, nor chats, nor this machine', async () => {
    const { slack, teams, graph } = bench.sandbox;
    const [before, said] = [slack.calls.length, teams.calls.length];
    const file = bench.written(({ policy }) =>
      Object.assign(policy.roles.lead, { slackUserGroups: [bench.sandbox.groups.slackLeads] }),
    );
    await doctor(file);
    const reads = /^(?:auth\.test|conversations\.info|users\.info|usergroups\.users\.list)$/;
    expect(graph.log.writes()).toEqual([]);
    expect(slack.calls.slice(before).filter(({ method }) => !reads.test(method))).toEqual([]);
    expect(teams.calls.slice(said).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(existsSync(join(dirname(file), 'data'))).toBe(false);
  });

  it('no secret is in what it prints', async () => {
    const file = bench.written(({ env }) =>
      Object.assign(env, { CLAWBACK_SANDBOX_BOT_SECRET: 'a-wrong-secret-value' }),
    );
    const { text } = await doctor(file);
    const env = readFileSync(join(dirname(file), '.env'), 'utf8');
    const secrets = [...env.matchAll(/="(.+)"/g)].map((match) => match[1] ?? '');
    expect([secrets.length > 4, secrets.filter((secret) => text.includes(secret))]).toEqual([true, []]);
  });
});

describe('what the doctor prints', () => {
  it('a line per check with state and finding, the way to mend what fails, and ends with 1', async () => {
    const { code, text } = await doctor(
      bench.written(({ tenant }) => Object.assign(tenant.slack, { channel: 'C0NOWHERE' })),
    );
    expect(code).toBe(1);
    expect(text).toMatch(/^ {2}ok {4}slack token +of workspace T0SANDBOX01$/m);
    expect(text).toMatch(
      /^ {2}FAIL {2}slack channel +there is no channel C0NOWHERE.*\n +to mend it: correct slack\.channel/m,
    );
    expect(text).toMatch(/\n1 failing, 0 warnings, 0 not looked at, \d+ fine$/);
  });

  it('where Entra has to send people back to, and what nobody can see from here', async () => {
    const { text } = await doctor(bench.written(), '--json');
    const { signIn } = bench.sandbox.apps;
    const said = foundAbout(text, 'sign-in page');
    expect(said).toMatch(
      new RegExp(
        `^http://127\\.0\\.0\\.1:\\d+/auth/callback has to be a web redirect URI of app registration ${signIn.clientId}`,
      ),
    );
    expect(said).toContain('step-up by c1: see to it that a Conditional Access policy asks for something there');
  });

  it('which policy holds', async () => {
    const file = bench.written(({ tenant }) => Object.assign(tenant.graph, { identityProtection: false }));
    const { text: own } = await doctor(file, '--json');
    rmSync(join(dirname(file), 'policy.yaml'));
    const { text: none } = await doctor(file, '--json');
    expect([foundAbout(own, 'policy'), foundAbout(none, 'policy')]).toEqual([
      `${join(dirname(file), 'policy.yaml')}: 8 rules`,
      'safe defaults, 3 rules: there is no policy.yaml',
    ]);
    expect(foundAbout(none, 'policy groups')).toBe('the policy names no Entra groups');
  });

  it('says what to do where there is no configuration', async () => {
    const { code, text } = await doctor(join(dirname(bench.written()), 'elsewhere.yaml'));
    expect([code, text]).toEqual([1, expect.stringContaining('clawback init writes a clawback.yaml')]);
  });
});
