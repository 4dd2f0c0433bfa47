import { randomUUID } from 'node:crypto';
import type { Database } from '../adapters/store/database.ts';
import { createLedgerReader, digestOf, freshSalt, seal } from '../adapters/store/ledger.ts';
import { createStore } from '../adapters/store/store.ts';
import type { Settings } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { type Audit, auditTenant, expectedOf } from '../flow/record/audit.ts';
import { tellIncident } from '../flow/tell/story.ts';
import { exportRecord } from './audit-export.ts';
import { exportRequests } from './audit-requests.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

type Verified = Audit & { readonly tenant: string };

const MOST_LINES = 20;

/** `clawback audit verify` and `clawback audit show <incident>`, with Clawback running or stopped. */
export async function audit(shell: Shell, args: Arguments): Promise<number> {
  const [what, incident] = args.words;
  if (what === 'export') return exportRecord(shell, args);
  if (what === 'requests') return exportRequests(shell, args);
  const question = questionOf(what, incident, args.expect);
  if (!question) {
    shell.err(
      'say what: clawback audit verify [--expect <seq>:<hash>], clawback audit show <incident>, clawback audit export > record.jsonl, or clawback audit requests > requests.jsonl',
    );
    return 2;
  }
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  else if (args.expect.length > 0 && loaded.config.tenants.length > 1)
    throw new ClawbackError('invalid', '--expect is about the record of one tenant: say which with --tenant', {
      field: 'expect',
    });
  if (question.kind === 'verify') return verify(shell, args, await ask<Verified[]>(loaded, args.tenant, question));
  const lines = await ask<string[]>(loaded, args.tenant, question);
  if (lines.length === 0)
    throw new ClawbackError('not-found', `the ledger holds nothing about ${question.incident}`, { field: 'incident' });
  for (const line of args.json ? [JSON.stringify(lines)] : lines) shell.out(line);
  return 0;
}

function questionOf(
  what: string | undefined,
  incident: string | undefined,
  expect: readonly string[],
): Question | null {
  // Read here, so that a slip of the pen is told before anything is opened.
  if (what === 'verify')
    return { kind: 'verify', expect: expect.map(expectedOf).map(({ seq, hash }) => `${seq}:${hash}`) };
  return what === 'show' && incident ? { kind: 'show', incident: incident.toUpperCase() } : null;
}

function verify(shell: Shell, args: Arguments, results: readonly Verified[]): number {
  if (args.json) shell.out(JSON.stringify(results));
  else {
    for (const result of results) for (const line of linesOf(result)) shell.out(line);
  }
  return results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;
}

function linesOf({ tenant, entries, head, fault, differences, count, retired }: Verified): string[] {
  const chain = fault
    ? `${tenant}: BROKEN at entry ${fault.seq}: ${fault.problem}`
    : `${tenant}: ${entries} entries, the chain is whole, head ${head.slice(0, 16)}`;
  const gone =
    retired > 0
      ? [
          `${tenant}: ${retired} old ${retired === 1 ? 'incident is' : 'incidents are'} retired: only the record of ${retired === 1 ? 'it' : 'them'} is kept`,
        ]
      : [];
  if (count === 0) return [fault ? chain : `${chain}; what is stored agrees with it`, ...gone];
  const shown = differences.slice(0, MOST_LINES);
  return [
    chain,
    `${tenant}: what is stored DIFFERS from the record:`,
    ...shown.map((line) => `  ${line}`),
    ...(count > shown.length ? [`  and ${count - shown.length} more`] : []),
    ...gone,
  ];
}

type Question =
  | { readonly kind: 'verify'; readonly expect: readonly string[] }
  | { readonly kind: 'show'; readonly incident: string };

async function ask<T>(loaded: Settings, tenant: string | undefined, question: Question): Promise<T> {
  const query = new URLSearchParams({
    ...(tenant === undefined ? {} : { tenant }),
    ...(question.kind === 'show' ? { incident: question.incident } : {}),
  });
  if (question.kind === 'verify') for (const one of question.expect) query.append('expect', one);
  const answer = (database: Database) => answerFrom(database, loaded, tenant, question) as Promise<T>;
  return fromDatabaseOrRunning(loaded, answer, `/audit/${question.kind}?${query}`);
}

async function answerFrom(
  database: Database,
  { config }: Settings,
  name: string | undefined,
  question: Question,
): Promise<unknown> {
  const tenants = config.tenants.filter((tenant) => name === undefined || tenant.name === name || tenant.id === name);
  const answers: unknown[] = [];
  for (const tenant of tenants) {
    const reader = createLedgerReader(database.db, tenant.id);
    if (question.kind === 'verify') {
      const store = createStore(database, tenant.id, { id: randomUUID, salt: freshSalt, wake: () => undefined });
      const parts = { reader, store, seal, tenant: tenant.id, hash: { digest: digestOf } };
      answers.push({ tenant: tenant.name, ...(await auditTenant(parts, question.expect.map(expectedOf))) });
    } else answers.push(...(await tellIncident(reader, seal, question.incident)));
  }
  return answers;
}
