import { constants, existsSync } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { openPaths } from '../adapters/files/privacy.ts';
import { operatorSocket } from '../adapters/http/operator.ts';
import { knock } from '../adapters/http/probe.ts';
import { probeStore } from '../adapters/store/probe.ts';
import type { Loaded } from '../config/load.ts';
import type { HostFacts } from './judge-host.ts';

/** Looks at this machine: folder, disk, database, and whether a Clawback runs. Changes nothing. */
export async function lookAtHost({ config, secrets }: Loaded): Promise<HostFacts> {
  const path = config.data;
  const { databaseUrl } = secrets;
  const [problem, freeBytes, store, operator, endpoint] = await Promise.all([
    folderProblem(path),
    freeBytesAt(path),
    probeStore(databaseUrl ? { kind: 'server', url: databaseUrl } : { kind: 'embedded', folder: path }),
    knock({ socketPath: operatorSocket(path) }, '/'),
    knockOwn(config.listen),
  ]);
  return {
    folder: { problem, path, exists: existsSync(path), open: openPaths(path, 1)[0] ?? null },
    freeBytes,
    store,
    operator: operator !== null,
    endpoint,
  };
}

/** The folder itself, or the nearest one above it that exists. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

async function folderProblem(path: string): Promise<string | null> {
  const there = nearest(path);
  try {
    if (!(await stat(there)).isDirectory()) return `${there} is not a folder`;
    await access(there, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return `no right to write in ${there}`;
  }
}

async function freeBytesAt(path: string): Promise<number | null> {
  return statfs(nearest(path)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
}

const Healthy = z.object({ status: z.literal('ok') });
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);

async function knockOwn({ host, port }: { readonly host: string; readonly port: number }) {
  const at = { host: EVERYWHERE.has(host) ? '127.0.0.1' : host, port };
  const url = `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`;
  // Port 0 is any free one: nobody can know which.
  const answer = port === 0 ? null : await knock(at, '/healthz');
  const healthy = answer?.status === 200 && Healthy.safeParse(json(answer.body)).success;
  return { url, status: answer?.status ?? null, healthy };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
