import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ClawbackError } from '../core/error.ts';
import { examine } from '../doctor/examine.ts';
import type { TenantFinding } from '../doctor/finding.ts';
import { ownConfig, SANDBOX_FOLDER } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

const OF_A_TRIAL = ['consent', 'delivered', 'minutes', 'out'] as const;

/** `clawback doctor`: what is still missing between this configuration and the services it names. */
export async function doctor(shell: Shell, args: Arguments): Promise<number> {
  if (args.trial !== undefined) return await (await import('./trial.ts')).trial(shell, args);
  const lonely = OF_A_TRIAL.find((option) => args[option] !== undefined);
  if (lonely !== undefined) {
    shell.err(`--${lonely} goes with --trial <mailbox>`);
    return 2;
  }
  const file = ownConfig(shell, args) ?? join(shell.folder, SANDBOX_FOLDER, 'clawback.yaml');
  if (!existsSync(file))
    throw new ClawbackError(
      'config',
      `there is no ${args.config ?? 'clawback.yaml here'}: clawback init writes a clawback.yaml, or name another with --config`,
    );
  const findings = await examine(file, shell.env, {
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    fetch,
    ids: randomUUID,
  });
  const failed = findings.some(({ state }) => state === 'fail');
  if (args.json) shell.out(JSON.stringify({ ok: !failed, findings }));
  else for (const line of table(findings)) shell.out(line);
  return failed ? 1 : 0;
}

const MARKS: Readonly<Record<TenantFinding['state'], string>> = { ok: 'ok', warn: 'WARN', fail: 'FAIL', skip: '-' };

function table(findings: readonly TenantFinding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(width + 10);
  const lines: string[] = [];
  let tenant: string | null = null;
  for (const finding of findings) {
    if (finding.tenant !== tenant) lines.push('', `tenant ${finding.tenant ?? ''}`);
    tenant = finding.tenant;
    const found = finding.found.replaceAll('\n', `\n${indent}`);
    lines.push(`  ${MARKS[finding.state].padEnd(5)} ${finding.check.padEnd(width)}  ${found}`);
    if (finding.mend !== '') lines.push(`${indent}to mend it: ${finding.mend}`);
  }
  const count = (state: TenantFinding['state']) => findings.filter((finding) => finding.state === state).length;
  return [
    ...lines,
    '',
    `${count('fail')} failing, ${count('warn')} warnings, ${count('skip')} not looked at, ${count('ok')} fine`,
  ];
}
