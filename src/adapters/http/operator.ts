import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendJson, sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

/**
 * What the operator of this machine may ask a running bot, over a Unix socket in the data folder: the embedded
 * database belongs to one process, so the audit commands ask it here. Read-only; the file system says who may.
 */
export interface OperatorAnswers {
  verify(tenant: string | null): Promise<unknown>;
  show(tenant: string | null, incident: string): Promise<readonly string[]>;
  /** The sealed entries as they are stored, for somebody who wants to verify them alone. */
  entries(tenant: string | null, afterSeq: number): Promise<unknown>;
}

export function operatorRoutes(answers: OperatorAnswers): ReadonlyMap<string, Handler> {
  const ask = (url: string | undefined) => new URL(url ?? '/', 'http://operator').searchParams;
  return new Map<string, Handler>([
    [
      'GET /audit/verify',
      async (req, res) => {
        sendJson(res, 200, await answers.verify(ask(req.url).get('tenant')));
        return null;
      },
    ],
    [
      'GET /audit/show',
      async (req, res) => {
        const incident = ask(req.url).get('incident');
        if (incident) {
          sendJson(res, 200, await answers.show(ask(req.url).get('tenant'), incident));
          return null;
        }
        sendProblem(res, { status: 400, type: 'invalid', title: 'Which incident?', detail: 'Give ?incident=…' });
        return 'no incident named';
      },
    ],
    [
      'GET /audit/entries',
      async (req, res) => {
        const after = Number(ask(req.url).get('after') ?? 0);
        sendJson(res, 200, await answers.entries(ask(req.url).get('tenant'), Number.isSafeInteger(after) ? after : 0));
        return null;
      },
    ],
  ]);
}

/** The kernel takes 107 bytes for the path of a Unix socket; Darwin 103. */
const LONGEST_PATH = 100;

/** Where the operator's socket of a data folder is: in it, or, where its path is too long for a socket, beside others. */
export function operatorSocket(dataFolder: string): string {
  const inside = join(dataFolder, 'operator.sock');
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside;
  return join(tmpdir(), `clawback-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}.sock`);
}
