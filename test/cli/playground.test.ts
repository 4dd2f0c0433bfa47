import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { playgroundScript, startPlayground } from '../../src/sandbox/cli/playground.ts';
import { startFront } from '../../src/sandbox/cli/playground-front.ts';

const REPO = join(import.meta.dirname, '..', '..');
const CHROMIUM = '/usr/bin/chromium';

describe('where the Agents Playground is not installed', () => {
  it('the command says how to get it, and what its licence allows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clawback-no-playground-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const shell = { env: {}, node: '24.0.0', folder, out: say, err: say, stop: new AbortController().signal };
    expect(await runCommand(['playground'], shell)).toBe(1);
    expect(lines.join('\n')).toMatch(/npm i --no-save @microsoft\/m365agentsplayground@[\d.]+\n.*licence/);
  });
});

describe('between the Playground and Clawback', () => {
  /** A front whose activities end here, with the service URL that their token would name. */
  async function front() {
    const passed: unknown[] = [];
    const raw = (activity: unknown, token: unknown) => {
      passed.push([activity, token]);
      return Promise.resolve({ status: 200, body: { ok: true }, ms: 0, sent: { url: '', headers: {}, body: '' } });
    };
    const started = await startFront({ raw } as unknown as Parameters<typeof startFront>[0]);
    onTestFinished(() => started.close());
    return { passed, url: started.url };
  }

  function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject).end(body);
    });
  }

  it('an activity goes on under a token for its own service URL', async () => {
    const { passed, url } = await front();
    const body = JSON.stringify({ type: 'message', serviceUrl: 'http://localhost:5/_connector' });
    expect(await post(url, { 'content-type': 'application/json' }, body)).toBe(200);
    const serviceUrl = 'http://127.0.0.1:5/_connector';
    expect(passed).toEqual([[{ type: 'message', serviceUrl }, { serviceUrl }]]);
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['a form of some web page', { 'content-type': 'text/plain' }, '{}', 405],
    ['a page under another name', { 'content-type': 'application/json', host: 'evil.example' }, '{}', 405],
    ['what is no JSON', { 'content-type': 'application/json' }, '{', 400],
  ])('%s does not go on', async (_name, headers, body, status) => {
    const { passed, url } = await front();
    expect([await post(url, headers, body), passed]).toEqual([status, []]);
  });
});

// Opt-in: npm i --no-save @microsoft/m365agentsplayground
if (playgroundScript(REPO) !== null && existsSync(CHROMIUM)) {
  describe('in Microsoft’s Agents Playground', () => {
    it('the card appears, Dana approves it there and Omar in Slack, and the card says that the mail is gone', async () => {
      const running = await startPlayground({ folder: REPO, env: {}, err: () => undefined });
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
      onTestFinished(async () => {
        await browser.close();
        await running.close();
      });
      const page = await browser.newPage({ viewport: { width: 1_500, height: 1_100 } });
      await page.route(
        ({ hostname }) => hostname !== '127.0.0.1',
        (route) => route.abort(),
      );
      await page.goto(running.url, { waitUntil: 'domcontentloaded' });
      await running.visited;
      await page.getByRole('treeitem', { name: 'Mail alerts' }).first().click();
      const incident = await running.attack();
      await page.getByText(incident).first().waitFor();
      await page.getByRole('button', { name: 'Approve purge' }).first().click();
      await page.getByText('1 of 2 given').first().waitFor();
      const { slack } = running.sandbox;
      const card = (await slack.messages()).findLast(({ blocks }) => JSON.stringify(blocks).includes(incident));
      await slack.click('omar', card?.ts ?? '', 'cb:purge');
      await page.getByText('Purged: 30 removed').first().waitFor();
      expect(await page.getByText('Omar Analyst approved the purge in Slack').count()).toBeGreaterThan(0);
    });
  });
}
