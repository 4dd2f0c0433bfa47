import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTokenSource } from '../../src/adapters/entra/token.ts';
import { runCommand } from '../../src/cli/command.ts';
import { runTrial, type TrialOrder, type TrialResult } from '../../src/doctor/trial.ts';
import type { BeliefId, Judged } from '../../src/doctor/trial-beliefs.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Bench, Draft } from './bench.ts';

/** A trial in a mailbox of the sandbox, from the command line or without it. */

export const testMailbox = ({ employees }: Sandbox) => employees[0] ?? '';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly folder: string;
  /** What the shared file says; empty where there is none. */
  readonly paper: string;
}

export async function fromCommandLine(
  bench: Bench,
  words: readonly string[],
  {
    change,
    stop = new AbortController().signal,
    before,
  }: {
    readonly change?: (draft: Draft) => void;
    readonly stop?: AbortSignal;
    readonly before?: (folder: string) => void;
  } = {},
): Promise<Told> {
  const file = bench.written(change);
  const folder = dirname(file);
  before?.(folder);
  const [out, err]: [string[], string[]] = [[], []];
  const shell = {
    env: {},
    node: '24.0.0',
    folder,
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stop,
  };
  const code = await runCommand(['doctor', '--config', file, ...words], shell);
  return { code, out: out.join('\n'), err: err.join('\n'), folder, paper: textOf(join(folder, 'clawback-trial.md')) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Both times the mailbox, as a person has to. */
export const consented = (address: string) => ['--trial', address, '--consent', address];

export interface Direct {
  readonly delivered?: TrialOrder['delivered'];
  readonly group?: string | null;
  readonly hunting?: boolean;
  readonly stop?: AbortSignal;
  /** Called just before the mail is put in. */
  readonly begins?: () => void;
  /** Called in place of waiting. */
  readonly sleep?: (ms: number) => void;
}

/** Without a command line and without waiting: time goes on by what would have been waited. */
export async function tried(
  sandbox: Sandbox,
  options: Direct = {},
): Promise<TrialResult & { told: readonly Judged[] }> {
  const user = sandbox.tenant.userByAddress(testMailbox(sandbox));
  if (!user) throw new Error('the sandbox has no test mailbox');
  const { executor } = sandbox.apps;
  const source = createTokenSource({
    authority: sandbox.entra.url,
    tenantId: sandbox.tenantId,
    clientId: executor.clientId,
    credential: { kind: 'secret', secret: executor.secret },
    scope: `${sandbox.graph.url}/.default`,
    clock: Date.now,
  });
  const told: Judged[] = [];
  let waited = 0;
  const result = await runTrial(
    {
      baseUrl: sandbox.graph.url,
      token: (claims) => source.token(claims),
      user: user.id,
      group: options.group ?? null,
      hunting: options.hunting ?? true,
      delivered: options.delivered ?? null,
    },
    {
      clock: () => Date.now() + waited,
      sleep: (ms, signal) => {
        waited += ms;
        options.sleep?.(ms);
        return signal.aborted ? Promise.reject(new Error('stopped')) : Promise.resolve();
      },
      ids: randomUUID,
      said: (judged) => told.push(judged),
      begins: () => options.begins?.(),
      left: () => undefined,
    },
    options.stop ?? new AbortController().signal,
  );
  return { ...result, told };
}

export function verdicts({ judged }: Pick<TrialResult, 'judged'>): Record<BeliefId, string> {
  return Object.fromEntries(judged.map(({ belief, verdict }) => [belief, verdict])) as Record<BeliefId, string>;
}

export function seen({ judged }: Pick<TrialResult, 'judged'>, belief: BeliefId): string {
  return judged.find((one) => one.belief === belief)?.seen ?? '';
}

/** What of trials is in the mailbox where somebody can see it or get it back. */
export function remains({ tenant, employees: [address = ''] }: Sandbox): string[] {
  const box = tenant.mailbox(tenant.userByAddress(address)?.id ?? '');
  const mails = [...box.items()]
    .filter((item) => item.subject.startsWith('Clawback trial') && !box.inPurges(item))
    .map((item) => `mail in ${box.folders.find(item.parentFolderId)?.displayName ?? 'nowhere'}`);
  const folders = box.folders.all().filter(({ displayName }) => displayName.startsWith('Clawback trial'));
  return [...mails, ...folders.map(() => 'folder')];
}
