import type { Database } from '../adapters/store/database.ts';
import { createLedgerReader, seal } from '../adapters/store/ledger.ts';
import type { Loaded } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { type Verification, verifyLedger } from '../flow/audit.ts';
import { tellIncident } from '../flow/story.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

type Verified = Verification & { readonly tenant: string };

/** `clawback audit verify` and `clawback audit show <incident>`, with Clawback running or stopped. */
export async function audit(shell: Shell, args: Arguments): Promise<number> {
  const [what, incident] = args.words;
  const question = questionOf(what, incident);
  if (!question) {
    shell.err('say what: clawback audit verify, or clawback audit show <incident>');
    return 2;
  }
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  if (question.kind === 'verify') return verify(shell, args, await ask<Verified[]>(loaded, args.tenant, question));
  const lines = await ask<string[]>(loaded, args.tenant, question);
  if (lines.length === 0)
    throw new ClawbackError('not-found', `the ledger holds nothing about ${question.incident}`, { field: 'incident' });
  for (const line of args.json ? [JSON.stringify(lines)] : lines) shell.out(line);
  return 0;
}

function questionOf(what: string | undefined, incident: string | undefined): Question | null {
  if (what === 'verify') return { kind: 'verify' };
  return what === 'show' && incident ? { kind: 'show', incident: incident.toUpperCase() } : null;
}

function verify(shell: Shell, args: Arguments, results: readonly Verified[]): number {
  if (args.json) shell.out(JSON.stringify(results));
  else {
    for (const { tenant, ok, entries, head, fault } of results) {
      shell.out(
        ok
          ? `${tenant}: ${entries} entries, the chain is whole, head ${head.slice(0, 16)}`
          : `${tenant}: BROKEN at entry ${fault?.seq ?? '?'}: ${fault?.problem ?? 'unknown'}`,
      );
    }
  }
  return results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;
}

type Question = { readonly kind: 'verify' } | { readonly kind: 'show'; readonly incident: string };

async function ask<T>(loaded: Loaded, tenant: string | undefined, question: Question): Promise<T> {
  const query = new URLSearchParams({
    ...(tenant === undefined ? {} : { tenant }),
    ...(question.kind === 'show' ? { incident: question.incident } : {}),
  });
  const answer = (database: Database) => answerFrom(database, loaded, tenant, question) as Promise<T>;
  return fromDatabaseOrRunning(loaded, answer, `/audit/${question.kind}?${query}`);
}

async function answerFrom(
  database: Database,
  { config }: Loaded,
  name: string | undefined,
  question: Question,
): Promise<unknown> {
  const tenants = config.tenants.filter((tenant) => name === undefined || tenant.name === name || tenant.id === name);
  const answers: unknown[] = [];
  for (const tenant of tenants) {
    const reader = createLedgerReader(database.db, tenant.id);
    if (question.kind === 'verify')
      answers.push({ tenant: tenant.name, ...(await verifyLedger(reader, tenant.id, seal)) });
    else answers.push(...(await tellIncident(reader, question.incident)));
  }
  return answers;
}
