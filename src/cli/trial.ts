import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { entraCredential } from '../adapters/entra/credential.ts';
import { createTokenSource } from '../adapters/entra/token.ts';
import { createDirectory } from '../adapters/graph/directory.ts';
import { isMailAddress, isMessageId } from '../adapters/microsoft/ids.ts';
import { ClawbackError } from '../core/error.ts';
import { entraGroupsIn } from '../doctor/in-use.ts';
import { runTrial, type TrialResult } from '../doctor/trial.ts';
import { BELIEFS, type Judged } from '../doctor/trial-beliefs.ts';
import type { Leftover } from '../doctor/trial-clear.ts';
import { trialPerson } from '../doctor/trial-guard.ts';
import { HEADING, leftoverWords, paperOf } from '../doctor/trial-paper.ts';
import { chosenTenant, loadToAct } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

interface Ordered {
  /** Lower case. */
  readonly address: string;
  readonly delivered: { readonly messageId: string; readonly forMs: number } | null;
  /** Where the report goes. */
  readonly file: string;
}

/** `clawback doctor --trial`: one mail in the mailbox that is named twice. Answers the exit code. */
export async function trial(shell: Shell, args: Arguments): Promise<number> {
  try {
    return await tried(shell, args);
  } catch (error) {
    // The wrong mailbox was named: nothing failed.
    if (!(error instanceof ClawbackError) || error.field !== 'trial') throw error;
    shell.err(`clawback: ${error.message}`);
    return 2;
  }
}

async function tried(shell: Shell, args: Arguments): Promise<number> {
  const ordered = orderOf(shell, args);
  if (typeof ordered === 'string') {
    shell.err(ordered);
    return 2;
  }
  const { address, delivered, file } = ordered;
  const loaded = loadToAct(shell, args);
  const { tenant, secrets } = chosenTenant(loaded, args.tenant);
  if (!secrets) throw new ClawbackError('config', `no secrets were read for tenant ${tenant.name}`);
  const { policy } = loaded.policy;
  const source = createTokenSource({
    authority: tenant.graph.authority,
    tenantId: tenant.id,
    clientId: tenant.graph.clientId,
    credential: entraCredential(secrets.graph),
    scope: `${new URL(tenant.graph.url).origin}/.default`,
    clock: Date.now,
  });
  const toGraph = { baseUrl: tenant.graph.url, token: (claims?: string) => source.token(claims), ids: randomUUID };
  const directory = createDirectory({
    ...toGraph,
    clock: Date.now,
    sleep: (ms) => delay(ms),
    identityProtection: false,
    timeoutMs: 15_000,
  });
  await source.token();
  const person = await trialPerson(address, tenant, policy, directory);
  // Now, so that a folder that cannot be written is known before anything is done.
  writeFileSync(file, `${HEADING}\n\nThis trial has not come to its end.\n`);
  const tell = args.json ? () => {} : shell.out;
  const result = await runTrial(
    {
      ...toGraph,
      user: person.id,
      group: entraGroupsIn(policy)[0]?.id ?? null,
      hunting: tenant.graph.hunting,
      delivered,
    },
    {
      clock: Date.now,
      sleep: (ms, signal) => delay(ms, undefined, { signal }),
      ids: randomUUID,
      said: (judged) => tell(lineOf(judged)),
      begins: (name) =>
        (args.json ? shell.err : shell.out)(
          `\none mail goes into ${address}, subject \u201c${name}\u201d: should this be killed, remove it by hand\n`,
        ),
      left: (leftovers, name) => shell.err(leftWords(leftovers, name, address)),
    },
    shell.stop,
  );
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const named = [address, ...person.addresses, domain, person.id, tenant.id, tenant.graph.clientId, result.name];
  writeFileSync(file, paperOf(result, tenant.graph.url, [...named, ...(delivered ? [delivered.messageId] : [])]));
  const bad = result.failed.length > 0 || result.leftovers.length > 0 || result.stopped;
  if (args.json) shell.out(JSON.stringify({ ok: !bad, ...result, file }));
  else for (const line of endOf(result, file)) shell.out(line);
  return bad ? 1 : 0;
}

const LONGEST_MINUTES = 240;

/** Advice where it was called wrongly. */
function orderOf(shell: Shell, args: Arguments): Ordered | string {
  const address = args.trial?.trim().toLowerCase() ?? '';
  if (!isMailAddress(address)) return '--trial needs the address of a mailbox that is there for tests';
  if (args.consent?.trim().toLowerCase() !== address)
    return `a trial puts one mail into ${address}, marks it, moves it and hard-deletes it. If that is what you want, name the mailbox again: --consent ${address}`;
  const delivered = deliveredIn(args);
  if (typeof delivered === 'string') return delivered;
  const file = resolve(shell.folder, args.out ?? 'clawback-trial.md');
  if (existsSync(file) && !isOurs(file))
    return `--out: ${file} is there already and is no report of a trial: name another file`;
  return { address, delivered, file };
}

function deliveredIn({ delivered, minutes = '30' }: Arguments): Ordered['delivered'] | string {
  const messageId = delivered?.trim() ?? null;
  const count = Number(minutes);
  if (!Number.isInteger(count) || count < 1 || count > LONGEST_MINUTES)
    return `--minutes is how long hunting is asked: a whole number from 1 to ${LONGEST_MINUTES}`;
  if (messageId === null) return null;
  return isMessageId(messageId) && /^<[^<>\s]+@[^<>\s]+>$/.test(messageId)
    ? { messageId, forMs: count * 60_000 }
    : '--delivered needs the Message-ID of a mail, with its angle brackets and in quotes: "<…@…>"';
}

function isOurs(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').startsWith(HEADING);
  } catch {
    return false;
  }
}

function lineOf({ belief, verdict, seen }: Judged): string {
  return `${verdict.padEnd(9)}  ${BELIEFS[belief]}\n           ${seen}`;
}

function leftWords(leftovers: readonly Leftover[], name: string, address: string): string {
  const what = leftovers.map(leftoverWords).join('; ');
  const why = leftovers.some(({ another }) => another) ? 'was not touched' : 'could not be removed';
  return `${why}: ${what}. Look for \u201c${name}\u201d in ${address}, and remove it by hand`;
}

function endOf({ judged, failed, leftovers, stopped }: TrialResult, file: string): string[] {
  const count = (verdict: Judged['verdict']) => judged.filter((one) => one.verdict === verdict).length;
  return [
    '',
    ...(stopped ? ['stopped before its end'] : []),
    ...failed.map((words) => `failed: ${words}`),
    leftovers.length === 0
      ? 'nothing of the trial is left in the mailbox, but for what a hard delete leaves in Purges'
      : 'something is left in the mailbox: see above',
    `${count('confirmed')} confirmed, ${count('not so')} not so, ${count('not tried')} not tried; report without names: ${file}`,
  ];
}
