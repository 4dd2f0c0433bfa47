import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { openSandbox, type SandboxPlace } from '../../src/sandbox/cli/open.ts';

/** A real Chromium in front of the sandbox's page, with the real Clawback behind it. */

const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const PATIENCE_MS = 150_000;
const A_MOMENT_MS = 5_000;
const REDRAWN_AT_MOST = 5;

export interface Visit {
  readonly place: SandboxPlace;
  readonly page: Page;
  readonly slack: Locator;
  readonly teams: Locator;
  /** Addresses of every request that the browser wanted to make. */
  readonly requests: readonly string[];
  /** Errors of scripts and of the content security policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS.split(' ') });
}

export async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-page-'));
  const place = await openSandbox({ folder, env: {}, log: () => undefined, ports: 'any' });
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(place.url);
  const close = async () => {
    await browser.close();
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    place,
    page,
    slack: page.getByRole('region', { name: 'Slack' }),
    teams: page.getByRole('region', { name: 'Teams' }),
    requests,
    complaints,
    close,
  };
}

export async function become({ page }: Visit, name: string): Promise<void> {
  await page.getByRole('radio', { name }).check();
}

/** Presses a button of the newest card in Slack and says yes to its question, if it asks one. */
export async function pressInSlack({ page, slack }: Visit, button: string, yes?: string): Promise<void> {
  await slack.getByRole('button', { name: button }).last().click();
  if (yes !== undefined) await page.getByRole('dialog').getByRole('button', { name: yes }).click();
}

/**
 * Presses a button of the newest card in Teams and says yes to its question, if it asks one. Teams closes an
 * open question when the card is drawn anew (somebody else voted, a minute passed): a person asks again.
 */
export async function pressInTeams({ teams }: Visit, button: string, yes?: string): Promise<void> {
  const ask = () => teams.getByRole('button', { name: button }).last().click();
  await ask();
  if (yes === undefined) return;
  const answer = teams.getByRole('button', { name: yes }).last();
  for (let tries = 0; tries < REDRAWN_AT_MOST; tries += 1) {
    const said = await answer.click({ timeout: A_MOMENT_MS }).then(
      () => true,
      () => false,
    );
    if (said) return;
    if (!(await answer.isVisible())) await ask();
  }
  await answer.click();
}

/** Resolves when the number of copies that people can open is this one. */
export async function untilInSight({ page }: Visit, copies: number): Promise<void> {
  await page.getByTestId('in-sight').getByText(String(copies), { exact: true }).waitFor();
}

/** The story up to the point where the copies begin to vanish. */
export async function approveTogether(one: Visit): Promise<void> {
  await become(one, 'Dana');
  await pressInSlack(one, 'Approve purge', 'Approve purge');
  await one.slack.getByText('1 of 2').first().waitFor();
  await become(one, 'Omar');
  await pressInTeams(one, 'Approve purge', 'Approve purge');
}
