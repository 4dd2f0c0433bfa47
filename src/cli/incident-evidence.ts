import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { operatorSocket } from '../adapters/http/operator.ts';
import { ClawbackError } from '../core/error.ts';
import type { TakenEvidence } from '../flow/decide/take-evidence.ts';
import type { KeptEvidence } from '../ports/evidence.ts';
import { askOperator } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** An attacker wrote it: to be read as text or by a mail program, never shown as a page or run. */
const ENDINGS = { headers: '.txt', mime: '.eml' } as const;

/**
 * `clawback incident <id> evidence [--out file.txt] [--mime]`: the running Clawback compares what is kept with its record,
 * and writes down who has it. Into files that only their owner reads; nothing that is there is written over.
 */
export async function exportEvidence(shell: Shell, args: Arguments, incident: string): Promise<number> {
  const base = baseOf(args.out, incident);
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const socket = operatorSocket(loaded.config.data);
  const about = new URLSearchParams({ incident, ...(args.tenant === undefined ? {} : { tenant: args.tenant }) });
  const kept = await askOperator<readonly KeptEvidence[] | null>(socket, `/incident/evidence?${about}`);
  if (!kept) throw new ClawbackError('not-found', `there is no ${incident} here`, { field: 'incident' });
  const wanted = kept.filter(({ kind }) => kind === 'headers' || args.mime);
  if (wanted.length === 0) {
    shell.err(`nothing is kept of the mail of ${incident}: clawback audit show ${incident} tells why`);
    return 1;
  }
  const files = withNames(shell.folder, base, wanted);
  // Before anybody is told to have it.
  for (const { file } of files)
    if (existsSync(file))
      throw new ClawbackError('invalid', `${file} is there already: name another file with --out`, { field: 'out' });
  for (const { kind, digest, file } of files) {
    const query = new URLSearchParams(about);
    query.set('kind', kind);
    query.set('digest', digest);
    query.set('who', `${userInfo().username} at the command line`);
    const taken = await askOperator<TakenEvidence | null>(socket, `/incident/evidence?${query}`, { method: 'POST' });
    if (!taken) throw new ClawbackError('not-found', `it is not kept any more: ${incident}`, { field: 'incident' });
    write(file, Buffer.from(taken.content, 'base64'), taken.digest);
    shell.out(`${file}  SHA-256 ${taken.digest}`);
  }
  if (args.mime && wanted.every(({ kind }) => kind === 'headers'))
    shell.err('no whole message is kept: evidence.mime of the configuration says whether it is');
  return 0;
}

/** Without its ending. */
function baseOf(out: string | undefined, incident: string): string {
  if (out === undefined) return `${incident.replace(/[^\w-]/g, '')}-evidence`;
  const [, base] = /^(.+)\.(?:txt|eml)$/.exec(out) ?? [];
  if (base === undefined)
    throw new ClawbackError(
      'invalid',
      '--out names a file that ends with .txt: the headers go there, messages beside it into .eml',
      {
        field: 'out',
      },
    );
  return base;
}

/** The first of a kind has the name that was given, the others a number. */
function withNames<T extends Pick<KeptEvidence, 'kind'>>(folder: string, base: string, kept: readonly T[]) {
  const counts = { headers: 0, mime: 0 };
  return kept.map((one) => {
    counts[one.kind] += 1;
    const number = counts[one.kind] === 1 ? '' : `-${counts[one.kind]}`;
    return { ...one, file: resolve(folder, `${base}${number}${ENDINGS[one.kind]}`) };
  });
}

/** The file is there whole or not at all, and what is there already is left. */
function write(file: string, bytes: Buffer, digest: string): void {
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new ClawbackError('invalid', 'what came is not what its digest says: nothing was written', {
      field: 'evidence',
    });
  const part = `${file}.part`;
  // Of a run that was cut off.
  rmSync(part, { force: true });
  try {
    const opened = openSync(part, 'wx', 0o600);
    try {
      writeFileSync(opened, bytes);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    linkSync(part, file);
  } catch (cause) {
    throw new ClawbackError('invalid', `${file} cannot be written: nothing of it was, and who took it is on record`, {
      field: 'out',
      cause,
    });
  } finally {
    rmSync(part, { force: true });
  }
}
