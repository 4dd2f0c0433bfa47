import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { parseConfig } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { leastPermissions } from '../doctor/permissions.ts';
import { Answers, askAll } from './init-answers.ts';
import { configOf, secretsOf } from './init-files.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback init`: a handful of answers become clawback.yaml and .env. Overwrites nothing. */
export async function init(shell: Shell, args: Arguments): Promise<number> {
  const files = { config: join(shell.folder, 'clawback.yaml'), secrets: join(shell.folder, '.env') };
  refuseExisting(Object.values(files));
  const answers =
    args.answers === undefined ? await interview(shell) : readAnswers(resolve(shell.folder, args.answers));
  const config = configOf(answers);
  parseConfig(config, files.config);
  const own = { intake: `whsec_${randomBytes(32).toString('base64')}`, cacheKey: randomBytes(32).toString('hex') };
  writeBoth(files, { config, secrets: secretsOf(answers, own) });
  for (const line of nextSteps(answers)) shell.out(line);
  return 0;
}

function refuseExisting(files: readonly string[]): void {
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0)
    throw new ClawbackError(
      'config',
      `there is ${there.join(' and ')} already; init overwrites nothing, so nothing was written`,
    );
}

async function interview({ out, stop }: Shell): Promise<Answers> {
  const terminal = createInterface({ input: stdin, output: stdout });
  // The end of the input must not leave a question hanging for ever.
  const ended = new AbortController();
  terminal.once('close', () => ended.abort());
  try {
    return await askAll(
      (question) => terminal.question(question, { signal: AbortSignal.any([stop, ended.signal]) }),
      out,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new ClawbackError('config', 'not all questions were answered, so nothing was written', { cause: error });
    throw error;
  } finally {
    terminal.close();
  }
}

function readAnswers(file: string): Answers {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ClawbackError('config', `the answers in ${file} cannot be read as JSON`, { cause });
  }
  const answers = Answers.safeParse(data);
  if (answers.success) return answers.data;
  const lines = answers.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new ClawbackError('config', `the answers in ${file} cannot be used:\n  ${lines.join('\n  ')}`);
}

/** Both or none; 'wx' so that a file that appeared meanwhile stays as it is. */
function writeBoth(
  files: { readonly config: string; readonly secrets: string },
  texts: { readonly config: string; readonly secrets: string },
): void {
  try {
    writeFileSync(files.secrets, texts.secrets, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new ClawbackError('config', `${files.secrets} cannot be written`, { cause });
  }
  try {
    writeFileSync(files.config, texts.config, { flag: 'wx', mode: 0o644 });
  } catch (cause) {
    rmSync(files.secrets);
    throw new ClawbackError('config', `${files.config} cannot be written, so nothing was`, { cause });
  }
}

function nextSteps({ hunting, slack, teams }: Answers): string[] {
  const roles = leastPermissions({ hunting, groups: false, identityProtection: false }).map(
    ({ permission }) => permission,
  );
  const steps = [
    'npm run manifest -- --host <public name of Clawback>',
    `dist/manifest/app-registrations.sh, as an administrator: ${roles.join(', ')}${teams ? ', and a bot without any' : ''}`,
    ...(slack
      ? ['make the Slack app from dist/manifest/slack-manifest.json, install it, invite it to the channel']
      : []),
    'put the ids into clawback.yaml and the secrets into .env',
    ...(teams ? ['npm run manifest again, for the Teams app package, and add it to the team'] : []),
    'if the safe defaults are not yours: copy manifest/policy.example.yaml to policy.yaml here, and change it',
    'npm run doctor, until nothing fails',
    'npm run clawback -- start',
  ];
  return ['clawback.yaml and .env are written. Next:', ...steps.map((step, n) => `  ${n + 1}. ${step}`)];
}
