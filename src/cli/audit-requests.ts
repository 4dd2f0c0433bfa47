import { randomUUID } from 'node:crypto';
import { operatorSocket } from '../adapters/http/operator.ts';
import type { Database } from '../adapters/store/database.ts';
import { freshSalt, sha256 } from '../adapters/store/ledger.ts';
import { createStore } from '../adapters/store/store.ts';
import type { Settings } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { requestSegments, type Sealed, type SealedRequests, sealedRequests } from '../flow/record/requests.ts';
import type { Segment } from '../ports/requests.ts';
import { askOperator } from './operator.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/**
 * `clawback audit requests`: what one tenant's Microsoft was asked, segment by segment. Each begins with a line that says what
 * the record holds of it; the lines after it, each with its line break, are what the digest is over. Fails where a segment
 * is not as it was sealed, was never sealed, or is missing.
 */
export async function exportRequests(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  const about = new URLSearchParams({ tenant: tenant.id });
  const storeIn = (database: Database) =>
    createStore(database, tenant.id, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  const book = createBook(shell);
  let last: Segment | null = null;
  const write = (segments: readonly Segment[]) => {
    for (const segment of segments) book.write(segment);
    last = segments.at(-1) ?? last;
    return segments.length > 0;
  };
  const whatIsSealed = async () =>
    onlyOne(
      await fromDatabaseOrRunning<readonly SealedRequests[]>(
        loaded,
        async (database) => [await sealedRequests(storeIn(database))],
        `/audit/sealed-requests?${about}`,
      ),
    );
  await sealedByNow(loaded, about);
  // Before the segments, for what has to be among them, and after them, for what may be: whoever writes at the same time seals
  // segments that belong before what was read already.
  const before = await whatIsSealed();
  for (let more = true; more; ) {
    const after: Segment | null = last;
    const place: Record<string, string> = after === null ? {} : placeOf(after);
    const page = await fromDatabaseOrRunning<readonly (readonly Segment[])[]>(
      loaded,
      async (database) => {
        const next = () => requestSegments(storeIn(database), last);
        for (let read = await next(); ; read = await next()) if (!write(read)) return [read];
      },
      `/audit/requests?${new URLSearchParams({ tenant: tenant.id, ...place })}`,
    );
    more = write(onlyOne(page));
  }
  return book.close(before, await whatIsSealed(), shell);
}

/** A Clawback that runs here seals what it has not sealed yet, where the database is read beside it. */
async function sealedByNow({ config, secrets }: Settings, about: URLSearchParams): Promise<void> {
  if (!secrets.databaseUrl) return;
  // None runs here: what others have asked in the last minute is not in it yet.
  await askOperator(operatorSocket(config.data), `/audit/requests?${about}`).catch(() => undefined);
}

const placeOf = ({ id, from }: Segment) => ({ id, from });

function onlyOne<T>(answers: readonly T[]): T {
  const [answer] = answers;
  if (answer === undefined)
    throw new ClawbackError('unavailable', 'the running Clawback was started without this tenant');
  return answer;
}

/** Writes what is kept, and remembers of it what the record is asked about. */
function createBook({ out }: Pick<Shell, 'out'>) {
  const kept = new Map<string, string>();
  let requests = 0;
  return {
    write({ text, ...head }: Segment): void {
      kept.set(head.id, sha256(text));
      requests += head.requests;
      out(JSON.stringify({ segment: head }));
      for (const line of text.split('\n').slice(0, -1)) out(line);
    },
    close(before: SealedRequests, { sealed, forgottenBefore }: SealedRequests, { err }: Pick<Shell, 'err'>): number {
      const known = new Map(sealed.map((one) => [one.segment, one]));
      const wrong = [
        ...[...kept].flatMap(([id, digest]) => faultOf(id, digest, known.get(id)) ?? []),
        ...before.sealed
          .filter(({ segment, until }) => !kept.has(segment) && until >= forgottenBefore)
          .map(({ segment, entry }) => `segment ${segment} is missing: entry ${entry} of the record tells of it`),
      ];
      for (const line of wrong) err(line);
      if (wrong.length === 0) err(`${requests} requests in ${kept.size} segments, each as it was sealed in the record`);
      return wrong.length === 0 ? 0 : 1;
    },
  };
}

function faultOf(id: string, digest: string, sealed: Sealed | undefined): string | null {
  if (!sealed) return `segment ${id} is in no entry of the record`;
  return sealed.digest === digest ? null : `segment ${id} DIFFERS from what entry ${sealed.entry} of the record sealed`;
}
