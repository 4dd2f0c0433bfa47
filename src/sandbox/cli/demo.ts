import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readMail } from '../../cli/own-alert.ts';
import type { Arguments, Shell } from '../../cli/shell.ts';
import { inert } from '../../core/text.ts';
import { land, phishingWave } from '../attacks.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { startBot } from './bot-process.ts';
import { freePort, writeSandboxConfig } from './configuration.ts';
import { readResult } from './demo-result.ts';
import { createStage, type Stage } from './demo-stage.ts';
import { attackFromEml } from './own-mail.ts';
import { alertOf, reportAttack } from './report-attack.ts';

const MAILBOXES = 120;

/** The whole story, unattended, in the sandbox; ends with one JSON line. */
export async function demo(shell: Shell, args: Arguments): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-demo-'));
  const stage = createStage(shell);
  const sandbox = await startSandbox({ employees: MAILBOXES, seed: 7 });
  try {
    const result = await play(shell, args, stage, sandbox, folder);
    shell.out(JSON.stringify(result));
    return result.ledgerVerified && result.decoysTouched === 0 && result.failed === 0 ? 0 : 1;
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(shell: Shell, args: Arguments, stage: Stage, sandbox: Sandbox, folder: string) {
  const port = await freePort();
  const file = writeSandboxConfig(sandbox, { folder, port, log: 'error' });
  const url = `http://127.0.0.1:${port}`;
  const { attack, alert } = await chooseAttack(shell, args, sandbox);
  stage.say(
    `A tenant of ${sandbox.tenant.userCount()} mailboxes, a Slack workspace and a Teams channel, all on this machine.`,
  );
  let bot = await startBot(file, url, { env: shell.env, log: shell.err });
  try {
    await sandbox.connect(url);
    stage.say('Clawback is up.');
    const landed = land(sandbox, attack);
    stage.say(
      `${attack.title}: \u201c${inert(attack.subject, 70)}\u201d lands in ${landed.copies.length} mailboxes, beside ${landed.decoys.length} good mails that look like it.`,
    );
    const incident = await reportAttack(file, attack, alert);
    stage.say(`A detector reports it: incident ${incident}.`);
    const card = await stage.cards(sandbox, incident);
    stage.say(`The same card is in Slack and in Teams: ${card.reach}.`);
    if (!card.canPurge) {
      stage.say(`There is nothing to approve: ${card.status}`);
      await bot.stop();
      return readResult(file, incident, sandbox, landed);
    }
    sandbox.graph.faults.set({ throttled: { share: 0.05, retryAfter: [0.3, 1.2] } });
    stage.say('Graph now throttles one request in twenty.');
    stage.say(
      `Emma, who received the mail, presses Approve: \u201c${await stage.pressInTeams(sandbox, 'emma', incident, 'purge')}\u201d`,
    );
    stage.say(
      `Dana presses Approve in Slack: \u201c${await stage.pressInSlack(sandbox, 'dana', incident, 'purge')}\u201d`,
    );
    stage.say(
      `Dana presses again in Teams: \u201c${await stage.pressInTeams(sandbox, 'dana', incident, 'purge')}\u201d`,
    );
    stage.say(
      `Omar presses Approve in Teams: \u201c${await stage.pressInTeams(sandbox, 'omar', incident, 'purge')}\u201d`,
    );
    await stage.untilGone(landed, sandbox, 0.3);
    stage.say('Somebody pulls the plug: kill -9 in the middle of the purge.');
    await bot.kill();
    bot = await startBot(file, url, { env: shell.env, log: shell.err });
    stage.say('Clawback is back and goes on where it was.');
    await stage.untilGone(landed, sandbox, 1);
    const final = await stage.untilFinished(sandbox, incident);
    stage.say(`Both cards say: ${final}`);
    await bot.stop();
    stage.say('The bot is stopped; the ledger is checked from the stored bytes.');
    return await readResult(file, incident, sandbox, landed);
  } finally {
    await bot.stop();
  }
}

/** The sandbox's own phishing wave, or the mail of a file, delivered to the same mailboxes. */
async function chooseAttack(shell: Shell, args: Arguments, sandbox: Sandbox) {
  const wave = phishingWave(sandbox, MAILBOXES);
  const path = args.words[0];
  if (path === undefined) return { attack: wave, alert: alertOf(wave) };
  const own = await attackFromEml(readMail(resolve(shell.folder, path)), wave, args.verdict);
  for (const finding of own.alert.findings) shell.out(`  note: ${inert(finding)}`);
  return own;
}
