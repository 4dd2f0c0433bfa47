import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { runCommand } from '../../src/cli/command.ts';
import { loadConfig } from '../../src/config/load.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { freePort } from '../../src/sandbox/cli/configuration.ts';
import { type Story, startStory } from '../support/story.ts';

describe('the operator at the terminal', () => {
  let story: Story;
  let incident: string;
  beforeAll(async () => {
    story = await startStory({ employees: 30, seed: 21 });
    ({ incident } = await story.attacked(phishingWave(story.sandbox, 20)));
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: 20 removed');
  });
  afterAll(() => story.close());

  async function run(...argv: string[]) {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const shell = {
      env: {},
      node: process.versions.node,
      folder: tmpdir(),
      out: say,
      err: say,
      stop: new AbortController().signal,
    };
    return { code: await runCommand([...argv, '--config', story.configFile], shell), text: lines.join('\n') };
  }

  it('verifies the ledger while Clawback runs', async () => {
    const { code, text } = await run('audit', 'verify');
    expect([code, text]).toEqual([0, expect.stringMatching(/^sandbox: \d+ entries, the chain is whole/)]);
  });

  it('reads one incident as a story while Clawback runs', async () => {
    const { code, text } = await run('audit', 'show', incident.toLowerCase());
    expect(code).toBe(0);
    expect(text).toContain('sandbox (“Sandbox detector”) reported a phishing mail');
    expect(text).toContain('Dana Analyst approved purge of plan');
    expect(text).toContain('seen of copies: 20 removed');
    expect(text.split('\n').length).toBeLessThan(30);
  });

  it('reads every request that Microsoft got, with what it answered, sealed in the record', async () => {
    const got = story.sandbox.graph.log.entries().map(({ clientRequestId, status }) => [clientRequestId, status]);
    const { code, text } = await run('audit', 'requests');
    expect([code, text]).toEqual([0, expect.stringMatching(/\d+ requests in \d+ segments?, each as it was sealed/)]);
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    const answers = new Map(lines.flatMap(({ to, status, of }) => (to ? [[to, of ?? [status]] as const] : [])));
    const said = lines
      .filter(({ id }) => id)
      .flatMap(({ id, of = [[id]] }) => of.map(([inner]: string[], n: number) => [inner, answers.get(id)?.[n]]));
    expect(got.length).toBeGreaterThan(60);
    expect(said).toEqual(expect.arrayContaining(got.filter(([id]) => id !== null)));
    expect(got.filter(([id]) => id === null)).toEqual([]);
    // Addresses and questions stay out of it.
    expect(text).not.toMatch(/%40|\$filter|internetMessageId/);
  });

  it('takes the list of mailboxes along, as CSV and as JSON, and the record says who did', async () => {
    const csv = await run('incident', incident, 'export');
    expect(csv.code).toBe(0);
    expect(csv.text).toContain('"Done","Removed, seen gone"');
    const json = await run('incident', incident.toLowerCase(), 'export', '--json');
    expect(JSON.parse(json.text)).toMatchObject({ version: 1, incident });
    const rows = JSON.parse(json.text).mailboxes.length;
    expect(csv.text.split('\r\n')).toHaveLength(rows + 1);
    const { text } = await run('audit', 'show', incident);
    expect(text).toMatch(/at the command line took the list of mailboxes along \(csv, \d+ rows\)/);
    expect(await run('incident', 'CB-NOPE', 'export')).toMatchObject({
      code: 1,
      text: expect.stringContaining('no list of mailboxes of CB-NOPE'),
    });
    expect(await run('incident', incident, 'exprot')).toMatchObject({ code: 2 });
    expect((await run('audit', 'verify')).code).toBe(0);
  });

  it('is told when the ledger knows no such incident', async () => {
    expect(await run('audit', 'show', 'CB-NOPE')).toMatchObject({
      code: 1,
      text: expect.stringContaining('nothing about CB-NOPE'),
    });
  });

  it('is told when there is no such tenant', async () => {
    const { code, text } = await run('audit', 'verify', '--tenant', 'fabrikam');
    expect([code, text]).toEqual([1, expect.stringContaining('there is no tenant fabrikam; configured: sandbox')]);
  });

  it('sees health, readiness and numbers with the token for them', async () => {
    const { metricsToken } = loadConfig(story.configFile, {}).secrets;
    const headers = { authorization: `Bearer ${metricsToken}` };
    const get = async (path: string) => (await fetch(`${story.url}${path}`, { headers })).text();
    expect(await get('/healthz')).toContain('ok');
    expect(JSON.parse(await get('/readyz'))).toMatchObject({
      ready: true,
      checks: { database: 'ok', 'graph sandbox': 'ok', 'room slack sandbox': 'ok', 'room teams sandbox': 'ok' },
    });
    expect(await get('/metrics')).toContain(
      'clawback_copies_total{tenant="sandbox",action="purge",outcome="removed"} 20',
    );
  });

  it('sees as a stranger that it is ready, and nothing else', async () => {
    const ready = await fetch(`${story.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
    expect((await fetch(`${story.url}/metrics`)).status).toBe(404);
  });

  it('has a port for monitoring where one is configured, and there nothing else answers', async () => {
    const port = await freePort();
    await story.stop();
    const config = parse(readFileSync(story.configFile, 'utf8')) as { listen: object };
    Object.assign(config.listen, { monitor: { port } });
    writeFileSync(story.configFile, stringify(config));
    await story.start();
    const at = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      return [answer.status, await answer.text()] as const;
    };
    expect(await at('/metrics')).toEqual([200, expect.stringContaining('process_cpu_seconds_total')]);
    expect((await at('/readyz'))[1]).toContain('graph sandbox');
    expect((await at('/auth?tenant=sandbox&ticket=x'))[0]).toBe(404);
    expect((await fetch(`${story.url}/metrics`)).status).toBe(404);
  });

  it('verifies the ledger after Clawback has stopped', async () => {
    await story.stop();
    const { code, text } = await run('audit', 'verify', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject([{ tenant: 'sandbox', ok: true, fault: null }]);
  });
});

it('a data folder with a very long path still has a socket', () => {
  const long = join(tmpdir(), 'x'.repeat(120));
  mkdirSync(tmpdir(), { recursive: true });
  expect(operatorSocket(long).length).toBeLessThan(104);
  expect(operatorSocket(long)).not.toBe(operatorSocket(`${long}y`));
});
